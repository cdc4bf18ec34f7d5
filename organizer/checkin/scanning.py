"""Scans: what the door answers to a ticket, a name or an opened link. Told once, kept for ever, told again the same."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from organizer.checkin import statements
from organizer.domain.ticketing import (
    CheckInMethod,
    Decision,
    EventFacts,
    RefusalReason,
    ScanResult,
    TicketFacts,
    decide,
    door_times,
    find_code,
)
from organizer.errors import NotFound
from organizer.events.service import is_public_id
from organizer.tokens import digest

Found = Row[*tuple[Any, ...]]
AHEAD = timedelta(minutes=2)
BEHIND = timedelta(hours=12)


class NotSignedIn(Exception):
    """The browser's sign-in has ended, or never was."""


class KeyReused(Exception):
    """A key came again with another request: a fault of the caller."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request at the door. `key` is made anew for each scan and the same when it is sent again.

    A ticket is meant by what was scanned or typed (`code`), a person found otherwise by the registration's public id.
    `at` is when it happened by the phone; None: now.
    """

    key: str
    method: CheckInMethod
    code: str | None = None
    registration: str | None = None
    door: str = ""
    at: datetime | None = None

    @property
    def request_hash(self) -> str:
        """The same for the same request, whenever and wherever it is sent from."""
        return digest(json.dumps([self.method.value, self.code, self.registration]))


@dataclass(frozen=True, slots=True)
class Card:
    """Whom the door is speaking of. `fee_due` in yen, 0 when nothing is owed; `number` is the ticket's, if any."""

    id: str
    name: str
    reading: str
    company: str
    first_time: bool
    introducer: str
    fee_due: int
    number: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the door says; `card` is None where nobody of this event is meant. Counts are of just after."""

    result: ScanResult
    reason: RefusalReason | None
    first_at: datetime | None
    first_door: str
    card: Card | None
    arrived: int
    expected: int


@dataclass(frozen=True, slots=True)
class Place:
    """At which event, and by whom, somebody is checked in, where both are known to be right."""

    event_id: int
    circle_id: int
    by_id: int | None


def scan(session: Session, reference: str, event: str, asked: Asked, now: datetime) -> Answer:
    """The door's answer to `asked` at the event of this public id, for the browser whose sign-in has this `reference`.

    Four statements at most. Raises NotSignedIn, NotFound (also for who may not scan there, and for nobody of that
    registration), KeyReused.
    """
    if not is_public_id(event):
        raise NotFound
    connection = session.connection()
    claim = statements.CLAIM_BY_SIGN_IN[connection.dialect.name]
    found = {"reference_hash": digest(reference), "event": event}
    claimed = connection.execute(claim, _row(asked, now) | found).one_or_none()
    if claimed is not None:
        return _decide_and_write(connection, claimed, asked, now)
    told = connection.execute(
        statements.WHY_NOT, found | {"key": asked.key, "received_at": now}
    ).one_or_none()
    if told is None:
        raise NotSignedIn
    if told.event_id is None:
        raise NotFound
    return _tell_again(connection, told, asked)


def scan_at(session: Session, place: Place, asked: Asked, now: datetime) -> Answer:
    """The same at a place that is known already. Raises NotFound, KeyReused."""
    connection = session.connection()
    claim = statements.CLAIM[connection.dialect.name]
    ids = {"circle_id": place.circle_id, "event_id": place.event_id, "by_id": place.by_id}
    claimed = connection.execute(claim, _row(asked, now) | ids).one_or_none()
    if claimed is not None:
        return _decide_and_write(connection, claimed, asked, now)
    told = connection.execute(statements.TOLD, ids | {"key": asked.key}).one()
    return _tell_again(connection, told, asked)


def believed(at: datetime | None, now: datetime) -> tuple[datetime, str | None]:
    """When it happened, as far as a phone's clock can be believed, and the code of a doubt."""
    if at is None:
        return now, None
    if now - BEHIND <= at <= now + AHEAD:
        return min(at, now), None
    return now, "clock"


