"""Publishing an event, closing its applications, taking them again."""

from datetime import datetime

from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.domain.lifecycle import EventStep, NotAllowed, step
from organizer.errors import Refused
from organizer.events import seats
from organizer.events.models import Event
from organizer.events.readiness import needed
from organizer.events.schedule import plan_work
from organizer.events.service import lock, targets_of
from organizer.people.models import Person

ACTS = {
    EventStep.PUBLISH: "event.published",
    EventStep.CLOSE: "event.closed",
    EventStep.REOPEN: "event.reopened",
}


def publish(session: Session, event: Event, *, by: Person, now: datetime) -> None:
    """Open a draft to the public. Refused(Gap) while something is missing, Refused(Barrier) when it is no draft."""
    _take(session, event, EventStep.PUBLISH, now)
    event.published_at = now
    seats.set_caps(session, event, targets_of(session, event.id))
    _follow_up(session, event, EventStep.PUBLISH, by, now)


def close(session: Session, event: Event, *, by: Person, now: datetime) -> None:
    """Take no more applications; the event takes place."""
    _take(session, event, EventStep.CLOSE, now)
    event.closed_at = now
    _follow_up(session, event, EventStep.CLOSE, by, now)


def reopen(session: Session, event: Event, *, by: Person, now: datetime) -> None:
    """Take applications again."""
    _take(session, event, EventStep.REOPEN, now)
    event.closed_at = None
    _follow_up(session, event, EventStep.REOPEN, by, now)


def _take(session: Session, event: Event, taken: EventStep, now: datetime) -> None:
    lock(session, event)
    try:
        after = step(event.state, taken, over=now >= event.ends_at)
    except NotAllowed as refused:
        raise Refused(refused.why) from None
    missing = needed(event, now) if taken is EventStep.PUBLISH else []
    if missing:
        raise Refused(missing[0])
    event.state = after


def _follow_up(session: Session, event: Event, taken: EventStep, by: Person, now: datetime) -> None:
    session.flush()
    plan_work(session, event, now)
    record(session, ACTS[taken], "event", event.id, at=now, actor_id=by.id, circle_id=event.circle_id)
