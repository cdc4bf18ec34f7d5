"""Giving a place back: seats are freed, the ticket ends, everybody concerned hears of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.domain.lifecycle import Actor, Barrier, RegistrationState, RegistrationStep, allowed
from organizer.errors import Refused
from organizer.events import seats
from organizer.people.models import Person
from organizer.registrations import letters, tickets
from organizer.registrations.models import Registration
from organizer.registrations.news import News, tell_hosts
from organizer.registrations.queries import told_state
from organizer.registrations.waiting import promote_into


def cancel(
    session: Session,
    registration: Registration,
    *,
    by: Person | None,
    now: datetime,
    actor: Actor = Actor.APPLICANT,
    arrived: bool = False,
) -> bool:
    """Cancel a live registration; gives False when it was cancelled already. The event must be loaded.

    `arrived`: a check-in stands. Raises Refused(Barrier) when it cannot be cancelled (any more).
    Locks the registration first, then the seat counters: whoever decides on registrations keeps to that order.
    """
    session.refresh(registration, ["state", "counted", "before", "letter_due_at"], with_for_update=True)
    event, told = registration.event, told_state(registration, now)
    # Who does not know yet that they were declined cancels what they know of.
    verdict = allowed(
        told if registration.state is RegistrationState.DECLINED else registration.state,
        RegistrationStep.CANCEL,
        actor,
        event.state,
        now,
        ends_at=event.ends_at,
        arrived=arrived,
    )
    if verdict.why is Barrier.ALREADY_SO:
        return False
    if verdict.why is not None:
        raise Refused(verdict.why)

    counted, had_seat = registration.counted, told is RegistrationState.ADMITTED
    registration.state, registration.cancelled_at = RegistrationState.CANCELLED, now
    registration.counted, registration.before, registration.letter_due_at = [], None, None
    session.flush()
    seats.release(session, event.id, counted)
    by_id = by.id if by else None
    tickets.revoke(session, registration, now, by_id=by_id)

    record(
        session,
        "registration.cancelled",
        "registration",
        registration.id,
        at=now,
        actor_id=by_id,
        circle_id=event.circle_id,
        by=actor.value,
        was=told.value,
    )
    letters.post(session, registration, "registration_cancelled", now, was=told.value)
    if actor is Actor.APPLICANT:
        tell_hosts(session, registration, News.CANCELLATION, now)
    if counted or had_seat:
        promote_into(session, event, registration, now)
    return True
