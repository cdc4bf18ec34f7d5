"""Taking people in by name or by the opened online link, and taking it back."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from organizer.audit.service import record
from organizer.checkin.annulling import annul_entries
from organizer.checkin.models import Device
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
    device: Device | None = None,
) -> Answer:
    """What the door says to the person of that registration, found without a ticket; taken in if it says yes.

    Raises NotFound, and KeyReused for a key that came with another request before.
    """
    place = Place(event.id, event.circle_id, by.id if by else None, device.id if device else None)
    asked = Asked(key or new_key(), method, registration=registration, door=door)
    return scan_at(session, place, asked, now)


def undo(
    session: Session,
    event: Event,
    registration: str,
    *,
    now: datetime,
    by: Person | None,
    device: Device | None = None,
) -> bool:
    """Take the standing check-in of a registration back, so that all is as it was before; whether there was one."""
    row = registration_of(session, event, registration)
    by_id = by.id if by else None
    voided = annul_entries(session, row.id, now=now, by_id=by_id)
    if voided is None:
        return False
    facts = {"check_in": voided, "event": event.id} | ({"device": device.id} if device else {})
    record(
        session,
        "check_in.undone",
        "registration",
        row.id,
        at=now,
        actor_id=by_id,
        circle_id=event.circle_id,
        **facts,
    )
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
