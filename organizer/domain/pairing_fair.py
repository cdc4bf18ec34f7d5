"""The fair list: whoever gets least gets as much as can be, while nearly all of the largest sum is kept.

A level is fair when everybody has that much or, where even their own best partners are worth less, those. The highest
level is sought from above by the linear program and then by whole lists; among its lists the largest sum is taken.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from organizer.domain.pairing_exact import field_of, marks_of, pairs_of, settle
from organizer.domain.pairing_lp import EPSILON, Field, Marks, Numbers, Point, Program, best_of_each
from organizer.domain.pairing_proof import Best, Pair, Terms, Worth

_ROUNDS: Final = 60
"""Work allowed at each level: optima of the growing program."""
_NARROW: Final = 40.0
"""Pairs that lose less than this are tried first: the best list is mostly among them."""
_SURE: Final = 60
"""Rooms up to this size are decided; in larger ones the work at each level is bounded more closely."""
_NODES: Final = 2_000
_COLUMNS: Final = 12_000
"""Work allowed: choices of more pairs than this are not branched on, and the bound stays open."""


@dataclass(frozen=True, slots=True)
class Fair:
    """The fair list with its sum and level, and what neither exceeds: no level is higher, no sum at this level."""

    pairs: tuple[Pair, ...]
    score: int
    score_bound: int
    level: int
    level_bound: int
    worst_bound: int
    """No list that keeps as much of the sum gives its worst-off person more."""
    work: int

    @property
    def proved(self) -> bool:
        """Whether nothing is left open."""
        return self.score == self.score_bound and self.level == self.level_bound


def fairest(given: Terms, best: Best, kept: int) -> Fair:
    """The fairest list that misses no more partners, joins no fewer wanted pairs, and keeps so many hundredths."""
    search = _Search(given, best, kept)
    chosen = marks_of(given, best.pairs)
    level = search.level(chosen)
    high = bound = at = search.highest(level)
    while level < high:
        found, certain = search.list_at(at)
        if found is not None:
            chosen, level = found, max(at, search.level(found))
        else:
            high, bound = at - 1, at - 1 if certain else bound
        at = (level + high + 1) // 2
    chosen, most = search.largest(level, chosen)
    score = search.score(search.field.worth(chosen))
    bounds = search.score(most), level, bound, search.worst_bound(bound)
    return Fair(pairs_of(given, chosen), score, *bounds, search.program.work)


class _Search:
    """The program with a floor for each person, and what a list has to keep."""

    def __init__(self, given: Terms, best: Best, kept: int) -> None:
        proof = best.proof
        self.plain = field_of(given, Worth(score=1))
        wishes = marks_of(given, given.mutual) if proof.mutual == len(given.mutual) else None
        self.reach = _reach(self.plain, wishes)
        # Heavier than any sum: what was reached of the higher aims is kept by whoever keeps the target.
        heavy = 1 + int(self.plain.mosts.sum()) * max(given.scores.values(), default=0)
        self.worth = Worth(
            1, heavy if given.mutual else 0, heavy * (1 + len(given.mutual)) if proof.missing else 0
        )
        self.field = field_of(given, self.worth)
        self.all_served = proof.missing == 0
        if self.all_served:
            np.fill_diagonal(self.field.lawful, False)
        self._base = self.worth.mutual * proof.mutual - self.worth.missing * proof.missing
        self.target = -(-proof.score * kept // 100) + self._base
        worths = self.plain.gains.copy()
        np.fill_diagonal(worths, self.reach)  # who is left without a partner is owed no worth either
        self._nodes = _NODES if len(given.people) <= _SURE else _NODES // 100
        self.program = Program(self.field, worths)
        count = int(self.plain.mosts.max(initial=0)) + 6
        self.program.widen(
            best_of_each(self.field.gains, self.field.lawful, count) | marks_of(given, best.pairs)
        )

    def score(self, worth: int) -> int:
        """The sum in a worth that reaches the higher aims."""
        return worth - self._base

    def worst_bound(self, bound: int) -> int:
        """What nobody's list gives the worst-off of those with a partner beyond, if no level above `bound` is had."""
        if not self.all_served:
            return bound
        return int(self.reach[self.plain.mosts > 0].min(initial=bound))

    def level(self, chosen: Marks) -> int:
        """How fair a list is: the least sum of those who could get more, and whom it leaves no partner missing."""
        sums = np.where(chosen, self.plain.gains, 0).sum(axis=1)
        short = sums < self.reach
        if not self.all_served:
            short &= chosen.sum(axis=1) >= self.plain.leasts
        return int(sums[short].min()) if short.any() else int(self.reach.max(initial=0))

    def highest(self, low: int) -> int:
        """The highest level at which the linear program still keeps the target; `low` is known to be reached."""
        high = int(self.reach.max(initial=0))
        while low < high:
            at = (low + high + 1) // 2
            if self._relaxed(at)[0].height >= self.target - EPSILON:
                low = at
            else:
                high = at - 1
        return low

    def list_at(self, level: int) -> tuple[Marks | None, bool]:
        """A list of a level that keeps the target, or None and whether it is certain that there is none."""
        point, whole = self._relaxed(level)
        if point.height < self.target - EPSILON:
            return None, True
        if whole:
            return self.program.chosen(point.values), True
        spare, bound = point.height - self.target, np.inf
        for width in _widths(spare):
            allowed = self._allowed(level, point, width)
            if _count(allowed) > _COLUMNS:
                return None, False
            found, bound = self.program.whole(
                allowed, self._nodes, self._lows(level), self.target, any_will_do=True
            )
            if found is not None:
                return (found, True) if self._is_fair(found, level) else (None, False)
        return None, bound < self.target - EPSILON

    def largest(self, level: int, chosen: Marks) -> tuple[Marks, int]:
        """The list of a level with the largest worth, from `chosen` on, and what no list of that level exceeds."""
        point, whole = self._relaxed(level)
        most, value = int(np.floor(point.height + EPSILON)), self.field.worth(chosen)
        if whole:
            return self.program.chosen(point.values), most
        for width in (_NARROW, np.inf):
            spare = min(width, point.height - value)
            allowed = self._allowed(level, point, spare)
            if value >= most or _count(allowed) > _COLUMNS:
                break
            found, bound = self.program.whole(allowed, self._nodes, self._lows(level), value)
            if found is not None and self.field.worth(found) > value and self._is_fair(found, level):
                chosen, value = found, self.field.worth(found)
            # Pairs beyond the width lose more than it: a list with one of them is worth less than this.
            most = min(most, max(value, int(np.floor(max(bound, point.height - spare) + EPSILON))))
        return chosen, most

    def _is_fair(self, chosen: Marks, level: int) -> bool:
        """Whether a list is what was asked for, counted in whole numbers: the solver allows itself a little."""
        within = bool((chosen.sum(axis=1) <= self.plain.mosts).all())
        return within and self.field.worth(chosen) >= self.target and self.level(chosen) >= level

    def _relaxed(self, level: int) -> tuple[Point, bool]:
        self.program.set_floors(self._lows(level), np.minimum(level, self.reach))
        point, whole = settle(self.program, _ROUNDS, thorough=False)
        lacking = point.lacks > EPSILON
        return point, whole and not lacking

    def _lows(self, level: int) -> Numbers:
        """How many partners each needs at least to reach the level."""
        if not self.all_served:
            return self.plain.leasts
        floors = np.minimum(level, self.reach)
        needed = (_tops(self.plain) < floors[:, None]).sum(axis=1)
        lows: Numbers = np.maximum(self.plain.leasts, np.minimum(needed, self.plain.mosts))
        return lows

    def _allowed(self, level: int, point: Point, width: float) -> Marks:
        """The pairs that lose no more than `width`, and with which both can still reach the level."""
        floors, gains = np.minimum(level, self.reach), self.plain.gains
        people, tops = np.arange(len(floors)), _tops(self.plain)
        most = np.maximum(self.plain.mosts, 1)
        others = tops[people, most - 1]
        last = tops[people, most] - others
        # Beside a pair that is itself among a person's best, the best others are one place further down.
        beside = others[:, None] + np.where(gains > last[:, None], last[:, None] - gains, 0)
        enough = gains + beside >= floors[:, None]
        np.fill_diagonal(enough, True)
        allowed: Marks = enough & enough.T & (self.program.gaps(point) >= -width - EPSILON)
        return allowed


def _reach(field: Field, wishes: Marks | None) -> Numbers:
    """The most that each could get from partners of their own choice, beside those that both wish for."""
    fixed = np.zeros_like(field.lawful) if wishes is None else wishes
    room = field.mosts - fixed.sum(axis=1)
    free = field.lawful & ~fixed & (room > 0)[:, None] & (room > 0)[None, :]
    people = np.arange(field.size)
    chosen: Numbers = np.where(fixed, field.gains, 0).sum(axis=1) + _tops(field, free)[people, room]
    return chosen


def _tops(field: Field, among: Marks | None = None) -> Numbers:
    """The sum of each person's best 0, 1, 2, … pairs."""
    marks = (field.lawful if among is None else among) & ~np.eye(field.size, dtype=bool)
    ranked = -np.sort(-np.where(marks, field.gains, 0), axis=1)
    return np.concatenate([np.zeros((field.size, 1), np.int64), np.cumsum(ranked, axis=1)], axis=1)


def _widths(spare: float) -> tuple[float, ...]:
    """How much a pair may lose: few pairs are tried before all that come into question."""
    return (spare,) if spare <= _NARROW else (_NARROW, spare)


def _count(marks: Marks) -> int:
    return int(np.count_nonzero(np.triu(marks)))
