"""Circles and who runs them: the one door to a circle, and its facts that other rooms ask for."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, case, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from organizer.circles.models import Circle, Exclusion, Membership
from organizer.domain.roles import CircleRole, Right, may, roles_with
from organizer.errors import NotFound
from organizer.people.models import Person

BY_ROLE = case((Membership.role == CircleRole.OWNER, 0), (Membership.role == CircleRole.HOST, 1), else_=2)


def holds(right: Right) -> ColumnElement[bool]:
    """That a membership's role has the right, for statements that are built once: no list is filled into them."""
    return or_(*(Membership.role == role for role in sorted(roles_with(right))))


def member(session: Session, person: Person, circle_id: int) -> Membership | None:
    """A person's place in a circle, if any."""
    query = select(Membership).where(Membership.circle_id == circle_id, Membership.person_id == person.id)
    return session.scalar(query)


def membership_of(session: Session, person: Person, slug: str, right: Right) -> Membership:
    """The place of a person who has `right` in the circle of that slug, circle loaded. NotFound for anybody else."""
    query = select(Membership).join(Circle).options(joinedload(Membership.circle))
    place = session.scalar(query.where(Circle.slug == slug, Membership.person_id == person.id))
    if place is None or not may(place.role, right):
        raise NotFound
    return place


def circle_by_slug(session: Session, slug: str) -> Circle | None:
    """The circle of that slug, as anybody may know it."""
    return session.scalar(select(Circle).where(Circle.slug == slug))


def circle_of(session: Session, person: Person, slug: str, right: Right) -> Circle:
    """The circle of that slug for a person who has `right` there. NotFound for anybody else."""
    return membership_of(session, person, slug, right).circle


def circles_of(session: Session, person: Person) -> list[Membership]:
    """A person's places in circles, circles loaded, those they lead first."""
    query = (
        select(Membership)
        .join(Circle)
        .options(joinedload(Membership.circle))
        .where(Membership.person_id == person.id)
    )
    return list(session.scalars(query.order_by(BY_ROLE, Circle.name, Circle.id)))


def runs_a_circle(session: Session, person: Person) -> bool:
    """Whether a person helps to run any circle."""
    return bool(session.scalar(select(exists().where(Membership.person_id == person.id))))


def members_of(session: Session, circle_id: int) -> Sequence[Membership]:
    """Everybody who runs a circle, people and profiles loaded, owners first."""
    query = (
        select(Membership)
        .options(joinedload(Membership.person).joinedload(Person.profile))
        .where(Membership.circle_id == circle_id)
    )
    return session.scalars(query.order_by(BY_ROLE, Membership.id)).all()


def hosts_of(session: Session, circle_id: int) -> list[Membership]:
    """The members who decide on applications, people loaded."""
    query = (
        select(Membership)
        .options(joinedload(Membership.person))
        .where(Membership.circle_id == circle_id, Membership.role.in_(roles_with(Right.DECIDE)))
    )
    return list(session.scalars(query.order_by(Membership.id)))


def excluded(session: Session, circle_id: int) -> set[int]:
    """The ids of the people the circle no longer wants at its events."""
    return set(session.scalars(select(Exclusion.person_id).where(Exclusion.circle_id == circle_id)))
