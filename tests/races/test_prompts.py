"""Many hosts and workers, the same prompts, the same instant: one prompt for each, three a day, one letter a day.

Each race has a twin without the guard, and passes when the race notices.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import MetaData, UniqueConstraint, func, select, text, update
from sqlalchemy.orm import Session

from organizer import create_app
from organizer.clock import clock
from organizer.config import Config
from organizer.db import Database
from organizer.domain.cadence import PER_DAY
from organizer.domain.delivery import MessageState
from organizer.domain.trust import ContactKind
from organizer.followups import days, service, stopping
from organizer.followups.models import FollowUp
from organizer.jobs.sweep import Sweeper
from organizer.mail.models import Message
from organizer.people.models import Person
from organizer.ties import service as ties
from organizer.ties.models import Contact, Tie
from organizer.worker import sweeper
from tests.factories import NOW, make_person
from tests.followups.rows import MORNING, make_evening, make_follow_up
from tests.races.conftest import ROUNDS, assert_noticed, at_once
from tests.smtp import SmtpSink


def without(database: Database, *columns: str) -> None:
    """Take the unique key of these columns away from the prompts; the table is empty still."""
    bare = MetaData(naming_convention=FollowUp.metadata.naming_convention)
    for table in FollowUp.metadata.sorted_tables:
        table.to_metadata(bare)
    table = bare.tables["follow_up"]
    guard = next(
        one
        for one in table.constraints
        if isinstance(one, UniqueConstraint) and tuple(one.columns.keys()) == columns
    )
    table.constraints.remove(guard)
    with database.engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("DROP TABLE personal_letter"))
        connection.execute(text("DROP TABLE follow_up"))
        bare.create_all(connection, tables=[table, bare.tables["personal_letter"]])


# planning after the matches


def plan_at_once(database: Database) -> None:
    """32 workers publish the same matches. Raises AssertionError unless each of a pair is prompted once."""
    with database.transaction() as session:
        evening = make_evening(session, 4)
        pairs, event_id, ids = evening.pairs, evening.event.id, [person.id for person in evening.people]

    def plan(number: int) -> int:
        with database.transaction() as session:
            event = session.get_one(type(evening.event), event_id)
            turned = pairs if number % 2 else [(b, a, match) for a, b, match in reversed(pairs)]
            return service.plan_after_matches(session, event, turned, NOW)

    new = at_once(plan)
    with database.transaction(writes=False) as session:
        rows = session.execute(
            select(FollowUp.person_id, FollowUp.other_id).where(FollowUp.person_id.in_(ids))
        ).all()
    assert len(rows) == len(set(rows)) == 2 * len(pairs)
    assert sum(new) == len(rows)


def test_each_prompt_is_planned_once(arena: Database) -> None:
    for _ in range(ROUNDS):
        plan_at_once(arena)


def test_without_its_key_prompts_are_doubled(broken_arena: Database) -> None:
    without(broken_arena, "person_id", "other_id", "step", "due_period")
    assert_noticed(lambda _: plan_at_once(broken_arena))


# putting on days


def make_due(database: Database) -> list[int]:
    """Three people with five prompts each that are due at MORNING."""
    with database.transaction() as session:
        people = [make_person(session) for _ in range(3)]
        others = [make_person(session) for _ in range(5)]
        for person in people:
            for other in others:
                make_follow_up(session, person, other)
        return [person.id for person in people]


def put_at_once(database: Database, ids: list[int]) -> None:
    """32 workers sweep on two mornings. Raises AssertionError when a slot is given twice, or four on a day."""
    for day in range(2):

        def sweep(_: int, moment: datetime = MORNING + timedelta(days=day)) -> int:
            with database.transaction() as session:
                return days.put_on_their_days(session, moment)

        at_once(sweep)
    slots = Counter((row.person_id, row.local_date, row.slot) for row in put(database, ids) if row.slot)
    assert max(slots.values()) == 1
    assert max(Counter((person_id, day) for person_id, day, _ in slots).values()) <= PER_DAY


def put(database: Database, ids: list[int]) -> Sequence[FollowUp]:
    """The prompts that were due, without those that follow them."""
    query = select(FollowUp).where(FollowUp.person_id.in_(ids), FollowUp.due_period == "2026-Q4")
    with database.transaction(writes=False) as session:
        return session.scalars(query).all()


def check_letters(database: Database, ids: list[int]) -> None:
    """Raises AssertionError unless each prompt is carried by the one letter of its day, and followed by one other."""
    rows = put(database, ids)
    assert all(row.slot is not None and row.message_id is not None for row in rows), "none is left behind"
    days_of = {(row.person_id, row.local_date) for row in rows}
    assert len(days_of) == len({row.message_id for row in rows}) == 2 * len(ids)
    with database.transaction(writes=False) as session:
        posted = select(func.count(Message.id)).where(Message.kind == days.KIND, Message.person_id.in_(ids))
        following = select(func.count(FollowUp.id)).where(
            FollowUp.person_id.in_(ids), FollowUp.due_period != "2026-Q4"
        )
        assert session.scalar(posted) == len(days_of)
        assert session.scalar(following) == len(rows)


def test_three_a_day_whoever_sweeps(arena: Database) -> None:
    for _ in range(ROUNDS):
        ids = make_due(arena)
        put_at_once(arena, ids)
        check_letters(arena, ids)


def test_workers_that_share_one_person_give_a_slot_twice(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: nobody holds the person, each worker takes a part of the prompts, and no key minds."""
    without(broken_arena, "person_id", "local_date", "slot")
    waiting, taken, turn = days._waiting, days._taken, count()

    def a_part(
        session: Session, person: Person, now: datetime
    ) -> list[tuple[FollowUp, str | None, int | None]]:
        mine = next(turn) % 2
        return [one for one in waiting(session, person, now) if one[0].id % 2 == mine]

    def look_away(session: Session, person: Person, day: date, letter: Message | None) -> set[int]:
        seen = taken(session, person, day, letter)
        session.commit()
        time.sleep(0.05)
        return seen

    def unheld(session: Session, ids: Sequence[int]) -> Sequence[Person]:
        return session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id)).all()

    monkeypatch.setattr(days, "_held", unheld)
    monkeypatch.setattr(days, "_waiting", a_part)
    monkeypatch.setattr(days, "_taken", look_away)
    monkeypatch.setattr(days, "_carry", lambda *_: None)
    assert_noticed(lambda _: put_at_once(broken_arena, make_due(broken_arena)))


