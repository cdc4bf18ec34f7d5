"""Many phones, one ticket, the same instant: one arrival, and the others are told who was first.

Each race has a twin that runs it on a door whose guard was taken away, and passes when the race notices.
"""

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import bindparam, func, insert, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import MultipleResultsFound
from sqlalchemy.orm import Session, joinedload

from organizer.checkin import late, scanning, statements
from organizer.checkin.batch import scan_all
from organizer.checkin.models import CheckIn, Scan
from organizer.checkin.queries import present_ids
from organizer.checkin.scanning import PLAIN, Answer, Asked, Credential, Means, Place, scan
from organizer.circles import tokens
from organizer.circles.models import Membership
from organizer.db import Database
from organizer.domain.door import TokenScope
from organizer.domain.lifecycle import Barrier, RegistrationState, RegistrationStep
from organizer.domain.ticketing import CheckInMethod, ScanResult
from organizer.errors import Refused
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.registrations.deciding import Wanted, decide_all, find
from organizer.registrations.models import Registration
from organizer.tokens import digest
from organizer.workflows.applying import give_up
from tests.checkin.rows import Evening, Guest, make_evening
from tests.factories import NOW
from tests.races.conftest import ROUNDS, THREADS, assert_noticed, at_once

DOORS = ("入口A", "入口B")


@dataclass(frozen=True)
class Ticket:
    """One ticket, and the browser that scans it."""

    event_id: int
    event: str
    code: str
    registration: str
    credential: Credential
    host_id: int

    def scan(self, database: Database, key: str, door: str = "", **values: Any) -> Answer:
        """A whole scan: a transaction of its own."""
        with database.transaction() as session:
            asked = Asked(key, CheckInMethod.SCAN, code=self.code, door=door, **values)
            return scan(session, self.credential, self.event, asked, NOW)


def make_ticket(database: Database, means: Means = Means.SIGN_IN) -> Ticket:
    with database.transaction() as session:
        evening = make_evening(session, 1)
        guest = evening.guests[0]
        credential = evening.credential if means is Means.SIGN_IN else evening.device()[1]
        if means is Means.TOKEN:
            credential = Credential(means, make_token(session, evening))
        return ticket_of(evening, guest, credential)


def ticket_of(evening: Evening, guest: Guest, credential: Credential) -> Ticket:
    event, registration = evening.event, guest.registration
    return Ticket(event.id, event.public_id, guest.code, registration.public_id, credential, evening.owner.id)


def make_token(session: Session, evening: Evening) -> str:
    """A token of the owner's for the door."""
    place = session.scalars(select(Membership).where(Membership.person_id == evening.owner.id)).one()
    return tokens.make(session, place, name="", scope=TokenScope.DOOR, days=30, now=NOW)[1]


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


