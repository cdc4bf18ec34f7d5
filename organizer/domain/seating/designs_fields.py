"""Plans without a second meeting written down directly, most of them by the arithmetic of a field.

Every function gives rounds of tables of people 0 … n - 1 in which no two meet twice; none where its field is missing.
"""

from organizer.domain.seating.fields import Field, field, prime_power
from organizer.domain.seating.room import Plan

Round = tuple[tuple[int, ...], ...]

Point = tuple[int, int]
"""A column and an element of the field; the person is column times field size plus element."""


def pairs(people: int) -> Plan:
    """Everybody with everybody at tables of two: one stays, the others go round. An even number of people."""
    ring = people - 1
    return tuple(
        (
            (turn, ring),
            *(((turn + step) % ring, (turn - step) % ring) for step in range(1, people // 2)),
        )
        for turn in range(ring)
    )


def lines(size: int, seats: int) -> Plan:
    """`size` rounds of `size` tables: y = m·x + b over the field, a slope m each round, a column x each seat."""
    over = field(size)
    steps = [[over.times(slope, column) for column in range(seats)] for slope in range(size)]
    return tuple(
        tuple(
            tuple(column * size + over.plus(step, table) for column, step in enumerate(row))
            for table in range(size)
        )
        for row in steps
    )


def threes_of_three(size: int) -> Plan:
    """Every pair of 3 · `size` people once, by threes; for prime powers `size` = 6·t + 1 (Ray-Chaudhuri and Wilson)."""
    if prime_power(size) is None or size % 6 != 1:
        return ()
    over, t = field(size), size // 6

    def layer(exponent: int, column: int) -> list[Point]:
        return [(column, over.power(exponent + turn)) for turn in (0, 2 * t, 4 * t)]

    def across(exponent: int) -> list[Point]:
        return [(column, over.power(exponent + 2 * t * column)) for column in range(3)]

    base = [[(0, 0), (1, 0), (2, 0)]]
    base += [layer(exponent, column) for exponent in range(t) for column in range(3)]
    base += [across(exponent + turn) for exponent in range(t, 2 * t) for turn in (0, 2 * t, 4 * t)]
    single = [across(exponent + turn) for exponent in range(t) for turn in (0, 2 * t, 4 * t)]
    return _shifted(over, base, 3) + tuple(_spread(over, block) for block in single)


def threes_and_one(size: int) -> Plan:
    """Every pair of 2 · `size` + 1 people once, by threes; for prime powers `size` = 6·t + 1 (the same two)."""
    if prime_power(size) is None or size % 6 != 1:
        return ()
    over, t = field(size), size // 6
    middle = over.plus(over.power(t), 1)
    u = next(exponent for exponent in range(size - 1) if _doubled(over, exponent) == middle)
    base = [[(0, 0), (1, 0), (2, 0)]]
    for i in (start + step for start in (0, 2 * t, 4 * t) for step in range(t)):
        base.append([(0, over.power(i)), (0, over.power(i + t)), (1, over.power(i + u))])
    base += [[(1, over.power(i + u + turn)) for turn in (t, 3 * t, 5 * t)] for i in range(t)]
    return _shifted(over, base, 2)


def fours_and_one(size: int) -> Plan:
    """Every pair of 3 · `size` + 1 people once, by fours; for prime powers `size` = 4·t + 1 (Bose)."""
    if prime_power(size) is None or size % 4 != 1:
        return ()
    over, t = field(size), size // 4
    base = [[(0, 0), (1, 0), (2, 0), (3, 0)]]
    for column in range(3):
        for i in range(t):
            here = [(column, over.power(exponent)) for exponent in (i, i + 2 * t)]
            base.append(here + [((column + 1) % 3, over.power(exponent)) for exponent in (i + t, i + 3 * t)])
    return _shifted(over, base, 3)


def _shifted(over: Field, base: list[list[Point]], columns: int) -> Plan:
    """The base round moved by every element of the field, one round each; a point beyond `columns` stays."""
    return tuple(
        tuple(tuple(_person(over, point, shift, columns) for point in block) for block in base)
        for shift in range(over.size)
    )


def _spread(over: Field, block: list[Point]) -> Round:
    """One round: a block with one point in each column, moved by every element."""
    return tuple(
        tuple(_person(over, point, shift, len(block)) for point in block) for shift in range(over.size)
    )


def _doubled(over: Field, exponent: int) -> int:
    return over.plus(over.power(exponent), over.power(exponent))


def _person(over: Field, point: Point, shift: int, columns: int) -> int:
    column, element = point
    return column * over.size + (over.plus(element, shift) if column < columns else element)
