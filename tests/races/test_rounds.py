"""Tables asked for, published and started by many at once: one plan, one publishing, one start, one minute."""

from dataclasses import dataclass

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from organizer.db import Database
from organizer.domain.rounds import OPEN, PlanState, RoundState, RoundStep
from organizer.errors import Refused
from organizer.events.models import Event
from organizer.matches.models import Encounter
from organizer.people.models import Person
from organizer.rounds import changing, planning, queries, running, solving
from organizer.rounds.models import Round, Seat, SeatingPlan
from organizer.workflows import rounds
from tests.factories import NOW
from tests.races.conftest import ROUNDS, THREADS, at_once
from tests.rounds.rows import make_draft, make_meetup, publish_plan


@dataclass(frozen=True)
class Hall:
    """An evening, by ids; two hosts press at once."""

    event_id: int
    people: tuple[int, ...]
    hosts: tuple[int, int]


def make_hall(database: Database, stage: str = "") -> Hall:
    with database.transaction() as session:
        meetup = make_meetup(session, 8, rounds=2)
        if stage == "draft":
            make_draft(session, meetup)
        if stage == "published":
            publish_plan(session, meetup)
        return Hall(meetup.event.id, tuple(meetup.ids), (meetup.host.id, meetup.helper.id))


def plans(database: Database, hall: Hall) -> list[SeatingPlan]:
    with database.transaction(writes=False) as session:
        query = select(SeatingPlan).where(SeatingPlan.event_id == hall.event_id)
        return list(session.scalars(query.order_by(SeatingPlan.generation)))


@pytest.mark.parametrize("_again", range(ROUNDS))
def test_two_hosts_ask_for_tables_and_there_is_one_plan(arena: Database, _again: int) -> None:
    hall = make_hall(arena)

    def ask(number: int) -> int:
        with arena.transaction() as session:
            event = session.get_one(Event, hall.event_id)
            host = session.get_one(Person, hall.hosts[number % 2])
            return planning.ask(session, event, after=0, by=host, now=NOW).id

    assert len(set(at_once(ask))) == 1
    assert [plan.generation for plan in plans(arena, hall)] == [1]


@pytest.mark.parametrize("_again", range(ROUNDS))
def test_two_hosts_ask_for_tables_of_an_evening_not_held(arena: Database, _again: int) -> None:
    """Without the lock on the event: the unique keys alone keep it to one plan on its way."""
    hall = make_hall(arena)

    def insert(number: int) -> bool:
        try:
            with arena.transaction() as session:
                event = session.get_one(Event, hall.event_id)
                where = {"circle_id": event.circle_id, "event_id": event.id, "rounds": 2, "table_size": 4}
                session.add(SeatingPlan(**where, generation=1 + number, state=PlanState.WANTED, asked_at=NOW))
        except IntegrityError:
            return False
        return True

    assert sum(at_once(insert)) == 1


@pytest.mark.parametrize("_again", range(ROUNDS))
def test_many_workers_claim_and_one_has_it(arena: Database, _again: int) -> None:
    hall = make_hall(arena)
    with arena.transaction() as session:
        others = update(SeatingPlan).where(SeatingPlan.state.in_(OPEN))
        session.execute(others.values(state=PlanState.SUPERSEDED))
        event, host = session.get_one(Event, hall.event_id), session.get_one(Person, hall.hosts[0])
        wanted = planning.ask(session, event, after=0, by=host, now=NOW).id

    def claim(number: int) -> int | None:
        with arena.transaction() as session:
            plan = solving.claim(session, f"worker {number}", NOW)
            return plan.id if plan else None

    assert [found for found in at_once(claim) if found] == [wanted]


@pytest.mark.parametrize("_again", range(ROUNDS))
def test_publishing_twice_is_once(arena: Database, _again: int) -> None:
    hall = make_hall(arena, "draft")

    def publish(number: int) -> int:
        with arena.transaction() as session:
            event = session.get_one(Event, hall.event_id)
            host = session.get_one(Person, hall.hosts[number % 2])
            return rounds.publish(session, event, generation=1, revision=0, by=host, now=NOW).id

    assert len(set(at_once(publish))) == 1
    with arena.transaction(writes=False) as session:
        assert [row.number for row in queries.rounds_of(session, hall.event_id)] == [1, 2]


@pytest.mark.parametrize("_again", range(ROUNDS))
def test_one_start_one_minute_one_end(arena: Database, _again: int) -> None:
    hall = make_hall(arena, "published")

    def act(step: str, number: int) -> bool:
        with arena.transaction() as session:
            event = session.get_one(Event, hall.event_id)
            by = session.get_one(Person, hall.hosts[number % 2])
            if step == "start":
                return rounds.start(session, event, 1, by=by, now=NOW)
            if step == "end":
                return rounds.end(session, event, 1, by=by, now=NOW)
            return running.take(session, event, 1, RoundStep.ADD_MINUTE, by=by, now=NOW, version=1)

    for step in ("start", "minute", "end"):
        assert sum(at_once(lambda number, step=step: act(step, number))) == 1, step
    with arena.transaction(writes=False) as session:
        row = session.scalars(select(Round).where(Round.event_id == hall.event_id, Round.number == 1)).one()
        assert (row.state, row.version) == (RoundState.ENDED, 3)
        met = select(Encounter.sat).where(Encounter.event_id == hall.event_id)
        assert session.scalars(met).all() == [1] * 12, "two tables of four"


@pytest.mark.parametrize("_again", range(ROUNDS))
def test_of_many_who_change_the_same_draft_one_does(arena: Database, _again: int) -> None:
    hall = make_hall(arena, "draft")
    plan = plans(arena, hall)[0]
    with arena.transaction(writes=False) as session:
        tables = queries.tables_in(session, plan.id, 1)

    def swap(number: int) -> bool:
        one, other = tables[1][number % 4], tables[2][number // 4 % 4]
        try:
            with arena.transaction() as session:
                event = session.get_one(Event, hall.event_id)
                by = session.get_one(Person, hall.hosts[number % 2])
                seen = {"generation": 1, "revision": 0}
                where = {"number": 1, "one": one, "other": other}
                changing.swap(session, event, barred=(), by=by, now=NOW, **seen, **where)
        except Refused:
            return False
        return True

    assert sum(at_once(swap)) == 1
    with arena.transaction(writes=False) as session:
        seats = select(func.count()).select_from(Seat).where(Seat.plan_id == plan.id)
        assert session.scalar(seats) == 16
        assert {len(people) for people in queries.tables_in(session, plan.id, 1).values()} == {4}


def test_as_many_threads_as_there_are_fingers() -> None:
    assert THREADS >= 8
