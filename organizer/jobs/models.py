"""Task: one piece of work that must happen at its time, once."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from organizer.db import Base, Code, UtcDateTime, one_of

OPEN = "state = 'waiting'"


class TaskState(StrEnum):
    """How a task stands. `dropped`: when its time came it applied no more."""

    WAITING = "waiting"
    DONE = "done"
    DROPPED = "dropped"
    FAILED = "failed"


class Task(Base):
    """Work named by (name, subject): a reminder of an event, the making of its matches, a host's daily letter.

    Claimed by one UPDATE with a lease; its effects and its `done` are one transaction, so doing it twice is
    impossible and a killed worker only
    delays it.
    """

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("name", "subject_id", "period"),
        one_of("state", TaskState),
        Index("ix_task_due", "due_at", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    period: Mapped[str] = mapped_column(String(20), default="", comment="a date where the work comes again")
    circle_id: Mapped[int | None]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[TaskState] = mapped_column(Code(TaskState), default=TaskState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
