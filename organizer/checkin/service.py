"""Taking people in by name or by the opened online link, taking it back, and the fee at the door."""

import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from organizer.audit.service import record
from organizer.checkin.models import CheckIn, FeePayment
from organizer.checkin.scanning import Answer, Asked, Place, scan_at
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.ticketing import CheckInMethod
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.events.service import is_public_id
from organizer.people.models import Person
from organizer.registrations.models import Registration


def new_key() -> str:
    """A key for one scan: 128 random bits."""
    return secrets.token_hex(16)


def check_in(
    session: Session,
    event: Event,
    registration: str,
    *,
    now: datetime,
    by: Person | None,
    key: str | None = None,
    method: CheckInMethod = CheckInMethod.SEARCH,
    door: str = "",
) -> Answer:
    """What the door says to the person of that registration, found without a ticket; taken in if it says yes.

    Raises NotFound, and KeyReused for a key that came with another request before.
    """
    place = Place(event.id, event.circle_id, by.id if by else None)
    asked = Asked(key or new_key(), method, registration=registration, door=door)
    return scan_at(session, place, asked, now)


def undo(session: Session, event: Event, registration: str, *, now: datetime, by: Person) -> bool:
    """Take the standing check-in of a registration back, so that all is as it was before; whether there was one."""
    row = registration_of(session, event, registration)
    standing = CheckIn.registration_id == row.id, CheckIn.voided_at.is_(None)
    voiding = update(CheckIn).where(*standing).values(voided_at=now, voided_by_id=by.id).returning(CheckIn.id)
    voided = session.scalar(voiding)
    if voided is None:
        return False
    facts = {"check_in": voided, "event": event.id}
    record(
        session,
        "check_in.undone",
        "registration",
        row.id,
        at=now,
        actor_id=by.id,
        circle_id=event.circle_id,
        **facts,
    )
    return True


def take_fee(session: Session, event: Event, registration: str, *, now: datetime, by: Person) -> int:
    """Note the event's fee as taken from this person, once however often it is pressed; gives what was taken in yen."""
    row = registration_of(session, event, registration)
    if not event.fee_yen or row.state is not RegistrationState.ADMITTED:
        return 0
    ids = {"circle_id": event.circle_id, "event_id": event.id, "registration_id": row.id}
    try:
        with session.begin_nested():
            session.add(FeePayment(**ids, yen=event.fee_yen, by_id=by.id, at=now))
    except IntegrityError:
        standing = FeePayment.registration_id == row.id, FeePayment.voided_at.is_(None)
        return session.scalar(select(FeePayment.yen).where(*standing)) or 0
    _record_fee(session, "fee.taken", row, now, by, event.fee_yen)
    return event.fee_yen


def give_fee_back(session: Session, event: Event, registration: str, *, now: datetime, by: Person) -> bool:
    """Take the note of the fee back; whether there was one."""
    row = registration_of(session, event, registration)
    standing = FeePayment.registration_id == row.id, FeePayment.voided_at.is_(None)
    yen = session.scalar(update(FeePayment).where(*standing).values(voided_at=now).returning(FeePayment.yen))
    if yen is None:
        return False
    _record_fee(session, "fee.taken_back", row, now, by, yen)
    return True


def registration_of(session: Session, event: Event, public_id: str) -> Registration:
    """The registration to this event of that public id, person and profile loaded. NotFound for other events' own."""
    if not is_public_id(public_id):
        raise NotFound
    query = select(Registration).options(joinedload(Registration.person).joinedload(Person.profile))
    row = session.scalar(query.where(Registration.event_id == event.id, Registration.public_id == public_id))
    if row is None:
        raise NotFound
    return row


def admitted_registration(session: Session, event_id: int, person_id: int) -> Registration | None:
    """The person's confirmed place at an event, if there is one."""
    query = select(Registration).where(Registration.event_id == event_id, Registration.person_id == person_id)
    return session.scalar(query.where(Registration.state == RegistrationState.ADMITTED))


def _record_fee(session: Session, act: str, row: Registration, now: datetime, by: Person, yen: int) -> None:
    record(
        session,
        act,
        "registration",
        row.id,
        at=now,
        actor_id=by.id,
        circle_id=row.circle_id,
        event=row.event_id,
        yen=yen,
    )
