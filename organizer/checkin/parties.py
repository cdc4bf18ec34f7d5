"""A party that comes together is taken in together, and taken back together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from organizer.audit.models import AuditEntry
from organizer.audit.service import record
from organizer.checkin import service
from organizer.checkin.models import Device
from organizer.domain.ticketing import RefusalReason, ScanResult
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.tokens import digest

ACT = "party.checked_in"


@dataclass(frozen=True, slots=True)
class Party:
    """What the door said to a party: how many are in, were in before, or had a no, and why the first of those had."""

    admitted: int
    already: int
    refused: int
    reason: RefusalReason | None
    entry_id: int | None


def check_in(
    session: Session,
    event: Event,
    registrations: Sequence[str],
    key: str,
    *,
    by: Person | None,
    device: Device | None = None,
    now: datetime,
) -> Party:
    """Take these people in, each decided on their own; the same key and people again change nothing.

    Raises NotFound where one is not of this event: then nobody is taken in.
    """
    wanted = sorted(set(registrations))
    with session.begin_nested():
        answers = {
            one: service.check_in(
                session, event, one, now=now, by=by, device=device, key=digest(f"{key}\0{one}")
            )
            for one in wanted
        }
    new = [one for one, answer in answers.items() if answer.result is ScanResult.ADMITTED]
    reasons = [answer.reason for answer in answers.values() if answer.result is ScanResult.REFUSED]
    entry_id = _note(session, event, new, by, device, now) if new else None
    already = len(answers) - len(new) - len(reasons)
    return Party(len(new), already, len(reasons), reasons[0] if reasons else None, entry_id)


def take_back(
    session: Session, event: Event, entry_id: int, *, by: Person | None, device: Device | None, now: datetime
) -> int:
    """Take back the check-ins of a party; gives how many still stood. NotFound for any other entry."""
    entry = session.get(AuditEntry, entry_id)
    if entry is None or (entry.act, entry.subject, entry.subject_id) != (ACT, "event", event.id):
        raise NotFound
    found = entry.facts["registrations"]
    return sum(service.undo(session, event, one, now=now, by=by, device=device) for one in found)


def _note(
    session: Session, event: Event, who: list[str], by: Person | None, device: Device | None, now: datetime
) -> int:
    facts = {"registrations": who} | ({"device": device.id} if device else {})
    actor_id = by.id if by else None
    entry = record(
        session, ACT, "event", event.id, at=now, actor_id=actor_id, circle_id=event.circle_id, **facts
    )
    session.flush()
    return entry.id
