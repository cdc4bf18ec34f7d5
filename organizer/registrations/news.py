"""What hosts want to hear of, as often as each has chosen: at once, or in one letter each morning."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from organizer.circles.models import Circle
from organizer.circles.service import hosts_of
from organizer.domain.delivery import NotifyChoice
from organizer.events.models import Event
from organizer.jobs import tasks
from organizer.mail import outbox
from organizer.people.models import Person
from organizer.registrations.models import Registration

DAILY = "host_daily"
MORNING = time(8)


class News(StrEnum):
    """What happened; the kind of mail that says so at once."""

    APPLICATION = "host_new_applications"
    CANCELLATION = "host_cancellations"


def tell_hosts(session: Session, registration: Registration, news: News, now: datetime) -> None:
    """Have every host of the circle hear of it, as each has chosen; but for the one it is about."""
    for membership in hosts_of(session, registration.circle_id):
        if membership.person_id == registration.person_id:
            continue
        if membership.notify is NotifyChoice.AT_ONCE:
            outbox.post(
                session,
                news.value,
                now=now,
                person_id=membership.person_id,
                once=f"{news.value}:{registration.id}:{membership.id}",
                circle_id=registration.circle_id,
                event_id=registration.event_id,
                registration_id=registration.id,
                membership_id=membership.id,
            )
        elif membership.notify is NotifyChoice.DAILY:
            due_at = next_morning(now, _zone(session, registration.circle_id))
            period = due_at.date().isoformat()
            circle_id = registration.circle_id
            tasks.plan(session, DAILY, membership.id, due_at, now=now, circle_id=circle_id, period=period)


def next_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """The next eight o'clock by the circle's clock: of today while it lies ahead, else of tomorrow."""
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), MORNING, zone)
    return today if local < today else datetime.combine(local.date() + timedelta(days=1), MORNING, zone)


def day_before(morning: datetime, zone: ZoneInfo) -> datetime:
    """The eight o'clock from which on a morning's letter tells what happened."""
    return datetime.combine(morning.astimezone(zone).date() - timedelta(days=1), MORNING, zone)


def applications(session: Session, circle_id: int, since: datetime, until: datetime) -> list[Registration]:
    """The applications to a circle's events in that time that still stand; event, person and profile loaded."""
    query = _with_people(circle_id).where(
        Registration.applied_at >= since, Registration.applied_at < until, Registration.cancelled_at.is_(None)
    )
    return list(session.scalars(query.order_by(Event.starts_at, Registration.applied_at, Registration.id)))


def cancellations(session: Session, circle_id: int, since: datetime, until: datetime) -> list[Registration]:
    """What was cancelled of a circle's events in that time; event, person and profile loaded."""
    query = _with_people(circle_id).where(
        Registration.cancelled_at >= since, Registration.cancelled_at < until
    )
    return list(session.scalars(query.order_by(Event.starts_at, Registration.cancelled_at, Registration.id)))


def _with_people(circle_id: int) -> Select[Registration]:
    return (
        select(Registration)
        .join(Registration.event)
        .options(
            joinedload(Registration.event),
            joinedload(Registration.person).joinedload(Person.profile),
        )
        .where(Registration.circle_id == circle_id)
    )


def _zone(session: Session, circle_id: int) -> ZoneInfo:
    return ZoneInfo(session.get_one(Circle, circle_id).time_zone)
