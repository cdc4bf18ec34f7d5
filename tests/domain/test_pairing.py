"""Pairs after the event: exact, capped, nobody left out without need, and blind to what only one wants."""

import inspect
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organizer.domain.fit import History, affinity, both_ways
from organizer.domain.pairing import Pair, PairingFault, pair, score_pairs, verify_pairing
from organizer.domain.profiles import Challenge
from organizer.domain.vocabulary import Topic
from tests.domain.people import a_give, owner


@st.composite
def rooms(draw: st.DrawFn, most: int = 12) -> tuple[list[int], dict[Pair, int], set[Pair]]:
    """People, the scores of their lawful pairs, and the pairs that want each other again."""
    people = draw(st.lists(st.integers(1, 99), min_size=2, max_size=most, unique=True))
    pairs = list(combinations(sorted(people), 2))
    lawful = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=len(pairs)))
    scores = {one: draw(st.integers(0, 30)) for one in lawful}
    return people, scores, set(draw(st.lists(st.sampled_from(pairs), unique=True, max_size=4)))


@settings(max_examples=60, deadline=None)
@given(rooms(), st.integers(1, 4), st.booleans())
def test_every_pairing_passes_its_judge(
    room: tuple[list[int], dict[Pair, int], set[Pair]], cap: int, fair: bool
) -> None:
    people, scores, mutual = room
    found = pair(people, scores, cap, mutual, fair=fair)
    assert found.optimal
    assert found.score == found.bound <= found.optimum
    assert found.worst <= found.worst_bound
    assert verify_pairing(found, people, scores, cap, mutual) == ()
    assert found.pairs == tuple(sorted(found.pairs))
    assert all(left < right for left, right in found.pairs)


