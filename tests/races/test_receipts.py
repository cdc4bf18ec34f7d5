"""Many receipts of one circle, the same instant: no number twice, none left out, one receipt a payment.

The race has a twin whose writers do not wait for each other, and passes when the race notices.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from organizer.checkin import fees, receipts
from organizer.checkin.models import Receipt
from organizer.checkin.receipts import Wording
from organizer.circles.models import Circle
from organizer.db import Database
from organizer.events.models import Event
from organizer.registrations.models import Registration
from tests import databases
from tests.checkin.rows import make_evening
from tests.factories import NOW
from tests.races.conftest import ROUNDS, THREADS, assert_noticed, at_once

PEOPLE = THREADS // 2
WORDING = Wording("田中 様", "参加費として")


def race_for_numbers(database: Database) -> None:
    """Two at each of 16 payments. Raises AssertionError unless the numbers are 1 to 16, each told to both."""
    with database.transaction() as session:
        evening = make_evening(session, PEOPLE, capacity=60)
        for guest in evening.guests:
            fees.take_fee(session, evening.event, guest.registration.public_id, now=NOW, by_id=None)
        ids, circle_id = [guest.registration.id for guest in evening.guests], evening.circle.id

    def write(number: int) -> tuple[int, int]:
        with database.transaction() as session:
            row = session.get_one(Registration, ids[number % PEOPLE])
            event = session.get_one(Event, row.event_id)
            event.circle = session.get_one(Circle, circle_id)
            asked = {"now": NOW, "by_id": None, "corrects": True}
            return row.id, receipts.issue(session, event, row, WORDING, **asked).number  # type: ignore[arg-type]

    told = at_once(write)
    with database.transaction(writes=False) as session:
        written = session.scalars(select(Receipt).where(Receipt.circle_id == circle_id)).all()
    assert sorted(row.number for row in written) == list(range(1, PEOPLE + 1))
    assert {row.printed for row in written} == {2}
    assert len(set(told)) == PEOPLE


def test_numbers_follow_each_other_however_many_write(arena: Database) -> None:
    for _ in range(ROUNDS):
        race_for_numbers(arena)


@pytest.fixture
def own_postgres(worker_id: str) -> Iterator[Database]:
    """A PostgreSQL of one test alone: on SQLite writers take turns whatever a service does."""
    with databases.postgres(worker_id) as url:
        database = Database(url, pool_size=THREADS)
        yield database
        database.dispose()


def test_the_race_notices_writers_that_do_not_wait(
    own_postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "_wait_for_turn", lambda *_: None)
    assert_noticed(lambda _: race_for_numbers(own_postgres), IntegrityError)
