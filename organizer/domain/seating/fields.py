"""Finite fields, small ones: the arithmetic behind plans in which nobody meets twice."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import count


@dataclass(frozen=True, slots=True)
class Field:
    """The field of `size` elements 0 … size−1; number e is the polynomial whose digits are those of e."""

    size: int
    powers: tuple[int, ...]
    """powers[i] is the i-th power of a primitive element, i from 0 to size − 2."""
    logarithms: tuple[int, ...]
    """The inverse of `powers`; at 0 it means nothing."""
    sums: tuple[tuple[int, ...], ...]

    def times(self, left: int, right: int) -> int:
        """The product of two elements."""
        if not left or not right:
            return 0
        return self.powers[(self.logarithms[left] + self.logarithms[right]) % (self.size - 1)]

    def plus(self, left: int, right: int) -> int:
        """The sum of two elements."""
        return self.sums[left][right]

    def power(self, exponent: int) -> int:
        """A power of the primitive element, for any whole exponent."""
        return self.powers[exponent % (self.size - 1)]

    def minus(self, element: int) -> int:
        """What `element` must be added to for 0."""
        return self.sums[element].index(0)


def prime_power(number: int) -> tuple[int, int] | None:
    """(p, k) where `number` is the k-th power of the prime p; None for any other number."""
    if number < 2:
        return None
    prime = next(divisor for divisor in count(2) if number % divisor == 0 or divisor * divisor > number)
    if number % prime:
        return number, 1
    exponent = 0
    while number % prime == 0:
        number, exponent = number // prime, exponent + 1
    return (prime, exponent) if number == 1 else None


@lru_cache(maxsize=64)
def field(size: int) -> Field:
    """The field of a prime power of elements; ValueError for any other size."""
    shape = prime_power(size)
    if shape is None:
        raise ValueError(f"there is no field of {size} elements")
    prime, degree = shape
    powers = next(found for low in range(1, size) if low % prime and (found := _powers(prime, degree, low)))
    logarithms = [0] * size
    for exponent, element in enumerate(powers):
        logarithms[element] = exponent
    return Field(size, powers, tuple(logarithms), _sums(prime, size))


def _powers(prime: int, degree: int, low: int) -> tuple[int, ...]:
    """The powers of x, where x to the `degree` is `low`; empty unless they run through every element but 0."""
    size = prime**degree
    top = size // prime
    multiples = [_scaled(prime, low, factor) for factor in range(prime)]
    found = [1]
    while len(found) < size - 1:
        lead, rest = divmod(found[-1], top)
        element = _added(prime, rest * prime, multiples[lead])
        if element in (0, 1):
            return ()
        found.append(element)
    return tuple(found)


def _scaled(prime: int, element: int, factor: int) -> int:
    total, place = 0, 1
    while element:
        element, digit = divmod(element, prime)
        total, place = total + digit * factor % prime * place, place * prime
    return total


def _added(prime: int, left: int, right: int) -> int:
    total, place = 0, 1
    while left or right:
        left, one = divmod(left, prime)
        right, other = divmod(right, prime)
        total, place = total + (one + other) % prime * place, place * prime
    return total


def _sums(prime: int, size: int) -> tuple[tuple[int, ...], ...]:
    """The table of sums, grown digit by digit from that of the prime."""
    sums = [[(left + right) % prime for right in range(prime)] for left in range(prime)]
    while len(sums) < size:
        width = len(sums)
        sums = [
            [(left + right) % prime * width + small for right in range(prime) for small in row]
            for left in range(prime)
            for row in sums
        ]
    return tuple(map(tuple, sums))