def _rounds(means: Means) -> int:
    """Callers differ in their first statement alone: one of them races often, the others enough."""
    return ROUNDS if means is Means.DEVICE else -(-ROUNDS // 4)


@pytest.mark.parametrize("means", list(Means))
def test_one_ticket_enters_once(arena: Database, means: Means) -> None:
    for _ in range(_rounds(means)):
        race_for_one_ticket(arena, make_ticket(arena, means))


@pytest.mark.parametrize("means", list(Means))
def test_one_key_is_one_scan(arena: Database, means: Means) -> None:
    for _ in range(_rounds(means)):
        race_with_one_key(arena, make_ticket(arena, means))


def race_of_reports(database: Database, ticket: Ticket) -> None:
    """Eight phones that were without a network tell of the same ticket at once, each twice over.

    Raises AssertionError unless there is one arrival, the earliest, and every report is kept.
    """

    def report(number: int) -> ScanResult:
        at = NOW - timedelta(minutes=1 + number // 2)
        values = {"at": at, "offline": True, "told": ScanResult.ADMITTED}
        return ticket.scan(database, f"{number:032}", DOORS[number % 2], **values).result

    at_once(report, 16)
    with database.transaction(writes=False) as session:
        query = select(CheckIn.at, CheckIn.door).where(CheckIn.event_id == ticket.event_id)
        came = session.execute(query.where(CheckIn.voided_at.is_(None))).all()
    assert [tuple(row) for row in came] == [(NOW - timedelta(minutes=8), DOORS[0])]
    assert count(database, Scan, ticket.event_id) == 16


def race_of_batches(database: Database, ticket: Ticket, others: list[str]) -> None:
    """Phones send the same people in different orders, all at once. Raises unless each arrives once."""
    codes = [ticket.code, *others]

    def send(number: int) -> list[object]:
        with database.transaction() as session:
            event = session.get_one(Event, ticket.event_id)
            mixed = sorted(codes, key=lambda code: digest(f"{number}{code}"))
            asked = [
                Asked(secrets.token_hex(16), CheckInMethod.SCAN, code=code, at=NOW, offline=True)
                for code in mixed
            ]
            return list(scan_all(session, Place(event.id, event.circle_id, None), asked, NOW))

    at_once(send, 8)
    assert count(database, CheckIn, ticket.event_id) == len(codes)
    assert count(database, Scan, ticket.event_id) == 8 * len(codes)


def test_reports_of_one_ticket_at_once_are_one_arrival(arena: Database) -> None:
    for _ in range(ROUNDS):
        race_of_reports(arena, make_ticket(arena, Means.DEVICE))


def test_batches_of_the_same_people_do_not_wait_for_each_other_for_ever(arena: Database) -> None:
    for _ in range(ROUNDS):
        with arena.transaction() as session:
            evening = make_evening(session, 6)
            first, *others = evening.guests
            ticket = ticket_of(evening, first, evening.credential)
            codes = [guest.code for guest in others]
        race_of_batches(arena, ticket, codes)


def race_with_a_cancellation(database: Database, ticket: Ticket) -> None:
    """The ticket is scanned while its person cancels. Raises AssertionError unless exactly one of the two succeeds."""

    def act(number: int) -> bool:
        if number:
            return ticket.scan(database, secrets.token_hex(16)).result is ScanResult.ADMITTED
        with database.transaction() as session:
            whole = joinedload(Registration.event).joinedload(Event.circle)
            query = select(Registration).options(whole, joinedload(Registration.person))
            row = session.scalars(query.where(Registration.public_id == ticket.registration)).one()
            try:
                return give_up(session, row, by=row.person, now=NOW)
            except Refused as refused:
                if refused.reason is not Barrier.ARRIVED:
                    raise
                return False

    cancelled, entered = at_once(act, 2)
    assert cancelled is not entered
    with database.transaction(writes=False) as session:
        query = select(Registration.state).where(Registration.public_id == ticket.registration)
        state = session.scalars(query).one()
    assert (state is RegistrationState.CANCELLED) is cancelled
    assert count(database, CheckIn, ticket.event_id) == int(entered)


def coming_up(database: Database) -> Ticket:
    """A ticket to an event that has not begun: only then can its person still cancel."""
    with database.transaction() as session:
        evening = make_evening(session, 1, starts_at=NOW + timedelta(minutes=30))
        return ticket_of(evening, evening.guests[0], evening.credential)


def test_an_entry_and_a_cancellation_never_both_succeed(arena: Database) -> None:
    for _ in range(2 * ROUNDS):
        race_with_a_cancellation(arena, coming_up(arena))


def race_with_a_host(
    database: Database, ticket: Ticket, arrived: Callable[[Session], Callable[[], Collection[int]]]
) -> None:
    """The ticket is scanned while a host declines it. Raises AssertionError unless exactly one of the two succeeds."""

    def act(number: int) -> bool:
        if number:
            return ticket.scan(database, secrets.token_hex(16)).result is ScanResult.ADMITTED
        with database.transaction() as session:
            event = session.get_one(Event, ticket.event_id, options=[joinedload(Event.circle)])
            row = find(session, event, [ticket.registration])[ticket.registration]
            host = session.get_one(Person, ticket.host_id)
            there = arrived(session)
            taken = decide_all(
                session, event, [Wanted(row)], RegistrationStep.DECLINE, by=host, now=NOW, arrived=there
            )
            assert [refused.reason for _, refused in taken.refused] in ([], [Barrier.ARRIVED])
            return bool(taken.done)

    declined, entered = at_once(act, 2)
    assert declined is not entered
    assert count(database, CheckIn, ticket.event_id) == int(entered)


def test_an_entry_and_a_hosts_no_never_both_succeed(arena: Database) -> None:
    for _ in range(2 * ROUNDS):
        ticket = make_ticket(arena)
        race_with_a_host(arena, ticket, lambda session, at=ticket: partial(present_ids, session, at.event_id))


def test_the_race_with_a_host_sees_a_desk_that_looked_before_who_was_there(broken_arena: Database) -> None:
    assert_noticed(
        lambda _: race_with_a_host(broken_arena, make_ticket(broken_arena), lambda _session: frozenset)
    )


def test_a_scan_and_a_search_at_the_same_instant_let_one_in(arena: Database) -> None:
    for _ in range(ROUNDS):
        ticket = make_ticket(arena)

        def take_in(number: int, ticket: Ticket = ticket) -> Answer:
            asked = Asked(secrets.token_hex(16), CheckInMethod.SEARCH, registration=ticket.registration)
            if number % 2:
                return ticket.scan(arena, secrets.token_hex(16))
            with arena.transaction() as session:
                return scan(session, ticket.credential, ticket.event, asked, NOW)

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
    plain = statements.arriving(insert).returning(*returned)
    monkeypatch.setattr(statements, "ARRIVE", {"sqlite": plain, "postgresql": plain})
    see = scanning._see

    def one_round(_: int) -> None:
        ticket = make_ticket(broken_arena)
        with broken_arena.engine.connect() as connection:
            asked = Asked("", CheckInMethod.SCAN, code=ticket.code)
            seen = see(connection, ticket.event_id, asked, PLAIN)
        monkeypatch.setattr(scanning, "_see", lambda *_: seen)
        race_for_one_ticket(broken_arena, ticket)

    assert_noticed(one_round)


def test_the_race_with_one_key_sees_a_key_that_is_not_looked_at(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = scanning.row_of

    def forgetful(*given: Any) -> dict[str, Any]:
        return row(*given) | {"key": secrets.token_hex(16)}

    monkeypatch.setattr(scanning, "row_of", forgetful)
    assert_noticed(lambda _: race_with_one_key(broken_arena, make_ticket(broken_arena)))


def test_the_race_sees_a_scan_told_again_by_its_state(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A door that answers a repeated request by what stands now: "already in", to the phone that let the person in."""
    told = scanning.tell_again

    def by_state(connection: Connection, *given: Any) -> Answer:
        answer = told(connection, *given)
        return scanning.Answer(
            ScanResult.ALREADY, None, NOW, "", answer.card, answer.arrived, answer.expected
        )

    monkeypatch.setattr(scanning, "tell_again", by_state)
    assert_noticed(lambda _: race_with_one_key(broken_arena, make_ticket(broken_arena)))


def test_the_race_of_reports_sees_a_door_that_does_not_look_who_came_before(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with broken_arena.transaction() as session:
        session.execute(text("DROP INDEX uq_check_in_standing"))
    monkeypatch.setattr(late, "_standing", lambda *_: None)
    assert_noticed(lambda _: race_of_reports(broken_arena, make_ticket(broken_arena)), MultipleResultsFound)


def test_the_race_with_a_cancellation_sees_an_entry_by_what_was_seen_before(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A door that lets in by the state it looked up, whatever has become of it."""
    see, seen = scanning._see, {}

    def early(connection: Connection, event_id: int, asked: Asked, *given: Any) -> Any:
        return seen.get(event_id) or see(connection, event_id, asked, *given)

    def unasked(make: Any) -> Any:
        ids = {name: bindparam(name) for name in ("registration_id", "scan_id", "method", "door", "at")}
        new = make(CheckIn).values(**ids, **seen["place"])
        return new.returning(CheckIn.id, CheckIn.scan_id, CheckIn.at, CheckIn.door)

    monkeypatch.setattr(scanning, "_see", early)

    def one_round(_: int) -> None:
        ticket = coming_up(broken_arena)
        with broken_arena.engine.connect() as connection:
            asked = Asked("", CheckInMethod.SCAN, code=ticket.code)
            seen[ticket.event_id] = see(connection, ticket.event_id, asked, PLAIN)
            circle_id = connection.scalars(select(Event.circle_id).where(Event.id == ticket.event_id)).one()
        seen["place"] = {"circle_id": circle_id, "event_id": ticket.event_id}
        monkeypatch.setattr(statements, "ARRIVE", dict.fromkeys(("sqlite", "postgresql"), unasked(insert)))
        race_with_a_cancellation(broken_arena, ticket)

    assert_noticed(one_round)
