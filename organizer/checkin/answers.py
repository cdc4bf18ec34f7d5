"""What is asked at the door, and what it answers: made once from what was decided, and again from what was kept."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row

from organizer.domain.ticketing import (
    CheckInMethod,
    Flag,
    RefusalReason,
    ScanResult,
    find_code,
)
from organizer.tokens import digest

Found = Row[*tuple[Any, ...]]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DOUBLE_ENTRY = "double_entry"
"""Two doors have let somebody in on the same ticket."""


class KeyReused(Exception):
    """A key came again with another request: a fault of the caller."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request at the door. `key` is made anew for each scan and the same when it is sent again.

    A ticket is meant by what was scanned or typed (`code`), a person found otherwise by the registration's public id.
    `at` is when it happened by the phone, None: now; `drift` how much the phone's clock was behind ours. `offline`:
    the phone has decided already, and `told` is what it said; without it somebody came in.
    """

    key: str
    method: CheckInMethod
    code: str | None = None
    registration: str | None = None
    door: str = ""
    at: datetime | None = None
    offline: bool = False
    told: ScanResult | None = None
    confirmed: bool = False
    drift: timedelta | None = None

    @property
    def request_hash(self) -> str:
        """The same for the same request, whenever, wherever and in whatever dress the ticket is sent from."""
        code = self.code and (find_code(self.code) or self.code)
        return digest(json.dumps([self.method.value, code, self.registration]))


@dataclass(frozen=True, slots=True)
class Card:
    """Whom the door is speaking of. `fee_due` in yen, 0 when nothing is owed; `number` is the ticket's, if any.

    `table` is where they are to sit now or next; `note` what the host wants the door to know.
    """

    id: str
    name: str
    reading: str
    company: str
    first_time: bool
    introducer: str
    fee_due: int
    number: int | None
    table: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What a host should look at: a Flag's value or DOUBLE_ENTRY, and the other entry, if there is one."""

    kind: str
    first_at: datetime | None
    first_door: str


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
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True)
class First:
    """An entry that counts or counted as the first: its check-in, its scan if it had one, when and where."""

    check_in_id: int | None
    scan_id: int | None
    at: datetime
    door: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided on a scan. `arrived`: one more is in the room; `double`: `first` is another door's entry."""

    result: ScanResult
    reason: RefusalReason | None = None
    first: First | None = None
    entered: bool = False
    flag: Flag | None = None
    double: bool = False
    arrived: bool = False


def facts_of(seen: Found, outcome: Outcome, at: datetime, heads: tuple[int, int]) -> dict[str, Any]:
    """What is kept for making the answer again, and when the scan counts: ids, codes and figures, nobody's name.

    `heads`: how many had arrived before it, of how many.
    """
    first = outcome.first
    known = seen.registration_id is not None
    return {
        "at": micros(at),
        "first": first.check_in_id if first else None,
        "first_at": micros(first.at) if first else None,
        "first_scan": first.scan_id if first else None,
        "flag": DOUBLE_ENTRY if outcome.double else outcome.flag and outcome.flag.value,
        "fee": 0 if outcome.result is ScanResult.REFUSED or seen.payment_id or not known else seen.fee_yen,
        "table": seen.table_number,
        "note": seen.note_id,
        "number": seen.number if known else None,
        "arrived": heads[0] + outcome.arrived,
        "expected": heads[1],
    }


def answer(
    result: ScanResult,
    reason: RefusalReason | None,
    person: Found | None,
    first_door: str,
    facts: dict[str, Any],
) -> Answer:
    """The answer of a decision and its facts. `person` names whom it is about; `first_door` is that of `first`."""
    first_at = facts["first_at"]
    other = None if first_at is None else moment(first_at), first_door
    flag = facts["flag"]
    return Answer(
        result,
        reason,
        *((None, "") if result is ScanResult.ADMITTED else other),
        None if person is None else _card(person, facts),
        facts["arrived"],
        facts["expected"],
        Conflict(flag, *other) if flag else None,
    )


def whole(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as they are kept today, also of scans from before some of them were."""
    return dict.fromkeys(("at", "first_at", "first_scan", "flag", "table", "note", "number")) | facts


def micros(at: datetime) -> int:
    """An instant as a figure, exactly."""
    return (at - EPOCH) // MICROSECOND


def moment(figure: int) -> datetime:
    """The instant of a figure."""
    return EPOCH + figure * MICROSECOND


def _card(person: Found, facts: dict[str, Any]) -> Card:
    return Card(
        id=person.public_id,
        name=person.name,
        reading=person.reading,
        company=person.company or "",
        first_time=person.first_time,
        introducer=person.introducer,
        fee_due=facts["fee"],
        number=facts["number"],
        table=facts["table"],
        note=person.note or "",
    )
