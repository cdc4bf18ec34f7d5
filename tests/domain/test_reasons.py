"""Reasons: every one of them is true of the data, in order, and carries no words of anybody."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organizer.domain.fit import WEIGHTS_V1, History
from organizer.domain.profiles import Challenge, Profile, Wish
from organizer.domain.reasons import ONE_WAY, Reason, ReasonKind, holds, reasons_for, seen_by
from organizer.domain.vocabulary import CriterionField, Industry, Region, Topic, Value
from organizer.domain.wishes import challenge_topics, topics_of, wish_fit
from organizer.domain.words import topics_in
from tests.domain.people import a_give, owner, profiles

HISTORIES = st.builds(History, st.integers(0, 3), st.integers(0, 3), st.booleans(), st.booleans())


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
            return history.meetings == 0 and history.matches == 0 and not history.talked
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


def _helps(reason: Reason, subject: Profile, other: Profile) -> bool:
    assert reason.give is not None
    give = subject.gives[reason.give]
    need = Challenge(other.today) if reason.challenge is None else other.challenges[reason.challenge]
    offered, needed = {*give.tags, *topics_in(give.words)}, {*need.tags, *topics_in(need.words)}
    return reason.topic in offered and reason.topic in needed


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


def test_people_who_say_nothing_have_only_their_history() -> None:
    assert _kinds(Profile(1), Profile(2)) == []
    assert _kinds(Profile(1), Profile(2), history=History()) == [ReasonKind.NOT_MET_YET]
    assert _kinds(Profile(1), Profile(2), history=History(talked=True)) == [ReasonKind.TALKED_TOGETHER]


def test_each_reads_first_what_the_other_is_for_them() -> None:
    one = owner(1, gives=(a_give("", Topic.HIRING),), challenges=(Challenge("", (Topic.TAX,)),))
    other = owner(2, gives=(a_give("", Topic.TAX),), challenges=(Challenge("", (Topic.HIRING,)),))
    found = reasons_for(one, other, WEIGHTS_V1, History(meetings=1))
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
