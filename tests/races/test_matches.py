"""Matches asked for by many at once, wishes said at the same instant, a block in the middle.

Each race has a twin that runs it on a guard that was taken away, and passes when the race notices.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count as count_from

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.db import Database
from organizer.domain.delivery import FollowUpState
from organizer.domain.fit import WEIGHTS_V1
from organizer.domain.lifecycle import RunState
from organizer.events.models import Event
from organizer.followups import service as followups
from organizer.followups.models import FollowUp
from organizer.mail.models import Message
from organizer.matches import closing, making
from organizer.matches.models import Again, Match, MatchRun, Reveal
from organizer.matches.places import place_of
from organizer.matches.queries import mutual_pairs, newest_run, own_matches
from organizer.people.blocks import block
from organizer.people.models import Person
from organizer.workflows import closing as evening_ends
from organizer.workflows.blocking import block_person
from organizer.workflows.closing import make_matches, publish_matches
from organizer.workflows.looking_back import say_again
from tests.factories import NOW
from tests.matches.rows import LATER, make_evening
from tests.races.conftest import PATIENCE_SECONDS, ROUNDS, THREADS, assert_noticed, at_once

Say = Callable[[Database, "Two", int], None]


@dataclass(frozen=True)
class Two:
    """An event of few people, and two of them."""

    event_id: int
    public_id: str
    a: int
    b: int


def make_two(database: Database, people: int = 2, *, held: bool = False, made: bool = False) -> Two:
    with database.transaction() as session:
        evening = make_evening(session, people, holds_matches=held)
        if made:
            make_matches(session, evening.event.id, LATER)
        a, b, *_ = evening.people
        return Two(evening.event.id, evening.event.public_id, a.id, b.id)


def count(session: Session, table: type[Match] | type[MatchRun] | type[Reveal], event_id: int) -> int:
    return session.scalar(select(func.count()).select_from(table).where(table.event_id == event_id)) or 0


def mails(session: Session, event_id: int, kind: str) -> list[int | None]:
    query = select(Message.person_id).where(Message.event_id == event_id, Message.kind == kind)
    return sorted(session.scalars(query), key=str)


# --- the matches, once ----------------------------------------------------------------------------------------------


def race_to_make(database: Database, *, held: bool = False) -> None:
    """32 ask for the matches at once. Raises AssertionError unless there is one generation, told to each once."""
    two = make_two(database, 5, held=held)

    def ask(number: int) -> int:
        with database.transaction() as session:
            return make_matches(session, two.event_id, LATER, by_id=two.a if number % 2 else None).id

    runs = at_once(ask)
    with database.transaction(writes=False) as session:
        assert count(session, MatchRun, two.event_id) == 1
        assert len(set(runs)) == 1
        assert count(session, Match, two.event_id) == 7
        told = mails(session, two.event_id, "matches_held" if held else "matches")
        assert len(told) == len(set(told)) == (1 if held else 5)


def race_to_send(database: Database) -> None:
    """32 send held matches at once. Raises AssertionError unless exactly one call does."""
    two = make_two(database, 4, held=True, made=True)

    def send(_: int) -> bool:
        with database.transaction() as session:
            run = newest_run(session, two.event_id)
            assert run is not None
            return publish_matches(session, run, LATER)

    answers = at_once(send)
    with database.transaction(writes=False) as session:
        assert answers.count(True) == 1
        assert len(mails(session, two.event_id, "matches")) == 4


@pytest.mark.parametrize("held", [False, True])
def test_whatever_is_pressed_they_are_made_once(arena: Database, held: bool) -> None:
    for _ in range(ROUNDS):
        race_to_make(arena, held=held)


def test_held_matches_are_sent_once(arena: Database) -> None:
    for _ in range(ROUNDS):
        race_to_send(arena)


def test_the_race_sees_a_generation_that_is_never_looked_for(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = count_from(1)

    def claim(session: Session, event: Event, now: object) -> tuple[MatchRun, bool]:
        run = MatchRun(
            circle_id=event.circle_id,
            event_id=event.id,
            generation=next(numbers),
            state=RunState.MADE,
            weights_version=WEIGHTS_V1.version,
            made_at=LATER,
        )
        session.add(run)
        session.flush()
        return run, True

    monkeypatch.setattr(making, "claim", claim)
    assert_noticed(lambda _: race_to_make(broken_arena))


def test_the_race_sees_a_sending_that_does_not_ask_who_was_first(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(session: Session, run: MatchRun, now: object) -> bool:
        run.state = RunState.PUBLISHED
        return True

    monkeypatch.setattr(f"{__name__}.publish_matches", send)
    assert_noticed(lambda _: race_to_send(broken_arena))


# --- a mutual wish, to both in one commit ---------------------------------------------------------------------------


def say(database: Database, two: Two, number: int) -> None:
    """One of the two says it: a transaction of its own."""
    one, other = (two.a, two.b) if number % 2 else (two.b, two.a)
    with database.transaction() as session:
        say_again(session, place_of(session, one, two.public_id), {other}, NOW)


def race_to_say(database: Database, how: Say = say) -> None:
    """Both say it at the same instant, 16 times each. Raises AssertionError unless both are told, once."""
    two = make_two(database, made=True)
    at_once(lambda number: how(database, two, number))
    with database.transaction(writes=False) as session:
        assert mutual_pairs(session, two.event_id) == {(two.a, two.b)}
        assert count(session, Reveal, two.event_id) == 1
        assert mails(session, two.event_id, "mutual_again") == sorted([two.a, two.b], key=str)


def test_both_are_told_once(arena: Database) -> None:
    for _ in range(ROUNDS):
        race_to_say(arena)


def test_the_race_sees_a_wish_that_looked_before_it_spoke(broken_arena: Database) -> None:
    """Each looks whether the other has said it, all wait for one another, and then each writes: nobody tells."""
    looked = threading.Barrier(THREADS)

    def careless(database: Database, two: Two, number: int) -> None:
        one, other = (two.a, two.b) if number % 2 else (two.b, two.a)
        with database.transaction(writes=False) as session:
            said = one in closing.wanted_again(session, two.event_id, other)
        looked.wait(PATIENCE_SECONDS)
        with database.transaction() as session:
            place = place_of(session, one, two.public_id)
            closing.save_agains(session, place, {other}, NOW)
            if said:
                evening_ends.reveal(session, two.event_id, one, other, NOW)

    assert_noticed(lambda _: race_to_say(broken_arena, careless))


def test_said_and_taken_back_at_once_ends_in_one_of_two_ways(arena: Database) -> None:
    """Either both were told and it stands, or nothing is left: never one of the two alone."""
    for _ in range(ROUNDS):
        two = make_two(arena, made=True)
        say(arena, two, 0)

        def act(number: int, two: Two = two) -> None:
            if number % 2:
                say(arena, two, 1)
                return
            with arena.transaction() as session:
                say_again(session, place_of(session, two.b, two.public_id), set(), NOW)

        at_once(act, 8)
        with arena.transaction(writes=False) as session:
            revealed = count(session, Reveal, two.event_id)
            assert len(mails(session, two.event_id, "mutual_again")) == 2 * revealed
            wishes = select(Again.person_id).where(Again.event_id == two.event_id)
            assert set(session.scalars(wishes)) == ({two.a, two.b} if revealed else {two.a})


# --- a block in the middle ------------------------------------------------------------------------------------------


def race_with_a_block(database: Database) -> None:
    """A block while held matches go out. Raises AssertionError unless nothing of the pair is left on any surface."""
    two = make_two(database, 3, held=True, made=True)

    def act(number: int) -> None:
        with database.transaction() as session:
            if number:
                run = newest_run(session, two.event_id)
                assert run is not None
                publish_matches(session, run, LATER)
            else:
                block_person(session, session.get_one(Person, two.b), session.get_one(Person, two.a), LATER)

    at_once(act, 4)
    with database.transaction(writes=False) as session:
        for one in (two.a, two.b):
            seen = {(match.a_id, match.b_id) for match in own_matches(session, two.event_id, one)}
            assert (two.a, two.b) not in seen
        waiting = select(FollowUp.id).where(
            FollowUp.person_id.in_((two.a, two.b)),
            FollowUp.other_id.in_((two.a, two.b)),
            FollowUp.state == FollowUpState.WAITING,
        )
        assert session.scalars(waiting).all() == []


def test_a_block_wins_whatever_comes_first(arena: Database) -> None:
    for _ in range(ROUNDS):
        race_with_a_block(arena)


def test_the_race_sees_a_list_without_a_last_look(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followups, "barred_pairs", lambda *_: set())
    monkeypatch.setattr(making, "sweep", lambda *_: None)

    def row_alone(session: Session, person: Person, other: Person, now: datetime) -> None:
        block(session, person.id, other.id, now)

    monkeypatch.setattr(f"{__name__}.block_person", row_alone)
    assert_noticed(lambda _: race_with_a_block(broken_arena))
