"""Who stands at a door: a member, a device paired with the event, or another app with a host's token."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.orm import Session, joinedload

from organizer.checkin import devices
from organizer.checkin.models import Device
from organizer.circles import tokens
from organizer.circles.models import Membership
from organizer.domain.door import SEES_LIST, DeviceKind, TokenScope
from organizer.domain.roles import CircleRole, Right, may, roles_with
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.events.service import is_public_id
from organizer.people.models import Person

SEEN_EVERY = timedelta(minutes=1)
DRIFT_MS = 2_000
"""A device's clock is noted anew when it is off by so much more or less than before."""

_BY_PUBLIC_ID = select(Event).options(joinedload(Event.circle)).where(Event.public_id == bindparam("event"))
_SCAN_ALONE = frozenset({Right.SCAN})
_RIGHTS = {
    DeviceKind.OWN: frozenset({Right.SCAN, Right.SEE_DOOR}),
    DeviceKind.STAFF: frozenset({Right.SCAN, Right.SEE_DOOR}),
    DeviceKind.GUEST: _SCAN_ALONE,
    DeviceKind.KIOSK: _SCAN_ALONE,
}
_READING = frozenset({Right.SEE_DOOR, Right.SCAN})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks at a door, and what they may see. `by_id` is a person's; a paired device is nobody in particular."""

    by_id: int | None
    device: Device | None
    sees_list: bool
    is_host: bool


class Dead(Exception):
    """The token is unknown, or it has ended: revoked, expired, its owner signed out or no member any more."""


class TooLittle(Exception):
    """The token is alive, but was not made for this."""


def by_person(
    session: Session, person_id: int, event: str, right: Right = Right.SCAN
) -> tuple[Event, Caller]:
    """A member's event, circle loaded. NotFound for events of circles where they have not this right."""
    found = session.execute(
        _events(event).where(Membership.person_id == person_id, Membership.role.in_(roles_with(right)))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found[0], Caller(person_id, None, sees_list=True, is_host=_is_host(found[1]))


def by_device(
    session: Session, token: str, event: str, now: datetime, right: Right = Right.SCAN
) -> tuple[Event, Caller]:
    """The event of a living device, circle loaded. Dead for other tokens, NotFound for other events and rights."""
    device = devices.find(session, token, now)
    if device is None:
        raise Dead
    if right not in _RIGHTS[device.kind] or not is_public_id(event):
        raise NotFound
    if device.kind is DeviceKind.OWN and device.person_id is not None:
        found, caller = by_person(session, device.person_id, event, right)
        is_host = caller.is_host
    else:
        found, is_host = _event(session, event), False
    if found.id != device.event_id:
        raise NotFound
    return found, Caller(device.person_id, device, device.kind in SEES_LIST, is_host)


def by_token(
    session: Session, token: str, event: str, now: datetime, right: Right = Right.SCAN, *, writes: bool
) -> tuple[Event, Caller]:
    """The event for another app, which can never do more than its host. Dead, TooLittle or NotFound otherwise."""
    found = tokens.find(session, token, now)
    if found is None:
        raise Dead
    if found.scope is not TokenScope.DOOR and (writes or right not in _READING):
        raise TooLittle
    row, caller = by_person(session, found.person_id, event, right)
    if row.circle_id != found.circle_id:
        raise NotFound
    return row, caller


def is_to_be_noted(device: Device, now: datetime, unsent: int | None, offset_ms: int | None) -> bool:
    """Whether a device has something new to tell of itself, or has not been heard of for a while."""
    if device.seen_at is None or now - device.seen_at > SEEN_EVERY:
        return True
    if unsent is not None and unsent != device.unsent:
        return True
    return offset_ms is not None and abs(offset_ms - (device.clock_offset_ms or 0)) > DRIFT_MS


def note_use(
    session: Session, device_id: int, now: datetime, unsent: int | None, offset_ms: int | None
) -> None:
    """Note that a device was heard of, how much it has still to send, and how far its clock is off."""
    told = {"seen_at": now, "unsent": unsent, "clock_offset_ms": offset_ms}
    known = {name: value for name, value in told.items() if value is not None}
    session.execute(update(Device).where(Device.id == device_id).values(**known))


def _events(public_id: str) -> Select[Event, CircleRole]:
    if not is_public_id(public_id):
        raise NotFound
    query = select(Event, Membership.role).join(Membership, Membership.circle_id == Event.circle_id)
    return query.options(joinedload(Event.circle)).where(Event.public_id == public_id)


def _event(session: Session, public_id: str) -> Event:
    event = session.scalar(_BY_PUBLIC_ID, {"event": public_id})
    if event is None:
        raise NotFound
    return event


def _is_host(role: CircleRole) -> bool:
    return may(role, Right.MANAGE_EVENT)


def person_of(session: Session, caller: Caller) -> Person | None:
    """The person who asks, if it is one."""
    return session.get(Person, caller.by_id) if caller.by_id is not None else None
