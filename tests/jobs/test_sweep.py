"""Messages and tasks: each done once, none lost, whatever dies in between."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.db import Database
from organizer.domain.delivery import MessageState, SuppressionReason
from organizer.jobs import tasks
from organizer.jobs.models import Task, TaskState
from organizer.jobs.sweep import LEASE, Parcel, Sweeper
from organizer.mail import outbox
from organizer.mail.models import Message
from organizer.mail.transports import Fate, Outcome
from tests.factories import NOW


class Post:
    """Takes parcels and remembers them; answers with `outcome`, or raises `fault` where told to."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.outcome = Outcome(Fate.SENT)
        self.verdict: SuppressionReason | None = None
        self.dies: str = ""

    def compose(self, _session: Session, message: Message, _now: datetime) -> Parcel | SuppressionReason:
        number = message.id

        def send(words_flow: Callable[[], None]) -> Outcome:
            if self.dies == "before":
                raise KeyboardInterrupt
            words_flow()
            self.taken.append(number)
            if self.dies == "after":
                raise KeyboardInterrupt
            return self.outcome

        return self.verdict or Parcel(send)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def time() -> list[datetime]:
    """The sweeper's clock: change the one element to move it."""
    return [NOW]


@pytest.fixture
def work(both_databases: Database, post: Post, time: list[datetime]) -> Sweeper:
    return Sweeper(both_databases, lambda: time[0], post.compose)


@pytest.fixture
def doers() -> Iterator[dict[str, tasks.Do]]:
    """The register of tasks, put back afterwards."""
    before = dict(tasks.DOERS)
    yield tasks.DOERS
    tasks.DOERS.clear()
    tasks.DOERS.update(before)


def queue(database: Database, **values: object) -> int:
    with database.transaction() as session:
        message = outbox.post(session, "test", now=NOW, address="a@example.jp", **values)  # type: ignore[arg-type]
        return message.id


def state(database: Database, number: int) -> tuple[MessageState, str | None]:
    with database.transaction(writes=False) as session:
        message = session.get_one(Message, number)
        return message.state, message.reason


def test_a_due_message_leaves_once(both_databases: Database, work: Sweeper, post: Post) -> None:
    number = queue(both_databases)
    assert work.sweep() == 1
    assert work.sweep() == 0
    assert post.taken == [number]
    assert state(both_databases, number) == (MessageState.SENT, None)


def test_a_message_waits_for_its_time(
    both_databases: Database, work: Sweeper, post: Post, time: list[datetime]
) -> None:
    queue(both_databases, due_at=NOW + timedelta(minutes=10))
    assert work.sweep() == 0
    time[0] = NOW + timedelta(minutes=10)
    assert work.sweep() == 1
    assert len(post.taken) == 1


def test_the_same_cause_makes_one_message(both_databases: Database) -> None:
    assert queue(both_databases, once="ticket:7") == queue(both_databases, once="ticket:7")


def test_what_applies_no_more_is_suppressed(both_databases: Database, work: Sweeper, post: Post) -> None:
    number = queue(both_databases)
    post.verdict = SuppressionReason.EVENT_CANCELLED
    work.sweep()
    assert state(both_databases, number) == (MessageState.SUPPRESSED, "event_cancelled")
    assert post.taken == []


def test_not_now_is_tried_again(
    both_databases: Database, work: Sweeper, post: Post, time: list[datetime]
) -> None:
    number = queue(both_databases)
    post.outcome = Outcome(Fate.LATER, "451")
    work.sweep()
    assert state(both_databases, number)[0] is MessageState.QUEUED
    assert work.sweep() == 0, "not before its time"
    post.outcome = Outcome(Fate.SENT)
    time[0] = NOW + timedelta(minutes=11)
    work.sweep()
    assert state(both_databases, number)[0] is MessageState.SENT


def test_never_is_final(both_databases: Database, work: Sweeper, post: Post, time: list[datetime]) -> None:
    number = queue(both_databases)
    post.outcome = Outcome(Fate.REFUSED, "550")
    work.sweep()
    time[0] = NOW + timedelta(days=1)
    work.sweep()
    assert state(both_databases, number) == (MessageState.FAILED, "550")
    assert len(post.taken) == 1


