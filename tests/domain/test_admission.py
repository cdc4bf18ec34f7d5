"""The suggested admission and who counts where: lawful always, best on small sizes, and with true reasons."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organizer.domain.admission import (
    AdmitReason,
    Choice,
    FloorCause,
    Suggestion,
    SuggestionFault,
    UnmetFloor,
    WaitReason,
    assign,
    ceilings_met,
    fits,
    verify_suggestion,
)
from organizer.domain.answers import fills
from organizer.domain.profiles import Challenge, Criterion, Profile, TargetProfile
from organizer.domain.suggestion import ADMISSION_WEIGHTS_V1, AdmissionWeights, suggest
from organizer.domain.vocabulary import CriterionField, Industry, Intent, SizeBand, Topic
from tests.domain.crowds import awkward_desk
from tests.domain.crowds import desk as crowds_desk
from tests.domain.people import a_give, owner, profiles, targets

MAKERS = Criterion(CriterionField.INDUSTRY, (Industry.MANUFACTURING.value,), must=True)
TRADERS = Criterion(CriterionField.INDUSTRY, (Industry.TRADE.value,), must=True)
SELLS = Criterion(CriterionField.INTENT, (Intent.SELL.value,), must=True)


def maker(id_: int, **said: object) -> Profile:
    return owner(id_, **said)


def trader(id_: int, **said: object) -> Profile:
    return owner(id_, industry=Industry.TRADE, **said)


def ids(choices: tuple[Choice, ...]) -> list[int]:
    return [choice.id for choice in choices]


@st.composite
def desks(
    draw: st.DrawFn, most: int = 8
) -> tuple[list[Profile], list[TargetProfile], int, list[Profile], dict[int, int | None]]:
    """Applications, targets, a capacity, and some already admitted with what is settled about them."""
    people = [draw(profiles(id_)) for id_ in range(1, draw(st.integers(0, most)) + 1)]
    wanted = [draw(targets(id_)) for id_ in range(1, draw(st.integers(0, 4)) + 1)]
    inside = draw(st.integers(0, len(people) // 2))
    settled = {one.id: draw(st.none() | st.sampled_from([9, *range(1, 5)])) for one in people[:inside:2]}
    return people[inside:], wanted, draw(st.integers(0, 8)), people[:inside], settled


@settings(max_examples=35, deadline=None)
@given(desks())
def test_every_suggestion_passes_its_judge(
    desk: tuple[list[Profile], list[TargetProfile], int, list[Profile], dict[int, int | None]],
) -> None:
    found = suggest(*desk)
    assert found.optimal
    assert found.gap == 0.0
    assert verify_suggestion(found, *desk) == ()
    assert all(choice.reasons for choice in (*found.admit, *found.wait))
    assert suggest(*desk) == found


def _worth(
    people: list[Profile],
    wanted: list[TargetProfile],
    seats: tuple[int | None, ...],
    weights: AdmissionWeights,
    inside: list[Profile] | None = None,
) -> int:
    """The worth of one way to seat (0: waits, None: in no target), or -1 where it is not lawful.

    `inside` are there already.
    """
    scale, total, before = len(people) + 1, 0, inside or []
    by_id = {target.id: target for target in wanted}
    admitted = [(one, seat) for one, seat in zip(people, seats, strict=True) if seat != 0]
    for place, (one, seat) in enumerate(zip(people, seats, strict=True)):
        if seat == 0:
            continue
        score = {fit.target_id: fit.score for fit in fits(one, wanted)}
        if seat is not None and seat not in score:
            return -1
        points = weights.seat + weights.helps * min(3, len(fills(before, one).helps))
        points += round(weights.fit * by_id[seat].weight * score[seat]) if seat is not None else 0
        total += points * scale + len(people) - place
    counted = Counter(assign(before, wanted).values())
    for target in wanted:
        had = (
            sum(target.id in ceilings_met(one, wanted) for one in before)
            if target.is_ceiling
            else counted[target.id]
        )
        new = sum(
            target.id in ceilings_met(one, wanted) if target.is_ceiling else seat == target.id
            for one, seat in admitted
        )
        if target.ceiling is not None and new > max(0, target.ceiling - had):
            return -1
        if not target.is_ceiling:
            total -= max(0, target.floor - had - new) * weights.floor * target.weight * scale
    trades = {one.industry for one, _ in admitted if one.industry is not None}
    known = {one.industry for one in before}
    return total + len(trades - known) * weights.new_industry * scale + 10**9


@pytest.mark.parametrize("seed", range(16))
def test_small_desks_of_real_people_are_filled_as_well_as_by_trying_everything(seed: int) -> None:
    chance = Random(seed)
    people, wanted, _, before = (awkward_desk if seed % 2 else crowds_desk)(seed, chance.randint(1, 4), 3)
    before = before[: chance.randint(0, 3)]
    floors = {target.id: min(target.floor, chance.randint(0, 2)) for target in wanted}
    wanted = [
        replace(
            target,
            floor=floors[target.id],
            ceiling=None if target.ceiling is None else floors[target.id] + chance.randint(0, 2),
        )
        for target in wanted
    ]
    free = chance.randint(1, len(people))
    seats = [0, None, *(target.id for target in wanted if not target.is_ceiling)]
    ways = (way for way in product(seats, repeat=len(people)) if sum(seat != 0 for seat in way) <= free)
    best = max(_worth(people, wanted, way, ADMISSION_WEIGHTS_V1, before) for way in ways)
    found = suggest(people, wanted, free + len(before), before)
    into = {choice.id: choice.target_id for choice in found.admit}
    way = tuple(into.get(one.id, 0) for one in people)
    assert _worth(people, wanted, way, ADMISSION_WEIGHTS_V1, before) == best
    assert found.optimal


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=5), st.integers(1, 4), st.data())
def test_small_desks_are_filled_as_well_as_by_trying_everything(
    shape: list[int], capacity: int, data: st.DataObject
) -> None:
    people = [data.draw(profiles(place + 1)) for place in range(len(shape))]
    wanted = [data.draw(targets(id_)) for id_ in (1, 2)]
    seats = [0, None, *(target.id for target in wanted if not target.is_ceiling)]
    ways = (way for way in product(seats, repeat=len(people)) if sum(seat != 0 for seat in way) <= capacity)
    best = max(_worth(people, wanted, way, ADMISSION_WEIGHTS_V1) for way in ways)
    found = suggest(people, wanted, capacity)
    into = {choice.id: choice.target_id for choice in found.admit}
    way = tuple(into.get(one.id, 0) for one in people)
    assert _worth(people, wanted, way, ADMISSION_WEIGHTS_V1) == best


def test_a_better_fit_goes_before_an_earlier_application() -> None:
    wants = TargetProfile(1, "製造業", (MAKERS,))
    found = suggest([trader(1), maker(2)], [wants], 1)
    assert ids(found.admit) == [2]
    assert found.admit[0].target_id == 1
    assert found.wait[0].reasons[0].kind is WaitReason.SEATS_TAKEN


def test_among_equals_the_earlier_application_goes_first() -> None:
    found = suggest([maker(9), maker(3), maker(5)], [TargetProfile(1, "製造業", (MAKERS,))], 2)
    assert ids(found.admit) == [9, 3]


def test_without_targets_seats_go_by_application() -> None:
    found = suggest([maker(4), maker(1), maker(2)], [], 2)
    assert ids(found.admit) == [4, 1]
    assert [choice.target_id for choice in found.admit] == [None, None]


def test_a_floor_is_filled_before_better_fits_elsewhere() -> None:
    makers = TargetProfile(1, "製造業", (MAKERS,), weight=5)
    traders = TargetProfile(2, "卸売", (TRADERS,), floor=1, weight=1)
    found = suggest([maker(1), maker(2), trader(3)], [makers, traders], 2)
    assert ids(found.admit) == [1, 3]
    assert found.admit[1].reasons[0].kind is AdmitReason.FILLS_FLOOR
    assert found.unmet_floors == ()


def test_those_already_admitted_count_towards_floors_and_seats() -> None:
    traders = TargetProfile(1, "卸売", (TRADERS,), floor=1, ceiling=1)
    found = suggest([trader(3), maker(4)], [traders], 3, [trader(1), maker(2)])
    assert len(found.admit) == 1
    assert found.admit[0].target_id is None
    assert found.unmet_floors == ()
    assert suggest([trader(3)], [traders], 2, [trader(1), maker(2)]).admit == ()


@pytest.mark.parametrize(
    ("applications", "wanted", "capacity", "unmet"),
    [
        (
            [maker(1)],
            [TargetProfile(7, "製造業", (MAKERS,), floor=3)],
            5,
            UnmetFloor(7, 2, FloorCause.TOO_FEW_FIT),
        ),
        (
            [maker(1), maker(2)],
            [TargetProfile(7, "製造業", (MAKERS,), floor=2)],
            1,
            UnmetFloor(7, 1, FloorCause.SEATS),
        ),
        (
            [maker(1, intents=(Intent.SELL,)), maker(2, intents=(Intent.SELL,))],
            [
                TargetProfile(7, "製造業", (MAKERS,), floor=2),
                TargetProfile(8, "営業", (SELLS,), ceiling=1, is_ceiling=True),
            ],
            5,
            UnmetFloor(7, 1, FloorCause.CEILINGS),
        ),
    ],
)
def test_a_floor_that_cannot_be_reached_is_named_with_its_cause(
    applications: list[Profile], wanted: list[TargetProfile], capacity: int, unmet: UnmetFloor
) -> None:
    assert suggest(applications, wanted, capacity).unmet_floors == (unmet,)


def test_a_limit_counts_everybody_who_meets_it_in_whatever_target() -> None:
    limit = TargetProfile(3, "営業", (SELLS,), ceiling=1, is_ceiling=True)
    wanted = [TargetProfile(1, "製造業", (MAKERS,)), TargetProfile(2, "卸売", (TRADERS,)), limit]
    people = [maker(1, intents=(Intent.SELL,)), trader(2, intents=(Intent.SELL,)), maker(3)]
    found = suggest(people, wanted, 9)
    # The trader comes before the maker who asked earlier: with 3 there, a maker brings no new trade.
    assert ids(found.admit) == [2, 3]
    assert [(why.kind, why.target_id) for why in found.wait[0].reasons] == [(WaitReason.CEILING_REACHED, 3)]
    full = suggest([people[1]], wanted, 9, [people[0]])
    assert full.admit == ()


def test_who_fits_only_full_targets_is_told_so_when_seats_are_gone() -> None:
    makers = TargetProfile(1, "製造業", (MAKERS,), ceiling=1)
    found = suggest([maker(1), maker(2), trader(3)], [makers, TargetProfile(2, "卸売", (TRADERS,))], 2)
    assert ids(found.admit) == [1, 3]
    assert [(why.kind, why.target_id) for why in found.wait[0].reasons] == [(WaitReason.TARGETS_FULL, 1)]


def test_who_can_help_the_room_goes_first_and_it_is_said_whom() -> None:
    room = [trader(1, challenges=(Challenge("", (Topic.HIRING,)),))]
    helper = maker(3, gives=(a_give("", Topic.HIRING),))
    found = suggest([maker(2), helper], [], 2, room)
    assert ids(found.admit) == [3]
    told = {why.kind: why.ids for why in found.admit[0].reasons}
    assert told[AdmitReason.ANSWERS_ROOM] == (1,)
    assert AdmitReason.WIDENS_ROOM in told


def test_a_new_trade_widens_the_room() -> None:
    found = suggest([maker(2), trader(3)], [], 2, [maker(1)])
    assert ids(found.admit) == [3]


def test_more_people_than_seats_by_an_earlier_decision_is_no_error() -> None:
    found = suggest([maker(3)], [], 1, [maker(1), maker(2)])
    assert found.admit == ()
    assert ids(found.wait) == [3]


@pytest.mark.parametrize("make", [crowds_desk, awkward_desk])
@pytest.mark.parametrize("seed", range(2))
def test_two_hundred_applications_and_eight_targets_are_solved_and_proved(
    make: Callable[[int], tuple[list[Profile], list[TargetProfile], int, list[Profile]]], seed: int
) -> None:
    people, wanted, capacity, before = make(seed)
    found = suggest(people, wanted, capacity, before)
    assert found.optimal
    assert (len(people), len(wanted), found.gap) == (200, 8, 0.0)
    assert verify_suggestion(found, people, wanted, capacity, before) == ()
    assert suggest(people, wanted, capacity, before) == found


def test_each_admitted_person_counts_in_the_best_target_with_room() -> None:
    small = Criterion(CriterionField.SIZE, (SizeBand.UP_TO_50.value,))
    wide = TargetProfile(1, "だれでも", ())
    narrow = TargetProfile(2, "製造業", (MAKERS, small), ceiling=1)
    assert assign([maker(5), maker(4), trader(6)], [wide, narrow]) == {5: 2, 4: 1, 6: 1}


def test_what_the_host_has_pinned_stands_even_over_a_ceiling() -> None:
    narrow = TargetProfile(2, "製造業", (MAKERS,), ceiling=1)
    pinned = {2: 2, 3: 2, 4: None, 5: 77}
    counted = assign([maker(1), maker(2), trader(3), maker(4), maker(5)], [narrow], pinned)
    assert counted == {1: None, 2: 2, 3: 2, 4: None, 5: None}


@settings(max_examples=35)
@given(desks())
def test_everybody_counts_once_and_no_ceiling_is_passed(
    desk: tuple[list[Profile], list[TargetProfile], int, list[Profile], dict[int, int | None]],
) -> None:
    people, wanted, *_ = desk
    counted = assign(people, wanted)
    assert set(counted) == {one.id for one in people}
    for target in wanted:
        inside = sum(seat == target.id for seat in counted.values())
        assert inside == 0 if target.is_ceiling else target.ceiling is None or inside <= target.ceiling


def test_nobody_counts_in_a_target_whose_must_is_missed() -> None:
    assert fits(trader(1), [TargetProfile(1, "製造業", (MAKERS,))]) == ()
    assert assign([trader(1)], [TargetProfile(1, "製造業", (MAKERS,))]) == {1: None}


def test_the_limits_somebody_meets_are_named() -> None:
    limit = TargetProfile(3, "営業", (SELLS,), ceiling=2, is_ceiling=True)
    assert ceilings_met(maker(1, intents=(Intent.SELL,)), [limit, TargetProfile(1, "製造業", (MAKERS,))]) == (
        3,
    )
    assert ceilings_met(maker(1), [limit]) == ()


@pytest.mark.parametrize(
    ("admit", "wait", "fault"),
    [
        ([(1, 1)], [], SuggestionFault.NOT_EVERYBODY_ONCE),
        ([(1, 1), (2, None), (3, None)], [], SuggestionFault.OVER_CAPACITY),
        ([(1, 1), (2, 1)], [3], SuggestionFault.OVER_CEILING),
        ([(1, 1), (3, None)], [2], SuggestionFault.OVER_LIMIT),
        ([(3, 1)], [1, 2], SuggestionFault.DOES_NOT_FIT),
        ([(2, None)], [1, 3], SuggestionFault.FLOOR_NOT_NAMED),
    ],
)
def test_the_judge_sees_each_fault(
    admit: list[tuple[int, int | None]], wait: list[int], fault: SuggestionFault
) -> None:
    people = [maker(1, intents=(Intent.SELL,)), maker(2), trader(3, intents=(Intent.SELL,))]
    wanted = [
        TargetProfile(1, "製造業", (MAKERS,), floor=1, ceiling=1),
        TargetProfile(2, "営業", (SELLS,), ceiling=1, is_ceiling=True),
    ]
    broken = Suggestion(
        tuple(Choice(id_, target, 1.0, ()) for id_, target in admit),
        tuple(Choice(id_, None, 0.0, ()) for id_ in wait),
    )
    assert fault in verify_suggestion(broken, people, wanted, 2)
    assert verify_suggestion(suggest(people, wanted, 2), people, wanted, 2) == ()
