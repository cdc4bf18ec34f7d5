"""People who check themselves in: by the tablet's changing code, and by who they are on their own phone."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from organizer.checkin.models import CheckIn
from organizer.checkin.scanning import door_hours
from organizer.domain import rotating
from organizer.domain.folding import fold, sound
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.ticketing import Decision, EventFacts, TicketFacts, decide
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.registrations.models import Registration, Ticket

NUMBER_SIGNS = 4


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What the door would say now. `opens_at`: from when it takes people in."""

    decision: Decision
    opens_at: datetime


def code(event: Event, now: datetime, secret_key: str) -> str:
    """The code that the tablet shows at this moment."""
    return rotating.code_at(_key(secret_key), event.public_id, now)


def is_good(event: Event, code: str, now: datetime, secret_key: str) -> bool:
    """Whether this code is on the tablet, or was until a little while ago."""
    return rotating.is_good(_key(secret_key), event.public_id, code, now)


def of_person(session: Session, event: Event, person_id: int) -> Registration | None:
    """A person's registration to the event, whatever its state, the live one first; person and profile loaded."""
    query = _whole().where(Registration.event_id == event.id, Registration.person_id == person_id)
    gone = Registration.state == RegistrationState.CANCELLED
    return session.scalar(query.order_by(gone, Registration.id.desc()).limit(1))


def of_number(session: Session, event: Event, number: str) -> Registration | None:
    """The registration whose standing ticket has this short number; person and profile loaded."""
    if len(number) != NUMBER_SIGNS or not number.isascii() or not number.isdecimal():
        return None
    numbered = _whole().join(Ticket, Ticket.registration_id == Registration.id)
    here = Ticket.event_id == event.id, Ticket.number == int(number), Ticket.revoked_at.is_(None)
    return session.scalar(numbered.where(*here))


def of_number_and_reading(session: Session, event: Event, number: str, said: str) -> Registration | None:
    """The same, if what was typed is the person's reading or name, however it is written.

    Whether the number or the name was wrong is not told apart.
    """
    found = of_number(session, event, number)
    return found if found is not None and _is_called(found.person, said) else None


def foresee(session: Session, event: Event, registration: Registration | None, now: datetime) -> Foreseen:
    """What the door would say, without taking anybody in; None: to anyone who is admitted and has not come yet."""
    opens, closes = door_hours(event.starts_at, event.ends_at, event.doors_open_at)
    facts = EventFacts(event.id, event.state, opens, closes)
    return Foreseen(decide(_ticket(session, event, registration), facts, now), opens)


def _ticket(session: Session, event: Event, registration: Registration | None) -> TicketFacts:
    if registration is None:
        return TicketFacts(event.id, RegistrationState.ADMITTED)
    standing = CheckIn.registration_id == registration.id, CheckIn.voided_at.is_(None)
    first = session.execute(select(CheckIn.at, CheckIn.door).where(*standing)).one_or_none()
    if first is None:
        return TicketFacts(event.id, registration.state)
    return TicketFacts(event.id, registration.state, first_at=first.at, first_door=first.door)


def _is_called(person: Person, said: str) -> bool:
    typed = fold(said)
    if not typed:
        return False
    names = [name for name in (person.reading, person.name) if fold(name)]
    return typed in {fold(name) for name in names} or sound(said) in {sound(name) for name in names}


def _whole() -> Select[Registration]:
    people = joinedload(Registration.person).joinedload(Person.profile)
    return select(Registration).options(people, joinedload(Registration.event).joinedload(Event.circle))


def _key(secret_key: str) -> bytes:
    return hashlib.sha256(b"enishi changing code\0" + secret_key.encode()).digest()
