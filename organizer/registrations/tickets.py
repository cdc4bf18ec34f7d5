"""Tickets: a code that is found by its hash and redrawn from its sealed text, a short number, and the picture."""

import base64
import hashlib
import io
import secrets
from datetime import datetime
from functools import lru_cache

import qrcode
from cryptography.fernet import Fernet, InvalidToken
from qrcode.constants import ERROR_CORRECT_M
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.ticketing import CODE_BYTES, find_code, new_code, new_number
from organizer.registrations.models import Registration, Ticket
from organizer.tokens import digest

MASK = 3  # one fixed mask instead of the best of eight: a fifth of the work, and any reader copes
PIXELS = 12
BORDER = 4
TRIES = 5


def issue(session: Session, registration: Registration, now: datetime, secret_key: str) -> Ticket:
    """The standing ticket of an admitted registration, made if there is none. Two at once get the same one."""
    if registration.state is not RegistrationState.ADMITTED:
        raise ValueError("only the admitted have tickets")
    for _ in range(TRIES):
        ticket = standing(session, registration.id)
        if ticket is not None:
            return ticket
        made = _try_to_make(session, registration, now, secret_key)
        if made is not None:
            return made
    raise RuntimeError("no free number was found for a ticket")


def standing(session: Session, registration_id: int) -> Ticket | None:
    """The ticket of a registration that opens the door, if there is one."""
    return session.scalar(
        select(Ticket).where(Ticket.registration_id == registration_id, Ticket.revoked_at.is_(None))
    )


def revoke(session: Session, registration: Registration, now: datetime, *, by_id: int | None) -> bool:
    """End the standing ticket; gives whether there was one."""
    ticket = standing(session, registration.id)
    if ticket is None:
        return False
    ticket.revoked_at = now
    facts = {"registration_id": registration.id, "circle_id": registration.circle_id}
    record(session, "ticket.revoked", "ticket", ticket.id, at=now, actor_id=by_id, **facts)
    session.flush()
    return True


def reissue(
    session: Session, registration: Registration, now: datetime, secret_key: str, *, by_id: int | None
) -> Ticket:
    """A new ticket in place of the standing one, whose code opens nothing any more."""
    revoke(session, registration, now, by_id=by_id)
    return issue(session, registration, now, secret_key)


def seal(code: str, secret_key: str) -> str:
    """A code as it is kept: encrypted with the app's secret."""
    return _seal(secret_key).encrypt(code.encode()).decode()


def code_of(ticket: Ticket, secret_key: str) -> str:
    """The code of a ticket, to draw it again. Raises ValueError when it was sealed with another secret."""
    try:
        return _seal(secret_key).decrypt(ticket.code_sealed.encode()).decode()
    except InvalidToken:
        raise ValueError("this ticket was sealed with another secret") from None


def find_by_code(session: Session, code: str) -> Ticket | None:
    """The ticket, standing or revoked, whose code is in what was scanned or typed; of whatever event."""
    found = find_code(code)
    return session.scalar(select(Ticket).where(Ticket.code_hash == digest(found))) if found else None


def qr_matrix(url: str) -> list[list[bool]]:
    """The squares of a QR code, without its border: True is dark."""
    return _drawn(url, border=0).get_matrix()  # type: ignore[no-any-return]


def qr_runs(url: str) -> tuple[int, list[tuple[int, int, int]]]:
    """The side of a QR code in squares, and its dark runs as (from the left, from the top, length), without border."""
    matrix = qr_matrix(url)
    return len(matrix), [(x, y, length) for y, row in enumerate(matrix) for x, length in _dark_runs(row)]


def qr_png(url: str) -> bytes:
    """A QR code as a picture in black and white."""
    file = io.BytesIO()
    _drawn(url, border=BORDER).make_image().save(file)
    return file.getvalue()


def qr_svg(url: str) -> str:
    """A QR code as a drawing that is sharp at any size."""
    squares, dark = qr_runs(url)
    side = squares + 2 * BORDER
    runs = (f"M{BORDER + x} {BORDER + y}h{length}v1h-{length}z" for x, y, length in dark)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{"".join(runs)}"/></svg>'
    )


def qr_data_url(url: str) -> str:
    """A QR code as the address of a picture that needs no further request."""
    return "data:image/svg+xml;base64," + base64.b64encode(qr_svg(url).encode()).decode()


def _dark_runs(row: list[bool]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and runs and sum(runs[-1]) == x:
            runs[-1] = runs[-1][0], runs[-1][1] + 1
        elif dark:
            runs.append((x, 1))
    return runs


def _drawn(url: str, border: int) -> qrcode.QRCode:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=PIXELS, border=border, mask_pattern=MASK)
    code.add_data(url)
    code.make(fit=True)
    return code


def _try_to_make(
    session: Session, registration: Registration, now: datetime, secret_key: str
) -> Ticket | None:
    """A new ticket, or None where another was quicker: with this registration's ticket, or with the number."""
    numbers = select(Ticket.number).where(
        Ticket.event_id == registration.event_id, Ticket.revoked_at.is_(None)
    )
    code = new_code(secrets.token_bytes(CODE_BYTES))
    ticket = Ticket(
        circle_id=registration.circle_id,
        event_id=registration.event_id,
        registration_id=registration.id,
        code_hash=digest(code),
        code_sealed=seal(code, secret_key),
        number=new_number(secrets.token_bytes(4), set(session.scalars(numbers))),
        issued_at=now,
    )
    try:
        with session.begin_nested():
            session.add(ticket)
    except IntegrityError:
        return None
    facts = {"registration_id": registration.id, "circle_id": registration.circle_id}
    record(session, "ticket.issued", "ticket", ticket.id, at=now, **facts)
    return ticket


@lru_cache(maxsize=2)
def _seal(secret_key: str) -> Fernet:
    key = hashlib.sha256(b"enishi ticket code\0" + secret_key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