def test_a_worker_dead_before_the_words_flowed_loses_nothing(
    both_databases: Database, work: Sweeper, post: Post, time: list[datetime]
) -> None:
    number = queue(both_databases)
    post.dies = "before"
    with pytest.raises(KeyboardInterrupt):
        work.sweep()
    post.dies = ""
    assert work.sweep() == 0, "the lease still stands"
    time[0] = NOW + LEASE + timedelta(seconds=1)
    work.sweep()
    assert post.taken == [number]
    assert state(both_databases, number)[0] is MessageState.SENT


def test_a_worker_dead_while_the_words_flowed_sends_nothing_twice(
    both_databases: Database, work: Sweeper, post: Post, time: list[datetime]
) -> None:
    number = queue(both_databases)
    post.dies = "after"
    with pytest.raises(KeyboardInterrupt):
        work.sweep()
    post.dies = ""
    for minutes in (3, 60, 600):
        time[0] = NOW + timedelta(minutes=minutes)
        work.sweep()
    assert post.taken == [number]
    assert state(both_databases, number) == (MessageState.UNKNOWN, "worker_died")


def test_a_message_taken_back_stays(both_databases: Database, work: Sweeper, post: Post) -> None:
    number = queue(both_databases, due_at=NOW + timedelta(minutes=10))
    with both_databases.transaction() as session:
        assert outbox.withdraw(session, [number], NOW, "undone") == 1
        assert outbox.withdraw(session, [number], NOW, "undone") == 0
        assert outbox.hasten(session, [number], NOW) == 0
    work.sweep()
    assert post.taken == []


def test_hasten_lets_a_message_leave_at_once(both_databases: Database, work: Sweeper, post: Post) -> None:
    number = queue(both_databases, due_at=NOW + timedelta(minutes=10))
    with both_databases.transaction() as session:
        assert outbox.hasten(session, [number], NOW) == 1
    work.sweep()
    assert post.taken == [number]


def test_a_task_is_done_once_at_its_time(
    both_databases: Database, work: Sweeper, doers: dict[str, tasks.Do], time: list[datetime]
) -> None:
    done: list[int] = []
    tasks.does("test_wave")(lambda _session, task, _now: bool(done.append(task.subject_id)) or True)
    with both_databases.transaction() as session:
        tasks.plan(session, "test_wave", 7, NOW + timedelta(hours=1), now=NOW)
        tasks.plan(session, "test_wave", 7, NOW + timedelta(hours=2), now=NOW)
    time[0] = NOW + timedelta(hours=1)
    assert work.sweep() == 0, "it was moved"
    time[0] = NOW + timedelta(hours=2)
    assert (work.sweep(), work.sweep()) == (1, 0)
    assert done == [7]
    with both_databases.transaction() as session:
        tasks.plan(session, "test_wave", 7, NOW, now=NOW)
    assert work.sweep() == 0, "what is done stays done"


def test_a_task_that_fails_leaves_nothing_and_is_tried_again(
    both_databases: Database, work: Sweeper, doers: dict[str, tasks.Do], time: list[datetime]
) -> None:
    tries: list[int] = []

    def stumble(session: Session, task: Task, now: datetime) -> bool:
        outbox.post(session, "test", now=now, address="half@example.jp")
        tries.append(task.attempts)
        if len(tries) == 1:
            raise RuntimeError("stumbled")
        return True

    tasks.does("test_stumble")(stumble)
    with both_databases.transaction() as session:
        tasks.plan(session, "test_stumble", 1, NOW, now=NOW)
    work.sweep()
    with both_databases.transaction() as session:
        assert session.scalars(select(Message)).all() == [], "rolled back with the task"
    time[0] = NOW + timedelta(minutes=11)
    work.sweep()
    assert tries == [1, 2]
    with both_databases.transaction() as session:
        assert session.scalars(select(Task.state)).one() is TaskState.DONE
        assert len(session.scalars(select(Message)).all()) == 1


def test_a_task_whose_cause_is_gone_is_dropped(
    both_databases: Database, work: Sweeper, doers: dict[str, tasks.Do]
) -> None:
    tasks.does("test_gone")(lambda *_: pytest.fail("it should not be done"))
    with both_databases.transaction() as session:
        tasks.plan(session, "test_gone", 1, NOW, now=NOW)
        tasks.drop(session, "test_gone", 1, now=NOW)
    assert work.sweep() == 0
    with both_databases.transaction() as session:
        assert session.scalars(select(Task.state)).one() is TaskState.DROPPED
