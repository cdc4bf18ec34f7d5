"""The judge of a plan: what it counts, which rules it sees broken, and that it agrees with one who counts otherwise."""

import json
from dataclasses import replace
from random import Random

import pytest

from organizer.domain.seating.judge import Fault, judge
from organizer.domain.seating.room import Plan, Room, as_plan, square
from tests.domain.seating.rooms import random_room, some_plan

FOUR = Room(
    present=((0, 1),) * 4,
    tables=((2, 2), (2, 2)),
    affinity=square([[10, 20, 30], [40, 50], [60]], 4),
    companies=(1, 2, 3, 4),
    wants=((1,), (), (3,), ()),
)
PAIRED = as_plan([[[0, 1], [2, 3]], [[0, 2], [1, 3]]])


def test_counts_what_is_met() -> None:
    verdict = judge(FOUR, PAIRED)
    assert verdict.lawful
    assert (verdict.affinity, verdict.wants, verdict.repeats) == (10 + 60 + 20 + 50, 240, 0)
    assert verdict.score == 140 + 240


def test_a_second_meeting_counts_once_and_costs() -> None:
    again = judge(FOUR, (PAIRED[0], PAIRED[0]))
    assert (again.affinity, again.repeats, again.score) == (70, 2, 70 + 240 - 600)


def test_the_past_costs_unless_both_go_on() -> None:
    behind = replace(FOUR, history={(0, 1): 2, (2, 3): 1})
    assert judge(behind, PAIRED).score == 380 - 180
    going_on = replace(behind, going_on=frozenset({(0, 1)}))
    assert judge(going_on, PAIRED).score == 380 + 80 - 60


def test_a_person_alone_fares_worst() -> None:
    verdict = judge(FOUR, PAIRED)
    assert verdict.shares == pytest.approx((30 / 50, 60 / 90, 80 / 100, 110 / 110))
    assert verdict.worst_person == 0.6


@pytest.mark.parametrize(
    ("room", "plan", "fault"),
    [
        (FOUR, PAIRED[:1], Fault.ROUNDS),
        (FOUR, as_plan([[[0, 1, 2], [3]], [[0, 2], [1, 3]]]), Fault.SIZES),
        (FOUR, as_plan([[[0, 1], [1, 3]], [[0, 2], [1, 3]]]), Fault.TWICE),
        (replace(FOUR, present=((0, 0), (0, 1), (0, 1), (0, 1))), PAIRED, Fault.PRESENCE),
        (replace(FOUR, fixed=((0, 0, 1),)), PAIRED, Fault.FIXED),
        (replace(FOUR, blocked=frozenset({(2, 3)})), PAIRED, Fault.BLOCKED),
        (replace(FOUR, companies=(1, 1, 2, 3)), PAIRED, Fault.COMPANY),
        (replace(FOUR, beside=((0, 3, 0),)), PAIRED, Fault.BESIDE),
        (replace(FOUR, published=(PAIRED[1], PAIRED[1]), from_round=1), PAIRED, Fault.OVER),
    ],
)
def test_sees_each_rule_broken(room: Room, plan: Plan, fault: Fault) -> None:
    verdict = judge(room, plan)
    assert fault in verdict.faults
    assert not verdict.lawful


def test_what_is_over_is_no_fault_of_a_new_plan() -> None:
    over = replace(FOUR, blocked=frozenset({(0, 1)}), published=PAIRED, from_round=1)
    assert judge(over, PAIRED).lawful


def test_counts_moved_seats_of_those_who_are_still_there() -> None:
    published = as_plan([[[0, 1], [2, 3]], [[0, 3], [1, 2]]])
    room = replace(FOUR, published=published, from_round=1)
    assert judge(room, PAIRED).moved == 2
    assert judge(room, PAIRED).score == 380 - 200
    left = replace(room, present=((0, 1), (0, 1), (0, 1), (0, 0)), tables=((2, 2), (2, 1)))
    assert judge(left, as_plan([[[0, 1], [2, 3]], [[1, 2], [0]]])).moved == 3


def _plainly(room: Room, plan: Plan) -> int:
    """The score, counted pair by pair and round by round."""
    score = 0
    together = [
        [sum(a in people and b in people for tables in plan for people in tables) for b in range(room.n)]
        for a in range(room.n)
    ]
    for a in range(room.n):
        score += (0, 120, 180, 210, 220)[min(4, sum(together[a][b] > 0 for b in room.wants[a]))]
        for b in range(a + 1, room.n):
            times = together[a][b]
            score -= 300 * times * (times - 1) // 2
            if times:
                going_on = (a, b) in room.going_on
                score += room.affinity[a][b] + (80 if going_on else -60 * room.history.get((a, b), 0))
    return score


def test_agrees_with_plain_counting() -> None:
    draw = Random(7)
    for _ in range(200):
        room = random_room(draw, draw.randint(2, 14))
        plan = some_plan(draw, room)
        assert judge(room, plan).score == _plainly(room, plan)


def test_a_room_survives_its_file() -> None:
    draw = Random(8)
    for _ in range(50):
        room = random_room(draw, draw.randint(2, 12))
        room = replace(
            room, published=some_plan(draw, room), from_round=1, beside=((0, 1, 0),), moved_cost=70
        )
        assert Room.from_data(json.loads(json.dumps(room.to_data()))) == room


def test_colleagues_may_share_a_table_once_the_rule_is_let_go_of() -> None:
    room = replace(FOUR, companies=(1, 1, 2, 3), going_on=frozenset({(0, 1)}))
    relaxed = room.without_company_rule()
    assert not judge(room, PAIRED).lawful
    assert judge(relaxed, PAIRED).lawful
    assert judge(relaxed, PAIRED).score == judge(FOUR, PAIRED).score - 300
