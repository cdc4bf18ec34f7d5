"""The linear program behind the pairs: few columns at first, more pairs and sharper limits as they are needed.

Everything is counted by place: person p is row p, and column (p, q), p < q, is the pair; (p, p) is a partner that p
does without. Imported where something is solved: it loads numpy and the solver.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import highspy
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]
Marks = NDArray[np.bool_]

EPSILON: Final = 1e-6
_LACK: Final = 1000.0
"""The price of each point below a floor: far more than any list loses by lifting somebody by a point."""
_UNWORTHY: Final = -1e12
"""Below every price."""


@dataclass(frozen=True, slots=True)
class Field:
    """Who may be paired: gains (n × n, symmetric; on the diagonal what a missing partner costs), and the limits."""

    gains: Numbers
    lawful: Marks
    """On the diagonal: whether a partner may be missing."""
    leasts: Numbers
    mosts: Numbers

    @property
    def size(self) -> int:
        """The number of people."""
        return len(self.mosts)

    def worth(self, chosen: Marks) -> int:
        """What a choice gains, missing partners included."""
        lacks = np.maximum(0, self.leasts - chosen.sum(axis=1))
        return int(self.gains[np.triu(chosen, 1)].sum() + (lacks * self.gains.diagonal()).sum())


@dataclass(frozen=True, slots=True)
class Cut:
    """An odd set by place: +1 for people whose cap counts, -1 for those whose least counts; pairs once; its room."""

    signs: Numbers
    once: frozenset[tuple[int, int]]
    room: int

    def counts(self, firsts: Numbers, seconds: Numbers) -> Numbers:
        """How often each of these columns counts against it."""
        both = self.signs[firsts] + np.where(firsts == seconds, 0, self.signs[seconds])
        if self.once:
            both = both + np.array(
                [pair in self.once for pair in zip(firsts.tolist(), seconds.tolist(), strict=True)], np.int64
            )
        return both // 2


@dataclass(frozen=True, slots=True)
class Point:
    """An optimum of the program as it stands: its height, the columns' values, and the rows' prices."""

    height: float
    values: Reals
    prices: Reals
    """Of the people, then of the cuts."""
    floor_prices: Reals
    lacks: float
    """The most that anybody lacks of a floor."""


class Program:
    """Columns and limits so far, and the solver that goes on from its last answer."""

    def __init__(self, field: Field, worths: Numbers | None = None) -> None:
        """With `worths` (n × n) each person's pairs are to be worth as much as `set_floors` says."""
        self.field, self.worths = field, worths
        self.firsts, self.seconds = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self.cuts: list[Cut] = []
        self.known = np.zeros(field.lawful.shape, bool)
        self.work = 0
        self._rows = field.size if worths is None else 2 * field.size
        self._lacks = 0 if worths is None else 2 * field.size
        self._solver = _solver()
        self._add_rows(field.leasts.astype(float), field.mosts.astype(float))
        if worths is not None:
            self._add_rows(np.zeros(field.size), np.full(field.size, highspy.kHighsInf))
            self._add_lacks()

    def _add_rows(self, lows: Reals, highs: Reals) -> None:
        empty = np.zeros(0, np.int32)
        self._solver.addRows(len(lows), lows, highs, 0, np.zeros(len(lows), np.int32), empty, np.zeros(0))

    def _add_lacks(self) -> None:
        """What a person lacks of partners and of the floor, at a high price: the first pairs may not reach them."""
        count = 2 * self.field.size
        rows, ones = np.arange(count, dtype=np.int32), np.ones(count)
        prices = np.repeat([-_LACK * _LACK, -_LACK], self.field.size)
        self._solver.addCols(
            count, prices, np.zeros(count), np.full(count, highspy.kHighsInf), count, rows, rows, ones
        )

    def widen(self, chosen: Marks) -> None:
        """Take in these pairs; `chosen` is symmetric, and its diagonal speaks of missing partners."""
        firsts, seconds = np.nonzero(np.triu(chosen & self.field.lawful & ~self.known))
        self.known[firsts, seconds] = self.known[seconds, firsts] = True
        starts, rows, factors = self._entries(firsts, seconds)
        most = np.where(firsts == seconds, self.field.leasts[firsts], 1).astype(float)
        gains = self.field.gains[firsts, seconds].astype(float)
        self._solver.addCols(
            len(firsts), gains, np.zeros(len(firsts)), most, len(rows), starts[:-1], rows, factors
        )
        self.firsts = np.concatenate([self.firsts, firsts])
        self.seconds = np.concatenate([self.seconds, seconds])

    def sharpen(self, cuts: Sequence[Cut]) -> None:
        """Take in these limits."""
        for cut in cuts:
            counts = cut.counts(self.firsts, self.seconds)
            (columns,) = np.nonzero(counts)
            self._solver.addRow(
                -highspy.kHighsInf,
                float(cut.room),
                len(columns),
                (columns + self._lacks).astype(np.int32),
                counts[columns].astype(float),
            )
        self.cuts += cuts

    def set_floors(self, lows: Numbers, floors: Numbers) -> None:
        """Ask for so many partners, and for pairs worth so much, for each person."""
        n = self.field.size
        rows = np.arange(2 * n, dtype=np.int32)
        highs = np.concatenate([self.field.mosts.astype(float), np.full(n, highspy.kHighsInf)])
        self._solver.changeRowsBounds(2 * n, rows, np.concatenate([lows, floors]).astype(float), highs)

    def optimum(self) -> Point:
        """The best point over the columns so far."""
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self._solver.clearSolver()
            self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise AssertionError(f"no optimum: {self._solver.getModelStatus()}")
        info, solution = self._solver.getInfo(), self._solver.getSolution()
        self.work += max(0, int(info.simplex_iteration_count))
        values, duals = np.array(solution.col_value), np.array(solution.row_dual)
        n = self.field.size
        return Point(
            float(info.objective_function_value),
            values[self._lacks :],
            np.concatenate([duals[:n], duals[self._rows :]]),
            duals[n : self._rows],
            float(values[: self._lacks].max(initial=0.0)),
        )

    def gaps(self, point: Point) -> Reals:
        """What each column, taken in or not, would gain beyond its price: n × n, far below 0 where unlawful."""
        n, field = self.field.size, self.field
        prices = point.prices[:n]
        if self.worths is None:
            left = field.gains - prices[:, None] - prices[None, :]
            np.fill_diagonal(left, field.gains.diagonal() - prices)
        else:
            lift = point.floor_prices
            left = field.gains - prices[:, None] - prices[None, :]
            left -= (lift[:, None] + lift[None, :]) * self.worths
            np.fill_diagonal(left, field.gains.diagonal() - prices - lift * self.worths.diagonal())
        left -= priced(self.cuts, point.prices[n:])
        left[~field.lawful] = _UNWORTHY
        return left

    def _entries(self, firsts: Numbers, seconds: Numbers) -> tuple[Any, Any, Any]:
        """Where each column stands: starts, rows and factors, column by column."""
        n, places = self.field.size, np.arange(len(firsts))
        pairs = np.nonzero(firsts != seconds)[0]
        columns, rows = [places, pairs], [firsts, seconds[pairs]]
        factors = [np.ones(len(firsts)), np.ones(len(pairs))]
        if self.worths is not None:
            worths = self.worths[firsts, seconds].astype(float)
            columns += [places, pairs]
            rows += [firsts + n, seconds[pairs] + n]
            factors += [worths, worths[pairs]]
        for place, cut in enumerate(self.cuts):
            counts = cut.counts(firsts, seconds)
            (touched,) = np.nonzero(counts)
            columns.append(touched)
            rows.append(np.full(len(touched), self._rows + place))
            factors.append(counts[touched].astype(float))
        column = np.concatenate(columns)
        order = np.argsort(column, kind="stable")
        starts = np.searchsorted(column[order], np.arange(len(firsts) + 1)).astype(np.int32)
        return starts, np.concatenate(rows)[order].astype(np.int32), np.concatenate(factors)[order]

    def whole(
        self,
        allowed: Marks,
        nodes: int,
        lows: Numbers | None = None,
        at_least: float = -np.inf,
        *,
        any_will_do: bool = False,
    ) -> tuple[Marks | None, float]:
        """The best choice of whole pairs among `allowed` (n × n), by branching (so many nodes), and what none exceeds.

        None where there is none with `lows` partners for each and `at_least` that gain, or none found in the work
        allowed; the bound tells. With `any_will_do` the first that is found is taken.
        """
        self.widen(allowed)
        solver = _solver(nodes)
        solver.passModel(self._solver.getModel())
        barred, count = ~allowed[self.firsts, self.seconds], len(self.firsts)
        most = np.where(self.firsts == self.seconds, self.field.leasts[self.firsts], 1)
        most = np.concatenate([np.zeros(self._lacks), np.where(barred, 0, most)])
        columns = np.arange(len(most), dtype=np.int32)
        solver.changeColsBounds(len(most), columns, np.zeros(len(most)), most)
        whole = np.full(len(most), int(highspy.HighsVarType.kInteger), np.uint8)
        solver.changeColsIntegrality(len(most), columns, whole)
        if lows is not None:
            people = columns[: len(lows)]
            solver.changeRowsBounds(len(lows), people, lows.astype(float), self.field.mosts.astype(float))
        if at_least > -np.inf:
            gains = self.field.gains[self.firsts, self.seconds].astype(float)
            solver.addRow(float(at_least), highspy.kHighsInf, count, columns[self._lacks :], gains)
        if any_will_do:
            solver.setOptionValue("mip_max_improving_sols", 1)
        solver.run()
        info = solver.getInfo()
        self.work += max(0, int(info.simplex_iteration_count))
        if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None, -np.inf
        bound = float(info.mip_dual_bound)
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None, bound
        return self.chosen(np.array(solver.getSolution().col_value)[self._lacks :]), bound

    def chosen(self, values: Reals) -> Marks:
        """The pairs that a whole point takes, n × n."""
        marks = np.zeros(self.field.lawful.shape, bool)
        taken = (values > 0.5) & (self.firsts != self.seconds)
        marks[self.firsts[taken], self.seconds[taken]] = True
        return marks | marks.T


