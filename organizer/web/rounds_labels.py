"""The words a page shows for plans, rounds, and what stands in their way. Japanese: translations/ja/rounds.po."""

from enum import StrEnum
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from organizer.domain.picture import Caution, Served
from organizer.domain.rounds import PlanState, RoundBarrier, RoundState, RoundStep
from organizer.rounds.solving import Trouble

ROUNDS_LABELS: Final[dict[type[StrEnum], dict[StrEnum, LazyString]]] = {
    PlanState: {
        PlanState.WANTED: _l("Waiting for its turn"),
        PlanState.SOLVING: _l("Being made"),
        PlanState.DRAFT: _l("Draft"),
        PlanState.PUBLISHED: _l("Published"),
        PlanState.SUPERSEDED: _l("Replaced"),
        PlanState.FAILED: _l("Not found"),
    },
    RoundState: {
        RoundState.PLANNED: _l("To begin"),
        RoundState.RUNNING: _l("Under way"),
        RoundState.PAUSED: _l("Paused"),
        RoundState.ENDED: _l("Ended"),
    },
    RoundStep: {
        RoundStep.START: _l("Start"),
        RoundStep.PAUSE: _l("Pause"),
        RoundStep.RESUME: _l("Go on"),
        RoundStep.ADD_MINUTE: _l("One more minute"),
        RoundStep.END: _l("End the round"),
        RoundStep.TAKE_BACK: _l("Started by mistake"),
    },
    RoundBarrier: {
        RoundBarrier.NOT_PUBLISHED: _l("The tables have not been published yet."),
        RoundBarrier.NOT_NEXT: _l("The rounds begin one after the other; this is not the next one."),
        RoundBarrier.NOT_BEGUN: _l("This round has not begun yet."),
        RoundBarrier.ROUND_OVER: _l("This round has ended already. Nothing was changed."),
        RoundBarrier.TOO_LATE_TO_TAKE_BACK: _l(
            "Two minutes have passed, so the round can no longer be put back. You can end it instead."
        ),
        RoundBarrier.ROUNDS_BEGUN: _l("The first round has begun, so what is published stays."),
        RoundBarrier.NO_DRAFT: _l("There is no draft any more. Perhaps a colleague has put it away."),
        RoundBarrier.CHANGED_MEANWHILE: _l(
            "The tables have changed since you opened the page. Nothing was changed by you; please look again."
        ),
        RoundBarrier.UNLAWFUL: _l(
            "Some people who may not share a table would sit together, or a fixed seat would be lost. "
            "Nothing was changed; please make the tables once more."
        ),
        RoundBarrier.TOO_FEW: _l("Tables can be made as soon as two people have been checked in."),
        RoundBarrier.ALL_ROUNDS_BEGUN: _l("Every round has begun, so there are no seats left to change."),
        RoundBarrier.EVENT_CLOSED: _l("This event is not taking place now, so its tables stay as they are."),
    },
    Caution: {
        Caution.REPEATS_CERTAIN: _l("So few people in so many rounds cannot but share a table twice"),
        Caution.REPEATS: _l("Some share a table twice"),
        Caution.COLLEAGUES: _l(
            "Colleagues share a table: with so many from one company, they cannot all sit apart"
        ),
        Caution.POORLY_SERVED: _l("These tables serve some people less well than the others"),
        Caution.NOT_INTRODUCED: _l("Not every newcomer could be seated beside a regular in the first round"),
        Caution.SMALL_TABLE: _l("Two people sit at a table alone"),
        Caution.NOT_LAWFUL: _l(
            "Something has changed since: these tables break a rule now. Please make them anew"
        ),
    },
    Served: {
        Served.WELL: _l("well"),
        Served.FAIRLY: _l("fairly"),
        Served.POORLY: _l("less well"),
    },
    Trouble: {
        Trouble.NO_LAWFUL_PLAN: _l(
            "No tables were found that keep every rule. Larger tables, or fewer fixed seats, may help."
        ),
        Trouble.TOO_FEW: _l("Too few people are there to make tables for."),
        Trouble.SOLVER_DIED: _l("The calculation stopped again and again. Please try it once more."),
    },
}
