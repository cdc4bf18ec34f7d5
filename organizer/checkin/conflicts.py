"""What a host should look at after the door: two entries on one ticket, and entries against which something spoke."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, distinct, func, or_, select
from sqlalchemy.orm import Session, aliased

from organizer.checkin.answers import DOUBLE_ENTRY, moment
from organizer.checkin.models import CheckIn, Device, Scan
from organizer.domain.door import DeviceKind
from organizer.domain.ticketing import Flag, RefusalReason
from organizer.people.models import Person
from organizer.registrations.models import Registration

UNKNOWN = RefusalReason.UNKNOWN_CODE.value
"""Somebody was let in on a code that is none of the event's tickets."""

_ENTERED = and_(Scan.entered.is_(True), Scan.annulled_at.is_(None))


@dataclass(frozen=True, slots=True)
class Sighting:
    """One entry as a door reported it: when it was by the phone, when it counts, and when we heard of it.

    `device` is the name of a device of ours, and `kind` what it is; `by` who was signed in. `arrival`: it is the one
    that counts.
    """

    key: str
    at: datetime
    counted_at: datetime
    received_at: datetime
    door: str
    device: str
    kind: DeviceKind | None
    by: str
    offline: bool
    flag: str | None
    arrival: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing to look at: DOUBLE_ENTRY, UNKNOWN, or the value of a Flag; all entries of the person, earliest first.

    `registration` is the public id, `name` whose it is; both empty where nobody is known.
    """

    kind: str
    registration: str
    name: str
    entries: tuple[Sighting, ...]


def conflicts(session: Session, event_id: int) -> list[Conflict]:
    """Everything of an event that a host should look at, what was heard of last first. One statement."""
    found: dict[tuple[int | None, int | None], list[Row[Any]]] = defaultdict(list)
    for row in session.execute(_query(event_id)):
        scan = row.Scan
        found[scan.registration_id, None if scan.registration_id else scan.id].append(row)
    listed = [_conflict(rows) for rows in found.values()]
    return sorted(listed, key=lambda one: max(entry.received_at for entry in one.entries), reverse=True)


def number(session: Session, event_id: int) -> int:
    """How many there are."""
    counted = func.count(distinct(func.coalesce(Scan.registration_id, -Scan.id)))
    return session.scalar(select(counted).where(_to_look_at(event_id))) or 0


def _query(event_id: int) -> Any:
    by = aliased(Person)
    return (
        select(
            Scan,
            Registration.public_id,
            Person.name,
            Device.name.label("device"),
            Device.kind.label("kind"),
            by.name.label("by"),
            CheckIn.scan_id.label("arrival_id"),
        )
        .outerjoin(Registration, Registration.id == Scan.registration_id)
        .outerjoin(Person, Person.id == Registration.person_id)
        .outerjoin(Device, Device.id == Scan.device_id)
        .outerjoin(by, by.id == Scan.by_id)
        .outerjoin(CheckIn, and_(CheckIn.registration_id == Registration.id, CheckIn.voided_at.is_(None)))
        .where(_to_look_at(event_id))
        .order_by(Scan.at, Scan.key)
    )


def _to_look_at(event_id: int) -> ColumnElement[bool]:
    """The entries of whoever has one that is flagged, or more than one entry.

    A clock that is off is no matter for a host: each scan of that phone would be one.
    """
    here = and_(Scan.event_id == event_id, _ENTERED)
    several = select(Scan.registration_id).where(here, Scan.registration_id.is_not(None))
    doubled = several.group_by(Scan.registration_id).having(func.count() > 1)
    flagged = several.where(Scan.flagged != Flag.CLOCK)
    whose = or_(Scan.registration_id.in_(doubled), Scan.registration_id.in_(flagged))
    return and_(here, or_(Scan.registration_id.is_(None), whose))


def _conflict(rows: Sequence[Row[Any]]) -> Conflict:
    entries = sorted((_sighting(row) for row in rows), key=lambda one: (one.counted_at, one.key))
    scan = rows[0].Scan
    flag = next((one.flag for one in entries if one.flag), None)
    kind = UNKNOWN if scan.registration_id is None else DOUBLE_ENTRY if len(rows) > 1 else flag or ""
    return Conflict(kind, rows[0].public_id or "", rows[0].name or "", tuple(entries))


def _sighting(row: Row[Any]) -> Sighting:
    scan: Scan = row.Scan
    figure = scan.facts.get("at")
    return Sighting(
        key=scan.key,
        at=scan.at,
        counted_at=scan.at if figure is None else moment(figure),
        received_at=scan.received_at,
        door=scan.door,
        device=row.device or "",
        kind=row.kind,
        by=row.by or "",
        offline=scan.offline,
        flag=scan.flagged.value if scan.flagged else None,
        arrival=row.arrival_id == scan.id,
    )
