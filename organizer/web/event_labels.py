"""The words a page shows for what an event lacks, and for its limits. Japanese: translations/ja/events.po."""

from enum import StrEnum
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from organizer.events.inviting import InvitingLimit
from organizer.events.readiness import Gap
from organizer.events.targeting import Limit

EVENT_LABELS: Final[dict[type[StrEnum], dict[StrEnum, LazyString]]] = {
    Gap: {
        Gap.NO_PLACE: _l("The place is missing."),
        Gap.NO_LINK: _l("The link for taking part is missing."),
        Gap.STARTS_IN_PAST: _l("The day has passed. Please choose another."),
        Gap.DEADLINE_PASSED: _l("The deadline for applications has passed. Please choose a later one."),
        Gap.NO_DESCRIPTION: _l("A few sentences on what it is about help people to decide."),
        Gap.NO_TARGETS: _l("Say whom you want, and the right people feel spoken to."),
        Gap.NOBODY_INVITED: _l("Nobody is invited yet. Write down who may apply."),
        Gap.NO_SENDER: _l("The circle does not say yet who sends its mails. Invitations need that."),
    },
    Limit: {
        Limit.TOO_MANY_TARGETS: _l("Thirty kinds of people are as many as an event can hold."),
    },
    InvitingLimit: {
        InvitingLimit.NO_SENDER: _l(
            "Before invitations leave, the circle must say who sends them, and from where."
        ),
        InvitingLimit.TOO_MANY_INVITED: _l("Five hundred addresses are as many as an event can hold."),
    },
}
