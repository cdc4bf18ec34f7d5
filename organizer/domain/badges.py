"""Name badges: the sheets they are printed on, and where each line of a badge stands. Lengths in mm, type in points."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

POINT = 0.352778
"""Millimetres."""
PAGE = (210.0, 297.0)
GETS = 0.5
"""By how many points a type is made smaller at a time."""

TALLEST = 1.3
"""How high a text in several lines may be, beside one line of its largest size."""
JOINTS = "・-=＝"
NEVER_FIRST = "、。，．・：；？！ー」』）】々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"

Measure = Callable[[str, str, float], float]
"""How wide a text is in a face ("plain" or "bold") at a size in points, in mm."""


class SheetKind(StrEnum):
    """What is printed on: sheets of A4 as shops have them for name badges."""

    CARDS_10 = "cards_10"
    A6_4 = "a6_4"
    BOARD = "board"


@dataclass(frozen=True, slots=True)
class Sheet:
    """How badges lie on a sheet of A4, without gaps: the first one's corner is at (`left`, `top`)."""

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float

    @property
    def places(self) -> int:
        """How many there are on a sheet."""
        return self.columns * self.rows

    def corner(self, place: int) -> tuple[float, float]:
        """Where the badge of that place begins, from the left and from the top; places run by rows, from 0."""
        row, column = divmod(place, self.columns)
        return self.left + column * self.width, self.top + row * self.height


