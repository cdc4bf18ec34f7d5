"""Why no list of pairs can be better: factors that anybody can add up again, without the solver that found them."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

Pair = tuple[int, int]
"""Two ids, the smaller first. Where ids are counted as columns, (a, a) is one partner that a does without."""

SCALE: Final = 720_720
"""Factors are whole numbers of this part: halves, thirds and the like are exact."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a list of pairs has to keep, and what it is to serve: at least, at most, wanted, worth."""

    people: tuple[int, ...]
    scores: Mapping[Pair, int]
    """The lawful pairs of these people and no others, each with its worth."""
    caps: Mapping[int, int]
    """Never more than a person's lawful partners."""
    leasts: Mapping[int, int]
    """Never more than a person's cap."""
    mutual: frozenset[Pair]


def terms(
    people: Collection[int],
    scores: Mapping[Pair, int],
    cap: int | Mapping[int, int] = 3,
    mutual: Collection[Pair] = (),
    least: int = 1,
) -> Terms:
    """The terms of a room: only those present count, and nobody is owed more partners than there are."""
    asked = {one: max(0, cap if isinstance(cap, int) else cap[one]) for one in sorted(people)}
    lawful = {both: scores[both] for both in sorted(scores) if all(asked.get(one) for one in both)}
    known = Counter(one for both in lawful for one in both)
    caps = {one: min(most, known[one]) for one, most in asked.items()}
    leasts = {one: min(least, most) for one, most in caps.items()}
    return Terms(tuple(caps), lawful, caps, leasts, frozenset(mutual).intersection(lawful))


@dataclass(frozen=True, slots=True)
class Worth:
    """What is summed up: so much for each point of score, each wanted pair, and off for each missing partner."""

    score: int = 0
    mutual: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class OddSet:
    """A limit that only whole pairs keep: half of other limits, added up and rounded down.

    Added are the caps of `upper`, the leasts of `lower` (turned round), and that each of `once` is taken once at most.
    """

    upper: frozenset[int]
    lower: frozenset[int] = frozenset()
    once: frozenset[Pair] = frozenset()

    def room(self, given: Terms) -> int:
        """What the limit allows."""
        caps = sum(given.caps[one] for one in self.upper)
        return (caps - sum(given.leasts[one] for one in self.lower) + _times(self.once, given)) // 2

    def counts(self, pair: Pair) -> int:
        """How often a pair counts against it."""
        ends = set(pair)
        return (len(ends & self.upper) - len(ends & self.lower) + (pair in self.once)) // 2


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Factors for limits that every list keeps, all 0 or more: added up they show how high a sum can be."""

    worth: Worth
    caps: Mapping[int, int]
    leasts: Mapping[int, int]
    odd_sets: tuple[tuple[OddSet, int], ...] = ()

    def height(self, given: Terms) -> int:
        """What no list of pairs exceeds, by weak duality in whole numbers; linear in the number of pairs."""
        if any(factor < 0 for factor in (*self.caps.values(), *self.leasts.values(), *self._factors())):
            raise ValueError("a factor below 0 proves nothing")
        total = sum(given.caps[one] * factor for one, factor in self.caps.items())
        total -= sum(given.leasts[one] * factor for one, factor in self.leasts.items())
        total += sum(factor * odd.room(given) for odd, factor in self.odd_sets)
        prices = {one: self.caps.get(one, 0) - self.leasts.get(one, 0) for one in given.people}
        only_adds = not any(odd.lower for odd, _ in self.odd_sets)
        for pair, worth, most in _columns(given, self.worth):
            a, b = pair
            over = SCALE * worth - prices[a] - (prices[b] if a != b else 0)
            if over <= 0 and only_adds:
                continue  # odd sets can only add to the price
            over -= sum(factor * odd.counts(pair) for odd, factor in self.odd_sets)
            total += most * max(0, over)
        return total // SCALE

    def _factors(self) -> Iterator[int]:
        return (factor for _, factor in self.odd_sets)


@dataclass(frozen=True, slots=True)
class Proof:
    """The best that can be had: partners missing, then wanted pairs, then the sum; with a ceiling for each."""

    missing: int
    mutual: int
    score: int
    ceilings: tuple[Ceiling, ...]


@dataclass(frozen=True, slots=True)
class Best:
    """The best list by all three aims in rank, the proof of it, and the work it took."""

    pairs: tuple[Pair, ...]
    proof: Proof
    work: int


def verify_certificate(proof: Proof, given: Terms) -> bool:
    """Whether the ceilings show that no list misses fewer partners, none of those joins more wanted pairs, and none
    of those has a larger sum. Needs no solver: it adds up.
    """
    proved = {_aim(ceiling.worth): ceiling for ceiling in proof.ceilings}
    return (
        # Nothing missing and nobody's wish refused need no proof.
        (proof.missing == 0 or _reaches(proved.get("missing"), proof, given))
        and (proof.mutual == len(given.mutual) or _reaches(proved.get("mutual"), proof, given))
        and _reaches(proved.get("score"), proof, given)
    )


def sum_bound(proof: Proof, given: Terms) -> int:
    """What the sum of no list exceeds that misses as few partners and joins as many wanted pairs."""
    (ceiling,) = (one for one in proof.ceilings if one.worth.score)
    worth = ceiling.worth
    return ceiling.height(given) - proof.mutual * worth.mutual + proof.missing * worth.missing


def _aim(worth: Worth) -> str:
    """What the last word is on; what comes before it in rank may count too, what comes after may not."""
    if worth.score:
        return "score" if worth.score == 1 else ""
    if worth.mutual:
        return "mutual" if worth.mutual == 1 else ""
    return "missing" if worth.missing == 1 else ""


def _reaches(ceiling: Ceiling | None, proof: Proof, given: Terms) -> bool:
    if ceiling is None or min(ceiling.worth.mutual, ceiling.worth.missing) < 0:
        return False
    worth = ceiling.worth
    claimed = worth.score * proof.score + worth.mutual * proof.mutual - worth.missing * proof.missing
    return ceiling.height(given) <= claimed


def _columns(given: Terms, worth: Worth) -> Iterator[tuple[Pair, int, int]]:
    """Everything a list may hold: (pair, worth, how often); a missing partner of a is (a, a)."""
    for pair, score in given.scores.items():
        yield pair, worth.score * score + worth.mutual * (pair in given.mutual), 1
    for one, least in given.leasts.items():
        if least:
            yield (one, one), -worth.missing, least


def _times(once: Collection[Pair], given: Terms) -> int:
    return sum(given.leasts[a] if a == b else 1 for a, b in once)
