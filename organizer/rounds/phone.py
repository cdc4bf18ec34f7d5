"""One person's own table: where to sit now and next, with whom, and what may be read there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from organizer.checkin.models import CheckIn
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.events.service import is_public_id
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.registrations.queries import registration_of_link, told_state
from organizer.rounds import queries
from organizer.rounds.hall import Evening, Phase, evening_of
from organizer.rounds.models import Round, SeatingMark

RUNS_OVER = timedelta(hours=3)
"""How long after its planned end an event's rounds may still be on."""


class Where(StrEnum):
    """Where somebody stands with their table; each has its own words on the page."""

    CALLED_OFF = "called_off"
    GAVE_BACK = "gave_back"
    NOT_ADMITTED = "not_admitted"
    EVENT_OVER = "event_over"
    NOT_ARRIVED = "not_arrived"
    NOT_PUBLISHED = "not_published"
    NO_SEAT = "no_seat"
    LEAVES_BEFORE = "leaves_before"
    """The host has noted that they go home before this round."""
    SITS_OUT = "sits_out"
    """No seat in the present round, but one in the next."""
    SEATED = "seated"
    GOES_NEXT = "goes_next"
    """The round of this table is still to begin."""
    ROUNDS_OVER = "rounds_over"


@dataclass(frozen=True, slots=True)
class Mine:
    """One person's table. `tables`: round → own table, of the published plan; `shown` the round whose table is on."""

    registration: Registration
    present: bool
    evening: Evening
    tables: Mapping[int, int]
    where: Where
    shown: Round | None

    @property
    def event(self) -> Event:
        """The event, circle loaded."""
        return self.registration.event

    @property
    def table(self) -> int | None:
        """The table one sits at, or goes to."""
        return self.tables.get(self.shown.number) if self.shown else None

    @property
    def next_table(self) -> int | None:
        """The table after the one that is shown."""
        coming = self.evening.next
        return self.tables.get(coming.number) if coming and coming is not self.shown else None


def registration_signed_in(session: Session, person_id: int, public_id: str) -> tuple[Registration, bool]:
    """A person's registration for the event of that public id, the live one first, and whether they have arrived.

    Event and circle loaded. NotFound where there is none.
    """
    if not is_public_id(public_id):
        raise NotFound
    query = (
        select(Registration, _arrived())
        .join(Registration.event)
        .options(contains_eager(Registration.event).joinedload(Event.circle))
        .options(joinedload(Registration.person).joinedload(Person.profile))
        .where(Event.public_id == public_id, Event.state != EventState.DRAFT)
        .where(Registration.person_id == person_id)
        .order_by(Registration.state == RegistrationState.CANCELLED, Registration.id.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def registration_by_link(session: Session, token: str, now: datetime) -> tuple[Registration, bool]:
    """The same by the link of the ticket's mail."""
    registration = registration_of_link(session, token, now)
    query = select(exists().where(CheckIn.registration_id == registration.id, CheckIn.voided_at.is_(None)))
    return registration, bool(session.scalar(query))


def mine(session: Session, registration: Registration, present: bool, now: datetime) -> Mine:
    """Where this person stands with their table at this moment. Four statements at most."""
    event, person_id = registration.event, registration.person_id
    evening = evening_of(session, event)
    tables = queries.own_tables(session, event.id, person_id) if evening.plan else {}
    barrier = _barrier(registration, present, evening, now)
    if barrier is not None:
        return Mine(registration, present, evening, tables, barrier, None)
    where, shown = _seat(evening, tables)
    if where is Where.NO_SEAT and _leaves(session, event.id, person_id, evening):
        where = Where.LEAVES_BEFORE
    return Mine(registration, present, evening, tables, where, shown)


def neighbours(session: Session, own: Mine) -> list[Registration]:
    """Who else sits at the table that is shown, by the person's id; people and profiles loaded."""
    if own.shown is None or own.table is None:
        return []
    ids = queries.mates(session, own.event.id, own.registration.person_id, own.shown.number)
    return list(session.scalars(_of_people(own.event.id, ids)))


def topics(own: Mine, others: Collection[Registration]) -> list[tuple[Registration, str]]:
    """What those at one's own table want to discuss in confidence: only while their round is on."""
    if own.where is not Where.SEATED:
        return []
    return [(other, other.topic) for other in others if other.topic]


def _barrier(registration: Registration, present: bool, evening: Evening, now: datetime) -> Where | None:
    """Why there is no table to be shown, whatever the plan says."""
    event, state = registration.event, told_state(registration, now)
    over = now >= event.ends_at
    if event.state is EventState.CANCELLED:
        return Where.CALLED_OFF
    if state is RegistrationState.CANCELLED:
        return Where.GAVE_BACK
    if state is not RegistrationState.ADMITTED:
        return Where.EVENT_OVER if over else Where.NOT_ADMITTED
    if over and (evening.phase is not Phase.RUNNING or now >= event.ends_at + RUNS_OVER):
        return Where.EVENT_OVER
    if not present:
        return Where.NOT_ARRIVED
    return {Phase.WAITING: Where.NOT_PUBLISHED, Phase.OVER: Where.ROUNDS_OVER}.get(evening.phase)


def _seat(evening: Evening, tables: Mapping[int, int]) -> tuple[Where, Round | None]:
    now, coming = evening.now, evening.next
    if now is not None and now.number in tables:
        return Where.SEATED, now
    if coming is not None and coming.number in tables:
        return (Where.SITS_OUT if now else Where.GOES_NEXT), coming
    return Where.NO_SEAT, None


def _leaves(session: Session, event_id: int, person_id: int, evening: Evening) -> bool:
    query = select(SeatingMark.last_round).where(
        SeatingMark.event_id == event_id, SeatingMark.person_id == person_id
    )
    last = session.scalar(query)
    return last is not None and evening.shown is not None and last < evening.shown.number


def _arrived() -> ColumnElement[bool]:
    return exists().where(CheckIn.registration_id == Registration.id, CheckIn.voided_at.is_(None))


def _of_people(event_id: int, ids: Collection[int]) -> Select[Registration]:
    return (
        select(Registration)
        .join(Registration.person)
        .options(contains_eager(Registration.person).joinedload(Person.profile))
        .where(Registration.event_id == event_id, Registration.person_id.in_(ids))
        .where(Registration.state == RegistrationState.ADMITTED)
        .order_by(Registration.person_id)
    )
