"""The search for a plan: lawful from the start, better with every proposal it may spend."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from organizer.domain.seating import anneal_cy
from organizer.domain.seating.board import BAN, Board
from organizer.domain.seating.dice import Dice
from organizer.domain.seating.impossible import Collision, collisions
from organizer.domain.seating.judge import Verdict, judge
from organizer.domain.seating.quantiles import cooling
from organizer.domain.seating.room import Plan, Room
from organizer.domain.seating.start import first_plan, repair

COMPILED: Final = not anneal_cy.__file__.endswith(".py")
SLICE: Final = 4096
"""Proposals between two looks at whether to stop: the same in every build, for the plan depends on it."""
HEATS: Final = 60
GUIDED: Final = 96
OnBetter = Callable[[Plan, int], None]
Stop = Callable[[], bool]


class NoLawfulPlan(Exception):
    """No plan keeps the hard rules: by counting, with what collides, or (no collisions) as far as was searched."""

    def __init__(self, collided: tuple[Collision, ...] = ()) -> None:
        super().__init__(", ".join(collision.kind for collision in collided) or "none found")
        self.collisions = collided


@dataclass(frozen=True, slots=True)
class Answer:
    """A lawful plan, what the judge says of it, and how many proposals it took."""

    plan: Plan
    verdict: Verdict
    work: int


def seat(
    room: Room,
    *,
    work: int,
    seed: int = 0,
    fair: bool = False,
    on_better: OnBetter | None = None,
    stop: Stop | None = None,
) -> Answer:
    """The best lawful plan that `work` proposals find; the same one for the same room, work and seed.

    `on_better` hears of better plans with their score; `stop` is asked every few milliseconds and only cuts short.
    `fair` gives up at most a fiftieth of the score for the person who fares worst. Raises NoLawfulPlan.
    """
    collided = collisions(room)
    if collided:
        raise NoLawfulPlan(collided)
    return Search(room, work, seed, on_better, stop).answer()


def work_of(seconds: float, room: Room) -> int:
    """Proposals that take about so many CPU seconds of a plain machine, judge and all."""
    rate = (9_000_000 if COMPILED else 60_000) / (1 + room.n / 500)
    return max(1, int(max(seconds - SET_UP * room.n**2, seconds / 4) * rate))


SET_UP: Final = 1e-6


class Search:
    """One search: its board, its dice, and the best plan so far."""

    def __init__(self, room: Room, work: int, seed: int, on_better: OnBetter | None, stop: Stop | None) -> None:
        self.room = room
        self.board = Board(room)
        self.dice = Dice(seed)
        self.board.annealer.sow(seed)
        self.left = work
        self.work = work
        self.best: tuple[int, Plan] | None = None
        self.on_better = on_better
        self.stopped = stop or (lambda: False)

    def answer(self) -> Answer:
        """Search until the work is done or somebody says stop."""
        runs = 1 if self.room.n > 30 else 3
        self.multi = 16
        for number in range(runs):
            self.begin()
            self.cool(self.left // (runs - number), 120 if self.room.n <= 30 else 70, 20 if self.room.n <= 30 else 8)
            if self.left <= 0:
                break
        if self.best is None:
            raise NoLawfulPlan
        score, plan = self.best
        verdict = judge(self.room, plan)
        assert verdict.lawful, verdict.faults
        assert verdict.score == score, (verdict.score, score)
        return Answer(plan, verdict, self.work - self.left)

    def begin(self) -> None:
        """A plan to begin with: the published one as far as it still holds, or a fresh one."""
        board = self.board
        board.seat(first_plan(board, self.dice, published=self.room.published is not None))
        board.reset()
        self.left -= repair(board, max(self.left, 200_000))
        self.keep()

    def cool(self, work: int, hot: int, cold: int) -> None:
        """Anneal from hot to cold points, then only uphill."""
        heats = cooling(hot * 16, cold * 16, HEATS)
        for heat in [*heats, 0]:
            self.run(work // (len(heats) + 1), heat)
        self.keep()

    def run(self, work: int, heat: int) -> None:
        """Spend work at one heat."""
        while work > 0 and self.left > 0:
            done = self.board.annealer.run(min(work, SLICE, self.left), heat, self.multi)
            work -= done
            self.left -= done
            if self.stopped():
                self.left = 0

    def keep(self) -> None:
        """Keep the board's best plan if it is lawful and better than any before."""
        score = self.board.annealer.best_score
        if score > -BAN // 2 and (self.best is None or score > self.best[0]):
            self.best = (score, self.board.plan())
            if self.on_better:
                self.on_better(self.best[1], score)
