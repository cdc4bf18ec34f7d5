"""The log of scans in words: on the page, and as a table for a file."""

from flask_babel import gettext as _

from organizer.checkin.answers import DOUBLE_ENTRY
from organizer.checkin.conflicts import UNKNOWN, Conflict
from organizer.checkin.log import Line
from organizer.domain.door import DeviceKind
from organizer.domain.ticketing import Flag, ScanResult
from organizer.events.models import Event
from organizer.registrations.export import instant
from organizer.web.labels import label


def outcome(line: Line) -> tuple[str, str]:
    """What came of a scan in a few words, and its colour."""
    if line.annulled_at is not None:
        return _("annulled"), ""
    if line.result is ScanResult.REFUSED:
        return _("turned away"), "red"
    if line.result is ScanResult.ALREADY:
        return _("was in already"), "amber"
    return _("let in"), "ok"


def trouble(conflict: Conflict) -> tuple[str, str]:
    """What contradicts itself, and what to do about it."""
    if conflict.kind == DOUBLE_ENTRY:
        return _("Two doors let the same ticket in"), _(
            "If it was one person twice, annul one of the two. If two people came, please find out who the other is."
        )
    if conflict.kind == UNKNOWN:
        return _("Let in on a code that is none of this event's tickets"), _(
            "Somebody is inside who is not on the list. If it was a slip, annul it; else take them in as a walk-in."
        )
    words = str(label(Flag(conflict.kind)))
    if conflict.kind == Flag.CANCELLED:
        return words, _("The registration stays cancelled. If it was a mistake at the door, annul the entry.")
    return words, _("The entry counts as it was reported. If it was a mistake, annul it.")


def device_words(name: str, kind: DeviceKind | None) -> str:
    """A device by its name, else by what it is."""
    return name or (str(label(kind)) if kind else "")


def table_headings() -> list[str]:
    """The first row of the file."""
    return [
        _("Time on the phone"),
        _("Time at the server"),
        _("Name"),
        _("Reading"),
        _("Company"),
        _("Result"),
        _("Reason"),
        _("How"),
        _("Entrance"),
        _("Device"),
        _("By"),
        _("Offline"),
        _("To look at"),
        _("Annulled at"),
        _("Annulled by"),
    ]


def table_row(line: Line, event: Event) -> list[str]:
    """One scan of the file."""
    zone, yes = event.circle.time_zone, _("yes")
    return [
        instant(line.at, zone),
        instant(line.received_at, zone),
        line.name,
        line.reading,
        line.company,
        str(label(line.result)) if line.result else "",
        str(label(line.reason)) if line.reason else "",
        str(label(line.method)),
        line.door,
        device_words(line.device, line.device_kind),
        line.by,
        yes if line.offline else "",
        str(label(line.flagged)) if line.flagged else "",
        instant(line.annulled_at, zone),
        line.annulled_by,
    ]
