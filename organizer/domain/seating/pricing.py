"""Which table promises most at given prices: all tables of a size looked through, those without promise left aside."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

from organizer.domain.seating.room import Pair, Room

NEVER: Final = -(1 << 40)
"""What two who may not share a table are worth together."""
WIDTH: Final = 6
"""How many of the next people a quick look tries."""
PER_PERSON: Final = 12
"""In how many of the tables found one person may be."""

Found = tuple[int, tuple[int, ...]]
"""What a table promises beyond its cost, and its people."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What pairs are worth, and what people and a table cost; whole numbers of one unit."""

    worth: Sequence[Sequence[int]]
    costs: Sequence[int]
    table: int


@dataclass(slots=True)
class Pricing:
    """The tables of some people. Two who are `apart` never share one, nor do those whom the room keeps apart.

    `looks` is the work left: a look takes the people of a table but two and finds the best two for them. Once it is
    spent, tables not looked at are taken to promise what they might at most.
    """

    room: Room
    people: Sequence[int]
    apart: Iterable[Pair] = ()
    looks: int = 1 << 60

    def best(self, prices: Prices, size: int, width: int | None = None) -> tuple[int, list[tuple[int, ...]]]:
        """The most that a table of `size` promises beyond its cost (0: nothing), and tables that promise something,
        the best first. With a `width` only so many of the next people are tried: quick, and no more a bound.
        """
        unseen = 0
        if size == 1:
            found: list[Found] = [(-prices.costs[person] - prices.table, (person,)) for person in self.people]
        else:
            order, worth, costs = self._matrix(prices, size)
            look = _Look(worth, costs, size, width, self.looks)
            look.extend((), worth[:0].sum(axis=0) - costs, -prices.table)
            self.looks, unseen = look.looks, look.unseen
            found = [(value, tuple(sorted(order[at] for at in table))) for value, table in look.found]
        found = sorted((one for one in found if one[0] > 0), key=lambda one: (-one[0], one[1]))
        return max(unseen, found[0][0] if found else 0), _spread(found)

    def _matrix(self, prices: Prices, size: int) -> tuple[list[int], Any, Any]:
        """People in the order of promise, what they are worth to one another, and what they cost."""
        np: Any = import_module("numpy")
        everybody = np.array(self.people)
        worth = np.array(prices.worth, dtype=np.int64)[np.ix_(everybody, everybody)]
        place = {person: at for at, person in enumerate(self.people)}
        for a, b in {*self.room.unlawful, *self.apart}:
            if a in place and b in place:
                worth[place[a], place[b]] = worth[place[b], place[a]] = NEVER
        np.fill_diagonal(worth, NEVER)
        costs = np.array(prices.costs, dtype=np.int64)[everybody]
        hope = np.sort(worth, axis=1)[:, 1 - size :].sum(axis=1) - 2 * costs
        order = np.argsort(-hope, kind="stable")
        return everybody[order].tolist(), worth[np.ix_(order, order)], costs[order]


@dataclass(slots=True)
class _Look:
    """One look through all tables of a size; people stand in a fixed order, each table in it."""

    worth: Any
    costs: Any
    size: int
    width: int | None
    looks: int
    unseen: int = 0
    """What tables that were not looked at promise at most."""
    found: list[Found] = field(default_factory=list)
    np: Any = field(default_factory=lambda: import_module("numpy"))
    later: Any = None
    """What pairs are worth, each pair once: the later person beside the earlier."""

    def __post_init__(self) -> None:
        self.later = self.np.where(self.np.tri(len(self.costs), dtype=bool), NEVER, self.worth)

    def extend(self, table: tuple[int, ...], gains: Any, base: int) -> None:
        """All tables that begin with these people, whose own account is `base`; `gains` is what each later person
        would add to them.
        """
        start, missing = (table[-1] + 1 if table else 0), self.size - len(table)
        if missing == 2:
            self._last_two(table, start, gains, base)
            return
        steps: Iterable[int] = range(len(gains))
        if self.width is not None and table:
            steps = self.np.argsort(-gains, kind="stable")[: self.width].tolist()
        for step in steps:
            rest = gains[step:]
            hope = base + self._hope(start + step, rest, missing) if len(rest) >= missing else 0
            if hope <= 0 and (self.width is None or not table):
                return  # those who come later promise no more
            if hope > 0 and self.looks <= 0:
                self.unseen = max(self.unseen, hope)
                return
            if hope <= 0:
                continue
            if (gain := int(gains[step])) > NEVER // 2:
                person = start + step
                further = gains[step + 1 :] + self.worth[person, person + 1 :]
                self.extend((*table, person), further, base + gain)

    def _hope(self, start: int, gains: Any, missing: int) -> int:
        """What `missing` people from `start` on can add at most: each with the best fellows, whose worth two share."""
        np = self.np
        fellows = np.partition(self.worth[start:, start:], 1 - missing, axis=1)[:, 1 - missing :].sum(axis=1)
        return int(np.partition(2 * gains + fellows, -missing)[-missing:].sum()) // 2 + 1

    def _last_two(self, table: tuple[int, ...], start: int, gains: Any, base: int) -> None:
        """The best completion of a table by two more people, where it promises anything."""
        if len(gains) < 2:
            return
        self.looks -= 1
        later = self.later[start:, start:]
        top = self.np.partition(gains, -2)[-2:]
        if base + int(top[0]) + int(top[1]) + int(later.max()) <= 0:
            return
        sums = later + gains[:, None]
        sums += gains
        at = int(sums.argmax())
        value = base + int(sums.flat[at])
        if value > 0:
            one, other = divmod(at, len(gains))
            self.found.append((value, (*table, start + one, start + other)))


def _spread(found: Sequence[Found]) -> list[tuple[int, ...]]:
    """The best tables, nobody in too many of them."""
    uses: Counter[int] = Counter()
    chosen = []
    for _, table in found:
        if all(uses[person] < PER_PERSON for person in table):
            uses.update(table)
            chosen.append(table)
    return chosen
