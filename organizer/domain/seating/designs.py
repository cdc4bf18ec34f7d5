"""Plans in which no two people meet twice, built instead of searched for, where a construction is known."""

import sys
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final

from organizer.domain.seating.designs_equal import equal, transversal
from organizer.domain.seating.room import Plan

PROVED: Final = {(4, 3): 4, (5, 4): 5, (6, 5): 6, (6, 6): 3}
"""Most rounds of tables x seats where less is possible than counting allows."""

STARTS: Final = 6
"""From how many people the choice of those who leave is tried."""


def design(sizes: Sequence[int], rounds: int) -> Plan | None:
    """Rounds of tables of people 0 … n - 1 in which no two meet twice; None when no construction is known.

    Table k of every round has sizes[k] people. The same answer on every call; fewer rounds are the first of more.
    """
    order = sorted(range(len(sizes)), key=lambda table: -sizes[table])
    descending = tuple(sizes[table] for table in order)
    if rounds > most_rounds(sizes):
        return None
    if _alone(descending):
        return (tuple((person,) for person in range(len(sizes))),) * rounds
    plan = _longest(descending)
    if rounds > len(plan):
        return None
    place = {table: position for position, table in enumerate(order)}
    return tuple(
        tuple(tuple(sorted(seated[place[table]])) for table in range(len(sizes))) for seated in plan[:rounds]
    )


def longest(sizes: Sequence[int]) -> int:
    """For how many rounds `design` knows a plan."""
    descending = tuple(sorted(sizes, reverse=True))
    return sys.maxsize if _alone(descending) else len(_longest(descending))


def most_rounds(sizes: Sequence[int]) -> int:
    """No plan with more rounds is free of repeats, by counting and a few proofs; fewer need not be possible either."""
    if _alone(sizes):
        return sys.maxsize
    if max(sizes) > len(sizes):
        return 1
    people, meetings = sum(sizes), sum(size * (size - 1) // 2 for size in sizes)
    counted = people * (people - 1) // 2 // meetings
    if min(sizes) > 1:
        counted = min(counted, (people - 1) // (min(sizes) - 1))
    if min(sizes) == max(sizes):
        counted = min(counted, PROVED.get((len(sizes), sizes[0]), counted))
    return counted


def _alone(sizes: Sequence[int]) -> bool:
    return max(sizes, default=1) == 1


@lru_cache(maxsize=256)
def _longest(sizes: tuple[int, ...]) -> Plan:
    """The longest plan known, for sizes in descending order; its tables are in that order too."""
    seats, smaller = sizes[0], len([size for size in sizes if size < sizes[0]])
    if not smaller:
        return equal(len(sizes), seats)
    if sizes[-1] < seats - 1 or most_rounds(sizes) == 1:
        return (_numbered(sizes),)
    columns, people = transversal(len(sizes), seats), len(sizes) * seats
    best = _remaining(
        columns, set(range(people - smaller, people)), 0
    )  # all of the last column: they never meet
    return _without(equal(len(sizes), seats), smaller, len(best)) or best


def _numbered(sizes: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    starts = accumulate(sizes, initial=0)
    return tuple(tuple(range(start, start + size)) for start, size in zip(starts, sizes, strict=False))


def _without(plan: Plan, leaving: int, rounds: int) -> Plan:
    """The plan after `leaving` people went, each from another table; rounds in which two of them meet go too.

    Empty unless more than `rounds` are left.
    """
    people, bearable, found = sum(map(len, plan[0])), len(plan) - rounds, None
    meeting = _meetings(plan, people) if bearable > 0 else []
    for start in range(people - 1, -1, -max(1, people // STARTS)):
        if bearable > 0 and (better := _leavers(meeting, start, leaving, bearable)):
            found, bearable = better, better[1].bit_count()
    return _remaining(plan, *found) if found else ()


def _remaining(plan: Plan, gone: set[int], dropped: int) -> Plan:
    """The plan without these people and the rounds of these bits; larger tables first."""
    staying = sorted({person for table in plan[0] for person in table} - gone)
    number = {person: new for new, person in enumerate(staying)}
    return tuple(
        tuple(
            sorted(
                (tuple(number[person] for person in table if person not in gone) for table in tables),
                key=lambda table: -len(table),
            )
        )
        for turn, tables in enumerate(plan)
        if not dropped >> turn & 1
    )


def _meetings(plan: Plan, people: int) -> list[list[int]]:
    """For any two people the bit of the round in which they meet, 0 if they never do; every bit for the same one."""
    meeting = [[0] * people for _ in range(people)]
    never = (1 << len(plan) + 1) - 1
    for turn, tables in enumerate(plan):
        for table in tables:
            for one in table:
                for other in table:
                    meeting[one][other] = 1 << turn
    for person in range(people):
        meeting[person][person] = never
    return meeting


def _leavers(
    meeting: list[list[int]], start: int, leaving: int, bearable: int
) -> tuple[set[int], int] | None:
    """People among whom few rounds bring a meeting, chosen one by one from `start`; and the bits of these rounds.

    None as soon as these rounds are not less than `bearable`.
    """
    gone, dropped = {start}, 0
    with_gone = list(meeting[start])
    while len(gone) < leaving:
        # Whoever is gone has every bit, so is never among the bearable.
        costs = [(met | dropped).bit_count() for met in with_gone]
        cheapest = min(costs)
        if cheapest >= bearable:
            return None
        person = len(costs) - 1 - costs[::-1].index(cheapest)
        dropped |= with_gone[person]
        gone.add(person)
        with_gone = [before | met for before, met in zip(with_gone, meeting[person], strict=True)]
    return gone, dropped
