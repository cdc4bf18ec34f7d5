"""One sweep: every row that is due is claimed, looked at again, acted on once and marked."""

import logging
import os
import socket
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from organizer.db import Database
from organizer.domain.delivery import MessageState, SuppressionReason, retry_at
from organizer.jobs.models import Task, TaskState
from organizer.jobs.tasks import DOERS, EACH_SWEEP
from organizer.mail.models import Message
from organizer.mail.transports import Fate, Outcome

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)


@dataclass(frozen=True)
class Parcel:
    """A composed mail, ready to be handed over by `send`, which calls its argument right before the words flow."""

    send: Callable[[Callable[[], None]], Outcome]


ComposeMessage = Callable[[Session, Message, datetime], Parcel | SuppressionReason]


@dataclass
class Sweeper:
    """Does what is due, in one process or several at once: tasks, then the steps of each sweep, then mails."""

    database: Database
    now: Callable[[], datetime]
    compose: ComposeMessage
    name: str = field(
        default_factory=lambda: f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    )

    def sweep(self, at_most: int = 500) -> int:
        """Do up to `at_most` pieces of what is due; gives how many were done."""
        done = 0
        while done < at_most and self._one_task():
            done += 1
        for step in EACH_SWEEP:
            with self.database.transaction() as session:
                step(session, self.now())
        self._give_up_on_the_cut_off()
        while done < at_most and self._one_message():
            done += 1
        return done

    def _claim(self, query: Select[int], table: type[Task] | type[Message]) -> int | None:
        with self.database.transaction() as session:
            now = self.now()
            if not self.database.sqlite:
                query = query.with_for_update(skip_locked=True)
            found = session.scalar(query.limit(1))
            if found is not None:
                claim = {
                    "claimed_by": self.name,
                    "claimed_until": now + LEASE,
                    "attempts": table.attempts + 1,
                }
                session.execute(update(table).where(table.id == found).values(claim))
            return found

    def _one_task(self) -> bool:
        now = self.now()
        free = or_(Task.claimed_until.is_(None), Task.claimed_until < now)
        due = (
            select(Task.id)
            .where(Task.state == TaskState.WAITING, Task.due_at <= now, free)
            .order_by(Task.due_at, Task.id)
        )
        task_id = self._claim(due, Task)
        if task_id is None:
            return False
        try:
            self._do(task_id)
        except Exception:
            log.exception("task %s failed", task_id)
            self._put_off(task_id)
        return True

    def _do(self, task_id: int) -> None:
        with self.database.transaction() as session:
            now = self.now()
            task = session.get_one(Task, task_id, with_for_update=not self.database.sqlite)
            if task.state is not TaskState.WAITING or task.claimed_by != self.name:
                return
            did = DOERS[task.name](session, task, now)
            if task.state is TaskState.WAITING and task.due_at <= now:
                task.state, task.ended_at = (TaskState.DONE if did else TaskState.DROPPED), now
            task.claimed_by = task.claimed_until = None

    def _put_off(self, task_id: int) -> None:
        with self.database.transaction() as session:
            task = session.get_one(Task, task_id)
            again = retry_at(task.attempts, task.due_at, self.now())
            if again is None:
                task.state, task.ended_at = TaskState.FAILED, self.now()
            else:
                task.claimed_by, task.claimed_until = None, again

    def _give_up_on_the_cut_off(self) -> None:
        """Mails whose worker died while their words flowed may have arrived: they end as unknown, and are
        never repeated.
        """
        now = self.now()
        cut_off = (
            update(Message)
            .where(Message.state == MessageState.SENDING, Message.claimed_until < now)
            .values(state=MessageState.UNKNOWN, reason="worker_died", ended_at=now)
        )
        with self.database.transaction() as session:
            session.execute(cut_off)

    def _one_message(self) -> bool:
        now = self.now()
        free = or_(Message.claimed_until.is_(None), Message.claimed_until < now)
        due = select(Message.id).where(Message.state == MessageState.QUEUED, Message.due_at <= now, free)
        message_id = self._claim(due.order_by(Message.due_at, Message.id), Message)
        if message_id is None:
            return False
        try:
            parcel = self._compose(message_id)
        except Exception:
            log.exception("message %s could not be composed", message_id)
            self._end(message_id, Outcome(Fate.LATER, "compose"))
            return True
        if parcel is not None:
            try:
                outcome = parcel.send(lambda: self._words_flow(message_id))
            except LostClaim:
                return True
            self._end(message_id, outcome)
        return True

    def _compose(self, message_id: int) -> Parcel | None:
        with self.database.transaction() as session:
            now = self.now()
            message = session.get_one(Message, message_id)
            if message.state is not MessageState.QUEUED or message.claimed_by != self.name:
                return None
            made = self.compose(session, message, now)
            if isinstance(made, Parcel):
                return made
            message.state, message.reason, message.ended_at = MessageState.SUPPRESSED, made.value, now
            return None

    def _words_flow(self, message_id: int) -> None:
        mine = Message.id == message_id, Message.state == MessageState.QUEUED, Message.claimed_by == self.name
        flowing = {"state": MessageState.SENDING, "claimed_until": self.now() + LEASE}
        with self.database.transaction() as session:
            moved = session.execute(update(Message).where(*mine).values(flowing)).rowcount  # type: ignore[attr-defined]
            if moved != 1:
                raise LostClaim(message_id)

    def _end(self, message_id: int, outcome: Outcome) -> None:
        with self.database.transaction() as session:
            now = self.now()
            message = session.get_one(Message, message_id)
            later = outcome.fate is Fate.LATER
            again = retry_at(message.attempts, message.due_at, now) if later else None
            if again is not None:
                message.state, message.claimed_by, message.claimed_until = MessageState.QUEUED, None, again
                return
            fates = {Fate.SENT: MessageState.SENT, Fate.UNKNOWN: MessageState.UNKNOWN}
            message.state = fates.get(outcome.fate, MessageState.FAILED)
            message.reason, message.ended_at = outcome.code or None, now


class LostClaim(Exception):
    """Another worker has taken this message over; it must not leave twice."""
