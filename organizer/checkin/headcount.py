"""How many have arrived of how many, as a scan tells it: counted anew each time, but not to a hundred thousand."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Integer, ScalarSelect, bindparam, func, select
from sqlalchemy.engine import Connection, Engine

from organizer.checkin.models import CheckIn
from organizer.domain.lifecycle import RegistrationState
from organizer.registrations.models import Registration

ENOUGH: Final = 512
"""More than any event of ours seats. Up to here each scan counts; above, a number may be SECONDS old."""

SECONDS: Final = 1.0

EVENT_ID: Final = bindparam("event_id", type_=Integer())
_COME: Final = select(CheckIn.id).where(CheckIn.event_id == EVENT_ID, CheckIn.voided_at.is_(None))
_ADMITTED: Final = select(Registration.id).where(
    Registration.event_id == EVENT_ID, Registration.state == RegistrationState.ADMITTED
)


@dataclass(slots=True)
class _Known:
    until: float
    arrived: int
    expected: int


_known: WeakKeyDictionary[Engine, dict[int, _Known]] = WeakKeyDictionary()


def arrived(at_most: int | None = None) -> ScalarSelect[int]:
    """How many have arrived at the event of `event_id`; with `at_most`, no more are looked at."""
    return select(func.count()).select_from(_COME.limit(at_most).subquery()).scalar_subquery()


def expected(at_most: int | None = None) -> ScalarSelect[int]:
    """How many are admitted to the event of `event_id`; with `at_most`, no more are looked at."""
    return select(func.count()).select_from(_ADMITTED.limit(at_most).subquery()).scalar_subquery()


_BOTH: Final = select(arrived().label("arrived"), expected().label("expected"))


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
