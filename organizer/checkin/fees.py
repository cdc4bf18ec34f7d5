"""The fee of an event, noted once for each person: taken at the door in cash, or paid beforehand."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.checkin.models import FeePayment
from organizer.checkin.service import registration_of
from organizer.domain.door import PaymentWay
from organizer.domain.lifecycle import RegistrationState
from organizer.events.models import Event
from organizer.registrations.models import Registration

STANDING = FeePayment.voided_at.is_(None)


def take_fee(
    session: Session,
    event: Event,
    registration: str,
    *,
    now: datetime,
    by_id: int | None,
    device_id: int | None = None,
    way: PaymentWay = PaymentWay.CASH,
) -> int:
    """Note the event's fee as paid by this person, once however often it is pressed; gives what stands in yen.

    The first note counts, also where a second one names another way. 0 where nothing is owed. Raises NotFound.
    """
    row = registration_of(session, event, registration)
    standing = payment_of(session, row.id)
    if standing is not None:
        return standing.yen
    if not event.fee_yen or row.state is not RegistrationState.ADMITTED:
        return 0
    ids = {"circle_id": event.circle_id, "event_id": event.id, "registration_id": row.id}
    paid = FeePayment(**ids, yen=event.fee_yen, way=way, by_id=by_id, device_id=device_id, at=now)
    try:
        with session.begin_nested():
            session.add(paid)
    except IntegrityError:
        first = payment_of(session, row.id)
        return first.yen if first else 0
    _record(session, "fee.taken", row.id, event, now, by_id, yen=event.fee_yen, way=way.value)
    return event.fee_yen


def note_beforehand(
    session: Session, event: Event, registrations: Collection[str], *, now: datetime, by_id: int
) -> int:
    """Note the fee of many as paid beforehand, as a list of bank transfers tells; gives how many are new.

    Who has paid already, is not admitted, or is of another event, is passed over.
    """
    if not event.fee_yen or not registrations:
        return 0
    query = select(Registration.id).where(
        Registration.event_id == event.id,
        Registration.public_id.in_(list(registrations)),
        Registration.state == RegistrationState.ADMITTED,
    )
    common: dict[str, object] = {"circle_id": event.circle_id, "event_id": event.id, "yen": event.fee_yen}
    common |= {"way": PaymentWay.BEFOREHAND, "by_id": by_id, "at": now}
    rows = [common | {"registration_id": id_} for id_ in session.scalars(query.order_by(Registration.id))]
    if not rows:
        return 0
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    noting = insert(FeePayment).values(rows).on_conflict_do_nothing().returning(FeePayment.registration_id)
    noted = session.scalars(noting).all()
    for id_ in noted:
        facts = {"yen": event.fee_yen, "way": PaymentWay.BEFOREHAND.value}
        _record(session, "fee.taken", id_, event, now, by_id, **facts)
    return len(noted)


def give_fee_back(
    session: Session, event: Event, registration: str, *, now: datetime, by_id: int | None
) -> bool:
    """Take the note of the fee back; whether there was one."""
    row = registration_of(session, event, registration)
    voiding = update(FeePayment).where(FeePayment.registration_id == row.id, STANDING).values(voided_at=now)
    yen = session.scalar(voiding.returning(FeePayment.yen))
    if yen is None:
        return False
    _record(session, "fee.taken_back", row.id, event, now, by_id, yen=yen)
    return True


def take_back_noted(session: Session, event: Event, at: datetime, *, now: datetime, by_id: int) -> int:
    """Take back what one press of the same person's noted as paid beforehand at the moment `at`; gives how many."""
    pressed = FeePayment.event_id == event.id, FeePayment.at == at, FeePayment.by_id == by_id
    beforehand = FeePayment.way == PaymentWay.BEFOREHAND
    voiding = update(FeePayment).where(*pressed, beforehand, STANDING).values(voided_at=now)
    voided = session.execute(voiding.returning(FeePayment.registration_id, FeePayment.yen)).all()
    for id_, yen in voided:
        _record(session, "fee.taken_back", id_, event, now, by_id, yen=yen)
    return len(voided)


def payment_of(session: Session, registration_id: int) -> FeePayment | None:
    """The note of the fee that stands for a registration, if there is one."""
    return session.scalar(select(FeePayment).where(FeePayment.registration_id == registration_id, STANDING))


def _record(
    session: Session,
    act: str,
    registration_id: int,
    event: Event,
    now: datetime,
    by_id: int | None,
    **facts: object,
) -> None:
    about = {"actor_id": by_id, "circle_id": event.circle_id, "event": event.id}
    record(session, act, "registration", registration_id, at=now, **about, **facts)  # type: ignore[arg-type]
