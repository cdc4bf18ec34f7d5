"""Reasons: every one of them is true of the data, in order, and carries no words of anybody."""

import json
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organizer.domain.answers import TELLING
from organizer.domain.approach import WEIGHTS, Approach, Step
from organizer.domain.concerns import concerns_of
from organizer.domain.fit import Affinity, History, affinity
from organizer.domain.profiles import Challenge, Profile, Wish
from organizer.domain.reasons import (
    ABOVE_ALL,
    CARRIED_BY,
    ONE_WAY,
    Reason,
    ReasonKind,
    holds,
    reasons_for,
    seen_by,
)
from organizer.domain.vocabulary import (
    Authority,
    CriterionField,
    GiveKind,
    Industry,
    Intent,
    Region,
    Role,
    Topic,
    Value,
)
from organizer.domain.weights import WEIGHTS_V1, Aspect, Weights
from organizer.domain.wishes import challenge_topics, give_topics, topics_of, wish_fit
from organizer.domain.words import relevance, topics_in
from tests.domain.crowds import crowd, histories
from tests.domain.people import a_give, owner, profiles

HISTORIES = st.builds(
    History, st.integers(0, 3), st.integers(0, 3), st.booleans(), st.booleans(), st.integers(0, 8)
)


MET = History(meetings=1)


def _kinds(one: Profile, other: Profile, history: History = MET) -> list[ReasonKind]:
    return [reason.kind for reason in reasons_for(one, other, history=history)]


def _is_true(reason: Reason, subject: Profile, other: Profile, history: History) -> bool:
    """Read from the profiles, without the code that made the reason."""
    match reason.kind:
        case ReasonKind.GIVE_MEETS_CHALLENGE | ReasonKind.GIVE_MEETS_TODAY:
            return _helps(reason, subject, other)
        case ReasonKind.WISH_MEETS_PROFILE | ReasonKind.SERVE_MEETS_PROFILE:
            wish = subject.wish if reason.kind is ReasonKind.WISH_MEETS_PROFILE else subject.serve
            return _is_wished(reason, wish, other)
        case ReasonKind.MUTUAL_AGAIN:
            return history.mutual_again
        case ReasonKind.TALKED_TOGETHER:
            return history.talked
        case ReasonKind.NOT_MET_YET:
            behind = history.meetings, history.matches, history.contacts
            return behind == (0, 0, 0) and not history.talked
        case ReasonKind.TIE_GROWING:
            return reason.contacts == history.contacts and 1 <= history.contacts <= 4
        case ReasonKind.INTRODUCES:
            assert reason.give is not None
            concerns = concerns_of(give_topics(subject)) & concerns_of(_problem(other))
            return subject.gives[reason.give].kind is GiveKind.INTRODUCTION and bool(concerns)
        case ReasonKind.SAME_INTENT:
            shared = set(subject.intents) & set(other.intents) - {Intent.SELL}
            return bool(shared) and set(reason.intents) == shared
        case ReasonKind.OTHER_FUNCTION:
            mine, theirs = concerns_of(give_topics(subject)), concerns_of(give_topics(other))
            return bool(mine) and bool(theirs) and len(mine & theirs) <= 0.4 * len(mine | theirs)
        case ReasonKind.OTHER_GENERATION:
            years = subject.founded_year, other.founded_year
            return None not in years and abs((years[0] or 0) - (years[1] or 0)) >= 15
        case ReasonKind.OTHER_LEVEL:
            return subject.role != other.role or subject.authority != other.authority
        case ReasonKind.COMMON_CHALLENGE:
            return bool(reason.topics) and set(reason.topics) <= challenge_topics(subject) & challenge_topics(
                other
            )
        case ReasonKind.COMMON_VALUE:
            return bool(reason.values) and set(reason.values) == set(subject.values) & set(other.values)
        case ReasonKind.SAME_PHASE:
            return subject.size is not None and subject.size == other.size
        case ReasonKind.SAME_AREA:
            return subject.region is not None and subject.region == other.region
        case ReasonKind.OTHER_TRADE:
            return None not in (subject.industry, other.industry) and subject.industry != other.industry
        case ReasonKind.SAME_TRADE:
            return subject.industry is not None and subject.industry == other.industry


