"""Which seat counters a person counts in, and taking a seat in all of them or in none."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from organizer.domain.admission import ceilings_met, fits, ordinary
from organizer.domain.profiles import TargetProfile
from organizer.errors import NotFound
from organizer.events import seats
from organizer.events.models import Event, SeatCount
from organizer.events.service import targets_of
from organizer.registrations.models import Registration
from organizer.registrations.queries import profile_of

Targets = Sequence[TargetProfile]


def always(registration: Registration, targets: Targets) -> list[str]:
    """The keys a person counts in whatever seat they get: the whole event, and each limit they meet."""
    return [seats.WHOLE, *map(seats.key_of, ceilings_met(profile_of(registration), targets))]


def take_best(session: Session, registration: Registration, targets: Targets) -> list[str]:
    """Take a seat in the best target profile with room, else in none; gives the keys that are full (empty: taken)."""
    keys = always(registration, targets)
    for target_id in [*(fit.target_id for fit in fits(profile_of(registration), targets)), None]:
        full = take_in(session, registration, keys, target_id)
        if not full or set(full) & set(keys):
            return full
    raise AssertionError("without a target profile only the keys of everybody can be full")


def take_in(
    session: Session, registration: Registration, keys: list[str], target_id: int | None
) -> list[str]:
    """Take a seat under `keys` and in one target profile (None: in none); gives the keys that are full."""
    wanted = keys if target_id is None else [*keys, seats.key_of(target_id)]
    full = seats.take(session, registration.event_id, wanted)
    if not full:
        registration.target_profile_id, registration.counted = target_id, wanted
    return full


def give_back(session: Session, registration: Registration) -> None:
    """Free the seat of a registration in every counter it counts in."""
    counted, registration.counted = registration.counted, []
    session.flush()
    seats.release(session, registration.event_id, counted)


def check_target(targets: Targets, target_id: int) -> None:
    """NotFound unless people can be assigned to that target profile of these."""
    if target_id not in {target.id for target in ordinary(targets)}:
        raise NotFound


def full_keys(counters: Mapping[str, SeatCount]) -> set[str]:
    """The keys of the counters that take nobody more."""
    return {key for key, counter in counters.items() if counter.taken >= counter.cap}


def could_move(
    registrations: Collection[Registration], targets: Targets, counters: Mapping[str, SeatCount]
) -> bool:
    """Whether any of these registrations would find a seat now."""
    full = full_keys(counters)
    return any(full.isdisjoint(always(registration, targets)) for registration in registrations)


def lower_caps(session: Session, event: Event, keys: Collection[str], *, by_id: int, now: datetime) -> None:
    """Take away a seat a host had added to each of these counters; never below what event and target profile say."""
    if not keys:
        return
    said = {seats.key_of(target.id): target.ceiling for target in targets_of(session, event.id)}
    said[seats.WHOLE] = event.capacity + event.overbooking
    seats.lower_caps(session, event, {key: said.get(key) or 0 for key in keys}, by_id=by_id, now=now)
