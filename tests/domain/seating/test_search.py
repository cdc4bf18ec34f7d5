"""The whole search: lawful whatever the budget, the same each time, optimal where all plans can be tried."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from random import Random

import pytest

from organizer.domain.seating import NoLawfulPlan, Plan, Room, judge, seat, work_of
from organizer.domain.seating.least import least_repeats
from organizer.domain.seating.room import as_plan
from tests.domain.seating.whole_rooms import evening, random_room


@pytest.mark.parametrize("part", range(4))
def test_every_plan_is_lawful_and_the_same_each_time(part: int) -> None:
    found = 0
    for seed in range(50 * part, 50 * part + 50):
        room = random_room(seed, most=20)
        try:
            answer = seat(room, work=20_000, seed=seed)
        except NoLawfulPlan:
            continue
        assert answer.verdict.lawful
        assert answer.verdict == judge(room, answer.plan)
        if seed % 10 == 0:
            assert seat(room, work=20_000, seed=seed) == answer
        found += 1
    assert found > 25


def every_round(people: tuple[int, ...], sizes: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """All ways to seat these people at tables of these sizes."""
    if not sizes:
        yield ()
        return
    for table in combinations(people, sizes[0]):
        rest = tuple(person for person in people if person not in table)
        yield from ((table, *others) for others in every_round(rest, sizes[1:]))


def best_score(room: Room) -> int | None:
    """The best score of all lawful plans, by trying every one."""
    rounds = [
        list(every_round(room.people_in(number), room.tables[number]))
        if number >= room.from_round
        else [(room.published or ())[number]]
        for number in range(room.rounds)
    ]
    verdicts = (judge(room, plan) for plan in product(*rounds))
    return max((verdict.score for verdict in verdicts if verdict.lawful), default=None)


def test_finds_the_best_of_all_plans_in_tiny_rooms() -> None:
    tried = 0
    for seed in range(400):
        room = random_room(seed, most=6)
        if room.rounds > 2 or len(room.people_in(0)) > 5:
            continue
        best = best_score(room)
        if best is None:
            with pytest.raises(NoLawfulPlan):
                seat(room, work=3000)
            continue
        assert seat(room, work=100_000).verdict.score == best, seed
        tried += 1
    assert tried > 60


def test_hosts_and_colleagues_are_seated_lawfully_in_next_to_no_time() -> None:
    draw = Random(5)
    room = evening(300, 4, 4, seed=5)
    hosts = tuple((table, number, table) for table in range(75) for number in range(4))
    company = tuple(draw.randrange(75) if person < 150 else 1000 + person for person in range(300))
    answer = seat(replace(room, fixed=hosts, companies=company), work=1)
    assert answer.verdict.lawful


def test_one_company_at_every_table_is_found() -> None:
    room = replace(evening(24, 4, 4), companies=tuple(person // 6 for person in range(24)))
    assert seat(room, work=1000).verdict.lawful
    with pytest.raises(NoLawfulPlan) as impossible:
        seat(replace(room, companies=(1,) * 7 + tuple(range(2, 19))), work=1000)
    assert impossible.value.collisions


def test_more_work_is_worth_it() -> None:
    rooms = [evening(24, 4, 4, seed) for seed in range(4)]
    scores = [
        sum(seat(room, work=work).verdict.score for room in rooms) for work in (10_000, 300_000, 5_000_000)
    ]
    assert scores == sorted(scores)


def test_better_plans_are_told_as_they_come() -> None:
    room, told = evening(24, 4, 4), []
    answer = seat(room, work=2_000_000, on_better=lambda plan, score: told.append((score, plan)))
    assert len(told) > 2
    assert [score for score, _ in told] == sorted(score for score, _ in told)
    assert told[-1] == (answer.verdict.score, answer.plan)
    assert all(judge(room, plan).lawful and judge(room, plan).score == score for score, plan in told)


def test_whoever_says_stop_gets_a_lawful_plan() -> None:
    answer = seat(evening(24, 4, 4), work=10**9, stop=lambda: True)
    assert answer.verdict.lawful
    assert answer.work < 10**6


def renumbered(room: Room, order: list[int]) -> Room:
    """The same room, its person `order[k]` being number k."""
    new = {old: number for number, old in enumerate(order)}
    return replace(
        room,
        affinity=tuple(tuple(room.affinity[one][other] for other in order) for one in order),
        companies=tuple(room.companies[one] for one in order),
        wants=tuple(tuple(sorted(new[other] for other in room.wants[one])) for one in order),
    )


def test_numbers_of_people_matter_by_chance_only() -> None:
    gaps = []
    for seed in range(5):
        room = evening(32, 4, 4, seed)
        order = Random(seed).sample(range(32), 32)
        one = seat(room, work=3_000_000).verdict.score
        gaps.append(seat(renumbered(room, order), work=3_000_000).verdict.score / one - 1)
    assert abs(sum(gaps)) / 5 < 0.02


def no_show(seed: int) -> tuple[Room, Plan]:
    """An evening of 24 after its first round, from which one person has left."""
    room = evening(24, 4, 4, seed)
    plan = seat(room, work=2_000_000).plan
    present = tuple((0, 0) if person == 7 else stay for person, stay in enumerate(room.present))
    sizes = [tuple(len(people) - (7 in people) for people in tables) for tables in plan]
    tables = (room.tables[0], *(tuple(one) for one in sizes[1:]))
    return replace(room, present=present, tables=tables, published=plan, from_round=1), plan


@pytest.mark.parametrize("seed", range(3))
def test_after_a_no_show_few_people_move_and_none_without_a_gain(seed: int) -> None:
    room, plan = no_show(seed)
    answer = seat(room, work=2_000_000)
    assert answer.plan[0] == plan[0]
    stay = as_plan(
        [plan[0], *[[[one for one in people if one != 7] for people in tables] for tables in plan[1:]]]
    )
    assert answer.verdict.score >= judge(room, stay).score
    assert answer.verdict.moved <= 12
    for number in range(1, 4):
        for one, other in combinations(room.people_in(number), 2):
            back = swapped(answer.plan, number, one, other)
            verdict = judge(room, back)
            if verdict.lawful and verdict.moved < answer.verdict.moved:
                assert verdict.score < answer.verdict.score


def swapped(plan: Plan, number: int, one: int, other: int) -> Plan:
    """The plan with two people in each other's seat in a round."""
    turn = {one: other, other: one}
    rounds = [[[turn.get(who, who) for who in people] for people in tables] for tables in plan]
    return as_plan([*plan[:number], rounds[number], *plan[number + 1 :]])