# meeting


def test_two_meet_once_whoever_says_so(arena: Database) -> None:
    for _ in range(ROUNDS):
        with arena.transaction() as session:
            one, other = make_person(session).id, make_person(session).id

        def meet(number: int, pair: tuple[int, int] = (one, other)) -> bool:
            a, b = pair if number % 2 else pair[::-1]
            with arena.transaction() as session:
                return ties.meet(session, a, b, event_id=None, kind=ContactKind.CALL, key="call", at=NOW)

        assert sum(at_once(meet)) == 1
        with arena.transaction(writes=False) as session:
            ids = (one, other)
            contacts = session.scalar(select(func.count(Contact.id)).where(Contact.a_id.in_(ids)))
            held = session.scalar(select(func.count(Tie.id)).where(Tie.person_id.in_(ids)))
        assert (contacts, held) == (1, 2)


# unsubscribing


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


def stop_amid_sending(database: Database, config: Config, sink: SmtpSink, people: int = 24) -> None:
    """Everybody unsubscribes while four workers send. Raises AssertionError when one that was stopped arrives."""
    sink.delay_seconds = 0.005
    with database.transaction() as session:
        session.execute(update(Message).values(state=MessageState.SUPPRESSED))  # those of earlier races
        written = [make_person(session) for _ in range(people)]
        other = make_person(session)
        for person in written:
            make_follow_up(session, person, other)
        addresses = {person.id: person.email or "" for person in written}
        days.put_on_their_days(session, MORNING)
    settings = replace(config, smtp_url=sink.url)
    work = [sweeper(create_app(settings, database), settings) for _ in range(4)]
    clock.source = lambda: MORNING
    ids = sorted(addresses)

    def act(number: int) -> list[int]:
        return list(stop_each(database, ids[::-1])) if number == 0 else [work[number - 1].sweep() and 0]

    stopped = at_once(act, 5)[0]
    came = {recipient for letter in sink.letters for recipient in letter.recipients} & set(addresses.values())
    assert not came & {addresses[one] for one in stopped}
    assert len(came) + len(stopped) == people


def stop_each(database: Database, ids: list[int]) -> Iterator[int]:
    """Unsubscribe one after the other; gives those whose letter was stopped by it."""
    for one in ids:
        with database.transaction() as session:
            stopping.stop(session, one, MORNING)
            mine = select(Message.state).where(Message.person_id == one, Message.kind == days.KIND)
            state = session.scalars(mine).one()
        if state is MessageState.SUPPRESSED:
            yield one


def test_no_letter_leaves_after_its_person_has_unsubscribed(
    arena: Database, config: Config, sink: SmtpSink
) -> None:
    stop_amid_sending(arena, config, sink)


def test_a_worker_that_does_not_look_again_sends_what_was_stopped(
    broken_arena: Database, config: Config, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: right before the words flow nobody asks whether the letter still may leave."""
    monkeypatch.setattr(Sweeper, "_words_flow", lambda _self, _message_id: time.sleep(0.02))

    assert_noticed(lambda _: stop_amid_sending(broken_arena, config, sink))
