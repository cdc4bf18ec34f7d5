"""A room to decide in: an event with target profiles, hosts, and people who apply."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.circles.models import Circle
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.profiles import Criterion
from organizer.domain.vocabulary import CriterionField, Industry, Intent, Role
from organizer.events.models import Event, SeatCount, TargetProfile
from organizer.events.seats import set_caps
from organizer.events.service import domain_targets, targets_of
from organizer.mail.models import Message
from organizer.people.models import Person
from organizer.people.service import domain_profile
from organizer.registrations.models import Registration
from organizer.registrations.placing import take_best
from tests.factories import NOW, make_circle, make_event, make_person, make_registration, make_target

SELLS = [Criterion(CriterionField.INTENT, (Intent.SELL.value,), must=True).to_data()]
MAKES = [Criterion(CriterionField.INDUSTRY, (Industry.MANUFACTURING.value,), must=True).to_data()]
LEADS = [Criterion(CriterionField.ROLE, (Role.OWNER_PRESIDENT.value,), must=True).to_data()]


@dataclass
class Room:
    """What a test decides on."""

    session: Session
    host: Person
    circle: Circle
    event: Event
    people: list[Registration] = field(default_factory=list)

    def target(self, name: str, criteria: list[dict[str, Any]], **values: Any) -> TargetProfile:
        """One more target profile, with its counter."""
        target = make_target(self.session, self.event, name=name, criteria=criteria, **values)
        set_caps(self.session, self.event, targets_of(self.session, self.event.id))
        return target

    def applies(self, state: RegistrationState = RegistrationState.APPLIED, **values: Any) -> Registration:
        """Somebody's registration in that state, each a minute after the one before; an admitted one sits."""
        said = values.pop("profile", {})
        person = make_person(
            self.session, name=values.pop("name", f"参加 {len(self.people)}郎"), profile=said
        )
        at = NOW - timedelta(days=1) + timedelta(minutes=len(self.people))
        waiting_since = at if state is RegistrationState.WAITLISTED else None
        rows = {
            "state": RegistrationState.APPLIED if state is RegistrationState.ADMITTED else state,
            "applied_at": at,
            "waiting_since": waiting_since,
            "counted": [],
            "profile": domain_profile(person).to_data(),
            "answers": values.pop("answers", {}),
        }
        registration = make_registration(self.session, self.event, person, **(rows | values))
        if state is RegistrationState.ADMITTED:
            targets = domain_targets(targets_of(self.session, self.event.id))
            assert take_best(self.session, registration, targets) == []
            registration.state, registration.decided_at = state, at
        self.session.flush()
        self.people.append(registration)
        return registration

    def seats(self, key: str = "event") -> tuple[int, int]:
        """(taken, cap) of a counter."""
        query = select(SeatCount).where(SeatCount.event_id == self.event.id, SeatCount.key == key)
        counter = self.session.scalars(query.execution_options(populate_existing=True)).one()
        return counter.taken, counter.cap

    def letters(self, state: str = "queued") -> list[tuple[str, int, datetime]]:
        """(kind, person, due) of the event's mails in a state."""
        query = select(Message).where(Message.event_id == self.event.id, Message.state == state)
        found = self.session.scalars(query.order_by(Message.id).execution_options(populate_existing=True))
        return [(one.kind, one.person_id or 0, one.due_at) for one in found]

    def kinds(self, state: str = "queued") -> list[str]:
        """The kinds of the event's mails in a state."""
        return [kind for kind, _, _ in self.letters(state)]


def make_room(session: Session, **values: Any) -> Room:
    """An event of one host's circle, with `capacity` seats."""
    host = make_person(session, name="佐藤 美和", reading="さとう みわ")
    circle = make_circle(session, host)
    return Room(session, host, circle, make_event(session, circle, **values))
