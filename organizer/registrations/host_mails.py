"""The mails to hosts: applications, cancellations, the morning's letter, the deadline."""

from datetime import datetime

from sqlalchemy.orm import Session, joinedload

from organizer.circles.models import Membership
from organizer.domain.delivery import NotifyChoice, SuppressionReason
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.roles import Right, may
from organizer.events import seats
from organizer.events.models import Event
from organizer.events.service import domain_targets, targets_of
from organizer.mail.letters import Letter, composes
from organizer.mail.models import Message
from organizer.registrations import news
from organizer.registrations.desk import best_fit
from organizer.registrations.mails import short_title
from organizer.registrations.models import Registration
from organizer.registrations.queries import profile_of, registrations_of, whole_registration
from organizer.registrations.wording import fit_words
from organizer.web.urls import external


@composes("host_new_applications")
def host_new_applications(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """Somebody has applied: who, and how they fit."""
    found = _about(session, message, now)
    if not isinstance(found, Registration):
        return found
    if found.state is RegistrationState.CANCELLED:
        return SuppressionReason.NO_LONGER_TRUE
    fit = best_fit(profile_of(found), domain_targets(targets_of(session, found.event_id)))
    return _letter(found.event, registration=found, applicant=found.person, fit=fit_words(fit) if fit else "")


@composes("host_cancellations")
def host_cancellations(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """Somebody has given up: who, and what the room looks like now."""
    found = _about(session, message, now)
    if not isinstance(found, Registration):
        return found
    if found.state is not RegistrationState.CANCELLED:
        return SuppressionReason.NO_LONGER_TRUE
    return _letter(found.event, registration=found, applicant=found.person, room=_room(session, found.event))


@composes("host_daily")
def host_daily(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """All that happened in a day, by event."""
    membership = _host(session, message)
    if membership is None:
        return SuppressionReason.UNSUBSCRIBED
    since, until = (datetime.fromisoformat(message.refs[name]) for name in ("since", "until"))
    came = news.applications(session, membership.circle_id, since, until)
    went = news.cancellations(session, membership.circle_id, since, until)
    open_events = {one.event.id: one.event for one in [*came, *went] if _takes_place(one.event, now)}
    if not open_events:
        return SuppressionReason.NO_LONGER_TRUE
    told = [
        {
            "event": event,
            "came": [one for one in came if one.event_id == event.id],
            "went": [one for one in went if one.event_id == event.id],
            "url": external("registrations.desk", event_id=event.public_id),
        }
        for event in open_events.values()
    ]
    circle = membership.circle
    first = external("registrations.desk", event_id=next(iter(open_events.values())).public_id)
    return Letter(
        {"told": told, "zone": circle.time_zone, "title": short_title(circle.name), "url": first},
        sender_name=circle.name,
    )


@composes("deadline_near")
def deadline_near(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """Applications end tomorrow: what is left to decide."""
    if _host(session, message) is None:
        return SuppressionReason.UNSUBSCRIBED
    event = session.get_one(Event, message.event_id, options=[joinedload(Event.circle)])
    if event.state is not EventState.PUBLISHED or event.deadline_at <= now:
        return SuppressionReason.NO_LONGER_TRUE
    undecided = registrations_of(session, event.id, [RegistrationState.APPLIED])
    return _letter(event, undecided=len(undecided), room=_room(session, event))


def _about(session: Session, message: Message, now: datetime) -> Registration | SuppressionReason:
    """The registration a mail speaks of, if its recipient is still a host who wants to hear of it."""
    if _host(session, message) is None:
        return SuppressionReason.UNSUBSCRIBED
    registration = whole_registration(session, message.refs["registration_id"])
    if registration is None or not _takes_place(registration.event, now):
        return SuppressionReason.NO_LONGER_TRUE
    return registration


def _host(session: Session, message: Message) -> Membership | None:
    membership = session.get(
        Membership, message.refs["membership_id"], options=[joinedload(Membership.circle)]
    )
    if membership is None or membership.person_id != message.person_id:
        return None
    wants = may(membership.role, Right.DECIDE) and membership.notify is not NotifyChoice.NEVER
    return membership if wants else None


def _takes_place(event: Event, now: datetime) -> bool:
    return event.state is not EventState.CANCELLED and now < event.ends_at


def _room(session: Session, event: Event) -> dict[str, int]:
    """How many seats there are, and how many are taken."""
    counter = seats.counts(session, event.id).get(seats.WHOLE)
    taken = counter.taken if counter else 0
    return {"taken": taken, "capacity": event.capacity, "free": max(0, event.capacity - taken)}


def _letter(event: Event, **context: object) -> Letter:
    shown = {
        "event": event,
        "title": short_title(event.title),
        "zone": event.circle.time_zone,
        "url": external("registrations.desk", event_id=event.public_id),
    }
    return Letter(shown | context, sender_name=event.circle.name)
