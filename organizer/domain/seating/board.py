"""A room as flat arrays of whole numbers, and the plan on it that the search changes."""

from array import array
from collections.abc import Iterable
from itertools import chain
from typing import Final

from organizer.domain.seating.anneal_cy import Annealer
from organizer.domain.seating.quantiles import logarithms
from organizer.domain.seating.room import REPEAT, WANTS, Pair, Plan, Room

BAN: Final = 1 << 20
"""Points lost for each meeting of two who may not share a table: far more than all else together."""
UNLAWFUL: Final = -(1 << 30)
"""In the matrix of values: these two may not meet."""
LIKED: Final = 24
"""How many people each person is led to at most."""
WISHED: Final = 110
"""What a wish adds when people are ranked by how much they would like to meet."""


class Board:
    """The seats of a room: places of a round in the order of its tables, and who sits there."""

    def __init__(self, room: Room) -> None:
        self.room = room
        n, rounds = room.n, room.rounds
        self.arrays = {name: array("i", bytes(4 * n * rounds)) for name in SEATS}
        self.arrays |= {name: array("i", bytes(4 * n * n)) for name in PAIRS}
        self.arrays |= {name: array("i", bytes(4 * n)) for name in ("got", "likes")}
        self.arrays["movables"] = array("i", bytes(4 * rounds))
        self.arrays["wish_points"] = array("i", WANTS)
        self.arrays["logs"] = logarithms()
        self.bonds = Bonds(room)
        self._lay_tables()
        self._weigh_pairs()
        self._list_movable()
        self._list_liked()
        self.annealer = Annealer(
            n, room.from_round, rounds, self.arrays, room.moved_cost if room.published else 0
        )

    def _lay_tables(self) -> None:
        room, a = self.room, self.arrays
        for name in ("who", "best", "pos", "home"):
            a[name][:] = array("i", [-1]) * len(a[name])
        for number, sizes in enumerate(room.tables):
            place = number * room.n
            for table, size in enumerate(sizes):
                low = place - number * room.n
                for at in range(place, place + size):
                    a["low"][at], a["high"][at], a["table"][at] = low, low + size, table
                place += size
        for person, number, table in room.published_tables():
            a["home"][number * room.n + person] = table

    def _weigh_pairs(self) -> None:
        room, a = self.room, self.arrays
        a["value"][:] = array("i", chain.from_iterable(room.value))
        for one, other in room.unlawful:
            a["value"][one * room.n + other] = a["value"][other * room.n + one] = UNLAWFUL
        for one, wanted in enumerate(room.wants):
            for other in wanted:
                a["want"][one * room.n + other] = 1
        for tables in (room.published or ())[: room.from_round]:
            for people in tables:
                for one in people:
                    for other in people:
                        a["past"][one * room.n + other] += one != other

    def _list_movable(self) -> None:
        room, a = self.room, self.arrays
        for number in range(room.from_round, room.rounds):
            base = number * room.n
            alone = [person for person in room.people_in(number) if not self.bonds.tied(number, person)]
            a["movables"][number] = len(alone)
            a["movable"][base : base + len(alone)] = array("i", alone)
            for person in alone:
                a["free"][base + person] = 1
        a["groups"], a["members"] = self.bonds.groups()
        a["traded"] = array("i", bytes(4 * max(1, len(a["members"]))))

    def _list_liked(self) -> None:
        room, a, n = self.room, self.arrays, self.room.n
        liking = max(1, min(LIKED, n - 1))
        a["liked"] = array("i", bytes(4 * n * liking))
        for person in range(n):
            row = a["value"][person * n : person * n + n]
            for other in room.wants[person]:
                row[other] += WISHED
            fans = [other for other in range(n) if a["want"][other * n + person]]
            for other in fans:
                row[other] += WISHED
            row[person] = UNLAWFUL
            best = sorted(range(n), key=row.__getitem__, reverse=True)[:liking]
            best = [other for other in best if row[other] > 0] or best[:1]
            a["likes"][person] = len(best)
            a["liked"][person * liking : person * liking + len(best)] = array("i", best)

    def seat(self, plan: Iterable[Iterable[Iterable[int]]]) -> None:
        """Sit people down as in a plan whose rounds and sizes are the room's."""
        n = self.room.n
        for number, tables in enumerate(plan):
            people = list(chain.from_iterable(tables))
            self.arrays["who"][number * n : number * n + len(people)] = array("i", people)

    def plan(self, name: str = "best") -> Plan:
        """The best plan since the last reset, or ("who") the one of now."""
        n, seats = self.room.n, self.arrays[name]
        rounds = []
        for number, sizes in enumerate(self.room.tables):
            at, tables = number * n, []
            for size in sizes:
                tables.append(tuple(sorted(seats[at : at + size])))
                at += size
            rounds.append(tuple(tables))
        return tuple(rounds)

    def reset(self, repeat: int = REPEAT, ban: int = BAN) -> None:
        """Count the plan of now anew."""
        self.annealer.reset(repeat, ban)


SEATS: Final = ("who", "best", "pos", "low", "high", "table", "free", "movable", "home")
PAIRS: Final = ("past", "times", "value", "want", "gain", "loss")


class Bonds:
    """Who may not change seats alone: people with a given seat, and those who keep together in a round."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.fixed = {(number, person): table for person, number, table in room.fixed}
        self.together: dict[Pair, list[int]] = {}
        for one, other, number in room.beside:
            if number >= room.from_round:
                self._join(number, one, other)
        for (number, _), people in self.together.items():
            tables = {self.fixed[number, one] for one in people if (number, one) in self.fixed}
            if tables:
                self.fixed |= {(number, one): min(tables) for one in people}

    def _join(self, number: int, one: int, other: int) -> None:
        people = self.together.get((number, one), [one])
        if other in people:
            return
        people = people + self.together.get((number, other), [other])
        for person in people:
            self.together[number, person] = people

    def tied(self, number: int, person: int) -> bool:
        """Whether this person cannot be swapped alone in this round."""
        return (number, person) in self.fixed or (number, person) in self.together

    def groups_of(self, number: int) -> list[tuple[int, ...]]:
        """Those who keep together in a round and have no given seat."""
        found = {
            tuple(sorted(people))
            for (other, person), people in self.together.items()
            if other == number and (number, person) not in self.fixed
        }
        return sorted(found)

    def groups(self) -> tuple["array[int]", "array[int]"]:
        """Groups without a given seat as (round, from, to) and their members, flat."""
        spans, members = array("i"), array("i")
        for number in range(self.room.from_round, self.room.rounds):
            for people in self.groups_of(number):
                spans.extend((number, len(members), len(members) + len(people)))
                members.extend(people)
        return spans, members
