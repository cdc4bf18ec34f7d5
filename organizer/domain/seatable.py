"""A gathering as a room in numbers, and a plan in numbers as tables of people."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, Self

from organizer.domain.affinities import affinities, wants
from organizer.domain.gathering import Attendee, Gathering, Tables
from organizer.domain.seating.room import PAST, REPEAT, Pair, Plan, Room

MOST_EVENINGS: Final = 3
"""Earlier evenings beyond these count no more."""


@dataclass(frozen=True, slots=True)
class Seatable:
    """A room, and whose id stands behind each of its numbers.

    Somebody who went away and came back has two numbers, of which one is in the room at a time.
    """

    room: Room
    ids: tuple[int, ...]

    def named(self, plan: Plan) -> Tables:
        """The plan with ids instead of numbers."""
        return tuple(
            tuple(tuple(sorted(self.ids[person] for person in people)) for people in tables)
            for tables in plan
        )

    def numbered(self, tables: Tables) -> Plan:
        """The plan of these ids; people whom the room does not know in a round are left out."""
        return tuple(
            tuple(
                tuple(sorted(self.number_in(number, one) for one in people if self.knows(number, one)))
                for people in round_
            )
            for number, round_ in enumerate(tables)
        )

    def number_in(self, round_: int, person_id: int) -> int:
        """The number under which a person is in a round. Raises ValueError for somebody who is not."""
        there = (n for n, one in enumerate(self.ids) if one == person_id and self.room.is_there(n, round_))
        for number in there:
            return number
        raise ValueError(person_id)

    def knows(self, round_: int, person_id: int) -> bool:
        """Whether a person is in the room in a round."""
        return any(one == person_id and self.room.is_there(n, round_) for n, one in enumerate(self.ids))

    def to_data(self) -> dict[str, Any]:
        """Plain data, fit for JSON: without who has blocked whom."""
        return {"ids": list(self.ids), "room": self.room.to_data() | {"blocked": []}}

    @classmethod
    def from_data(cls, data: Mapping[str, Any], barred: Collection[Pair] = ()) -> Self:
        """The seatable room that `to_data` wrote, with those (ids) who may not share a table now."""
        ids = tuple(data["ids"])
        never = set(barred)
        blocked = [
            [a, b] for (a, one), (b, other) in combinations(enumerate(ids), 2) if _pair(one, other) in never
        ]
        return cls(Room.from_data(data["room"] | {"blocked": blocked}), ids)


def table_sizes(people: int, size: int) -> tuple[int, ...]:
    """Tables as near to `size` as can be, differing by one at most, the larger ones first; none for nobody."""
    if people == 0:
        return ()
    counts = [tables for tables in (-(-people // size), people // size) if people >= 2 * tables > 0]
    offs = {tables: sum(abs(size - seats) for seats in _even(people, tables)) for tables in counts}
    return _even(people, min(offs, key=lambda tables: offs[tables], default=1))


def seatable(gathering: Gathering, *, introduced: bool = True) -> Seatable:
    """The room of a gathering, with `introduced` newcomers beside those who introduce them."""
    stays = [(one, *run) for one in gathering.attendees for run in _runs(gathering, one)]
    ids = tuple(one.id for one, _first, _last in stays)
    present = tuple((first, last) for _one, first, last in stays)
    published = _published(gathering, ids, present)
    tables = tuple(_sizes(gathering, present, published, number) for number in range(gathering.rounds))
    room = Room(
        present=present,
        tables=tables,
        affinity=_affinity(gathering, ids),
        companies=_companies(gathering, ids),
        wants=_wants(gathering, ids),
        blocked=_among(ids, gathering.barred),
        going_on=_among(ids, gathering.going_on),
        history=_history(gathering, ids),
        fixed=tuple(_fixed(gathering, stays, tables)),
        beside=tuple(_beside(gathering, ids, present, tables[0])) if introduced else (),
        from_round=gathering.begun,
        published=published if gathering.published else None,
    )
    return Seatable(room, ids)


def _even(people: int, tables: int) -> tuple[int, ...]:
    """People spread evenly."""
    each, more = divmod(people, tables)
    return (each + 1,) * more + (each,) * (tables - more)


def _runs(gathering: Gathering, one: Attendee) -> Iterable[tuple[int, int]]:
    """The first and last round of each unbroken stay of a person, as it was and as it will be."""
    rounds = [
        number
        for number in range(gathering.rounds)
        if (
            one.first <= number <= one.last
            if number >= gathering.begun
            else any(one.id in people for people in gathering.published[number])
        )
    ]
    starts = [number for number in rounds if number - 1 not in rounds]
    ends = [number for number in rounds if number + 1 not in rounds]
    return zip(starts, ends, strict=True)


def _published(gathering: Gathering, ids: Sequence[int], present: Sequence[Pair]) -> Plan:
    """The published plan in numbers; those who have left, or are not there in a round, are left out of it."""
    number_of = {
        (one, round_): number
        for number, (one, (first, last)) in enumerate(zip(ids, present, strict=True))
        for round_ in range(first, last + 1)
    }
    padded = (*gathering.published, *((),) * gathering.rounds)[: gathering.rounds]
    return tuple(
        tuple(
            tuple(sorted(number_of[one, number] for one in people if (one, number) in number_of))
            for people in tables
        )
        for number, tables in enumerate(padded)
    )


def _sizes(gathering: Gathering, present: Sequence[Pair], published: Plan, number: int) -> tuple[int, ...]:
    """The tables of a round: as they were, as many as everybody has seen if that still fits, or as fit best."""
    if number < gathering.begun:
        return tuple(map(len, gathering.published[number]))
    there = sum(first <= number <= last for first, last in present)
    staying = [len(people) for people in published[number]]
    spread = _even(there, len(staying)) if staying else ()
    if not spread or min(spread) < max(2, gathering.table_size - 1) or max(spread) > gathering.table_size + 1:
        return table_sizes(there, gathering.table_size)
    # The larger tables are those where most stay, so that few have to move.
    fullest = sorted(range(len(staying)), key=lambda table: (-staying[table], table))
    seats = dict(zip(fullest, spread, strict=True))
    return tuple(seats[table] for table in range(len(staying)))


def _affinity(gathering: Gathering, ids: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """What each two numbers are worth; only pairs that are not known yet are worked out."""
    worth = dict(gathering.known)
    profiles = {one.id: one.profile for one in gathering.attendees}
    missing = [pair for pair in combinations(sorted(profiles), 2) if pair not in worth]
    together = [sorted(profiles)] if not gathering.known else missing
    for some in together:
        matrix = affinities([profiles[one] for one in some], gathering.weights, gathering.histories)
        for (a, one), (b, other) in combinations(enumerate(some), 2):
            worth[one, other] = matrix[a][b]
    return tuple(tuple(0 if a == b else worth[_pair(a, b)] for b in ids) for a in ids)


def _companies(gathering: Gathering, ids: Sequence[int]) -> tuple[int, ...]:
    """A number for each company; who names none is a company of their own."""
    keys = {one.id: one.profile.company or one.id for one in gathering.attendees}
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys.values()))}
    return tuple(numbers[keys[one]] for one in ids)


def _wants(gathering: Gathering, ids: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    wanted = gathering.known_wants
    if not wanted.keys() >= set(ids):
        wanted = wants([one.profile for one in gathering.attendees], gathering.barred)
    return tuple(tuple(number for number, other in enumerate(ids) if other in wanted[one]) for one in ids)


def _among(ids: Sequence[int], pairs: Collection[Pair]) -> frozenset[Pair]:
    """The pairs of numbers behind which stands one of these pairs."""
    return frozenset(
        (a, b)
        for (a, one), (b, other) in combinations(enumerate(ids), 2)
        if one != other and _pair(one, other) in pairs
    )


def _history(gathering: Gathering, ids: Sequence[int]) -> dict[Pair, int]:
    """Evenings together; to have met tonight under another number weighs as much as meeting twice."""
    times = {pair: min(MOST_EVENINGS, count) for pair, count in gathering.sat_before.items()}
    twins = {one for one, count in Counter(ids).items() if count > 1}
    tonight = Counter(
        pair
        for tables in gathering.published[: gathering.begun]
        for people in tables
        for pair in combinations(sorted(people), 2)
        if twins.intersection(pair)
    )
    counted = {
        pair: times.get(pair, 0) + REPEAT // PAST * tonight[pair] for pair in times.keys() | tonight.keys()
    }
    return {
        (a, b): counted[_pair(one, other)]
        for (a, one), (b, other) in combinations(enumerate(ids), 2)
        if counted.get(_pair(one, other))
    }


def _fixed(
    gathering: Gathering, stays: Sequence[tuple[Attendee, int, int]], tables: Sequence[tuple[int, ...]]
) -> Iterable[tuple[int, int, int]]:
    """The given seats of the coming rounds; a table that a round does not have is its last one."""
    for number, (one, first, last) in enumerate(stays):
        if one.table is not None:
            for round_ in range(max(first, gathering.begun), last + 1):
                yield number, round_, min(one.table, len(tables[round_]) - 1)


def _beside(
    gathering: Gathering, ids: Sequence[int], present: Sequence[Pair], sizes: Sequence[int]
) -> Iterable[tuple[int, int, int]]:
    """Who sits beside whom in the first round, where both are there and nothing speaks against it."""
    if gathering.begun:
        return
    number_of = {one: number for number, one in enumerate(ids) if present[number][0] == 0}
    fixed = {one.id for one in gathering.attendees if one.table is not None}
    group_of = {one: (one,) for one in number_of}
    for one, other in gathering.introductions:
        group = *group_of.get(one, ()), *group_of.get(other, ())
        strangers = one in group_of and other in group_of and group_of[one] != group_of[other]
        fits = len(group) <= min(sizes) and len(fixed.intersection(group)) < 2
        if strangers and fits and _may_sit_together(gathering, group):
            group_of |= dict.fromkeys(group, group)
            yield number_of[one], number_of[other], 0


def _may_sit_together(gathering: Gathering, people: Collection[int]) -> bool:
    """Whether no two of them are barred or colleagues."""
    company = {one.id: one.profile.company for one in gathering.attendees if one.id in people}
    return not any(
        _pair(a, b) in gathering.barred or (company[a] and company[a] == company[b])
        for a, b in combinations(people, 2)
    )


def _pair(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)
