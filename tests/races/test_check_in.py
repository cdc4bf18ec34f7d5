"""Many phones, one ticket, the same instant: one arrival, and the others are told who was first.

Each race has a twin that runs it on a door whose guard was taken away, and passes when the race notices.
"""

import secrets
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.engine import Connection

from organizer.checkin import scanning, statements
from organizer.checkin.models import CheckIn, Scan
from organizer.checkin.scanning import Answer, Asked, scan
from organizer.db import Database
from organizer.domain.ticketing import CheckInMethod, ScanResult
from tests.checkin.rows import make_evening
from tests.factories import NOW
from tests.races.conftest import ROUNDS, THREADS, at_once

DOORS = ("入口A", "入口B")


@dataclass(frozen=True)
class Ticket:
    """One ticket, and the browser that scans it."""

    event_id: int
    event: str
    code: str
    registration: str
    reference: str

    def scan(self, database: Database, key: str, door: str = "") -> Answer:
        """A whole scan: a transaction of its own."""
        with database.transaction() as session:
            asked = Asked(key, CheckInMethod.SCAN, code=self.code, door=door)
            return scan(session, self.reference, self.event, asked, NOW)


def make_ticket(database: Database) -> Ticket:
    with database.transaction() as session:
        evening = make_evening(session, 1)
        guest = evening.guests[0]
        found = evening.event.public_id, guest.code, guest.registration.public_id, evening.reference
        return Ticket(evening.event.id, *found)


def count(database: Database, table: type[CheckIn] | type[Scan], event_id: int) -> int:
    with database.transaction(writes=False) as session:
        return session.scalar(select(func.count()).select_from(table).where(table.event_id == event_id)) or 0


def race_for_one_ticket(database: Database, ticket: Ticket) -> None:
    """32 phones at two doors scan one ticket. Raises AssertionError unless one is let in and all are told the truth."""
    answers = at_once(lambda number: ticket.scan(database, secrets.token_hex(16), DOORS[number % 2]))
    assert count(database, CheckIn, ticket.event_id) == 1
    admitted = [answer for answer in answers if answer.result is ScanResult.ADMITTED]
    others = [answer for answer in answers if answer.result is ScanResult.ALREADY]
    assert (len(admitted), len(others)) == (1, THREADS - 1)
    with database.transaction(writes=False) as session:
        door = session.scalars(select(CheckIn.door).where(CheckIn.event_id == ticket.event_id)).one()
    assert {(other.first_at, other.first_door) for other in others} == {(NOW, door)}
    assert count(database, Scan, ticket.event_id) == THREADS


def race_with_one_key(database: Database, ticket: Ticket) -> None:
    """The same request arrives 32 times at once. Raises AssertionError unless it is one scan with one answer."""
    key = secrets.token_hex(16)
    answers = at_once(lambda _: ticket.scan(database, key, DOORS[0]))
    assert count(database, Scan, ticket.event_id) == 1
    assert count(database, CheckIn, ticket.event_id) == 1
    assert set(answers) == {answers[0]}
    assert answers[0].result is ScanResult.ADMITTED


def test_one_ticket_enters_once(arena: Database) -> None:
    for _ in range(ROUNDS):
        race_for_one_ticket(arena, make_ticket(arena))


def test_one_key_is_one_scan(arena: Database) -> None:
    for _ in range(ROUNDS):
        race_with_one_key(arena, make_ticket(arena))


def test_a_scan_and_a_search_at_the_same_instant_let_one_in(arena: Database) -> None:
    for _ in range(ROUNDS):
        ticket = make_ticket(arena)

        def take_in(number: int, ticket: Ticket = ticket) -> Answer:
            asked = Asked(secrets.token_hex(16), CheckInMethod.SEARCH, registration=ticket.registration)
            if number % 2:
                return ticket.scan(arena, secrets.token_hex(16))
            with arena.transaction() as session:
                return scan(session, ticket.reference, ticket.event, asked, NOW)

        results = [answer.result for answer in at_once(take_in, 8)]
        assert results.count(ScanResult.ADMITTED) == 1
        assert count(arena, CheckIn, ticket.event_id) == 1


def test_the_race_for_one_ticket_sees_a_missing_guard(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A door that decides by what it saw before, with nothing in the database to stop it."""
    with broken_arena.transaction() as session:
        session.execute(text("DROP INDEX uq_check_in_standing"))
    returned = (CheckIn.id, CheckIn.scan_id, CheckIn.at, CheckIn.door)
    plain = insert(CheckIn).returning(*returned)
    monkeypatch.setattr(statements, "ARRIVE", {"sqlite": plain, "postgresql": plain})
    ticket = make_ticket(broken_arena)
    with broken_arena.engine.connect() as connection:
        seen = scanning._see(connection, ticket.event_id, Asked("", CheckInMethod.SCAN, code=ticket.code))
    monkeypatch.setattr(scanning, "_see", lambda *_: seen)
    with pytest.raises(AssertionError):
        race_for_one_ticket(broken_arena, ticket)


def test_the_race_with_one_key_sees_a_key_that_is_not_looked_at(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = scanning._row

    def forgetful(*given: Any) -> dict[str, Any]:
        return row(*given) | {"key": secrets.token_hex(16)}

    monkeypatch.setattr(scanning, "_row", forgetful)
    with pytest.raises(AssertionError):
        race_with_one_key(broken_arena, make_ticket(broken_arena))


def test_the_race_sees_a_scan_told_again_by_its_state(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A door that answers a repeated request by what stands now: "already in", to the phone that let the person in."""
    told = scanning._tell_again

    def by_state(connection: Connection, row: Any, asked: Asked) -> Answer:
        answer = told(connection, row, asked)
        return scanning.Answer(
            ScanResult.ALREADY, None, NOW, "", answer.card, answer.arrived, answer.expected
        )

    monkeypatch.setattr(scanning, "_tell_again", by_state)
    with pytest.raises(AssertionError):
        race_with_one_key(broken_arena, make_ticket(broken_arena))
