"""Changing and cancelling an event, and telling everyone whom it concerns."""

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.checkin import devices
from organizer.domain.delivery import MessageState
from organizer.domain.lifecycle import LIVE, EventState, EventStep, NotAllowed, RegistrationState, step
from organizer.errors import Refused
from organizer.events import writing
from organizer.events.contents import Contents
from organizer.events.models import Event
from organizer.events.schedule import drop_work
from organizer.events.service import lock
from organizer.mail.models import Message
from organizer.mail.outbox import post, withdraw
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.registrations.waiting import promote_into_new

CHANGED = "event_changed"
CANCELLED = "event_cancelled"


def change_event(session: Session, event: Event, written: Contents, *, by: Person, now: datetime) -> int:
    """Write new contents; when a published event has moved, its people are told. Gives how many are.

    The devices of its door end with it, whenever that is now. New seats go to those who wait, if the event says so.
    """
    seats_before = event.capacity + event.overbooking
    moved = writing.edit(session, event, written, by=by, now=now)
    devices.follow(session, event, now)
    promote_into_new(session, event, event.capacity + event.overbooking - seats_before, now)
    return tell_of_change(session, event, by, now) if moved else 0


def tell_of_change(session: Session, event: Event, by: Person, now: datetime) -> int:
    """Post the mail about the present SEQUENCE to everyone admitted, once; an earlier one still here is taken back.

    Gives how many people are told.
    """
    queued = select(Message.id).where(
        Message.event_id == event.id, Message.kind == CHANGED, Message.state == MessageState.QUEUED
    )
    withdraw(session, session.scalars(queued).all(), now, "no_longer_true")
    admitted = select(Registration.id, Registration.person_id).where(
        Registration.event_id == event.id, Registration.state == RegistrationState.ADMITTED
    )
    rows = session.execute(admitted.order_by(Registration.id)).all()
    for registration_id, person_id in rows:
        post(
            session,
            CHANGED,
            now=now,
            person_id=person_id,
            once=f"{CHANGED}:{registration_id}:{event.sequence}",
            circle_id=event.circle_id,
            event_id=event.id,
            registration_id=registration_id,
            sequence=event.sequence,
        )
    facts = {"sequence": event.sequence, "told": len(rows)}
    record(
        session, "event.moved", "event", event.id, at=now, actor_id=by.id, circle_id=event.circle_id, **facts
    )
    return len(rows)


def cancel_event(session: Session, event: Event, by: Person, words: str, now: datetime) -> int:
    """Cancel an event for good: what was planned and posted is dropped, everyone concerned is told, with these words.

    Gives how many people are told. Refused(Barrier) when it is over or cancelled already.
    """
    lock(session, event)
    try:
        after = step(
            event.state, EventStep.CANCEL, over=now >= event.ends_at and event.state is not EventState.DRAFT
        )
    except NotAllowed as refused:
        raise Refused(refused.why) from None
    event.state, event.cancelled_at, event.cancel_words = after, now, words
    session.flush()
    drop_work(session, event, now)
    _withdraw_all(session, event, now)
    concerned = _concerned(session, event, now)
    for registration_id, person_id in concerned:
        post(
            session,
            CANCELLED,
            now=now,
            person_id=person_id,
            once=f"{CANCELLED}:{registration_id}",
            circle_id=event.circle_id,
            event_id=event.id,
            registration_id=registration_id,
        )
    facts = {"told": len(concerned)}
    record(
        session,
        "event.cancelled",
        "event",
        event.id,
        at=now,
        actor_id=by.id,
        circle_id=event.circle_id,
        **facts,
    )
    return len(concerned)


def _withdraw_all(session: Session, event: Event, now: datetime) -> None:
    """No mail about an event that does not take place: tickets, reminders, decisions that have not left."""
    queued = select(Message.id).where(Message.event_id == event.id, Message.state == MessageState.QUEUED)
    withdraw(session, session.scalars(queued).all(), now, "event_cancelled")


def _concerned(session: Session, event: Event, now: datetime) -> list[tuple[int, int]]:
    """Everyone who has applied and reckons with the event, also those whose refusal had not left yet."""
    untold = and_(Registration.state == RegistrationState.DECLINED, Registration.letter_due_at > now)
    query = select(Registration.id, Registration.person_id).where(
        Registration.event_id == event.id, or_(Registration.state.in_(LIVE), untold)
    )
    return [(row.id, row.person_id) for row in session.execute(query.order_by(Registration.id))]
