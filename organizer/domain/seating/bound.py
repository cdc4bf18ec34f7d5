"""What no plan for a room can exceed: by counting, and by a linear program over whole tables."""

from itertools import combinations
from typing import Final

from organizer.domain.seating.room import REPEAT, WANTS, Plan, Room
from organizer.domain.seating.table_program import TableProgram, met_before

EFFORT: Final = 5_000_000
"""Effort for one bound, about microseconds; up to sixty people seldom need a quarter of it."""


def upper_bound(room: Room, plan: Plan | None = None, *, effort: int = EFFORT) -> int:
    """A score that no lawful plan exceeds. A good plan to begin with, and more effort, make it tighter."""
    best = simple_bound(room)
    if effort < 1 or room.n < 2 or room.from_round >= room.rounds:
        return best
    best = min(best, TableProgram(room, REPEAT).bound(plan, effort))
    repeats = forced_repeats(room)
    if repeats:
        # Repeats that counting demands are paid by counting; the program then gives them for nothing.
        best = min(best, TableProgram(room, 0).bound(plan, effort) - REPEAT * repeats)
    return best


def simple_bound(room: Room) -> int:
    """The bound that counting gives: everybody meets those who are worth most to them, and every wish they can."""
    apart: list[set[int]] = [{person} for person in range(room.n)]
    for a, b in room.unlawful - met_before(room).keys():
        apart[a].add(b)
        apart[b].add(a)
    twice = wishes = 0
    for person, row in enumerate(room.value):
        there = (sizes for number, sizes in enumerate(room.tables) if room.is_there(person, number))
        seats = sum(max(sizes) - 1 for sizes in there)
        worth = sorted(
            (max(0, value) for other, value in enumerate(row) if other not in apart[person]), reverse=True
        )
        twice += sum(worth[:seats])
        wishes += WANTS[min(4, len(room.wants[person]), seats)]
    return twice // 2 + wishes - REPEAT * forced_repeats(room)


def forced_repeats(room: Room) -> int:
    """The least Σ c·(c-1)/2 that any plan has, c how often two meet: who shares a table in one round is spread over
    the tables of another, and there are only so many.
    """
    return sum(_shared(room, one, other) for one, other in combinations(range(room.rounds), 2))


def _shared(room: Room, one: int, other: int) -> int:
    """The least number of pairs at one table in both rounds."""
    first, second = room.people_in(one), room.people_in(other)
    here, there = room.tables[one], room.tables[other]
    if first == second:
        return max(sum(_pairs(size, len(b)) for size in a) for a, b in ((here, there), (there, here)))
    both = len(set(first) & set(second))
    return _pairs(both, len(here) * len(there))


def _pairs(people: int, cells: int) -> int:
    """The least number of pairs in one cell when people are spread over cells."""
    each, more = divmod(people, cells) if cells else (0, 0)
    return cells * (each * (each - 1) // 2) + more * each
