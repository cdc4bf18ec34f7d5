"""Who goes on with whom after the event: the worthiest pairs, a few for each and one for everybody.

Exact: first as many people as possible have a partner at all, then as many pairs as possible that want each other
again, then the largest sum of scores, with a proof that needs no solver to be checked. A fair list gives up at most a
hundredth of that sum for whoever gets least. What only one of two people wants has no way in.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from itertools import combinations
from typing import Any, Final

from organizer.domain.fit import NO_HISTORY, WEIGHTS, History, Weights, both_ways, meeting
from organizer.domain.pairing_proof import Best, Pair, Proof, Terms, sum_bound, terms, verify_certificate
from organizer.domain.profiles import Profile
from organizer.domain.readings import read

KEPT: Final = 99
"""How much of the largest sum a fair list keeps, in hundredths."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """The chosen pairs in the order of ids, with their sum, and what could not be."""

    pairs: tuple[Pair, ...]
    score: int
    optimal: bool
    """Proved: no list serves better or, of a fair one, is fairer, or as fair with a larger sum."""
    bound: int
    """What the sum of no list exceeds or, of a fair one, of no list as fair."""
    optimum: int
    """The largest sum by the proof; a fair list keeps nearly all of it."""
    worst: int
    """The least sum that anybody with a partner got."""
    worst_bound: int
    """What nobody's list can give the worst-off person beyond, if it keeps as much of the sum; the same as `worst`
    where nothing was given up for it."""
    proof: Proof
    work: int
    """Pivots of the solver: the same on every run."""
    left_out: tuple[int, ...] = ()
    """Nobody lawful is there for them, or not within the cap."""
    mutual_beyond_cap: tuple[Pair, ...] = ()
    """Want each other again, but had to be left off the list."""

    def partners_of(self, person: int) -> tuple[int, ...]:
        """The others a person is paired with, by id."""
        return tuple(sorted(sum(pair) - person for pair in self.pairs if person in pair))


def score_pairs(
    profiles: Collection[Profile],
    forbidden: Collection[Pair] = (),
    histories: Mapping[Pair, History] | None = None,
    weights: Weights = WEIGHTS,
) -> dict[Pair, int]:
    """The worth of every lawful pair, from both sides: all but the forbidden ones and colleagues."""
    known, never = histories or {}, set(forbidden)
    scores: dict[Pair, int] = {}
    for one, other in combinations(sorted(profiles, key=lambda profile: profile.id), 2):
        both = (one.id, other.id)
        if both in never or (one.company and one.company == other.company):
            continue
        history = known.get(both, NO_HISTORY)
        met = meeting(read(one), read(other), weights, history)
        scores[both] = both_ways(met.there, met.back)
    return scores


class PairingFault(StrEnum):
    """What can be wrong with a pairing."""

    UNLAWFUL = "unlawful"
    REPEATED = "repeated"
    OVER_CAP = "over_cap"
    LEFT_OUT = "left_out"
    MUTUAL_DROPPED = "mutual_dropped"
    WRONG_SUM = "wrong_sum"
    WRONG_WORST = "wrong_worst"
    UNPROVED = "unproved"
    GAVE_UP_TOO_MUCH = "gave_up_too_much"


def pair(
    people: Collection[int],
    scores: Mapping[Pair, int],
    cap: int | Mapping[int, int] = 3,
    mutual: Collection[Pair] = (),
    least: int = 1,
    *,
    fair: bool = False,
) -> Pairing:
    """The best pairing of `people`, each with at most `cap` others (of all, or of each) and `least` where possible.

    `scores` holds the lawful pairs and no others, each with its worth (0 or more). `mutual` names the lawful pairs
    in which both want to meet again; names of unlawful ones are passed over. Ties are broken by id. Milliseconds for
    60 people, seconds for 1,000; `fair` takes half a second for 60, and beyond that may leave a bound open.
    """
    given = terms(people, scores, cap, mutual, least)
    best: Best = _module("exact").best_list(given)
    proved, bound = verify_certificate(best.proof, given), sum_bound(best.proof, given)
    if not fair or not best.pairs:
        worst = worst_of(best.pairs, scores)
        return _pairing(given, best, best.pairs, proved, (bound, worst), best.work)
    fairest = _module("fair").fairest(given, best, KEPT)
    bounds = fairest.score_bound, fairest.worst_bound
    return _pairing(given, best, fairest.pairs, proved and fairest.proved, bounds, best.work + fairest.work)


def worst_of(pairs: Collection[Pair], scores: Mapping[Pair, int]) -> int:
    """The least sum that anybody with a partner has; 0 where nobody has one."""
    sums: Counter[int] = Counter()
    for both in pairs:
        for one in both:
            sums[one] += scores.get(both, 0)
    return min(sums.values(), default=0)


def verify_pairing(
    pairing: Pairing,
    people: Collection[int],
    scores: Mapping[Pair, int],
    cap: int | Mapping[int, int] = 3,
    mutual: Collection[Pair] = (),
    least: int = 1,
) -> tuple[PairingFault, ...]:
    """Everything wrong with a pairing that can be seen without solving it again; empty when all is well."""
    present, taken = set(people), Counter(one for both in pairing.pairs for one in both)
    given = terms(people, scores, cap, mutual, least)
    open_pairs = [
        both
        for both in given.scores
        if both not in pairing.pairs and all(taken[one] < given.caps[one] for one in both)
    ]
    faults = {
        PairingFault.UNLAWFUL: any(
            both not in scores or not present.issuperset(both) for both in pairing.pairs
        ),
        PairingFault.REPEATED: len(set(pairing.pairs)) < len(pairing.pairs),
        PairingFault.OVER_CAP: any(count > given.caps.get(one, 0) for one, count in taken.items()),
        PairingFault.LEFT_OUT: any(taken[one] < given.leasts[one] for both in open_pairs for one in both),
        PairingFault.MUTUAL_DROPPED: any(both in given.mutual for both in open_pairs),
        PairingFault.WRONG_SUM: pairing.score != sum(scores.get(both, 0) for both in pairing.pairs),
        PairingFault.WRONG_WORST: pairing.worst != worst_of(pairing.pairs, scores),
        PairingFault.UNPROVED: pairing.optimal and not _is_proved(pairing, given),
        PairingFault.GAVE_UP_TOO_MUCH: 100 * pairing.score < KEPT * pairing.proof.score,
    }
    return tuple(fault for fault, found in faults.items() if found)


def _is_proved(pairing: Pairing, given: Terms) -> bool:
    """Whether the proof holds, and speaks of a list that serves the higher aims as well as this one."""
    counts = Counter(one for both in pairing.pairs for one in both)
    missing = sum(max(0, least - counts[one]) for one, least in given.leasts.items())
    served = missing, len(given.mutual.intersection(pairing.pairs))
    proof = pairing.proof
    return (
        served == (proof.missing, proof.mutual)
        and pairing.score <= pairing.bound <= proof.score
        and verify_certificate(proof, given)
    )


def _pairing(
    given: Terms, best: Best, pairs: tuple[Pair, ...], proved: bool, bounds: tuple[int, int], work: int
) -> Pairing:
    met = {one for both in pairs for one in both}
    return Pairing(
        pairs,
        sum(given.scores[both] for both in pairs),
        proved,
        *(bounds[0], best.proof.score, worst_of(pairs, given.scores), bounds[1]),
        best.proof,
        work,
        tuple(one for one in given.people if one not in met),
        tuple(sorted(given.mutual.difference(pairs))),
    )


def _module(name: str) -> Any:
    # Loaded where it is used: web processes import this file for its types and mostly solve nothing.
    return import_module(f"organizer.domain.pairing_{name}")
