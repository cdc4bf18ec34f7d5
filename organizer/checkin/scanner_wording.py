"""The words of the scanner that goes on without a network. Japanese: translations/ja/scanner.po."""

from flask_babel import gettext as _

from organizer.domain.ticketing import Flag
from organizer.web.labels import label


def scanner_words() -> dict[str, object]:
    """Every sentence of the network, the modes, the last scans and the notes; `{…}` in it is filled by the script."""
    return _network() | _modes() | _device() | {"rejected": _rejected(), "conflicts": _conflicts()}


def _network() -> dict[str, object]:
    return {
        "slow": _("Slow connection"),
        "goesOn": _("you can go on"),
        "listOf": _("list of {time}"),
        "dash": _(" – "),
        "comma": _(", "),
        "bracket": _(" ({facts})"),
        "notSent": _("not sent yet"),
        "onlineOnly": _(
            "This browser keeps nothing, so the door works here only while there is a connection."
        ),
        "full": _("This phone has no room left. Please keep this page open until everything has been sent."),
        "unsentElsewhere": _(
            "{n} scans of another event have not been sent yet. Open its door to send them."
        ),
        "searchNeedsNet": _("Searching by name needs the connection here. Tickets can be scanned without."),
        "tooShort": _("Please type one kanji, or two other characters."),
        "undoNeedsNet": _(
            "Taking an earlier check-in back needs the connection. Please try again in a while."
        ),
        "unlistedTitle": _("Not on this phone's list"),
        "unlisted": _(
            "This phone's list is of {time}. The ticket will be looked up once connected; "
            "until then please ask the host."
        ),
        "nameless": _("The name can be shown once connected."),
        "nameUnknown": _("(name not known)"),
    }


def _modes() -> dict[str, object]:
    return {
        "next": _("Next person"),
        "askTitle": _("Is this the person?"),
        "askBlindTitle": _("Check in with this ticket?"),
        "askBlind": _("This phone has no list, so the name is shown once you tap."),
        "notNow": _("Not now"),
        "undoSure": _("Tap again to take back"),
        "takeBack": _("Take back"),
        "takenBack": _("taken back"),
        "feeBefore": _("Fee of {yen} yen paid beforehand"),
        "table": _("Table {number}"),
        "more": _("and {n} more"),
    }


def _rejected() -> dict[str, str]:
    """What the server did not take, by its kind."""
    return {
        "scan": _("The scan of {time} could not be read by the server, and is kept here for you to see."),
        "undo": _("The taking back of {time} did not reach the check-in. Please look at the door list."),
        "fee": _("The fee noted at {time} could not be written down. Please look at the door list."),
    }


def _device() -> dict[str, object]:
    return {
        "endedTitle": _("This phone's part at the door has ended"),
        "ended": _(
            "The list on this phone has been deleted. To go on, sign in again or ask the host for a new link."
        ),
        "keptUnsent": _(
            "{n} scans not sent yet stay sealed on this phone. They are sent as soon as this door is opened here again."
        ),
    }


def _conflicts() -> dict[str, str]:
    """An entry that a host should look at, by its kind; `{here}` and `{first}` are times with their doors."""
    double = _("{name}: let in twice with one ticket ({first} and {here})")
    flags = {flag.value: _("{name}: %(flag)s ({here})", flag=str(label(flag))) for flag in Flag}
    clock = _("This phone's clock is off. The times of its scans have been corrected.")
    return flags | {
        "clock": clock,
        "double_entry": double,
        "other": _("{name}: please look at this entry ({here})"),
    }
