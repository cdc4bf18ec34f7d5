"""`organizer seat`: the tables of an evening in a file, for hosts' own scripts and for checking."""

import argparse
import json
import sys
import time
from collections.abc import Callable

from organizer.domain.seating import Collision, NoLawfulPlan, seat, work_of
from organizer.domain.seating.bound import EFFORT, upper_bound
from organizer.domain.seating.room import Room
from organizer.running.evening import NO_PLAN, load, refuse

WIDE = 80
"""With more people than this the bound gets more effort."""


def seat_file(arguments: argparse.Namespace) -> int:
    """Print the plan of a file as one JSON object; the exit code."""
    evening = load(arguments.file)
    began = time.process_time()
    room = evening.room
    work = arguments.work if arguments.work is not None else work_of(arguments.seconds, room)
    stop = None if arguments.work is not None else _clock(began, arguments.seconds)
    try:
        answer = seat(room, work=work, seed=arguments.seed, fair=arguments.fair, stop=stop)
    except NoLawfulPlan as impossible:
        refuse(f"{arguments.file}: {_why(room, impossible)}", NO_PLAN)
    searched = time.process_time()
    verdict = answer.verdict
    bound = upper_bound(room, answer.plan, effort=_effort(room))
    said = {
        "rounds": answer.plan,
        "score": verdict.score,
        "bound": bound,
        "proved": bound == verdict.score,
        "seconds": round(searched - began, 3),
        "bound_seconds": round(time.process_time() - searched, 3),
        "work": answer.work,
        "repeats": verdict.repeats,
        "moved": verdict.moved,
        "worst_person": verdict.worst_person,
    }
    json.dump(said, sys.stdout)
    print()
    return 0


def _clock(began: float, seconds: float) -> Callable[[], bool]:
    """Whether a run takes far longer than it was meant to: three times its seconds, and three more."""
    return lambda: time.process_time() - began > 3 * seconds + 3


def _effort(room: Room) -> int:
    if room.n <= WIDE:
        return EFFORT
    return 2 * EFFORT if room.n <= 2 * WIDE else EFFORT // 5


def _why(room: Room, impossible: NoLawfulPlan) -> str:
    if not impossible.collisions:
        return "no lawful plan found"
    return "no lawful plan exists: " + "; ".join(_words(room, one) for one in impossible.collisions)


def _words(room: Room, collision: Collision) -> str:
    return f"{collision.kind}"
