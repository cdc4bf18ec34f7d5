"""What every PDF of ours needs: the embedded Japanese faces, and text that fits."""

import unicodedata
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path(__file__).parent.parent / "fonts"
GETA = "〓"  # what Japanese printers set where a type is missing


@cache
def fonts() -> dict[str, str]:
    """The names of the `plain` and the `bold` face, known to ReportLab from here on."""
    faces = {"plain": "NotoSansJP-Regular", "bold": "NotoSansJP-Bold"}
    for name in faces.values():
        pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))
    return faces


def printable(text: str, face: str = "plain") -> str:
    """Text without what no face can draw: variation selectors go, a sign that is missing becomes 〓."""
    known = pdfmetrics.getFont(fonts()[face]).face.charToGlyph
    kept = (char for char in text if not unicodedata.name(char, "").startswith("VARIATION SELECTOR"))
    return "".join(char if ord(char) in known else " " if char.isspace() else GETA for char in kept)


def shortened(text: str, face: str, size: float, width: float) -> str:
    """As much of a printable text as goes into a width, with an ellipsis where something was left out."""
    font = fonts()[face]
    if pdfmetrics.stringWidth(text, font, size) <= width:
        return text
    room = width - pdfmetrics.stringWidth("…", font, size)
    used, end = 0.0, 0
    for char in text:
        used += pdfmetrics.stringWidth(char, font, size)
        if used > room:
            break
        end += 1
    return text[:end].rstrip() + "…"
