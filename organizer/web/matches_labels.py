"""The words a page shows for what stands in the way of a closing, of matches, and of exchanging contact data."""

from enum import StrEnum
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from organizer.matches.closing import ClosingBarrier
from organizer.matches.review import ReviewBarrier

MATCHES_LABELS: Final[dict[type[StrEnum], dict[StrEnum, LazyString]]] = {
    ClosingBarrier: {
        ClosingBarrier.EVENT_CANCELLED: _l("This event has been cancelled."),
        ClosingBarrier.NOT_OPEN_YET: _l("This opens a quarter of an hour before the end of the event."),
        ClosingBarrier.NOT_PRESENT: _l(
            "There is no check-in for you at this event. If you were there, please ask the host."
        ),
        ClosingBarrier.TOO_LATE: _l("Two weeks have passed, so this can be read but no longer changed."),
    },
    ReviewBarrier: {
        ReviewBarrier.NOT_HELD: _l("These matches have gone out already. Nothing was changed."),
    },
}
