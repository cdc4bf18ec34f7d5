"""What a host wants the door to know of somebody: written, replaced and taken away, never changed."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.checkin import late
from organizer.checkin.models import DoorNote
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.registrations.models import Registration

LONGEST = 120


def note_of(session: Session, registration_id: int) -> str:
    """What the door is to know of one person, or nothing."""
    standing = DoorNote.registration_id == registration_id, DoorNote.voided_at.is_(None)
    return session.scalar(select(DoorNote.words).where(*standing)) or ""


def notes_of(session: Session, event_id: int) -> dict[int, str]:
    """The notes of an event by the registration's id."""
    query = select(DoorNote.registration_id, DoorNote.words)
    standing = query.where(DoorNote.event_id == event_id, DoorNote.voided_at.is_(None))
    return dict(session.execute(standing).all())


def write(
    session: Session, event: Event, registration: Registration, words: str, *, by: Person, now: datetime
) -> bool:
    """Have the door know this of somebody, in place of what it knew; no words: nothing. Gives whether that is new.

    Of two who write at once the second one's words stand.
    """
    late.hold(session.connection(), registration.id)
    if note_of(session, registration.id) == words:
        return False
    standing = DoorNote.registration_id == registration.id, DoorNote.voided_at.is_(None)
    session.execute(update(DoorNote).where(*standing).values(voided_at=now))
    ids = {"circle_id": event.circle_id, "event_id": event.id, "registration_id": registration.id}
    if words:
        session.add(DoorNote(**ids, words=words, by_id=by.id, at=now))
    record(
        session,
        "door_note.written" if words else "door_note.taken_away",
        "registration",
        registration.id,
        at=now,
        actor_id=by.id,
        circle_id=event.circle_id,
        event=event.id,
    )
    return True
