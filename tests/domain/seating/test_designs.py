import sys
from collections import Counter
from itertools import combinations

import pytest

from organizer.domain.seating import designs_equal
from organizer.domain.seating.designs import design, longest, most_rounds
from organizer.domain.seating.designs_fields import (
    fours_and_one,
    lines,
    pairs,
    threes_and_one,
    threes_of_three,
)
from organizer.domain.seating.designs_stored import parse, stored
from organizer.domain.seating.fields import field, prime_power

KNOWN = {
    # tables, seats: rounds
    (3, 3): 4,  # affine planes
    (4, 4): 5,
    (5, 5): 6,
    (7, 7): 8,
    (8, 8): 9,
    (9, 9): 10,
    (11, 11): 12,
    (16, 4): 21,
    (27, 3): 40,
    (5, 3): 7,  # Kirkman systems
    (7, 3): 10,
    (9, 3): 13,
    (11, 3): 16,
    (13, 3): 19,
    (15, 3): 22,
    (17, 3): 25,
    (19, 3): 28,
    (4, 3): 4,
    (6, 3): 8,  # nearly Kirkman systems
    (8, 3): 11,
    (10, 3): 14,
    (12, 3): 17,
    (14, 3): 20,
    (16, 3): 23,
    (18, 3): 26,
    (20, 3): 29,
    (7, 4): 9,  # everybody with everybody, by fours
    (10, 4): 13,
    (13, 4): 17,
    (6, 4): 7,  # all but groups of two or three
    (8, 4): 10,
    (9, 4): 11,
    (11, 4): 14,
    (12, 4): 15,
    (15, 4): 19,
    (5, 4): 5,  # lines over a field
    (7, 5): 7,
    (8, 5): 8,
    (9, 5): 9,
    (11, 5): 11,
    (7, 6): 7,
    (9, 8): 9,
    (6, 5): 6,
    (6, 6): 3,
    (30, 2): 59,
    (1, 5): 1,
    (2, 4): 1,
}


def judged(plan, sizes):
    """How many rounds the plan has, after everything about it was checked."""
    people, met = sum(sizes), set()
    for tables in plan:
        assert [len(table) for table in tables] == list(sizes)
        assert sorted(person for table in tables for person in table) == list(range(people))
        for table in tables:
            assert list(table) == sorted(table)
            for pair in combinations(table, 2):
                assert pair not in met
                met.add(pair)
    return len(plan)


def ascending(plan):
    return [[sorted(table) for table in tables] for tables in plan]


def levelled(people, tables):
    """Sizes as equal as can be, the larger tables first."""
    small, larger = divmod(people, tables)
    return [small + 1] * larger + [small] * (tables - larger)


@pytest.mark.parametrize("size", [2, 3, 4, 5, 7, 8, 9, 11, 16, 25, 27])
def test_a_field_obeys_the_laws_of_arithmetic(size):
    over = field(size)
    elements = range(size)
    assert all(over.plus(0, one) == one and over.times(1, one) == one for one in elements)
    assert all(over.plus(one, over.minus(one)) == 0 for one in elements)
    for one in elements:
        assert sorted(over.plus(one, other) for other in elements) == list(elements)
        assert not one or sorted(over.times(one, other) for other in elements) == list(elements)
        for other in elements:
            assert over.plus(one, other) == over.plus(other, one)
            assert over.times(one, other) == over.times(other, one)
            for third in range(0, size, 3):
                assert over.times(third, over.plus(one, other)) == over.plus(
                    over.times(third, one), over.times(third, other)
                )
                assert over.times(third, over.times(one, other)) == over.times(over.times(third, one), other)
                assert over.plus(third, over.plus(one, other)) == over.plus(over.plus(third, one), other)


def test_there_is_a_field_for_every_prime_power_and_no_other_number():
    for size in range(60):
        if prime_power(size):
            over = field(size)
            assert sorted(over.powers) == list(range(1, size))
            assert over.power(-1) == over.power(size - 2)
            assert all(over.powers[over.logarithms[element]] == element for element in range(1, size))
        else:
            with pytest.raises(ValueError, match=str(size)):
                field(size)


