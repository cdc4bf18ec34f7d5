"""FollowUp: one prompt to one person about another."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from organizer.db import Base, Code, UtcDateTime, one_of
from organizer.domain.cadence import FollowUpStep
from organizer.domain.delivery import FollowUpState, PromptAnswer
from organizer.mail.models import Message
from organizer.ties.models import Tie  # noqa: F401  (its table is pointed to)
from organizer.tokens import new_public_id


class FollowUp(Base):
    """One prompt: owed from its due time on, whatever becomes of the mail that carries it.

    Named by (person, other, step, due period), independent of the match that caused it. `local_date` and `slot`
    (1 to 3) are set when it is put on a day, in the person's zone: never more than three a day. A message may
    carry several; a prompt is carried by one at most.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("person_id", "other_id", "step", "due_period"),
        UniqueConstraint("person_id", "local_date", "slot"),
        CheckConstraint("slot BETWEEN 1 AND 3", name="three_a_day"),
        CheckConstraint("person_id <> other_id", name="not_oneself"),
        one_of("state", FollowUpState),
        one_of("step", FollowUpStep),
        one_of("answer", PromptAnswer),
        Index("ix_follow_up_due", "state", "due_at"),
        Index("ix_follow_up_other", "other_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    step: Mapped[FollowUpStep] = mapped_column(Code(FollowUpStep))
    due_period: Mapped[str] = mapped_column(String(20))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    local_date: Mapped[date | None]
    slot: Mapped[int | None]
    state: Mapped[FollowUpState] = mapped_column(Code(FollowUpState), default=FollowUpState.WAITING)
    reason: Mapped[str | None] = mapped_column(String(60))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    match_id: Mapped[int | None] = mapped_column(ForeignKey("match.id", ondelete="SET NULL"))
    promise_id: Mapped[int | None] = mapped_column(ForeignKey("promise.id", ondelete="SET NULL"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey(Message.id, ondelete="SET NULL"), index=True)
    answer: Mapped[PromptAnswer | None] = mapped_column(Code(PromptAnswer))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    draft: Mapped[str | None] = mapped_column(
        Text, comment="as edited by its person; empty: made afresh when shown"
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PersonalLetter(Base):
    """A draft its writer had Enishi send: the words, because the writer's own, until the worker has sent them."""

    __tablename__ = "personal_letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_up.id", ondelete="CASCADE"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    words: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
