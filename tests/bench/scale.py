"""How this machine compares with the one whose seconds the goals are written in."""

from functools import cache
from typing import Final

from tests.bench.annealer import proposals_per_second

STANDARD: Final = 170_000
"""Proposals a second of the plain annealer on that machine."""


@cache
def factor() -> float:
    """Speed of this machine: 1 on that machine, 2 where a CPU second does twice the work. The best of three tries."""
    return max(proposals_per_second() for _ in range(3)) / STANDARD
