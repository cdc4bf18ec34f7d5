"""The door list on paper: by reading, with a box to tick, for when every machine fails."""

import io
from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from organizer.checkin.queries import Guest
from organizer.events.models import Event
from organizer.i18n import clock_time, long_day, when, yen
from organizer.web.paper import fonts, printable, shortened

WIDTH, HEIGHT = A4
MARGIN = 15 * mm
ROW = 11.5 * mm
HEAD = 34 * mm
PER_PAGE = int((HEIGHT - HEAD - 2 * MARGIN) // ROW)
BOX = 5 * mm
# Where each column begins and how wide its text may be.
COLUMNS = {
    "name": (9 * mm, 56 * mm),
    "company": (67 * mm, 58 * mm),
    "notes": (127 * mm, 38 * mm),
    "number": (168 * mm, 12 * mm),
}


def draw(event: Event, guests: Sequence[Guest], now: datetime) -> bytes:
    """The list as a PDF in the reader's language; `now` stands on it, for a list is soon an old one. Circle loaded."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1)
    canvas.setTitle(printable(f"{_('Door list')} {event.title}"))
    canvas.setAuthor(printable(event.circle.name))
    pages = max(1, -(-len(guests) // PER_PAGE))
    for page in range(pages):
        _head(canvas, event, len(guests), now, f"{page + 1} / {pages}")
        for place, guest in enumerate(guests[page * PER_PAGE : (page + 1) * PER_PAGE]):
            _row(canvas, event, guest, HEIGHT - MARGIN - HEAD - place * ROW)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _head(canvas: Canvas, event: Event, total: int, now: datetime, page: str) -> None:
    zone = event.circle.time_zone
    top = HEIGHT - MARGIN
    width = WIDTH - 2 * MARGIN
    _write(canvas, event.title, MARGIN, top - 6 * mm, "bold", 15, width)
    hours = f"{clock_time(event.starts_at, zone)}–{clock_time(event.ends_at, zone)}"
    _write(
        canvas,
        f"{long_day(event.starts_at, zone)} {hours}  {event.place}",
        MARGIN,
        top - 13 * mm,
        "plain",
        10,
        width,
    )
    facts = [
        _("Door list"),
        _("%(total)s expected", total=total),
        _("as of %(time)s", time=when(now, zone)),
        page,
    ]
    _write(canvas, "  ・  ".join(facts), MARGIN, top - 19 * mm, "plain", 9, width)
    heads = {"name": _("Name"), "company": _("Company"), "notes": _("Notes"), "number": _("Number")}
    for column, text in heads.items():
        left, room = COLUMNS[column]
        _write(canvas, text, MARGIN + left, top - 29 * mm, "plain", 8, room)
    canvas.setLineWidth(0.8)
    canvas.line(MARGIN, top - 31 * mm, WIDTH - MARGIN, top - 31 * mm)


def _row(canvas: Canvas, event: Event, guest: Guest, top: float) -> None:
    canvas.setLineWidth(0.6)
    canvas.rect(MARGIN, top - BOX - 1.5 * mm, BOX, BOX)
    if guest.arrived_at:
        canvas.setLineWidth(1.4)
        canvas.lines([(MARGIN + 1 * mm, top - 4.2 * mm, MARGIN + 2.2 * mm, top - 5.6 * mm)])
        canvas.lines([(MARGIN + 2.2 * mm, top - 5.6 * mm, MARGIN + 4.4 * mm, top - 2.4 * mm)])
    first = [_("First time") if guest.first_time else "", _arrived(guest, event.circle.time_zone)]
    _write(
        canvas,
        " ・ ".join(filter(None, first)),
        MARGIN + COLUMNS["notes"][0],
        top - 2 * mm,
        "plain",
        7,
        COLUMNS["notes"][1],
    )
    fee = yen(guest.fee_due) if guest.fee_due else ""
    texts = {"company": guest.company, "notes": fee, "number": str(guest.number or "")}
    left, room = COLUMNS["name"]
    _write(canvas, guest.reading, MARGIN + left, top - 2 * mm, "plain", 7, room)
    _write(canvas, guest.name, MARGIN + left, top - 6.5 * mm, "bold", 11, room)
    for column, text in texts.items():
        left, room = COLUMNS[column]
        _write(canvas, text, MARGIN + left, top - 6.5 * mm, "plain", 9, room)
    canvas.setLineWidth(0.25)
    canvas.line(MARGIN, top - ROW + 2 * mm, WIDTH - MARGIN, top - ROW + 2 * mm)


def _arrived(guest: Guest, zone: str) -> str:
    return _("arrived %(time)s", time=clock_time(guest.arrived_at, zone)) if guest.arrived_at else ""


def _write(canvas: Canvas, text: str, left: float, base: float, face: str, size: float, width: float) -> None:
    canvas.setFont(fonts()[face], size)
    canvas.drawString(left, base, shortened(printable(text, face), face, size, width))
