"""The judge of a plan: which hard rules it breaks, what it scores, and how its worst-off person fares.

It counts everything anew from the plan alone and shares nothing with the search.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from organizer.domain.seating.room import GOING_ON, PAST, REPEAT, WANTS, Pair, Plan, Room


class Fault(StrEnum):
    """A hard rule that a plan breaks."""

    ROUNDS = "rounds"
    SIZES = "sizes"
    TWICE = "twice"
    PRESENCE = "presence"
    FIXED = "fixed"
    OVER = "over"
    """A round that is already over was changed."""
    BLOCKED = "blocked"
    COMPANY = "company"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge says of a plan. `score` is the sum of the parts behind it, in points."""

    faults: tuple[Fault, ...]
    score: int
    affinity: int
    going_on: int
    """Pairs that go on and meet."""
    past: int
    """Earlier evenings of pairs that meet again though nobody asked for it."""
    wants: int
    repeats: int
    """Σ (times - 1) over pairs that meet more than once."""
    moved: int
    """Published seats that changed."""
    shares: tuple[float, ...]
    """For each person: affinity of those met, as a share of the best there is in as many seats."""

    @property
    def lawful(self) -> bool:
        """Whether no hard rule is broken."""
        return not self.faults

    @property
    def worst_person(self) -> float:
        """The share of the person who fares worst, rounded to four places; 0 in an empty room."""
        return round(min(self.shares, default=0.0), 4)


def judge(room: Room, plan: Plan) -> Verdict:
    """The verdict on a plan for a room."""
    times = meetings(plan)
    met = times.keys()
    affinity = sum(room.affinity[a][b] for a, b in met)
    going_on = len(met & room.going_on)
    past = sum(count for pair, count in room.history.items() if pair in met and pair not in room.going_on)
    wants = wants_points(room, met)
    twice = sum(count * (count - 1) // 2 for count in times.values())
    moved = len(_moved(room, plan))
    return Verdict(
        faults=tuple(_faults(room, plan)),
        score=affinity + GOING_ON * going_on - PAST * past + wants - REPEAT * twice - room.moved_cost * moved,
        affinity=affinity,
        going_on=going_on,
        past=past,
        wants=wants,
        repeats=sum(count - 1 for count in times.values()),
        moved=moved,
        shares=_shares(room, plan, met),
    )


def meetings(plan: Plan) -> Counter[Pair]:
    """How many rounds each two share a table."""
    return Counter(pair for tables in plan for people in tables for pair in combinations(sorted(people), 2))


def wants_points(room: Room, met: Iterable[Pair]) -> int:
    """The points of all wishes that are met."""
    pairs = set(met)
    return sum(
        WANTS[min(4, sum((min(person, other), max(person, other)) in pairs for other in wanted))]
        for person, wanted in enumerate(room.wants)
    )


def _faults(room: Room, plan: Plan) -> Iterable[Fault]:
    if len(plan) != room.rounds:
        yield Fault.ROUNDS
        return
    if any(tuple(map(len, tables)) != sizes for tables, sizes in zip(plan, room.tables, strict=True)):
        yield Fault.SIZES
    seats = [[person for people in tables for person in people] for tables in plan]
    if any(len(set(people)) != len(people) for people in seats):
        yield Fault.TWICE
    if any(set(people) != set(room.people_in(number)) for number, people in enumerate(seats)):
        yield Fault.PRESENCE
    table_of = _table_of(plan)
    if any(table_of.get((person, number)) != table for person, number, table in room.fixed):
        yield Fault.FIXED
    if room.published is not None and not _kept(room, plan):
        yield Fault.OVER
    coming = meetings(plan[room.from_round :]).keys()
    if coming & room.blocked:
        yield Fault.BLOCKED
    if coming & (room.unlawful - room.blocked):
        yield Fault.COMPANY
    if any(_apart(table_of, *one) for one in room.beside if one[2] >= room.from_round):
        yield Fault.BESIDE


def _table_of(plan: Plan) -> dict[tuple[int, int], int]:
    """The table of each (person, round)."""
    return {
        (person, number): table
        for number, tables in enumerate(plan)
        for table, people in enumerate(tables)
        for person in people
    }


def _apart(table_of: dict[tuple[int, int], int], one: int, other: int, number: int) -> bool:
    return table_of.get((one, number)) != table_of.get((other, number))


def _kept(room: Room, plan: Plan) -> bool:
    """Whether the rounds that are over stand as they were published."""
    before = (room.published or ())[: room.from_round]
    return all(
        [sorted(people) for people in tables] == [sorted(people) for people in old]
        for tables, old in zip(plan, before, strict=False)
    )


def _moved(room: Room, plan: Plan) -> list[tuple[int, int]]:
    """(person, round) of each published seat that is now at another table."""
    table_of = _table_of(plan)
    return [
        (person, number)
        for person, number, table in room.published_tables()
        if table_of.get((person, number)) != table
    ]


def _shares(room: Room, plan: Plan, met: Iterable[Pair]) -> tuple[float, ...]:
    """Each person's affinity met, as a share of the best that as many lawful seats could have given."""
    seats, mine = [0] * room.n, [0] * room.n
    for people in (people for tables in plan for people in tables):
        for person in people:
            seats[person] += len(people) - 1
    for a, b in met:
        mine[a] += room.affinity[a][b]
        mine[b] += room.affinity[a][b]
    apart: list[set[int]] = [{person} for person in range(room.n)]
    for a, b in room.unlawful:
        apart[a].add(b)
        apart[b].add(a)
    shares = []
    for person, row in enumerate(room.affinity):
        worth = sorted(
            (max(0, value) for other, value in enumerate(row) if other not in apart[person]), reverse=True
        )
        shares.append(mine[person] / max(1, sum(worth[: seats[person]])))
    return tuple(shares)
