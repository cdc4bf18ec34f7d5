"""The ticket on paper: one page, drawn by us, with the QR code as squares that stay sharp."""

import io

from flask_babel import gettext as _
from reportlab.lib.pagesizes import A5
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from organizer.domain.lifecycle import Mode
from organizer.i18n import clock_time, long_day, yen
from organizer.registrations.models import Registration, Ticket
from organizer.web.labels import label
from organizer.web.paper import broken, draw_qr, fonts, printable

WIDTH, HEIGHT = A5
MARGIN = 14 * mm
QR_SIDE = 78 * mm


def ticket(registration: Registration, ticket: Ticket, url: str) -> bytes:
    """The PDF of a ticket whose QR code holds `url`. Event, circle, person and profile must be loaded."""
    event, person = registration.event, registration.person
    zone = event.circle.time_zone
    file = io.BytesIO()
    sheet = Sheet(file, title=event.title, author=event.circle.name)
    sheet.write(event.circle.name, 9, grey=True)
    sheet.write(event.title, 15, bold=True, lines=2)
    hours = f"{clock_time(event.starts_at, zone)}–{clock_time(event.ends_at, zone)}"
    sheet.write(f"{long_day(event.starts_at, zone)} {hours}", 12, bold=True)
    doors = _("Doors open at %(time)s", time=clock_time(event.doors_open_at, zone))
    if event.mode is Mode.VENUE:
        sheet.write(" ・ ".join(part for part in (event.place, doors) if part), 10, lines=2)
        sheet.write(event.address, 9, grey=True, lines=2)
    sheet.squares(url)
    sheet.write(person.name, 16, bold=True, centred=True, lines=2)
    sheet.write(person.reading, 9, grey=True, centred=True)
    sheet.write(person.profile.company, 10, centred=True, lines=2)
    sheet.write(_("Number %(number)s", number=ticket.number), 26, bold=True, centred=True)
    known = _("With this number you can check in even if the QR code cannot be shown.")
    sheet.write(known, 9, grey=True, centred=True)
    fee = _("Fee %(fee)s, at the door", fee=yen(event.fee_yen)) if event.fee_yen else ""
    rule = _("Sharing rule: %(rule)s", rule=label(event.sharing_rule))
    sheet.write(" ・ ".join(part for part in (fee, rule) if part), 9, centred=True, lines=2)
    if event.phone:
        sheet.write(_("On the day: %(phone)s", phone=event.phone), 9, centred=True)
    sheet.write(_("Please show this at the door, on paper or on your phone."), 9, grey=True, centred=True)
    sheet.save()
    return file.getvalue()


class Sheet:
    """One page, written from top to bottom."""

    def __init__(self, file: io.BytesIO, title: str, author: str) -> None:
        self.canvas = Canvas(file, pagesize=A5, invariant=1)
        self.canvas.setTitle(printable(title, "plain"))
        self.canvas.setAuthor(printable(author, "plain"))
        self.y = HEIGHT - MARGIN

    def write(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        grey: bool = False,
        centred: bool = False,
        lines: int = 1,
    ) -> None:
        """Set text in at most so many lines; what does not fit ends in an ellipsis. Nothing for an empty text."""
        face = "bold" if bold else "plain"
        font = fonts()[face]
        self.canvas.setFont(font, size)
        self.canvas.setFillGray(0.35 if grey else 0)
        for line in broken(printable(text, face), face, size, WIDTH - 2 * MARGIN, lines):
            self.y -= size * 1.2
            if centred:
                self.canvas.drawCentredString(WIDTH / 2, self.y, line)
            else:
                self.canvas.drawString(MARGIN, self.y, line)
            self.y -= size * 0.35

    def squares(self, url: str) -> None:
        """The QR code, in the middle."""
        draw_qr(self.canvas, url, (WIDTH - QR_SIDE) / 2, self.y, QR_SIDE)
        self.y -= QR_SIDE

    def save(self) -> None:
        """End the page and the file."""
        self.canvas.showPage()
        self.canvas.save()
