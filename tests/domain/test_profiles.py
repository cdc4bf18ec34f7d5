"""Profiles, wishes and target profiles: round trips through JSON, and old data read kindly."""

import json

import pytest
from hypothesis import given

from organizer.domain.profiles import Challenge, Criterion, Give, Profile, TargetProfile, Wish
from organizer.domain.typical import typical_targets
from organizer.domain.vocabulary import (
    Attendance,
    CriterionField,
    EventKind,
    GiveKind,
    Industry,
    SizeBand,
    Topic,
    TypicalTarget,
)
from organizer.web.vocabulary_labels import VOCABULARY_LABELS
from tests.domain.people import WISHES, a_give, criteria, owner, profiles, targets


@given(profiles(7))
def test_a_profile_comes_back_from_json_as_it_was(profile: Profile) -> None:
    assert Profile.from_data(json.loads(json.dumps(profile.to_data()))) == profile


@given(targets(3))
def test_a_target_profile_comes_back_from_json_as_it_was(target: TargetProfile) -> None:
    assert TargetProfile.from_data(json.loads(json.dumps(target.to_data()))) == target


@given(WISHES)
def test_a_wish_comes_back_from_json_as_it_was(wish: Wish) -> None:
    assert Wish.from_data(json.loads(json.dumps(wish.to_data()))) == wish


@given(criteria())
def test_a_criterion_comes_back_from_json_as_it_was(criterion: Criterion) -> None:
    assert Criterion.from_data(json.loads(json.dumps(criterion.to_data()))) == criterion


def test_data_holds_plain_text_and_no_members() -> None:
    data = owner(1, gives=(a_give("話せます", Topic.HIRING),)).to_data()
    assert type(data["industry"]) is str
    assert [type(tag) for tag in data["gives"][0]["tags"]] == [str]


def test_an_id_alone_is_a_profile() -> None:
    assert Profile.from_data({"id": 5}) == Profile(5)


def test_unknown_codes_of_another_vocabulary_are_dropped() -> None:
    data = owner(1).to_data() | {
        "industry": "Z",
        "size": "10-12",
        "values": ["sincerity", "gone"],
        "gives": [{"kind": "gone", "words": "話", "tags": ["gone", "pr"]}],
        "wish": {"industries": ["E", "ZZ"]},
    }
    profile = Profile.from_data(data)
    assert profile.industry is None
    assert profile.size is None
    assert [value.value for value in profile.values] == ["sincerity"]
    assert profile.gives == (Give(GiveKind.INFORMATION, "話", (Topic.PR,)),)
    assert profile.wish == Wish(industries=(Industry.MANUFACTURING,))


@pytest.mark.parametrize(
    "data",
    [
        {"field": "shoe_size", "values": ["1"], "must": True},
        {"field": "industry", "values": ["Z"], "must": True},
        {"field": "industry", "values": [], "must": False},
        {},
    ],
)
def test_a_criterion_of_which_nothing_is_known_is_none(data: dict[str, object]) -> None:
    assert Criterion.from_data(data) is None


def test_a_target_profile_loses_only_the_criteria_it_cannot_read() -> None:
    kept = Criterion(CriterionField.SIZE, (SizeBand.UP_TO_50.value,), must=True)
    data = TargetProfile(1, "枠", (kept,)).to_data()
    data["criteria"].append({"field": "gone", "values": ["x"], "must": True})
    assert TargetProfile.from_data(data).criteria == (kept,)


def test_an_empty_wish_asks_for_nothing() -> None:
    assert not Wish()
    assert Wish(words="社長")
    assert Wish(topics=(Topic.PR,))


def test_attendance_is_known_only_when_said() -> None:
    assert owner(1).attendance is None
    assert owner(1, first_timer=True).attendance is Attendance.FIRST_TIMER
    assert owner(1, first_timer=False).attendance is Attendance.REGULAR


def test_topics_are_gathered_once_in_their_order() -> None:
    profile = owner(
        1,
        challenges=(Challenge("", (Topic.PR, Topic.HIRING)), Challenge("", (Topic.HIRING, Topic.IT))),
        gives=(a_give("", Topic.TAX), a_give("", Topic.TAX)),
    )
    assert profile.challenge_topics == (Topic.PR, Topic.HIRING, Topic.IT)
    assert profile.give_topics == (Topic.TAX,)


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_of_event_has_typical_targets_that_can_be_saved(kind: EventKind) -> None:
    found = typical_targets(kind)
    assert [target.id for target in found] == list(range(1, len(found) + 1))
    assert all(VOCABULARY_LABELS[TypicalTarget][TypicalTarget(target.name)] for target in found)
    assert all(target.criteria and TargetProfile.from_data(target.to_data()) == target for target in found)
    assert [target.name for target in found if target.is_ceiling] == [TypicalTarget.SELLERS_LIMIT]


def test_every_typical_target_is_offered_somewhere() -> None:
    offered = {target.name for kind in EventKind for target in typical_targets(kind)}
    assert offered == {name.value for name in TypicalTarget}