def _problem(one: Profile) -> frozenset[Topic]:
    """What somebody struggles with today: by today's words, else by the first challenge."""
    today = topics_in(one.today)
    if today or not one.challenges:
        return today
    return topics_in(one.challenges[0].words) | set(one.challenges[0].tags)


def _helps(reason: Reason, subject: Profile, other: Profile) -> bool:
    assert reason.give is not None
    give = subject.gives[reason.give]
    need = Challenge(other.today) if reason.challenge is None else other.challenges[reason.challenge]
    offered, needed = {*give.tags, *topics_in(give.words)}, {*need.tags, *topics_in(need.words)}
    if relevance(give.words, need.words) >= TELLING:
        return reason.topic in offered | needed
    return reason.topic in offered & needed and reason.topic in {*give.tags, *need.tags}


def _is_wished(reason: Reason, wish: Wish, other: Profile) -> bool:
    met = {
        CriterionField.INDUSTRY: other.industry in wish.industries,
        CriterionField.SIZE: other.size in wish.sizes,
        CriterionField.ROLE: other.role in wish.roles,
        CriterionField.CHALLENGE: bool(set(wish.topics) & topics_of(other)),
    }
    topics = set(wish.topics) & topics_of(other)
    said = bool(reason.fields or reason.topics) or wish_fit(wish, other).by_words
    return said and all(met[field] for field in reason.fields) and set(reason.topics) == topics


@settings(max_examples=120)
@given(profiles(1), profiles(2), HISTORIES)
def test_every_reason_is_true_of_the_data_it_claims(one: Profile, other: Profile, history: History) -> None:
    people = {1: one, 2: other}
    for reason in reasons_for(one, other, history=history):
        assert _is_true(reason, people[reason.subject], people[reason.other], history), reason
        assert holds(reason, people, history)


@settings(max_examples=60)
@given(profiles(1), profiles(2), HISTORIES)
def test_reasons_are_in_order_and_the_same_from_both_sides(
    one: Profile, other: Profile, history: History
) -> None:
    found = reasons_for(one, other, history=history)
    assert found == reasons_for(other, one, history=history)
    assert [reason.weight for reason in found] == sorted((reason.weight for reason in found), reverse=True)
    assert all(reason.subject == 1 for reason in found if reason.kind not in ONE_WAY)


def _contribution(reason: Reason, there: Affinity, back: Affinity) -> float:
    """What the aspects that a reason names brought to the pair, in thousandths; `there` is the subject's side."""
    sides = {
        Aspect.GIVE: [there],
        Aspect.WISH: [there],
        Aspect.SERVE: [there],
        Aspect.TODAY: [back],
        Aspect.INTRODUCER: [back],
    }
    return 1000 * sum(
        side.lift(aspect) for aspect in CARRIED_BY[reason.kind] for side in sides.get(aspect, [there, back])
    )


@pytest.mark.parametrize("weights", [WEIGHTS, WEIGHTS_V1], ids=["now", "first version"])
@pytest.mark.parametrize("seed", range(3))
def test_in_whole_rooms_every_reason_is_true_and_weighs_what_its_parts_brought(
    seed: int, weights: Weights
) -> None:
    people = {one.id: one for one in crowd(seed, 30)}
    behind = histories(seed, 30, 0.3)
    for one, other in combinations(people.values(), 2):
        history = behind.get((one.id, other.id), History())
        found = reasons_for(one, other, weights, history)
        sides = {
            one.id: affinity(one, other, weights, history),
            other.id: affinity(other, one, weights, history),
        }
        for reason in found:
            assert _is_true(reason, people[reason.subject], people[reason.other], history), reason
            assert holds(reason, people, history)
            if reason.kind is ReasonKind.MUTUAL_AGAIN:
                assert (reason, reason.weight) == (found[0], ABOVE_ALL)
                continue
            brought = _contribution(reason, sides[reason.subject], sides[reason.other])
            assert reason.weight <= max(0, brought) + 1
            if reason.kind not in SHARED_AMONG:
                assert reason.weight == pytest.approx(max(0, brought), abs=1)
        weights_told = sum(reason.weight for reason in found if reason.kind is not ReasonKind.MUTUAL_AGAIN)
        assert weights_told <= sum(
            max(0, 1000 * side.lift(aspect)) for side in sides.values() for aspect in Aspect
        ) + len(found)


