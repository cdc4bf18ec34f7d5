"""A fairer plan: a little of the score for the person who fares worst."""

from typing import Final

from organizer.domain.seating.board import UNLAWFUL, Board
from organizer.domain.seating.judge import Verdict, judge
from organizer.domain.seating.quantiles import cooling
from organizer.domain.seating.range import range_of
from organizer.domain.seating.room import Plan, Room
from organizer.domain.seating.search import SLICE, Stop

STAGES: Final = 40
NEAR: Final = 0.06
"""Who is so near the worst share is lifted too."""
JUDGING: Final = 80
"""For each two people a stage costs as much as so many proposals besides."""
STEP: Final = 6
"""How many sixteenths more the meetings of somebody lifted are worth, each time."""


def lift(
    room: Room, plan: Plan, work: int, seed: int, part: int, stop: Stop | None = None
) -> tuple[Plan, int]:
    """The plan with the best worst person found within the work; the work done. One `part` of the score may be lost.

    Stage by stage the meetings of those who fare worst are worth more, and the plan is annealed a little.
    """
    board, limits, done = Board(room), range_of(room), 0
    board.annealer.sow(seed + 1)
    extra = [0] * room.n
    best = current = (judge(room, plan), plan)
    floor = best[0].score - abs(best[0].score) // part
    stages = min(STAGES, work // (3 * JUDGING * room.n**2))
    for stage in range(stages):
        if done >= work or (stop and stop()):
            break
        changed = _raise(extra, current[0])
        _weigh(board, extra, changed)
        done += JUDGING * room.n**2
        board.seat(current[1])
        board.reset()
        share = max(0, work - done) // (stages - stage)
        for heat in [*cooling(max(2, 2 * limits.cold), max(1, limits.cold // 2), 8), 0]:
            done += _run(board, share // 9, heat, limits.multi)
        after = board.plan()
        verdict = judge(room, after)
        if not verdict.lawful or verdict.score < floor:
            current = best
            continue
        current = (verdict, after)
        if (verdict.worst_person, verdict.score) > (best[0].worst_person, best[0].score):
            best = current
    return best[1], done


def _run(board: Board, work: int, heat: int, multi: int) -> int:
    done = 0
    while done < work:
        done += board.annealer.run(min(SLICE, work - done), heat, multi)
    return done


def _raise(extra: list[int], verdict: Verdict) -> list[int]:
    """Weigh the people near the worst more, and all others a little less than before; whose weight it changes."""
    limit, before = min(verdict.shares) + NEAR, list(extra)
    for person, share in enumerate(verdict.shares):
        extra[person] = extra[person] + STEP if share <= limit else extra[person] * 7 // 8
    return [person for person, more in enumerate(extra) if more != before[person]]


def _weigh(board: Board, extra: list[int], people: list[int]) -> None:
    """Write what a first meeting of these is worth by their weights, in sixteenths of the affinity more."""
    room, value = board.room, board.arrays["value"]
    for one in people:
        worth, affinity = room.value[one], room.affinity[one]
        for other in range(room.n):
            at = one * room.n + other
            if value[at] != UNLAWFUL and other != one:
                more = affinity[other] * (extra[one] + extra[other]) // 16
                value[at] = value[other * room.n + one] = worth[other] + more
