"""Badges as a PDF, drawn by us on the sheets people print on, and what our faces can set."""

import io
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from organizer.domain.badges import POINT, SHEETS, Badge, Drawing, Headings, Sheet, SheetKind, lay_out
from organizer.web.paper import draw_qr, fonts, printable

HEIGHT = A4[1]
MARK = 4 * mm


def measure(text: str, face: str, size: float) -> float:
    """How wide a text is, in mm."""
    return pdfmetrics.stringWidth(text, fonts()[face], size) * POINT  # type: ignore[no-any-return]


def known(sign: str) -> bool:
    """Whether both faces can draw a sign."""
    return all(ord(sign) in pdfmetrics.getFont(name).face.charToGlyph for name in fonts().values())


def draw(badges: Sequence[Badge], kind: SheetKind, start: int, headings: Headings, title: str) -> bytes:
    """The badges on as many sheets as it takes; `start` is the place of the first, from 1, for a half-used sheet."""
    file, sheet = io.BytesIO(), SHEETS[kind]
    canvas = Canvas(file, pagesize=A4, invariant=1)
    canvas.setTitle(printable(title))
    for number, badge in enumerate(badges):
        place = (start - 1 + number) % sheet.places
        if number and place == 0:
            canvas.showPage()
        canvas.saveState()
        left, top = sheet.corner(place)
        canvas.translate(left * mm, HEIGHT - top * mm)
        _badge(canvas, lay_out(badge, kind, headings, measure), badge.url)
        canvas.restoreState()
        if kind is SheetKind.A6_4:
            _cut_marks(canvas, sheet)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _badge(canvas: Canvas, drawing: Drawing, url: str) -> None:
    canvas.setStrokeGray(0.35)
    canvas.setLineWidth(0.6)
    for chip in drawing.chips:
        canvas.roundRect(
            chip.x * mm, -(chip.y + chip.height) * mm, chip.width * mm, chip.height * mm, chip.height * mm / 2
        )
    for line in drawing.lines:
        canvas.setFillGray(0.35 if line.grey else 0)
        canvas.setFont(fonts()[line.face], line.size)
        canvas.drawString(line.x * mm, -line.y * mm, line.text)
    if drawing.code is not None:
        box = drawing.code
        draw_qr(canvas, url, box.x * mm, -box.y * mm, box.width * mm)


def _cut_marks(canvas: Canvas, sheet: Sheet) -> None:
    """Where a plain sheet is cut: a cross in the middle, strokes at the edges."""
    canvas.setStrokeGray(0.6)
    canvas.setLineWidth(0.4)
    across, down = A4[0] / sheet.columns, HEIGHT / sheet.rows
    for x in (0.0, across, A4[0]):
        canvas.line(max(x - MARK, 0), down, min(x + MARK, A4[0]), down)
    for y in (0.0, down, HEIGHT):
        canvas.line(across, max(y - MARK, 0), across, min(y + MARK, HEIGHT))
