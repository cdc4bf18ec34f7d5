"""What phones report of what they decided alone. It has happened: it is kept, counted and flagged, never refused.

Whoever came in is in the room from their earliest entry on, in whatever order the phones report. The registration is
held meanwhile, so that two reports of the same person's follow one another.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Integer, Result, bindparam, insert, select, update
from sqlalchemy.engine import Connection

from organizer.checkin.answers import Asked, First, Found, Outcome, micros, moment
from organizer.checkin.models import CheckIn, Scan
from organizer.domain.ticketing import Entry, EventFacts, Flag, ScanResult, TicketFacts, settle
from organizer.registrations.models import Registration

_REGISTRATION: Final = bindparam("registration_id", type_=Integer())
_HOLD: Final = select(Registration.id).where(Registration.id == _REGISTRATION).with_for_update(key_share=True)
_STANDING: Final = (
    select(CheckIn.id, CheckIn.scan_id, CheckIn.at, CheckIn.door, Scan.key)
    .outerjoin(Scan, Scan.id == CheckIn.scan_id)
    .where(CheckIn.registration_id == _REGISTRATION, CheckIn.voided_at.is_(None))
)
COUNTS: Final = Scan.annulled_at.is_(None) & (Scan.entered.is_(True) | (Scan.result == ScanResult.ADMITTED))
"""Whether somebody may be in by a scan: it is an entry, or its phone said "already" to whom we had let in."""

_COUNTING: Final = select(
    Scan.id,
    Scan.key,
    Scan.door,
    Scan.at,
    Scan.facts,
    Scan.method,
    Scan.by_id,
    Scan.device_id,
    Scan.entered,
    Scan.flagged,
).where(Scan.registration_id == _REGISTRATION, COUNTS)


@dataclass(frozen=True, slots=True)
class Report:
    """A scan that its phone decided on: its row, what is said of it, when it happened, and a doubt about that."""

    scan: Found
    asked: Asked
    at: datetime
    doubt: Flag | None
    registration_id: int | None

    @property
    def entry(self) -> Entry:
        """The entry it stands for, if somebody came in."""
        return Entry(self.at, self.asked.key, self.asked.door)


def take(connection: Connection, report: Report, ticket: TicketFacts | None, event: EventFacts) -> Outcome:
    """What comes of a report; the person's check-in is made or moved. Its row is the caller's to write."""
    id_, told = report.registration_id, report.asked.told
    if id_ is None:
        settled = settle(ticket, event, report.entry, told)
        return Outcome(settled.result, settled.reason, entered=settled.entered, flag=report.doubt)
    hold(connection, id_)
    standing = _standing(connection, id_)
    settled = settle(ticket, event, report.entry, told, _entry(standing))
    flag = settled.flag or report.doubt
    if not settled.entered:
        first = _first(standing) if settled.result is ScanResult.ALREADY or settled.reason else None
        return Outcome(settled.result, settled.reason, first, flag=report.doubt)
    rival = _rival(connection, report, id_)
    if settled.result is ScanResult.ALREADY:
        return Outcome(settled.result, None, _first(standing), True, flag, double=rival is not None)
    _arrive(connection, report, standing, flag)
    new = standing is None
    return Outcome(settled.result, None, rival, True, flag, double=rival is not None, arrived=new)


def came_in(connection: Connection, told: Found, outcome: Outcome, at: datetime) -> None:
    """Let a scan that was answered otherwise stand for somebody who came in, as its phone let them."""
    counts = told.facts | {"at": micros(at)}
    entered = {"entered": True, "offline": True, "flagged": outcome.flag, "facts": counts}
    connection.execute(update(Scan).where(Scan.id == told.id).values(**entered))


def turned_away(connection: Connection, told: Found, said: ScanResult, now: datetime) -> None:
    """Let a scan that was answered with yes be no entry, as its phone had said no, or "already".

    Who is told "already" is in the room, as far as their phone knew: by an entry that we may not have heard of yet, or
    by this very one, which came back to it with a newer list. While no earlier entry is known, they are in by this one.
    """
    hold(connection, told.registration_id)
    no_entry: dict[str, Any] = {"entered": False, "offline": True}
    if said is ScanResult.REFUSED:
        no_entry["annulled_at"] = now
    connection.execute(update(Scan).where(Scan.id == told.id).values(**no_entry))
    settle_arrival(connection, told.registration_id, told.id, now=now, by_id=None)


def settle_arrival(
    connection: Connection, registration_id: int, scan_id: int | None, *, now: datetime, by_id: int | None
) -> None:
    """Have the earliest entry that is left count in place of a scan that was changed, if that one had counted.

    None: in place of the host's word alone. The registration must be held, and the scan's row written.
    """
    standing = _standing(connection, registration_id)
    if standing is None or standing.scan_id != scan_id:
        return
    left = min(_counting(connection, registration_id), key=_order, default=None)
    change: dict[str, Any] = {"voided_at": now, "voided_by_id": by_id}
    if left is not None:
        change = {"scan_id": left.id, "at": moment(_valid(left)), "flagged": left.flagged}
        change |= {name: getattr(left, name) for name in ("method", "by_id", "device_id", "door")}
    connection.execute(update(CheckIn).where(CheckIn.id == standing.id).values(**change))


def hold(connection: Connection, registration_id: int) -> None:
    """Hold a registration until the commit, as whoever changes its arrival does."""
    connection.execute(_HOLD, {"registration_id": registration_id})


def _standing(connection: Connection, registration_id: int) -> Found | None:
    return connection.execute(_STANDING, {"registration_id": registration_id}).one_or_none()


def _entry(standing: Found | None) -> Entry | None:
    return None if standing is None else Entry(standing.at, standing.key or "", standing.door)


def _first(standing: Found | None) -> First | None:
    return None if standing is None else First(standing.at, standing.door)


def _rival(connection: Connection, report: Report, registration_id: int) -> First | None:
    """The earliest other entry of the same person: two doors have let the same ticket in."""
    others = (row for row in _counting(connection, registration_id) if row.id != report.scan.id)
    row = min((row for row in others if row.entered), key=_order, default=None)
    return None if row is None else First(moment(_valid(row)), row.door)


def _counting(connection: Connection, registration_id: int) -> Result[*tuple[Any, ...]]:
    return connection.execute(_COUNTING, {"registration_id": registration_id})


def _order(scan: Found) -> tuple[int, str]:
    return _valid(scan), scan.key


def _valid(scan: Found) -> int:
    """When a scan counts, which need not be what its phone said."""
    figure: int | None = scan.facts.get("at")
    return micros(scan.at) if figure is None else figure


def _arrive(connection: Connection, report: Report, standing: Found | None, flag: Flag | None) -> None:
    scan, asked = report.scan, report.asked
    row = {
        "scan_id": scan.id,
        "method": asked.method,
        "by_id": scan.by_id,
        "device_id": scan.device_id,
        "door": asked.door,
        "at": report.at,
        "flagged": flag,
    }
    if standing is not None:
        connection.execute(update(CheckIn).where(CheckIn.id == standing.id).values(**row))
        return
    ids = {"circle_id": scan.circle_id, "event_id": scan.event_id, "registration_id": report.registration_id}
    connection.execute(insert(CheckIn).values(**ids, **row))
