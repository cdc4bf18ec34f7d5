"""A linear program over whole tables, and the bound that its prices prove.

One column is one table: some people and how often they sit so. Each person sits in each round once; a pair counts
once and costs a repeat beyond that; wishes are a concave function. Columns are added while they promise more, pairs'
rows when they are broken. The solver's prices are only a hint: rounded to whole numbers, they give by weak duality
a bound that holds whatever the solver did, reckoned in whole numbers.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from itertools import accumulate, combinations, pairwise
from typing import Any, Final

from organizer.domain.seating.judge import meetings
from organizer.domain.seating.pricing import WIDTH, Prices, Pricing
from organizer.domain.seating.room import REPEAT, WANTS, Pair, Plan, Room

SCALE: Final = 256
"""Prices are rounded to this part of a point."""
CLOSE_ENOUGH: Final = 200
"""The program is left when its bound is within one part of so many of its value."""
LOOK: Final = 25
"""Effort of one look at tables, in a small room; a unit is about a microsecond."""
STEP: Final = 8
"""One step of the solver costs a unit of effort for so many rows."""
GAINS: Final = tuple(after - before for before, after in pairwise(WANTS))
_WAY_OUT: Final = 10_000
"""Cost of leaving a seat empty: dearer than any table is worth."""
_TINY: Final = 1e-6
_NO_LIMIT: Final = float("inf")
_DUAL, _PRIMAL = 1, 4
"""Which simplex method fits: after new rows the prices still hold, after new columns the answer does."""

Table = tuple[int, tuple[int, ...]]
"""The group of rounds, and the people of a table."""


def met_before(room: Room) -> Counter[Pair]:
    """How often each two sat together in the rounds that are over."""
    return meetings((room.published or ())[: room.from_round])


@dataclass(frozen=True, slots=True)
class _Group:
    """Rounds that are alike for the linear program: the same people, sizes and people pinned apart."""

    people: tuple[int, ...]
    sizes: tuple[tuple[int, int], ...]
    """(size, how many such tables in all rounds of the group)."""
    apart: frozenset[Pair]
    rounds: int


def _groups(room: Room) -> list[_Group]:
    found: dict[tuple[Any, ...], int] = {}
    for number in range(room.from_round, room.rounds):
        pinned = sorted((person, table) for person, in_round, table in room.fixed if in_round == number)
        apart = frozenset(
            (min(a, b), max(a, b)) for (a, at), (b, there) in combinations(pinned, 2) if at != there
        )
        key = room.people_in(number), tuple(sorted(room.tables[number])), apart
        found[key] = found.get(key, 0) + 1
    return [
        _Group(
            people, tuple((size, rounds * sizes.count(size)) for size in sorted(set(sizes))), apart, rounds
        )
        for (people, sizes, apart), rounds in found.items()
        if people
    ]


@dataclass(slots=True)
class TableProgram:
    """The program of a room: rows for people and table sizes of each group of rounds, for wishes, and for pairs
    where they are broken. `repeat` is what it charges for a pair's second meeting.
    """

    room: Room
    repeat: int = REPEAT
    groups: list[_Group] = field(default_factory=list)
    solver: Any = None
    over: Counter[Pair] = field(default_factory=Counter)
    """How often each two have met already."""
    constant: int = 0
    columns: list[Table] = field(default_factory=list)
    """(group, people) of each column of a table."""
    places: list[int] = field(default_factory=list)
    """Where these columns stand in the program."""
    known: set[Table] = field(default_factory=set)
    cover_row: dict[tuple[int, int], int] = field(default_factory=dict)
    size_row: dict[tuple[int, int], int] = field(default_factory=dict)
    want_row: dict[int, int] = field(default_factory=dict)
    pair_row: dict[Pair, int] = field(default_factory=dict)
    wanted_by: dict[Pair, tuple[int, ...]] = field(default_factory=dict)
    steps: int = 0
    """Effort spent on solving."""
    granted: dict[int, int] = field(default_factory=dict)
    """How many wishes of each person are met already."""

    def __post_init__(self) -> None:
        self.groups = _groups(self.room)
        self.over = met_before(self.room)
        for person, wanted in enumerate(self.room.wants):
            for other in wanted:
                pair = (min(person, other), max(person, other))
                if pair in self.over:
                    self.granted[person] = self.granted.get(person, 0) + 1
                elif pair not in self.room.unlawful:
                    self.wanted_by[pair] = (*self.wanted_by.get(pair, ()), person)
        for (a, b), times in self.over.items():
            self.constant += self.room.value[a][b] - self.repeat * (times * (times - 1) // 2)
        self.constant += sum(WANTS[min(4, met)] for met in self.granted.values())

    def worth(self, pair: Pair) -> int:
        """What a coming meeting of two counts, wishes aside; no first one counts for less than a repeat."""
        if pair in self.over:
            return -self.repeat * self.over[pair]
        return max(self.room.value[pair[0]][pair[1]], -self.repeat)

    def gains(self, person: int) -> tuple[int, ...]:
        """What each further wish of a person's is worth, in falling order."""
        return GAINS[min(4, self.granted.get(person, 0)) :]

    def _begin(self, plan: Plan | None) -> None:
        """The program with the tables of a plan, and an expensive way out so that it always has an answer."""
        highspy: Any = import_module("highspy")
        self.solver = highspy.Highs()
        for name, value in {
            "output_flag": False,
            "threads": 1,
            "random_seed": 0,
            "solver": "simplex",
        }.items():
            self.solver.setOptionValue(name, value)
        self.solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self._rows()
        self._columns(
            [
                (gain, 1.0, [(row, 1.0)])
                for person, row in self.want_row.items()
                for gain in self.gains(person)
            ]
        )
        self._columns(
            [
                (-_WAY_OUT, _NO_LIMIT, [(row, 1.0)])
                for row in (*self.cover_row.values(), *self.size_row.values())
            ]
        )
        self._add(_tables_of(self.room, self.groups, plan))

    def _rows(self) -> None:
        row = 0
        for number, group in enumerate(self.groups):
            for person in group.people:
                self.solver.addRow(float(group.rounds), float(group.rounds), 0, [], [])
                self.cover_row[number, person] = row
                row += 1
            for size, count in group.sizes:
                self.solver.addRow(float(count), float(count), 0, [], [])
                self.size_row[number, size] = row
                row += 1
        for person in sorted({one for people in self.wanted_by.values() for one in people}):
            self.solver.addRow(-_NO_LIMIT, 0.0, 0, [], [])
            self.want_row[person] = row
            row += 1

    def _columns(self, columns: Sequence[tuple[int, float, Sequence[tuple[int, float]]]]) -> int:
        """Add columns of (gain, upper limit, entries by row); the place of the first."""
        first = int(self.solver.getNumCol())
        entries = [entry for _, _, rows in columns for entry in rows]
        self.solver.addCols(
            len(columns),
            [float(gain) for gain, _, _ in columns],
            [0.0] * len(columns),
            [upper for _, upper, _ in columns],
            len(entries),
            list(accumulate((len(rows) for _, _, rows in columns[:-1]), initial=0)),
            [row for row, _ in entries],
            [value for _, value in entries],
        )
        return first

    def _add(self, tables: Iterable[Table]) -> None:
        """Add tables, each once."""
        fresh = [table for table in dict.fromkeys(tables) if table not in self.known]
        if fresh:
            first = self._columns([self._column(group, people) for group, people in fresh])
            self.places += range(first, first + len(fresh))
            self.columns += fresh
            self.known.update(fresh)

    def _column(self, group: int, people: tuple[int, ...]) -> tuple[int, float, list[tuple[int, float]]]:
        pairs = list(combinations(people, 2))
        entries: dict[int, float] = {self.cover_row[group, person]: 1.0 for person in people}
        entries[self.size_row[group, len(people)]] = 1.0
        for pair in pairs:
            for person in self.wanted_by.get(pair, ()):
                row = self.want_row[person]
                entries[row] = entries.get(row, 0.0) - 1.0
            if pair in self.pair_row:
                entries[self.pair_row[pair]] = 1.0
        return sum(self.worth(pair) for pair in pairs), _NO_LIMIT, list(entries.items())

    def _limit(self, pairs: Sequence[Pair]) -> None:
        """A row for each pair that meets more than once in the program's answer: beyond once it costs a repeat."""
        entries: dict[Pair, list[int]] = {pair: [] for pair in pairs}
        for (_, people), place in zip(self.columns, self.places, strict=True):
            for pair in combinations(people, 2):
                if pair in entries:
                    entries[pair].append(place)
        first = int(self.solver.getNumRow())
        self.pair_row |= {pair: row for row, pair in enumerate(pairs, start=first)}
        at = [place for pair in pairs for place in entries[pair]]
        starts = list(accumulate((len(entries[pair]) for pair in pairs[:-1]), initial=0))
        self.solver.addRows(
            len(pairs), [-_NO_LIMIT] * len(pairs), [1.0] * len(pairs), len(at), starts, at, [1.0] * len(at)
        )
        extra = []
        for pair in pairs:
            wishes = [(self.want_row[person], 1.0) for person in self.wanted_by.get(pair, ())]
            extra.append(
                (-self.repeat_cost(pair), float(self.room.rounds), [(self.pair_row[pair], -1.0), *wishes])
            )
        self._columns(extra)

    def repeat_cost(self, pair: Pair) -> int:
        """What each meeting beyond the first takes away again."""
        return self.repeat + self.worth(pair)

    def bound(self, plan: Plan | None, effort: int) -> int:
        """The best bound found with so much effort, beginning with the tables of a plan; see LOOK."""
        self._begin(plan)
        look = LOOK + self.room.n**2 // 100
        looks = effort // look // max(1, len(self.groups))
        pricing = [Pricing(self.room, group.people, group.apart, looks) for group in self.groups]
        best = self.constant + _WAY_OUT * self.room.n * self.room.rounds
        while True:
            value = self._solve()
            duals = self._duals()
            spent = self.steps + look * sum(looks - one.looks for one in pricing) >= effort
            found = [] if spent else self._price(pricing, duals, WIDTH)[1]
            if not found:
                proved, found = self._price(pricing, duals, None)
                best = min(best, proved)
            if spent or not found or (best - self.constant - value) * CLOSE_ENOUGH <= abs(value):
                return best
            self._add(found)

    def _solve(self) -> float:
        """The program's value once no pair without a row meets more than once in its answer."""
        self.solver.setOptionValue("simplex_strategy", _PRIMAL)
        while True:
            self.solver.run()
            self.steps += self.solver.getInfo().simplex_iteration_count * self.solver.getNumRow() // STEP
            self.solver.setOptionValue("simplex_strategy", _DUAL)
            broken = self._broken()
            if not broken:
                return float(self.solver.getInfo().objective_function_value)
            self._limit(broken)

    def _broken(self) -> list[Pair]:
        values = self.solver.getSolution().col_value
        times: dict[Pair, float] = {}
        for (_, people), place in zip(self.columns, self.places, strict=True):
            if (value := values[place]) > _TINY:
                for pair in combinations(people, 2):
                    times[pair] = times.get(pair, 0.0) + value
        return sorted(
            pair
            for pair, count in times.items()
            if count > 1 + _TINY
            and pair not in self.pair_row
            and pair not in self.over
            and self.repeat_cost(pair)
        )

    def _duals(self) -> "_Duals":
        dual = self.solver.getSolution().row_dual
        return _Duals(
            cover={key: round(SCALE * dual[row]) for key, row in self.cover_row.items()},
            size={key: round(SCALE * dual[row]) for key, row in self.size_row.items()},
            want={person: max(0, round(SCALE * dual[row])) for person, row in self.want_row.items()},
            pair={pair: max(0, round(SCALE * dual[row])) for pair, row in self.pair_row.items()},
        )

    def _price(self, pricing: list[Pricing], duals: "_Duals", width: int | None) -> tuple[int, list[Table]]:
        """The bound by weak duality, in whole points, and the tables that promise more than they cost."""
        total = sum(dual * self.groups[group].rounds for (group, _), dual in duals.cover.items())
        for person, dual in duals.want.items():
            total += sum(max(0, SCALE * gain - dual) for gain in self.gains(person))
        for pair, dual in duals.pair.items():
            rest = (
                dual
                - SCALE * self.repeat_cost(pair)
                - sum(duals.want[p] for p in self.wanted_by.get(pair, ()))
            )
            total += dual + max(0, rest) * self.room.rounds
        worth = [[0] * self.room.n for _ in range(self.room.n)]
        for a in range(self.room.n):
            for b in range(a + 1, self.room.n):
                pair = (a, b)
                value = SCALE * self.worth(pair) + sum(duals.want[p] for p in self.wanted_by.get(pair, ()))
                worth[a][b] = worth[b][a] = value - duals.pair.get(pair, 0)
        found: list[Table] = []
        for number, group in enumerate(self.groups):
            costs = [duals.cover.get((number, person), 0) for person in range(self.room.n)]
            for size, count in group.sizes:
                at = duals.size[number, size]
                most, tables = pricing[number].best(Prices(worth, costs, at), size, width)
                total += (at + max(0, most)) * count
                found += [one for people in tables if (one := (number, people)) not in self.known]
        return self.constant + total // SCALE, found


@dataclass(frozen=True, slots=True)
class _Duals:
    """The program's prices in whole parts of a point."""

    cover: dict[tuple[int, int], int]
    size: dict[tuple[int, int], int]
    want: dict[int, int]
    pair: dict[Pair, int]


def _tables_of(room: Room, groups: list[_Group], plan: Plan | None) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The tables of a plan, each with its group."""
    place = {group.people: number for number, group in reversed(list(enumerate(groups)))}
    for number in range(room.from_round, room.rounds if plan else 0):
        for people in (plan or ())[number]:
            at = place[room.people_in(number)]
            if len(people) in {size for size, _ in groups[at].sizes}:
                yield at, tuple(sorted(people))