SHARED_AMONG = {
    ReasonKind.GIVE_MEETS_CHALLENGE,
    ReasonKind.TALKED_TOGETHER,
    ReasonKind.TIE_GROWING,
    ReasonKind.NOT_MET_YET,
}
"""Kinds that may share what a part brought with another reason: two answers; a mutual wish and what else was."""


def test_a_second_answer_weighs_less_than_the_best() -> None:
    giver = owner(1, gives=(a_give("", Topic.HIRING), a_give("", Topic.TAX)))
    needy = owner(2, challenges=(Challenge("", (Topic.TAX,)), Challenge("", (Topic.HIRING,))))
    best, second = [one for one in reasons_for(giver, needy) if one.kind is ReasonKind.GIVE_MEETS_CHALLENGE]
    assert (best.topic, second.topic) == (Topic.TAX, Topic.HIRING)
    side = affinity(giver, needy)
    assert second.weight == round(1000 * side.lift(Aspect.GIVE) * 0.2)
    assert best.weight == round(
        1000 * (side.lift(Aspect.GIVE) * 0.8 + affinity(needy, giver).lift(Aspect.TODAY))
    )


def test_what_counts_nothing_is_no_reason() -> None:
    one, like = owner(1, values=(Value.CRAFT,)), owner(2, values=(Value.CRAFT,))
    off = Approach({Aspect.VALUES: Step.OFF}).weights()
    kinds = {reason.kind for reason in reasons_for(one, like, off)}
    assert ReasonKind.COMMON_VALUE not in kinds
    assert ReasonKind.SAME_PHASE in kinds


def test_what_is_between_two_outside_of_events_is_told_to_the_two_alone() -> None:
    found = reasons_for(owner(1), owner(2), history=History(1, contacts=3))
    for person, told in ((1, True), (2, True), (0, False), (3, False)):
        kinds = {reason.kind for reason in seen_by(found, person, limit=99)}
        assert (ReasonKind.TIE_GROWING in kinds) is told


def test_every_kind_names_the_parts_that_carry_it() -> None:
    assert set(CARRIED_BY) == set(ReasonKind)
    assert {aspect for aspects in CARRIED_BY.values() for aspect in aspects} == set(Aspect)


@settings(max_examples=60)
@given(profiles(1), profiles(2), HISTORIES)
def test_reasons_come_back_from_json_and_hold_no_free_text(
    one: Profile, other: Profile, history: History
) -> None:
    for reason in reasons_for(one, other, history=history):
        written = json.dumps(reason.to_data())
        assert Reason.from_data(json.loads(written)) == reason
        assert written.isascii()
        assert "\\u" not in written


def test_a_give_that_meets_a_challenge_says_which_meets_which() -> None:
    giver = owner(5, gives=(a_give("決算書の読み方"), a_give("採用広報の経験を話せます")))
    needy = owner(2, challenges=(Challenge("家賃が高い"), Challenge("人が採れない")))
    reason = next(one for one in reasons_for(giver, needy) if one.kind is ReasonKind.GIVE_MEETS_CHALLENGE)
    assert (reason.subject, reason.other, reason.give, reason.challenge) == (5, 2, 1, 1)
    assert reason.topic is Topic.HIRING


def test_a_wish_that_is_met_says_in_what() -> None:
    wanting = owner(1, wish=Wish(industries=(Industry.FINANCE,), topics=(Topic.TAX,)))
    banker = owner(2, industry=Industry.FINANCE, gives=(a_give("", Topic.TAX),))
    reason = next(one for one in reasons_for(wanting, banker) if one.kind is ReasonKind.WISH_MEETS_PROFILE)
    assert (reason.subject, reason.other) == (1, 2)
    assert CriterionField.INDUSTRY in reason.fields
    assert reason.topics == (Topic.TAX,)


