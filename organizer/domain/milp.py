"""A small exact optimizer: whole numbers, linear rows, proved or with its gap. The same answer on every run."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

NODES: Final = 50_000
"""Work allowed before the best answer so far is taken: nodes, not seconds, so that the answer never depends on load."""


@dataclass(frozen=True, slots=True)
class Solution:
    """The values of all columns, the objective, and the bound that no answer can exceed."""

    values: tuple[int, ...]
    objective: int
    bound: float
    optimal: bool

    @property
    def gap(self) -> float:
        """How far from the bound, as a share of it: 0 when proved."""
        return 0.0 if self.optimal else max(0.0, (self.bound - self.objective) / max(1.0, abs(self.bound)))


@dataclass(slots=True)
class Model:
    """Columns with gains and limits, rows between a low and a high; the gain is made as large as possible."""

    gains: list[int] = field(default_factory=list)
    uppers: list[int] = field(default_factory=list)
    rows: list[tuple[int, int, list[tuple[int, int]]]] = field(default_factory=list)

    def column(self, gain: int = 0, upper: int = 1) -> int:
        """Add a column between 0 and `upper`; its index."""
        self.gains.append(gain)
        self.uppers.append(upper)
        return len(self.gains) - 1

    def row(self, low: int, high: int, entries: Iterable[tuple[int, int]]) -> None:
        """Demand low <= sum of column times factor <= high."""
        self.rows.append((low, high, list(entries)))

    def solve(self) -> Solution | None:
        """The best answer, or None where there is none at all."""
        if not self.gains:
            return Solution((), 0, 0.0, True) if all(low <= 0 <= high for low, high, _ in self.rows) else None
        return _run(self)


def _run(model: Model) -> Solution | None:
    # Loaded where it is used: web processes import the callers for their types and mostly solve nothing.
    highspy: Any = import_module("highspy")
    solver = highspy.Highs()
    options = {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.5,
        "mip_max_nodes": NODES,
    }
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(_problem(highspy, model))
    solver.run()
    info, status = solver.getInfo(), solver.getModelStatus()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    values = tuple(round(value) for value in solver.getSolution().col_value)
    objective = sum(gain * value for gain, value in zip(model.gains, values, strict=True))
    optimal = status == highspy.HighsModelStatus.kOptimal
    return Solution(values, objective, float(info.mip_dual_bound), optimal)


def _problem(highspy: Any, model: Model) -> Any:
    """The model as HiGHS takes it, row by row."""
    problem = highspy.HighsLp()
    problem.num_col_, problem.num_row_ = len(model.gains), len(model.rows)
    problem.sense_ = highspy.ObjSense.kMaximize
    problem.col_cost_ = [float(gain) for gain in model.gains]
    problem.col_lower_ = [0.0] * len(model.gains)
    problem.col_upper_ = [float(upper) for upper in model.uppers]
    problem.integrality_ = [highspy.HighsVarType.kInteger] * len(model.gains)
    problem.row_lower_ = [float(low) for low, _, _ in model.rows]
    problem.row_upper_ = [float(high) for _, high, _ in model.rows]
    starts, indices, values = [0], [], []
    for _, _, entries in model.rows:
        indices += [column for column, _ in entries]
        values += [float(factor) for _, factor in entries]
        starts.append(len(indices))
    problem.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    problem.a_matrix_.start_, problem.a_matrix_.index_, problem.a_matrix_.value_ = starts, indices, values
    return problem
