"""The search for a plan: lawful from the start, better with every proposal it may spend."""

from collections.abc import Callable
from typing import Final

from organizer.domain.seating.board import BAN, Board
from organizer.domain.seating.designs import design
from organizer.domain.seating.dice import Dice
from organizer.domain.seating.quantiles import cooling
from organizer.domain.seating.range import Range, crowding, range_of
from organizer.domain.seating.room import REPEAT, Plan, Room
from organizer.domain.seating.start import first_plan, repair

SLICE: Final = 16384
"""Proposals between two looks at whether to stop: the same in every build, for the plan depends on it."""
HEATS: Final = 40
HEAT_WORK: Final = 2000
"""Proposals at least for each of them."""
REPAIR: Final = 2_000_000
"""Proposals at least that a lawful first plan may cost."""

CROWDED: Final = 850
"""Thousandths of the others whom everybody meets, from which a design is tried."""
WHOLE: Final = 224
DESIGN_HOT: Final = 45 * 16
DESIGN_COLD: Final = 8 * 16

OnBetter = Callable[[Plan, int], None]
Stop = Callable[[], bool]


class Search:
    """One search: its board, its dice, and the best lawful plan so far with its score."""

    def __init__(
        self, room: Room, work: int, seed: int, on_better: OnBetter | None = None, stop: Stop | None = None
    ) -> None:
        self.room = room
        self.board = Board(room)
        self.dice = Dice(seed)
        self.board.annealer.sow(seed)
        self.range = range_of(room)
        self.multi = self.range.multi
        self.given = self.left = work
        self.target: int | None = None
        """A score that cannot be surpassed."""
        self.best: Plan | None = None
        self.score = 0
        self.on_better = on_better
        self.stop = stop
        self.stopped = False

    def begin(self, plan: Plan | None = None) -> bool:
        """Count a plan, or a fresh one that is lawful if need be by repair; whether it is lawful."""
        published = self.best is None and self.room.published is not None
        self.board.seat(plan or first_plan(self.board, self.dice, published))
        self.board.reset()
        self.left -= repair(self.board, max(self.left, REPAIR))
        self.keep()
        return self.board.annealer.best_score > -BAN // 2

    def anneal(self, work: int, hot: int, cold: int) -> None:
        """Cool from hot to cold, in sixteenths of points, over so many proposals; then only uphill."""
        steps = max(1, min(HEATS, work // HEAT_WORK))
        heats = [*cooling(hot, cold, steps), 0]
        for at, heat in enumerate(heats):
            before = self.left
            self.run(work // (len(heats) - at), heat)
            work -= before - self.left
            if heat < 2 * cold and self.on_better:
                self.keep()
        self.keep()

    def run(self, work: int, heat: int) -> None:
        """Spend work at one heat."""
        while work > 0 and not self.over():
            done = self.board.annealer.run(min(work, SLICE, self.left), heat, self.multi)
            work -= done
            self.left -= done
            self.stopped = self.stopped or bool(self.stop and self.stop())

    def over(self) -> bool:
        """Whether the work is done, somebody said stop, or nothing better can be found."""
        return self.left <= 0 or self.stopped or self.perfect()

    def perfect(self) -> bool:
        """Whether nothing better can be found."""
        if self.target is None or self.best is None:
            return False
        return max(self.board.annealer.best_score, self.score) >= self.target

    def keep(self) -> None:
        """Keep the board's best plan if it is lawful and better than any before."""
        score = self.board.annealer.best_score
        if score > -BAN // 2 and (self.best is None or score > self.score):
            self.best, self.score = self.board.plan(), score
            if self.on_better:
                self.on_better(self.best, score)


def search(one: Search) -> None:
    """Spend the work of a search on runs from fresh plans, each cooled as far as the room asks for.

    Where nearly everybody meets everybody half of it goes to a plan known to be free of repeats.
    """
    limits: Range = one.range
    known = crowded_design(one.room)
    if known:
        fit_design(one, known, one.left // 2)
    runs = max(1, min(limits.most_runs, one.left // limits.enough))
    for number in range(runs):
        if one.stopped or not one.begin():
            continue
        one.anneal(one.left // (runs - number), limits.hot, limits.cold)


def crowded_design(room: Room) -> Plan | None:
    """A plan free of repeats for a room in which search alone may not find one; None where it does or none is known."""
    settled = not (room.fixed or room.beside or room.published) and len(set(room.tables)) == 1
    if not settled or crowding(room) < CROWDED or any(stay != (0, room.rounds - 1) for stay in room.present):
        return None
    return design(room.tables[0], room.rounds)


def fit_design(one: Search, known: Plan, work: int) -> None:
    """Let people change places in the whole plan, which keeps it free of repeats, until it fits them."""
    people = list(range(one.room.n))
    one.dice.shuffle(people)
    multi, one.multi = one.multi, WHOLE
    if one.begin(tuple(tuple(tuple(people[who] for who in table) for table in tables) for tables in known)):
        one.anneal(work, DESIGN_HOT, DESIGN_COLD)
    one.multi = multi


def search_pure(one: Search, least: int) -> None:
    """Spend the work where nothing but repeats counts, and stop at the fewest there can be."""
    one.target = -REPEAT * least
    share = one.left // 2
    while not one.over():
        if not one.begin():
            continue
        one.anneal(max(share, one.given // 16), one.range.hot, one.range.cold)
        share //= 2