@pytest.mark.parametrize("seed", range(3))
def test_fair_lifts_the_worst_for_at_most_two_percent(seed: int) -> None:
    room = evening(24, 4, 4, seed)
    best, fair = seat(room, work=2_000_000), seat(room, work=2_000_000, fair=True)
    assert fair.verdict.lawful
    assert fair.verdict.worst_person >= best.verdict.worst_person
    assert fair.verdict.score >= best.verdict.score * 49 // 50
    assert fair == seat(room, work=2_000_000, fair=True)


@pytest.mark.parametrize(
    ("sizes", "rounds", "least"),
    [
        ((4, 4), 3, 12),
        ((4, 3, 3), 3, 3),
        ((4, 4, 4), 3, 9),
        ((3, 3, 3), 4, 0),
        ((4,) * 5, 5, 0),
        ((6,) * 3, 2, 9),
    ],
)
def test_pure_rooms_stop_at_what_counting_proves(sizes: tuple[int, ...], rounds: int, least: int) -> None:
    n = sum(sizes)
    room = Room(
        present=((0, rounds - 1),) * n,
        tables=(sizes,) * rounds,
        affinity=((0,) * n,) * n,
        companies=tuple(range(n)),
        wants=((),) * n,
    )
    answer = seat(room, work=20_000_000)
    assert least_repeats(room) == least
    assert answer.verdict.score == -300 * least
    assert answer.work < 20_000_000


def test_nobody_and_nothing_to_do() -> None:
    strangers = tuple(range(4))
    assert seat(replace(evening(4, 1, 4), companies=strangers), work=10).verdict.lawful
    assert seat(evening(3, 2, 1), work=10).verdict.lawful


def test_work_grows_with_the_seconds() -> None:
    room = evening(40, 4, 4)
    assert 0 < work_of(0.05, room) < work_of(1, room) < work_of(60, room)
