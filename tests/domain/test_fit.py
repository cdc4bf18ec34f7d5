"""Fit to a target profile, affinity of two people, and what an applicant brings to a room."""

import inspect
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organizer.domain.answers import answers, fills
from organizer.domain.approach import WEIGHTS
from organizer.domain.aspects import directed
from organizer.domain.bands import FitBand, band
from organizer.domain.fit import NO_HISTORY, AffinityPart, History, affinity, both_ways, silent
from organizer.domain.profiles import Challenge, Criterion, Give, Profile, TargetProfile, Wish
from organizer.domain.readings import read
from organizer.domain.targets import MISSED_MUST, fit_target, meets_all
from organizer.domain.vocabulary import (
    Authority,
    CriterionField,
    GiveKind,
    Industry,
    Intent,
    Region,
    Role,
    SizeBand,
    Topic,
    Value,
    bands_between,
)
from organizer.domain.weights import Aspect
from organizer.domain.wishes import wish_fit
from tests.domain.people import a_give, owner, profiles, targets


def _target(*criteria: Criterion, is_ceiling: bool = False) -> TargetProfile:
    return TargetProfile(1, "枠", criteria, is_ceiling=is_ceiling)


def _size(*bands: SizeBand, must: bool = False) -> Criterion:
    return Criterion(CriterionField.SIZE, tuple(one.value for one in bands), must)


@given(profiles(1), targets())
def test_any_fit_is_a_degree_with_one_part_for_each_criterion(
    profile: Profile, target: TargetProfile
) -> None:
    fit = fit_target(profile, target)
    assert 0.0 <= fit.score <= 1.0
    assert [part.field for part in fit.parts] == [criterion.field for criterion in target.criteria]
    assert fit.meets_musts == all(part.met for part in fit.parts if part.must)
    assert fit.meets_musts or fit.score <= MISSED_MUST


@given(profiles(1), targets())
def test_a_criterion_is_met_in_full_exactly_when_the_profile_says_a_wanted_code(
    profile: Profile, target: TargetProfile
) -> None:
    assert all(
        part.met == bool(set(part.wanted) & set(part.actual)) for part in fit_target(profile, target).parts
    )


def test_a_part_says_what_was_wanted_and_what_is() -> None:
    wanted = bands_between(20, 50)
    (part,) = fit_target(owner(1, size=SizeBand.UP_TO_50), _target(_size(*wanted))).parts
    assert part.wanted == ("11-20", "21-50")
    assert part.actual == ("21-50",)
    assert part.met


@pytest.mark.parametrize(
    ("field", "wanted", "said", "degree"),
    [
        (CriterionField.SIZE, SizeBand.UP_TO_100, {}, 0.5),
        (CriterionField.SIZE, SizeBand.UP_TO_300, {}, 0.0),
        (CriterionField.ROLE, Role.EXECUTIVE, {}, 0.5),
        (CriterionField.ROLE, Role.EMPLOYEE, {}, 0.0),
        (CriterionField.AUTHORITY, Authority.SHARES, {}, 0.5),
        (CriterionField.REGION, Region.KANAGAWA, {}, 0.5),
        (CriterionField.REGION, Region.OSAKA, {}, 0.0),
        (CriterionField.INDUSTRY, Industry.TRADE, {}, 0.0),
        (CriterionField.CHALLENGE, Topic.RETENTION, {"challenges": (Challenge("", (Topic.HIRING,)),)}, 0.5),
        (CriterionField.CHALLENGE, Topic.HIRING, {"challenges": (Challenge("人が採れない"),)}, 1.0),
        (CriterionField.GIVE, Topic.HIRING, {"gives": (a_give("採用の経験"),)}, 1.0),
        (CriterionField.SIZE, SizeBand.UP_TO_50, {"size": None}, 0.0),
        (CriterionField.REGION, Region.TOKYO, {"region": None}, 0.0),
    ],
)
def test_near_counts_half_where_nearness_has_a_meaning(
    field: CriterionField, wanted: Topic, said: dict[str, object], degree: float
) -> None:
    (part,) = fit_target(owner(1, **said), _target(Criterion(field, (wanted.value,)))).parts
    assert part.degree == degree


