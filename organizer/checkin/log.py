"""The log of an event's scans, as its hosts read it: every try at the door, whatever came of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from organizer.checkin.models import Device, Scan
from organizer.domain.door import DeviceKind, LogPart
from organizer.domain.ticketing import CheckInMethod, Flag, RefusalReason, ScanResult
from organizer.events.models import Event
from organizer.people.models import Person, Profile
from organizer.registrations.models import Registration

PAGE = 50
_By, _Annuller = aliased(Person), aliased(Person)


@dataclass(frozen=True, slots=True)
class Line:
    """One scan. `name` is empty where nobody of this event was meant; `at` is the phone's time, `received_at` ours."""

    key: str
    at: datetime
    received_at: datetime
    registration: str | None
    name: str
    reading: str
    company: str
    device: str
    device_kind: DeviceKind | None
    by: str
    door: str
    method: CheckInMethod
    result: ScanResult | None
    reason: RefusalReason | None
    offline: bool
    entered: bool
    confirmed: bool
    flagged: Flag | None
    annulled_at: datetime | None
    annulled_by: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which scans: a part of them, those of one device (its public id), those of one door."""

    part: LogPart = LogPart.ALL
    device: str = ""
    door: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the log, the newest first; `total` are the scans wanted, `number` counts pages from 1."""

    lines: Sequence[Line]
    total: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PAGE))


def page(session: Session, event: Event, wanted: Wanted, number: int) -> Page:
    """A page of the log; one beyond the last is the last. Two statements."""
    counting = select(func.count()).select_from(Scan).outerjoin(Device, Device.id == Scan.device_id)
    total = session.scalar(counting.where(*_conditions(event.id, wanted))) or 0
    number = min(max(number, 1), max(1, -(-total // PAGE)))
    query = _lines(event.id, wanted).limit(PAGE).offset((number - 1) * PAGE)
    return Page([_line(row) for row in session.execute(query)], total, number)


def lines(session: Session, event: Event, wanted: Wanted) -> Iterator[Line]:
    """Every scan wanted, the newest first."""
    return (_line(row) for row in session.execute(_lines(event.id, wanted)))


def doors(session: Session, event_id: int) -> list[str]:
    """The names of doors at which something was scanned."""
    query = select(Scan.door).where(Scan.event_id == event_id, Scan.door != "").distinct()
    return sorted(session.scalars(query))


def devices(session: Session, event_id: int) -> list[tuple[str, str, DeviceKind]]:
    """The devices that scanned: public id, name and kind."""
    used = select(Scan.device_id).where(Scan.event_id == event_id)
    query = select(Device.public_id, Device.name, Device.kind).where(Device.id.in_(used))
    return [(public_id, name, kind) for public_id, name, kind in session.execute(query.order_by(Device.id))]


def _conditions(event_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    parts: dict[LogPart, list[ColumnElement[bool]]] = {
        LogPart.ENTERED: [Scan.entered.is_(True), Scan.annulled_at.is_(None)],
        LogPart.REFUSED: [Scan.result == ScanResult.REFUSED],
        LogPart.OFFLINE: [Scan.offline.is_(True)],
        LogPart.FLAGGED: [Scan.flagged.is_not(None)],
        LogPart.ANNULLED: [Scan.annulled_at.is_not(None)],
    }
    conditions = [Scan.event_id == event_id, *parts.get(wanted.part, [])]
    if wanted.device:
        conditions.append(Device.public_id == wanted.device)
    if wanted.door:
        conditions.append(Scan.door == wanted.door)
    return conditions


def _lines(event_id: int, wanted: Wanted) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Scan.key,
            Scan.at,
            Scan.received_at,
            Registration.public_id.label("registration"),
            Person.name,
            Person.reading,
            Profile.company,
            Device.name.label("device"),
            Device.kind.label("device_kind"),
            _By.name.label("by"),
            Scan.door,
            Scan.method,
            Scan.result,
            Scan.reason,
            Scan.offline,
            Scan.entered,
            Scan.confirmed,
            Scan.flagged,
            Scan.annulled_at,
            _Annuller.name.label("annulled_by"),
        )
        .select_from(Scan)
        .outerjoin(Registration, Registration.id == Scan.registration_id)
        .outerjoin(Person, Person.id == Registration.person_id)
        .outerjoin(Profile, Profile.person_id == Person.id)
        .outerjoin(Device, Device.id == Scan.device_id)
        .outerjoin(_By, _By.id == Scan.by_id)
        .outerjoin(_Annuller, _Annuller.id == Scan.annulled_by_id)
        .where(*_conditions(event_id, wanted))
        .order_by(Scan.at.desc(), Scan.id.desc())
    )


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    said = dict(row._mapping)
    for name in ("name", "reading", "company", "device", "by", "annulled_by"):
        said[name] = said[name] or ""
    said["reason"] = RefusalReason(said["reason"]) if said["reason"] in set(RefusalReason) else None
    return Line(**said)
