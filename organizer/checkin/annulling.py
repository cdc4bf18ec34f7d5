"""Taking back what a scan has done; its row stays."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.checkin import late
from organizer.checkin.callers import Caller
from organizer.checkin.models import CheckIn, Scan
from organizer.errors import NotFound
from organizer.events.models import Event


class NotYours(Exception):
    """The scan is another device's, and whoever asks is no host."""


def annul(session: Session, event: Event, key: str, caller: Caller, now: datetime) -> bool:
    """Annul the scan of that key; whether it counted until now. Where another entry is left, that one counts.

    Raises NotFound, and NotYours for who neither made it nor is a host.
    """
    here = Scan.circle_id == event.circle_id, Scan.event_id == event.id, Scan.key == key
    scan = session.scalar(select(Scan).where(*here))
    if scan is None:
        raise NotFound
    if not (caller.is_host or _made_by(scan, caller)):
        raise NotYours
    connection = session.connection()
    if scan.registration_id is not None:
        late.hold(connection, scan.registration_id)
    annulling = update(Scan).where(Scan.id == scan.id, Scan.annulled_at.is_(None))
    annulled = annulling.values(annulled_at=now, annulled_by_id=caller.by_id).returning(Scan.id)
    if session.scalar(annulled) is None:
        return False
    if scan.registration_id is not None:
        late.settle_arrival(connection, scan.registration_id, scan.id, now=now, by_id=caller.by_id)
    device = {"device": caller.device.id} if caller.device else {}
    about = {"actor_id": caller.by_id, "circle_id": event.circle_id, "event": event.id}
    record(session, "scan.annulled", "scan", scan.id, at=now, **about, **device)
    return True


def annul_entries(session: Session, registration_id: int, *, now: datetime, by_id: int | None) -> int | None:
    """Void the check-in that stands, and annul every entry it could go back to; gives its id, None without one."""
    late.hold(session.connection(), registration_id)
    standing = CheckIn.registration_id == registration_id, CheckIn.voided_at.is_(None)
    voiding = update(CheckIn).where(*standing).values(voided_at=now, voided_by_id=by_id).returning(CheckIn.id)
    voided = session.scalar(voiding)
    counting = update(Scan).where(Scan.registration_id == registration_id, late.COUNTS)
    session.execute(counting.values(annulled_at=now, annulled_by_id=by_id))
    return voided


def _made_by(scan: Scan, caller: Caller) -> bool:
    if caller.device is not None:
        return scan.device_id == caller.device.id
    return scan.device_id is None and caller.by_id is not None and scan.by_id == caller.by_id
