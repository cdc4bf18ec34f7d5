"""Stopping the mails of prompts, and having them again."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.domain.delivery import MessageState, SuppressionReason
from organizer.followups.days import KIND
from organizer.mail import outbox
from organizer.mail.models import Message
from organizer.people.models import Person


def stop(session: Session, person_id: int, now: datetime) -> bool:
    """No mail of prompts leaves to this person any more, also none that is queued or in a worker's hands; gives
    whether that is new.

    The prompts stay on the page.
    """
    stopping = update(Person).where(Person.id == person_id, Person.prompts_stopped_at.is_(None))
    new = session.execute(stopping.values(prompts_stopped_at=now)).rowcount == 1  # type: ignore[attr-defined]
    queued = select(Message.id).where(
        Message.person_id == person_id, Message.kind == KIND, Message.state == MessageState.QUEUED
    )
    outbox.withdraw(session, list(session.scalars(queued)), now, SuppressionReason.UNSUBSCRIBED.value)
    if new:
        record(session, "prompts.stopped", "person", person_id, at=now, actor_id=person_id)
    return bool(new)


def start_again(session: Session, person_id: int, now: datetime) -> bool:
    """Mails of prompts come again; gives whether they had been stopped."""
    starting = update(Person).where(Person.id == person_id, Person.prompts_stopped_at.is_not(None))
    again = session.execute(starting.values(prompts_stopped_at=None)).rowcount == 1  # type: ignore[attr-defined]
    if again:
        record(session, "prompts.resumed", "person", person_id, at=now, actor_id=person_id)
    return bool(again)
