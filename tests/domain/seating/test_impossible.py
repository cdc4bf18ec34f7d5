"""What counting finds: each kind of collision with its people, nothing where a plan exists, and soon in a full room."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

import pytest

from organizer.domain.seating.impossible import Clash, Collision, collisions, collisions_of_the_past
from organizer.domain.seating.judge import Fault, judge
from organizer.domain.seating.room import Room, as_plan, square
from tests.domain.seating.rooms import even_sizes, random_room
from tests.domain.seating.test_bound import plans


def room_of(people: int, tables: int, rounds: int = 1) -> Room:
    """A room of strangers."""
    return Room(
        present=((0, rounds - 1),) * people,
        tables=(even_sizes(people, tables),) * rounds,
        affinity=square([[0] * (people - 1 - one) for one in range(people - 1)], people),
        companies=tuple(range(people)),
        wants=((),) * people,
    )


EIGHT = room_of(8, 2)
ALL_APART = frozenset((a, b) for a in range(3) for b in range(a + 1, 3))


@pytest.mark.parametrize(
    ("room", "kind", "people"),
    [
        (replace(EIGHT, companies=(1, 1, 1, 2, 3, 4, 5, 6)), Clash.COMPANY, (0, 1, 2)),
        (replace(EIGHT, blocked=ALL_APART), Clash.APART, (0, 1, 2)),
        (replace(EIGHT, companies=(1, 1, *range(2, 8)), blocked=frozenset({(0, 2), (1, 2)})), Clash.APART, (0, 1, 2)),
        (replace(EIGHT, tables=((4, 3),)), Clash.SEATS, tuple(range(8))),
        (replace(EIGHT, present=((0, 0),) * 8, fixed=((3, 0, 0), (3, 0, 1))), Clash.TWO_SEATS, (3,)),
        (replace(EIGHT, fixed=tuple((person, 0, 0) for person in range(5))), Clash.FULL, (0, 1, 2, 3, 4)),
        (replace(EIGHT, fixed=((0, 0, 1), (1, 0, 1)), blocked=frozenset({(0, 1)})), Clash.GIVEN_TOGETHER, (0, 1)),
        (replace(EIGHT, fixed=((0, 0, 0), (1, 0, 1)), blocked=frozenset({(0, 2), (1, 2)})), Clash.NO_TABLE, (2,)),
        (replace(EIGHT, beside=((0, 1, 0),), blocked=frozenset({(0, 1)})), Clash.BESIDE, (0, 1)),
        (replace(EIGHT, beside=((0, 1, 0),), fixed=((0, 0, 0), (1, 0, 1))), Clash.BESIDE, (0, 1)),
        (replace(EIGHT, beside=tuple((one, one + 1, 0) for one in range(4))), Clash.BESIDE, (0, 1, 2, 3, 4)),
        (replace(room_of(3, 3), beside=((0, 1, 0),)), Clash.BESIDE, (0, 1)),
    ],
)  # fmt: skip
def test_names_what_collides(room: Room, kind: Clash, people: tuple[int, ...]) -> None:
    assert [(one.kind, one.people) for one in collisions(room)] == [(kind, people)]


def test_a_seat_for_somebody_who_is_not_there() -> None:
    room = replace(
        room_of(4, 2, 2),
        present=((0, 1), (0, 1), (0, 1), (0, 0)),
        tables=((2, 2), (2, 1)),
        fixed=((3, 1, 0),),
    )
    assert collisions(room) == (Collision(Clash.ABSENT, (3,), 1, 0),)


def test_people_who_are_left_one_table_for_two() -> None:
    """Two may only sit at the second table, where one seat is left."""
    closed = frozenset((0, person) for person in (4, 5))
    room = replace(EIGHT, fixed=((0, 0, 0), (1, 0, 1), (2, 0, 1), (3, 0, 1)), blocked=closed)
    found = collisions(room)
    assert [one.kind for one in found] == [Clash.NO_TABLE]
    assert set(found[0].people) == {4, 5}


def test_colleagues_who_are_left_too_few_tables() -> None:
    """The first table is full of given seats, and two colleagues are left with the second."""
    room = replace(room_of(6, 2), companies=(1, 1, 2, 3, 4, 5), fixed=((2, 0, 0), (3, 0, 0), (4, 0, 0)))
    assert collisions(room) == (Collision(Clash.NO_TABLE, (0, 1), 0),)


def test_rounds_that_are_over_are_asked_apart() -> None:
    published = as_plan([[[0, 1], [2, 3]], [[0, 2], [1, 3]]])
    room = replace(room_of(4, 2, 2), published=published, from_round=1, blocked=frozenset({(0, 1)}))
    assert collisions(room) == ()
    assert collisions_of_the_past(room) == (Collision(Clash.OVER, (0, 1), 0),)
    absent = replace(
        room, blocked=frozenset(), present=((1, 1), (0, 1), (0, 1), (0, 1)), tables=((2, 1), (2, 2))
    )
    assert collisions_of_the_past(absent) == (Collision(Clash.OVER, (0,), 0),)


def awkward(draw: Random) -> Room:
    """A small room with so many demands that it is often impossible."""
    people = draw.randint(3, 6)
    room = random_room(draw, people, rounds=1, tables=2)
    pairs = [(a, b) for a in range(people) for b in range(a + 1, people)]
    there = room.people_in(0)
    return replace(
        room,
        companies=tuple(draw.randrange(people) for _ in range(people)),
        blocked=frozenset(draw.sample(pairs, draw.randint(0, 3))),
        fixed=tuple(
            (draw.choice(there), 0, draw.randrange(len(room.tables[0]))) for _ in range(draw.randint(0, 3))
        ),
        beside=tuple((*pair, 0) for pair in _some(draw, pairs)),
    )


def _some(draw: Random, pairs: list[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    return draw.sample(pairs, draw.randint(0, 1))


def test_nothing_that_a_plan_keeps_is_called_impossible() -> None:
    draw, impossible = Random(3), 0
    for _ in range(600):
        room = awkward(draw)
        lawful = any(judge(room, plan).lawful for plan in plans(room))
        found = collisions(room)
        impossible += bool(found)
        assert not (lawful and found), (room, found)
    assert impossible > 100


def test_most_of_what_is_impossible_in_small_rooms_is_found_by_counting() -> None:
    draw, missed, all_of_them = Random(4), 0, 0
    for _ in range(600):
        room = awkward(draw)
        if not any(judge(room, plan).lawful for plan in plans(room)):
            all_of_them += 1
            missed += not collisions(room)
    assert missed < 0.15 * all_of_them


def test_the_judge_and_counting_mean_the_same_by_over() -> None:
    published = as_plan([[[0, 1], [2, 3]], [[0, 2], [1, 3]]])
    room = replace(room_of(4, 2, 2), published=published, from_round=1)
    assert Fault.OVER in judge(room, (published[1], published[1])).faults
