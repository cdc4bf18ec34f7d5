"""Target profiles: describing whom an event is for."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.domain import profiles as domain
from organizer.domain.lifecycle import EventState
from organizer.errors import Refused
from organizer.events import seats
from organizer.events.models import Event, TargetProfile
from organizer.events.service import lock, targets_of
from organizer.events.writing import may_change
from organizer.people.models import Person

MOST = 30


class Limit(StrEnum):
    """Why a target profile cannot be added."""

    TOO_MANY_TARGETS = "too_many_targets"


def add(
    session: Session, event: Event, described: Iterable[domain.TargetProfile], *, by: Person, now: datetime
) -> None:
    """Put target profiles at the end of an event's list; their ids do not count."""
    lock(session, event)
    may_change(event, now)
    standing = targets_of(session, event.id)
    described = list(described)
    if len(standing) + len(described) > MOST:
        raise Refused(Limit.TOO_MANY_TARGETS)
    first = standing[-1].position + 1 if standing else 0
    for position, target in enumerate(described, start=first):
        row = TargetProfile(circle_id=event.circle_id, event_id=event.id, position=position)
        _write(row, target)
        session.add(row)
    _settle(session, event, "event.targets_added", by, now)


def change(
    session: Session,
    event: Event,
    row: TargetProfile,
    described: domain.TargetProfile,
    *,
    by: Person,
    now: datetime,
) -> None:
    """Describe a target profile anew."""
    lock(session, event)
    may_change(event, now)
    _write(row, described)
    _settle(session, event, "event.target_changed", by, now)


def remove(session: Session, event: Event, row: TargetProfile, *, by: Person, now: datetime) -> None:
    """Take a target profile away; those counted in it keep their seats in the event."""
    lock(session, event)
    may_change(event, now)
    session.delete(row)
    _settle(session, event, "event.target_removed", by, now)


def move(session: Session, event: Event, row: TargetProfile, by_places: int, *, now: datetime) -> None:
    """Move a target profile up (negative) or down in the list; at its ends nothing happens."""
    lock(session, event)
    may_change(event, now)
    order = targets_of(session, event.id)
    place = order.index(row)
    order.insert(min(max(place + by_places, 0), len(order) - 1), order.pop(place))
    for position, target in enumerate(order):
        target.position = position
    session.flush()


def _write(row: TargetProfile, described: domain.TargetProfile) -> None:
    row.name = described.name
    row.criteria = [criterion.to_data() for criterion in described.criteria]
    row.floor = 0 if described.is_ceiling else described.floor
    row.ceiling = described.ceiling
    row.weight = described.weight
    row.ceiling_only = described.is_ceiling


def _settle(session: Session, event: Event, act: str, by: Person, now: datetime) -> None:
    session.flush()
    if event.state is not EventState.DRAFT:
        seats.set_caps(session, event, targets_of(session, event.id))
    record(session, act, "event", event.id, at=now, actor_id=by.id, circle_id=event.circle_id)
