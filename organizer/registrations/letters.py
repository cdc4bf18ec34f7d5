"""The letters about a decision: posted to leave after ten minutes, taken back by an undo, hurried by the host."""

from datetime import datetime

from sqlalchemy.orm import Session

from organizer.domain.lifecycle import RegistrationState
from organizer.mail import outbox
from organizer.registrations import memory
from organizer.registrations.models import Registration

KINDS = {
    RegistrationState.ADMITTED: "admitted",
    RegistrationState.WAITLISTED: "waitlisted",
    RegistrationState.DECLINED: "declined",
}
TAKEN_BACK = "taken_back"


def post(
    session: Session, registration: Registration, kind: str, now: datetime, *, due_at: datetime, once: str
) -> int:
    """Post a letter about a registration; `once` tells it from the letters of other decisions. Gives its id."""
    message = outbox.post(
        session,
        kind,
        now=now,
        person_id=registration.person_id,
        due_at=due_at,
        once=f"{kind}:{registration.id}:{once}",
        circle_id=registration.circle_id,
        event_id=registration.event_id,
        registration_id=registration.id,
    )
    return message.id


def take_back(session: Session, registration: Registration, now: datetime) -> bool:
    """Withdraw the letter of the last decision; gives False when it has left already."""
    message = memory.message_of(registration)
    return message is None or outbox.withdraw(session, [message], now, TAKEN_BACK) == 1


def hurry(session: Session, registrations: list[Registration], now: datetime) -> int:
    """Let the waiting letters of these registrations leave: their decisions stand from now on. Gives how many."""
    waiting = [registration for registration in registrations if memory.is_pending(registration, now)]
    for registration in waiting:
        registration.letter_due_at = now
    session.flush()
    messages = [message for message in map(memory.message_of, waiting) if message is not None]
    outbox.hasten(session, messages, now)
    return len(waiting)
