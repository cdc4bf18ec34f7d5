"""A tablet that people use themselves: it takes tickets, shows first names, and is left by a PIN."""

import re
from datetime import datetime, timedelta

from sqlalchemy import case, or_, select, update
from sqlalchemy.orm import Session, joinedload

from organizer.audit.service import record
from organizer.checkin import devices
from organizer.checkin.models import Device
from organizer.domain.door import DeviceKind
from organizer.events.models import Event
from organizer.people.models import Person

TRIES = 5
WAIT = timedelta(minutes=5)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


def start(
    session: Session, event: Event, pin_hash: str, *, by: Person, browser: str, now: datetime
) -> tuple[Device, str]:
    """A kiosk of this event and its token; it is left with the PIN of that hash."""
    device, token = devices.make(session, event, DeviceKind.KIOSK, now=now, browser=browser, by_id=by.id)
    device.pin_hash = pin_hash
    session.flush()
    return device, token


def find(session: Session, token: str, now: datetime) -> tuple[Device, Event] | None:
    """The living kiosk of a token and its event, circle loaded; None for anything else."""
    device = devices.find(session, token, now)
    if device is None or device.kind is not DeviceKind.KIOSK:
        return None
    return device, session.get_one(Event, device.event_id, options=[joinedload(Event.circle)])


def note_try(session: Session, device_id: int, now: datetime) -> str | None:
    """Count one try at the PIN, and give the hash to compare with; None when too many were made just now.

    Five tries, then none for five minutes after the last. To be committed before the PIN is compared.
    """
    rested = Device.pin_tried_at <= now - WAIT
    counting = (
        update(Device)
        .where(Device.id == device_id, Device.revoked_at.is_(None), Device.pin_hash.is_not(None))
        .where(or_(Device.pin_tries < TRIES, rested))
        .values(pin_tries=case((rested, 1), else_=Device.pin_tries + 1), pin_tried_at=now)
    )
    return session.scalar(counting.returning(Device.pin_hash))


def left(session: Session, device_id: int, now: datetime) -> int:
    """How many tries at the PIN are left at this moment."""
    query = select(Device.pin_tries, Device.pin_tried_at).where(Device.id == device_id)
    tries, tried_at = session.execute(query).one()
    return TRIES if tried_at is None or tried_at <= now - WAIT else max(0, TRIES - tries)


def end(session: Session, device_id: int, now: datetime) -> bool:
    """End a kiosk that was left with its PIN; whether it was one until now."""
    ending = update(Device).where(Device.id == device_id, Device.revoked_at.is_(None)).values(revoked_at=now)
    row = session.execute(ending.returning(Device.circle_id, Device.event_id)).one_or_none()
    if row is None:
        return False
    record(session, "device.left", "device", device_id, at=now, circle_id=row.circle_id, event=row.event_id)
    return True


def first_name(name: str) -> str:
    """What a screen that everybody sees shows of a name: the given name, of a Japanese name without a space its
    first sign.
    """
    parts = name.split()
    if not parts:
        return ""
    western = "・" in parts[0] or _LATIN.match(parts[0])
    if western:
        return parts[0].split("・")[0]
    return parts[-1] if len(parts) > 1 else parts[0][0]
