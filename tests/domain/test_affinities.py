"""Whole rooms at once: the same figures as pair by pair, and only those whom a wish clearly asks for."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organizer.domain.affinities import CLEARLY, MOST_WANTED, affinities, wants
from organizer.domain.approach import WEIGHTS
from organizer.domain.fit import NO_HISTORY, History, affinity, both_ways
from organizer.domain.pairing import score_pairs
from organizer.domain.profiles import Challenge, Profile, Wish
from organizer.domain.vocabulary import Industry, Intent, Role, Topic
from organizer.domain.weights import WEIGHTS_V1
from organizer.domain.wishes import wish_fit
from tests.domain.crowds import crowd, histories
from tests.domain.people import a_give, owner, profiles

ROOMS = st.lists(st.integers(1, 40), unique=True, max_size=7).flatmap(
    lambda ids: st.tuples(*(profiles(id_) for id_ in ids))
)


@settings(max_examples=40, deadline=None)
@given(ROOMS)
def test_a_room_is_worth_what_its_pairs_are_worth(room: tuple[Profile, ...]) -> None:
    matrix = affinities(room)
    for row, one in enumerate(room):
        for column, other in enumerate(room):
            worth = both_ways(affinity(one, other), affinity(other, one)) // 20 if row != column else 0
            assert matrix[row][column] == worth
            assert 0 <= worth <= 100


@pytest.mark.parametrize("seed", range(3))
def test_history_and_weights_have_their_part(seed: int) -> None:
    room, behind = crowd(seed, 20), histories(seed, 20, 0.5)
    matrix, plain = affinities(room, WEIGHTS, behind), affinities(room)
    for (a, b), history in behind.items():
        met = both_ways(
            affinity(room[a - 1], room[b - 1], WEIGHTS, history),
            affinity(room[b - 1], room[a - 1], WEIGHTS, history),
        )
        assert matrix[a - 1][b - 1] == matrix[b - 1][a - 1] == met // 20
        if history.mutual_again:
            assert matrix[a - 1][b - 1] > plain[a - 1][b - 1]
    assert affinities(room, WEIGHTS_V1) != plain


def test_the_order_of_a_room_is_no_matter() -> None:
    room = crowd(5, 24)
    back = list(reversed(room))
    matrix, turned = affinities(room), affinities(back)
    assert [list(reversed(row)) for row in reversed(turned)] == matrix
    assert wants(room) == dict(sorted(wants(back).items()))


def test_pairs_after_the_event_are_counted_alike() -> None:
    room = crowd(6, 12)
    scores, matrix = score_pairs(room, (), histories(6, 12)), affinities(room, histories=histories(6, 12))
    assert {pair: worth // 20 for pair, worth in scores.items()} == {
        (a, b): matrix[a - 1][b - 1] for a, b in scores
    }


def test_a_seller_before_those_who_look_for_nothing_counts_against() -> None:
    learner, partner = owner(1, intents=(Intent.LEARN,)), owner(2, intents=(Intent.LEARN, Intent.PARTNER))
    seller, guest = owner(3, intents=(Intent.SELL,)), owner(4)
    matrix = affinities([learner, partner, seller, guest])
    assert matrix[0][2] < matrix[0][3]
    assert matrix[1][2] > matrix[0][2]


def test_help_that_is_for_sale_is_half_a_gift() -> None:
    needy = owner(1, challenges=(Challenge("", (Topic.HIRING,)),), intents=(Intent.LEARN,))
    giver = owner(2, gives=(a_give("", Topic.HIRING),))
    seller = replace(giver, id=3, intents=(Intent.SELL,))
    gift, sold = affinity(giver, needy).parts[2].degree, affinity(seller, needy).parts[2].degree
    assert sold == gift / 2
    assert affinity(seller, replace(needy, intents=(Intent.BE_ADVISED,))).parts[2].degree == gift


@settings(max_examples=40, deadline=None)
@given(ROOMS, st.integers(0, 5))
def test_whom_a_wish_names_meets_it_clearly_and_nobody_better_is_passed_over(
    room: tuple[Profile, ...], most: int
) -> None:
    found = wants(room, most=most)
    assert set(found) == {one.id for one in room}
    by_id = {one.id: one for one in room}
    for one in room:
        degrees = {
            other.id: wish_fit(one.wish, other).degree
            for other in room
            if other.id != one.id and not (one.company and one.company == other.company)
        }
        clearly = {id_ for id_, degree in degrees.items() if degree >= CLEARLY} if one.wish else set()
        named = found[one.id]
        assert len(named) == min(most, len(clearly))
        assert clearly.issuperset(named)
        assert [degrees[id_] for id_ in named] == sorted((degrees[id_] for id_ in clearly), reverse=True)[
            : len(named)
        ]
        assert all(by_id[id_] is not one for id_ in named)


def test_colleagues_and_those_kept_apart_are_not_wanted() -> None:
    wanting = owner(1, wish=Wish(industries=(Industry.FINANCE,)), company="甲")
    banker = owner(2, industry=Industry.FINANCE)
    room = [wanting, banker, replace(banker, id=3, company="甲"), replace(banker, id=4), owner(5)]
    assert wants(room)[1] == (2, 4)
    assert wants(room, forbidden={(1, 2)})[1] == (4,)
    assert wants(room)[2] == ()


def test_of_many_who_meet_a_wish_those_who_help_today_come_first() -> None:
    wanting = owner(1, wish=Wish(roles=(Role.EXECUTIVE,)), today="採用のヒントがほしい")
    room = [wanting, *(owner(id_, role=Role.EXECUTIVE) for id_ in range(2, 9))]
    room[7] = replace(room[7], gives=(a_give("採用広報の経験", Topic.HIRING),))
    named = wants(room)[1]
    assert named[0] == 8
    assert len(named) == MOST_WANTED


def test_who_wishes_for_nothing_names_nobody() -> None:
    assert wants([owner(1), owner(2)]) == {1: (), 2: ()}
    assert affinities([]) == []
    assert affinities([owner(1)]) == [[0]]
    assert History() == NO_HISTORY