def test_a_near_miss_of_a_must_is_a_miss() -> None:
    fit = fit_target(owner(1), _target(_size(SizeBand.UP_TO_100, must=True)))
    assert not fit.meets_musts
    assert fit.score == pytest.approx(0.5 * MISSED_MUST)


def test_a_must_counts_twice_as_much_as_a_wish() -> None:
    trade = Criterion(CriterionField.INDUSTRY, (Industry.MANUFACTURING.value,), must=True)
    assert fit_target(owner(1), _target(trade, _size(SizeBand.ONE))).score == pytest.approx(2 / 3, abs=1e-3)


def test_a_target_without_criteria_suits_anybody_a_little() -> None:
    fit = fit_target(owner(1), _target())
    assert fit.score == 0.5
    assert fit.meets_musts


def test_a_limit_counts_only_who_meets_all_of_it_and_nobody_when_it_is_empty() -> None:
    seller = owner(1, intents=(Intent.SELL,))
    sells = Criterion(CriterionField.INTENT, (Intent.SELL.value,))
    assert meets_all(seller, _target(sells, is_ceiling=True))
    assert not meets_all(seller, _target(sells, _size(SizeBand.ONE), is_ceiling=True))
    assert not meets_all(seller, _target(is_ceiling=True))


def test_bands_go_from_poor_to_very_good() -> None:
    assert [band(score) for score in (0.0, 0.3, 0.55, 0.8, 1.0)] == [
        FitBand.POOR,
        FitBand.FAIR,
        FitBand.GOOD,
        FitBand.VERY_GOOD,
        FitBand.VERY_GOOD,
    ]


HISTORIES = st.builds(
    History, st.integers(0, 5), st.integers(0, 5), st.booleans(), st.booleans(), st.integers(0, 9)
)


@settings(max_examples=60)
@given(profiles(1), profiles(2), HISTORIES)
def test_any_affinity_is_a_degree_made_of_its_parts(one: Profile, other: Profile, history: History) -> None:
    found = affinity(one, other, WEIGHTS, history)
    assert [piece.part for piece in found.parts] == list(AffinityPart)
    assert all(0.0 <= piece.degree <= 1.0 for piece in found.parts)
    assert 0.0 <= found.score <= 1.0
    total = sum(piece.weight for piece in found.parts)
    assert found.score == pytest.approx(
        sum(piece.degree * piece.weight for piece in found.parts) / total, abs=1e-4
    )
    assert affinity(one, other, WEIGHTS, history) == found


SHARED = [
    aspect for aspect in Aspect if aspect not in directed(*map(read, (owner(1), owner(2))), (), ()).degrees
]


@settings(max_examples=60)
@given(profiles(1), profiles(2))
def test_what_is_shared_and_what_differs_is_the_same_from_both_sides(one: Profile, other: Profile) -> None:
    there, back = affinity(one, other), affinity(other, one)
    for aspect in SHARED:
        assert there.degree_of(aspect) == back.degree_of(aspect)
    assert both_ways(there, back) == both_ways(back, there)
    assert 0 <= both_ways(there, back) <= 2000


def test_a_met_wish_draws_towards_the_person() -> None:
    wanting = owner(1, wish=Wish(industries=(Industry.FINANCE,), roles=(Role.EXECUTIVE,)))
    banker = owner(2, industry=Industry.FINANCE, role=Role.EXECUTIVE)
    cook = owner(3, industry=Industry.LODGING_FOOD)
    assert affinity(wanting, banker).score > affinity(wanting, cook).score
    assert affinity(wanting, banker).degree(AffinityPart.WISH) == 1.0


def test_a_wish_in_own_words_is_understood() -> None:
    maker = owner(2, challenges=(Challenge("人が採れない"),))
    assert wish_fit(Wish("製造業の社長で採用に困っている方"), maker).degree >= 0.8
    assert wish_fit(Wish("飲食店の店長"), maker).degree < 0.5
    assert wish_fit(Wish(), maker).degree == 0.0


def test_help_draws_the_giver_and_counts_for_the_giver_s_side() -> None:
    giver = owner(1, gives=(a_give("採用広報の経験", Topic.HIRING),))
    struggling = owner(2, challenges=(Challenge("人が採れない", (Topic.HIRING,)),))
    assert affinity(giver, struggling).degree(AffinityPart.GIVE) == pytest.approx(0.8)
    assert affinity(struggling, giver).degree(AffinityPart.GIVE) == 0.0


