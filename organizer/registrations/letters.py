"""The letters to an applicant about their registration. Those about a decision are posted to leave after ten
minutes, taken back by an undo, hurried by the host.
"""

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
    session: Session,
    registration: Registration,
    kind: str,
    now: datetime,
    *,
    due_at: datetime | None = None,
    once: str = "",
    was: str | None = None,
) -> int:
    """Post a letter about a registration, at once unless `due_at` says later; gives its id.

    Each kind goes once, but for other values of `once`. `was`: the state the applicant knew before.
    """
    message = outbox.post(
        session,
        kind,
        now=now,
        person_id=registration.person_id,
        due_at=due_at,
        once=":".join(filter(None, (kind, str(registration.id), once))),
        circle_id=registration.circle_id,
        event_id=registration.event_id,
        registration_id=registration.id,
        was=was,
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
