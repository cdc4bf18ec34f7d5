"""Scans: what the door answers to a ticket, a name or an opened link. Told once, kept for ever, told again the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from organizer.checkin import headcount, late, statements
from organizer.checkin.answers import (
    Answer,
    Asked,
    First,
    Found,
    KeyReused,
    Outcome,
    answer,
    card_of,
    facts_of,
)
from organizer.checkin.callers import TooLittle
from organizer.checkin.statements import Means, Seeing
from organizer.domain.door import TokenScope
from organizer.domain.ticketing import (
    EventFacts,
    Flag,
    ScanResult,
    TicketFacts,
    decide,
    door_times,
    find_code,
    when_scanned,
)
from organizer.errors import NotFound
from organizer.events.service import is_public_id
from organizer.tokens import digest

__all__ = [
    "Answer", "Asked", "Credential", "KeyReused", "Means", "NotSignedIn", "Place", "Stranger", "door_hours", "scan",
    "scan_at",
]  # fmt: skip

PLAIN = statements.seeing()
TRIES = 3


class NotSignedIn(Exception):
    """What the caller is known by has ended, or never was."""


class Stranger(NotFound):
    """The caller is somebody, but nobody at this event's door."""


@dataclass(frozen=True, slots=True)
class Credential:
    """By what a caller is known, and the secret that shows it: nothing of it is looked up yet."""

    means: Means
    secret: str


@dataclass(frozen=True, slots=True)
class Place:
    """At which event, by whom and with which device somebody is checked in, where all are known to be right."""

    event_id: int
    circle_id: int
    by_id: int | None
    device_id: int | None = None

    def ids(self) -> dict[str, int | None]:
        """The ids by the names of their columns."""
        named = {"circle_id": self.circle_id, "event_id": self.event_id}
        return named | {"by_id": self.by_id, "device_id": self.device_id}


def scan(
    session: Session, credential: Credential, event: str, asked: Asked, now: datetime, seeing: Seeing = PLAIN
) -> Answer:
    """The door's answer to `asked` at the event of this public id, for whoever has this credential.

    Four statements at most, of a scan that was not decided on the phone. Raises NotSignedIn, TooLittle, Stranger,
    NotFound (nobody has that registration), KeyReused.
    """
    if not is_public_id(event):
        raise Stranger
    connection = session.connection()
    claim = statements.CLAIM_BY[credential.means][connection.dialect.name]
    found = {"secret_hash": digest(credential.secret), "event": event}
    claimed = connection.execute(claim, row_of(asked, now) | found).one_or_none()
    if claimed is not None:
        return conclude(connection, claimed, asked, now, seeing)
    why_not = statements.WHY_NOT[credential.means]
    told = connection.execute(why_not, found | {"key": asked.key, "received_at": now}).one_or_none()
    if told is None:
        raise NotSignedIn
    if told.scope != TokenScope.DOOR:
        raise TooLittle
    if told.event_id is None:
        raise Stranger
    return tell_again(connection, told, asked, now, seeing)


def scan_at(session: Session, place: Place, asked: Asked, now: datetime, seeing: Seeing = PLAIN) -> Answer:
    """The same at a place that is known already. Raises NotFound, KeyReused."""
    connection = session.connection()
    claimed = claim_at(connection, place, asked, now)
    if claimed is not None:
        return conclude(connection, claimed, asked, now, seeing)
    told = connection.execute(statements.TOLD, place.ids() | {"key": asked.key}).one()
    return tell_again(connection, told, asked, now, seeing)


def claim_at(connection: Connection, place: Place, asked: Asked, now: datetime) -> Found | None:
    """Insert the scan's row, before anything is decided; None where its key is there already."""
    claim = statements.CLAIM[connection.dialect.name]
    return connection.execute(claim, row_of(asked, now) | place.ids()).one_or_none()


def door_hours(starts_at: datetime, ends_at: datetime, doors_open_at: datetime) -> tuple[datetime, datetime]:
    """From when until when people are taken in: an hour around the event, earlier where the host opens earlier."""
    opens, closes = door_times(starts_at, ends_at)
    return min(opens, doors_open_at), closes


def row_of(asked: Asked, now: datetime) -> dict[str, Any]:
    """What a scan's row holds before it is decided."""
    return {
        "key": asked.key,
        "request_hash": asked.request_hash,
        "method": asked.method,
        "door": asked.door,
        "facts": {},
        "at": asked.at or now,
        "received_at": now,
        "offline": asked.offline,
        "confirmed": asked.confirmed,
    }


def conclude(connection: Connection, scan: Found, asked: Asked, now: datetime, seeing: Seeing) -> Answer:
    """Decide on a scan whose row has just been inserted, write what comes of it, and answer. Raises NotFound."""
    seen, at, outcome = _decide(connection, scan, asked, now, seeing)
    heads = headcount.told(connection, scan.event_id, (seen.arrived, seen.expected))
    told: dict[str, Any] = {
        "result": outcome.result,
        "reason": outcome.reason,
        "facts": facts_of(outcome, at, heads),
        "card": card_of(seen, outcome.result),
    }
    concluded = {
        "scan_id": scan.id,
        "registration_id": seen.registration_id,
        "entered": outcome.entered,
        "flagged": outcome.flag,
    }
    connection.execute(statements.CONCLUDE, concluded | told)
    return answer(**told)


