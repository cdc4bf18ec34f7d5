"""The board watched while the door is busy: what it says was true of the log while it was asked."""

import threading

from sqlalchemy import func, select

from organizer.checkin import board
from organizer.checkin.models import CheckIn
from organizer.checkin.scanning import Asked, scan
from organizer.db import Database
from organizer.domain.ticketing import CheckInMethod
from tests.checkin.rows import make_evening
from tests.factories import NOW
from tests.races.conftest import THREADS, at_once


def log(database: Database, event_id: int) -> int:
    """How many check-ins stand."""
    query = select(func.count()).where(CheckIn.event_id == event_id, CheckIn.voided_at.is_(None))
    with database.transaction(writes=False) as session:
        return session.scalar(query) or 0


def test_it_never_says_more_than_the_log_and_says_all_of_it_in_the_end(arena: Database) -> None:
    with arena.transaction() as session:
        evening = make_evening(session, THREADS, capacity=60)
        event_id, public_id, credential = evening.event.id, evening.event.public_id, evening.credential
        codes = [guest.code for guest in evening.guests]
    looks: list[tuple[int, int, int]] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set() or not looks or looks[-1][0] < THREADS:  # one look after all were in
            before = log(arena, event_id)
            with arena.transaction(writes=False) as session:
                one = board.watched(session, event_id)
                said = board.figures(session, one)
            looks.append((before, said.arrived, log(arena, event_id)))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()

    def enter(number: int) -> None:
        with arena.transaction() as session:
            scan(
                session,
                credential,
                public_id,
                Asked(f"{number:032}", CheckInMethod.SCAN, code=codes[number]),
                NOW,
            )

    at_once(enter)
    done.set()
    watcher.join(60)
    assert not watcher.is_alive()
    assert all(before <= said <= after for before, said, after in looks)
    assert looks[-1] == (THREADS, THREADS, THREADS)
    assert [said for _, said, _ in looks] == sorted(said for _, said, _ in looks)
