"""Pairs beside their goals: the largest sum, proved, and the fair list, with the CPU seconds they take.

CPU seconds are those of a standard machine: measured here, times `scale.factor()`. They hold the proof and its check.
"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Final

from organizer.domain.meetup_file import read
from organizer.domain.pairing import Pairing, pair
from organizer.domain.pairing_proof import Pair
from tests.bench import score
from tests.bench.scale import factor

FOLDER: Final = Path(__file__).parent / "instances"
OPTIMA: Final = {
    "n012-r3-t4": (6549, 5099),
    "n012-r4-t3": (6003, 4754),
    "n020-r3-flow": (11142, 8693),
    "n020-r4-t4": (11968, 9498),
    "n024-r4-hosts": (13898, 10821),
    "n024-r5-t4": (12426, 9662),
    "n037-r3-t5-flow": (24648, 19036),
    "n037-r4-t4": (24083, 18519),
    "n040-r4-replan": (27389, 21171),
    "n040-r4-t4": (26094, 20184),
    "n040-r4-t5-heavy": (24516, 19081),
    "n060-r3-t6-hosts": (40713, 31518),
    "n060-r4-t4": (43004, 33066),
    "n120-r4-t4": (91661, 70265),
    "n120-r6-t5-flow": (94701, 72816),
    "n300-r4-t4": (250415, 191656),
}
"""The largest sums, proved elsewhere: with four partners at most, and with three."""
FAIREST: Final = {("n040-r4-t4", 3): 731, ("n060-r4-t4", 3): 812}
"""What the worst-off person can get while 99 % of the sum is kept."""
FAIR_SECONDS: Final = 2.0
SURE: Final = 60
"""Up to so many people a fair list is to be proved."""


@dataclass(frozen=True, slots=True)
class Evening:
    """The pairs of an evening that are lawful, with their scores; `name` where the reference scorer knows it."""

    name: str
    size: int
    least: int
    scores: dict[Pair, int]

    def judged(self, found: Pairing, most: int) -> bool:
        """Whether the reference scorer finds these pairs lawful and their sum as said; or, without a file, a count."""
        path = FOLDER / f"{self.name}.json"
        if not path.exists():
            counts = Counter(one for both in found.pairs for one in both)
            return max(counts.values()) <= most and set(found.pairs) <= set(self.scores)
        said = score.score_followup(score.load(path), found.pairs)
        return bool(said["ok"]) and said["score"] == found.score and said["worst_person"] == found.worst


def show(long: bool = False) -> bool:
    """A row for each evening and cap, then for each fair list; with `long` a thousand people too. Goals reached?"""
    import_module("organizer.domain.pairing_fair")  # loading is not solving
    print("\nPairs: the largest sum")
    print(f"{'':20} max      sum  optimum    bound  proved  pivots  CPU s  goal")
    good = [_show_sum(evening, most) for evening in evenings(long) for most in (4, 3)]
    print("\nPairs, --fair: the worst-off person while 99 % of the sum is kept")
    print(f"{'':20} max  worst  →     best possible     sum  of sum  proved  CPU s  goal")
    good += [_show_fair(evening, most) for evening in evenings(long=False) for most in (4, 3)]
    return all(good)


def evenings(long: bool) -> Iterator[Evening]:
    """The evenings with known optima and, with `long`, two of a thousand people like the largest of them."""
    for name in OPTIMA:
        yield from_file(name)
    if long:
        yield thousand(1_000)
        yield thousand(1_001)


def from_file(name: str) -> Evening:
    """An evening of `instances/`."""
    evening = read((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    said = evening.followup
    assert said is not None
    scores = {
        (a, b): worth
        for a, row in enumerate(said.scores)
        for b, worth in enumerate(row, start=a + 1)
        if worth >= 0
    }
    return Evening(name, evening.n, said.min, scores)


def thousand(size: int) -> Evening:
    """People like those of the room of 300, some of them alike: each is one of those, give or take 25 points."""
    base, chance = from_file("n300-r4-t4"), Random(size)
    like = [chance.randrange(base.size) for _ in range(size)]
    scores = {}
    for a, b in combinations(range(size), 2):
        known = base.scores.get((min(like[a], like[b]), max(like[a], like[b])))
        if known is not None:
            scores[a, b] = max(0, known + chance.randint(-25, 25))
    return Evening(f"n{size}", size, 2, scores)


def goal(size: int, most: int) -> float:
    """CPU seconds allowed for a proved optimum."""
    if size <= SURE:
        return 1.0 if size == 37 and most == 3 else 0.1
    return 0.5 if size <= 120 else 3.0 if size <= 300 else 60.0


def _solve(evening: Evening, most: int, *, fair: bool) -> tuple[Pairing, float]:
    """The pairs and their standard CPU seconds; the best of three where that is quick: loading is not solving."""
    taken, found = [], None
    for _ in range(3 if evening.size <= 120 else 1):
        began = time.process_time()
        found = pair(range(evening.size), evening.scores, most, least=evening.least, fair=fair)
        taken.append(time.process_time() - began)
    assert found is not None
    return found, min(taken) * factor()


def _show_sum(evening: Evening, most: int) -> bool:
    found, seconds = _solve(evening, most, fair=False)
    optimum = OPTIMA[evening.name][most == 3] if evening.name in OPTIMA else found.score
    allowed = goal(evening.size, most)
    good = (
        evening.judged(found, most)
        and found.optimal
        and found.score == found.bound == optimum
        and seconds <= allowed
    )
    print(
        f"{evening.name:20} {most:3} {found.score:8} {optimum:8} {found.bound:8} {found.optimal!s:>7}"
        f" {found.work:7} {seconds:6.3f} {allowed:5.1f} {'' if good else 'MISSED'}"
    )
    return good


def _show_fair(evening: Evening, most: int) -> bool:
    plain, _ = _solve(evening, most, fair=False)
    found, seconds = _solve(evening, most, fair=True)
    kept = 100 * found.score / found.optimum
    decided = found.optimal and seconds <= FAIR_SECONDS
    good = (
        evening.judged(found, most)
        and kept >= 99
        and plain.worst <= found.worst >= FAIREST.get((evening.name, most), 0)
        and (decided or evening.size > SURE)
    )
    print(
        f"{evening.name:20} {most:3} {plain.worst:6} → {found.worst:6} {found.worst_bound:8} {found.score:10}"
        f" {kept:6.2f}% {found.optimal!s:>7} {seconds:6.3f} {FAIR_SECONDS if evening.size <= SURE else '':>5}"
        f" {'' if good else 'MISSED'}"
    )
    return good
