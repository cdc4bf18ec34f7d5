"""Everybody who comes, with what became of each mail to them; the ticket once more; the table of them for a file."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.domain.lifecycle import Barrier, RegistrationState
from organizer.domain.profiles import Profile
from organizer.errors import Refused
from organizer.events.models import Event
from organizer.events.service import targets_of
from organizer.mail.models import Message
from organizer.people.models import Person
from organizer.registrations import letters, memory, tickets
from organizer.registrations.admitting import lock, note
from organizer.registrations.models import Registration, Ticket
from organizer.registrations.queries import profile_of, registrations_of

ABOUT_THE_EVENT = (
    "applied",
    "waitlisted",
    "admitted",
    "promoted",
    "declined",
    "ticket",
    "event_changed",
    "reminder_three_days",
    "reminder_day_before",
)
"""The mails a host sees the fate of. What a person gets about other people is no concern of the host."""


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody admitted; `mails` newest first, `target` the name of the target profile they count in."""

    registration: Registration
    profile: Profile
    ticket: Ticket | None
    target: str
    mails: tuple[Message, ...]


def attendees(session: Session, event: Event) -> list[Attendee]:
    """Everybody admitted, by name as it is read. Four statements."""
    registrations = registrations_of(session, event.id, [RegistrationState.ADMITTED])
    standing = select(Ticket).where(Ticket.event_id == event.id, Ticket.revoked_at.is_(None))
    held = {ticket.registration_id: ticket for ticket in session.scalars(standing)}
    names = {target.id: target.name for target in targets_of(session, event.id)}
    mails = _mails(session, event)
    return [
        Attendee(
            one,
            profile_of(one),
            held.get(one.id),
            names.get(one.target_profile_id or 0, ""),
            tuple(mails[one.person_id]),
        )
        for one in sorted(registrations, key=lambda one: (one.person.reading or one.person.name, one.id))
    ]


def send_ticket_again(
    session: Session,
    registration: Registration,
    *,
    by: Person,
    now: datetime,
    new_code_with: str | None = None,
) -> None:
    """Mail an admitted person their ticket once more, at most once a minute.

    `new_code_with`: the app's secret, to make a new code that ends the present one.
    A letter that still waits leaves now instead.
    """
    lock(session, registration)
    if registration.state is not RegistrationState.ADMITTED:
        raise Refused(Barrier.WRONG_STATE)
    if memory.is_pending(registration, now) and memory.message_of(registration) is not None:
        letters.hurry(session, [registration], now)
        return
    if new_code_with is not None:
        tickets.reissue(session, registration, now, new_code_with, by_id=by.id)
    minute = f"{now:%Y%m%d%H%M}"
    letters.post(session, registration, "ticket", now, due_at=now, once=minute)
    note(session, registration, "ticket_sent_again", by, now)


def _mails(session: Session, event: Event) -> defaultdict[int, list[Message]]:
    query = (
        select(Message)
        .where(
            Message.event_id == event.id, Message.kind.in_(ABOUT_THE_EVENT), Message.person_id.is_not(None)
        )
        .where(Message.reason.is_distinct_from(letters.TAKEN_BACK))
    )
    found: defaultdict[int, list[Message]] = defaultdict(list)
    for message in session.scalars(query.order_by(Message.due_at.desc(), Message.id.desc())):
        found[message.person_id or 0].append(message)
    return found
