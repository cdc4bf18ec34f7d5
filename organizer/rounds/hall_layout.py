"""How names fit a projector: how many columns, how large, and on how many pages. Pure arithmetic.

Lengths are in hundredths of the screen's width, of a stage that is `WIDE` by `HIGH` of them: what fits at 16:9 has
room to spare on any higher screen.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

WIDE, HIGH = 94.0, 32.0
SMALLEST, LARGEST = 1.4, 3.0
"""Height of a letter: 18 to 38 pixels on a screen of 1280."""
GAP = 0.9
TABLE_LINE, TABLE_FRAME, TABLE_SIDE = 1.4, 1.2, 1.6
NUMBER_WIDE, NAME_WIDE = 2.4, 6.2
"""In letters: the table's number beside its names, and the room a name has at least."""
NAME_LINE, ROW_WIDE = 1.45, 10.5
MOST_COLUMNS = 8
SQUEEZED = (0.85, 0.7)


@dataclass(frozen=True, slots=True)
class Layout:
    """`size` is a letter's height in tenths of a hundredth of the width; a page holds `per_page` tables or names."""

    columns: int
    size: int
    per_page: int
    room: float
    """How many full-width letters a name has room for."""


def lay_tables(count: int, people: int) -> Layout:
    """The layout that shows `count` tables of at most `people` names largest; on several pages where it must be."""
    for pages in range(1, max(count, 1) + 1):
        per_page = -(-max(count, 1) // pages)
        best = max((_tables(columns, per_page, people) for columns in _columns(per_page)), key=_legible)
        if best.size >= SMALLEST * 10:
            return best
    return best


def lay_names(count: int) -> Layout:
    """The layout that shows `count` names with their tables largest, in columns from top to bottom."""
    for pages in range(1, max(count, 1) + 1):
        per_page = -(-max(count, 1) // pages)
        best = max((_names(columns, per_page) for columns in range(1, MOST_COLUMNS + 1)), key=_legible)
        if best.size >= SMALLEST * 10:
            return best
    return best


def squeeze(name: str, room: float) -> str:
    """How a name is set that needs more room than there is: "" as it is, "85" or "70" smaller, "two" in two lines."""
    needed = width_of(name)
    if needed <= room:
        return ""
    return next((f"{part * 100:.0f}" for part in SQUEEZED if needed * part <= room), "two")


def width_of(text: str) -> float:
    """About how many full-width letters a text is wide."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.58 for sign in text)


def _columns(count: int) -> Sequence[int]:
    return range(1, min(count, MOST_COLUMNS) + 1)


def _legible(layout: Layout) -> tuple[int, int]:
    return layout.size, -layout.columns


def _tables(columns: int, count: int, people: int) -> Layout:
    rows = -(-count // columns)
    high = ((HIGH - (rows - 1) * GAP) / rows - TABLE_FRAME) / (TABLE_LINE * max(people, 2))
    inside = (WIDE - (columns - 1) * GAP) / columns - TABLE_SIDE
    size = _size(min(high, inside / (NUMBER_WIDE + NAME_WIDE)))
    return Layout(columns, size, count, inside * 10 / max(size, 1) - NUMBER_WIDE)


def _names(columns: int, count: int) -> Layout:
    rows = -(-count // columns)
    wide = (WIDE - (columns - 1) * GAP) / columns
    size = _size(min(HIGH / rows / NAME_LINE, wide / ROW_WIDE))
    return Layout(columns, size, count, wide * 10 / max(size, 1) - NUMBER_WIDE - 1)


def _size(height: float) -> int:
    return int(min(height, LARGEST) * 10 + 1e-9)
