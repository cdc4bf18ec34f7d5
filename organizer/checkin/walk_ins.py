"""Who might be meant by the name of somebody who has come without a ticket, and the walk-ins of an event."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.checkin.models import Scan
from organizer.checkin.queries import Guest, guests
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.names import Named, rank
from organizer.domain.ticketing import CheckInMethod
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.registrations.queries import registrations_of

SOURCE = "walk_in"
ALIKE_AT_MOST = 3
UNDECIDED = (RegistrationState.APPLIED, RegistrationState.WAITLISTED)


@dataclass(frozen=True, slots=True)
class Alike:
    """Who goes by about the same name already: those expected, and (for hosts alone) those who wait for an answer."""

    expected: Sequence[Guest] = ()
    waiting: Sequence[Registration] = ()

    def __bool__(self) -> bool:
        return bool(self.expected or self.waiting)


def alike(session: Session, event: Event, name: str, reading: str, *, undecided: bool) -> Alike:
    """Who of this event could be the person of that name or reading. Two statements at most."""
    everybody = {one.row_id: one for one in guests(session, event)}
    named = [Named(one.row_id, one.name, one.reading, "") for one in everybody.values()]
    expected = [everybody[row_id] for row_id in _ranked(name, reading, named)]
    if not undecided:
        return Alike(expected)
    waiting = {one.id: one for one in registrations_of(session, event.id, UNDECIDED)}
    also = [Named(one.id, one.person.name, one.person.reading, "") for one in waiting.values()]
    return Alike(expected, [waiting[row_id] for row_id in _ranked(name, reading, also)])


def scan_of(session: Session, registration_id: int) -> Scan | None:
    """The entry in the log by which somebody walked in."""
    mine = Scan.registration_id == registration_id, Scan.method == CheckInMethod.WALK_IN
    return session.scalar(select(Scan).where(*mine).order_by(Scan.id.desc()).limit(1))


def has_key(session: Session, event_id: int, key: str) -> bool:
    """Whether a scan of this key is in the log already."""
    return session.scalar(select(Scan.id).where(Scan.event_id == event_id, Scan.key == key)) is not None


def is_unclaimed(registration: Registration, person: Person) -> bool:
    """Whether this is a walk-in whom nobody has taken into their own hands."""
    return registration.source == SOURCE and person.email_folded is None


def _ranked(name: str, reading: str, named: Sequence[Named]) -> list[int]:
    found = dict.fromkeys(rank(name, named)) | dict.fromkeys(rank(reading, named) if reading else ())
    return [int(one) for one in found][:ALIKE_AT_MOST]
