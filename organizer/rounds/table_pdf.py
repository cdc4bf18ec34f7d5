"""Cards that stand on the tables and slips that go with their people, drawn by us on A4."""

import io
from collections.abc import Sequence

from flask_babel import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from organizer.events.models import Event
from organizer.i18n import day
from organizer.rounds.papers import Slip, TableCard
from organizer.rounds.queries import Face
from organizer.web.paper import broken, fonts, printable, shortened

WIDTH, HEIGHT = A4
MARGIN = 14 * mm
CARD = HEIGHT / 2
FACE = CARD / 2
"""A card is folded along its middle: each half is a face of it, the upper one printed upside down."""
MOST_COLUMNS = 6
SLIP_COLUMNS, SLIP_ROWS = 2, 5
SLIP_WIDE, SLIP_HIGH = WIDTH / SLIP_COLUMNS, HEIGHT / SLIP_ROWS
SLIP_MARGIN = 9 * mm
MARK = 4 * mm
ROUNDS_A_LINE = 6
SMALLEST_IN_TWO = 9
"""Points from which a long name may have two lines, that are not too small to read."""


def cards(event: Event, tables: Sequence[TableCard]) -> bytes:
    """Two cards a page, each to be cut off and folded once. Circle loaded."""
    file, canvas = _begin(event, _("Table cards"))
    for place, table in enumerate(tables):
        bottom = CARD if place % 2 == 0 else 0
        _card(canvas, event, table, bottom)
        if place % 2 == 1 or place == len(tables) - 1:
            _dashed(canvas, 0, CARD, WIDTH, CARD)
            canvas.showPage()
    return _end(file, canvas, empty=not tables)


def routes(event: Event, slips: Sequence[Slip]) -> bytes:
    """Ten slips a page, to be cut apart along the marks. Circle loaded."""
    file, canvas = _begin(event, _("Seats by person"))
    per_page = SLIP_COLUMNS * SLIP_ROWS
    for first in range(0, len(slips), per_page):
        for place, slip in enumerate(slips[first : first + per_page]):
            row, column = divmod(place, SLIP_COLUMNS)
            _slip(canvas, event, slip, column * SLIP_WIDE, HEIGHT - row * SLIP_HIGH)
        _cut_marks(canvas)
        canvas.showPage()
    return _end(file, canvas, empty=not slips)


def _card(canvas: Canvas, event: Event, table: TableCard, bottom: float) -> None:
    """The same face twice: standing on the table it is read from both sides."""
    canvas.saveState()
    canvas.translate(0, bottom)
    _face(canvas, event, table)
    canvas.translate(WIDTH, CARD)
    canvas.rotate(180)
    _face(canvas, event, table)
    canvas.restoreState()
    canvas.setStrokeGray(0.75)
    canvas.setLineWidth(0.4)
    canvas.lines([(0, bottom + FACE, 6 * mm, bottom + FACE)])
    canvas.lines([(WIDTH - 6 * mm, bottom + FACE, WIDTH, bottom + FACE)])


def _face(canvas: Canvas, event: Event, table: TableCard) -> None:
    """The lower half of a card: the number on the left, the names beside it."""
    number_wide = 46 * mm
    middle = MARGIN + number_wide / 2
    size = 96 if table.number < 100 else 68
    canvas.setFillGray(0)
    canvas.setFont(fonts()["bold"], size)
    canvas.drawCentredString(middle, FACE / 2 - size * 0.36 - 2 * mm, str(table.number))
    canvas.setFont(fonts()["plain"], 13)
    canvas.setFillGray(0.35)
    canvas.drawCentredString(middle, FACE - 13 * mm, printable(_("Table")))
    _write(canvas, event.title, "plain", 8, MARGIN, 7 * mm, WIDTH - 2 * MARGIN)
    left = MARGIN + number_wide + 6 * mm
    _names(canvas, table, left, WIDTH - MARGIN - left)


