"""The mails about an event itself: that it has moved, that it does not take place, that somebody is invited."""

import unicodedata
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from organizer.domain.delivery import MessageState, SuppressionReason
from organizer.domain.lifecycle import LIVE, EventState, RegistrationState, may_apply
from organizer.events import calendar
from organizer.events.models import Event, EventChange, EventInvitation
from organizer.mail.letters import Attachment, Letter, composes
from organizer.mail.models import Message
from organizer.people import links
from organizer.people.models import LinkPurpose
from organizer.registrations.copies import copy_for
from organizer.registrations.models import Registration
from organizer.web.urls import external

TITLE_WIDTH = 32  # half-width signs of the title that a subject of sixty has room for
NO_LONGER = SuppressionReason.NO_LONGER_TRUE


@composes("event_changed")
def event_changed(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """What has changed, until now and from now on, with the calendar entry that takes the old one's place."""
    registration = _registration(session, message)
    if registration is None or registration.state is not RegistrationState.ADMITTED:
        return NO_LONGER
    event = registration.event
    if event.state is EventState.CANCELLED:
        return SuppressionReason.EVENT_CANCELLED
    if message.refs["sequence"] != event.sequence or now >= event.ends_at:
        return NO_LONGER
    before = _before(session, message, event)
    if before is None:
        return NO_LONGER
    token = links.issue(session, LinkPurpose.TICKET, registration.person_id, registration.id, now=now)
    ticket = {"before": before, "ticket_url": external("registrations.ticket", token=token)}
    return _letter(session, event, registration, now, "REQUEST", ticket)


@composes("event_cancelled")
def event_cancelled(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """That it does not take place, in the host's words; whoever had a place gets it out of the calendar."""
    registration = _registration(session, message)
    if registration is None or registration.event.state is not EventState.CANCELLED:
        return NO_LONGER
    if registration.state not in LIVE | {RegistrationState.DECLINED}:
        return NO_LONGER
    return _letter(session, registration.event, registration, now, "CANCEL")


@composes("event_invitation")
def event_invitation(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """The invitation to apply, as long as one can."""
    query = select(Event).options(joinedload(Event.circle)).where(Event.id == message.event_id)
    event = session.scalar(query)
    if event is None or session.get(EventInvitation, message.refs["invitation"]) is None:
        return NO_LONGER
    barrier = may_apply(
        event.state, event.admission, deadline=event.deadline_at, ends_at=event.ends_at, now=now, invited=True
    )
    if barrier is not None:
        return NO_LONGER
    return Letter(_context(event), sender_name=event.circle.sender_name)


def _registration(session: Session, message: Message) -> Registration | None:
    query = select(Registration).options(
        joinedload(Registration.event).joinedload(Event.circle), joinedload(Registration.person)
    )
    return session.scalar(query.where(Registration.id == message.refs["registration_id"]))


def _before(session: Session, message: Message, event: Event) -> EventChange | None:
    """How the event stood when this person last heard of it: letters taken back before they left do not count."""
    query = select(Message).where(
        Message.event_id == event.id, Message.kind == "event_changed", Message.person_id == message.person_id
    )
    letters = session.scalars(query).all()
    heard = max((row.refs["sequence"] for row in letters if row.state is MessageState.SENT), default=-1)
    unheard = min(row.refs["sequence"] for row in letters if row.refs["sequence"] > heard)
    change = select(EventChange).where(EventChange.event_id == event.id, EventChange.sequence == unheard)
    return session.scalar(change)


def _letter(
    session: Session,
    event: Event,
    registration: Registration,
    now: datetime,
    method: calendar.Method,
    more: dict[str, object] | None = None,
) -> Letter:
    had_place = registration.state is RegistrationState.ADMITTED
    return Letter(
        _context(event) | {"had_place": had_place} | (more or {}),
        sender_name=event.circle.name,
        copy_to=copy_for(session, registration, now),
        attachments=(_entry(event, registration, method, now),) if had_place else (),
    )


def _entry(event: Event, registration: Registration, method: calendar.Method, now: datetime) -> Attachment:
    person = registration.person
    content = calendar.ics(
        event,
        base_url_of_event=external("events.show", event_id=event.public_id),
        method=method,
        attendee=(person.name, person.email) if person.email else None,
        stamp=now,
    )
    return Attachment("event.ics", content, calendar.MIME, params={"method": method, "charset": "utf-8"})


def _context(event: Event) -> dict[str, object]:
    return {
        "event": event,
        "zone": event.circle.time_zone,
        "title": _short(event.title),
        "url": external("events.show", event_id=event.public_id),
    }


def _short(title: str) -> str:
    """The title cut to what a subject has room for; Japanese signs count twice."""
    width, kept = 0, ""
    for char in title:
        width += 2 if unicodedata.east_asian_width(char) in "WFA" else 1
        if width > TITLE_WIDTH:
            return kept.rstrip() + "…"
        kept += char
    return kept
