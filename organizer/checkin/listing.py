"""An event's registrations in the order they came in, with who of them has arrived: for its hosts' other apps."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from organizer.checkin.models import CheckIn
from organizer.domain.lifecycle import RegistrationState
from organizer.errors import NotFound
from organizer.events.models import Event, TargetProfile
from organizer.events.service import is_public_id
from organizer.people.models import Person, Profile
from organizer.registrations.models import Registration

Listed = Row[Registration, str, str, str | None, str | None, datetime | None, str | None]
"""A registration; its person's name, reading and company; its target profile's name; when and where they came in."""


def event_of_circle(session: Session, circle_id: int, public_id: str) -> Event:
    """The circle's event of that public id. NotFound for other circles' own."""
    if not is_public_id(public_id):
        raise NotFound
    query = select(Event).where(Event.circle_id == circle_id, Event.public_id == public_id)
    event = session.scalar(query)
    if event is None:
        raise NotFound
    return event


def registered_after(
    session: Session, event_id: int, registration_id: int, state: RegistrationState | None, limit: int
) -> Sequence[Listed]:
    """Registrations from the one after that id on, in one state or in any. One statement."""
    arrived = and_(CheckIn.registration_id == Registration.id, CheckIn.voided_at.is_(None))
    query = (
        select(
            Registration,
            Person.name,
            Person.reading,
            Profile.company,
            TargetProfile.name,
            CheckIn.at,
            CheckIn.door,
        )
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Profile, Profile.person_id == Person.id)
        .outerjoin(TargetProfile, TargetProfile.id == Registration.target_profile_id)
        .outerjoin(CheckIn, arrived)
        .where(Registration.event_id == event_id, Registration.id > registration_id)
    )
    if state is not None:
        query = query.where(Registration.state == state)
    return session.execute(query.order_by(Registration.id).limit(limit)).all()
