"""Events and their target profiles: the one door to each, for hosts and for the public."""

import re
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from organizer.circles.models import Membership
from organizer.domain import profiles as domain
from organizer.domain.lifecycle import EventState
from organizer.domain.roles import Right, roles_with
from organizer.errors import NotFound
from organizer.events.models import Event, TargetProfile
from organizer.people.models import Person

_PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{22}")


def is_public_id(text: str) -> bool:
    """Whether this could be the public id of a row at all; nothing else is asked of the database."""
    return _PUBLIC_ID.fullmatch(text) is not None


def event_of_host(
    session: Session, person: Person, public_id: str, right: Right = Right.MANAGE_EVENT
) -> Event:
    """The event of that public id, circle loaded, for a person with `right` in its circle. NotFound for others."""
    if not is_public_id(public_id):
        raise NotFound
    query = (
        select(Event)
        .join(Membership, Membership.circle_id == Event.circle_id)
        .options(joinedload(Event.circle))
        .where(
            Event.public_id == public_id,
            Membership.person_id == person.id,
            Membership.role.in_(roles_with(right)),
        )
    )
    event = session.scalar(query)
    if event is None:
        raise NotFound
    return event


def lock(session: Session, event: Event) -> None:
    """Hold the event's row until the commit, and see it as it stands now: two hosts change it one after the other."""
    query = select(Event).options(joinedload(Event.circle)).where(Event.id == event.id)
    session.scalars(
        query.with_for_update(of=Event, key_share=True).execution_options(populate_existing=True)
    ).one()


def public_event(session: Session, public_id: str) -> Event:
    """The event of that public id, circle loaded, once it has been published. NotFound for drafts."""
    if not is_public_id(public_id):
        raise NotFound
    query = select(Event).options(joinedload(Event.circle))
    event = session.scalar(query.where(Event.public_id == public_id, Event.published_at.is_not(None)))
    if event is None or event.state is EventState.DRAFT:
        raise NotFound
    return event


def targets_of(session: Session, event_id: int) -> list[TargetProfile]:
    """The target profiles of an event, in the host's order."""
    query = select(TargetProfile).where(TargetProfile.event_id == event_id)
    return list(session.scalars(query.order_by(TargetProfile.position, TargetProfile.id)))


def domain_targets(rows: Iterable[TargetProfile]) -> tuple[domain.TargetProfile, ...]:
    """Target profiles in the shape the solvers speak; their ids are those of the rows."""
    return tuple(domain_target(row) for row in rows)


def domain_target(row: TargetProfile) -> domain.TargetProfile:
    """One target profile in the shape the solvers speak."""
    criteria = (domain.Criterion.from_data(data) for data in row.criteria)
    return domain.TargetProfile(
        id=row.id,
        name=row.name,
        criteria=tuple(criterion for criterion in criteria if criterion is not None),
        floor=row.floor,
        ceiling=row.ceiling,
        weight=row.weight,
        is_ceiling=row.ceiling_only,
    )


def target_of_host(session: Session, event: Event, public_id: str) -> TargetProfile:
    """One target profile of an event that is the caller's. NotFound for those of other events."""
    if not is_public_id(public_id):
        raise NotFound
    query = select(TargetProfile).where(
        TargetProfile.event_id == event.id, TargetProfile.public_id == public_id
    )
    target = session.scalar(query)
    if target is None:
        raise NotFound
    return target
