"""The picture of a plan: everybody against everybody, and each person's way through the rounds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from organizer.domain.picture import Line
from organizer.rounds.desk import Desk, Guest, in_order

CELL = 10
GAP = 1
NUMBERS_UNTIL = 36
"""In larger rooms the numbers beside the squares could not be read."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person's way through the rounds; `number` is the one in the picture."""

    number: int
    guest: Guest
    line: Line


@dataclass(frozen=True, slots=True)
class Grid:
    """Everybody against everybody as paths of squares, one path a kind; `side` in units of the picture."""

    side: int
    met: str
    wished: str
    missed: str
    twice: str
    numbers: tuple[tuple[int, int], ...]
    """(number, its place along the diagonal)."""


def rows(desk: Desk) -> list[Row]:
    """Everybody in the plan, by reading."""
    if desk.picture is None:
        return []
    lines = {line.person: line for line in desk.picture.lines if any(line.tables)}
    guests = in_order(desk.guests[person] for person in lines if person in desk.guests)
    return [Row(number, guest, lines[guest.id]) for number, guest in enumerate(guests, start=1)]


def grid(desk: Desk, listed: list[Row]) -> Grid | None:
    """The squares of everybody with everybody, below the diagonal."""
    if desk.picture is None or not listed:
        return None
    place = {row.guest.id: row.number - 1 for row in listed}
    met, wanted = _placed(desk.picture.met, place), set(_wishes(desk.picture.wanted, place))
    twice = {pair for pair, times in met.items() if times > 1}
    numbers = (
        tuple((number, number * CELL) for number in range(len(listed)))
        if len(listed) <= NUMBERS_UNTIL
        else ()
    )
    return Grid(
        side=len(listed) * CELL,
        met=_squares(met.keys() - wanted - twice),
        wished=_squares((met.keys() & wanted) - twice),
        missed=_squares(wanted - met.keys()),
        twice=_squares(twice),
        numbers=numbers,
    )


def _placed(pairs: Mapping[tuple[int, int], int], place: Mapping[int, int]) -> dict[tuple[int, int], int]:
    """Pairs of ids as (row, column), the row below the column's diagonal."""
    known = {pair: times for pair, times in pairs.items() if pair[0] in place and pair[1] in place}
    return {_cell(place[a], place[b]): times for (a, b), times in known.items()}


def _wishes(wanted: Iterable[tuple[int, int]], place: Mapping[int, int]) -> Iterable[tuple[int, int]]:
    return (_cell(place[one], place[other]) for one, other in wanted if one in place and other in place)


def _cell(a: int, b: int) -> tuple[int, int]:
    return (max(a, b), min(a, b))


def _squares(cells: Iterable[tuple[int, int]]) -> str:
    """The path of so many squares."""
    side = CELL - 2 * GAP
    return "".join(
        f"M{column * CELL + GAP} {row * CELL + GAP}h{side}v{side}h-{side}z" for row, column in sorted(cells)
    )
