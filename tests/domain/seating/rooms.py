"""Rooms to try solvers and judges on: small, random, with every rule in them somewhere."""

from random import Random
from typing import TypeVar

from organizer.domain.seating.room import Pair, Plan, Room, square

T = TypeVar("T")


def random_room(draw: Random, people: int, rounds: int = 3, tables: int | None = None) -> Room:
    """A room with comings and goings, colleagues, blocks, wishes, history and a few given seats; mostly solvable."""
    present = tuple(_stay(draw, rounds) for _ in range(people))
    sizes = tuple(
        even_sizes(sum(first <= number <= last for first, last in present), tables or max(1, people // 4))
        for number in range(rounds)
    )
    pairs = [(a, b) for a in range(people) for b in range(a + 1, people)]
    companies = tuple(draw.randrange(3 * people) for _ in range(people))
    return Room(
        present=present,
        tables=sizes,
        affinity=square(
            [[draw.randint(0, 100) for _ in range(people - 1 - a)] for a in range(people - 1)], people
        ),
        companies=companies,
        wants=tuple(
            tuple(sorted(_some(draw, [b for b in range(people) if b != a], 5))) for a in range(people)
        ),
        blocked=frozenset(_some(draw, pairs, 1)),
        going_on=frozenset(_some(draw, pairs, people // 3)),
        history={pair: draw.randint(1, 3) for pair in _some(draw, pairs, people)},
    )


def even_sizes(people: int, tables: int) -> tuple[int, ...]:
    """Sizes of at most so many tables for so many people, as equal as can be, the larger first."""
    used = min(tables, people)
    return tuple(len(range(at, people, used)) for at in range(used))


def some_plan(draw: Random, room: Room) -> Plan:
    """Any plan with the right sizes, lawful or not."""
    plan = []
    for number, sizes in enumerate(room.tables):
        people = list(room.people_in(number))
        draw.shuffle(people)
        plan.append(tuple(tuple(sorted(people.pop() for _ in range(size))) for size in sizes))
    return tuple(plan)


def _stay(draw: Random, rounds: int) -> Pair:
    first, last = 0, rounds - 1
    if draw.random() < 0.1:
        first = draw.randrange(rounds)
    if draw.random() < 0.1:
        last = draw.randint(first, rounds - 1)
    return first, last


def _some(draw: Random, values: list[T], most: int) -> list[T]:
    return draw.sample(values, min(len(values), draw.randint(0, most)))
