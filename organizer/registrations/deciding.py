"""The host's acts at the desk, for one or many at once: each for itself, with one undo for all."""

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from organizer.domain.lifecycle import Barrier, RegistrationState, RegistrationStep
from organizer.errors import NotFound, Refused
from organizer.events.models import Event
from organizer.jobs import tasks
from organizer.people.models import Person
from organizer.registrations import letters, memory, waiting
from organizer.registrations.admitting import ADMITTED, BEST_SEAT, Outcome, Seat, decide
from organizer.registrations.models import Registration
from organizer.registrations.undoing import undo

SEAT_FREED = "seat_freed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One decision to take: on which registration, on what state it was made, and which seat is meant."""

    registration: Registration
    seen: RegistrationState | None = None
    seat: Seat = BEST_SEAT


@dataclass(slots=True)
class Taken:
    """What came of several decisions: done, overtaken by another host, or refused with the reason."""

    decision: str
    done: list[Registration] = field(default_factory=list)
    overtaken: list[Registration] = field(default_factory=list)
    refused: list[tuple[Registration, Refused]] = field(default_factory=list)


def find(session: Session, event: Event, public_ids: Collection[str]) -> dict[str, Registration]:
    """Registrations of an event by public id; people and profiles loaded. NotFound if one is no registration of it."""
    query = (
        select(Registration)
        .options(joinedload(Registration.person).joinedload(Person.profile))
        .where(Registration.event_id == event.id, Registration.public_id.in_(public_ids))
    )
    found = {one.public_id: one for one in session.scalars(query)}
    if set(public_ids) - found.keys():
        raise NotFound
    return found


def decide_all(
    session: Session,
    event: Event,
    wanted: Sequence[Wanted],
    step: RegistrationStep,
    *,
    by: Person,
    now: datetime,
    arrived: Callable[[], Collection[int]] = frozenset,
) -> Taken:
    """Take the same step with several registrations, in their order; one that cannot be taken leaves the others alone.

    `arrived` gives the ids of the people whose check-in stands. It is asked once they are all held: who comes in at
    this instant either has, or is not let in any more.
    """
    _lock_all(session, [one.registration for one in wanted])
    there, taken = arrived(), Taken(secrets.token_urlsafe(9))
    for one in wanted:
        try:
            outcome = _decide(
                session, one, step, by, now, taken.decision, one.registration.person_id in there
            )
        except Refused as refused:
            taken.refused.append((one.registration, refused))
            continue
        (taken.done if outcome.changed else taken.overtaken).append(one.registration)
        if outcome.changed:
            _plan_the_seat(session, one.registration, now)
    return taken


def undo_all(
    session: Session,
    event: Event,
    decision: str,
    *,
    by: Person,
    now: datetime,
    arrived: Callable[[], Collection[int]] = frozenset,
) -> Taken:
    """Take back every decision of that name which still can be; `arrived` as above.

    Raises Refused(Barrier) when there is none.
    """
    found = [one for one in _pending(session, event, now) if memory.decision_of(one) == decision]
    if not found:
        raise Refused(Barrier.NOTHING_TO_UNDO)
    _lock_all(session, found)
    there, taken, freed = arrived(), Taken(decision), list[datetime]()
    for registration in found:
        was, since = registration.state, registration.decided_at
        try:
            with session.begin_nested():
                undo(session, registration, by=by, now=now, arrived=registration.person_id in there)
        except Refused as refused:
            taken.refused.append((registration, refused))
            continue
        taken.done.append(registration)
        if was is ADMITTED and registration.state is not ADMITTED and since is not None:
            freed.append(since)
    if freed:
        # Whoever came while these seats were taken, and had to wait for them, gets them.
        waiting.promote_into_new(session, event, len(freed), now, waiting_since=min(freed))
    return taken


def send_now(session: Session, event: Event, now: datetime) -> int:
    """Let every letter about a decision leave at once; gives how many decisions stand from now on."""
    pending = _pending(session, event, now)
    _lock_all(session, pending)
    sent = letters.hurry(session, pending, now)
    for registration in pending:
        _plan_the_seat(session, registration, now)
    return sent


def _decide(
    session: Session,
    one: Wanted,
    step: RegistrationStep,
    by: Person,
    now: datetime,
    decision: str,
    arrived: bool,
) -> Outcome:
    with session.begin_nested():
        return decide(
            session,
            one.registration,
            step,
            by=by,
            now=now,
            seat=one.seat,
            seen=one.seen,
            arrived=arrived,
            decision=decision,
        )


def _pending(session: Session, event: Event, now: datetime) -> list[Registration]:
    """The registrations of an event whose last decision can still be taken back; people loaded."""
    query = (
        select(Registration)
        .options(joinedload(Registration.person))
        .where(Registration.event_id == event.id, Registration.letter_due_at > now)
    )
    return [one for one in session.scalars(query.order_by(Registration.id)) if memory.is_pending(one, now)]


def _lock_all(session: Session, registrations: Collection[Registration]) -> None:
    """Hold all of them before any seat counter is held, so that no two hosts wait for each other."""
    ids = [registration.id for registration in registrations]
    held = select(Registration.id).where(Registration.id.in_(ids)).order_by(Registration.id)
    session.execute(held.with_for_update())


def _plan_the_seat(session: Session, registration: Registration, now: datetime) -> None:
    """A seat that the host has taken from somebody goes to the waiting list once that stands."""
    back, due_at = memory.back_of(registration), registration.letter_due_at
    decision = memory.decision_of(registration)
    if back.state is not ADMITTED or registration.state is ADMITTED or due_at is None or decision is None:
        return
    circle_id = registration.circle_id
    tasks.plan(session, SEAT_FREED, registration.id, due_at, now=now, circle_id=circle_id, period=decision)
