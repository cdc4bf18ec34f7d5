"""How many have arrived of how many, as a scan tells it: counted anew each time, but not to a hundred thousand."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Integer, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.engine import Connection, Engine

from organizer.checkin.models import CheckIn
from organizer.domain.lifecycle import RegistrationState
from organizer.events.models import Event
from organizer.registrations.models import Registration

ENOUGH: Final = 512
"""More than any event of ours seats. Up to here each scan counts; above, a number may be SECONDS old."""

SECONDS: Final = 1.0

EVENT_ID: Final = bindparam("event_id", type_=Integer())


@dataclass(slots=True)
class _Known:
    until: float
    arrived: int
    expected: int


_known: WeakKeyDictionary[Engine, dict[int, _Known]] = WeakKeyDictionary()


def arrived(at_most: int | None = None) -> ScalarSelect[int]:
    """How many have arrived at the event of the statement around it; with `at_most`, no more are looked at."""
    come = select(CheckIn.id).where(CheckIn.event_id == Event.id, CheckIn.voided_at.is_(None))
    return _number(come.limit(at_most))


def expected(at_most: int | None = None) -> ScalarSelect[int]:
    """How many are admitted to the event of the statement around it; with `at_most`, no more are looked at."""
    admitted = Registration.event_id == Event.id, Registration.state == RegistrationState.ADMITTED
    return _number(select(Registration.id).where(*admitted).limit(at_most))


def _number(rows: Select[Any]) -> ScalarSelect[int]:
    # By the event's row and not by its id: so PostgreSQL reckons the same whichever event it is, and keeps its plan.
    return select(func.count()).select_from(rows.correlate(Event).subquery()).scalar_subquery()


_BOTH: Final = select(arrived().label("arrived"), expected().label("expected")).where(Event.id == EVENT_ID)


def exactly(connection: Connection, event_id: int) -> tuple[int, int]:
    """How many have arrived at an event, of how many."""
    come, admitted = connection.execute(_BOTH, {"event_id": event_id}).one()
    return come, admitted


def told(
    connection: Connection,
    event_id: int,
    seen: tuple[int, int],
    clock: Callable[[], float] = time.monotonic,
) -> tuple[int, int]:
    """How many have arrived, of how many, where a scan has `seen` up to ENOUGH of each."""
    come, admitted = seen
    if come < ENOUGH and admitted < ENOUGH:
        return come, admitted
    kept = _known.setdefault(connection.engine, {})
    known = kept.get(event_id)
    if known is None or known.until < clock():
        known = kept[event_id] = _Known(clock() + SECONDS, *exactly(connection, event_id))
    return known.arrived if come == ENOUGH else come, known.expected if admitted == ENOUGH else admitted
