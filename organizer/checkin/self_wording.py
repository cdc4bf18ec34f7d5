"""What people read who check themselves in, on their own phone and on the tablet: why it is not possible now."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from organizer.checkin.scanning import Answer
from organizer.domain.ticketing import Decision, RefusalReason, ScanResult
from organizer.i18n import clock_time, day


@dataclass(frozen=True, slots=True)
class Words:
    """`kind` is the colour: ok, again or stop; `word` in two or three words, `hint` what to do then."""

    kind: str
    word: str
    hint: str


def refused_words(decision: Decision | Answer, opens_at: datetime, zone: str) -> Words:
    """What to say to somebody who is not taken in, or who is in already."""
    if decision.result is ScanResult.ALREADY:
        at = clock_time(decision.first_at, zone) if decision.first_at else ""
        return Words("again", _("You are checked in already"), _("Since %(time)s. Please come in.", time=at))
    reason = decision.reason or RefusalReason.MALFORMED
    time = f"{day(opens_at, zone)} {clock_time(opens_at, zone)}"
    return Words("stop", _titles()[reason], _hints(time)[reason])


def tablet_words() -> dict[str, str]:
    """What the tablet's script says."""
    return {
        "gone": _("No connection. Please ask at the desk; you will be taken in there."),
        "changes": _("A new code in {n} seconds"),
    }


def kiosk_words() -> dict[str, object]:
    """What the kiosk's script says."""
    return tablet_words() | {
        "aim": _("Hold the QR code of your ticket before the camera"),
        "starting": _("The camera is starting …"),
        "noCamera": _("There is no camera here. Please type the number of your ticket."),
        "checking": _("Checking …"),
        "offline": _("No connection"),
        "askDesk": _("Please ask at the desk; you will be taken in there."),
        "again": _("Once more, please"),
        "tooMany": _("That was a little often. Please ask at the desk."),
    }


def _titles() -> dict[RefusalReason, str]:
    return {
        RefusalReason.MALFORMED: _("Once more, please"),
        RefusalReason.UNKNOWN_CODE: _("This is not one of our tickets"),
        RefusalReason.OTHER_EVENT: _("This is a ticket for another event"),
        RefusalReason.EVENT_CANCELLED: _("This event has been cancelled"),
        RefusalReason.CANCELLED: _("This registration has been cancelled"),
        RefusalReason.NOT_ADMITTED: _("Your place is not confirmed yet"),
        RefusalReason.REVOKED: _("There is a newer ticket"),
        RefusalReason.NOT_YET_OPEN: _("A little too early"),
        RefusalReason.EVENT_OVER: _("This event is over"),
    }


def _hints(time: str) -> dict[RefusalReason, str]:
    desk = _("Please ask at the desk. They will gladly look into it with you.")
    return {
        RefusalReason.MALFORMED: _("Please hold it a little closer, or type the number of your ticket."),
        RefusalReason.UNKNOWN_CODE: desk,
        RefusalReason.OTHER_EVENT: _("Please look at the date on it, or ask at the desk."),
        RefusalReason.EVENT_CANCELLED: _("We are sorry. You will find more in the mail we sent you."),
        RefusalReason.CANCELLED: desk,
        RefusalReason.NOT_ADMITTED: desk,
        RefusalReason.REVOKED: _("Please open the newest mail with your ticket, or ask at the desk."),
        RefusalReason.NOT_YET_OPEN: _("Check-in opens on %(time)s. Please come back then.", time=time),
        RefusalReason.EVENT_OVER: _("If you came late, please ask at the desk."),
    }
