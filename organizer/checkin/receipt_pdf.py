"""The receipt on paper: half of a sheet of A4, lying, drawn by us."""

import io

from flask_babel import gettext as _
from reportlab.lib.pagesizes import A5, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from organizer.checkin.models import Receipt
from organizer.domain.invoices import TAX_PERCENT, tax_within
from organizer.events.models import Event
from organizer.i18n import long_day
from organizer.web.paper import broken, fonts, printable, shortened

WIDTH, HEIGHT = landscape(A5)
MARGIN = 16 * mm
INNER = WIDTH - 2 * MARGIN
ISSUER_LEFT = WIDTH * 0.52


def draw(receipt: Receipt, event: Event) -> bytes:
    """One receipt as a PDF in the reader's language; every drawing but the first is marked as a copy. Circle loaded."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.setTitle(printable(_("Receipt No. %(number)s", number=receipt.number)))
    canvas.setAuthor(printable(receipt.issuer))
    _frame(canvas)
    _head(canvas, receipt, event.circle.time_zone)
    _amount(canvas, receipt)
    _purpose(canvas, receipt, event)
    _tax(canvas, receipt)
    _issuer(canvas, receipt)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _frame(canvas: Canvas) -> None:
    canvas.setStrokeGray(0.2)
    canvas.setLineWidth(0.8)
    canvas.rect(8 * mm, 8 * mm, WIDTH - 16 * mm, HEIGHT - 16 * mm)


def _head(canvas: Canvas, receipt: Receipt, zone: str) -> None:
    """The title in the middle, number and day on the right, and for whom beneath."""
    top = HEIGHT - 22 * mm
    canvas.setFont(fonts()["bold"], 22)
    canvas.drawCentredString(WIDTH / 2, top, printable(_("Receipt"), "bold"))
    if receipt.printed > 1:
        _write(canvas, _("(copy)"), MARGIN, top + 1 * mm, "bold", 12, 50 * mm)
    right = WIDTH - MARGIN
    _to_right(canvas, _("No. %(number)s", number=receipt.number), right, top + 4 * mm, 10)
    _to_right(canvas, long_day(receipt.at, zone), right, top - 2 * mm, 10)
    text, size, step = printable(receipt.addressee, "bold"), 15.0, 6.5 * mm
    lines = broken(text, "bold", size, INNER * 0.8, 2)
    if lines[-1].endswith("…"):
        size, step = 10.5, 4.6 * mm
        lines = broken(text, "bold", size, INNER * 0.8, 3)
    base = top - 17 * mm + (len(lines) - 1) * step
    canvas.setFont(fonts()["bold"], size)
    for place, line in enumerate(lines):
        canvas.drawString(MARGIN, base - place * step, line)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, top - 19.5 * mm, MARGIN + INNER * 0.8, top - 19.5 * mm)


def _amount(canvas: Canvas, receipt: Receipt) -> None:
    """Closed in on both sides, so that no figure can be added."""
    base = HEIGHT - 61 * mm
    canvas.setFillGray(0.94)
    canvas.rect(MARGIN, base - 5 * mm, INNER, 15 * mm, stroke=0, fill=1)
    canvas.setFillGray(0)
    _write(canvas, _("Amount"), MARGIN + 5 * mm, base, "plain", 11, 40 * mm)
    canvas.setFont(fonts()["bold"], 26)
    canvas.drawCentredString(WIDTH / 2, base - 1 * mm, f"¥{receipt.yen:,}※")


def _purpose(canvas: Canvas, receipt: Receipt, event: Event) -> None:
    top = HEIGHT - 76 * mm
    text = printable(_("For: %(proviso)s", proviso=receipt.proviso))
    canvas.setFont(fonts()["plain"], 11)
    for place, line in enumerate(broken(text, "plain", 11, INNER, 2)):
        canvas.drawString(MARGIN, top - place * 5.5 * mm, line)
    held = _("Held on %(day)s", day=long_day(event.starts_at, event.circle.time_zone))
    _write(canvas, held, MARGIN, top - 12 * mm, "plain", 9, INNER)
    _write(canvas, _("Received with thanks."), MARGIN, top - 18 * mm, "plain", 11, INNER)


def _tax(canvas: Canvas, receipt: Receipt) -> None:
    """What a qualified invoice must say, where the issuer may write one; else nothing of tax."""
    if not receipt.invoice_number:
        return
    taxed = _("Subject to %(percent)s %%: ¥%(yen)s", percent=TAX_PERCENT, yen=f"{receipt.yen:,}")
    within = _(
        "of which consumption tax (%(percent)s %%): ¥%(yen)s",
        percent=TAX_PERCENT,
        yen=f"{tax_within(receipt.yen):,}",
    )
    room = ISSUER_LEFT - MARGIN - 6 * mm
    _write(canvas, taxed, MARGIN, 29 * mm, "plain", 9, room)
    _write(canvas, within, MARGIN, 23.5 * mm, "plain", 9, room)


def _issuer(canvas: Canvas, receipt: Receipt) -> None:
    """Who took the money, at the lower right."""
    room = WIDTH - MARGIN - ISSUER_LEFT
    number = receipt.invoice_number
    said = [
        *((line, "bold", 12) for line in broken(printable(receipt.issuer, "bold"), "bold", 12, room, 2)),
        *((line, "plain", 9) for line in broken(printable(receipt.issuer_address), "plain", 9, room, 2)),
        *([(_("Registration number %(number)s", number=number), "plain", 9)] if number else []),
    ]
    base = 23.5 * mm
    for text, face, size in reversed(said):
        _write(canvas, text, ISSUER_LEFT, base, face, size, room)
        base += (6.2 if size == 12 else 5.2) * mm


def _to_right(canvas: Canvas, text: str, right: float, base: float, size: float) -> None:
    canvas.setFont(fonts()["plain"], size)
    canvas.drawRightString(right, base, printable(text))


def _write(canvas: Canvas, text: str, left: float, base: float, face: str, size: float, width: float) -> None:
    canvas.setFont(fonts()[face], size)
    canvas.drawString(left, base, shortened(printable(text, face), face, size, width))
