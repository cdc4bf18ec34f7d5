"""An evening for tests: an event in its closing minutes, and the people who are there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from organizer.checkin.models import CheckIn
from organizer.circles.models import Circle
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.profiles import Challenge, Give
from organizer.domain.ticketing import CheckInMethod
from organizer.domain.vocabulary import GiveKind, Industry, Topic
from organizer.events.models import Event
from organizer.matches.places import Place, place_of
from organizer.people.models import Person
from organizer.registrations.models import Registration
from tests.factories import NOW, make_circle, make_event, make_person, make_registration

TOPICS = list(Topic)
TRADES = [
    Industry.MANUFACTURING,
    Industry.INFORMATION,
    Industry.TRADE,
    Industry.FINANCE,
    Industry.LODGING_FOOD,
]
LATER = NOW + timedelta(hours=3)
"""After the event, while its closing can still be answered."""


@dataclass
class Evening:
    """An event with its host and those who are there."""

    circle: Circle
    event: Event
    host: Person
    people: list[Person]

    def place(self, session: Session, person: Person) -> Place:
        """The person's place at the event, as the database tells it now."""
        return place_of(session, person.id, self.event.public_id)


def make_evening(session: Session, people: int = 4, **values: Any) -> Evening:
    """An event that ends ten minutes from NOW, with so many people there."""
    host = make_person(session, name="主催 花子", reading="しゅさい はなこ")
    circle = make_circle(session, owner=host)
    starts = NOW - timedelta(minutes=80)
    event = make_event(
        session, circle, **({"starts_at": starts, "ends_at": NOW + timedelta(minutes=10)} | values)
    )
    there = [make_guest(session, number) for number in range(people)]
    for person in there:
        arrive(session, event, person)
    return Evening(circle, event, host, there)


def make_guest(session: Session, number: int, **values: Any) -> Person:
    """A person whose give answers the challenge of the next one."""
    profile = {
        "industry": TRADES[number % len(TRADES)],
        "gives": [Give(GiveKind.EXPERIENCE, f"経験{number}", (TOPICS[number],)).to_data()],
        "challenges": [Challenge(f"悩み{number}", (TOPICS[number + 1],)).to_data()],
        "wish": {},
    }
    values.setdefault("profile", profile)
    return make_person(session, **values)


def arrive(session: Session, event: Event, person: Person, at: datetime = NOW, **values: Any) -> Registration:
    """The person is admitted and checked in, with the profile as it is."""
    said = person.profile
    snapshot = {
        "industry": said.industry.value if said.industry else None,
        "size": said.size.value if said.size else None,
        "region": said.region.value if said.region else None,
        "role": said.role.value if said.role else None,
        "gives": said.gives,
        "challenges": said.challenges,
        "wish": said.wish,
        "company": said.company,
    }
    registration = make_registration(
        session, event, person, state=RegistrationState.ADMITTED, profile=snapshot, **values
    )
    check_in = CheckIn(
        circle_id=event.circle_id,
        event_id=event.id,
        registration_id=registration.id,
        method=CheckInMethod.SCAN,
        at=at,
    )
    session.add(check_in)
    session.flush()
    return registration
