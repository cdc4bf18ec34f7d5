"""Pairing a phone with a door: a link that makes one device, once, within a day."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, joinedload

from organizer.audit.service import record
from organizer.checkin import devices
from organizer.checkin.models import Device, DeviceLink
from organizer.domain.door import DeviceKind
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.tokens import digest, new_public_id

LASTS = timedelta(hours=24)
PAIRED = (DeviceKind.STAFF, DeviceKind.GUEST)
"""The kinds that a link makes."""

_LINK_BYTES, _DEVICE_BYTES = 18, 32


class Standing(Enum):
    """What has become of a link."""

    OPEN = "open"
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"


def invite(
    session: Session, event: Event, kind: DeviceKind, name: str, *, by: Person, now: datetime, secret_key: str
) -> DeviceLink:
    """A new link for a phone of that kind; `token_of` gives what stands in it."""
    if kind not in PAIRED:
        raise ValueError("a link makes phones of staff and of guests alone")
    public_id = new_public_id()
    link = DeviceLink(
        public_id=public_id,
        circle_id=event.circle_id,
        event_id=event.id,
        kind=kind,
        name=name,
        token_hash=digest(_token(public_id, secret_key)),
        made_by_id=by.id,
        created_at=now,
        expires_at=now + LASTS,
    )
    session.add(link)
    session.flush()
    _note(session, "device_link.made", link, by, now)
    return link


def token_of(link: DeviceLink, secret_key: str) -> str:
    """What stands in a link, to draw it again; it cannot be read from the database."""
    return _token(link.public_id, secret_key)


def find(session: Session, token: str) -> tuple[DeviceLink, Event]:
    """The link of a token, whatever has become of it, and its event, circle loaded. NotFound for any other token."""
    query = select(DeviceLink, Event).join(Event, Event.id == DeviceLink.event_id)
    whole = query.options(joinedload(Event.circle)).where(DeviceLink.token_hash == digest(token))
    row = session.execute(whole).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def standing(link: DeviceLink, now: datetime) -> Standing:
    """What has become of a link by now."""
    if link.used_at is not None:
        return Standing.USED
    if link.revoked_at is not None:
        return Standing.REVOKED
    return Standing.OPEN if now < link.expires_at else Standing.EXPIRED


def pair(
    session: Session, token: str, *, browser: str, agent: str, now: datetime, secret_key: str
) -> tuple[Device, str] | None:
    """Spend a link: the device and its token; None when the link is good no more. NotFound for an unknown one.

    The same browser (`browser` is its secret) that presses twice is given the same device twice, as long as it lives.
    """
    link, event = find(session, token)
    own = _device_token(token, browser, secret_key)
    known = devices.find(session, own, now)
    if known is not None:
        return known, own
    spending = update(DeviceLink).where(DeviceLink.id == link.id, *_open(now)).values(used_at=now)
    if session.scalar(spending.returning(DeviceLink.id)) is None:
        known = devices.find(session, own, now)  # the first press of two may have ended just now
        return (known, own) if known is not None else None
    return devices.make(
        session, event, link.kind, now=now, name=link.name, browser=agent, by_id=link.made_by_id, token=own
    )


def unused(session: Session, event: Event, now: datetime) -> Sequence[DeviceLink]:
    """The links of an event that still wait for their phone, newest first."""
    query = select(DeviceLink).where(DeviceLink.event_id == event.id, *_open(now))
    return session.scalars(query.order_by(DeviceLink.id.desc())).all()


def of_event(session: Session, event: Event, public_id: str) -> DeviceLink:
    """A link of this event. NotFound for another event's own."""
    here = DeviceLink.event_id == event.id, DeviceLink.public_id == public_id
    link = session.scalar(select(DeviceLink).where(*here))
    if link is None:
        raise NotFound
    return link


def revoke(session: Session, link: DeviceLink, *, by: Person, now: datetime) -> bool:
    """Take a link back; False when it was used or taken back before."""
    ending = update(DeviceLink).where(DeviceLink.id == link.id, *_open(now)).values(revoked_at=now)
    if session.scalar(ending.returning(DeviceLink.id)) is None:
        return False
    _note(session, "device_link.revoked", link, by, now)
    return True


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return DeviceLink.used_at.is_(None), DeviceLink.revoked_at.is_(None), DeviceLink.expires_at > now


def _token(public_id: str, secret_key: str) -> str:
    made = _keyed(secret_key, b"enishi device link", public_id)
    return base64.urlsafe_b64encode(made[:_LINK_BYTES]).decode()


def _device_token(link: str, browser: str, secret_key: str) -> str:
    made = _keyed(secret_key, b"enishi paired device", f"{link}\0{browser}")
    return devices.PREFIX + base64.urlsafe_b64encode(made[:_DEVICE_BYTES]).decode().rstrip("=")


def _keyed(secret_key: str, purpose: bytes, text: str) -> bytes:
    return hmac.new(secret_key.encode(), purpose + b"\0" + text.encode(), hashlib.sha256).digest()


def _note(session: Session, act: str, link: DeviceLink, by: Person, now: datetime) -> None:
    facts = {"event": link.event_id, "kind": link.kind.value}
    record(session, act, "device_link", link.id, at=now, actor_id=by.id, circle_id=link.circle_id, **facts)
