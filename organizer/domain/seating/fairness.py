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
    for stage in range(STAGES):
        if done >= work or (stop and stop()):
            break
        _raise(extra, current[0])
        _weigh(board, extra)
        board.seat(current[1])
        board.reset()
        share = (work - done) // (STAGES - stage)
        for heat in [*cooling(max(2, 2 * limits.cold), max(1, limits.cold // 2), 8), 0]:
            done += _run(board, share // 9, heat, limits.multi)
        after = board.plan()
        verdict = judge(room, after)
        if not verdict.lawful or verdict.score < floor:
            current = best
            extra = [more // 2 for more in extra]
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


def _raise(extra: list[int], verdict: Verdict) -> None:
    """Weigh the people near the worst more, and all others a little less than before."""
    limit = min(verdict.shares) + NEAR
    for person, share in enumerate(verdict.shares):
        extra[person] = extra[person] + STEP if share <= limit else extra[person] * 7 // 8


def _weigh(board: Board, extra: list[int]) -> None:
    """Write what a first meeting is worth by these weights, in sixteenths of the affinity more."""
    room, value = board.room, board.arrays["value"]
    for one in range(room.n):
        for other in range(one):
            at = one * room.n + other
            if value[at] != UNLAWFUL:
                more = room.affinity[one][other] * (extra[one] + extra[other]) // 16
                value[at] = value[other * room.n + one] = room.value[one][other] + more
