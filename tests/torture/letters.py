"""Workers are killed with -9 while they send, at a mail server that puts off, hangs up and stalls: no
letter lost, none twice.
"""

import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from organizer.domain.delivery import MessageState
from organizer.mail.models import Message
from organizer.mail.outbox import post
from organizer.running.children import Child
from tests.e2e.live import Live
from tests.factories import NOW, make_circle, make_event, make_person, make_registration
from tests.smtp import Mood, SmtpSink

LETTERS_A_KILL = 6
PUTS_OFF, HANGS_UP, HANGS_UP_AFTER = 0.10, 0.03, 0.03
OPEN = (MessageState.QUEUED, MessageState.SENDING)
LEASE_OVER = timedelta(minutes=3)
PATIENCE_SECONDS = 180.0
PUT_OFF_OVER = timedelta(hours=1)


class MoodySink(SmtpSink):
    """A mail server in whose moods chance decides."""

    def __init__(self, luck: random.Random) -> None:
        super().__init__()
        self.luck = luck
        self.cuts = 0

    def _mood(self, addresses: list[str]) -> Mood:
        time.sleep(self.luck.random() * 0.02)
        drawn = self.luck.random()
        if drawn < PUTS_OFF / 2:  # asked at the recipient and at the text
            return Mood.DEFER
        if drawn < PUTS_OFF / 2 + HANGS_UP:
            self.cuts += 1
            return Mood.HANG_UP
        if drawn < PUTS_OFF / 2 + HANGS_UP + HANGS_UP_AFTER:
            self.cuts += 1
            return Mood.HANG_UP_AFTER
        return Mood.TAKE


@dataclass
class LetterFigures:
    """What came of it.

    `twice`: arrived more than once; `lost`: said to be sent, and never seen; `unfinished`: without an end when time
    was up; `unknown`: cut off amid its words, of which `unknown_arrived` did arrive.
    """

    kills: int = 0
    letters: int = 0
    sent: int = 0
    unknown: int = 0
    unknown_arrived: int = 0
    twice: int = 0
    lost: int = 0
    unfinished: int = 0
    failed: int = 0

    @property
    def sound(self) -> bool:
        """Whether none was lost and none came twice."""
        return not (self.twice or self.lost or self.unfinished)


class _Post:
    """A house without its web, whose workers are started and killed; its clock runs ahead of ours."""

    def __init__(self, folder: Path, sink: MoodySink, database_url: str | None) -> None:
        self.house = Live(folder, database_url)
        self.house.environ["ORGANIZER_SMTP_URL"] = sink.url
        self.sink = sink
        self.moment: datetime = NOW

    def worker(self) -> Child:
        """A new worker."""
        child = Child("worker", [sys.executable, "-m", "organizer.cli", "worker"], self.house.environ)
        child.start()
        return child

    def later(self, by: timedelta = LEASE_OVER) -> None:
        """Let the leases of the dead run out, and what was put off come due."""
        self.moment += by
        self.house.move_clock(self.moment)

    def waiting(self) -> int:
        """How many letters a worker has something to do about now: not those that are put off."""
        put_off = Message.claimed_by.is_(None) & (Message.claimed_until > self.moment)
        due = Message.state.in_(OPEN), func.coalesce(put_off, False).is_(False)
        with self.house.database.transaction(writes=False) as session:
            return session.scalar(select(func.count()).select_from(Message).where(*due)) or 0

    def open(self) -> int:
        """How many letters have no end yet."""
        with self.house.database.transaction(writes=False) as session:
            return (
                session.scalar(select(func.count()).select_from(Message).where(Message.state.in_(OPEN))) or 0
            )


def kill_the_workers(
    folder: Path, kills: int, database_url: str | None = None, seed: int = 1
) -> LetterFigures:
    """So many kills amid sending, then time for the rest; gives what became of each letter."""
    luck = random.Random(seed)
    figures = LetterFigures(letters=kills * LETTERS_A_KILL)
    with MoodySink(luck) as sink:
        office = _Post(folder, sink, database_url)
        addresses = _write(office.house, figures.letters)
        while figures.kills < kills and office.open():
            child = office.worker()
            _wait_for_some(office, luck)
            time.sleep(luck.random() * 0.05)
            child.kill()
            figures.kills += 1
            office.later()
        _finish(office)
        _count(office, addresses, figures)
        office.house.database.dispose()
        office.house._listener.close()
    return figures


def _write(house: Live, letters: int) -> dict[int, str]:
    """So many letters that are due, each to a person of its own; message id → address."""
    with house.rows() as session:
        circle = make_circle(session, make_person(session))
        event = make_event(session, circle)
        written = {}
        for number in range(letters):
            person = make_person(session, email=f"torture{number}@example.jp")
            row = make_registration(session, event, person)
            ids = {"circle_id": circle.id, "event_id": event.id, "registration_id": row.id}
            message = post(session, "applied", now=NOW, person_id=person.id, once=f"applied:{row.id}", **ids)
            written[message.id] = person.email or ""
        return written


def _wait_for_some(office: _Post, luck: random.Random) -> None:
    goal = len(office.sink.letters) + luck.randrange(1, LETTERS_A_KILL)
    deadline = time.monotonic() + 15
    while len(office.sink.letters) < goal and office.open() and time.monotonic() < deadline:
        time.sleep(0.005)


def _finish(office: _Post) -> None:
    """Workers that nobody kills, with a clock that moves on until nothing is open."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while office.open() and time.monotonic() < deadline:
        office.later(PUT_OFF_OVER)
        child = office.worker()
        while office.waiting() and time.monotonic() < deadline:
            time.sleep(0.05)
        child.ask_to_end()
        time.sleep(0.2)
        child.kill()


def _count(office: _Post, addresses: dict[int, str], figures: LetterFigures) -> None:
    arrived = Counter(recipient for letter in office.sink.letters for recipient in letter.recipients)
    with office.house.database.transaction(writes=False) as session:
        states = {row.id: row.state for row in session.scalars(select(Message))}
    for message_id, address in addresses.items():
        state, count = states[message_id], arrived[address]
        figures.twice += count > 1
        figures.sent += state is MessageState.SENT
        figures.failed += state is MessageState.FAILED
        figures.unknown += state is MessageState.UNKNOWN
        figures.unknown_arrived += state is MessageState.UNKNOWN and count > 0
        figures.unfinished += state in OPEN
        figures.lost += state is MessageState.SENT and count == 0
