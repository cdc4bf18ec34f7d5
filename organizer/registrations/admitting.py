"""Deciding on an application: its seat is taken or given back; its letter waits a while, so that all can be undone."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.domain.lifecycle import (
    UNDO_WITHIN,
    Actor,
    Barrier,
    RegistrationState,
    RegistrationStep,
    allowed,
)
from organizer.domain.profiles import TargetProfile
from organizer.errors import Refused
from organizer.events import seats
from organizer.events.service import domain_targets, targets_of
from organizer.people.models import Person
from organizer.registrations import letters, memory, placing
from organizer.registrations.models import Registration
from organizer.registrations.queries import registrations_of

ADMITTED, WAITLISTED = RegistrationState.ADMITTED, RegistrationState.WAITLISTED
NO_TARGET = 0
"""In place of a target profile's id: counted in none, instead of in the best one with room."""
LOCKED = (
    "state",
    "counted",
    "target_profile_id",
    "target_by_host",
    "before",
    "letter_due_at",
    "waiting_since",
    "decided_at",
    "decided_by_id",
)


class Full(StrEnum):
    """What has no seat left: the event, a limit on this kind of person, or the target profile chosen."""

    EVENT_FULL = "event_full"
    LIMIT_REACHED = "limit_reached"
    TARGET_FULL = "target_full"


class OverReason(StrEnum):
    """Why a host says yes beyond the capacity or a ceiling."""

    SUITS_THE_ROOM = "suits_the_room"
    EXTRA_SEAT = "extra_seat"
    SOME_WILL_CANCEL = "some_will_cancel"
    PROMISED = "promised"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a decision. Without `changed` another was quicker: the registration says who, and how."""

    registration: Registration
    changed: bool
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """Which seat a host gives: a target profile's id instead of the best with room, and why beyond what there is."""

    target_profile_id: int | None = None
    over: OverReason | None = None


BEST_SEAT = Seat()


def decide(
    session: Session,
    registration: Registration,
    step: RegistrationStep,
    *,
    by: Person | None,
    now: datetime,
    actor: Actor = Actor.HOST,
    seat: Seat = BEST_SEAT,
    seen: RegistrationState | None = None,
    arrived: bool = False,
    decision: str | None = None,
) -> Outcome:
    """Admit, wait-list or decline. The event must be loaded.

    `seen`: the state on which the decision was made; where it is another by now, nothing is changed.
    `arrived`: a check-in stands. `decision` names decisions taken together.
    Raises Refused(Barrier), or Refused(Full, keys=…) where there is no seat: then nothing has been written.
    """
    lock(session, registration)
    event = registration.event
    if seen is not None and registration.state is not seen:
        return Outcome(registration, changed=False)
    verdict = allowed(
        registration.state, step, actor, event.state, now, ends_at=event.ends_at, arrived=arrived
    )
    if verdict.why is Barrier.ALREADY_SO:
        return Outcome(registration, changed=False)
    if verdict.to is None:
        raise Refused(verdict.why or Barrier.WRONG_STATE)

    back, raised = memory.standing(registration), []
    if verdict.to is ADMITTED:
        raised = _sit(session, registration, seat, by, now)
    elif registration.state is ADMITTED:
        placing.give_back(session, registration)
        registration.target_profile_id, registration.target_by_host = None, False
    told = _take_back_letter(session, registration, back, now)
    registration.state = verdict.to
    registration.waiting_since = now if verdict.to is WAITLISTED else None
    registration.decided_at, registration.decided_by_id = now, by.id if by else None

    registration.letter_due_at = now + UNDO_WITHIN
    decision = decision or secrets.token_urlsafe(9)
    message = None if told is verdict.to else _post(session, registration, decision, now)
    memory.remember(
        registration, step, decision=decision, told=told, back=back, raised=raised, message=message
    )
    session.flush()
    facts = {"was": back["state"], "target": registration.target_profile_id, "over": seat.over}
    note(session, registration, verdict.to.value, by, now, **facts)
    return Outcome(registration, changed=True, decision=decision)


