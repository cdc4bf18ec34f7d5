"""The devices at a door: each has a token of its own for one event, and can be ended at once."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.checkin.models import Device
from organizer.circles.models import Membership
from organizer.domain.door import DeviceKind
from organizer.domain.roles import Right, roles_with
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.people.models import Person, SignIn
from organizer.tokens import digest, new_token

PREFIX = "eni_door_"
AFTERWARDS = timedelta(hours=6)
"""How long after its event a device still opens anything, and keeps anything."""


def make(
    session: Session,
    event: Event,
    kind: DeviceKind,
    *,
    now: datetime,
    name: str = "",
    browser: str = "",
    owner: tuple[Person, SignIn] | None = None,
    by_id: int | None = None,
) -> tuple[Device, str]:
    """A new device and its token, which is kept nowhere else. A member's own one needs its `owner`."""
    token = PREFIX + new_token()
    device = Device(
        circle_id=event.circle_id,
        event_id=event.id,
        kind=kind,
        name=name,
        browser=browser,
        token_hash=digest(token),
        person_id=owner[0].id if owner else None,
        sign_in_id=owner[1].id if owner else None,
        made_by_id=owner[0].id if owner else by_id,
        created_at=now,
        expires_at=max(event.ends_at, now) + AFTERWARDS,
    )
    session.add(device)
    session.flush()
    facts = {"event": event.id, "kind": kind.value}
    record(
        session,
        "device.made",
        "device",
        device.id,
        at=now,
        actor_id=device.made_by_id,
        circle_id=event.circle_id,
        **facts,
    )
    return device, token


def lives(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """The condition under which a device may do anything: not ended, not over, its owner still signed in and a member.

    Asked of the row with every request, so that ending a device, a sign-in or a role counts at once.
    """
    signed_in = exists().where(
        SignIn.id == Device.sign_in_id, SignIn.ended_at.is_(None), SignIn.expires_at > now
    )
    member = exists().where(
        Membership.circle_id == Device.circle_id,
        Membership.person_id == Device.person_id,
        Membership.role.in_(sorted(roles_with(Right.SCAN))),
    )
    owned = and_(signed_in, member)
    return and_(
        Device.revoked_at.is_(None), Device.expires_at > now, or_(Device.kind != DeviceKind.OWN, owned)
    )


def find(session: Session, token: str, now: datetime) -> Device | None:
    """The living device of a token; None when unknown or ended."""
    if not token.startswith(PREFIX):
        return None
    return session.scalar(select(Device).where(Device.token_hash == digest(token), lives(now)))


def revoke(session: Session, event: Event, public_id: str, *, by: Person, now: datetime) -> bool:
    """End a device of this event; whether it was alive until now. NotFound for another event's own."""
    here = Device.event_id == event.id, Device.public_id == public_id
    device_id = session.scalar(select(Device.id).where(*here))
    if device_id is None:
        raise NotFound
    ending = update(Device).where(Device.id == device_id, Device.revoked_at.is_(None))
    if session.scalar(ending.values(revoked_at=now, revoked_by_id=by.id).returning(Device.id)) is None:
        return False
    record(
        session,
        "device.revoked",
        "device",
        device_id,
        at=now,
        actor_id=by.id,
        circle_id=event.circle_id,
        event=event.id,
    )
    return True
