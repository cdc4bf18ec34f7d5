"""The best list: as good as every other list, whatever the caps; and its proof holds without the solver."""

from collections import Counter
from dataclasses import replace
from itertools import combinations
from random import Random

import numpy as np
import pytest

from organizer.domain import pairing_exact
from organizer.domain.pairing_cuts import Picture, broken_cuts
from organizer.domain.pairing_exact import best_list, field_of
from organizer.domain.pairing_lp import Program
from organizer.domain.pairing_proof import (
    Best,
    Ceiling,
    OddSet,
    Proof,
    Terms,
    Worth,
    sum_bound,
    terms,
    verify_certificate,
)
from tests.domain.pairing_rooms import by_branching, every_list, middling_room, small_room


def holds(given: Terms, best: Best) -> bool:
    """Whether the list keeps the terms and is worth what its proof says."""
    counts = Counter(one for both in best.pairs for one in both)
    missing = sum(max(0, least - counts[one]) for one, least in given.leasts.items())
    return (
        set(best.pairs) <= set(given.scores)
        and len(set(best.pairs)) == len(best.pairs)
        and all(counts[one] <= cap for one, cap in given.caps.items())
        and best.proof.missing == missing
        and best.proof.mutual == len(given.mutual.intersection(best.pairs))
        and best.proof.score == sum(given.scores[both] for both in best.pairs)
    )


@pytest.mark.parametrize("start", range(0, 1_200, 300))
def test_no_list_of_a_small_room_is_better(start: int) -> None:
    for seed in range(start, start + 300):
        given = small_room(seed)
        best = best_list(given)
        assert holds(given, best), seed
        proof = best.proof
        assert max(every_list(given))[0] == (-proof.missing, proof.mutual, proof.score), seed
        assert verify_certificate(proof, given), seed


def test_branching_finds_nothing_better_in_larger_rooms_and_every_proof_holds() -> None:
    odd_sets = 0
    for seed in range(90):
        given = middling_room(seed)
        best = best_list(given)
        proof = best.proof
        assert holds(given, best), seed
        assert by_branching(given) == proof.score + 10**4 * proof.mutual - 10**6 * proof.missing, seed
        assert verify_certificate(proof, given), seed
        assert sum_bound(proof, given) == proof.score, seed
        odd_sets += any(ceiling.odd_sets for ceiling in proof.ceilings)
    assert odd_sets > 5  # else the hard half was never asked for


@pytest.mark.parametrize(("size", "cap"), [(37, 3), (60, 3), (61, 3), (120, 4), (121, 5)])
def test_rooms_as_they_are_held_are_proved_without_branching(
    size: int, cap: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairing_exact, "_branch", None)
    chance = Random(size)
    given = terms(range(size), {both: chance.randint(0, 500) for both in combinations(range(size), 2)}, cap)
    best = best_list(given)
    assert verify_certificate(best.proof, given)
    assert len(best.pairs) == size * cap // 2


def test_a_room_numbered_anew_is_worth_the_same() -> None:
    for seed in range(60):
        given = middling_room(seed)
        anew = dict(zip(given.people, Random(seed).sample(range(500), len(given.people)), strict=True))
        scores = {(min(anew[a], anew[b]), max(anew[a], anew[b])): s for (a, b), s in given.scores.items()}
        wanted = [(min(anew[a], anew[b]), max(anew[a], anew[b])) for a, b in given.mutual]
        caps = {anew[one]: cap for one, cap in given.caps.items()}
        other = terms(anew.values(), scores, caps, wanted)
        one, two = best_list(terms(given.people, given.scores, given.caps, given.mutual)), best_list(other)
        assert (one.proof.missing, one.proof.mutual, one.proof.score) == (
            two.proof.missing,
            two.proof.mutual,
            two.proof.score,
        )


def test_the_same_room_gives_the_same_list_proof_and_work() -> None:
    for seed in range(20):
        assert best_list(middling_room(seed)) == best_list(middling_room(seed))


def test_where_branching_must_help_the_list_is_still_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairing_exact, "broken_cuts", lambda picture, thorough: [])
    unproved = 0
    for seed in range(40):
        given = middling_room(seed)
        best = best_list(given)
        proof = best.proof
        assert by_branching(given) == proof.score + 10**4 * proof.mutual - 10**6 * proof.missing, seed
        assert sum_bound(proof, given) >= proof.score
        unproved += not verify_certificate(proof, given)
    assert unproved > 0


# --- odd sets -------------------------------------------------------------------------------------------------------


def test_three_who_share_three_halves_are_an_odd_set() -> None:
    given = terms([1, 2, 3], dict.fromkeys(combinations((1, 2, 3), 2), 10), 1)
    field = field_of(given, Worth(score=1, missing=1))
    half = Picture.of(field, np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([0.5, 0.5, 0.5]))
    cuts = broken_cuts(half)
    assert any(cut.room == 1 and cut.signs.tolist() == [1, 1, 1] for cut in cuts)