def admit_at_once(
    session: Session, registration: Registration, targets: Sequence[TargetProfile], now: datetime
) -> bool:
    """Admit where no host decides, if a seat is free and nobody waits who could take it; gives whether it was so."""
    waiting = registrations_of(session, registration.event_id, [WAITLISTED])
    others = [other for other in waiting if other.id != registration.id]
    if others and placing.could_move(others, targets, seats.counts(session, registration.event_id)):
        return False
    if placing.take_best(session, registration, targets):
        return False
    registration.state, registration.waiting_since = ADMITTED, None
    registration.decided_at = now
    session.flush()
    return True


def move_to(session: Session, registration: Registration, seat: Seat, *, by: Person, now: datetime) -> None:
    """Count an admitted person in another target profile (or in NO_TARGET), as the host says. The event must be loaded.

    Raises Refused(Full, keys=…) where it has no seat left and the host has not said yes to one more.
    """
    lock(session, registration)
    if registration.state is not ADMITTED:
        raise Refused(Barrier.WRONG_STATE)
    if (registration.target_profile_id or NO_TARGET) == seat.target_profile_id:
        return
    with session.begin_nested():
        placing.give_back(session, registration)
        _sit(session, registration, seat, by, now)
    note(session, registration, "moved", by, now, target=registration.target_profile_id, over=seat.over)


def lock(session: Session, registration: Registration) -> None:
    """Hold a registration until the commit, and see it as it stands. Seat counters are locked after it, not before."""
    session.refresh(registration, LOCKED, with_for_update=True)


def full_of(keys: Sequence[str], anyway: Sequence[str]) -> Full:
    """What to call it when `keys` are full; `anyway`: those a person counts in whatever seat they are given."""
    if seats.WHOLE in keys:
        return Full.EVENT_FULL
    return Full.LIMIT_REACHED if set(keys) & set(anyway) else Full.TARGET_FULL


def note(
    session: Session,
    registration: Registration,
    done: str,
    by: Person | None,
    now: datetime,
    **facts: int | str | None,
) -> None:
    """Write what was done with a registration into the audit log."""
    known = {name: fact for name, fact in facts.items() if fact is not None}
    actor_id, circle_id = by.id if by else None, registration.circle_id
    act, subject_id = f"registration.{done}", registration.id
    record(session, act, "registration", subject_id, at=now, actor_id=actor_id, circle_id=circle_id, **known)


def _sit(
    session: Session, registration: Registration, seat: Seat, by: Person | None, now: datetime
) -> list[str]:
    """Take a seat; where there is none, make one if the host said so, else refuse. Gives the keys it was made in."""
    targets = domain_targets(targets_of(session, registration.event_id))
    if seat.target_profile_id:
        placing.check_target(targets, seat.target_profile_id)
    keys, raised = placing.always(registration, targets), list[str]()
    full = _take(session, registration, targets, keys, seat)
    if full and seat.over is not None and by is not None:
        seats.raise_caps(session, registration.event, full, by_id=by.id, now=now, reason=seat.over.value)
        raised, full = full, _take(session, registration, targets, keys, seat)
    if full:
        raise Refused(full_of(full, keys), keys=full)
    registration.target_by_host = seat.target_profile_id is not None
    session.flush()
    return raised


def _take(
    session: Session,
    registration: Registration,
    targets: Sequence[TargetProfile],
    keys: list[str],
    seat: Seat,
) -> list[str]:
    if seat.target_profile_id is None:
        return placing.take_best(session, registration, targets)
    return placing.take_in(session, registration, keys, seat.target_profile_id or None)


def _take_back_letter(
    session: Session, registration: Registration, back: dict[str, object], now: datetime
) -> RegistrationState:
    """Stop the letter of a decision that is overtaken by another; gives the state the applicant knows."""
    if not memory.is_pending(registration, now) or not letters.take_back(session, registration, now):
        return registration.state
    before = registration.before or {}
    back["before"] = before
    back["letter"] = letters.KINDS[registration.state] if before["message"] is not None else None
    return RegistrationState(before["state"])


def _post(session: Session, registration: Registration, decision: str, now: datetime) -> int:
    kind, due_at = letters.KINDS[registration.state], now + UNDO_WITHIN
    return letters.post(session, registration, kind, now, due_at=due_at, once=decision)
