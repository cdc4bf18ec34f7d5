"""What the worker does for an evening: it has wanted plans solved, and ends rounds that everybody forgot."""

import logging
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from organizer.db import Database
from organizer.domain.gathering import Gathering
from organizer.errors import NotFound, Refused
from organizer.events.models import Event
from organizer.jobs import process
from organizer.jobs.models import Task
from organizer.jobs.tasks import does, lane
from organizer.rounds import solving
from organizer.rounds.planning import FEWEST
from organizer.rounds.solving import Solved, Trouble
from organizer.workflows import rounds

log = logging.getLogger(__name__)
SOLVER: Final = "organizer.running.solve"
SECONDS: Final = 0.9
"""Of search for a new evening of ROOMY people or fewer; larger rooms get more in proportion."""
SECONDS_ANEW: Final = 0.4
"""Of search where only the coming rounds of a published evening change: the host waits before the guests."""
ROOMY: Final = 60
LONGEST: Final = 3.0
EVERY: Final = 2.0
"""Seconds of silence after which a claim is renewed."""
MOST: Final = 60.0
"""Seconds after which a solver is given up."""

Clock = Callable[[], datetime]


@lane
def seat(database: Database, now: Clock, name: str) -> bool:
    """Solve the plan that has waited longest, if any; gives whether there was one."""
    with database.transaction(writes=False) as session:
        if solving.due(session, now()) is None:
            return False
    with database.transaction() as session:
        plan = solving.claim(session, name, now())
    if plan is None:
        return True
    with database.transaction(writes=False) as session:
        gathering = rounds.gather(session, plan)
    if gathering.expected < FEWEST:
        with database.transaction() as session:
            solving.give_up(session, plan.id, name, Trouble.TOO_FEW, {"people": gathering.expected})
        return True
    question = {"gathering": gathering.to_data(), "seconds": _seconds(gathering), "seed": plan.seed}
    try:
        _solve(database, now, name, plan.id, question)
    except process.Died as death:
        log.warning("solver of plan %s: %s", plan.id, death)
        with database.transaction() as session:
            solving.let_go(session, plan.id, name)
    return True


def _seconds(gathering: Gathering) -> float:
    """How long a solver may search."""
    usual = SECONDS_ANEW if gathering.published else SECONDS
    return min(LONGEST, usual * max(1, gathering.expected / ROOMY))


def _solve(database: Database, now: Clock, name: str, plan_id: int, question: dict[str, Any]) -> None:
    """Ask a solver, and write down what it says; it is sent away when nobody waits for it any more."""
    with closing(process.ask(SOLVER, question, last="bound", every=EVERY, most=MOST)) as said:
        for line in said:
            with database.transaction() as session:
                if not _write_down(session, plan_id, name, line, now()):
                    return


def _write_down(session: Session, plan_id: int, name: str, line: dict[str, Any], now: datetime) -> bool:
    """Keep one line of a solver; gives whether the next one is of any use."""
    if "answer" in line:
        return solving.settle(session, plan_id, name, solved(line["answer"]), now)
    if "failed" in line:
        solving.give_up(session, plan_id, name, Trouble.NO_LAWFUL_PLAN, line["failed"])
        return False
    if "bound" in line:
        solving.note_bound(session, plan_id, name, line["bound"])
        return False
    return solving.alive(session, plan_id, name, line.get("better"), now)


def solved(answer: dict[str, Any]) -> Solved:
    """What the solver's `answer` says."""
    return Solved(
        seats=[(round_, table, person) for round_, table, person in answer["seats"]],
        room=answer["room"],
        weights=answer["weights"],
        work=answer["work"],
        score=answer["score"],
        worst=answer["worst"],
        relaxed=answer["relaxed"],
        facts={"introduced": answer["introduced"]},
    )


@does("round_over")
def end_forgotten(session: Session, task: Task, now: datetime) -> bool:
    """End a round that nobody has ended, so that those who sat together have met."""
    event = session.get(Event, task.subject_id)
    if event is None:
        return False
    try:
        return rounds.end(session, event, int(task.period), by=None, now=now)
    except (Refused, NotFound):
        return False