def test_helping_with_two_needs_is_better_than_with_one() -> None:
    giver = owner(1, gives=(a_give("", Topic.HIRING), a_give("", Topic.TAX)))
    one_need = owner(2, challenges=(Challenge("", (Topic.HIRING,)),))
    two_needs = owner(3, challenges=(Challenge("", (Topic.HIRING,)), Challenge("", (Topic.TAX,))))
    assert affinity(giver, two_needs).degree(AffinityPart.GIVE) == pytest.approx(1.0)
    assert affinity(giver, one_need).score < affinity(giver, two_needs).score


def test_shared_values_and_size_draw_and_another_trade_does_too() -> None:
    one = owner(1, values=(Value.CRAFT, Value.PEOPLE))
    like = owner(2, values=(Value.CRAFT, Value.PEOPLE))
    unlike = owner(3, values=(Value.FREEDOM,), size=SizeBand.OVER_300)
    other_trade = replace(like, id=4, industry=Industry.TRADE)
    assert affinity(one, like).degree(AffinityPart.COMMON) > affinity(one, unlike).degree(AffinityPart.COMMON)
    assert affinity(one, other_trade).score > affinity(one, like).score


def test_history_moves_the_rhythm() -> None:
    def rhythm(history: History) -> float:
        return affinity(owner(1), owner(2), history=history).degree(AffinityPart.RHYTHM)

    again, talked, new = History(mutual_again=True), History(talked=True), NO_HISTORY
    assert rhythm(again) == 1.0
    assert (
        rhythm(again)
        > rhythm(talked)
        > rhythm(new)
        > rhythm(History(meetings=3))
        > rhythm(History(3, matches=2))
    )


def test_who_comes_to_sell_draws_nobody_who_does_not_look_for_it() -> None:
    learner, seller = owner(1, intents=(Intent.LEARN,)), owner(2, intents=(Intent.SELL,))
    partner, both = owner(3, intents=(Intent.PARTNER,)), owner(4, intents=(Intent.LEARN, Intent.SELL))
    for one, other, degree in (
        (learner, seller, 0.0),
        (seller, learner, 0.0),
        (owner(5), seller, 0.0),
        (partner, seller, 0.5),
        (learner, both, 0.5),
        (learner, partner, 0.5),
        (learner, replace(learner, id=6), 1.0),
    ):
        assert affinity(one, other).degree(AffinityPart.INTENT) == degree
    assert affinity(learner, seller).score < affinity(learner, owner(2)).score


def test_a_tie_on_its_way_to_trust_is_worth_the_next_contact() -> None:
    def rhythm(contacts: int) -> float:
        return affinity(owner(1), owner(2), history=History(1, contacts=contacts)).degree(AffinityPart.RHYTHM)

    assert rhythm(0) < rhythm(1) < rhythm(2) < rhythm(3) < rhythm(4)
    assert rhythm(4) > affinity(owner(1), owner(2)).degree(AffinityPart.RHYTHM)
    assert rhythm(4) > rhythm(5) == rhythm(7) > rhythm(8)


def test_help_with_the_problem_of_today_draws_the_one_who_has_it() -> None:
    wanting = owner(1, today="採用のヒントがほしい", challenges=(Challenge("", (Topic.TAX,)),))
    helper, other = owner(2, gives=(a_give("", Topic.HIRING),)), owner(3, gives=(a_give("", Topic.TAX),))
    kindred = owner(4, gives=(a_give("", Topic.HEALTH),))
    today = [affinity(wanting, one).degree(AffinityPart.TODAY) for one in (helper, kindred, other)]
    assert today[0] > today[1] > today[2] == 0.0
    assert affinity(helper, wanting).degree(AffinityPart.TODAY) == 0.0


def test_who_wants_nothing_special_today_has_the_first_challenge_as_problem() -> None:
    struggling = owner(1, challenges=(Challenge("", (Topic.TAX,)), Challenge("", (Topic.HIRING,))))
    for topic, degree in ((Topic.TAX, True), (Topic.HIRING, False)):
        helper = owner(2, gives=(a_give("", topic),))
        assert (affinity(struggling, helper).degree(AffinityPart.TODAY) > 0) is degree


