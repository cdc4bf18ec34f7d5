"""The words the door's scripts put on the screen, in the reader's language."""

from flask_babel import gettext as _

from organizer.checkin.scanner_wording import scanner_words
from organizer.checkin.scanning import Answer
from organizer.domain.ticketing import RefusalReason, ScanResult
from organizer.i18n import clock_time
from organizer.web.labels import label


def words() -> dict[str, object]:
    """Every sentence of the scanner; `{…}` in it is filled by the script."""
    return (
        {
            "results": {result.value: str(label(result)) for result in ScanResult},
            "hints": {reason.value: hint for reason, hint in _hints().items()},
            "titles": {reason.value: title for reason, title in _titles().items()},
            "first": _("Checked in at {time}"),
            "firstAtDoor": _("Checked in at {time}, {door}"),
            "firstTime": _("First time"),
            "introducedBy": _("Introduced by {name}"),
            "feeDue": _("Fee to take: {yen} yen"),
            "feeTaken": _("Fee of {yen} yen taken"),
            "undone": _("The check-in of {name} has been taken back"),
            "notUndone": _("There was no check-in to take back"),
        }
        | _states()
        | scanner_words()
    )


def said(answer: Answer, zone: str) -> str:
    """What the door says, in one sentence, for pages without script."""
    name = answer.card.name if answer.card else ""
    if answer.reason is not None:
        return str(label(answer.reason))
    if answer.result is ScanResult.ADMITTED or answer.first_at is None:
        return str(_("%(name)s is checked in.", name=name))
    facts = {"name": name, "time": clock_time(answer.first_at, zone), "door": answer.first_door}
    if answer.first_door:
        return str(_("%(name)s was checked in before, at %(time)s, %(door)s.", **facts))
    return str(_("%(name)s was checked in before, at %(time)s.", **facts))


def _titles() -> dict[RefusalReason, str]:
    """The refusals in two or three words, to be read from an arm's length."""
    return {
        RefusalReason.MALFORMED: _("Once more, please"),
        RefusalReason.UNKNOWN_CODE: _("Not one of our tickets"),
        RefusalReason.OTHER_EVENT: _("A ticket for another event"),
        RefusalReason.EVENT_CANCELLED: _("Event cancelled"),
        RefusalReason.CANCELLED: _("Registration cancelled"),
        RefusalReason.NOT_ADMITTED: _("No place confirmed yet"),
        RefusalReason.REVOKED: _("An old ticket"),
        RefusalReason.NOT_YET_OPEN: _("Not open yet"),
        RefusalReason.EVENT_OVER: _("Check-in is over"),
    }


def _hints() -> dict[RefusalReason, str]:
    """What to do then, in a sentence; `{time}` is when the door opens."""
    return {
        RefusalReason.MALFORMED: _("Please scan it a little closer, or search by name."),
        RefusalReason.UNKNOWN_CODE: _(
            "It may be another QR code. Please ask for the ticket, or search by name."
        ),
        RefusalReason.OTHER_EVENT: _("Please look at the date on it together, or search by name."),
        RefusalReason.EVENT_CANCELLED: _("This event does not take place. Please ask the host."),
        RefusalReason.CANCELLED: _("If the person has come all the same, please ask the host."),
        RefusalReason.NOT_ADMITTED: _("Please ask the host, who can decide now."),
        RefusalReason.REVOKED: _("A newer ticket was sent. Please open the latest mail, or search by name."),
        RefusalReason.NOT_YET_OPEN: _("The door opens at {time}. Please wait a little."),
        RefusalReason.EVENT_OVER: _("If somebody comes late, please ask the host."),
    }


def _states() -> dict[str, object]:
    return {
        "online": _("Connected"),
        "offline": _("No connection"),
        "unsent": _("{n} not sent yet"),
        "aim": _("Hold the QR code into the frame"),
        "checking": _("Checking …"),
        "waitingTitle": _("Waiting for the connection"),
        "waiting": _("This scan is kept and sent again by itself. You can go on with the next person."),
        "starting": _("The camera is starting …"),
        "refusedCamera": _(
            "The browser may not use the camera. Allow it in the browser's settings, or search by name below."
        ),
        "noCamera": _(
            "No camera was found here. You can search by name below, or choose a photo of the QR code."
        ),
        "insecure": _("The camera needs an address that begins with https. Search by name works here too."),
        "busyCamera": _("Another app is using the camera. Close it, and press the button once more."),
        "noCode": _("No QR code was found in this photo. Please take it once more, closer."),
        "nobody": _("Nobody by that name is expected here."),
        "signInAgain": _("You have been signed out. Sign in once more, then go on here."),
        "signInTitle": _("Please sign in again"),
        "staleTitle": _("Please open this page once more"),
        "stale": _("It has been open for a long time. Nothing was changed."),
        "trouble": _("The answer could not be read. Please scan once more."),
        "troubleTitle": _("Once more, please"),
        "in": _("arrived {time}"),
        "checkIn": _("Check in"),
    }


def trial_words() -> dict[str, str]:
    """Every sentence of the page that tries the phone."""
    return {
        "safe": _("This address is safe (https), so the camera may be used."),
        "unsafe": _("This address does not begin with https. Phones give no camera to such pages."),
        "camera": _("The camera works."),
        "sound": _("Did you hear three sounds? If not, turn up the volume and look at the silent switch."),
        "aim": _("Now hold the QR code on the other screen into the frame."),
        "read": _("The QR code was read. This phone is ready."),
        "readOther": _("A QR code was read, though not the one of this page. This phone is ready."),
    } | {name: str(text) for name, text in _states().items()}
