"""The waiting list: its order, who moves up into a free seat, and why nobody does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizer.circles.service import excluded
from organizer.domain.admission import fits
from organizer.domain.lifecycle import EventState, RegistrationState, WaitingOrder
from organizer.domain.profiles import TargetProfile
from organizer.events import seats
from organizer.events.models import Event
from organizer.events.service import domain_targets, targets_of
from organizer.registrations import letters, memory, placing
from organizer.registrations.admitting import lock, note
from organizer.registrations.models import Promotion, Registration
from organizer.registrations.queries import profile_of, registrations_of

WAITLISTED = RegistrationState.WAITLISTED


class Standstill(StrEnum):
    """Why somebody on the waiting list does not move, in the order in which the reasons are looked for."""

    EVENT_CANCELLED = "event_cancelled"
    EVENT_OVER = "event_over"
    NO_SEAT_FREE = "no_seat_free"
    FULL_HOST_DECIDES = "full_host_decides"
    KIND_FULL = "kind_full"
    HOST_DECIDES = "host_decides"


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place on the waiting list, from 1, of how many, and why they do not move."""

    rank: int
    of: int
    why: Standstill


def in_order(
    event: Event, waiting: Sequence[Registration], targets: Sequence[TargetProfile]
) -> list[Registration]:
    """The waiting list in the order the event has stated; of two that fit equally, the earlier application."""

    def fit(registration: Registration) -> float:
        found = fits(profile_of(registration), targets)
        return found[0].score if found else 0.0

    if event.waiting_order is WaitingOrder.BY_APPLICATION:
        return sorted(waiting, key=lambda one: (one.applied_at, one.id))
    return sorted(waiting, key=lambda one: (-fit(one), one.applied_at, one.id))


def rank(session: Session, event: Event) -> list[Registration]:
    """The event's waiting list in its order; people and profiles loaded."""
    waiting = registrations_of(session, event.id, [WAITLISTED])
    return in_order(event, waiting, domain_targets(targets_of(session, event.id)))


def place_of(session: Session, registration: Registration, now: datetime) -> Place | None:
    """Where somebody stands on the waiting list; None for who is not on it. The event must be loaded."""
    event = registration.event
    targets = domain_targets(targets_of(session, event.id))
    line = in_order(event, registrations_of(session, event.id, [WAITLISTED]), targets)
    ids = [one.id for one in line]
    if registration.id not in ids:
        return None
    full = full_keys_of(session, event.id)
    return Place(
        ids.index(registration.id) + 1, len(ids), why_no_one_moves(event, registration, targets, full, now)
    )


def full_keys_of(session: Session, event_id: int) -> set[str]:
    """The keys of an event's counters that take nobody more."""
    return placing.full_keys(seats.counts(session, event_id))


def why_no_one_moves(
    event: Event, registration: Registration, targets: Sequence[TargetProfile], full: set[str], now: datetime
) -> Standstill:
    """Why somebody who waits does not move; `full`: the keys of the counters that take nobody more."""
    if event.state is EventState.CANCELLED:
        return Standstill.EVENT_CANCELLED
    if now >= event.ends_at:
        return Standstill.EVENT_OVER
    if seats.WHOLE in full:
        return Standstill.NO_SEAT_FREE if event.promotes else Standstill.FULL_HOST_DECIDES
    if full & set(placing.always(registration, targets)):
        return Standstill.KIND_FULL
    return Standstill.HOST_DECIDES


def promote_into(session: Session, event: Event, freed: Registration, now: datetime) -> Registration | None:
    """Who moves up into the seat that a cancelled registration gave back: once for each; None where nobody does."""
    return _promote(session, event, now, freed_id=freed.id)


def promote_into_new(
    session: Session, event: Event, number: int, now: datetime, *, waiting_since: datetime | None = None
) -> list[Registration]:
    """Who moves up into seats that came free in another way.

    With `waiting_since`, only those who came to wait after it.
    """
    moved = (_promote(session, event, now, waiting_since=waiting_since) for _ in range(number))
    return [registration for registration in moved if registration is not None]


def _promote(
    session: Session,
    event: Event,
    now: datetime,
    *,
    freed_id: int | None = None,
    waiting_since: datetime | None = None,
) -> Registration | None:
    if (
        not event.promotes
        or event.state not in (EventState.PUBLISHED, EventState.CLOSED)
        or now >= event.ends_at
    ):
        return None
    targets = domain_targets(targets_of(session, event.id))
    for registration in in_order(event, _who_may_move(session, event, waiting_since), targets):
        if not _hold(session, registration):
            continue
        try:
            with session.begin_nested():
                moved_to = Promotion(
                    circle_id=event.circle_id,
                    event_id=event.id,
                    freed_id=freed_id,
                    promoted_id=registration.id,
                    at=now,
                )
                session.add(moved_to)
                session.flush()
                full = placing.take_best(session, registration, targets)
                if full:
                    raise _NoSeat(full)
        except IntegrityError:
            return None  # this seat has been given away already
        except _NoSeat as no_seat:
            if seats.WHOLE in no_seat.keys:
                return None
            continue
        _welcome(session, registration, now)
        return registration
    return None


class _NoSeat(Exception):
    """These counters take nobody more."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__(*keys)
        self.keys = keys


def _who_may_move(session: Session, event: Event, since: datetime | None) -> list[Registration]:
    """Those who wait; not whom the circle has excluded, nor who moved up before and was put back by the host."""
    unwanted = excluded(session, event.circle_id)
    before = set(session.scalars(select(Promotion.promoted_id).where(Promotion.event_id == event.id)))
    return [
        one
        for one in registrations_of(session, event.id, [WAITLISTED])
        if one.person_id not in unwanted
        and one.id not in before
        and (since is None or (one.waiting_since is not None and one.waiting_since >= since))
    ]


def _hold(session: Session, registration: Registration) -> bool:
    """Lock a registration that still waits; one in another's hands is passed over.

    To wait for it here, with the counters held, could be to wait for each other.
    """
    query = select(Registration.id).where(
        Registration.id == registration.id, Registration.state == WAITLISTED
    )
    if session.scalar(query.with_for_update(skip_locked=True)) is None:
        return False
    lock(session, registration)
    return registration.state is WAITLISTED


def _welcome(session: Session, registration: Registration, now: datetime) -> None:
    if memory.is_pending(registration, now):
        letters.take_back(session, registration, now)
    registration.state, registration.waiting_since = RegistrationState.ADMITTED, None
    registration.decided_at, registration.decided_by_id = now, None
    registration.before = registration.letter_due_at = None
    session.flush()
    letters.post(session, registration, "promoted", now)
    note(session, registration, "promoted", None, now, target=registration.target_profile_id)
