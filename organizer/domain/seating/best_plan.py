"""The best lawful plan for a room within an amount of work."""

from dataclasses import dataclass
from typing import Final

from organizer.domain.seating import anneal_cy
from organizer.domain.seating.designs import design
from organizer.domain.seating.fairness import lift
from organizer.domain.seating.impossible import Collision, collisions, collisions_of_the_past
from organizer.domain.seating.judge import Verdict, judge
from organizer.domain.seating.least import is_pure, least_repeats
from organizer.domain.seating.returning import send_back
from organizer.domain.seating.room import Plan, Room
from organizer.domain.seating.search import OnBetter, Search, Stop, search, search_pure

COMPILED: Final = not anneal_cy.__file__.endswith(".py")
"""Whether the hot loop is a compiled module."""
RATE: Final = 215_000_000 if COMPILED else 1_600_000
"""Proposals in a CPU second of a plain machine."""
FAIR: Final = 50
"""One part in so many of the score may be given up for the person who fares worst, where that is asked for,"""
NEAR: Final = 500
"""and always in rooms of at least so many people, where many plans are about equal."""
WIDE: Final = 30
SMALL: Final = 16
"""In rooms of fewer people rows are so short that beginning them costs."""
SET_UP: Final = 900_000 if COMPILED else 120_000
"""For the square of how many people all else than proposals takes a CPU second."""


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
    `fair` gives up at most a fiftieth of the score for the person who fares worst, and takes a quarter more work on
    top. Raises NoLawfulPlan.
    """
    collided = collisions(room)
    if collided:
        raise NoLawfulPlan(collided)
    kept = _kept_for_the_worst(room, work)
    one = Search(room, work - kept, seed, on_better, stop)
    if is_pure(room):
        known = design(room.tables[0], room.rounds)
        if known:
            return Answer(known, judge(room, known), 0)
        search_pure(one, least_repeats(room))
    else:
        search(one)
    if one.best is None:
        raise NoLawfulPlan
    plan = send_back(room, one.best) if room.published else one.best
    spent = one.given - one.left
    for part, share in ((NEAR, kept), (FAIR, work // 4 if fair and not is_pure(room) else 0)):
        plan, more = lift(room, plan, share, seed, part, stop) if share else (plan, 0)
        spent += more
    verdict = judge(room, plan)
    if not verdict.lawful:  # what is over cannot be mended
        raise NoLawfulPlan(collisions_of_the_past(room))
    return Answer(plan, verdict, spent)


def _kept_for_the_worst(room: Room, work: int) -> int:
    """Work spent at the end on the person who fares worst, where nobody asked for more."""
    return 0 if is_pure(room) or room.published or room.n < WIDE else work // 12


def work_of(seconds: float, room: Room) -> int:
    """Proposals that take about so many CPU seconds of a plain machine together with all else."""
    rest = room.n * room.n / SET_UP
    rate = RATE * 3 // 4 if room.n < SMALL else RATE
    return max(1, int(max(seconds - rest, seconds / 8) * rate))
