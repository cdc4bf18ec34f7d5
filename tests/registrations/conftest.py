"""What most tests of registrations work with: a room to decide in, a ticket and the link to it."""

import pytest
from sqlalchemy.orm import Session

from organizer.config import Config
from organizer.domain.lifecycle import RegistrationState
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.registrations import tickets
from organizer.registrations.models import Registration
from tests.factories import NOW, make_circle, make_event, make_person, make_registration
from tests.registrations.helping import ticket_link
from tests.registrations.rooms import Room, make_room


@pytest.fixture
def room(session: Session) -> Room:
    """An event with two seats."""
    return make_room(session, capacity=2)


@pytest.fixture
def person(rows: Session) -> Person:
    """Somebody with a reading and a company."""
    return make_person(
        rows, name="高橋 玲子", reading="たかはし れいこ", profile={"company": "株式会社ひびき"}
    )


@pytest.fixture
def event(rows: Session) -> Event:
    """An event with a fee and a phone number, on the database of views."""
    return make_event(rows, make_circle(rows), fee_yen=3000, phone="03-1234-5678")


@pytest.fixture
def registration(rows: Session, event: Event, person: Person, config: Config) -> Registration:
    """The person's place at the event, with a ticket."""
    made = make_registration(rows, event, person, state=RegistrationState.ADMITTED)
    tickets.issue(rows, made, NOW, config.secret_key)
    return made


@pytest.fixture
def link(rows: Session, registration: Registration) -> str:
    """The path of that registration's ticket link."""
    token = ticket_link(rows, registration)
    rows.commit()
    return f"/t/{token}"
