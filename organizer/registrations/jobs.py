"""Work of registrations at its time: reminders, the hosts' letters, and seats that the host has freed."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session, joinedload

from organizer.circles.models import Circle, Membership
from organizer.circles.service import hosts_of
from organizer.domain.delivery import NotifyChoice
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.roles import Right, may
from organizer.events import seats
from organizer.events.models import Event
from organizer.events.schedule import DEADLINE_NEAR, REMINDER_DAY_BEFORE, REMINDER_THREE_DAYS
from organizer.jobs.models import Task
from organizer.jobs.tasks import does
from organizer.mail import outbox
from organizer.registrations import memory, news, waiting
from organizer.registrations.deciding import SEAT_FREED
from organizer.registrations.models import Registration
from organizer.registrations.queries import registrations_of


@does(REMINDER_THREE_DAYS)
def remind_three_days_before(session: Session, task: Task, now: datetime) -> bool:
    """Three days before, everybody admitted is asked for what they can give."""
    return _remind(session, task, now)


@does(REMINDER_DAY_BEFORE)
def remind_the_day_before(session: Session, task: Task, now: datetime) -> bool:
    """The day before, everybody admitted gets ticket and place once more, and whom not to miss."""
    return _remind(session, task, now)


@does(DEADLINE_NEAR)
def tell_of_the_deadline(session: Session, task: Task, now: datetime) -> bool:
    """A day before applications end, hosts hear what is left to decide; nothing when nothing is."""
    event = session.get(Event, task.subject_id)
    if event is None or event.state is not EventState.PUBLISHED or event.deadline_at <= now:
        return False
    undecided = registrations_of(session, event.id, [RegistrationState.APPLIED])
    if not undecided and seats.WHOLE in waiting.full_keys_of(session, event.id):
        return False
    wanting = [one for one in hosts_of(session, event.circle_id) if one.notify is not NotifyChoice.NEVER]
    for membership in wanting:
        outbox.post(
            session,
            DEADLINE_NEAR,
            now=now,
            person_id=membership.person_id,
            once=f"{DEADLINE_NEAR}:{event.id}:{task.period}:{membership.id}",
            circle_id=event.circle_id,
            event_id=event.id,
            membership_id=membership.id,
        )
    return bool(wanting)


@does(news.DAILY)
def tell_of_the_day(session: Session, task: Task, now: datetime) -> bool:
    """One letter to one host about the day that ended this morning; none when there is nothing to tell."""
    membership = session.get(Membership, task.subject_id, options=[joinedload(Membership.circle)])
    if (
        membership is None
        or membership.notify is NotifyChoice.NEVER
        or not may(membership.role, Right.DECIDE)
    ):
        return False
    until = task.due_at
    since = news.day_before(until, ZoneInfo(membership.circle.time_zone))
    circle_id = membership.circle_id
    if not news.applications(session, circle_id, since, until) and not news.cancellations(
        session, circle_id, since, until
    ):
        return False
    outbox.post(
        session,
        news.DAILY,
        now=now,
        person_id=membership.person_id,
        once=f"{news.DAILY}:{membership.id}:{task.period}",
        circle_id=circle_id,
        membership_id=membership.id,
        since=since.isoformat(),
        until=until.isoformat(),
    )
    return True


@does(SEAT_FREED)
def give_the_seat_on(session: Session, task: Task, now: datetime) -> bool:
    """A seat the host has taken from somebody goes to the waiting list, unless that was taken back meanwhile."""
    registration = session.get(Registration, task.subject_id, options=[joinedload(Registration.event)])
    if registration is None or memory.decision_of(registration) != task.period:
        return False
    return bool(waiting.promote_into_new(session, registration.event, 1, now))


def _remind(session: Session, task: Task, now: datetime) -> bool:
    event = session.get(Event, task.subject_id)
    if (
        event is None
        or event.state not in (EventState.PUBLISHED, EventState.CLOSED)
        or event.starts_at <= now
    ):
        return False
    circle = session.get_one(Circle, event.circle_id)
    if event.starts_at.astimezone(ZoneInfo(circle.time_zone)).date().isoformat() != task.period:
        return False
    admitted = registrations_of(session, event.id, [RegistrationState.ADMITTED])
    for registration in admitted:
        outbox.post(
            session,
            task.name,
            now=now,
            person_id=registration.person_id,
            once=f"{task.name}:{registration.id}:{task.period}",
            circle_id=event.circle_id,
            event_id=event.id,
            registration_id=registration.id,
            day=task.period,
        )
    return bool(admitted)
