"""What counting shows to be impossible in a room, before any search, with the demands that collide."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from organizer.domain.seating.judge import meetings
from organizer.domain.seating.room import Pair, Room


class Clash(StrEnum):
    """A kind of demands that cannot all be kept."""

    COMPANY = "company"
    """More people of one company are there in a round than it has tables."""
    APART = "apart"
    """People of whom no two may share a table are more than the tables of a round."""
    SEATS = "seats"
    """A round's tables do not hold exactly the people who are there."""
    ABSENT = "absent"
    """A seat is given to somebody who is not there."""
    TWO_SEATS = "two_seats"
    """Somebody is given seats at two tables of one round."""
    FULL = "full"
    """More people are given seats at a table than it has."""
    GIVEN_TOGETHER = "given_together"
    """Two who may not share a table are given seats at one."""
    NO_TABLE = "no_table"
    """These people cannot all find a table: where there is room sit people with whom they may not sit."""
    BESIDE = "beside"
    """Two who are to sit together may not, are not both there, or have no table that holds them."""
    OVER = "over"
    """A round that is over does not hold what the room says of it, or broke a rule."""


@dataclass(frozen=True, slots=True)
class Collision:
    """Hard demands that cannot all be kept: on whom, in which round (-1: none in particular), at which table (-1)."""

    kind: Clash
    people: tuple[int, ...]
    round: int = -1
    table: int = -1


def collisions(room: Room) -> tuple[Collision, ...]:
    """What no plan for this room can keep; empty where counting finds nothing."""
    neighbours = _neighbours(room.unlawful)
    return tuple(
        collision
        for number in range(room.from_round, room.rounds)
        for collision in _in_round(_Round(room, number, neighbours))
    )


def collisions_of_the_past(room: Room) -> tuple[Collision, ...]:
    """Rounds that are over and stand in the file otherwise than the room allows: no plan that keeps them is lawful."""
    found = []
    for number, tables in enumerate((room.published or ())[: room.from_round]):
        seated = [person for people in tables for person in people]
        sizes = tuple(len(people) for people in tables)
        if sizes != room.tables[number] or sorted(seated) != list(room.people_in(number)):
            wrong = set(seated) ^ set(room.people_in(number))
            found.append(Collision(Clash.OVER, tuple(sorted(wrong)), number))
        for pair in sorted(meetings((tables,)).keys() & room.unlawful):
            found.append(Collision(Clash.OVER, pair, number))
    return tuple(found)


class _Round:
    """What is demanded of one round."""

    def __init__(self, room: Room, number: int, neighbours: dict[int, set[int]]) -> None:
        self.number = number
        self.sizes = room.tables[number]
        self.there = room.people_in(number)
        self.companies = room.companies
        self.neighbours = neighbours
        self.given = [(person, table) for person, at, table in room.fixed if at == number]
        self.beside = [(a, b) for a, b, at in room.beside if at == number]
        self.at: dict[int, list[int]] = defaultdict(list)
        for person, table in dict.fromkeys(self.given):
            self.at[table].append(person)

    def say(self, kind: Clash, people: Iterable[int], table: int = -1) -> Collision:
        """A collision in this round."""
        return Collision(kind, tuple(sorted(people)), self.number, table)

    def is_apart(self, one: int, other: int) -> bool:
        """Whether two may not share a table."""
        return other in self.neighbours.get(one, ())


def _in_round(this: _Round) -> list[Collision]:
    """What collides in a round; the later questions are asked only where the earlier ones found nothing."""
    for ask in (_seats, _given, _together, _companies, _beside, _cliques, _places):
        found = list(ask(this))
        if found:
            return found
    return []