def _names(canvas: Canvas, table: TableCard, left: float, width: float) -> None:
    """A column for each round; of one round alone in large letters."""
    top, high = FACE - 9 * mm, FACE - 22 * mm
    if len(table.rounds) == 1:
        number, people = table.rounds[0]
        canvas.setFillGray(0.35)
        _write(canvas, _("Round %(number)s", number=number), "plain", 10, left, top - 10, width)
        _column(canvas, people, left, top - 16, width, high - 16, 20)
        return
    rows = 1 if len(table.rounds) <= MOST_COLUMNS else 2
    columns = -(-len(table.rounds) // rows)
    wide, tall = width / columns, high / rows
    for place, (number, people) in enumerate(table.rounds):
        row, column = divmod(place, columns)
        x, y = left + column * wide, top - row * tall
        canvas.setFillGray(0.35)
        _write(canvas, _("Round %(number)s", number=number), "plain", 8, x, y - 8, wide - 3 * mm)
        _column(canvas, people, x, y - 12, wide - 3 * mm, tall - 14, 12)


def _column(
    canvas: Canvas, people: Sequence[Face], left: float, top: float, width: float, high: float, largest: float
) -> None:
    """Names from top to bottom as large as they go: long ones in two lines, before anything is left out."""
    size = min(largest, high / max(len(people), 1) / 1.45)
    canvas.setFillGray(0)
    for place, face in enumerate(people):
        _name(canvas, face, left, top - place * size * 1.45, width, size)


def _slip(canvas: Canvas, event: Event, slip: Slip, left: float, top: float) -> None:
    """Name and company, and beneath them the rounds with their tables."""
    x, width = left + SLIP_MARGIN, SLIP_WIDE - 2 * SLIP_MARGIN
    canvas.setFillGray(0.35)
    when = day(event.starts_at, event.circle.time_zone)
    _write(canvas, f"{event.title}  {when}", "plain", 7, x, top - SLIP_MARGIN, width)
    _write(canvas, slip.face.reading, "plain", 7, x, top - SLIP_MARGIN - 13, width)
    _write(canvas, slip.face.company, "plain", 8, x, top - SLIP_MARGIN - 45, width)
    _write(canvas, _("Your table in each round"), "plain", 7, x, top - SLIP_MARGIN - 60, width)
    canvas.setFillGray(0)
    _name(canvas, slip.face, x, top - SLIP_MARGIN - 15, width, 14)
    lines = max(-(-len(slip.tables) // ROUNDS_A_LINE), 1)
    columns = max(-(-len(slip.tables) // lines), 4)
    for place, table in enumerate(slip.tables):
        row, column = divmod(place, columns)
        y = top - SLIP_MARGIN - 66 - row * 34
        _stop(canvas, place + 1, table, x + column * width / columns, y, 18 if lines > 1 else 32)


def _name(canvas: Canvas, face: Face, left: float, top: float, width: float, size: float) -> None:
    """A name beneath `top`: a long one in two smaller lines of the same height, before anything is left out."""
    name = printable(face.name or _("(name not given yet)"), "bold")
    line, lines = size, broken(name, "bold", size, width, 1)
    if lines != [name] and size >= SMALLEST_IN_TWO:
        line = size * 0.62
        lines = broken(name, "bold", line, width, 2)
    canvas.setFont(fonts()["bold"], line)
    for place, text in enumerate(lines):
        canvas.drawString(left, top - line * 1.02 - place * line * 1.12, text)


def _stop(canvas: Canvas, number: int, table: int | None, x: float, y: float, size: float) -> None:
    """One round: its number in small, its table in large letters."""
    canvas.setFillGray(0.35)
    canvas.setFont(fonts()["plain"], 7)
    canvas.drawString(x, y - 7, printable(_("Round %(number)s", number=number)))
    canvas.setFillGray(0)
    canvas.setFont(fonts()["bold"], size)
    canvas.drawString(x, y - 10 - size * 0.85, "–" if table is None else str(table))


def _begin(event: Event, title: str) -> tuple[io.BytesIO, Canvas]:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1)
    canvas.setTitle(printable(f"{title} {event.title}"))
    canvas.setAuthor(printable(event.circle.name))
    return file, canvas


def _end(file: io.BytesIO, canvas: Canvas, *, empty: bool) -> bytes:
    if empty:
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _write(canvas: Canvas, text: str, face: str, size: float, x: float, y: float, width: float) -> None:
    canvas.setFont(fonts()[face], size)
    canvas.drawString(x, y, shortened(printable(text, face), face, size, width))


def _dashed(canvas: Canvas, x1: float, y1: float, x2: float, y2: float) -> None:
    canvas.saveState()
    canvas.setStrokeGray(0.6)
    canvas.setLineWidth(0.4)
    canvas.setDash(2, 3)
    canvas.line(x1, y1, x2, y2)
    canvas.restoreState()


def _cut_marks(canvas: Canvas) -> None:
    """Short lines where the slips are cut apart: crosses inside, strokes at the edges."""
    canvas.saveState()
    canvas.setStrokeGray(0.55)
    canvas.setLineWidth(0.4)
    for row in range(1, SLIP_ROWS):
        y = row * SLIP_HIGH
        for x in (0.0, SLIP_WIDE, WIDTH):
            canvas.line(max(x - MARK, 0), y, min(x + MARK, WIDTH), y)
    for y in (row * SLIP_HIGH for row in range(SLIP_ROWS + 1)):
        canvas.line(SLIP_WIDE, max(y - MARK, 0), SLIP_WIDE, min(y + MARK, HEIGHT))
    canvas.restoreState()
