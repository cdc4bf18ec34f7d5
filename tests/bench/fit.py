"""What fit costs: the affinities of a room of 60, its wishes and reasons, and the suggested admission of 200 × 8.

Each row is a process of its own, in which nothing has been read or compared before; loading the vocabulary is told
apart, for it happens once for each process of the house.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from itertools import combinations
from typing import Any, Final

from organizer.domain.affinities import affinities, wants
from organizer.domain.pairing import score_pairs
from organizer.domain.reasons import reasons_for
from organizer.domain.suggestion import suggest
from organizer.domain.words import relevance
from tests.bench.scale import factor
from tests.domain.crowds import awkward_desk, crowd, desk, histories

GOAL: Final = 1.0
"""CPU seconds of the standard machine for everything of a room, and for every desk."""
SEEDS: Final = (1, 2, 3)


def show(_long: bool = False) -> bool:
    """A row for each room and desk; whether every one of them reached the goal."""
    print("\nFit: CPU seconds of a fresh process")
    print(f"{'':24} vocabulary  seconds  goal")
    rows = [_row(kind, seed) for kind in KINDS for seed in SEEDS]
    return all(rows)


def _row(kind: str, seed: int) -> bool:
    asked = [sys.executable, "-m", "tests.bench.fit", kind, str(seed)]
    told = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
    seconds = told["seconds"] * factor()
    good = seconds <= GOAL and bool(told["proved"])
    vocabulary, missed = told["vocabulary"] * factor(), "" if good else "  MISSED"
    print(f"{kind + ' ' + str(seed):24} {vocabulary:10.2f} {seconds:8.2f}  ≤ {GOAL}{missed}")
    return good


def _room(seed: int) -> bool:
    """Sixty people: affinities and wishes for their tables."""
    room = crowd(seed)
    affinities(room, histories=histories(seed))
    wants(room)
    return True


def _scores(seed: int) -> bool:
    """Sixty people: the worth of every pair for their matches, and the reasons of a tenth of them."""
    room = crowd(seed)
    score_pairs(room, (), histories(seed))
    for one, other in list(combinations(room, 2))[::10]:
        reasons_for(one, other)
    return True


def _desk(seed: int) -> bool:
    return suggest(*desk(seed)).optimal


def _awkward(seed: int) -> bool:
    return suggest(*awkward_desk(seed)).optimal


KINDS: Final[dict[str, Callable[[int], bool]]] = {
    "seating 60": _room,
    "matches 60": _scores,
    "desk 200 × 8": _desk,
    "awkward desk 200 × 8": _awkward,
}


def main(kind: str, seed: str) -> None:
    """Do one thing, and print what it cost as JSON."""
    import_module("highspy")  # loading is not solving
    began = time.process_time()
    relevance("採用", "人が採れない")
    loaded = time.process_time()
    proved = KINDS[kind](int(seed))
    told: dict[str, Any] = {
        "vocabulary": loaded - began,
        "seconds": time.process_time() - loaded,
        "proved": proved,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
