"""Who runs a circle: changing roles and ending memberships, so that an owner always remains."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from organizer.audit.service import record
from organizer.circles.models import Circle, Membership
from organizer.circles.refusals import CircleBarrier
from organizer.domain.delivery import NotifyChoice
from organizer.domain.roles import CircleRole
from organizer.errors import NotFound, Refused
from organizer.people.models import Person


def member_by_public_id(session: Session, circle: Circle, public_id: str) -> Membership:
    """The place in this circle of the person of that id, person loaded. NotFound when there is none."""
    query = (
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .options(joinedload(Membership.person))
        .where(Membership.circle_id == circle.id, Person.public_id == public_id)
    )
    place = session.scalar(query)
    if place is None:
        raise NotFound
    return place


def change_role(session: Session, place: Membership, role: CircleRole, *, by: Person, now: datetime) -> None:
    """Give a member another role. Refused(LAST_OWNER) when no owner would be left."""
    _lock(session, place)
    if place.role is role:
        return
    if role is not CircleRole.OWNER:
        _keep_an_owner(session, place)
    was, place.role = place.role, role
    _record(session, "member.role_changed", place, by, now, was=was.value, role=role.value)


def end(session: Session, place: Membership, *, by: Person, now: datetime) -> None:
    """End a membership, of somebody else or one's own. Refused(LAST_OWNER) when no owner would be left."""
    _lock(session, place)
    _keep_an_owner(session, place)
    session.delete(place)
    session.flush()
    _record(session, "member.ended", place, by, now, role=place.role.value)


def choose_news(session: Session, place: Membership, notify: NotifyChoice, now: datetime) -> None:
    """How often this member wants to hear of the circle's news."""
    place.notify = notify
    record(
        session,
        "member.notify_chosen",
        "membership",
        place.id,
        at=now,
        actor_id=place.person_id,
        circle_id=place.circle_id,
        notify=notify.value,
    )


def _lock(session: Session, place: Membership) -> None:
    """One change of a circle's members at a time: of two owners who step down, the second sees one gone."""
    session.execute(select(Circle.id).where(Circle.id == place.circle_id).with_for_update())
    again = select(Membership.role).where(Membership.id == place.id)
    role = session.scalar(again)
    if role is None:
        raise NotFound
    place.role = role


def _keep_an_owner(session: Session, place: Membership) -> None:
    if place.role is not CircleRole.OWNER:
        return
    others = select(func.count(Membership.id)).where(
        Membership.circle_id == place.circle_id,
        Membership.role == CircleRole.OWNER,
        Membership.id != place.id,
    )
    if not session.scalar(others):
        raise Refused(CircleBarrier.LAST_OWNER)


def _record(session: Session, act: str, place: Membership, by: Person, now: datetime, **facts: str) -> None:
    record(
        session, act, "person", place.person_id, at=now, actor_id=by.id, circle_id=place.circle_id, **facts
    )