def test_prime_powers():
    assert [number for number in range(30) if prime_power(number)] == [
        *(2, 3, 4, 5, 7, 8, 9, 11, 13, 16, 17, 19, 23, 25, 27, 29)
    ]
    assert prime_power(125) == (5, 3)


@pytest.mark.parametrize(("tables", "seats"), KNOWN)
def test_known_rounds(tables, seats):
    sizes = (seats,) * tables
    assert longest(sizes) == KNOWN[tables, seats]
    plan = design(sizes, KNOWN[tables, seats])
    assert plan is not None
    assert judged(plan, sizes) == KNOWN[tables, seats] <= most_rounds(sizes)
    assert design(sizes, KNOWN[tables, seats] + 1) is None


@pytest.mark.parametrize("size", [7, 13, 19, 25, 31, 49])
def test_kirkman_systems_leave_nobody_unmet(size):
    assert judged(ascending(threes_of_three(size)), [3] * size) == (3 * size - 1) // 2
    assert judged(ascending(threes_and_one(size)), [3] * ((2 * size + 1) // 3)) == size


@pytest.mark.parametrize("size", [5, 9, 13, 17, 25, 29])
def test_systems_of_fours_leave_nobody_unmet(size):
    assert judged(ascending(fours_and_one(size)), [4] * ((3 * size + 1) // 4)) == size


@pytest.mark.parametrize("construction", [threes_of_three, threes_and_one, fours_and_one])
def test_no_plan_where_the_field_is_missing_or_of_another_kind(construction):
    assert all(construction(size) == () for size in (0, 1, 6, 11, 15, 21, 23, 33))


def test_lines_and_pairs():
    assert judged(ascending(lines(9, 6)), [6] * 9) == 9
    for people in (2, 4, 10, 16):
        assert judged(ascending(pairs(people)), [2] * (people // 2)) == people - 1


@pytest.mark.parametrize(("kind", "tables", "seats"), stored())
def test_everything_stored_is_true(kind, tables, seats):
    plan = stored()[kind, tables, seats].plan()
    sizes = [seats] * tables
    assert judged(ascending(plan), sizes) >= 2
    if kind == "columns":
        for table in (table for seated in plan for table in seated):
            assert sorted(person // tables for person in table) == list(range(seats))
    else:
        assert longest(sizes) >= len(plan)


def test_the_notation_of_stored_plans():
    text = "# plans\ntables 2 x 2 turning 3 # two\n3: a0 A |\n   a1 a2\n  \ncolumns 4 x 2 turning 2x2\n0 0 | 0 3\n1 0"
    first, second = parse(text).values()
    assert first.plan() == (((0, 3), (1, 2)), ((1, 3), (0, 2)), ((2, 3), (0, 1)))
    assert second.plan() == (
        ((0, 4), (1, 5), (2, 6), (3, 7)),
        ((0, 7), (1, 6), (2, 5), (3, 4)),
        ((1, 4), (0, 5), (3, 6), (2, 7)),
    )
    assert parse("tables 4 x 2 turning 4\n2: a0 b1 | a1 a3")["tables", 4, 2].plan() == (
        ((0, 5), (1, 3), (2, 7)),
        ((1, 6), (0, 2), (3, 4)),
    )
    for text, part in (("tables 3 by 2", "3 by 2"), ("tables 3 x 2 turning 5\n5 a0 a1", "5 a0 a1")):
        with pytest.raises(ValueError, match=part):
            parse(text)


@pytest.mark.parametrize("people", [*range(2, 42, 3), 47, 50, 58, 60])
def test_levelled_rooms_of_any_shape(people):
    for tables in range(1, people // 2 + 1):
        sizes = levelled(people, tables)
        plan = design(sizes, longest(sizes))
        assert plan is not None
        assert 1 <= judged(plan, sizes) == longest(sizes) <= most_rounds(sizes)
        assert design(sizes, longest(sizes) + 1) is None


@pytest.mark.parametrize(
    ("people", "tables", "rounds"),
    [
        *((18, 5, 4), (23, 5, 4), (23, 6, 5), (33, 8, 6), (37, 9, 6), (37, 8, 6), (47, 11, 6), (50, 12, 6)),
        *((58, 14, 6), (26, 7, 5), (38, 10, 8), (60, 12, 6), (60, 10, 5), (120, 30, 8), (300, 75, 6)),
    ],
)
def test_rooms_of_an_evening(people, tables, rounds):
    sizes = levelled(people, tables)
    plan = design(sizes, rounds)
    assert plan is not None
    assert judged(plan, sizes) == rounds


def test_tables_keep_the_order_they_are_asked_in():
    for sizes in ((3, 4, 3, 4, 4), (4, 5, 5, 4, 5), (5, 4, 4, 4, 4, 4, 4, 4), (2, 3, 3)):
        plan = design(sizes, longest(sizes))
        assert plan is not None
        assert judged(plan, sizes) == longest(sizes) == longest(sorted(sizes))


def test_fewer_rounds_are_the_first_of_more():
    for sizes in ([4] * 8, [5, 5, 5, 4, 4], [3] * 9):
        plan = design(sizes, longest(sizes))
        assert plan is not None
        assert all(design(sizes, rounds) == plan[:rounds] for rounds in range(len(plan)))


def test_the_same_plan_whatever_was_asked_before():
    sizes = (5,) * 5 + (4,) * 3
    before = design(sizes, 6)
    for room in ((4,) * 9, (5,) * 8, (4, 3, 3, 3)):
        design(room, 1)
    designs_equal.equal.cache_clear()
    designs_equal.transversal.cache_clear()
    assert design(list(sizes), 6) == before


def test_impossible_by_counting():
    assert most_rounds((4, 4, 4)) == 1
    assert design((4, 4, 4), 2) is None
    assert most_rounds((3, 3, 3)) == 4
    assert design((3, 3, 3), 5) is None
    assert most_rounds((4,) * 8) == 10
    assert most_rounds((6,) * 6) == 3
    assert most_rounds((2, 1)) == 3
    assert most_rounds((5,)) == 1


def test_sizes_too_far_apart_are_known_for_one_round_only():
    assert longest((6, 4, 4, 4, 4, 4)) == 1
    plan = design((4, 6, 4, 4, 4, 4), 1)
    assert plan is not None
    assert judged(plan, (4, 6, 4, 4, 4, 4)) == 1


def test_people_alone_never_meet():
    assert design((1, 1), 3) == (((0,), (1,)),) * 3
    assert longest((1, 1)) == most_rounds((1,)) == sys.maxsize
    assert design((), 2) == ((), ())
    assert design((3, 3, 3), 0) == ()


def seatings(sizes, left, met):
    """All ways to seat the people in `left` so that nobody meets again; tables of one size in ascending order."""
    if not sizes:
        yield []
        return
    # Whoever is first sits at the first table of some size, so that no seating comes twice.
    for size in sorted(set(sizes)):
        rest = list(sizes)
        rest.remove(size)
        for others in combinations(left[1:], size - 1):
            table = (left[0], *others)
            if not any(pair in met for pair in combinations(table, 2)):
                for more in seatings(rest, [person for person in left if person not in table], met):
                    yield [table, *more]


def most_by_trying(sizes, met=frozenset(), first=True):
    best = 0
    for tables in seatings(list(sizes), list(range(sum(sizes))), met):
        more = most_by_trying(
            sizes, met | {pair for table in tables for pair in combinations(table, 2)}, False
        )
        best = max(best, 1 + more)
        if first and best:
            break  # the first round may be any, people being alike
    return best


@pytest.mark.parametrize(
    "sizes",
    [(2, 2), (2, 2, 2), (3, 2), (3, 3), (3, 3, 2), (3, 2, 2), (2, 2, 1), (3, 2, 1), (3, 3, 3), (2, 1, 1)],
)
def test_against_trying_everything(sizes):
    truth = most_by_trying(sizes)
    assert longest(sizes) <= truth <= most_rounds(sizes)
    if len(set(sizes)) == 1:
        assert longest(sizes) == truth


def test_each_pair_of_a_whole_system_meets_once():
    plan = design((3,) * 5, 7)
    assert plan is not None
    met = Counter(pair for tables in plan for table in tables for pair in combinations(table, 2))
    assert set(met.values()) == {1}
    assert len(met) == 105
