"""The reminders to everybody admitted: three days before, and the day before."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from organizer.circles.approach import weights_of
from organizer.domain.delivery import SuppressionReason
from organizer.domain.fit import affinity
from organizer.domain.lifecycle import EventState, Mode, RegistrationState
from organizer.mail.letters import Attachment, Letter, composes
from organizer.mail.models import Message
from organizer.people import links
from organizer.people.blocks import blocked_with
from organizer.people.models import LinkPurpose
from organizer.registrations import tickets
from organizer.registrations.answers import GIVES
from organizer.registrations.copies import copy_for
from organizer.registrations.mails import short_title
from organizer.registrations.models import Registration
from organizer.registrations.queries import profile_of, registrations_of, whole_registration
from organizer.registrations.wording import give_words
from organizer.web.unit import config
from organizer.web.urls import external
from organizer.workflows.looking_back import gone_for

NOT_TO_MISS = 3
WORTH_NAMING = 0.25
"""From this affinity on somebody is named as a person not to miss."""


@composes("reminder_three_days")
def reminder_three_days(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """What one can give is asked for while there is time to think of it."""
    found = _still(session, message, now)
    if not isinstance(found, Registration):
        return found
    given = give_words(profile_of(found).gives)
    token = _token(session, found, now)
    edit_url = external("registrations.ticket_edit", token=token)
    return _letter(session, found, now, token, given=given, wanted=GIVES, edit_url=edit_url)


@composes("reminder_day_before")
def reminder_day_before(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """Ticket and place once more, and whom not to miss."""
    found = _still(session, message, now)
    if not isinstance(found, Registration):
        return found
    files, ticket = [], tickets.issue(session, found, now, config().secret_key)
    if found.event.mode is Mode.VENUE:
        url = external("registrations.shown_code", code=tickets.code_of(ticket, config().secret_key))
        files.append(Attachment("ticket.png", tickets.qr_png(url), "image/png", cid="qr"))
    people = [(one, give_words(profile_of(one).gives)[:1]) for one in not_to_miss(session, found)]
    return _letter(session, found, now, _token(session, found, now), files, ticket=ticket, people=people)


def not_to_miss(session: Session, registration: Registration) -> list[Registration]:
    """Who of those who come and agreed to be listed would mean most to this person, the most first."""
    me = profile_of(registration)
    coming = registrations_of(session, registration.event_id, [RegistrationState.ADMITTED])
    apart = blocked_with(session, me.id) | gone_for(session, me.id, {one.person_id for one in coming})
    weights = weights_of(session, registration.circle_id)
    found = [
        (affinity(me, profile_of(one), weights).score, one)
        for one in coming
        if one.listed and one.id != registration.id and one.person_id not in apart and one.person.name
    ]
    best = sorted(found, key=lambda pair: (-pair[0], pair[1].id))
    return [one for score, one in best[:NOT_TO_MISS] if score >= WORTH_NAMING]


def _still(session: Session, message: Message, now: datetime) -> Registration | SuppressionReason:
    """The registration, if its event still takes place on the day of which the reminder speaks."""
    registration = whole_registration(session, message.refs["registration_id"])
    if registration is None or registration.state is not RegistrationState.ADMITTED:
        return SuppressionReason.NO_LONGER_TRUE
    event = registration.event
    if event.state is EventState.CANCELLED:
        return SuppressionReason.EVENT_CANCELLED
    if now >= event.starts_at:
        return SuppressionReason.TOO_LATE
    day = event.starts_at.astimezone(ZoneInfo(event.circle.time_zone)).date().isoformat()
    return registration if day == message.refs["day"] else SuppressionReason.NO_LONGER_TRUE


def _token(session: Session, registration: Registration, now: datetime) -> str:
    return links.issue(session, LinkPurpose.TICKET, registration.person_id, registration.id, now=now)


def _letter(
    session: Session,
    registration: Registration,
    now: datetime,
    token: str,
    files: Collection[Attachment] = (),
    **context: object,
) -> Letter:
    event = registration.event
    shown = {
        "event": event,
        "registration": registration,
        "title": short_title(event.title),
        "zone": event.circle.time_zone,
        "url": external("registrations.ticket", token=token),
    }
    return Letter(
        shown | context,
        sender_name=event.circle.name,
        copy_to=copy_for(session, registration, now),
        attachments=tuple(files),
    )
