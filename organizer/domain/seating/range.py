"""How hot and how long a room is annealed, by how crowded its evening is."""

from dataclasses import dataclass
from typing import Final

from organizer.domain.seating.room import Room

POINT: Final = 16
"""Heats are in sixteenths of a point."""


@dataclass(frozen=True, slots=True)
class Range:
    """From hot to cold, how many of 256 rows change seats in several rounds, and work that one run needs at least."""

    hot: int
    cold: int
    multi: int
    enough: int
    most_runs: int


def range_of(room: Room) -> Range:
    """The range of a room: the greater a share of the others everybody meets, the hotter, for repeats make walls."""
    crowd = crowding(room)
    return Range(
        hot=POINT * min(80, 10 + 125 * crowd // 1000),
        cold=POINT * min(30, max(4, 105 * crowd // 1000 - 18)),
        multi=max(0, min(64, 110 * crowd // 1000 - 10)),
        enough=6_000_000 * room.n,
        most_runs=8,
    )


def crowding(room: Room) -> int:
    """Seats beside a person as a share of the people whom the person may meet, on average, in thousandths."""
    seats = sum(size * (size - 1) for sizes in room.tables for size in sizes)
    pairs = room.n * (room.n - 1) - 2 * len(room.unlawful)
    return 1000 * seats // max(1, pairs)
