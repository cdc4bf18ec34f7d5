"""Work with a due time: writing it down, and the register of the functions that do it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizer.db import Database, after_commit
from organizer.jobs.knock import knock
from organizer.jobs.models import Task, TaskState

Do = Callable[[Session, Task, datetime], bool]
DOERS: dict[str, Do] = {}


def does(name: str) -> Callable[[Do], Do]:
    """Register the function that does tasks of a name.

    It gets (session, task, now), looks again whether the work still applies, and gives whether it did it.
    Its writes and the task's `done` are one commit.
    """

    def register(do: Do) -> Do:
        if name in DOERS:
            raise ValueError(f"two functions do {name}")
        DOERS[name] = do
        return do

    return register


def plan(
    session: Session,
    name: str,
    subject_id: int,
    due_at: datetime,
    *,
    now: datetime,
    circle_id: int | None = None,
    period: str = "",
) -> Task:
    """The task of that name, subject and period, due at `due_at`: made, or moved if it still waits. One
    that is done stays done.
    """
    query = select(Task).where(Task.name == name, Task.subject_id == subject_id, Task.period == period)
    task = session.scalar(query)
    if task is None:
        task = Task(name=name, subject_id=subject_id, period=period, circle_id=circle_id, due_at=due_at)
        try:
            with session.begin_nested():
                session.add(task)
        except IntegrityError:
            task = session.scalars(query).one()  # another planned it at the same instant
    elif task.state in (TaskState.WAITING, TaskState.DROPPED):
        task.state, task.due_at = TaskState.WAITING, due_at
    session.flush()
    if due_at <= now:
        after_commit(session, knock)
    return task


def drop(session: Session, name: str, subject_id: int, *, now: datetime, period: str = "") -> None:
    """Let a waiting task of that name be: its cause is gone."""
    query = select(Task).where(Task.name == name, Task.subject_id == subject_id, Task.period == period)
    task = session.scalar(query)
    if task is not None and task.state is TaskState.WAITING:
        task.state, task.ended_at = TaskState.DROPPED, now


EachSweep = Callable[[Session, datetime], None]
EACH_SWEEP: list[EachSweep] = []


def each_sweep(step: EachSweep) -> EachSweep:
    """Register a step of every sweep: it turns other due rows into tasks or messages, in a transaction of its own."""
    EACH_SWEEP.append(step)
    return step


Lane = Callable[[Database, Callable[[], datetime], str], bool]
LANES: list[Lane] = []


def lane(step: Lane) -> Lane:
    """Register work that takes seconds and cannot wait behind a sweep: it gets threads of its own in the worker.

    It is called with (database, clock, a name for its claims), opens short transactions of its own, looks by itself
    whether anything is due, and gives whether there was.
    """
    LANES.append(step)
    return step
