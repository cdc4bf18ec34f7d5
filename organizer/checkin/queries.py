"""Who has arrived, who is still expected, and who is meant by what was typed at the door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, joinedload

from organizer.checkin import headcount
from organizer.checkin.models import CheckIn, FeePayment
from organizer.checkin.scanning import door_hours
from organizer.circles.models import Membership
from organizer.domain.folding import fold
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.names import Named, rank
from organizer.domain.roles import Right, roles_with
from organizer.domain.ticketing import find_code
from organizer.events.models import Event
from organizer.people.models import Person, Profile
from organizer.registrations import tickets
from organizer.registrations.models import Registration, Ticket

OPEN_STATES = (EventState.PUBLISHED, EventState.CLOSED)
TONIGHT = timedelta(hours=18)
FOUND_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Guest:
    """One admitted person as the door sees them; `fee_due` in yen, `arrived_at` None while awaited."""

    id: str
    row_id: int
    name: str
    reading: str
    company: str
    first_time: bool
    introducer: str
    number: int | None
    fee_due: int
    paid: bool
    arrived_at: datetime | None
    door: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many have arrived of how many, at an event or of one target profile (`name`)."""

    arrived: int
    expected: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Tonight:
    """A door that is open today: its event, circle loaded, and how many have come."""

    event: Event
    counted: Counted
    open_now: bool


def present_ids(session: Session, event_id: int) -> list[int]:
    """The people who have arrived, by id."""
    query = select(Registration.person_id).join(CheckIn, CheckIn.registration_id == Registration.id)
    standing = query.where(CheckIn.event_id == event_id, CheckIn.voided_at.is_(None))
    return list(session.scalars(standing.order_by(Registration.person_id)))


def arrivals(session: Session, event_id: int) -> dict[int, datetime]:
    """When each person who is there arrived, by the person's id."""
    query = select(Registration.person_id, CheckIn.at).join(
        CheckIn, CheckIn.registration_id == Registration.id
    )
    standing = query.where(CheckIn.event_id == event_id, CheckIn.voided_at.is_(None))
    return {row.person_id: row.at for row in session.execute(standing)}


def counted(session: Session, event_id: int) -> Counted:
    """How many have arrived of how many."""
    return Counted(*headcount.exactly(session.connection(), event_id))


def guests(session: Session, event: Event) -> list[Guest]:
    """Everybody admitted, in the order of their readings. One statement, however many they are."""
    listed = [_guest(row, event.fee_yen) for row in session.execute(_GUESTS, {"event_id": event.id})]
    return sorted(listed, key=lambda guest: (fold(guest.reading or guest.name), guest.row_id))


def find(session: Session, event: Event, query: str) -> list[Guest]:
    """Who of the admitted is meant by a name, reading, company, the ticket's number or its code, best first."""
    return meant(session, event, guests(session, event), query)


def meant(session: Session, event: Event, everybody: Sequence[Guest], query: str) -> list[Guest]:
    """The same among guests that are known already. A code, however it was scanned, means its ticket's person alone;
    nobody, where the ticket is another event's or was revoked.
    """
    if find_code(query):
        ticket = tickets.find_by_code(session, query)
        if ticket is None or ticket.event_id != event.id or ticket.revoked_at is not None:
            return []
        return [guest for guest in everybody if guest.row_id == ticket.registration_id]
    if query.isdecimal() and query.isascii() and len(query) == 4:
        numbered = [guest for guest in everybody if guest.number == int(query)]
        if numbered:
            return numbered
    by_id = {guest.row_id: guest for guest in everybody}
    ids = rank(query, (Named(guest.row_id, guest.name, guest.reading, guest.company) for guest in everybody))
    return [by_id[row_id] for row_id in ids[:FOUND_AT_MOST]]


def tonight(session: Session, person: Person, now: datetime) -> list[Tonight]:
    """The doors of today at which this person may scan, soonest first, for the start page. Two statements at most."""
    query = (
        select(Event)
        .join(Membership, Membership.circle_id == Event.circle_id)
        .options(joinedload(Event.circle))
        .where(Membership.person_id == person.id, Membership.role.in_(roles_with(Right.SEE_DOOR)))
        .where(Event.state.in_(OPEN_STATES), Event.starts_at < now + TONIGHT, Event.ends_at > now - TONIGHT)
        .order_by(Event.starts_at, Event.id)
    )
    events = [event for event in session.scalars(query) if now < _hours(event)[1]]
    counts = _counts(session, [event.id for event in events])
    return [Tonight(event, counts.get(event.id, Counted(0, 0)), _open(event, now)) for event in events]


def _open(event: Event, now: datetime) -> bool:
    opens, closes = _hours(event)
    return opens <= now < closes


def _hours(event: Event) -> tuple[datetime, datetime]:
    return door_hours(event.starts_at, event.ends_at, event.doors_open_at)


def _counts(session: Session, event_ids: Sequence[int]) -> dict[int, Counted]:
    if not event_ids:
        return {}
    query = (
        select(Registration.event_id, func.count(CheckIn.id), func.count(Registration.id))
        .outerjoin(CheckIn, (CheckIn.registration_id == Registration.id) & CheckIn.voided_at.is_(None))
        .where(Registration.event_id.in_(event_ids), Registration.state == RegistrationState.ADMITTED)
        .group_by(Registration.event_id)
    )
    return {event_id: Counted(arrived, expected) for event_id, arrived, expected in session.execute(query)}


_GUESTS = (
    select(
        Registration.public_id,
        Registration.id,
        Person.name,
        Person.reading,
        Profile.company,
        Registration.first_time,
        Registration.introducer,
        Ticket.number,
        FeePayment.id.label("payment_id"),
        CheckIn.at,
        CheckIn.door,
    )
    .select_from(Registration)
    .join(Person, Person.id == Registration.person_id)
    .outerjoin(Profile, Profile.person_id == Person.id)
    .outerjoin(Ticket, (Ticket.registration_id == Registration.id) & Ticket.revoked_at.is_(None))
    .outerjoin(CheckIn, (CheckIn.registration_id == Registration.id) & CheckIn.voided_at.is_(None))
    .outerjoin(FeePayment, (FeePayment.registration_id == Registration.id) & FeePayment.voided_at.is_(None))
    .where(Registration.state == RegistrationState.ADMITTED)
    .where(Registration.event_id == headcount.EVENT_ID)
)


def _guest(row: Row[*tuple[Any, ...]], fee: int) -> Guest:
    return Guest(
        id=row.public_id,
        row_id=row.id,
        name=row.name,
        reading=row.reading,
        company=row.company or "",
        first_time=row.first_time,
        introducer=row.introducer,
        number=row.number,
        fee_due=0 if row.payment_id else fee,
        paid=row.payment_id is not None,
        arrived_at=row.at,
        door=row.door or "",
    )
