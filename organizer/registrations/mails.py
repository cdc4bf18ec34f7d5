"""The mails to an applicant, from the application to the ticket, or to the place given back."""

import unicodedata
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from organizer.domain.delivery import SuppressionReason
from organizer.domain.lifecycle import EventState, Mode, RegistrationState
from organizer.events import calendar
from organizer.mail.letters import Attachment, Letter, composes
from organizer.mail.models import Message
from organizer.people import links
from organizer.people.models import LinkPurpose
from organizer.registrations import pdf, tickets
from organizer.registrations.copies import copy_for
from organizer.registrations.models import Registration, Ticket
from organizer.registrations.queries import whole_registration
from organizer.web.unit import config
from organizer.web.urls import external

TITLE_WIDTH = (
    32  # half-width signs of the title in a subject: the rest of its sixty says what the mail is about
)


@composes("applied")
def applied(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """The application has arrived; how to change or withdraw it."""
    return _about(session, message, now, {RegistrationState.APPLIED})


@composes("waitlisted")
def waitlisted(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """A place on the waiting list."""
    return _about(session, message, now, {RegistrationState.WAITLISTED})


@composes("declined")
def declined(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """That there is no place this time."""
    return _about(session, message, now, {RegistrationState.DECLINED})


@composes("registration_cancelled")
def registration_cancelled(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """The place has been given back; for those who had a ticket, also in their calendar."""
    found = _still(session, message, {RegistrationState.CANCELLED})
    if not isinstance(found, Registration):
        return found
    had_ticket = message.refs.get("was") == RegistrationState.ADMITTED
    files = (_calendar(found, "CANCEL", now),) if had_ticket else ()
    return _letter(session, found, now, files, had_ticket=had_ticket)


@composes("admitted")
def admitted(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """The ticket: made now, if it has not been made before."""
    return _with_ticket(session, message, now, again=False)


@composes("promoted")
def promoted(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """A seat has become free, with the ticket; who can no longer come gives it back."""
    return _with_ticket(session, message, now, again=False, promoted=True)


@composes("ticket")
def ticket_again(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """The ticket once more, with the code that is good now."""
    return _with_ticket(session, message, now, again=True)


def ticket_url(session: Session, registration: Registration, now: datetime) -> str:
    """A new ticket link for a mail that is being composed; how long it is good follows from the event."""
    token = links.issue(session, LinkPurpose.TICKET, registration.person_id, registration.id, now=now)
    return external("registrations.ticket", token=token)


def short_title(title: str, width: int = TITLE_WIDTH) -> str:
    """A title for the head of a subject, cut where it leaves no room for the rest; full-width signs count double."""
    used = 0
    for index, char in enumerate(title):
        used += 2 if unicodedata.east_asian_width(char) in "WFA" else 1
        if used > width:
            return title[:index].rstrip() + "…"
    return title


def _about(
    session: Session, message: Message, now: datetime, states: Collection[RegistrationState]
) -> Letter | SuppressionReason:
    found = _still(session, message, states)
    return _letter(session, found, now) if isinstance(found, Registration) else found


def _with_ticket(
    session: Session, message: Message, now: datetime, *, again: bool, promoted: bool = False
) -> Letter | SuppressionReason:
    found = _still(session, message, {RegistrationState.ADMITTED})
    if not isinstance(found, Registration):
        return found
    if now > found.event.ends_at:
        return SuppressionReason.TOO_LATE
    files = [_calendar(found, "REQUEST", now)]
    ticket = tickets.issue(session, found, now, config().secret_key)
    if found.event.mode is Mode.VENUE:
        files = [*_pictures(found, ticket), *files]
    return _letter(
        session, found, now, files, template="admitted", ticket=ticket, again=again, promoted=promoted
    )


def _still(
    session: Session, message: Message, states: Collection[RegistrationState]
) -> Registration | SuppressionReason:
    """The registration a mail speaks of, if what it says is still so."""
    registration = whole_registration(session, message.refs["registration_id"])
    if registration is None or registration.state not in states:
        return SuppressionReason.NO_LONGER_TRUE
    if registration.event.state is EventState.CANCELLED:
        return SuppressionReason.EVENT_CANCELLED
    return registration


def _pictures(registration: Registration, ticket: Ticket) -> list[Attachment]:
    url = external("registrations.shown_code", code=tickets.code_of(ticket, config().secret_key))
    return [
        Attachment("ticket.png", tickets.qr_png(url), "image/png", cid="qr"),
        Attachment("ticket.pdf", pdf.ticket(registration, ticket, url), "application/pdf"),
    ]


def _calendar(registration: Registration, method: calendar.Method, now: datetime) -> Attachment:
    event, person = registration.event, registration.person
    content = calendar.ics(
        event,
        base_url_of_event=external("events.show", event_id=event.public_id),
        method=method,
        attendee=(person.name, person.email) if person.email else None,
        stamp=now,
    )
    return Attachment("event.ics", content, calendar.MIME, params={"method": method, "charset": "utf-8"})


def _letter(
    session: Session,
    registration: Registration,
    now: datetime,
    files: Collection[Attachment] = (),
    template: str | None = None,
    **context: object,
) -> Letter:
    event = registration.event
    shown = {
        "event": event,
        "registration": registration,
        "title": short_title(event.title),
        "zone": event.circle.time_zone,
        "url": ticket_url(session, registration, now),
        "event_url": external("events.show", event_id=event.public_id),
    }
    return Letter(
        shown | context,
        sender_name=event.circle.name,
        copy_to=copy_for(session, registration, now),
        attachments=tuple(files),
        template=template,
    )