def test_every_odd_set_found_keeps_every_list() -> None:
    """Whatever is cut off, no list of whole pairs is."""
    for seed in range(150):
        given = small_room(seed)
        for ceiling in best_list(given).proof.ceilings:
            for odd, _ in ceiling.odd_sets:
                for pairs in _lists(given):
                    assert sum(odd.counts(both) for both in pairs) <= odd.room(given), seed


def _lists(given: Terms) -> list[list[tuple[int, int]]]:
    """The lists within the caps, missing partners as (a, a)."""
    lists = []
    pairs = list(given.scores)
    for number in range(1 << len(pairs)):
        chosen = [both for at, both in enumerate(pairs) if number >> at & 1]
        counts = Counter(one for both in chosen for one in both)
        if all(counts[one] <= cap for one, cap in given.caps.items()):
            lacking = [(one, one) for one, least in given.leasts.items() for _ in range(least - counts[one])]
            lists.append(chosen + lacking)
    return lists


def test_the_program_prices_every_pair_as_its_rows_say() -> None:
    """No pair that is taken in has a gain beyond its price, and none left out is priced otherwise than one taken in."""
    for seed in range(40):
        given = middling_room(seed)
        field = field_of(given, Worth(score=1, mutual=10**4, missing=10**6))
        program = Program(field)
        program.widen(field.lawful)
        for _ in range(3):
            point = program.optimum()
            cuts = broken_cuts(Picture.of(field, program.firsts, program.seconds, point.values))
            if cuts:
                program.sharpen(cuts)
        point = program.optimum()
        gaps = program.gaps(point)[program.firsts, program.seconds]
        most = np.where(program.firsts == program.seconds, field.leasts[program.firsts], 1)
        assert np.all(gaps[point.values < most - 1e-6] <= 1e-5), seed
        assert np.all(gaps[point.values > 1e-6] >= -1e-5), seed


# --- the proof ------------------------------------------------------------------------------------------------------

TRIANGLE = terms([1, 2, 3], {(1, 2): 4, (1, 3): 4, (2, 3): 4}, 1)
HALVED = Ceiling(Worth(score=1, missing=5), {1: 2 * 720_720, 2: 2 * 720_720, 3: 2 * 720_720}, {})


def test_a_proof_without_its_odd_set_proves_less() -> None:
    best = best_list(TRIANGLE)
    assert (best.proof.missing, best.proof.score) == (1, 4)
    assert verify_certificate(best.proof, TRIANGLE)
    weaker = replace(best.proof, ceilings=(*best.proof.ceilings[:-1], HALVED))
    assert not verify_certificate(weaker, TRIANGLE)


def test_a_proof_of_a_better_or_worse_list_is_refused() -> None:
    for seed in range(40):
        given = middling_room(seed)
        proof = best_list(given).proof
        assert not verify_certificate(replace(proof, score=proof.score - 1), given)
        assert not verify_certificate(replace(proof, ceilings=()), given)
        if given.mutual:
            assert not verify_certificate(replace(proof, mutual=proof.mutual - 1), given)


def test_no_factors_at_all_prove_nothing_false() -> None:
    """Whatever the factors, what they add up to is never below a list."""
    chance = Random(1)
    for seed in range(150):
        given = small_room(seed)
        ceiling = Ceiling(
            Worth(score=1, mutual=3, missing=7),
            {one: chance.randrange(10**7) for one in given.people if chance.random() < 0.5},
            {one: chance.randrange(10**7) for one in given.people if chance.random() < 0.3},
            tuple((_some_odd_set(given, chance), chance.randrange(10**7)) for _ in range(2)),
        )
        height = ceiling.height(given)
        assert all(height >= key[2] + 3 * key[1] + 7 * key[0] for key, _, _ in every_list(given)), seed


def _some_odd_set(given: Terms, chance: Random) -> OddSet:
    upper = frozenset(one for one in given.people if chance.random() < 0.5)
    lower = frozenset(one for one in given.people if one not in upper and chance.random() < 0.3)
    return OddSet(upper, lower, frozenset(both for both in given.scores if chance.random() < 0.3))


def test_a_factor_below_nothing_is_no_proof() -> None:
    with pytest.raises(ValueError, match="below 0"):
        Ceiling(Worth(score=1), {1: -1}, {}).height(TRIANGLE)
    with pytest.raises(ValueError, match="below 0"):
        Ceiling(Worth(score=1), {}, {}, ((OddSet(frozenset()), -1),)).height(TRIANGLE)


def test_an_empty_room_needs_no_proof() -> None:
    nobody = terms([], {})
    best = best_list(nobody)
    assert best == Best((), Proof(0, 0, 0, (Ceiling(Worth(score=1), {}, {}),)), 0)
    assert verify_certificate(best.proof, nobody)
