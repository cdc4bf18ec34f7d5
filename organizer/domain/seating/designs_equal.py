"""Plans without a second meeting for tables of one size: the longest that any construction known here gives."""

from collections.abc import Iterator
from functools import lru_cache

from organizer.domain.seating.designs_fields import (
    fours_and_one,
    lines,
    pairs,
    threes_and_one,
    threes_of_three,
)
from organizer.domain.seating.designs_stored import stored
from organizer.domain.seating.fields import prime_power
from organizer.domain.seating.room import Plan


def counted(tables: int, seats: int) -> int:
    """Rounds that counting allows: a table needs as many others as it has people, a person ever new ones."""
    return 1 if tables < seats else (tables * seats - 1) // (seats - 1)


@lru_cache(maxsize=256)
def equal(tables: int, seats: int) -> Plan:
    """The longest plan known for `tables` tables of `seats` ≥ 2 people; one round at least."""
    most = counted(tables, seats)
    if most == 1:
        return (tuple(tuple(range(table * seats, table * seats + seats)) for table in range(tables)),)
    best = max(_direct(tables, seats), key=len, default=())
    if len(best) < most:
        weight = max(_divisors(tables), key=lambda weight: _rounds(tables, seats, weight))
        if _rounds(tables, seats, weight) > len(best):
            best = multiplied(tables, seats, weight)
    return best


def _direct(tables: int, seats: int) -> Iterator[Plan]:
    people = tables * seats
    if seats == 2:
        yield pairs(people)
    if seats == 3:
        yield threes_of_three(tables)
    if seats == 3 and people % 2:
        yield threes_and_one(people // 2)
    if seats == 4 and people % 3 == 1:
        yield fours_and_one(people // 3)
    if known := stored().get(("tables", tables, seats)):
        yield known.plan()


def _divisors(number: int) -> list[int]:
    """All but 1, the largest first."""
    return [divisor for divisor in range(number, 1, -1) if number % divisor == 0]


def _rounds(tables: int, seats: int, weight: int) -> int:
    """How many rounds `multiplied` gives."""
    across = len(equal(tables // weight, seats)) * len(transversal(weight, seats))
    return across + (0 if weight % seats else len(equal(weight // seats, seats)))


def multiplied(tables: int, seats: int, weight: int) -> Plan:
    """A smaller plan in which each person becomes `weight` people and each table a plan by columns.

    At last each group of `weight` has a plan for itself. `tables` is a multiple of `weight`.
    """
    outer, inner = equal(tables // weight, seats), transversal(weight, seats)
    across = tuple(
        tuple(
            tuple(table[person // weight] * weight + person % weight for person in small)
            for table in large
            for small in spread
        )
        for large in outer
        for spread in inner
    )
    if weight % seats:
        return across
    return across + tuple(
        tuple(
            tuple(group * weight + person for person in table)
            for group in range(tables // weight * seats)
            for table in within
        )
        for within in equal(weight // seats, seats)
    )


@lru_cache(maxsize=256)
def transversal(tables: int, seats: int) -> Plan:
    """The longest plan known whose tables have one person of each column of `tables` people, a column each seat."""
    if prime_power(tables) and seats <= tables:
        return lines(tables, seats)
    best = max((_cyclic(tables, seats), *_wider(tables, seats)), key=len)
    for weight in _divisors(tables)[1:]:
        left, right = transversal(tables // weight, seats), transversal(weight, seats)
        if len(left) * len(right) > len(best):
            best = _product(left, right, tables)
    return best


def _wider(tables: int, seats: int) -> Iterator[Plan]:
    """Stored plans by columns, without the columns that are too many."""
    for (kind, held, columns), known in stored().items():
        if kind == "columns" and held == tables and columns >= seats:
            yield _narrowed(known.plan(), tables * seats)


def _narrowed(plan: Plan, people: int) -> Plan:
    """The same plan without the last columns."""
    return tuple(
        tuple(tuple(person for person in table if person < people) for table in tables) for tables in plan
    )


def _cyclic(tables: int, seats: int) -> Plan:
    """Lines with whole numbers modulo `tables`: few enough slopes that no product of differences vanishes."""
    widest = max(divisor for divisor in range(1, seats) if tables % divisor == 0)
    return tuple(
        tuple(
            tuple(column * tables + (table + slope * column) % tables for column in range(seats))
            for table in range(tables)
        )
        for slope in range(tables // widest)
    )


def _product(left: Plan, right: Plan, tables: int) -> Plan:
    """Both plans by columns at once: a person is a pair of people of the same column."""
    one, other = len(left[0]), len(right[0])
    return tuple(
        tuple(
            tuple(
                person // one * tables + person % one * other + partner % other
                for person, partner in zip(first, second, strict=True)
            )
            for first in one_round
            for second in other_round
        )
        for one_round in left
        for other_round in right
    )
