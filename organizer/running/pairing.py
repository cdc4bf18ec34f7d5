"""`organizer pair`: who meets again after the evening in a file, for hosts' own scripts and for checking."""

import argparse
import json
import time
from collections import Counter
from importlib import import_module

from organizer.domain.meetup_file import Followup, MeetupFile
from organizer.domain.pairing import Pairing, pair
from organizer.domain.pairing_proof import Pair
from organizer.running.evening import NO_PLAN, load, refuse


def pair_file(arguments: argparse.Namespace) -> int:
    """Print the pairs of a file as one JSON object; the exit code. `seed` turns the order in which ties are broken."""
    evening = load(arguments.file)
    followup = _followup(evening, arguments)
    import_module("organizer.domain.pairing_fair")  # its libraries load before the clock starts
    began = time.process_time()
    numbers = [(person + arguments.seed) % evening.n for person in range(evening.n)]
    scores = scores_of(followup, numbers)
    found = pair(numbers, scores, followup.max, least=followup.min)
    short = _short(found, numbers, followup.min)
    if short:
        refuse(f"{arguments.file}: {_why(short, scores, numbers, followup)}", NO_PLAN)
    if arguments.fair:
        found = pair(numbers, scores, followup.max, least=followup.min, fair=True)
    seconds = time.process_time() - began
    print(json.dumps(answer(found, numbers, seconds, fair=arguments.fair)))
    return 0


def answer(found: Pairing, numbers: list[int], seconds: float, *, fair: bool) -> dict[str, object]:
    """What is printed; `numbers` says which person of the file each is. Who has nobody counts as having got 0."""
    number = {place: person for person, place in enumerate(numbers)}
    pairs = sorted(sorted((number[a], number[b])) for a, b in found.pairs)
    said: dict[str, object] = {
        "pairs": pairs,
        "score": found.score,
        "bound": found.bound,
        "proved": found.optimal and found.score == found.bound,
        "seconds": round(seconds, 4),
        "work": found.work,
        "worst": 0 if found.left_out else found.worst,
    }
    if fair:
        said |= {"worst_bound": 0 if found.left_out else found.worst_bound, "largest_sum": found.optimum}
    return said


def scores_of(followup: Followup, numbers: list[int]) -> dict[Pair, int]:
    """The lawful pairs with their scores, person p counted as `numbers[p]`."""
    return {
        (min(numbers[a], numbers[b]), max(numbers[a], numbers[b])): score
        for a, row in enumerate(followup.scores)
        for b, score in enumerate(row, start=a + 1)
        if score >= 0
    }


def _followup(evening: MeetupFile, arguments: argparse.Namespace) -> Followup:
    """What the file says of meeting again, with the cap of the command line."""
    said = evening.followup
    if said is None:
        refuse(f"{arguments.file}: followup is missing: the file says nothing of who may meet again")
    most = said.max if arguments.max is None else arguments.max
    if said.min > most:
        refuse(
            f"{arguments.file}: no lawful list exists: everybody is to have at least {said.min} partners"
            f" and at most {most}",
            NO_PLAN,
        )
    return Followup(said.k, said.min, most, said.scores)


def _short(found: Pairing, numbers: list[int], least: int) -> list[int]:
    """The people of the file who have fewer partners than they are to have."""
    counts = Counter(one for both in found.pairs for one in both)
    return [person for person, number in enumerate(numbers) if counts[number] < least]


def _why(short: list[int], scores: dict[Pair, int], numbers: list[int], followup: Followup) -> str:
    """Who cannot have enough partners: for want of lawful pairs or, with enough of them, within the caps."""
    lawful = Counter(one for both in scores for one in both)
    alone = [person for person in short if lawful[numbers[person]] < followup.min]
    crowded = [person for person in short if person not in alone]
    reasons = [f"person {person} has only {lawful[numbers[person]]} lawful" for person in alone]
    if crowded:
        named = ", ".join(map(str, crowded))
        reasons.append(f"not enough are left for {named} where nobody has more than {followup.max}")
    return f"no lawful list exists with at least {followup.min} partners for everybody: {'; '.join(reasons)}"
