"""From people to a room in numbers and back, and which rules are given up when not all can be kept."""

import json
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organizer.domain.affinities import affinities, wants
from organizer.domain.arranging import arrange
from organizer.domain.fit import History
from organizer.domain.gathering import Attendee, Gathering, Tables
from organizer.domain.picture import Caution, picture
from organizer.domain.seatable import Seatable, seatable, table_sizes
from organizer.domain.seating import NoLawfulPlan, judge
from tests.domain.crowds import crowd

PEOPLE = crowd(3, 13)


def gathering(people: int = 13, rounds: int = 3, size: int = 4, **more: object) -> Gathering:
    attendees = tuple(Attendee(profile, 0, rounds - 1) for profile in PEOPLE[:people])
    return Gathering(**({"attendees": attendees, "rounds": rounds, "table_size": size} | more))  # type: ignore[arg-type]


def seated(tables: Tables, number: int) -> set[int]:
    return {person for people in tables[number] for person in people}


@given(st.integers(0, 300), st.integers(2, 12))
def test_tables_hold_everybody_and_differ_by_one(people: int, size: int) -> None:
    sizes = table_sizes(people, size)
    assert sum(sizes) == people
    assert not sizes or max(sizes) - min(sizes) <= 1
    assert sizes == tuple(sorted(sizes, reverse=True))


@pytest.mark.parametrize(
    ("people", "size", "sizes"),
    [
        (37, 4, (5, *(4,) * 8)),
        (38, 4, (*(4,) * 8, 3, 3)),
        (39, 4, (*(4,) * 9, 3)),
        (5, 4, (5,)),
        (6, 4, (3, 3)),
        (2, 4, (2,)),
        (3, 2, (3,)),
    ],
)
def test_tables_are_as_near_to_their_size_as_can_be(people: int, size: int, sizes: tuple[int, ...]) -> None:
    assert table_sizes(people, size) == sizes


def test_a_room_says_what_is_known_of_each_two() -> None:
    ids = [profile.id for profile in PEOPLE]
    pair, other, barred = (ids[0], ids[1]), (ids[2], ids[3]), (ids[4], ids[5])
    histories = {pair: History(meetings=2), other: History(meetings=1, mutual_again=True)}
    found = seatable(
        gathering(
            histories=histories,
            sat_before={pair: 5, other: 1},
            going_on=frozenset({other}),
            barred=frozenset({barred}),
        )
    )
    room = found.room
    matrix = affinities(PEOPLE, histories=histories)
    assert all(room.affinity[a][b] == matrix[a][b] for a, b in combinations(range(13), 2))
    assert room.history == {(0, 1): 3, (2, 3): 1}, "no more than three evenings count"
    assert room.going_on == {(2, 3)}
    assert room.blocked == {(4, 5)}
    wished = wants(PEOPLE, {barred})
    assert room.wants == tuple(tuple(at for at, id_ in enumerate(ids) if id_ in wished[one]) for one in ids)


def test_what_is_known_already_is_not_worked_out_again() -> None:
    ids = [profile.id for profile in PEOPLE]
    known = dict.fromkeys(combinations(ids[:12], 2), 7)
    room = seatable(gathering(known=known)).room
    assert all(room.affinity[a][b] == 7 for a, b in combinations(range(12), 2))
    matrix = affinities(PEOPLE)
    assert [room.affinity[12][b] for b in range(12)] == matrix[12][:12]


def test_whom_people_want_to_meet_is_known_until_somebody_joins() -> None:
    ids = [profile.id for profile in PEOPLE]
    nobody = dict.fromkeys(ids[:12], ())
    assert not any(seatable(gathering(12, known_wants=nobody)).room.wants)
    assert any(seatable(gathering(13, known_wants=nobody)).room.wants)


def test_it_survives_as_plain_data() -> None:
    ids = [profile.id for profile in PEOPLE]
    whole = gathering(
        histories={(ids[0], ids[1]): History(1, 2, talked=True, mutual_again=True)},
        sat_before={(ids[0], ids[1]): 1},
        going_on=frozenset({(ids[0], ids[1])}),
        barred=frozenset({(ids[2], ids[3])}),
        introductions=((ids[5], ids[6]),),
        known={(ids[0], ids[1]): 50},
        known_wants={ids[0]: (ids[1], ids[2]), ids[1]: ()},
    )
    assert Gathering.from_data(json.loads(json.dumps(whole.to_data()))) == whole


def test_who_blocked_whom_is_not_kept_and_comes_anew() -> None:
    ids = [profile.id for profile in PEOPLE]
    found = seatable(gathering(barred=frozenset({(ids[2], ids[3])})))
    data = json.loads(json.dumps(found.to_data()))
    assert data["room"]["blocked"] == []
    assert Seatable.from_data(data).room.blocked == frozenset()
    assert Seatable.from_data(data, {(ids[2], ids[3])}) == found