def priced(cuts: Sequence[Cut], prices: Reals) -> Reals | float:
    """What every column pays for the cuts that it counts against, n × n."""
    paid = [(cut, price) for cut, price in zip(cuts, prices.tolist(), strict=True) if price > EPSILON]
    if not paid:
        return 0.0
    signs, price = np.array([cut.signs for cut, _ in paid]), np.array([price for _, price in paid])
    # Of two signs half the sum is 1 for two caps, -1 for a least without a cap, and else 0.
    upper, lower = (signs > 0).astype(float), (signs < 0).astype(float)
    total: Reals = (upper.T * price) @ upper
    if lower.any():
        rest, neither = 1 - upper, 1 - upper - lower
        total -= (rest.T * price) @ rest - (neither.T * price) @ neither
    np.fill_diagonal(total, -price @ lower)
    for cut, factor in paid:
        for a, b in cut.once:
            if (cut.signs[a] + (cut.signs[b] if a != b else 0)) % 2:
                total[a, b] += factor
                total[b, a] += factor if a != b else 0
    return total


def best_of_each(values: NDArray[Any], among: Marks, count: int) -> Marks:
    """The pairs that are among the `count` best of either of their two people; missing partners always are."""
    n = len(among)
    ranked = np.where(among, values, _UNWORTHY).astype(float)
    np.fill_diagonal(ranked, _UNWORTHY)
    count = min(count, n - 1)
    marks = np.zeros(among.shape, bool)
    if count > 0:
        places = np.argpartition(-ranked, count - 1, axis=1)[:, :count]
        marks[np.arange(n)[:, None], places] = True
    np.fill_diagonal(marks, True)
    return (marks | marks.T) & among


def _solver(nodes: int = 0) -> Any:
    make: Any = highspy.Highs
    solver = make()
    options: dict[str, Any] = {"output_flag": False, "threads": 1, "random_seed": 0}
    if nodes:
        options |= {"mip_rel_gap": 0.0, "mip_abs_gap": 0.5, "mip_max_nodes": nodes}
    else:
        options |= {"presolve": "off", "solver": "simplex"}
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    return solver