def _neighbours(pairs: Iterable[Pair]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for a, b in pairs:
        found[a].add(b)
        found[b].add(a)
    return found


def _seats(this: _Round) -> Iterator[Collision]:
    if sum(this.sizes) != len(this.there):
        yield this.say(Clash.SEATS, this.there)


def _given(this: _Round) -> Iterator[Collision]:
    """Seats given to absent people, two to one person, or too many at a table."""
    there = set(this.there)
    tables = Counter(person for person, _ in dict.fromkeys(this.given))
    for person, table in this.given:
        if person not in there:
            yield this.say(Clash.ABSENT, [person], table)
    for person, count in tables.items():
        if count > 1:
            yield this.say(Clash.TWO_SEATS, [person])
    for table, people in this.at.items():
        if len(people) > this.sizes[table]:
            yield this.say(Clash.FULL, people, table)


def _together(this: _Round) -> Iterator[Collision]:
    for table, people in this.at.items():
        for one, other in combinations(people, 2):
            if this.is_apart(one, other):
                yield this.say(Clash.GIVEN_TOGETHER, (one, other), table)


def _companies(this: _Round) -> Iterator[Collision]:
    colleagues: dict[int, list[int]] = defaultdict(list)
    for person in this.there:
        colleagues[this.companies[person]].append(person)
    for people in colleagues.values():
        if len(people) > len(this.sizes):
            yield this.say(Clash.COMPANY, people)


def _beside(this: _Round) -> Iterator[Collision]:
    """Two, or a chain of several, who are to sit at one table and cannot."""
    there, seat_of = set(this.there), dict(this.given)
    for people in _chains(this.beside):
        tables = {seat_of[person] for person in people if person in seat_of}
        holds = max((this.sizes[table] for table in tables), default=max(this.sizes, default=0))
        if (
            not there.issuperset(people)
            or len(tables) > 1
            or len(people) > holds
            or any(this.is_apart(one, other) for one, other in combinations(people, 2))
        ):
            yield this.say(Clash.BESIDE, people)


def _chains(pairs: Sequence[Pair]) -> list[list[int]]:
    """People who are to sit together, in groups."""
    group: dict[int, list[int]] = {}
    for a, b in pairs:
        one, other = group.setdefault(a, [a]), group.setdefault(b, [b])
        if one is not other:
            one += other
            group |= dict.fromkeys(other, one)
    return list({id(people): people for people in group.values()}.values())


def _cliques(this: _Round) -> Iterator[Collision]:
    """People of whom no two may share a table, more than there are tables: found by growing from each person."""
    there, told = set(this.there), set[int]()
    apart = {person: this.neighbours.get(person, set()) & there for person in this.there}
    for start in sorted(apart, key=lambda person: (-len(apart[person]), person)):
        if start in told or len(apart[start]) < len(this.sizes):
            continue
        clique, open_to = [start], set(apart[start])
        while open_to:
            best = min(open_to, key=lambda person: (-len(apart[person] & open_to), person))
            clique.append(best)
            open_to &= apart[best]
        if len(clique) > len(this.sizes):
            told.update(clique)
            yield this.say(Clash.APART, clique)


def _places(this: _Round) -> Iterator[Collision]:
    """People whose open tables cannot hold them all: together by seats, and each company at tables of their own."""
    seated = {person for person, _ in this.given}
    free = [size - len(this.at.get(table, ())) for table, size in enumerate(this.sizes)]
    open_to: dict[int, list[int]] = {}
    for person in this.there:
        if person not in seated:
            shut = {
                table
                for table, people in this.at.items()
                if any(this.is_apart(person, one) for one in people)
            }
            open_to[person] = [table for table, seats in enumerate(free) if seats and table not in shut]
    narrow = [person for person, tables in open_to.items() if len(tables) < sum(seats > 0 for seats in free)]
    found = _squeezed(narrow, open_to, free)
    if found:
        yield this.say(Clash.NO_TABLE, found)
        return
    colleagues: dict[int, list[int]] = defaultdict(list)
    for person in open_to:
        colleagues[this.companies[person]].append(person)
    for people in colleagues.values():
        found = _squeezed(people, open_to, [min(1, seats) for seats in free]) if len(people) > 1 else []
        if found:
            yield this.say(Clash.NO_TABLE, found)


def _squeezed(people: Sequence[int], open_to: dict[int, list[int]], seats: Sequence[int]) -> list[int]:
    """Some of these people who together have fewer seats than they are, or nobody: augmenting paths."""
    taken: dict[int, list[int]] = defaultdict(list)

    def place(person: int, seen: dict[int, int]) -> bool:
        for table in open_to[person]:
            if table in seen:
                continue
            seen[table] = person
            if len(taken[table]) < seats[table]:
                taken[table].append(person)
                return True
            for other in tuple(taken[table]):
                if place(other, seen):
                    taken[table].remove(other)
                    taken[table].append(person)
                    return True
        return False

    for person in people:
        seen: dict[int, int] = {}
        if not place(person, seen):
            return sorted({person, *(other for table in seen for other in taken[table])})
    return []
