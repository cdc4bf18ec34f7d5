"""The work that an event brings with it, at its times."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.domain.cadence import matches_due
from organizer.domain.lifecycle import EventState, closing_opens
from organizer.events.models import Event
from organizer.jobs import tasks
from organizer.jobs.models import Task, TaskState

REMINDER_THREE_DAYS = "reminder_three_days"
REMINDER_DAY_BEFORE = "reminder_day_before"
DEADLINE_NEAR = "deadline_near"
CLOSING_OPENS = "closing_opens"
MAKE_MATCHES = "make_matches"
WORK = (REMINDER_THREE_DAYS, REMINDER_DAY_BEFORE, DEADLINE_NEAR, CLOSING_OPENS, MAKE_MATCHES)

MORNING = time(9)
NOON = time(12)
DEADLINE_LEAD = timedelta(hours=24)


def plan_work(session: Session, event: Event, now: datetime) -> None:
    """Plan what an open event (circle loaded) brings with it, or move what waits; nothing that would lie in
    the past.
    """
    wanted = {} if event.state not in (EventState.PUBLISHED, EventState.CLOSED) else _dates(event)
    if event.state is EventState.CLOSED:
        wanted = {key: due for key, due in wanted.items() if key[0] != DEADLINE_NEAR}
    wanted = {key: due for key, due in wanted.items() if due > now}
    for task in _waiting(session, event):
        if (task.name, task.period) not in wanted:
            tasks.drop(session, task.name, event.id, now=now, period=task.period)
    for (name, period), due in wanted.items():
        tasks.plan(session, name, event.id, due, now=now, circle_id=event.circle_id, period=period)


def drop_work(session: Session, event: Event, now: datetime) -> None:
    """Let everything be that still waits: the event does not take place."""
    for task in _waiting(session, event):
        tasks.drop(session, task.name, event.id, now=now, period=task.period)


def _dates(event: Event) -> dict[tuple[str, str], datetime]:
    """When which work is due. A reminder belongs to a date (its period): an event that moves gets it again."""
    zone = ZoneInfo(event.circle.time_zone)
    day = event.starts_at.astimezone(zone).date()
    until = event.deadline_at.astimezone(zone).date()
    return {
        (REMINDER_THREE_DAYS, day.isoformat()): datetime.combine(day - timedelta(days=3), MORNING, zone),
        (REMINDER_DAY_BEFORE, day.isoformat()): datetime.combine(day - timedelta(days=1), NOON, zone),
        (DEADLINE_NEAR, until.isoformat()): event.deadline_at - DEADLINE_LEAD,
        (CLOSING_OPENS, ""): closing_opens(event.starts_at, event.ends_at),
        (MAKE_MATCHES, ""): matches_due(event.starts_at, event.ends_at, event.circle.time_zone),
    }


def _waiting(session: Session, event: Event) -> list[Task]:
    query = select(Task).where(
        Task.subject_id == event.id, Task.name.in_(WORK), Task.state == TaskState.WAITING
    )
    return list(session.scalars(query.order_by(Task.id)))
