"""One walk-in pressed 32 times at the same instant is one person; two people for the last seat are one.

So is one claim answered 32 times.
"""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from organizer.checkin import claims
from organizer.checkin.models import CheckIn, Claim
from organizer.db import Database
from organizer.domain.lifecycle import RegistrationState
from organizer.errors import Refused
from organizer.events.models import Event
from organizer.events.seats import counts
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.workflows import claiming, walking_in
from organizer.workflows.walking_in import Keeper, Newcomer
from tests.checkin.rows import make_evening
from tests.factories import NOW, make_person
from tests.races.conftest import ROUNDS, assert_noticed, at_once

SECRET = "secret-" * 6


def make_door(database: Database, cap: int) -> tuple[int, int]:
    """An evening with so many seats left, and its helper."""
    with database.transaction() as session:
        evening = make_evening(session)
        counts(session, evening.event.id)["event"].cap = cap
        return evening.event.id, evening.staff.id


def come(database: Database, event_id: int, staff_id: int, name: str, key: str) -> int | None:
    """The registration of a walk-in, or None from a full house."""
    with database.transaction() as session:
        event = session.scalars(
            select(Event).options(joinedload(Event.circle)).where(Event.id == event_id)
        ).one()
        newcomer, keeper = Newcomer(name, "", ""), Keeper(staff_id)
        try:
            row = walking_in.walk_in(session, event, newcomer, key, keeper, now=NOW, secret_key=SECRET)
        except Refused:
            return None
        return row.id


def in_the_house(database: Database, event_id: int) -> tuple[int, int, int]:
    """Registrations, arrivals and seats taken."""
    with database.transaction(writes=False) as session:
        rows = [
            session.scalar(select(func.count()).select_from(table).where(table.event_id == event_id)) or 0
            for table in (Registration, CheckIn)
        ]
        return rows[0], rows[1], counts(session, event_id)["event"].taken


def test_one_press_however_often_is_one_person(arena: Database) -> None:
    for _ in range(ROUNDS):
        event_id, staff_id = make_door(arena, 24)
        answers = at_once(lambda _n, e=event_id, s=staff_id: come(arena, e, s, "髙橋 玲子", "k" * 32))  # type: ignore[misc]
        assert len(set(answers)) == 1
        assert answers[0] is not None
        assert in_the_house(arena, event_id) == (1, 1, 1)


@pytest.mark.parametrize("cap", [1, 5])
def test_no_more_come_in_than_there_are_seats(arena: Database, cap: int) -> None:
    for _ in range(ROUNDS):
        event_id, staff_id = make_door(arena, cap)
        answers = at_once(lambda n, e=event_id, s=staff_id: come(arena, e, s, f"{n} 郎", f"{n:032}"))  # type: ignore[misc]
        assert sum(answer is not None for answer in answers) == cap
        assert in_the_house(arena, event_id) == (cap, cap, cap)


def race_for_a_walk_in(arena: Database, number: int) -> None:
    """It is claimed and taken back at the same instant. Raises AssertionError unless one of the two happens, once."""
    event_id, staff_id = make_door(arena, 24)
    address = f"reiko{number}@example.jp"
    registration_id = come(arena, event_id, staff_id, "髙橋 玲子", f"{number:032}")
    assert registration_id is not None
    with arena.transaction() as session:
        claim_id = session.scalars(select(Claim.id).where(Claim.registration_id == registration_id)).one()
        claiming.say(session, session.get_one(Claim, claim_id), address, {})

    def act(number: int) -> str:
        with arena.transaction() as session:
            if number % 2:
                event, row = session.get_one(Event, event_id), session.get_one(Registration, registration_id)
                return "taken back" if walking_in.undo(session, event, row, Keeper(staff_id), NOW) else ""
            person = claiming.who_gets(session, claim_id, address, NOW)
            if person is None:
                return ""
            person.email = person.email_folded = address
            return "claimed" if claiming.confirm(session, claim_id, address, person, NOW) else ""

    done = [one for one in at_once(act) if one]
    assert done in (["claimed"], ["taken back"])
    with arena.transaction(writes=False) as session:
        row = session.get_one(Registration, registration_id)
        claimed = session.get_one(Person, row.person_id).email is not None
    assert (row.state is RegistrationState.ADMITTED) == claimed == (done == ["claimed"])


def test_nobody_makes_a_place_their_own_and_finds_it_taken_back(arena: Database) -> None:
    for number in range(ROUNDS):
        race_for_a_walk_in(arena, number)


def test_the_race_sees_a_claim_that_is_not_locked(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking_in.claims, "of_registration", lambda *_: None)
    assert_noticed(lambda number: race_for_a_walk_in(broken_arena, number))


def test_one_yes_however_often_merges_once(arena: Database) -> None:
    event_id, staff_id = make_door(arena, 24)
    registration_id = come(arena, event_id, staff_id, "髙橋 玲子", "k" * 32)
    assert registration_id is not None
    with arena.transaction() as session:
        known = make_person(session)
        claim = claims.of_registration(session, registration_id)
        assert claim is not None
        claiming.ask(session, claim, known, NOW)
        claim_id, known_id = claim.id, known.id

    def say_yes(_: int) -> bool:
        with arena.transaction() as session:
            person = session.scalars(
                select(Person).options(joinedload(Person.profile)).where(Person.id == known_id)
            ).one()
            return claiming.agree(session, session.get_one(Claim, claim_id), person, {}, "ja", NOW)

    assert sum(at_once(say_yes)) == 1
    with arena.transaction(writes=False) as session:
        assert session.get_one(Registration, registration_id).person_id == known_id
    assert in_the_house(arena, event_id) == (1, 1, 1)