def tell_again(connection: Connection, told: Found, asked: Asked, now: datetime, seeing: Seeing) -> Answer:
    """The answer that a key has got before. Raises KeyReused.

    A phone that got no answer in time and decided alone reports with it what happened then: that is a fact, too.
    """
    if told.request_hash != asked.request_hash:
        raise KeyReused
    if asked.offline and told.annulled_at is None:
        _amend(connection, told, asked, now, seeing)
    return answer(told.result, told.reason, told.facts, told.card)


def _decide(
    connection: Connection, scan: Found, asked: Asked, now: datetime, seeing: Seeing
) -> tuple[Found, datetime, Outcome]:
    """What is known, when it happened, and what is decided."""
    for _ in range(TRIES):
        seen = _see(connection, scan.event_id, asked, seeing)
        if asked.registration is not None and seen.registration_id is None:
            raise NotFound
        event = _event(seen, scan.event_id)
        at, doubted = when_scanned(asked.at, now, event, asked.drift)
        flag = Flag.CLOCK if doubted else None
        ticket = _ticket(seen, asked, scan.event_id)
        if asked.offline:
            report = late.Report(scan, asked, at, flag, seen.registration_id)
            return seen, at, late.take(connection, report, ticket, event)
        outcome = _decide_now(connection, scan, seen, (ticket, event), asked, at, flag)
        if outcome is not None:
            return seen, at, outcome
    raise RuntimeError("a registration changes faster than the door can look")


def _decide_now(
    connection: Connection,
    scan: Found,
    seen: Found,
    facts: tuple[TicketFacts | None, EventFacts],
    asked: Asked,
    at: datetime,
    flag: Flag | None,
) -> Outcome | None:
    """The decision on a ticket that stands at the door; None where the registration has changed since it was seen."""
    decision = decide(*facts, at)
    if decision.result is not ScanResult.ADMITTED:
        first = _first(seen) if decision.first_at else None
        return Outcome(decision.result, decision.reason, first, flag=flag)
    row = {
        "registration_id": seen.registration_id,
        "scan_id": scan.id,
        "method": asked.method,
        "by_id": scan.by_id,
        "device_id": scan.device_id,
        "door": asked.door,
        "at": at,
        "flagged": flag,
    }
    standing = connection.execute(statements.ARRIVE[connection.dialect.name], row).one_or_none()
    if standing is None:
        return None
    if standing.scan_id != scan.id:
        first = First(standing.at, standing.door)
        return Outcome(ScanResult.ALREADY, None, first, flag=flag)
    return Outcome(ScanResult.ADMITTED, entered=True, flag=flag, arrived=True)


def _amend(connection: Connection, told: Found, asked: Asked, now: datetime, seeing: Seeing) -> None:
    """Let what a phone did alone count, where the answer it never got was another. The answer stays what it was."""
    if asked.told in (ScanResult.REFUSED, ScanResult.ALREADY) and told.entered:
        late.turned_away(connection, told, asked.told, now)
    elif asked.told is ScanResult.ADMITTED and not told.entered:
        scan = connection.execute(statements.SCAN, {"scan_id": told.id}).one()
        seen = _see(connection, scan.event_id, asked, seeing)
        event = _event(seen, scan.event_id)
        at, doubted = when_scanned(asked.at, now, event, asked.drift)
        report = late.Report(scan, asked, at, Flag.CLOCK if doubted else None, seen.registration_id)
        outcome = late.take(connection, report, _ticket(seen, asked, scan.event_id), event)
        late.came_in(connection, told, outcome, at)


def _see(connection: Connection, event_id: int, asked: Asked, seeing: Seeing) -> Found:
    if asked.registration is not None:
        by_name = {"event_id": event_id, "registration": asked.registration}
        return connection.execute(seeing.by_registration, by_name).one()
    code = find_code(asked.code or "")
    by_code = {"event_id": event_id, "code_hash": digest(code) if code else None}
    return connection.execute(seeing.by_code, by_code).one()


def _ticket(seen: Found, asked: Asked, event_id: int) -> TicketFacts | None:
    if seen.registration_id is not None:
        revoked = asked.registration is None and seen.revoked_at is not None
        return TicketFacts(event_id, seen.state, revoked, seen.first_at, seen.first_door or "")
    if seen.ticket_event_id is None:
        return None
    return TicketFacts(seen.ticket_event_id, seen.state)


def _event(seen: Found, event_id: int) -> EventFacts:
    opens, closes = door_hours(seen.starts_at, seen.ends_at, seen.doors_open_at)
    return EventFacts(event_id, seen.event_state, opens, closes)


def _first(seen: Found) -> First:
    return First(seen.first_at, seen.first_door)
