"""Message: one mail to one address, from its cause to its fate."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from organizer.db import Base, Code, UtcDateTime, one_of
from organizer.domain.delivery import MessageState

OPEN = "state IN ('queued', 'sending')"


class Message(Base):
    """One mail, written in the same transaction as its cause; its words are composed by the worker when it leaves.

    `kind` names the function and the templates that compose it; `refs` are the ids it needs: never a name,
    a text or a token. To a person
    (`person_id`, whose address is looked up then) or, for those who are nobody yet, to `address`. `once` is
    unique: the same cause
    never makes a second mail. A row whose `claimed_until` lies ahead is in a worker's hands; `sending` is
    committed right before the words are
    handed over, so that a cut after that ends as `unknown` and is never repeated by itself.
    """

    __tablename__ = "message"
    __table_args__ = (
        one_of("state", MessageState),
        CheckConstraint("person_id IS NOT NULL OR address IS NOT NULL", name="has_recipient"),
        Index("ix_message_due", "due_at", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
        Index("ix_message_person", "person_id", "created_at"),
        Index("ix_message_subject", "event_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None]
    address: Mapped[str | None] = mapped_column(String(254))
    locale: Mapped[str | None] = mapped_column(String(2), comment="for those who are nobody yet")
    circle_id: Mapped[int | None]
    event_id: Mapped[int | None]
    refs: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    once: Mapped[str | None] = mapped_column(String(120), unique=True)
    state: Mapped[MessageState] = mapped_column(Code(MessageState), default=MessageState.QUEUED)
    reason: Mapped[str | None] = mapped_column(
        String(60), comment="a code: why failed, unknown or suppressed"
    )
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
