"""`organizer seat`: the tables of an evening in a file, for hosts' own scripts and for checking."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from typing import Final

from organizer.domain.seating import Clash, Collision, NoLawfulPlan, seat, work_of
from organizer.domain.seating.bound import EFFORT, upper_bound
from organizer.domain.seating.impossible import collisions_of_the_past
from organizer.domain.seating.room import Room
from organizer.running.evening import NO_PLAN, load, refuse

WIDE: Final = 80
"""With more people than this the bound gets more effort."""


TOLD: Final = 5
"""So many collisions are told at most, and in each so many people by their number."""
MOST_NAMED: Final = 12

WORDS: Final = {
    Clash.COMPANY: "there are fewer tables than people of one company",
    Clash.APART: "there are fewer tables than people of whom no two may share one",
    Clash.SEATS: "the tables do not hold exactly those who are there",
    Clash.ABSENT: "a seat is given to somebody who is not there",
    Clash.TWO_SEATS: "one person is given two seats",
    Clash.FULL: "more people are given seats than the table has",
    Clash.GIVEN_TOGETHER: "two who may not share a table are given seats at one",
    Clash.NO_TABLE: "the tables still open to these people cannot hold them",
    Clash.BESIDE: "these people are to sit together and cannot",
    Clash.OVER: "the round is over and does not keep the rules",
}


def seat_file(arguments: argparse.Namespace) -> int:
    """Print the plan of a file as one JSON object; the exit code."""
    evening = load(arguments.file)
    began = time.process_time()
    room = evening.room
    work = arguments.work if arguments.work is not None else work_of(arguments.seconds, room)
    stop = None if arguments.work is not None else _clock(began, arguments.seconds)
    try:
        if over := collisions_of_the_past(room):
            raise NoLawfulPlan(over)
        answer = seat(room, work=work, seed=arguments.seed, fair=arguments.fair, stop=stop)
    except NoLawfulPlan as impossible:
        refuse(f"{arguments.file}: {_why(impossible)}", NO_PLAN)
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


def _why(impossible: NoLawfulPlan) -> str:
    if not impossible.collisions:
        return "no lawful plan found"
    return "no lawful plan exists: " + "; ".join(map(_words, impossible.collisions[:TOLD]))


def _words(collision: Collision) -> str:
    place = f"in round {collision.round}, " if collision.round >= 0 else ""
    table = f" (table {collision.table})" if collision.table >= 0 else ""
    return f"{place}{WORDS[collision.kind]}{table}: {_people(collision.people)}"


def _people(people: tuple[int, ...]) -> str:
    named = ", ".join(str(person) for person in people[:MOST_NAMED])
    return f"{named}, … ({len(people)} people)" if len(people) > MOST_NAMED else named or "nobody"
