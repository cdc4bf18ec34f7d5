"""The fair list: nobody can be lifted higher while 99 % of the sum is kept, and none as fair has a larger sum."""

from collections import Counter
from itertools import combinations
from random import Random

import pytest

from organizer.domain.pairing import pair, verify_pairing, worst_of
from organizer.domain.pairing_exact import best_list
from organizer.domain.pairing_fair import fairest
from organizer.domain.pairing_proof import Terms, terms
from tests.domain.pairing_rooms import every_list, small_room


def reach(given: Terms, all_joined: bool) -> dict[int, int]:
    """The most that each could have with partners of their own choice, beside those that both wish for."""
    wished = {one: [both for both in given.mutual if all_joined and one in both] for one in given.people}
    room = {one: given.caps[one] - len(wished[one]) for one in given.people}
    most = {}
    for one in given.people:
        free = [
            score
            for both, score in given.scores.items()
            if one in both and both not in wished[one] and room[sum(both) - one] > 0
        ]
        most[one] = sum(given.scores[both] for both in wished[one]) + sum(sorted(free)[::-1][: room[one]])
    return most


def fairest_by_trying(given: Terms, kept: int) -> tuple[int, int, int]:
    """The highest level of all lists that keep as much, the largest sum there, and the worst-off person's best."""
    tried = list(every_list(given))
    missing, joined, largest = max(key for key, _, _ in tried)
    most = reach(given, joined == len(given.mutual))
    best, worst = (-1, -1), 0
    for key, counts, sums in tried:
        if key[:2] == (missing, joined) and 100 * key[2] >= kept * largest:
            short = [sums[p] for p in given.people if sums[p] < most[p] and counts[p] >= given.leasts[p]]
            best = max(best, (min(short) if short else max(most.values()), key[2]))
            worst = max(worst, min(sums[p] for p in given.people if given.caps[p]))
    return *best, worst


@pytest.mark.parametrize("kept", [99, 80, 40])
def test_no_list_of_a_small_room_is_fairer(kept: int) -> None:
    lifted = 0
    for seed in range(220):
        given = small_room(seed)
        if not given.scores:
            continue
        best = best_list(given)
        found = fairest(given, best, kept)
        level, score, worst = fairest_by_trying(given, kept)
        assert found.proved, seed
        assert (found.level, found.score) == (level, score), seed
        sums: Counter[int] = Counter()
        for both in found.pairs:
            sums.update(dict.fromkeys(both, given.scores[both]))
        if best.proof.missing == 0:
            assert min(sums[one] for one in given.people if given.caps[one]) == worst, seed
            assert worst <= found.worst_bound, seed
        lifted += found.score < best.proof.score
    assert lifted > 0


def room(size: int, seed: int) -> dict[tuple[int, int], int]:
    """Scores as they are on an evening: most near 200, some far above, a few people hard to place."""
    chance = Random(seed)
    hard = set(chance.sample(range(size), 3))
    return {
        both: min(600, int(abs(chance.gauss(200, 60))) + 250 * (chance.random() < 0.05))
        // (2 if hard.intersection(both) else 1)
        for both in combinations(range(size), 2)
    }


@pytest.mark.parametrize(("size", "cap"), [(24, 3), (37, 3), (40, 4), (60, 3)])
def test_a_room_of_an_evening_is_decided(size: int, cap: int) -> None:
    scores = room(size, size)
    best, fair = pair(range(size), scores, cap), pair(range(size), scores, cap, fair=True)
    assert fair.optimal
    assert 99 * best.score <= 100 * fair.score
    assert fair.optimum == best.score
    assert best.worst < fair.worst == fair.worst_bound
    assert verify_pairing(fair, range(size), scores, cap) == ()


def test_a_large_room_is_lifted_within_its_bounds() -> None:
    scores = room(130, 1)
    best, fair = pair(range(130), scores), pair(range(130), scores, fair=True)
    assert 99 * best.score <= 100 * fair.score
    assert best.worst < fair.worst <= fair.worst_bound
    assert fair.score <= fair.bound
    assert verify_pairing(fair, range(130), scores) == ()


def test_one_whom_nobody_suits_does_not_keep_the_others_down() -> None:
    """Person 0 has one lawful partner of no worth; the others are lifted all the same."""
    scores = {both: score for both, score in room(30, 5).items() if 0 not in both} | {(0, 1): 0}
    best, fair = pair(range(30), scores), pair(range(30), scores, fair=True)
    assert fair.optimal
    assert fair.worst == best.worst == 0
    assert _second_worst(fair.pairs, scores) > _second_worst(best.pairs, scores)


def _second_worst(pairs: tuple[tuple[int, int], ...], scores: dict[tuple[int, int], int]) -> int:
    return worst_of([both for both in pairs if 0 not in both], scores)


def test_wishes_and_places_come_before_fairness() -> None:
    """Two who want each other again are joined though both would get more elsewhere."""
    scores = room(20, 9) | {(3, 4): 0}
    fair = pair(range(20), scores, 1, {(3, 4)}, fair=True)
    assert (3, 4) in fair.pairs
    assert fair.left_out == ()
    star = {(1, other): 10 * other for other in range(2, 7)}
    assert len(pair(range(1, 7), star, 3, fair=True).left_out) == 2


def test_a_fair_list_is_the_same_on_every_run() -> None:
    scores = room(40, 3)
    assert pair(range(40), scores, fair=True) == pair(range(40), scores, fair=True)


def test_a_fair_list_numbered_anew_is_as_fair() -> None:
    scores = room(26, 4)
    anew = Random(2).sample(range(900), 26)
    other = {(min(anew[a], anew[b]), max(anew[a], anew[b])): score for (a, b), score in scores.items()}
    one, two = pair(range(26), scores, fair=True), pair(anew, other, fair=True)
    assert (one.score, one.worst) == (two.score, two.worst)


def test_terms_of_nobody_are_fair() -> None:
    assert fairest(terms([1, 2], {(1, 2): 0}), best_list(terms([1, 2], {(1, 2): 0})), 99).pairs == ((1, 2),)
