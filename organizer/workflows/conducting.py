"""Acts between people that reach over rooms: who may report whom to a circle, and excluding somebody from it."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from organizer.circles import conduct
from organizer.circles.models import Circle, Membership, Report
from organizer.domain.lifecycle import LIVE, Actor
from organizer.errors import Refused
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.workflows.applying import give_up


def may_report(session: Session, circle: Circle, reporter: Person, other: Person) -> bool:
    """Whether both were registered for the same event of the circle, or the other helps to run it."""
    mine, theirs = aliased(Registration), aliased(Registration)
    together = exists().where(
        mine.circle_id == circle.id,
        mine.person_id == reporter.id,
        theirs.person_id == other.id,
        theirs.event_id == mine.event_id,
    )
    came = exists().where(Registration.circle_id == circle.id, Registration.person_id == reporter.id)
    runs_it = exists().where(Membership.circle_id == circle.id, Membership.person_id == other.id)
    return bool(session.scalar(select(or_(together, and_(came, runs_it)))))


def known_to_circle(session: Session, circle: Circle, person: Person) -> bool:
    """Whether a person has ever applied to an event of the circle, or been reported to it."""
    applied = exists().where(Registration.circle_id == circle.id, Registration.person_id == person.id)
    reported = exists().where(Report.circle_id == circle.id, Report.reported_id == person.id)
    return bool(session.scalar(select(or_(applied, reported))))


def exclude(
    session: Session, circle: Circle, person: Person, *, by: Person, note: str, now: datetime
) -> None:
    """Exclude a person from a circle, and give back the places held at its events to come."""
    if not conduct.exclude(session, circle, person, by=by, note=note, now=now):
        return
    query = (
        select(Registration)
        .join(Event, Event.id == Registration.event_id)
        .options(joinedload(Registration.event), joinedload(Registration.person))
        .where(Registration.circle_id == circle.id, Registration.person_id == person.id)
        .where(Registration.state.in_(LIVE), Event.starts_at > now)
    )
    for registration in session.scalars(query.order_by(Registration.id)):
        with suppress(Refused):  # who is in the room already stays on its list
            give_up(session, registration, by=by, now=now, actor=Actor.HOST)
