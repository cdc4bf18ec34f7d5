"""The words a page shows for how a circle brings people together. Japanese: translations/ja/approach.po."""

from enum import StrEnum
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from organizer.domain.approach import Step
from organizer.domain.concerns import Concern
from organizer.domain.illustration import Figure
from organizer.domain.weights import Aspect

APPROACH_LABELS: Final[dict[type[StrEnum], dict[StrEnum, LazyString]]] = {
    Step: {
        Step.OFF: _l("Not at all"),
        Step.A_LITTLE: _l("A little"),
        Step.NORMAL: _l("As usual"),
        Step.A_LOT: _l("A lot"),
    },
    Concern: {
        Concern.MAKING: _l("Making and delivering"),
        Concern.SELLING: _l("Selling"),
        Concern.BEING_KNOWN: _l("Becoming known"),
        Concern.PEOPLE: _l("People and the team"),
        Concern.MONEY: _l("Money"),
        Concern.DIGITAL: _l("IT and digital work"),
        Concern.SUCCESSION: _l("Handing over"),
        Concern.DIRECTION: _l("Where to go from here"),
    },
    Aspect: {
        Aspect.WISH: _l("Whom one wants to meet"),
        Aspect.SERVE: _l("Whom one can serve best"),
        Aspect.GIVE: _l("Gives that meet challenges"),
        Aspect.TODAY: _l("Help with today’s problem"),
        Aspect.INTRODUCER: _l("Introduces people"),
        Aspect.VALUES: _l("Share a value"),
        Aspect.PHASE: _l("Share a challenge"),
        Aspect.SIZE: _l("Companies of the same size"),
        Aspect.AREA: _l("A region nearby"),
        Aspect.SAME_TRADE: _l("The same trade"),
        Aspect.TRADE: _l("Another trade"),
        Aspect.FUNCTION: _l("Know about different things"),
        Aspect.GENERATION: _l("Companies of different generations"),
        Aspect.LEVEL: _l("Different positions"),
        Aspect.RHYTHM: _l("Meetings so far"),
        Aspect.INTENT: _l("Reasons for coming"),
    },
    Figure: {
        Figure.WINNER: _l("The president of another maker, who has solved this problem"),
        Figure.SOLVER: _l("The president of an IT company, who has solved this problem"),
        Figure.FELLOW: _l("The president of a restaurant chain of the same size, with the same problem"),
        Figure.OPENER: _l("A bank manager who introduces people to each other"),
        Figure.HEIR: _l("The successor of an old builder, with the same values"),
        Figure.SELLER: _l("Somebody who comes to sell a solution for this problem"),
    },
}

ASPECT_HINTS: Final[dict[Aspect, LazyString]] = {
    Aspect.WISH: _l("The other is the kind of person that one has written one would like to meet."),
    Aspect.SERVE: _l("The other is the kind of person that one can do most for: perhaps a customer one day."),
    Aspect.GIVE: _l("What one of them can give meets what the other struggles with."),
    Aspect.TODAY: _l("The other can help with what one came for today, or at least knows the field."),
    Aspect.INTRODUCER: _l("The other offers to open doors."),
    Aspect.VALUES: _l("Both hold the same dear."),
    Aspect.PHASE: _l("Companions who face the same now."),
    Aspect.SIZE: _l("As many employees, and so worries of the same order."),
    Aspect.AREA: _l("The same prefecture, or one of the same part of the country."),
    Aspect.SAME_TRADE: _l("Competitors and people of the same trade can be partners, too."),
    Aspect.TRADE: _l("A view from outside one’s own trade."),
    Aspect.FUNCTION: _l("What one of them knows well is new to the other."),
    Aspect.GENERATION: _l("Founded decades apart; or one has taken over and the other has not."),
    Aspect.LEVEL: _l("Another role in the company, another say in its decisions."),
    Aspect.RHYTHM: _l(
        "Who wants to go on goes on; a tie that has begun grows; new faces come before those met in vain."
    ),
    Aspect.INTENT: _l("Come for the same. Who comes to sell counts against those who look for nothing."),
}
"""What each aspect looks at, in one sentence."""
