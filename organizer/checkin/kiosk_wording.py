"""What the tablet says to whoever stands before it: a first name, and never more of a name."""

from typing import TypedDict

from flask_babel import gettext as _
from flask_babel import pgettext

from organizer.checkin.scanning import Answer, door_hours
from organizer.checkin.self_wording import refused_words
from organizer.domain.ticketing import ScanResult
from organizer.events.models import Event
from organizer.i18n import clock_time, yen
from organizer.workflows.arriving import Arrival


class Said(TypedDict):
    """`kind` is the colour: ok, again, stop, or ask for a question; `lines` stand beneath the name."""

    kind: str
    word: str
    name: str
    lines: list[str]


def called(first_name: str) -> str:
    """How somebody is addressed."""
    return pgettext("to address somebody", "%(name)s", name=first_name) if first_name else ""


def said(event: Event, answer: Answer, first_name: str, arrived: Arrival | None) -> Said:
    """The door's answer."""
    opens_at, _closes_at = door_hours(event.starts_at, event.ends_at, event.doors_open_at)
    if answer.result is ScanResult.REFUSED:
        refused = refused_words(answer, opens_at, event.circle.time_zone)
        return Said(kind="stop", word=refused.word, name=called(first_name), lines=[refused.hint])
    word = _("Welcome") if answer.result is ScanResult.ADMITTED else _("You are checked in already")
    kind = "ok" if answer.result is ScanResult.ADMITTED else "again"
    return Said(kind=kind, word=word, name=called(first_name), lines=_lines(event, answer, arrived))


def ask(first_name: str) -> Said:
    """Whether the number typed is the person's own."""
    return Said(kind="ask", word=_("Is this you?"), name=called(first_name), lines=[])


def unknown_number() -> Said:
    """No ticket has this number."""
    hint = _("It has four digits, and stands large on the ticket. Or please ask at the desk.")
    return Said(kind="stop", word=_("No ticket has this number"), name="", lines=[hint])


def _lines(event: Event, answer: Answer, arrived: Arrival | None) -> list[str]:
    lines = []
    if arrived is not None and arrived.table is not None:
        lines.append(_("Your table is number %(number)s.", number=arrived.table))
    if arrived is not None and arrived.fee_due:
        lines.append(_("Please pay the fee of %(yen)s at the desk.", yen=yen(arrived.fee_due)))
    if answer.result is ScanResult.ALREADY and answer.first_at is not None:
        lines.append(_("Since %(time)s.", time=clock_time(answer.first_at, event.circle.time_zone)))
    return lines
