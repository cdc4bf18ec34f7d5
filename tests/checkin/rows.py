"""The rows of a door: an evening that is open, its staff, and people with tickets."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from organizer.checkin import devices
from organizer.checkin.models import Device
from organizer.checkin.scanning import Answer, Asked, Credential, Means, scan
from organizer.circles.models import Circle
from organizer.domain.door import DeviceKind
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.roles import CircleRole
from organizer.domain.ticketing import CheckInMethod, new_code
from organizer.events.models import Event
from organizer.people import sessions
from organizer.people.models import Person
from organizer.registrations.models import Registration, Ticket
from organizer.tokens import digest
from tests.factories import NOW, make_circle, make_event, make_member, make_person, make_registration

_numbers = count(1000)


@dataclass
class Guest:
    """Somebody with a ticket, and the code it shows."""

    person: Person
    registration: Registration
    ticket: Ticket
    code: str


@dataclass
class Evening:
    """An event whose door is open at NOW, and its staff with a signed-in browser."""

    session: Session
    circle: Circle
    event: Event
    owner: Person
    staff: Person
    reference: str
    guests: list[Guest] = field(default_factory=list)

    def guest(self, state: RegistrationState = RegistrationState.ADMITTED, **values: Any) -> Guest:
        """One more person with a ticket; `values` are the person's, `registration` those of the registration."""
        registration = values.pop("registration", {})
        person = make_person(self.session, **values)
        row = make_registration(self.session, self.event, person, state=state, **registration)
        guest = Guest(person, row, *make_ticket(self.session, row))
        self.guests.append(guest)
        return guest

    def scan(self, code: str, key: str | None = None, **values: Any) -> Answer:
        """What the door says to a code now."""
        now, credential = values.pop("now", NOW), values.pop("by", self.credential)
        asked = Asked(key or secrets.token_hex(16), CheckInMethod.SCAN, code=code, **values)
        return scan(self.session, credential, self.event.public_id, asked, now)

    def device(self, kind: DeviceKind = DeviceKind.STAFF, name: str = "") -> tuple[Device, Credential]:
        """One more device at the door, and what it is known by; an own one is the staff's."""
        owner = None
        if kind is DeviceKind.OWN:
            signed_in = sessions.find(self.session, self.reference, NOW)
            assert signed_in is not None
            owner = signed_in[1], signed_in[0]
        device, token = devices.make(self.session, self.event, kind, now=NOW, name=name, owner=owner)
        return device, Credential(Means.DEVICE, token)

    @property
    def credential(self) -> Credential:
        """That of the staff's browser."""
        return Credential(Means.SIGN_IN, self.reference)


def make_ticket(session: Session, registration: Registration) -> tuple[Ticket, str]:
    """A standing ticket of a registration, and its code."""
    code = new_code(secrets.token_bytes(16))
    ticket = Ticket(
        circle_id=registration.circle_id,
        event_id=registration.event_id,
        registration_id=registration.id,
        code_hash=digest(code),
        code_sealed="sealed",
        number=next(_numbers) % 9000 + 1000,
        issued_at=NOW,
    )
    session.add(ticket)
    session.flush()
    return ticket, code


def make_evening(session: Session, guests: int = 0, **event: Any) -> Evening:
    """An evening that began ten minutes ago, with `guests` admitted."""
    owner, staff = make_person(session), make_person(session, name="受付 花子", reading="うけつけ はなこ")
    circle = make_circle(session, owner)
    make_member(session, circle, staff, CircleRole.STAFF)
    row = make_event(session, circle, **({"starts_at": NOW - timedelta(minutes=10), "fee_yen": 3000} | event))
    _, reference = sessions.start(session, staff, "link", "", NOW)
    evening = Evening(session, circle, row, owner, staff, reference)
    for _ in range(guests):
        evening.guest()
    return evening