def test_what_makes_two_people_differ_is_trade_and_knowledge_and_generation_and_level() -> None:
    one = owner(1, gives=(a_give("", Topic.PRODUCTION),), founded_year=1990)
    unlike = {
        Aspect.TRADE: {"industry": Industry.TRADE},
        Aspect.FUNCTION: {"gives": (a_give("", Topic.TAX),)},
        Aspect.GENERATION: {"founded_year": 2020},
        Aspect.LEVEL: {"role": Role.EMPLOYEE, "authority": Authority.NONE},
    }
    like = replace(one, id=2)
    for aspect, said in unlike.items():
        assert affinity(one, like).degree_of(aspect) == 0.0
        assert affinity(one, replace(like, **said)).degree_of(aspect) == 1.0
        apart = affinity(one, replace(like, **said)).degree(AffinityPart.DIVERSITY)
        assert apart > affinity(one, like).degree(AffinityPart.DIVERSITY)


def test_who_has_taken_over_is_of_another_generation_even_where_no_year_is_told() -> None:
    heir = owner(2, role=Role.SUCCESSOR, founded_year=1990)
    assert affinity(owner(1), heir).degree_of(Aspect.GENERATION) == 0.5


def test_who_introduces_people_in_the_field_of_my_problem_counts_in_full() -> None:
    wanting = owner(1, challenges=(Challenge("", (Topic.SALES,)),))
    opener = Give(GiveKind.INTRODUCTION, "", (Topic.NEW_CUSTOMERS,))
    for gives, degree in (((opener,), 1.0), ((replace(opener, tags=()),), 0.5), ((), 0.0)):
        assert affinity(wanting, owner(2, gives=gives)).degree_of(Aspect.INTRODUCER) == degree


@settings(max_examples=60)
@given(profiles(1), profiles(2), HISTORIES)
def test_what_the_aspects_lift_adds_up_to_the_score(one: Profile, other: Profile, history: History) -> None:
    found = affinity(one, other, history=history)
    nothing = sum(found.weight_of(aspect) * silent()[place] for place, aspect in enumerate(Aspect))
    lifts = sum(found.lift(aspect) for aspect in Aspect)
    assert nothing + lifts == pytest.approx(found.score, abs=1e-4)


def test_a_one_sided_again_has_no_way_in() -> None:
    told = {"meetings", "matches", "talked", "mutual_again", "contacts"}
    assert {field.name for field in fields(History)} == told
    assert list(inspect.signature(affinity).parameters) == ["one", "other", "weights", "history"]


def test_what_today_is_for_can_be_answered_too() -> None:
    giver = owner(1, gives=(a_give("採用広報の経験を話せます"),))
    (answer,) = answers(giver, owner(2, today="採用のヒントがほしい"))
    assert (answer.give, answer.challenge, answer.topic) == (0, None, Topic.HIRING)


def test_serving_a_trade_is_no_help_with_its_needs() -> None:
    decorator = owner(1, gives=(a_give("飲食店の内装をします"),))
    assert answers(decorator, owner(2, challenges=(Challenge("飲食店の資金繰りが苦しい"),))) == ()


def test_who_sells_to_a_trade_is_not_of_that_trade() -> None:
    vendor = owner(1, industry=Industry.INFORMATION, gives=(a_give("製造業向けのシステムを作ります"),))
    assert wish_fit(Wish("製造業の方"), vendor).degree < 0.3
    assert wish_fit(Wish("製造業の方"), owner(2)).degree >= 0.8


def test_an_applicant_is_seen_by_what_the_room_gains() -> None:
    needs_hiring = owner(1, challenges=(Challenge("", (Topic.HIRING,)),), gives=(a_give("", Topic.TAX),))
    needs_design = owner(2, challenges=(Challenge("", (Topic.DESIGN,)),))
    newcomer = owner(
        3,
        industry=Industry.EDUCATION,
        gives=(a_give("", Topic.HIRING),),
        challenges=(Challenge("", (Topic.TAX,)),),
    )
    found = fills((needs_design, needs_hiring, newcomer), newcomer)
    assert (found.helps, found.new_industry) == ((1,), True)
    assert not fills((needs_hiring,), replace(newcomer, industry=Industry.MANUFACTURING)).new_industry
    assert not fills((), replace(newcomer, industry=None)).new_industry
