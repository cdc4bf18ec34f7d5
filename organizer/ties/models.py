"""Tie, Contact, Promise, Insight and Goal."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from organizer.db import Base, Code, UtcDateTime, one_of
from organizer.domain.trust import ContactKind, TiePurpose
from organizer.domain.vocabulary import Horizon
from organizer.matches.models import Match  # noqa: F401  (its table is pointed to)
from organizer.tokens import new_public_id


class Tie(Base):
    """What one person holds about another: private to `person_id` (ordered pair).

    Note and rank are in no export but one's own.

    `let_go_at`: "not this person", unseen by the other; nothing prompts, seats or matches the two again.
    """

    __tablename__ = "tie"
    __table_args__ = (
        UniqueConstraint("person_id", "other_id"),
        UniqueConstraint("person_id", "rank"),
        CheckConstraint("person_id <> other_id", name="not_oneself"),
        CheckConstraint("rank BETWEEN 1 AND 5", name="five_in_focus"),
        one_of("purpose", TiePurpose),
        Index("ix_tie_other", "other_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    purpose: Mapped[TiePurpose | None] = mapped_column(Code(TiePurpose))
    note: Mapped[str] = mapped_column(Text, default="")
    rank: Mapped[int | None] = mapped_column(comment="1 to 5: on the focus list")
    first_event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    let_go_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Contact(Base):
    """One touch between two people; shared, one row for an unordered pair (a < b).

    `key` is its natural name (`event:7`, `followup:31`), unique for the pair, so that the same touch is never
    counted twice.
    """

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("a_id", "b_id", "key"),
        CheckConstraint("a_id < b_id", name="ordered"),
        one_of("kind", ContactKind),
        Index("ix_contact_b", "b_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    a_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    b_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[ContactKind] = mapped_column(Code(ContactKind))
    key: Mapped[str] = mapped_column(String(60))
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), comment="who noted it"
    )
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Promise(Base):
    """What a person said they would do for another, and by when."""

    __tablename__ = "promise"
    __table_args__ = (
        Index("ix_promise_person", "person_id", "kept_at"),
        Index("ix_promise_other", "other_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    words: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Insight(Base):
    """The one thought, phrase or decision that a person takes home from an event."""

    __tablename__ = "insight"
    __table_args__ = (UniqueConstraint("person_id", "event_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    words: Mapped[str] = mapped_column(String(400))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    today_words: Mapped[str] = mapped_column(
        String(400), default="", comment="asked again later: how would you decide today?"
    )
    today_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Goal(Base):
    """What a person is after, at one of three horizons, and how far they have got."""

    __tablename__ = "goal"
    __table_args__ = (
        UniqueConstraint("person_id", "horizon"),
        one_of("horizon", Horizon),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress_percent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    horizon: Mapped[Horizon] = mapped_column(Code(Horizon))
    words: Mapped[str] = mapped_column(String(200))
    progress: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