def door_hours(starts_at: datetime, ends_at: datetime, doors_open_at: datetime) -> tuple[datetime, datetime]:
    """From when until when people are taken in: an hour around the event, earlier where the host opens earlier."""
    opens, closes = door_times(starts_at, ends_at)
    return min(opens, doors_open_at), closes


def _row(asked: Asked, now: datetime) -> dict[str, Any]:
    return {
        "key": asked.key,
        "request_hash": asked.request_hash,
        "method": asked.method,
        "door": asked.door,
        "facts": {},
        "at": asked.at or now,
        "received_at": now,
    }


def _decide_and_write(connection: Connection, scan: Found, asked: Asked, now: datetime) -> Answer:
    at, doubt = believed(asked.at, now)
    seen = _see(connection, scan.event_id, asked)
    if asked.registration is not None and seen.registration_id is None:
        raise NotFound
    decision = decide(_ticket(seen, asked, scan.event_id), _event(seen, scan.event_id), at)
    first_id = seen.first_id
    if decision.result is ScanResult.ADMITTED:
        row = {
            "circle_id": scan.circle_id,
            "event_id": scan.event_id,
            "registration_id": seen.registration_id,
        }
        row |= {
            "scan_id": scan.id,
            "method": asked.method,
            "by_id": scan.by_id,
            "door": asked.door,
            "at": at,
            "flagged": doubt,
        }
        standing = connection.execute(statements.ARRIVE[connection.dialect.name], row).one()
        first_id = standing.id
        if standing.scan_id != scan.id:
            decision = Decision(ScanResult.ALREADY, None, standing.at, standing.door)
    facts = _facts(seen, decision, first_id)
    concluded = {"scan_id": scan.id, "registration_id": seen.registration_id, "result": decision.result}
    connection.execute(statements.CONCLUDE, concluded | {"reason": decision.reason, "facts": facts})
    return _answer(decision, seen if seen.registration_id else None, facts)


def _see(connection: Connection, event_id: int, asked: Asked) -> Found:
    if asked.registration is not None:
        return connection.execute(
            statements.SEE_BY_REGISTRATION, {"event_id": event_id, "registration": asked.registration}
        ).one()
    code = find_code(asked.code or "")
    return connection.execute(
        statements.SEE_BY_CODE, {"event_id": event_id, "code_hash": digest(code) if code else None}
    ).one()


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


def _facts(seen: Found, decision: Decision, first_id: int | None) -> dict[str, Any]:
    """What is kept for telling the answer again: ids, codes and figures."""
    return {
        "first": first_id if decision.first_at else None,
        "fee": 0 if decision.result is ScanResult.REFUSED or seen.payment_id else seen.fee_yen,
        "arrived": seen.arrived + (decision.result is ScanResult.ADMITTED),
        "expected": seen.expected,
    }


def _tell_again(connection: Connection, told: Found, asked: Asked) -> Answer:
    if told.request_hash != asked.request_hash:
        raise KeyReused
    reason = RefusalReason(told.reason) if told.reason else None
    if told.registration_id is None:
        return _answer(Decision(told.result, reason), None, told.facts)
    recall = {"first_id": told.facts["first"], "registration_id": told.registration_id}
    person = connection.execute(statements.RECALL, recall).one()
    return _answer(
        Decision(told.result, reason, person.first_at, person.first_door or ""), person, told.facts
    )


def _answer(decision: Decision, person: Found | None, facts: dict[str, Any]) -> Answer:
    card = (
        None
        if person is None
        else Card(
            id=person.public_id,
            name=person.name,
            reading=person.reading,
            company=person.company or "",
            first_time=person.first_time,
            introducer=person.introducer,
            fee_due=facts["fee"],
            number=person.number,
        )
    )
    first = decision.first_at, decision.first_door
    return Answer(decision.result, decision.reason, *first, card, facts["arrived"], facts["expected"])
