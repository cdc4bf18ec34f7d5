"""A room as flat arrays of whole numbers, and the plan on it that the search changes."""

from array import array
from collections.abc import Iterable
from itertools import chain
from typing import Final

from organizer.domain.seating.anneal_cy import Annealer
from organizer.domain.seating.bonds import Bonds
from organizer.domain.seating.quantiles import logarithms
from organizer.domain.seating.room import REPEAT, WANTS, Plan, Room

BAN: Final = 1 << 21
"""Points lost for each meeting of two who may not share a table: far more than a swap can bring otherwise."""
UNLAWFUL: Final = -(1 << 30)
"""In the matrix of values: these two may not meet."""

BY_SEAT: Final = ("who", "best", "place", "table", "home", "free", "worth", "movable")
BY_PAIR: Final = ("value", "want", "past", "times", "gain", "loss")
BY_PERSON: Final = ("got", "shift", "more")


def zeros(length: int) -> "array[int]":
    """So many whole numbers."""
    return array("i", bytes(4 * length))


def toll(room: Room) -> int:
    """How many proposals cost as much as writing down one swap."""
    size = max(map(max, room.tables), default=1)
    return (60 + room.n + 4 * (size - 1) * (8 + 7 * (room.rounds - room.from_round))) // 4


class Board:
    """The seats of a room: places of a round in the order of its tables, and who sits there."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.bonds = Bonds(room)
        self.most = max(map(len, room.tables), default=0)
        n, rounds = room.n, room.rounds
        self.arrays = {name: zeros(n * rounds) for name in BY_SEAT}
        self.arrays |= {name: zeros(n * n) for name in BY_PAIR}
        self.arrays |= {name: zeros(n) for name in BY_PERSON}
        self.arrays |= {name: zeros(rounds * self.most) for name in ("low", "high")}
        self.arrays |= {name: zeros(rounds) for name in ("tables", "movables")}
        self.arrays |= {"offer": zeros(rounds * self.most * n), "noise": zeros(1024)}
        self.arrays["touched"] = zeros(64 + 8 * rounds * max(map(max, room.tables), default=1))
        self.arrays["points"] = array("i", WANTS)
        self.arrays["logs"] = logarithms()
        self._lay_tables()
        self._weigh_pairs()
        self._list_wishes()
        self._list_movable()
        cost = room.moved_cost if room.published else 0
        size = (n, room.from_round, rounds, self.most)
        self.annealer = Annealer(size, self.arrays, cost, toll(room), self._over())

    def _lay_tables(self) -> None:
        room, arrays = self.room, self.arrays
        for name in ("who", "best", "place", "home", "table"):
            arrays[name][:] = array("i", [-1]) * len(arrays[name])
        for number, sizes in enumerate(room.tables):
            arrays["tables"][number] = len(sizes)
            low = 0
            for table, size in enumerate(sizes, start=number * self.most):
                arrays["low"][table], arrays["high"][table] = low, low + size
                low += size
        for person, number, table in room.published_tables():
            arrays["home"][number * room.n + person] = table

    def _weigh_pairs(self) -> None:
        room, n = self.room, self.room.n
        value, past = self.arrays["value"], self.arrays["past"]
        value[:] = array("i", chain.from_iterable(room.value))
        for one, other in room.unlawful:
            value[one * n + other] = value[other * n + one] = UNLAWFUL
        for one in range(n):
            value[one * n + one] = 0
        for tables in (room.published or ())[: room.from_round]:
            for people in tables:
                for one in people:
                    for other in people:
                        past[one * n + other] += one != other

    def _over(self) -> int:
        """What meetings in rounds that are over count for of pairs who may not meet any more."""
        room, past = self.room, self.arrays["past"]
        met = [(one, other, past[one * room.n + other]) for one, other in room.unlawful]
        return sum(room.value[one][other] - REPEAT * (c * (c - 1) // 2) for one, other, c in met if c)

    def _list_wishes(self) -> None:
        room, arrays = self.room, self.arrays
        arrays["wanted"], arrays["wanted_from"] = array("i"), array("i", [0])
        for one, wanted in enumerate(room.wants):
            for other in wanted:
                at = one * room.n + other
                # A wish that may not be met counts only if it was met in a round that is over; then for good.
                arrays["want"][at] = arrays["value"][at] != UNLAWFUL
                if arrays["want"][at] or arrays["past"][at]:
                    arrays["wanted"].append(other)
            arrays["wanted_from"].append(len(arrays["wanted"]))

    def _list_movable(self) -> None:
        room, arrays = self.room, self.arrays
        for number in range(room.from_round, room.rounds):
            base = number * room.n
            alone = [person for person in room.people_in(number) if not self.bonds.tied(number, person)]
            arrays["movables"][number] = len(alone)
            arrays["movable"][base : base + len(alone)] = array("i", alone)
            for person in alone:
                arrays["free"][base + person] = 1
        arrays["groups"], arrays["members"] = self.bonds.flat_groups()
        arrays["traded"] = zeros(len(arrays["members"]))

    def seat(self, plan: Iterable[Iterable[Iterable[int]]]) -> None:
        """Sit people down as in a plan whose rounds and sizes are the room's."""
        n = self.room.n
        for number, tables in enumerate(plan):
            people = list(chain.from_iterable(tables))
            self.arrays["who"][number * n : number * n + len(people)] = array("i", people)

    def reset(self, repeat: int = REPEAT, ban: int = BAN) -> None:
        """Count the plan of now anew."""
        self.annealer.reset(repeat, ban)

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
