"""The plans of an evening, their seats, the rounds with their clocks, and what the host says of somebody's seat."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from organizer.checkin.models import CheckIn  # noqa: F401  (who is there is asked of its table)
from organizer.db import Base, Code, UtcDateTime, one_of
from organizer.domain.rounds import PlanState, RoundState

PUBLISHED = "state = 'published'"
OPEN = "state IN ('wanted', 'solving', 'draft')"


class SeatingPlan(Base):
    """One generation of an evening's seats, of all its rounds; the begun rounds of a later one are those of `base_id`.

    At most one is published and at most one is on its way. `revision` grows with each change of its seats, so that
    two hosts who change it at once are told apart. `room` is what was seated, in the numbers of
    `domain.seating.Room`, with the ids of its people; who has blocked whom is not in it and is asked anew each time.
    """

    __tablename__ = "seating_plan"
    __table_args__ = (
        UniqueConstraint("circle_id", "event_id", "generation"),
        one_of("state", PlanState),
        CheckConstraint("rounds BETWEEN 1 AND 12", name="rounds_sane"),
        CheckConstraint("table_size BETWEEN 2 AND 12", name="table_size_sane"),
        Index(
            "uq_seating_plan_published",
            "circle_id",
            "event_id",
            unique=True,
            sqlite_where=text(PUBLISHED),
            postgresql_where=text(PUBLISHED),
        ),
        Index(
            "uq_seating_plan_open",
            "circle_id",
            "event_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        Index("ix_seating_plan_event", "event_id", "generation"),
        Index("ix_seating_plan_due", "state", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    generation: Mapped[int]
    base_id: Mapped[int | None] = mapped_column(
        ForeignKey("seating_plan.id", ondelete="SET NULL"), comment="the published plan it changes"
    )
    state: Mapped[PlanState] = mapped_column(Code(PlanState), default=PlanState.WANTED)
    rounds: Mapped[int]
    table_size: Mapped[int]
    from_round: Mapped[int] = mapped_column(
        default=1, comment="number of the first round whose seats it may change"
    )
    seed: Mapped[int] = mapped_column(default=0)
    work: Mapped[int] = mapped_column(default=0, comment="proposals of the search")
    weights: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, comment="with their version")
    room: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True)
    score: Mapped[int | None]
    bound: Mapped[int | None] = mapped_column(comment="no plan of this room scores more")
    worst: Mapped[int | None] = mapped_column(comment="share of the person who fares worst, in thousandths")
    relaxed: Mapped[bool] = mapped_column(default=False, comment="colleagues may share a table")
    reason: Mapped[str | None] = mapped_column(String(40), comment="why no lawful plan was found")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, comment="numbers and codes only")
    revision: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class Seat(Base):
    """Where one person sits in one round of a plan; rounds and tables are numbered from 1."""

    __tablename__ = "seat"
    __table_args__ = (
        UniqueConstraint("circle_id", "plan_id", "person_id", "round"),
        CheckConstraint("round >= 1 AND table_number >= 1", name="numbered_from_one"),
        Index("ix_seat_plan", "plan_id", "round", "table_number"),
        Index("ix_seat_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("seating_plan.id", ondelete="CASCADE"))
    round: Mapped[int]
    table_number: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))


class Round(Base):
    """One round of an evening and its clock (`domain.rounds.RoundClock`); its rows are made by the first publishing.

    `ends_at` is set while it runs, `left_seconds` while it is paused. `version` grows with every step, so that a
    step asked for twice is taken once.
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("circle_id", "event_id", "number"),
        one_of("state", RoundState),
        CheckConstraint("number >= 1", name="numbered_from_one"),
        CheckConstraint("minutes BETWEEN 1 AND 120", name="minutes_sane"),
        Index("ix_round_event", "event_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    number: Mapped[int]
    minutes: Mapped[int]
    state: Mapped[RoundState] = mapped_column(Code(RoundState), default=RoundState.PLANNED)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_seconds: Mapped[int | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    prompt: Mapped[str] = mapped_column(
        String(40), default="", comment="code of its talk prompt; empty: the one of its turn"
    )
    version: Mapped[int] = mapped_column(default=0)


class SeatingMark(Base):
    """What the host says of one person's seats tonight: a table of their own, when they come, when they leave."""

    __tablename__ = "seating_mark"
    __table_args__ = (
        UniqueConstraint("circle_id", "event_id", "person_id"),
        CheckConstraint("table_number IS NULL OR table_number >= 1", name="table_numbered_from_one"),
        CheckConstraint("first_round >= 1", name="first_round_sane"),
        CheckConstraint("last_round IS NULL OR last_round >= 0", name="last_round_sane"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    table_number: Mapped[int | None] = mapped_column(comment="sits at this table in every round")
    first_round: Mapped[int] = mapped_column(default=1)
    last_round: Mapped[int | None] = mapped_column(comment="leaves after it; 0: does not come at all")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
