"""Weights are data: named steps, leads by today's problem, and every version can be read again."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizer.domain.approach import (
    FIRST_APPROACH,
    FIRST_LEADS,
    LEADABLE,
    NORMAL_POINTS,
    WEIGHTS,
    Approach,
    Lead,
    Step,
)
from organizer.domain.concerns import TOPICS_OF, Concern, concern_of, concerns_of
from organizer.domain.fit import affinity, both_ways
from organizer.domain.illustration import PROBLEM_OF, Figure, illustrate
from organizer.domain.profiles import Challenge, Wish
from organizer.domain.vocabulary import Industry, Topic
from organizer.domain.weights import ASPECTS, WEIGHTS_V1, AffinityPart, Aspect, Weights
from tests.domain.people import a_give, owner

STEPS = st.dictionaries(st.sampled_from(list(Aspect)), st.sampled_from(list(Step)))


def leads() -> st.SearchStrategy[tuple[Lead, ...]]:
    """A lead of any shape for each concern."""
    chosen = st.dictionaries(st.sampled_from(LEADABLE), st.sampled_from(list(Step)))
    in_order = chosen.map(lambda steps: tuple((one, steps[one]) for one in LEADABLE if one in steps))
    return st.tuples(*(st.builds(Lead, st.just(concern), in_order, st.booleans()) for concern in Concern))


APPROACHES = st.builds(Approach, STEPS, leads(), st.booleans())


def points(weights: Weights) -> dict[Aspect, int]:
    return dict(zip(ASPECTS, weights.points, strict=True))


def test_every_topic_belongs_to_one_concern() -> None:
    assert sorted(topic for topics in TOPICS_OF.values() for topic in topics) == sorted(Topic)
    assert concern_of(Topic.QUALITY) is Concern.MAKING
    assert concerns_of([Topic.TAX, Topic.FINANCE, Topic.AI]) == {Concern.MONEY, Concern.DIGITAL}


def test_every_aspect_has_its_points_and_every_part_an_aspect() -> None:
    assert set(NORMAL_POINTS) == set(Aspect)
    assert {aspect.part for aspect in Aspect} == set(AffinityPart)
    assert sum(WEIGHTS.of(part) for part in AffinityPart) == WEIGHTS.total


@given(APPROACHES)
def test_an_approach_and_its_weights_come_back_from_json(approach: Approach) -> None:
    weights = approach.weights()
    assert Weights.from_data(json.loads(json.dumps(weights.to_data()))) == weights
    back = Approach.from_data(json.loads(json.dumps(approach.to_data())))
    assert back.to_data() == approach.to_data()
    assert back.weights() == weights


@given(APPROACHES, st.frozensets(st.sampled_from(list(Concern))))
def test_today_changes_what_the_rule_says_and_nothing_else(
    approach: Approach, concerns: frozenset[Concern]
) -> None:
    weights = approach.weights()
    changed = dict(zip(ASPECTS, weights.for_today(concerns), strict=True))
    active = [
        lead for lead in approach.leads if lead.active and approach.by_today and lead.concern in concerns
    ]
    for aspect in ASPECTS:
        normal = points(weights)[aspect]
        told = [
            NORMAL_POINTS[aspect] * dict(lead.steps)[aspect].factor
            for lead in active
            if aspect in dict(lead.steps)
        ]
        told = [count for count in told if count != normal]
        assert changed[aspect] == (max(told) if told else normal)


def test_steps_are_nothing_half_normal_and_twice() -> None:
    counted = [points(Approach({Aspect.WISH: step}).weights())[Aspect.WISH] for step in Step]
    normal = counted[list(Step).index(Step.NORMAL)]
    assert counted == [0, normal // 2, normal, 2 * normal]


def test_weights_of_the_first_version_can_still_be_read() -> None:
    stored = {"version": 1, "wish": 30, "serve": 10, "give": 25, "common": 10, "diversity": 10, "rhythm": 10}
    read = Weights.from_data(stored | {"intent": 5})
    assert read == WEIGHTS_V1
    assert (read.version, read.total) == (1, 2000)
    assert [read.of(part) // 20 for part in AffinityPart] == [30, 10, 25, 0, 10, 10, 10, 5]
    assert Weights.from_data(read.to_data()) == read
    wanting = owner(1, wish=Wish(industries=(Industry.FINANCE,)))
    assert (
        affinity(wanting, owner(2, industry=Industry.FINANCE), read).score
        > affinity(wanting, owner(2), read).score
    )


@pytest.mark.parametrize(
    "data", [{}, {"steps": {"gone": "a_lot", "wish": "enormous"}, "leads": {"gone": {}}}]
)
def test_what_is_no_longer_known_counts_as_at_first(data: dict[str, object]) -> None:
    assert Approach.from_data(data).to_data() == FIRST_APPROACH.to_data()
    assert Weights.from_data({"version": 2, "points": {"gone": 7, "wish": 3}}).total == 3


def test_weights_decide() -> None:
    only_wish = Approach(dict.fromkeys(Aspect, Step.OFF) | {Aspect.WISH: Step.NORMAL}).weights()
    wanting = owner(1, wish=Wish(industries=(Industry.FINANCE,)))
    assert affinity(wanting, owner(2, industry=Industry.FINANCE), only_wish).score == 1.0
    nothing = Approach(dict.fromkeys(Aspect, Step.OFF)).weights()
    assert affinity(wanting, owner(2, industry=Industry.FINANCE), nothing).score == 0.0


@pytest.mark.parametrize(
    ("concern", "first", "then"),
    [
        (Concern.MAKING, Figure.SOLVER, Figure.WINNER),
        (Concern.SELLING, Figure.WINNER, Figure.SOLVER),
        (Concern.SELLING, Figure.OPENER, Figure.SOLVER),
        (Concern.SUCCESSION, Figure.HEIR, Figure.SOLVER),
        (Concern.DIRECTION, Figure.HEIR, Figure.WINNER),
        *((concern, Figure.SOLVER, Figure.SELLER) for concern in Concern),
    ],
)
def test_the_first_rules_bring_whom_they_promise(concern: Concern, first: Figure, then: Figure) -> None:
    order = [one.figure for one in illustrate(WEIGHTS, concern)]
    assert order.index(first) < order.index(then)


def test_the_example_changes_with_the_rule_and_has_a_problem_of_its_concern() -> None:
    assert {concern: concern_of(topic) for concern, topic in PROBLEM_OF.items()} == {
        one: one for one in Concern
    }
    plain = replace(FIRST_APPROACH, by_today=False).weights()
    assert all(illustrate(WEIGHTS, concern) != illustrate(plain, concern) for concern in Concern)
    assert all(len(illustrate(plain, concern)) == len(Figure) for concern in Concern)


def test_engineers_of_other_trades_come_first_for_an_engineering_problem() -> None:
    maker = owner(1, challenges=(Challenge("不良率が下がらない", (Topic.QUALITY,)),))
    same = owner(2, gives=(a_give("不良率を下げた経験", Topic.QUALITY),))
    other = replace(same, id=3, industry=Industry.INFORMATION)

    def gap(weights: Weights) -> int:
        there, back = (
            [affinity(maker, one, weights), affinity(one, maker, weights)] for one in (other, same)
        )
        return both_ways(*there) - both_ways(*back)

    assert gap(WEIGHTS) > gap(replace(FIRST_APPROACH, by_today=False).weights()) > 0


def test_a_rule_names_only_what_it_may_change() -> None:
    assert {lead.concern for lead in FIRST_LEADS} == set(Concern)
    assert all(aspect in LEADABLE for lead in FIRST_LEADS for aspect, _ in lead.steps)
    assert Aspect.WISH not in LEADABLE
