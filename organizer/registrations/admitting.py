"""Deciding on an application: its seat is taken or given back, its letter waits a while, and until then all of it can be undone."""

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
from organizer.events.models import Event
from organizer.events.service import domain_targets, targets_of
from organizer.people.models import Person
from organizer.registrations import placing
from organizer.registrations.letters import LETTERS, is_pending, post_letter, withdraw_letter
from organizer.registrations.memory import remembered
from organizer.registrations.models import Registration
from organizer.registrations.queries import registrations_of

ADMITTED = RegistrationState.ADMITTED
NO_TARGET = 0
"""In place of a target profile's id: counted in none, instead of in the best one with room."""


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
    """What came of a decision. Without `changed`, another was quicker: the registration says who, and what they decided."""

    registration: Registration
    changed: bool
    decision: str = ""


def decide(
    session: Session,
    registration: Registration,
    step: RegistrationStep,
    *,
    by: Person | None,
    now: datetime,
    actor: Actor = Actor.HOST,
    over: OverReason | None = None,
    target_profile_id: int | None = None,
    seen: RegistrationState | None = None,
    arrived: bool = False,
    decision: str | None = None,
    targets: Sequence[TargetProfile] | None = None,
) -> Outcome:
    """Admit, wait-list or decline. The event must be loaded.

    `seen`: the state on which the decision was made; nothing is changed where it is another by now. `target_profile_id`: instead of the best
    one with room. `over`: an explicit yes beyond capacity and ceilings. `arrived`: a check-in stands. `decision` names decisions
    taken together. Raises Refused(Barrier), or Refused(Full, keys=…) when there is no seat; then nothing has been written.
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
    if targets is None:
        targets = domain_targets(targets_of(session, event.id))

    before = remembered(registration, step, decision or secrets.token_urlsafe(9), now)
    if verdict.to is ADMITTED:
        _sit(session, registration, targets, target_profile_id, over=over, by=by, now=now)
    elif registration.state is ADMITTED:
        placing.give_back(session, registration)
    was, registration.state = registration.state, verdict.to
    registration.waiting_since = now if verdict.to is RegistrationState.WAITLISTED else None
    registration.decided_at, registration.decided_by_id = now, by.id if by else None
    _write_to(session, registration, before, now)

    facts = {"circle_id": event.circle_id, "was": was.value, "target": registration.target_profile_id}
    _note(session, registration, verdict.to.value, by, now, over=over.value if over else None, **facts)
    return Outcome(registration, changed=True, decision=before["decision"])


def admit_at_once(
    session: Session, registration: Registration, targets: Sequence[TargetProfile], now: datetime
) -> bool:
    """Admit where no host decides, if a seat is free and nobody waits who could take it; gives whether it was so."""
    waiting = registrations_of(session, registration.event_id, [RegistrationState.WAITLISTED])
    others = [other for other in waiting if other.id != registration.id]
    if others and placing.could_move(others, targets, seats.counts(session, registration.event_id)):
        return False
    if placing.take_best(session, registration, targets):
        return False
    registration.state, registration.waiting_since = ADMITTED, None
    registration.decided_at = now
    session.flush()
    return True


def move_to(
    session: Session,
    registration: Registration,
    target_profile_id: int,
    *,
    by: Person,
    now: datetime,
    over: OverReason | None = None,
) -> None:
    """Count an admitted person in another target profile, or in NO_TARGET. The event must be loaded.

    Raises Refused(Full, keys=…) when it has no seat left and the host has not said yes to one more.
    """
    lock(session, registration)
    event = registration.event
    if registration.state is not ADMITTED:
        raise Refused(Barrier.WRONG_STATE)
    if (registration.target_profile_id or NO_TARGET) == target_profile_id:
        return
    targets = domain_targets(targets_of(session, event.id))
    with session.begin_nested():
        placing.give_back(session, registration)
        _sit(session, registration, targets, target_profile_id, over=over, by=by, now=now)
    _note(session, registration, "moved", by, now, circle_id=event.circle_id, target=registration.target_profile_id)


def lock(session: Session, registration: Registration) -> None:
    """Hold a registration until the commit, and see it as it stands now. Seat counters are locked after it, never before."""
    session.refresh(registration, LOCKED, with_for_update=True)


LOCKED = [
    "state",
    "counted",
    "target_profile_id",
    "target_by_host",
    "before",
    "letter_due_at",
    "waiting_since",
    "decided_at",
    "decided_by_id",
]


def full_of(keys: Sequence[str], event_keys: Sequence[str]) -> Full:
    """What to call it when these keys are full; `event_keys` are those a person counts in anyway."""
    if seats.WHOLE in keys:
        return Full.EVENT_FULL
    return Full.LIMIT_REACHED if set(keys) & set(event_keys) else Full.TARGET_FULL


def _sit(
    session: Session,
    registration: Registration,
    targets: Sequence[TargetProfile],
    target_profile_id: int | None,
    *,
    over: OverReason | None,
    by: Person | None,
    now: datetime,
) -> None:
    """Take a seat; where there is none, raise the caps if the host said so, else refuse."""
    if target_profile_id:
        placing.check_target(targets, target_profile_id)
    keys = placing.always(registration, targets)
    full = _take(session, registration, targets, keys, target_profile_id)
    if full and over is not None and by is not None:
        seats.raise_caps(session, registration.event, full, by_id=by.id, now=now, reason=over.value)
        full = _take(session, registration, targets, keys, target_profile_id)
    if full:
        raise Refused(full_of(full, keys), keys=full)
    registration.target_by_host = target_profile_id is not None


def _take(
    session: Session,
    registration: Registration,
    targets: Sequence[TargetProfile],
    keys: list[str],
    target_profile_id: int | None,
) -> list[str]:
    if target_profile_id is None:
        return placing.take_best(session, registration, targets)
    return placing.take_in(session, registration, keys, target_profile_id or None)


def _write_to(session: Session, registration: Registration, before: dict[str, object], now: datetime) -> None:
    """Take back the letter nobody has seen, and post the new one; none where the applicant knows that state already."""
    told_before = RegistrationState(str(before["state"]))
    if is_pending(registration, now) and not withdraw_letter(session, registration, now):
        told_before = RegistrationState(str(before["back"]["state"]))  # type: ignore[index]
        before |= {"state": told_before.value}
    registration.before, registration.letter_due_at = before, now + UNDO_WITHIN
    if told_before is not registration.state:
        kind = LETTERS[registration.state]
        before["message"] = post_letter(session, registration, kind, str(before["decision"]), now)
        registration.before = dict(before)
    session.flush()


def _note(
    session: Session, registration: Registration, done: str, by: Person | None, now: datetime, **facts: object
) -> None:
    known = {name: fact for name, fact in facts.items() if fact is not None}
    actor_id = by.id if by else None
    record(session, f"registration.{done}", "registration", registration.id, at=now, actor_id=actor_id, **known)


def event_of(registration: Registration) -> Event:
    """The event of a registration, which must be loaded."""
    return registration.event
