"""A first plan: everybody seated, hard rules kept as far as one look at each person goes; repair does the rest."""

from collections.abc import Iterator
from typing import Final

from organizer.domain.seating.board import BAN, Board
from organizer.domain.seating.dice import Dice
from organizer.domain.seating.room import Plan

REPAIR_HEAT: Final = 60 * 16
REPAIR_STEP: Final = 2000


def first_plan(board: Board, dice: Dice, published: bool = False) -> Plan:
    """A plan that keeps rounds that are over, sizes, given seats and who sits beside whom; the rest where it can.

    With `published` everybody keeps the published seat where that is still free.
    """
    room = board.room
    apart: list[set[int]] = [set() for _ in range(room.n)]
    for one, other in room.unlawful:
        apart[one].add(other)
        apart[other].add(one)
    over = (room.published or ())[: room.from_round]
    coming = (
        _seat_round(board, number, apart, dice, published) for number in range(room.from_round, room.rounds)
    )
    return (*over, *coming)


def _seat_round(
    board: Board, number: int, apart: list[set[int]], dice: Dice, published: bool
) -> tuple[tuple[int, ...], ...]:
    room, sizes = board.room, board.room.tables[number]
    tables: list[list[int]] = [[] for _ in sizes]
    for people, given in _parties(board, number, apart, dice):
        if given is None and published:
            given = _home(board, number, people, tables, apart)
        if given is None:
            given = _lawful_table(people, sizes, tables, apart, dice)
        tables[given].extend(people)
    assert tuple(map(len, tables)) == sizes, f"round {number} of {room.rounds}"
    return tuple(tuple(people) for people in tables)


def _parties(
    board: Board, number: int, apart: list[set[int]], dice: Dice
) -> Iterator[tuple[tuple[int, ...], int | None]]:
    """People of a round in the order of seating: given seats, groups, then those who are the hardest to place."""
    there = list(board.room.people_in(number))
    bonds = board.bonds
    yield from (
        ((person,), bonds.fixed[number, person]) for person in there if (number, person) in bonds.fixed
    )
    for people in bonds.groups(number):
        yield people, None
    alone = [person for person in there if not bonds.tied(number, person)]
    dice.shuffle(alone)
    alone.sort(key=lambda person: -len(apart[person]))
    yield from (((person,), None) for person in alone)


def _home(
    board: Board, number: int, people: tuple[int, ...], tables: list[list[int]], apart: list[set[int]]
) -> int | None:
    """The published table of all these, when it has room and nobody there speaks against it."""
    homes = {board.arrays["home"][number * board.room.n + person] for person in people}
    table = homes.pop()
    if (
        homes
        or not 0 <= table < len(tables)
        or len(tables[table]) + len(people) > board.room.tables[number][table]
    ):
        return None
    return None if any(apart[person].intersection(tables[table]) for person in people) else table


def _lawful_table(
    people: tuple[int, ...],
    sizes: tuple[int, ...],
    tables: list[list[int]],
    apart: list[set[int]],
    dice: Dice,
) -> int:
    """The emptiest-looking lawful table from a random one on, else any with room."""
    start = dice.below(len(sizes))
    order: list[int] = [*range(start, len(sizes)), *range(start)]
    roomy: list[int] = [table for table in order if len(tables[table]) + len(people) <= sizes[table]]
    for table in roomy:
        if not any(apart[person].intersection(tables[table]) for person in people):
            return table
    return roomy[0]


def repair(board: Board, work: int) -> int:
    """Swap until no hard rule is broken or the work is used up; the work done."""
    done = 0
    while board.annealer.best_score < -BAN // 2 and done < work:
        done += board.annealer.run(REPAIR_STEP, REPAIR_HEAT, 0)
    return done