def test_both_wanting_to_meet_again_stands_above_all() -> None:
    giver = owner(1, gives=(a_give("", Topic.HIRING),), wish=Wish(industries=(Industry.MANUFACTURING,)))
    needy = owner(2, challenges=(Challenge("", (Topic.HIRING,)),))
    assert (
        _kinds(giver, needy, history=History(1, 0, talked=True, mutual_again=True))[0]
        is ReasonKind.MUTUAL_AGAIN
    )


def test_what_is_shared_and_what_differs_is_named() -> None:
    one = owner(1, values=(Value.CRAFT,), challenges=(Challenge("", (Topic.IT,)),))
    like = owner(2, values=(Value.CRAFT, Value.PEOPLE), challenges=(Challenge("", (Topic.IT, Topic.PR)),))
    assert set(_kinds(one, like)) == {
        ReasonKind.COMMON_CHALLENGE,
        ReasonKind.COMMON_VALUE,
        ReasonKind.SAME_PHASE,
        ReasonKind.SAME_AREA,
        ReasonKind.SAME_TRADE,
    }
    stranger = owner(3, industry=Industry.TRADE, size=None, region=Region.OSAKA)
    assert _kinds(one, stranger) == [ReasonKind.OTHER_TRADE]
    unlike = owner(
        4, region=Region.OSAKA, size=None, role=Role.EMPLOYEE, authority=Authority.NONE, founded_year=2020
    )
    assert set(_kinds(one, unlike)) == {
        ReasonKind.OTHER_GENERATION,
        ReasonKind.OTHER_LEVEL,
        ReasonKind.SAME_TRADE,
    }


def test_people_who_say_nothing_have_only_their_history() -> None:
    assert _kinds(Profile(1), Profile(2)) == []
    assert _kinds(Profile(1), Profile(2), history=History()) == [ReasonKind.NOT_MET_YET]
    assert _kinds(Profile(1), Profile(2), history=History(talked=True)) == [ReasonKind.TALKED_TOGETHER]
    assert _kinds(Profile(1), Profile(2), history=History(contacts=3)) == [ReasonKind.TIE_GROWING]
    assert _kinds(Profile(1), Profile(2), history=History(contacts=7)) == []


def test_each_reads_first_what_the_other_is_for_them() -> None:
    one = owner(1, gives=(a_give("", Topic.HIRING),), challenges=(Challenge("", (Topic.TAX,)),))
    other = owner(2, gives=(a_give("", Topic.TAX),), challenges=(Challenge("", (Topic.HIRING,)),))
    found = reasons_for(one, other, WEIGHTS, History(meetings=1))
    assert seen_by(found, 1)[0].other == 1
    assert seen_by(found, 2)[0].other == 2
    assert len(seen_by(found, 1)) == 3
    assert len(seen_by(found, 1, limit=1)) == 1


@pytest.mark.parametrize("change", [{"give": 4}, {"subject": 9}, {"topic": Topic.TAX}, {"challenge": 3}])
def test_a_reason_that_no_longer_holds_is_found_out(change: dict[str, object]) -> None:
    giver = owner(1, gives=(a_give("", Topic.HIRING),))
    needy = owner(2, challenges=(Challenge("", (Topic.HIRING,)),))
    (reason,) = [one for one in reasons_for(giver, needy) if one.kind is ReasonKind.GIVE_MEETS_CHALLENGE]
    data = reason.to_data() | {key: getattr(value, "value", value) for key, value in change.items()}
    changed = Reason.from_data(data)
    assert changed is not None
    assert holds(reason, {1: giver, 2: needy})
    assert not holds(changed, {1: giver, 2: needy})


def test_a_kind_of_another_version_is_none() -> None:
    assert Reason.from_data({"kind": "gone", "subject": 1, "other": 2}) is None
