"""Many hosts, one last seat, the same instant: never more taken than there are.

The race has a twin with a way of taking seats that decides by what it saw before, and passes when the race notices.
"""

from collections.abc import Callable, Iterable

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from organizer.db import Database
from organizer.events import seats
from organizer.events.models import Event, SeatCount
from organizer.events.service import targets_of
from tests.factories import make_circle, make_event, make_target
from tests.races.conftest import ROUNDS, THREADS, assert_noticed, at_once

Take = Callable[[Session, int, Iterable[str]], list[str]]


def make_room(database: Database, capacity: int, ceiling: int | None = None) -> tuple[int, list[str]]:
    """An event with so many seats, and a target profile: its id, and the keys a seat is taken in."""
    with database.transaction() as session:
        event = make_event(session, make_circle(session), capacity=max(2, capacity))
        target = make_target(session, event, ceiling=ceiling)
        seats.set_caps(session, event, [target])
        session.execute(
            update(SeatCount)
            .where(SeatCount.event_id == event.id, SeatCount.key == "event")
            .values(cap=capacity)
        )
        return event.id, [seats.WHOLE, seats.key_of(target.id)]


def taken(database: Database, event_id: int) -> dict[str, tuple[int, int]]:
    with database.transaction(writes=False) as session:
        return {key: (row.taken, row.cap) for key, row in seats.counts(session, event_id).items()}


def race_for_seats(database: Database, cap: int, take: Take = seats.take) -> None:
    """32 hosts admit one each. Raises AssertionError unless exactly as many get a seat as there are seats."""
    event_id, keys = make_room(database, cap)

    def admit(_: int) -> list[str]:
        with database.transaction() as session:
            return take(session, event_id, keys)

    answers = at_once(admit)
    assert answers.count([]) == min(cap, THREADS)
    assert answers.count([seats.WHOLE]) == THREADS - min(cap, THREADS)
    assert taken(database, event_id)[seats.WHOLE] == (min(cap, THREADS), cap)


@pytest.mark.parametrize("cap", [1, 7, 40])
def test_never_more_are_admitted_than_there_are_seats(arena: Database, cap: int) -> None:
    for _ in range(ROUNDS):
        race_for_seats(arena, cap)


def test_the_race_sees_a_seat_that_is_taken_by_what_was_seen_before(arena: Database) -> None:
    def trusting(session: Session, event_id: int, keys: Iterable[str]) -> list[str]:
        """Counts on from what it saw before the others began."""
        session.execute(
            update(SeatCount)
            .where(SeatCount.event_id == event_id, SeatCount.key == seats.WHOLE)
            .values(taken=0 + 1)
        )
        return []

    assert_noticed(lambda _: race_for_seats(arena, 7, trusting))


def test_a_full_ceiling_takes_no_seat_of_the_event_either(arena: Database) -> None:
    for _ in range(ROUNDS):
        event_id, keys = make_room(arena, 20, ceiling=5)

        def admit(_: int, event_id: int = event_id, keys: list[str] = keys) -> list[str]:
            with arena.transaction() as session:
                return seats.take(session, event_id, reversed(keys))

        answers = at_once(admit)
        assert answers.count([]) == 5
        assert answers.count([keys[1]]) == THREADS - 5
        assert taken(arena, event_id) == {keys[0]: (5, 20), keys[1]: (5, 5)}


def test_seats_that_come_and_go_add_up(arena: Database) -> None:
    for _ in range(ROUNDS):
        event_id, keys = make_room(arena, 6, ceiling=4)

        def come_and_go(number: int, event_id: int = event_id, keys: list[str] = keys) -> bool:
            with arena.transaction() as session:
                if seats.take(session, event_id, keys):
                    return False
            if number % 2:
                with arena.transaction() as session:
                    seats.release(session, event_id, keys)
            return number % 2 == 0

        staying = sum(at_once(come_and_go))
        assert taken(arena, event_id) == {keys[0]: (staying, 6), keys[1]: (staying, 4)}


def test_a_capacity_lowered_meanwhile_never_falls_below_what_is_taken(arena: Database) -> None:
    for _ in range(ROUNDS):
        event_id, keys = make_room(arena, 20)

        def admit_or_lower(number: int, event_id: int = event_id, keys: list[str] = keys) -> None:
            with arena.transaction() as session:
                if number % 4:
                    seats.take(session, event_id, keys)
                    return
                event = session.get(Event, event_id)
                assert event is not None
                event.capacity, event.overbooking = 2 + number // 4, 0
                seats.set_caps(session, event, targets_of(session, event_id))

        at_once(admit_or_lower)
        have, cap = taken(arena, event_id)[seats.WHOLE]
        assert have <= cap <= 20
        with arena.transaction(writes=False) as session:
            above = select(func.count()).select_from(SeatCount).where(SeatCount.taken > SeatCount.cap)
            assert session.scalar(above) == 0


@pytest.mark.parametrize("arena", ["postgresql"], indirect=True)
def test_who_looked_before_the_last_seat_went_is_told_that_it_is_gone(arena: Database) -> None:
    event_id, keys = make_room(arena, 1)
    with arena.transaction() as slow:
        looked_at = seats.counts(slow, event_id)[seats.WHOLE]
        assert looked_at.taken == 0
        with arena.transaction() as quick:
            assert seats.take(quick, event_id, keys) == []
        assert seats.take(slow, event_id, keys) == [seats.WHOLE]
