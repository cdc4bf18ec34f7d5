"""The bound: never below what can be reached, on small rooms tried out in full; tight where the room is wide."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from organizer.domain.seating.bound import forced_repeats, simple_bound, upper_bound
from organizer.domain.seating.judge import judge
from organizer.domain.seating.room import Plan, Room
from tests.domain.seating.rooms import even_sizes, random_room, some_plan


def seatings(people: tuple[int, ...], sizes: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every way to seat people at tables of these sizes."""
    if not sizes:
        yield ()
        return
    for table in combinations(people, sizes[0]):
        rest = tuple(person for person in people if person not in table)
        for others in seatings(rest, sizes[1:]):
            yield (table, *others)


def plans(room: Room, number: int = 0) -> Iterator[Plan]:
    """Every plan of a room from a round on, lawful or not."""
    if number == room.rounds:
        yield ()
        return
    for tables in seatings(room.people_in(number), room.tables[number]):
        for rest in plans(room, number + 1):
            yield (tables, *rest)


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_of_a_small_room_exceeds_it(seed: int) -> None:
    draw = Random(seed)
    room = random_room(draw, draw.choice((4, 5)), rounds=2, tables=2)
    scores = [verdict.score for plan in plans(room) if (verdict := judge(room, plan)).lawful]
    best = max(scores, default=-(10**6))
    assert best <= upper_bound(room) <= simple_bound(room)
    assert best <= upper_bound(room, effort=0)


@pytest.mark.parametrize("seed", range(30))
def test_no_plan_exceeds_it(seed: int) -> None:
    draw = Random(1000 + seed)
    room = random_room(draw, draw.randint(6, 16))
    if seed % 3 == 0:
        room = replace(room, published=some_plan(draw, room), from_round=draw.randint(1, 3))
    limit = upper_bound(room)
    past = room.published[: room.from_round] if room.published else ()
    for _ in range(100):
        verdict = judge(room, (*past, *some_plan(draw, room)[room.from_round :]))
        assert not verdict.lawful or verdict.score <= limit


def test_a_good_plan_to_begin_with_changes_little_and_breaks_nothing() -> None:
    draw = Random(5)
    room = random_room(draw, 16)
    plain, helped = upper_bound(room), upper_bound(room, some_plan(draw, room))
    assert abs(plain - helped) <= plain // 100


def test_a_room_in_which_everybody_meets_is_bounded_exactly() -> None:
    draw = Random(3)
    room = replace(
        random_room(draw, 4, rounds=1, tables=1), present=((0, 0),) * 4, tables=((4,),), blocked=frozenset()
    )
    room = replace(room, companies=(1, 2, 3, 4))
    assert upper_bound(room) == judge(room, (((0, 1, 2, 3),),)).score


@pytest.mark.parametrize(
    ("people", "tables", "rounds", "repeats"),
    [(12, 3, 3, 9), (8, 2, 3, 12), (10, 3, 3, 3), (16, 4, 5, 0), (9, 3, 4, 0)],
)
def test_counts_the_repeats_that_nobody_can_avoid(
    people: int, tables: int, rounds: int, repeats: int
) -> None:
    stays = ((0, rounds - 1),) * people
    sizes = (even_sizes(people, tables),) * rounds
    nothing = tuple((0,) * people for _ in range(people))
    room = Room(stays, sizes, nothing, tuple(range(people)), ((),) * people)
    assert forced_repeats(room) == repeats
    assert upper_bound(room) == simple_bound(room) == -300 * repeats


def test_wide_rooms_are_bounded_closely() -> None:
    """Twenty-four people twice at tables of four: hardly more is possible than what a greedy plan shows."""
    draw = Random(11)
    room = random_room(draw, 24, rounds=2, tables=6)
    assert upper_bound(room) < 0.97 * simple_bound(room)


def test_the_same_on_every_run() -> None:
    room = random_room(Random(2), 20)
    assert upper_bound(room) == upper_bound(room)
