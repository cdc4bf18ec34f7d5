"""The devices at a door: each has a token of its own for one event, and can be ended at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, String, and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from organizer.audit.service import record
from organizer.checkin.models import Device
from organizer.circles.models import Membership
from organizer.circles.service import holds
from organizer.db import UtcDateTime
from organizer.domain.door import DeviceKind
from organizer.domain.roles import Right
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.people.models import Person, SignIn
from organizer.tokens import digest, new_token

PREFIX = "eni_door_"
AFTERWARDS = timedelta(hours=6)
"""How long after its event a device still opens anything, and keeps anything."""
ENDED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """A device as its event's hosts see it. `who` is its owner, of one that has none who paired it."""

    device: Device
    who: str
    lives: bool


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
    token: str | None = None,
) -> tuple[Device, str]:
    """A new device and its token, which is kept nowhere else. A member's own one needs its `owner`.

    A `token` that is given begins with PREFIX and is as hard to guess as one made here.
    """
    token = token or PREFIX + new_token()
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
        expires_at=_end(event, now),
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


def follow(session: Session, event: Event, now: datetime) -> None:
    """Have the living devices of an event end with it, whose time has changed."""
    living = Device.event_id == event.id, Device.revoked_at.is_(None), Device.expires_at > now
    session.execute(update(Device).where(*living).values(expires_at=_end(event, now)))


def lives(now: datetime | ColumnElement[datetime], right: Right = Right.SCAN) -> ColumnElement[bool]:
    """The condition under which a device may do anything: not ended, not over, its owner still signed in and a member
    with that right.

    Asked of the row with every request, so that ending a device, a sign-in or a role counts at once.
    """
    signed_in = exists().where(
        SignIn.id == Device.sign_in_id, SignIn.ended_at.is_(None), SignIn.expires_at > now
    )
    member = exists().where(
        Membership.circle_id == Device.circle_id,
        Membership.person_id == Device.person_id,
        holds(right),
    )
    owned = and_(signed_in, member)
    return and_(
        Device.revoked_at.is_(None), Device.expires_at > now, or_(Device.kind != DeviceKind.OWN, owned)
    )


_LIVING: Final = select(Device).where(
    Device.token_hash == bindparam("token_hash", type_=String(64)),
    lives(bindparam("now", type_=UtcDateTime())),
)


def find(session: Session, token: str, now: datetime) -> Device | None:
    """The living device of a token; None when unknown or ended."""
    if not token.startswith(PREFIX):
        return None
    return session.scalar(_LIVING, {"token_hash": digest(token), "now": now})


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


def rename(session: Session, event: Event, public_id: str, name: str) -> None:
    """Call a device of this event something else. NotFound for another event's own."""
    renaming = update(Device).where(Device.event_id == event.id, Device.public_id == public_id)
    if session.scalar(renaming.values(name=name).returning(Device.id)) is None:
        raise NotFound


def listed(session: Session, event: Event, now: datetime) -> list[Listed]:
    """The devices of an event: those in use, newest first, then the last that were ended. One statement.

    Of members' own phones that were ended only those are listed that have something unsent: each opening of the
    scanner replaces the one before.
    """
    owner, maker = aliased(Person), aliased(Person)
    alive = lives(now).label("alive")
    query = (
        select(Device, owner.name.label("owner"), maker.name.label("maker"), alive)
        .outerjoin(owner, owner.id == Device.person_id)
        .outerjoin(maker, maker.id == Device.made_by_id)
        .where(Device.event_id == event.id, or_(Device.kind != DeviceKind.OWN, alive, Device.unsent > 0))
        .order_by(Device.id.desc())
    )
    rows = [Listed(row[0], row.owner or row.maker or "", bool(row.alive)) for row in session.execute(query)]
    ended = [row for row in rows if not row.lives]
    return [row for row in rows if row.lives] + ended[:ENDED_SHOWN]


def _end(event: Event, now: datetime) -> datetime:
    """When a device of this event ends; one made afterwards lasts as long."""
    return max(event.ends_at, now) + AFTERWARDS
