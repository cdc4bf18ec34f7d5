"""One's place at an event, the others who were there, and who has answered the closing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from organizer.checkin.models import CheckIn
from organizer.domain.folding import fold
from organizer.domain.lifecycle import EventState, RegistrationState, RunState, closing_opens
from organizer.domain.vocabulary import Industry
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.events.service import is_public_id
from organizer.matches.models import Closing, Match, MatchRun
from organizer.matches.queries import not_blocked
from organizer.people.models import Person, Profile
from organizer.registrations.models import Registration

CLOSING_LASTS = timedelta(days=14)
"""How long after the event the closing can be changed, and its matches stand on the first page."""


@dataclass(frozen=True, slots=True)
class Place:
    """One person's place at an event: circle loaded; `run` is the latest generation of matches, if any."""

    event: Event
    registration: Registration
    present: bool
    run: MatchRun | None
    closing: Closing | None

    @property
    def person_id(self) -> int:
        """Whose place it is."""
        return self.registration.person_id

    @property
    def published(self) -> bool:
        """Whether the matches are with their people."""
        return self.run is not None and self.run.state is RunState.PUBLISHED


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody who was there and agreed to be listed."""

    id: int
    public_id: str
    name: str
    reading: str
    company: str
    industry: Industry | None
    industry_words: str


@dataclass(frozen=True, slots=True)
class Answered:
    """How many were there, and how many of them have gone through the closing to its end."""

    present: int
    finished: int


def arrived() -> ColumnElement[bool]:
    """Whether the registration of the enclosing query has a check-in that stands."""
    return exists().where(CheckIn.registration_id == Registration.id, CheckIn.voided_at.is_(None))


def place_of(session: Session, person_id: int, public_id: str) -> Place:
    """A person's place at the event of that public id. NotFound for those who were not admitted to it."""
    if not is_public_id(public_id):
        raise NotFound
    query = (
        select(Event, Registration, arrived(), MatchRun, Closing)
        .join(Registration, Registration.event_id == Event.id)
        .outerjoin(MatchRun, MatchRun.event_id == Event.id)
        .outerjoin(Closing, and_(Closing.event_id == Event.id, Closing.person_id == Registration.person_id))
        .options(joinedload(Event.circle))
        .where(Event.public_id == public_id, Registration.person_id == person_id)
        .where(Registration.state == RegistrationState.ADMITTED)
        .order_by(MatchRun.generation.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    if row is None or row[0].state is EventState.DRAFT:
        raise NotFound
    return Place(*row)


def others_listed(session: Session, event_id: int, person_id: int) -> list[Other]:
    """Everybody else who was there and agreed to be listed, by reading; nobody with a block either way."""
    query = (
        select(
            Person.id,
            Person.public_id,
            Person.name,
            Person.reading,
            Profile.company,
            Profile.industry,
            Profile.industry_words,
        )
        .select_from(Registration)
        .join(Person, Person.id == Registration.person_id)
        .join(Profile, Profile.person_id == Person.id)
        .where(Registration.event_id == event_id, Registration.state == RegistrationState.ADMITTED)
        .where(Registration.listed, arrived(), Person.id != person_id, Person.name != "")
        .where(not_blocked(Person.id, person_id))
    )
    found = [Other(*row) for row in session.execute(query)]
    return sorted(found, key=lambda other: (fold(other.reading or other.name), other.id))


def answered(session: Session, event_id: int) -> Answered:
    """How many of those present have answered: counts, never who."""
    finished = exists().where(
        Closing.event_id == event_id,
        Closing.person_id == Registration.person_id,
        Closing.finished_at.is_not(None),
    )
    there = (
        select(finished.label("finished"))
        .select_from(Registration)
        .where(Registration.event_id == event_id, Registration.state == RegistrationState.ADMITTED, arrived())
    )
    rows = list(session.scalars(there))
    return Answered(len(rows), sum(rows))


def registrations_present(session: Session, event_id: int) -> list[Registration]:
    """The registrations of everybody who was there, by the person's id."""
    query = select(Registration).where(
        Registration.event_id == event_id, Registration.state == RegistrationState.ADMITTED, arrived()
    )
    return list(session.scalars(query.order_by(Registration.person_id)))


def open_closing(session: Session, person_id: int, now: datetime) -> Event | None:
    """An event whose closing this person can answer now and has not finished, the latest first."""
    finished = exists().where(
        Closing.event_id == Event.id, Closing.person_id == person_id, Closing.finished_at.is_not(None)
    )
    found = session.scalars(
        _attended(person_id, now).where(~finished).order_by(Event.starts_at.desc(), Event.id)
    )
    return next((event for event in found if now >= closing_opens(event.starts_at, event.ends_at)), None)


def newest_matches(session: Session, person_id: int, now: datetime) -> Event | None:
    """The latest event whose matches came to this person within these two weeks."""
    mine: Iterable[ColumnElement[bool]] = (
        Match.event_id == Event.id,
        Match.removed_at.is_(None),
        or_(Match.a_id == person_id, Match.b_id == person_id),
        MatchRun.id == Match.run_id,
        MatchRun.state == RunState.PUBLISHED,
        not_blocked(Match.a_id, Match.b_id),
    )
    query = _attended(person_id, now).where(exists().where(*mine))
    return session.scalar(query.order_by(Event.starts_at.desc(), Event.id).limit(1))


def _attended(person_id: int, now: datetime) -> Select[Event]:
    return (
        select(Event)
        .join(Registration, Registration.event_id == Event.id)
        .options(joinedload(Event.circle))
        .where(Registration.person_id == person_id, Registration.state == RegistrationState.ADMITTED)
        .where(arrived(), Event.state.in_((EventState.PUBLISHED, EventState.CLOSED)))
        .where(Event.starts_at <= now, Event.ends_at > now - CLOSING_LASTS)
    )
