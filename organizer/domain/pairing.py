"""Who goes on with whom after the event: the worthiest pairs, a few for each and one for everybody.

Exact: first as many people as possible have a partner at all, then as many pairs as possible that want each other
again, then the largest sum of scores. What only one of two people wants has no way in.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

from organizer.domain.fit import NO_HISTORY, WEIGHTS_V1, History, Weights, affinity, both_ways
from organizer.domain.milp import Model, Solution
from organizer.domain.profiles import Profile

Pair = tuple[int, int]
"""Two ids, the smaller first."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """The chosen pairs in the order of ids, with their sum, and what could not be."""

    pairs: tuple[Pair, ...]
    score: int
    optimal: bool
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
    weights: Weights = WEIGHTS_V1,
) -> dict[Pair, int]:
    """The worth of every lawful pair, from both sides: all but the forbidden ones and colleagues."""
    known, never = histories or {}, set(forbidden)
    scores: dict[Pair, int] = {}
    for one, other in combinations(sorted(profiles, key=lambda profile: profile.id), 2):
        both = (one.id, other.id)
        if both in never or (one.company and one.company == other.company):
            continue
        history = known.get(both, NO_HISTORY)
        there, back = affinity(one, other, weights, history), affinity(other, one, weights, history)
        scores[both] = both_ways(there, back)
    return scores


class PairingFault(StrEnum):
    """What can be wrong with a pairing."""

    UNLAWFUL = "unlawful"
    REPEATED = "repeated"
    OVER_CAP = "over_cap"
    LEFT_OUT = "left_out"
    MUTUAL_DROPPED = "mutual_dropped"
    WRONG_SUM = "wrong_sum"


def pair(
    people: Collection[int], scores: Mapping[Pair, int], cap: int = 3, mutual: Collection[Pair] = ()
) -> Pairing:
    """The best pairing of `people`, each with at most `cap` others.

    `scores` holds the lawful pairs and no others, each with its worth (0 or more). `mutual` names the lawful pairs
    in which both want to meet again; names of unlawful ones are passed over.
    """
    present = set(people)
    lawful = sorted(one for one in scores if present.issuperset(one))
    wanted = set(mutual).intersection(lawful)
    chosen = _best(lawful, scores, cap, wanted) if cap > 0 and lawful else None
    pairs = (
        ()
        if chosen is None
        else tuple(one for one, taken in zip(lawful, chosen.values, strict=False) if taken)
    )
    met = {person for one in pairs for person in one}
    return Pairing(
        pairs,
        sum(scores[one] for one in pairs),
        chosen is None or chosen.optimal,
        tuple(sorted(present - met)),
        tuple(sorted(wanted.difference(pairs))),
    )


def verify_pairing(
    pairing: Pairing,
    people: Collection[int],
    scores: Mapping[Pair, int],
    cap: int = 3,
    mutual: Collection[Pair] = (),
) -> tuple[PairingFault, ...]:
    """Everything wrong with a pairing that can be seen without solving it again; empty when all is well."""
    present, taken = set(people), Counter(person for one in pairing.pairs for person in one)
    open_pairs = [
        one
        for one in scores
        if present.issuperset(one) and one not in pairing.pairs and max(taken[p] for p in one) < cap
    ]
    faults = {
        PairingFault.UNLAWFUL: any(one not in scores or not present.issuperset(one) for one in pairing.pairs),
        PairingFault.REPEATED: len(set(pairing.pairs)) < len(pairing.pairs),
        PairingFault.OVER_CAP: any(count > cap for count in taken.values()),
        PairingFault.LEFT_OUT: any(not taken[person] for one in open_pairs for person in one),
        PairingFault.MUTUAL_DROPPED: any(one in mutual for one in open_pairs),
        PairingFault.WRONG_SUM: pairing.score != sum(scores.get(one, 0) for one in pairing.pairs),
    }
    return tuple(fault for fault, found in faults.items() if found)


def _best(lawful: list[Pair], scores: Mapping[Pair, int], cap: int, wanted: set[Pair]) -> Solution | None:
    """The three aims one after the other, each kept while the next is sought."""
    with_partner = {person for one in lawful for person in one}
    covered, mutual = len(with_partner), len(wanted)
    # Mostly everybody can be served at once: the stages are gone through only where that is impossible.
    solution = _solve(lawful, scores, cap, wanted, covered, mutual)
    if solution is not None:
        return solution
    reached = _solve(lawful, {}, cap, set(), 0, 0, per_person=1)
    covered = reached.objective if reached else 0
    found = _solve(lawful, {}, cap, wanted, covered, 0, per_mutual=1)
    mutual = found.objective if found else 0
    solution = _solve(lawful, scores, cap, wanted, covered, mutual)
    proved = all(stage is not None and stage.optimal for stage in (reached, found, solution))
    return replace(solution, optimal=proved) if solution else None


def _solve(
    lawful: list[Pair],
    scores: Mapping[Pair, int],
    cap: int,
    wanted: set[Pair],
    covered: int,
    mutual: int,
    per_person: int = 0,
    per_mutual: int = 0,
) -> Solution | None:
    """The best choice that reaches at least `covered` people and `mutual` wanted pairs."""
    model = Model()
    pairs_of: dict[int, list[int]] = {}
    for one in lawful:
        column = model.column(scores.get(one, 0) + (per_mutual if one in wanted else 0))
        for person in one:
            pairs_of.setdefault(person, []).append(column)
    reached = _cover(model, pairs_of, cap, everybody=covered == len(pairs_of), gain=per_person)
    if reached:
        model.row(covered, len(pairs_of), ((column, 1) for column in reached))
    if mutual:
        model.row(mutual, len(wanted), ((column, 1) for column, one in enumerate(lawful) if one in wanted))
    return model.solve()


def _cover(
    model: Model, pairs_of: Mapping[int, list[int]], cap: int, everybody: bool, gain: int
) -> Iterable[int]:
    """Give each person at most `cap` pairs, and at least one: all of them, or those whose column says so."""
    reached: list[int] = []
    for columns in pairs_of.values():
        model.row(1 if everybody else 0, cap, ((column, 1) for column in columns))
        if not everybody:
            reached.append(model.column(gain))
            model.row(0, len(columns), [*((column, 1) for column in columns), (reached[-1], -1)])
    return reached