SHEETS: Final = {
    SheetKind.CARDS_10: Sheet(2, 5, 91, 55, 14, 11),
    SheetKind.A6_4: Sheet(2, 2, 105, 148.5, 0, 0),
    SheetKind.BOARD: Sheet(1, 1, 210, 297, 0, 0),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """What stands on somebody's badge. Empty parts are left out; `url` is what the QR code holds."""

    event: str
    name: str
    reading: str = ""
    company: str = ""
    tags: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    wish: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Headings:
    """The two headings, in the reader's language."""

    gives: str
    wish: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of type: `x` its left end, `y` its base, from the badge's upper left corner."""

    x: float
    y: float
    text: str
    face: str
    size: float
    grey: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: its upper left corner and its sides."""

    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Drawing:
    """One badge, ready to be drawn. `cut`: something had to be shortened."""

    lines: list[Line] = field(default_factory=list)
    chips: list[Box] = field(default_factory=list)
    code: Box | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """The measures of a kind of badge; of a pair of sizes the second is the smallest that will do."""

    margin: float
    code: float
    small: float
    heading: float
    reading: float
    name: tuple[float, float]
    company: tuple[float, float]
    tag: float
    words: tuple[float, float]
    gives: int
    """How many gives are named."""
    lines: int
    """How many lines gives and wish may have each."""
    middle: bool = False


STYLES: Final = {
    SheetKind.CARDS_10: Style(4, 17, 6, 6, 7.5, (26, 10), (10.5, 6.5), 8, (8, 6.5), 1, 2),
    SheetKind.A6_4: Style(8, 28, 8, 10, 12, (42, 15), (18, 9), 14, (16, 9), 3, 5, middle=True),
    SheetKind.BOARD: Style(18, 38, 15, 20, 28, (96, 32), (38, 20), 32, (34, 20), 3, 6, middle=True),
}


def legible(text: str, known: Callable[[str], bool]) -> tuple[str, str]:
    """The text as a face can draw it, and the signs that had to be left out of it.

    Marks are joined with the letter before them; variation selectors and joiners go unnamed, for without them the
    same sign is drawn in its usual form.
    """
    kept, missing = [], []
    for cluster in _clusters(text):
        joined = unicodedata.normalize("NFC", cluster) if len(cluster) > 1 else cluster
        for sign in joined:
            if _is_silent(sign):
                continue
            if sign.isspace():
                kept.append(" ")
            elif known(sign):
                kept.append(sign)
            else:
                missing.append(sign)
    return " ".join("".join(kept).split()), "".join(dict.fromkeys(missing))


def lay_out(badge: Badge, kind: SheetKind, headings: Headings, measure: Measure) -> Drawing:
    """Where everything of a badge stands: from the top who it is, at the foot what they give and seek, and the code."""
    sheet, style, drawing = SHEETS[kind], STYLES[kind], Drawing()
    setter = _Setter(sheet, style, measure, drawing)
    setter.put(badge.event, "plain", (style.small, style.small), 1, grey=True)
    setter.skip(style.small * 0.3)
    setter.put(badge.reading, "plain", (style.reading, style.reading * 0.7), 1, grey=True)
    setter.put(badge.name, "bold", style.name, 3)
    setter.skip(style.company[0] * 0.2)
    setter.put(badge.company, "plain", style.company, 2)
    setter.chips(badge.tags)
    if badge.url:
        drawing.code = Box(
            sheet.width - style.margin - style.code,
            sheet.height - style.margin - style.code,
            style.code,
            style.code,
        )
    setter.foot([(headings.gives, badge.gives[: style.gives]), (headings.wish, (badge.wish,))])
    return drawing


class _Setter:
    """Sets lines from the top of one badge downwards."""

    def __init__(self, sheet: Sheet, style: Style, measure: Measure, drawing: Drawing) -> None:
        self.sheet, self.style, self.measure, self.drawing = sheet, style, measure, drawing
        self.y = style.margin
        self.width = sheet.width - 2 * style.margin

    def skip(self, points: float) -> None:
        """Leave some room."""
        self.y += points * POINT

    def put(self, text: str, face: str, sizes: tuple[float, float], most: int, *, grey: bool = False) -> None:
        """Set a text as large as it goes: first smaller, then in more lines, at last shortened."""
        if not text:
            return
        size, lines, cut = fit(text, face, sizes, self.width, most, self.measure)
        self.drawing.cut |= cut
        for line in lines:
            self.y += size * POINT * 1.02
            x = self.style.margin
            if self.style.middle:
                x = (self.sheet.width - self.measure(line, face, size)) / 2
            self.drawing.lines.append(Line(x, self.y, line, face, size, grey))
            self.y += size * POINT * 0.22

    def chips(self, tags: Sequence[str]) -> None:
        """The tags, each in a frame, in one row."""
        shown = [tag for tag in tags if tag]
        if not shown:
            return
        size = self.style.tag
        while size > 0.7 * self.style.tag and self._wide(shown, size) > self.width:
            size -= GETS
        pad = size * POINT * 0.55
        room = (self.width - pad * (3 * len(shown) - 1)) / len(shown)
        texts = shown
        if self._wide(shown, size) > self.width:
            texts = [_shortened(tag, "bold", size, room, self.measure) for tag in shown]
        wide = [self.measure(text, "bold", size) + 2 * pad for text in texts]
        whole = sum(wide) + pad * (len(texts) - 1)
        x = (self.sheet.width - whole) / 2 if self.style.middle else self.style.margin
        high = size * POINT * 1.75
        self.y += size * POINT * 0.55
        for text, width in zip(texts, wide, strict=True):
            self.drawing.chips.append(Box(x, self.y, width, high))
            self.drawing.lines.append(Line(x + pad, self.y + high * 0.69, text, "bold", size))
            x += width + pad
        self.y += high

    def _wide(self, tags: Sequence[str], size: float) -> float:
        """How wide a row of tags would be."""
        pad = size * POINT * 0.55
        return sum(self.measure(tag, "bold", size) for tag in tags) + pad * (3 * len(tags) - 1)

    def foot(self, parts: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Gives and wish beneath all else, beside the code, in as many lines and as large as there is room for."""
        said = [(title, [text for text in texts if text]) for title, texts in parts]
        said = [(title, texts) for title, texts in said if texts]
        if not said:
            return
        style, code = self.style, self.drawing.code
        width = self.width - (style.code + 3 if code else 0)
        room = (self.sheet.height - style.margin - self.y) / POINT
        largest, smallest = style.words
        size = largest
        while size > smallest and self._tall(said, size, width, style.lines) > room:
            size -= GETS
        most = style.lines
        while most > 1 and self._tall(said, size, width, most) > room:
            most -= 1
        while said and self._tall(said, size, width, most) > room:
            said, self.drawing.cut = said[:-1], True
        y = self.sheet.height - style.margin - self._tall(said, size, width, most) * POINT
        for title, texts in said:
            y += style.heading * POINT * 1.1
            self.drawing.lines.append(Line(style.margin, y, title, "bold", style.heading, grey=True))
            lines, cut = self._words(texts, size, width, most)
            self.drawing.cut |= cut
            for line in lines:
                y += size * POINT * 1.28
                self.drawing.lines.append(Line(style.margin, y, line, "plain", size))
            y += size * POINT * 0.35

    def _words(self, texts: Sequence[str], size: float, width: float, most: int) -> tuple[list[str], bool]:
        """The lines of several texts, at most so many in all: each has its share, the first ones the larger."""
        lines: list[str] = []
        cut = False
        for place, text in enumerate(texts):
            left = most - len(lines) - (len(texts) - place - 1)
            if left < 1:
                return lines, True
            mark = "・" if len(texts) > 1 else ""
            broken, short = wrap(mark + text, "plain", size, width, left, self.measure)
            lines, cut = lines + broken, cut or short
        return lines, cut

    def _tall(self, said: Sequence[tuple[str, Sequence[str]]], size: float, width: float, most: int) -> float:
        """How high the foot would be, in points."""
        lines = sum(len(self._words(texts, size, width, most)[0]) for _title, texts in said)
        return len(said) * (self.style.heading * 1.1 + size * 0.35) + lines * size * 1.28


def fit(
    text: str, face: str, sizes: tuple[float, float], width: float, most: int, measure: Measure
) -> tuple[float, list[str], bool]:
    """The size and lines in which a text is largest in a width, and whether it had to be shortened.

    In one line as long as that takes no less than 0.6 of the largest size; then in more.
    """
    largest, smallest = sizes
    least = smallest if most == 1 else max(smallest, largest * 0.6)
    size = largest
    while size > least and measure(text, face, size) > width:
        size -= GETS
    if measure(text, face, size) <= width or most == 1:
        lines, cut = wrap(text, face, size, width, 1, measure)
        return size, lines, cut
    size = largest * 0.8
    lines, cut = wrap(text, face, size, width, most, measure)
    while size > smallest and (cut or len(lines) * size > TALLEST * largest):
        size -= GETS
        lines, cut = wrap(text, face, size, width, most, measure)
    return size, lines, cut


def wrap(
    text: str, face: str, size: float, width: float, most: int, measure: Measure
) -> tuple[list[str], bool]:
    """A text in at most so many lines, broken at spaces where there are any; and whether it had to be shortened."""
    lines: list[str] = []
    rest = text.strip()
    while rest:
        if measure(rest, face, size) <= width:
            return [*lines, rest], False
        if len(lines) == most - 1:
            return [*lines, _shortened(rest, face, size, width, measure)], True
        end = _break(rest, max(_fitting(rest, face, size, width, measure), 1), whole=face == "bold")
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return lines, False


def _break(text: str, end: int, *, whole: bool) -> int:
    """Where a line of at most `end` signs ends: between words, and no small sign begins the next one.

    Japanese goes on anywhere, unless its words are to be kept `whole`, as in names.
    """
    places = [
        place for place in range(1, end + 1) if text[place : place + 1] == " " or text[place - 1] in JOINTS
    ]
    last = places[-1] if places else 0
    within = text[end - 1].isascii() and text[end : end + 1].isascii() and text[end : end + 1] != " "
    if last and (whole or within or 2 * last > end):
        return last
    while end > 1 and text[end : end + 1] in NEVER_FIRST:
        end -= 1
    return end


def _shortened(text: str, face: str, size: float, width: float, measure: Measure) -> str:
    if measure(text, face, size) <= width:
        return text
    room = width - measure("…", face, size)
    return text[: _fitting(text, face, size, room, measure)].rstrip() + "…"


def _fitting(text: str, face: str, size: float, width: float, measure: Measure) -> int:
    """How many signs of a text go into a width."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle], face, size) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def _clusters(text: str) -> list[str]:
    """Each letter with the marks that follow it."""
    found: list[str] = []
    for sign in text:
        if found and unicodedata.combining(sign):
            found[-1] += sign
        else:
            found.append(sign)
    return found


def _is_silent(sign: str) -> bool:
    """A sign that only says how others look: variation selectors, joiners, and whatever else has no form."""
    name = unicodedata.name(sign, "")
    return name.startswith("VARIATION SELECTOR") or unicodedata.category(sign) in ("Cf", "Cc", "Cs")
