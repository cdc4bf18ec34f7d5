"""Making, changing and copying events."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.circles.models import Circle
from organizer.domain.lifecycle import Barrier, EventState, Mode
from organizer.errors import Refused
from organizer.events import contents, seats
from organizer.events.contents import FIELDS, Contents
from organizer.events.models import Event, EventChange, TargetProfile
from organizer.events.schedule import plan_work
from organizer.events.service import lock, targets_of
from organizer.people.models import Person

_NUMBER = re.compile(r"(第|#|No\.?\s?|Vol\.?\s?)(\d{1,4})(回?)", re.IGNORECASE)


def create(session: Session, circle: Circle, written: Contents, *, by: Person, now: datetime) -> Event:
    """A new draft of a circle."""
    event = Event(circle_id=circle.id, created_at=now, **{name: getattr(written, name) for name in FIELDS})
    event.circle = circle
    session.add(event)
    session.flush()
    record(session, "event.created", "event", event.id, at=now, actor_id=by.id, circle_id=circle.id)
    return event


def may_change(event: Event, now: datetime) -> None:
    """Refuse what can no longer be changed: cancelled events, and those that are over."""
    if event.state is EventState.CANCELLED:
        raise Refused(Barrier.EVENT_CANCELLED)
    if event.state is not EventState.DRAFT and now >= event.ends_at:
        raise Refused(Barrier.EVENT_OVER)


def edit(session: Session, event: Event, written: Contents, *, by: Person, now: datetime) -> bool:
    """Write new contents; gives whether a published event has moved, in time or place, so that its people must be told.

    A smaller capacity never takes a seat away that somebody has.
    """
    lock(session, event)
    may_change(event, now)
    changed = [name for name in FIELDS if getattr(event, name) != getattr(written, name)]
    moved = event.state is not EventState.DRAFT and _has_moved(event, written)
    if moved:
        _note_move(session, event, written, now)
    for name in changed:
        setattr(event, name, getattr(written, name))
    session.flush()
    if event.state is not EventState.DRAFT:
        seats.set_caps(session, event, targets_of(session, event.id))
        plan_work(session, event, now)
    if changed:
        record(
            session,
            "event.edited",
            "event",
            event.id,
            at=now,
            actor_id=by.id,
            circle_id=event.circle_id,
            fields=changed,
        )
    return moved


def copy(session: Session, event: Event, *, by: Person, now: datetime) -> Event:
    """A draft with the same contents and target profiles, some weeks later, its number counted up."""
    later = contents.shifted(contents.of(event), ZoneInfo(event.circle.time_zone), now)
    draft = create(session, event.circle, later, by=by, now=now)
    draft.title = next_title(event.title)
    draft.copied_from_id = event.id
    for target in targets_of(session, event.id):
        session.add(
            TargetProfile(
                circle_id=target.circle_id,
                event_id=draft.id,
                position=target.position,
                name=target.name,
                criteria=target.criteria,
                floor=target.floor,
                ceiling=target.ceiling,
                weight=target.weight,
                ceiling_only=target.ceiling_only,
            )
        )
    session.flush()
    return draft


def next_title(title: str) -> str:
    """The title with its number counted up: `第12回 朝の会` → `第13回 朝の会`; without a number, the title itself."""
    counted = _NUMBER.sub(lambda found: f"{found[1]}{int(found[2]) + 1}{found[3]}", title, count=1)
    return counted[:80]


def _has_moved(event: Event, written: Contents) -> bool:
    moving = [
        "starts_at",
        "ends_at",
        "mode",
        *(("online_url",) if written.mode is Mode.ONLINE else ("place", "address")),
    ]
    return any(getattr(event, name) != getattr(written, name) for name in moving)


def _note_move(session: Session, event: Event, written: Contents, now: datetime) -> None:
    event.sequence += 1
    session.add(
        EventChange(
            circle_id=event.circle_id,
            event_id=event.id,
            sequence=event.sequence,
            at=now,
            mode=event.mode,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            place=event.place,
            address=event.address,
            link_moved=event.online_url != written.online_url,
        )
    )
