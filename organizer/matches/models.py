"""Encounter, the private answers of the closing, and the matches."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from organizer.db import Base, Code, UtcDateTime, one_of
from organizer.domain.lifecycle import RunState
from organizer.registrations.models import Registration  # noqa: F401  (its table is pointed to)
from organizer.tokens import new_public_id


class Encounter(Base):
    """Two people have met at an event: one of them says they talked, or they sat at one table, or both.

    One row for an unordered pair (a < b). To sit together is not to have talked: what is made of an acquaintance
    asks for `talked`, what keeps the tables changing asks for `sat`.
    """

    __tablename__ = "encounter"
    __table_args__ = (
        UniqueConstraint("circle_id", "event_id", "a_id", "b_id"),
        CheckConstraint("a_id < b_id", name="ordered"),
        Index("ix_encounter_a", "a_id", "b_id"),
        Index("ix_encounter_b", "b_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    a_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    b_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    talked: Mapped[bool] = mapped_column(
        default=True, server_default=true(), comment="one of the two says so"
    )
    sat: Mapped[int] = mapped_column(
        default=0, server_default="0", comment="rounds that ended with both at one table"
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Closing(Base):
    """How far one person is with the closing of one event. `finished_at`: has answered it to the end at least once."""

    __tablename__ = "closing"
    __table_args__ = (UniqueConstraint("circle_id", "event_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Talk(Base):
    """That a person says they talked with another at an event (ordered: whose word it is)."""

    __tablename__ = "talk"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id", "other_id"),
        CheckConstraint("person_id <> other_id", name="not_oneself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Again(Base):
    """That a person wants to meet another again: private, and a row only while it stands.

    Withdrawing before it is mutual deletes the row, so that no trace is left.
    """

    __tablename__ = "again"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id", "other_id"),
        CheckConstraint("person_id <> other_id", name="not_oneself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Reveal(Base):
    """That both want to meet again: told to both, in the commit in which the second said so."""

    __tablename__ = "reveal"
    __table_args__ = (
        UniqueConstraint("event_id", "a_id", "b_id"),
        CheckConstraint("a_id < b_id", name="ordered"),
        Index("ix_reveal_a", "a_id"),
        Index("ix_reveal_b", "b_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    a_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    b_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class MatchRun(Base):
    """One generation of an event's matches, with the inputs that matter: "why these two?" can be answered later."""

    __tablename__ = "match_run"
    __table_args__ = (UniqueConstraint("circle_id", "event_id", "generation"), one_of("state", RunState))

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    generation: Mapped[int]
    state: Mapped[RunState] = mapped_column(Code(RunState))
    weights_version: Mapped[int]
    weights: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, server_default="{}", comment="what counted, in points (`domain.weights`)"
    )
    seed: Mapped[int] = mapped_column(default=0)
    work: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, comment="people, pairs, sum, bound: numbers only"
    )
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class Match(Base):
    """A pair worth going on with, and why. `reasons` are ids and codes (`domain.reasons`)."""

    __tablename__ = "match"
    __table_args__ = (
        UniqueConstraint("circle_id", "event_id", "generation", "a_id", "b_id"),
        CheckConstraint("a_id < b_id", name="ordered"),
        Index("ix_match_a", "a_id"),
        Index("ix_match_b", "b_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id", ondelete="CASCADE"), index=True)
    generation: Mapped[int]
    a_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    b_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    score: Mapped[int] = mapped_column(comment="in thousandths")
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    mutual: Mapped[bool] = mapped_column(default=False, comment="both said 'again' before the run")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ContactConsent(Base):
    """That a person lets another have their contact data; it is exchanged when both rows stand."""

    __tablename__ = "contact_consent"
    __table_args__ = (
        UniqueConstraint("person_id", "other_id"),
        CheckConstraint("person_id <> other_id", name="not_oneself"),
        Index("ix_contact_consent_other", "other_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
