"""Quantiles of -ln u, by which worse plans are accepted: in whole numbers, so the same on every machine."""

from array import array
from functools import cache
from typing import Final

from organizer.domain.seating.dice import Dice

STEPS: Final = 1024
SCALE: Final = 1024
ONE: Final = 1 << 40


@cache
def logarithms() -> "array[int]":
    """-ln((i + 1/2) / 1024) for i = 0 … 1023, in 1/1024, rounded down, in an order that looks random."""
    whole = (STEPS.bit_length()) * 2 * artanh(3)  # ln 2048
    table: list[int] = []
    log = 0
    for odd in range(1, 2 * STEPS, 2):
        table.append((whole - log) * SCALE // ONE)
        log += 2 * artanh(odd + 1)  # ln(odd + 2) - ln(odd)
    Dice(1).shuffle(table)
    return array("i", table)


def artanh(inverse: int) -> int:
    """artanh(1/inverse) in units of 2^-40; 2 artanh(1/3) = ln 2."""
    term, total, odd = ONE // inverse, 0, 1
    while term:
        total += term // odd
        term //= inverse * inverse
        odd += 2
    return total


def cooling(hot: int, cold: int, steps: int) -> list[int]:
    """Heats that fall from hot to cold by the same share each step; both ends are in it if steps > 1."""
    if steps < 2:
        return [cold]
    share = _root((cold << (SHARE_BITS * (steps - 1))) // hot, steps - 1)
    heats, heat = [], hot << SHARE_BITS
    for _ in range(steps - 1):
        heats.append(heat >> SHARE_BITS)
        heat = heat * share >> SHARE_BITS
    return [*heats, cold]


SHARE_BITS: Final = 24


def _root(number: int, degree: int) -> int:
    """The largest whole number whose power of this degree is not above `number`."""
    low, high = 0, (1 << SHARE_BITS) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**degree <= number else (low, middle)
    return low
