"""Receipts for fees: numbered within the circle without gaps, written once, drawn as often as wanted."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.checkin.fees import payment_of
from organizer.checkin.models import FeePayment, Receipt
from organizer.circles.models import Circle
from organizer.errors import NotFound, Refused
from organizer.events.models import Event
from organizer.registrations.models import Registration


class ReceiptBarrier(StrEnum):
    """Why there is no receipt."""

    NOT_PAID = "receipt_not_paid"


@dataclass(frozen=True, slots=True)
class Wording:
    """What somebody wants on the receipt: to whom it is made out, and what for."""

    addressee: str
    proviso: str


def receipt_of(session: Session, registration_id: int) -> Receipt | None:
    """The receipt of the payment that stands for a registration, if one has been written."""
    query = select(Receipt).join(FeePayment, FeePayment.id == Receipt.payment_id)
    standing = FeePayment.registration_id == registration_id, FeePayment.voided_at.is_(None)
    return session.scalar(query.where(*standing))


def get_receipt(session: Session, registration_id: int) -> Receipt:
    """The same. NotFound where none has been written."""
    receipt = receipt_of(session, registration_id)
    if receipt is None:
        raise NotFound
    return receipt


def issue(
    session: Session,
    event: Event,
    registration: Registration,
    wording: Wording,
    *,
    now: datetime,
    by_id: int | None,
    corrects: bool,
) -> Receipt:
    """The receipt of a registration's fee, about to be drawn once more; written and numbered the first time.

    Issuer, number, amount and date stand as they were written then. Where the wording differs it is taken in by who
    `corrects`, and left by others; the drawing is then marked as another one of the same number. Whoever writes at
    the same time in this circle waits, so that numbers follow each other. Refused(NOT_PAID). Event with its circle.
    """
    _wait_for_turn(session, event.circle_id)
    payment = payment_of(session, registration.id)
    if payment is None:
        raise Refused(ReceiptBarrier.NOT_PAID)
    receipt = session.scalar(
        select(Receipt).where(Receipt.payment_id == payment.id).execution_options(populate_existing=True)
    )
    if receipt is None:
        receipt = _write(session, event.circle, payment, wording, now, by_id)
    elif corrects:
        _correct(session, receipt, wording, now, by_id)
    receipt.printed += 1
    session.flush()
    return receipt


def _wait_for_turn(session: Session, circle_id: int) -> None:
    """Hold the circle's row until the commit: whoever writes a receipt takes the next number alone."""
    session.execute(select(Circle.id).where(Circle.id == circle_id).with_for_update(key_share=True))


def _write(
    session: Session, circle: Circle, payment: FeePayment, wording: Wording, now: datetime, by_id: int | None
) -> Receipt:
    last = session.scalar(select(func.max(Receipt.number)).where(Receipt.circle_id == circle.id))
    receipt = Receipt(
        circle_id=circle.id,
        event_id=payment.event_id,
        payment_id=payment.id,
        number=(last or 0) + 1,
        addressee=wording.addressee,
        proviso=wording.proviso,
        issuer=circle.legal_name or circle.sender_name or circle.name,
        issuer_address=circle.sender_address,
        invoice_number=circle.invoice_number,
        yen=payment.yen,
        printed=0,
        by_id=by_id,
        at=now,
    )
    session.add(receipt)
    session.flush()
    _record(session, "receipt.issued", receipt, now, by_id, number=receipt.number, yen=receipt.yen)
    return receipt


def _correct(session: Session, receipt: Receipt, wording: Wording, now: datetime, by_id: int | None) -> None:
    wanted = {"addressee": wording.addressee, "proviso": wording.proviso}
    changed = sorted(name for name, text in wanted.items() if getattr(receipt, name) != text)
    for name in changed:
        setattr(receipt, name, wanted[name])
    if changed:
        _record(session, "receipt.corrected", receipt, now, by_id, fields=changed)


def _record(
    session: Session, act: str, receipt: Receipt, now: datetime, by_id: int | None, **facts: object
) -> None:
    about = {"actor_id": by_id, "circle_id": receipt.circle_id, "event": receipt.event_id}
    record(session, act, "receipt", receipt.id, at=now, **about, **facts)  # type: ignore[arg-type]
