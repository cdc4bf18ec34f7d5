"""What every PDF of ours needs: the embedded Japanese faces, and text that fits."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from organizer.registrations.tickets import BORDER, qr_runs

FONTS = Path(__file__).parent.parent / "fonts"
_BEYOND = re.compile(r"<([0-9A-F]{2})> <([0-9A-F]{5,6})>")
GETA = "〓"  # what Japanese printers set where a type is missing


class Face(TTFont):  # type: ignore[misc]
    """A face whose text can be found and copied, signs beyond the basic plane (𠮷) too.

    ReportLab writes their numbers as they are into the table by which a reader turns signs into text; the table
    wants them as two halves.
    """

    def addObjects(self, doc: Any) -> None:
        """Add the font to a document."""
        super().addObjects(doc)
        for name, thing in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:"):
                thing.content = _BEYOND.sub(_as_halves, thing.content)


def _as_halves(found: re.Match[str]) -> str:
    return f"<{found[1]}> <{chr(int(found[2], 16)).encode('utf-16-be').hex().upper()}>"


@cache
def fonts() -> dict[str, str]:
    """The names of the `plain` and the `bold` face, known to ReportLab from here on."""
    faces = {"plain": "NotoSansJP-Regular", "bold": "NotoSansJP-Bold"}
    for name in faces.values():
        pdfmetrics.registerFont(Face(name, FONTS / f"{name}.ttf"))
    return faces


def printable(text: str, face: str = "plain") -> str:
    """Text without what no face can draw: variation selectors go, a sign that is missing becomes 〓."""
    known = pdfmetrics.getFont(fonts()[face]).face.charToGlyph
    kept = (char for char in text if not unicodedata.name(char, "").startswith("VARIATION SELECTOR"))
    return "".join(char if ord(char) in known else " " if char.isspace() else GETA for char in kept)


def shortened(text: str, face: str, size: float, width: float) -> str:
    """As much of a printable text as goes into a width, with an ellipsis where something was left out."""
    font = fonts()[face]
    if fitting(text, face, size, width) == len(text):
        return text
    room = width - pdfmetrics.stringWidth("…", font, size)
    return text[: fitting(text, face, size, room)].rstrip() + "…"


def broken(text: str, face: str, size: float, width: float, most: int) -> list[str]:
    """The lines of a text, broken at spaces where there are any and anywhere else, the last one shortened to fit."""
    lines: list[str] = []
    rest = text.strip()
    while rest:
        if len(lines) == most - 1:
            return [*lines, shortened(rest, face, size, width)]
        end = max(fitting(rest, face, size, width), 1)
        space = rest.rfind(" ", 0, end + 1)
        if end < len(rest) and space > 0 and rest[end - 1].isascii():
            end = space
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return lines


def fitting(text: str, face: str, size: float, width: float) -> int:
    """How many signs of a text go into a width."""
    font, used = fonts()[face], 0.0
    for index, char in enumerate(text):
        used += pdfmetrics.stringWidth(char, font, size)
        if used > width:
            return index
    return len(text)


def draw_qr(canvas: Canvas, url: str, left: float, top: float, side: float) -> None:
    """A QR code with its quiet zone in a square of that side, as runs that stay sharp; all in points."""
    squares, runs = qr_runs(url)
    unit = side / (squares + 2 * BORDER)
    path = canvas.beginPath()
    for x, y, length in runs:
        path.rect(left + (x + BORDER) * unit, top - (y + BORDER + 1) * unit, length * unit, unit)
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)
