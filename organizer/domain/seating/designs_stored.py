"""Plans without a second meeting that were found by search and are written down in designs.txt, shortened by symmetry.

The file explains its own notation. Every plan it holds is judged anew in the tests.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import prod
from string import ascii_lowercase, ascii_uppercase
from typing import Final

from organizer.domain.seating.room import Plan

HEAD: Final = re.compile(r"(tables|columns) (\d+) x (\d+) turning (\d+(?:x\d+)*)")
ROUNDS: Final = re.compile(r"(\d+): (.+)")

Point = tuple[int, int]
"""A column and a number in it; who stays has the number of columns, and a number of their own."""
Rounds = tuple[int, tuple[tuple[Point, ...], ...]]
"""For how many rounds a round is turned, and its tables."""


@dataclass(frozen=True, slots=True)
class Turning:
    """A plan shortened by its symmetry."""

    tables: int
    seats: int
    places: tuple[int, ...]
    """People of a column are numbers with these digits; they turn by adding digit by digit."""
    rounds: tuple[Rounds, ...]

    @property
    def period(self) -> int:
        """How many people a column has."""
        return prod(self.places)

    def plan(self) -> Plan:
        """All rounds, people numbered column by column, those who stay at the end."""
        return tuple(
            self._turned(tables, range(start, self.period, times))
            for times, tables in self.rounds
            for start in range(times)
        )

    def _turned(self, tables: tuple[tuple[Point, ...], ...], shifts: range) -> tuple[tuple[int, ...], ...]:
        """One round: the tables turned by each shift, once where several turn them into the same."""
        turned = (
            tuple(sorted(self._person(point, by) for point in table)) for by in shifts for table in tables
        )
        return tuple(dict.fromkeys(turned))

    def _person(self, point: Point, shift: int) -> int:
        column, number = point
        staying = column == self.tables * self.seats // self.period
        return column * self.period + (number if staying else self._sum(number, shift))

    def _sum(self, left: int, right: int) -> int:
        total, place = 0, 1
        for size in reversed(self.places):
            left, one = divmod(left, size)
            right, other = divmod(right, size)
            total, place = total + (one + other) % size * place, place * size
        return total


@lru_cache(maxsize=1)
def stored() -> dict[tuple[str, int, int], Turning]:
    """All plans of the package by kind ("tables" or "columns"), tables and seats; read once."""
    return parse(files(__package__).joinpath("designs.txt").read_text(encoding="utf-8"))


def parse(text: str) -> dict[tuple[str, int, int], Turning]:
    """The plans written in `text`; ValueError quotes the line that cannot be read."""
    found: dict[tuple[str, int, int], Turning] = {}
    plain = re.sub(r"\|\n\s*", "| ", re.sub(r"#.*", "", text))
    for section in re.split(r"\n(?=tables|columns)", "\n" + plain)[1:]:
        head, *lines = [line.strip() for line in section.splitlines() if line.strip()]
        match = HEAD.fullmatch(head)
        if match is None:
            raise ValueError(head)
        kind, tables, seats = match[1], int(match[2]), int(match[3])
        places = tuple(map(int, match[4].split("x")))
        if kind == "columns":
            rounds = tuple(_row(row) for line in lines for row in line.split("|"))
        else:
            rounds = tuple(_round(line, tables * seats // prod(places)) for line in lines)
        found[kind, tables, seats] = Turning(tables, seats, places, rounds)
    return found


def _row(row: str) -> Rounds:
    return 1, (tuple(enumerate(map(int, row.split()))),)


def _round(line: str, columns: int) -> Rounds:
    match = ROUNDS.fullmatch(line)
    if match is None:
        raise ValueError(line)
    tables = match[2].split("|")
    return int(match[1]), tuple(tuple(_point(word, columns) for word in table.split()) for table in tables)


def _point(word: str, columns: int) -> Point:
    if word in ascii_uppercase:
        return columns, ascii_uppercase.index(word)
    return ascii_lowercase.index(word[0]), int(word[1:])
