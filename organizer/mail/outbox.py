"""Putting a mail on its way: one row, in the transaction of its cause."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from organizer.db import after_commit
from organizer.domain.delivery import MessageState
from organizer.jobs.knock import knock
from organizer.mail.models import Message


def post(
    session: Session,
    kind: str,
    *,
    now: datetime,
    person_id: int | None = None,
    address: str | None = None,
    locale: str | None = None,
    due_at: datetime | None = None,
    once: str | None = None,
    circle_id: int | None = None,
    event_id: int | None = None,
    **refs: int | str | list[int] | None,
) -> Message:
    """The row of a mail that must go out at `due_at` (at once by default).

    `refs` are ids and codes for the function that composes mails of this `kind`. With `once`, a second call
    gives the first row again.
    """
    if once is not None:
        posted = session.scalar(select(Message).where(Message.once == once))
        if posted is not None:
            return posted
    message = Message(
        kind=kind,
        person_id=person_id,
        address=address,
        locale=locale,
        circle_id=circle_id,
        event_id=event_id,
        refs={name: value for name, value in refs.items() if value is not None},
        once=once,
        due_at=due_at or now,
        created_at=now,
    )
    session.add(message)
    session.flush()
    if message.due_at <= now:
        after_commit(session, knock)
    return message


def withdraw(session: Session, message_ids: Sequence[int], now: datetime, reason: str) -> int:
    """Take back mails that have not left; gives how many could still be stopped."""
    stopping = (
        update(Message)
        .where(Message.id.in_(message_ids), Message.state == MessageState.QUEUED)
        .values(state=MessageState.SUPPRESSED, reason=reason, ended_at=now)
    )
    return session.execute(stopping).rowcount  # type: ignore[attr-defined, no-any-return]


def hasten(session: Session, message_ids: Sequence[int], now: datetime) -> int:
    """Let queued mails leave at once; gives how many."""
    moving = (
        update(Message)
        .where(Message.id.in_(message_ids), Message.state == MessageState.QUEUED, Message.due_at > now)
        .values(due_at=now)
    )
    after_commit(session, knock)
    return session.execute(moving).rowcount  # type: ignore[attr-defined, no-any-return]
