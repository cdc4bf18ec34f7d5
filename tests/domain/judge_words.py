"""The jury of `words.relevance`: pairs judged by hand, and how well the figures keep them apart.

`python -m tests.domain.judge_words` prints the aggregate figures of both halves and never a pair: the
kept half is worth something only while nobody tunes on it.
"""

import time
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean

from organizer.domain.words import relevance

DATA = Path(__file__).parent / "data"
TUNING = DATA / "judged_words_tuning.tsv"
KEPT = DATA / "judged_words_kept.tsv"

HEADER = ("kind", "label", "trap", "left", "right")
KINDS = ("give", "wish")
LABELS = ("direct", "plausible", "not")
TRAPS = ("same_word", "vendor", "seeker", "refusal", "size", "age")
OTHER = "other"  # a "not" that is no trap: simply another need

CHANCE_STEPS = 6  # how many strangers' rights stand beside each direct pair's left

Relevance = Callable[[str, str], float]


@dataclass(frozen=True)
class Judged:
    """One pair and the jury's word on it; `trap` is empty unless the label is "not"."""

    kind: str
    label: str
    trap: str
    left: str
    right: str


@dataclass(frozen=True)
class Figures:
    """The areas under the curve of one half, each in [0, 1]; 0.5 is what tossing a coin gives.

    `apart` sets the direct pairs that share no two characters against all the nots, `apart_hard` against
    those nots that do share two. `traps` has one area per kind of trap, direct pairs against that trap alone.
    """

    pairs: int
    direct: float
    direct_or_plausible: float
    chance: float
    apart: float
    apart_hard: float
    other: float
    traps: dict[str, float]
    kinds: dict[str, float]
    milliseconds: float

    @property
    def trap_mean(self) -> float:
        """The mean of the traps' areas, every kind of trap weighing the same."""
        return fmean(self.traps.values())


def read(path: Path) -> tuple[Judged, ...]:
    """The judged pairs of a file, in its order; ValueError when its header is another one."""
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    if tuple(header.split("\t")) != HEADER:
        raise ValueError(f"{path.name}: unexpected header")
    return tuple(Judged(*line.split("\t")) for line in lines)


def auc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """The chance that a positive scores above a negative, a tie counting half; ValueError without both."""
    if not positives or not negatives:
        raise ValueError("an area needs scores on both sides")
    ranked = sorted(negatives)
    halves = sum(bisect_left(ranked, score) + bisect_right(ranked, score) for score in positives)
    return halves / (2 * len(positives) * len(ranked))


def shares_two_characters(left: str, right: str) -> bool:
    """Whether two neighbouring letters of one stand side by side in the other too, widths and case apart."""
    return not _neighbours(left).isdisjoint(_neighbours(right))


def chance_pairs(judged: Sequence[Judged]) -> list[tuple[str, str]]:
    """Lefts of the direct pairs beside rights of other pairs of their kind, by a rule without randomness.

    The strangers stand at equal distances down the file; a right that reads the same is passed over.
    """
    together = []
    for kind in KINDS:
        rows = [pair for pair in judged if pair.kind == kind]
        for place, pair in enumerate(rows):
            if pair.label != "direct":
                continue
            for step in range(1, CHANCE_STEPS + 1):
                stranger = rows[(place + step * len(rows) // (CHANCE_STEPS + 1)) % len(rows)]
                if stranger.right != pair.right:
                    together.append((pair.left, stranger.right))
    return together


def figures(path: Path, relevance: Relevance = relevance) -> Figures:
    """The figures of one half; the milliseconds are of CPU, per pair, and the only part that varies."""
    judged = read(path)
    began = time.process_time()
    scored = [(pair, relevance(pair.left, pair.right)) for pair in judged]
    milliseconds = 1000 * (time.process_time() - began) / len(scored)
    by_label: defaultdict[str, list[float]] = defaultdict(list)
    by_trap: defaultdict[str, list[float]] = defaultdict(list)
    for pair, score in scored:
        by_label[pair.label].append(score)
        by_trap[pair.trap].append(score)
    direct, nots = by_label["direct"], by_label["not"]
    apart, sharing = _apart(scored)
    return Figures(
        pairs=len(judged),
        direct=auc(direct, nots),
        direct_or_plausible=auc(direct + by_label["plausible"], nots),
        chance=auc(direct, [relevance(*pair) for pair in chance_pairs(judged)]),
        apart=auc(apart, nots),
        apart_hard=auc(apart, sharing),
        other=auc(direct, by_trap[OTHER]),
        traps={trap: auc(direct, by_trap[trap]) for trap in TRAPS},
        kinds={kind: _within(kind, scored) for kind in KINDS},
        milliseconds=milliseconds,
    )


def report(name: str, found: Figures) -> str:
    """One half's figures as lines to read in a terminal."""
    lines = [
        f"{name}: {found.pairs} pairs, {found.milliseconds:.3f} ms a pair",
        f"  direct / not                      {found.direct:.3f}",
        f"  direct or plausible / not         {found.direct_or_plausible:.3f}",
        f"  direct / chance                   {found.chance:.3f}",
        f"  direct, nothing shared / not      {found.apart:.3f}",
        f"  direct, nothing shared / sharing  {found.apart_hard:.3f}",
        f"  direct / another need             {found.other:.3f}",
        f"  direct / traps, mean              {found.trap_mean:.3f}",
        *(f"    {trap:<10}                      {area:.3f}" for trap, area in found.traps.items()),
        *(f"  {kind} alone, direct / not         {area:.3f}" for kind, area in found.kinds.items()),
    ]
    return "\n".join(lines)


def _neighbours(text: str) -> set[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return {one + two for one, two in pairwise(folded) if (one + two).isalnum()}


def _apart(scored: Sequence[tuple[Judged, float]]) -> tuple[list[float], list[float]]:
    apart = [
        score
        for pair, score in scored
        if pair.label == "direct" and not shares_two_characters(pair.left, pair.right)
    ]
    sharing = [
        score
        for pair, score in scored
        if pair.label == "not" and shares_two_characters(pair.left, pair.right)
    ]
    return apart, sharing


def _within(kind: str, scored: Sequence[tuple[Judged, float]]) -> float:
    mine = [(pair.label, score) for pair, score in scored if pair.kind == kind]
    direct = [score for label, score in mine if label == "direct"]
    return auc(direct, [score for label, score in mine if label == "not"])


if __name__ == "__main__":
    relevance("", "")  # the vocabulary is read at the first call, which no pair should pay for
    for half in (TUNING, KEPT):
        print(report(half.stem, figures(half)))