@settings(max_examples=25, deadline=None)
@given(rooms(), st.randoms(use_true_random=False))
def test_the_answer_is_the_same_in_whatever_order_one_asks(
    room: tuple[list[int], dict[Pair, int], set[Pair]], random: object
) -> None:
    people, scores, mutual = room
    shuffled, items = list(people), list(scores.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    random.shuffle(items)  # type: ignore[attr-defined]
    for fair in (False, True):
        found = pair(people, scores, 3, mutual, fair=fair)
        assert pair(shuffled, dict(items), 3, mutual, fair=fair) == found


def test_nobody_has_more_than_three() -> None:
    people = range(1, 11)
    scores = {one: 100 if 1 in one else 1 for one in combinations(people, 2)}
    found = pair(people, scores)
    assert max(len(found.partners_of(person)) for person in people) == 3
    assert found.left_out == ()


def test_nobody_is_left_out_for_a_better_sum() -> None:
    scores = {(1, 2): 1000, (1, 3): 1000, (2, 3): 1000, (3, 4): 0}
    found = pair([1, 2, 3, 4], scores, cap=2)
    assert (3, 4) in found.pairs
    assert found.left_out == ()


def test_who_cannot_be_reached_within_the_cap_is_named() -> None:
    found = pair(range(1, 7), {(1, other): other for other in range(2, 7)})
    assert found.pairs == ((1, 4), (1, 5), (1, 6))
    assert found.left_out == (2, 3)


def test_who_has_nobody_lawful_is_named() -> None:
    assert pair([1, 2, 3], {(1, 2): 5}).left_out == (3,)
    for fair in (False, True):
        nobody = pair([], {}, fair=fair)
        assert (nobody.pairs, nobody.score, nobody.bound, nobody.worst, nobody.optimal) == ((), 0, 0, 0, True)
    assert pair([1, 2], {(1, 2): 5}, cap=0).left_out == (1, 2)


def test_absent_people_are_in_no_pair() -> None:
    assert pair([1, 2], {(1, 2): 1, (2, 3): 900}).pairs == ((1, 2),)


def test_wanting_each_other_again_comes_before_any_score() -> None:
    scores = dict.fromkeys(combinations(range(1, 8), 2), 500) | {(1, 2): 0}
    assert (1, 2) in pair(range(1, 8), scores, 1, {(1, 2)}).pairs


def test_being_reached_at_all_comes_before_wanting_again() -> None:
    found = pair([1, 2, 3], {(1, 2): 500, (1, 3): 1}, 1, {(1, 2)})
    assert len(found.pairs) == 1
    apart = pair([1, 2, 3, 4], {(1, 2): 500, (1, 3): 1, (2, 4): 1}, 1, {(1, 2)})
    assert apart.pairs == ((1, 3), (2, 4))
    assert apart.mutual_beyond_cap == ((1, 2),)


def test_more_wanted_pairs_than_the_cap_allows_are_named() -> None:
    wanted = {(1, other) for other in range(2, 7)}
    scores = dict.fromkeys(combinations(range(1, 7), 2), 10)
    found = pair(range(1, 7), scores, 3, wanted)
    assert len(wanted.intersection(found.pairs)) == 3
    assert set(found.mutual_beyond_cap) == wanted.difference(found.pairs)


def test_an_unlawful_pair_is_never_made_however_wanted() -> None:
    found = pair([1, 2, 3], {(1, 3): 1, (2, 3): 1}, 3, {(1, 2)})
    assert (1, 2) not in found.pairs
    assert found.mutual_beyond_cap == ()


def test_sixty_people_are_paired_and_proved() -> None:
    people = range(1, 61)
    scores = {(a, b): (a * 7919 + b * 104729) % 2000 for a, b in combinations(people, 2)}
    found = pair(people, scores)
    assert found.optimal
    assert len(found.pairs) == 90
    assert verify_pairing(found, people, scores) == ()


def test_scores_come_from_both_sides_and_leave_out_colleagues_and_forbidden_pairs() -> None:
    giver = owner(1, gives=(a_give("採用の経験", Topic.HIRING),), company="甲")
    needy = owner(2, challenges=(Challenge("人が採れない", (Topic.HIRING,)),), company="乙")
    colleague, blocked = owner(3, company="甲"), owner(4)
    scores = score_pairs([blocked, needy, giver, colleague], forbidden={(2, 4)})
    assert set(scores) == {(1, 2), (1, 4), (2, 3), (3, 4)}
    assert scores[1, 2] == both_ways(affinity(giver, needy), affinity(needy, giver))
    assert scores[1, 2] > scores[2, 3]


def test_having_been_matched_before_counts_against_a_pair() -> None:
    people = [owner(1), owner(2), owner(3)]
    scores = score_pairs(people, histories={(1, 2): History(meetings=1, matches=2)})
    assert scores[1, 2] < scores[1, 3] == scores[2, 3]


def test_a_one_sided_again_has_no_way_in() -> None:
    assert list(inspect.signature(score_pairs).parameters) == [
        "profiles",
        "forbidden",
        "histories",
        "weights",
    ]
    assert list(inspect.signature(pair).parameters) == ["people", "scores", "cap", "mutual", "least", "fair"]


GOOD = pair(range(1, 7), dict.fromkeys(combinations(range(1, 7), 2), 10), 2, {(1, 2)})


@pytest.mark.parametrize(
    ("pairs", "score", "fault"),
    [
        (((1, 7),), 0, PairingFault.UNLAWFUL),
        (((1, 2), (1, 2)), 20, PairingFault.REPEATED),
        (((1, 2), (1, 3), (1, 4)), 30, PairingFault.OVER_CAP),
        (((1, 2),), 10, PairingFault.LEFT_OUT),
        (((1, 3), (2, 4)), 20, PairingFault.MUTUAL_DROPPED),
        (GOOD.pairs, GOOD.score + 1, PairingFault.WRONG_SUM),
        (((1, 2), (3, 4), (5, 6)), 30, PairingFault.WRONG_WORST),
        (((1, 2), (3, 4), (5, 6)), 30, PairingFault.GAVE_UP_TOO_MUCH),
        (((1, 2), (3, 4)), 20, PairingFault.UNPROVED),
        (GOOD.pairs, GOOD.score, None),
    ],
)
def test_the_judge_sees_each_fault(pairs: tuple[Pair, ...], score: int, fault: PairingFault | None) -> None:
    scores = dict.fromkeys(combinations(range(1, 7), 2), 10)
    found = verify_pairing(replace(GOOD, pairs=pairs, score=score), range(1, 7), scores, 2, {(1, 2)})
    assert fault in found if fault else found == ()


def test_the_judge_does_not_believe_a_proof_that_does_not_hold() -> None:
    scores = dict.fromkeys(combinations(range(1, 7), 2), 10)
    for broken in (
        replace(GOOD, proof=replace(GOOD.proof, ceilings=())),
        replace(GOOD, bound=GOOD.bound + 1),
        replace(GOOD, proof=replace(GOOD.proof, score=GOOD.score - 1)),
    ):
        assert PairingFault.UNPROVED in verify_pairing(broken, range(1, 7), scores, 2, {(1, 2)})


def test_each_can_have_a_cap_of_their_own() -> None:
    scores = dict.fromkeys(combinations(range(1, 7), 2), 10)
    caps = {1: 5, 2: 1, 3: 2, 4: 3, 5: 3, 6: 0}
    for fair in (False, True):
        found = pair(range(1, 7), scores, caps, fair=fair)
        assert {one: len(found.partners_of(one)) for one in caps} == {1: 4, 2: 1, 3: 2, 4: 3, 5: 2, 6: 0} or (
            found.score == 60
        )
        assert all(len(found.partners_of(one)) <= cap for one, cap in caps.items())
        assert found.left_out == (6,)
        assert verify_pairing(found, range(1, 7), scores, caps) == ()
    assert PairingFault.OVER_CAP in verify_pairing(found, range(1, 7), scores, caps | {2: 0, 5: 1})
