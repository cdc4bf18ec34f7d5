"""Taking a decision back, exactly: state, seat, target profile and letter are as they were."""

from datetime import datetime

from sqlalchemy.orm import Session

from organizer.domain.lifecycle import UNDO_WITHIN, Actor, Barrier, RegistrationStep, StepTaken, allowed
from organizer.errors import Refused
from organizer.events import seats
from organizer.events.models import TargetProfile
from organizer.people.models import Person
from organizer.registrations import letters, memory, placing
from organizer.registrations.admitting import ADMITTED, full_of, lock, note
from organizer.registrations.models import Registration


def undo(
    session: Session, registration: Registration, *, by: Person, now: datetime, arrived: bool = False
) -> None:
    """Return to how the registration stood before the last decision. The event must be loaded.

    Raises Refused(Barrier) when that is too late, or Refused(Full, keys=…) when the seat given back has been taken.
    Then nothing has been written.
    """
    lock(session, registration)
    event = registration.event
    verdict = allowed(
        registration.state,
        RegistrationStep.UNDO,
        Actor.HOST,
        event.state,
        now,
        ends_at=event.ends_at,
        arrived=arrived,
        last=_last(registration, now),
    )
    if verdict.why is not None:
        raise Refused(verdict.why)
    with session.begin_nested():
        if not letters.take_back(session, registration, now):
            raise Refused(Barrier.ALREADY_TOLD)
        _return(session, registration, memory.back_of(registration), by, now)
    note(session, registration, "undone", by, now, state=registration.state.value)


def _last(registration: Registration, now: datetime) -> StepTaken | None:
    """The last step; `told` where the host has let its letter leave before its time."""
    due, decided = registration.letter_due_at, registration.decided_at
    hurried = due is not None and decided is not None and due < decided + UNDO_WITHIN and due <= now
    return memory.last_step(registration, told=hurried)


def _return(
    session: Session, registration: Registration, back: memory.Back, by: Person, now: datetime
) -> None:
    was_in, comes_in = registration.state is ADMITTED, back.state is ADMITTED
    if was_in and not comes_in:
        placing.give_back(session, registration)
        raised = (registration.before or {}).get("raised", [])
        placing.lower_caps(session, registration.event, raised, by_id=by.id, now=now)
    elif comes_in and not was_in:
        keys = back.values["counted"]
        full = seats.take(session, registration.event_id, keys)
        if full:
            raise Refused(full_of(full, keys), keys=full)
    registration.state = back.state
    for name, value in back.values.items():
        setattr(registration, name, value)
    if registration.target_profile_id and session.get(TargetProfile, registration.target_profile_id) is None:
        registration.target_profile_id = None
    _post_again(session, registration, back, now)
    session.flush()


def _post_again(session: Session, registration: Registration, back: memory.Back, now: datetime) -> None:
    """The letter that the decision had overtaken is on its way again, for the time it had."""
    due = registration.letter_due_at
    if back.letter is None or registration.before is None or due is None:
        return
    once = f"{memory.decision_of(registration)}:{now.timestamp():.6f}"
    message = letters.post(session, registration, back.letter, now, due_at=max(due, now), once=once)
    registration.before = registration.before | {"message": message}