def test_begun_rounds_are_as_they_were_published() -> None:
    first = arrange(gathering(), seconds=0.01, seed=1)
    gone, late = PEOPLE[0].id, crowd(8, 40)[39]
    attendees = (
        Attendee(PEOPLE[0], 0, -1),
        *(Attendee(profile, 0, 2) for profile in PEOPLE[1:]),
        Attendee(late, 0, 2),
    )
    second = arrange(gathering(attendees=attendees, published=first.tables, begun=1), seconds=0.01, seed=2)
    assert second.tables[0] == first.tables[0]
    assert gone in seated(second.tables, 0)
    assert gone not in seated(second.tables, 1) | seated(second.tables, 2)
    assert late.id in seated(second.tables, 1) & seated(second.tables, 2)


def test_who_came_back_does_not_meet_the_same_people_for_nothing() -> None:
    first = arrange(gathering(12, rounds=3), seconds=0.01, seed=1)
    back = PEOPLE[0]
    without = tuple(
        tuple(tuple(one for one in people if one != back.id or number != 1) for people in tables)
        for number, tables in enumerate(first.tables)
    )
    found = seatable(gathering(12, rounds=3, published=without, begun=2))
    assert sum(one == back.id for one in found.ids) == 2
    met = next(people for people in without[0] if back.id in people)
    here = found.number_in(2, back.id)
    for other in met:
        if other != back.id:
            there = found.number_in(2, other)
            assert found.room.history[min(here, there), max(here, there)] >= 5
    plan = arrange(gathering(12, rounds=3, published=without, begun=2), seconds=0.01, seed=1)
    assert back.id in seated(plan.tables, 2)
    assert plan.verdict.lawful


def test_newcomers_sit_beside_those_who_introduce_them_unless_it_cannot_be() -> None:
    ids = [profile.id for profile in PEOPLE]
    found = arrange(gathering(introductions=((ids[0], ids[1]),)), seconds=0.01, seed=1)
    assert found.introduced
    assert any({ids[0], ids[1]} <= set(people) for people in found.tables[0])
    crowded = tuple((ids[0], newcomer) for newcomer in ids[1:9])
    found = arrange(gathering(introductions=crowded), seconds=0.01, seed=1)
    assert not found.introduced
    assert Caution.NOT_INTRODUCED in {
        one.caution for one in picture(found.seatable, found.tables, introduced=False).notices
    }


def test_the_company_rule_is_given_up_last_and_alone() -> None:
    from dataclasses import replace

    colleagues = tuple(Attendee(replace(profile, company="ひとつの会社"), 0, 2) for profile in PEOPLE[:8])
    barred = frozenset({(PEOPLE[0].id, PEOPLE[1].id)})
    found = arrange(gathering(attendees=colleagues, barred=barred), seconds=0.01, seed=1)
    assert found.relaxed
    for number in range(3):
        for people in found.tables[number]:
            assert not {PEOPLE[0].id, PEOPLE[1].id} <= set(people), "a block is never given up"


def test_what_cannot_be_is_not_made_up() -> None:
    everybody = frozenset(combinations([profile.id for profile in PEOPLE], 2))
    with pytest.raises(NoLawfulPlan):
        arrange(gathering(barred=everybody), seconds=0.01, seed=1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_random_evenings_are_lawful_and_say_the_truth(seed: int) -> None:
    chance = Random(seed)
    people = crowd(seed, chance.randint(4, 18))
    rounds = chance.randint(1, 4)
    attendees = tuple(
        Attendee(profile, chance.choice([0, 0, 0, min(1, rounds - 1)]), rounds - 1) for profile in people
    )
    ids = [profile.id for profile in people]
    met = {pair: 1 for pair in combinations(ids, 2) if chance.random() < 0.1}
    whole = Gathering(attendees, rounds, chance.randint(2, 5), sat_before=met)
    found = arrange(whole, seconds=0.005, seed=seed)
    assert judge(found.seatable.room, found.seatable.numbered(found.tables)) == found.verdict
    assert found.verdict.lawful
    shown = picture(found.seatable, found.tables, relaxed=found.relaxed)
    for line in shown.lines:
        others = {
            other
            for tables in found.tables
            for table in tables
            if line.person in table
            for other in table
            if other != line.person
        }
        assert line.met == len(others)
        wished = {other for one, other in shown.wanted if one == line.person}
        assert (line.wishes, line.wants) == (len(others & wished), len(wished))
    assert sum(times - 1 for times in shown.met.values()) == found.verdict.repeats


def test_who_leaves_takes_a_seat_along_and_no_table() -> None:
    """Three of twenty-four leave three tables: these get smaller, no table goes, and hardly anybody moves."""
    everybody = tuple(Attendee(profile, 0, 2) for profile in crowd(5, 24))
    first = arrange(gathering(attendees=everybody), seconds=0.05, seed=1)
    gone = {first.tables[1][table][0] for table in (0, 2, 4)}
    staying = tuple(replace(one, last=0) if one.id in gone else one for one in everybody)
    left = gathering(attendees=staying, published=first.tables, begun=1)
    assert seatable(left).room.tables[1] == (3, 4, 3, 4, 3, 4)
    assert arrange(left, seconds=0.05, seed=1).verdict.moved <= 8
