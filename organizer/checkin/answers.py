"""What is asked at the door, and what it answers: from what was decided, and word for word again from what was kept."""

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
    """An entry that counts or counted as the first: when and where."""

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


def facts_of(outcome: Outcome, at: datetime, heads: tuple[int, int]) -> dict[str, Any]:
    """What is kept of an answer beside its card, and when the scan counts: codes and figures, nobody's name.

    `heads`: how many had arrived before it, of how many.
    """
    first = outcome.first
    return {
        "at": micros(at),
        "first_at": micros(first.at) if first else None,
        "first_door": first.door if first else "",
        "flag": DOUBLE_ENTRY if outcome.double else outcome.flag and outcome.flag.value,
        "arrived": heads[0] + outcome.arrived,
        "expected": heads[1],
    }


def card_of(seen: Found, result: ScanResult) -> dict[str, Any] | None:
    """Whom an answer is about, as the fields of a Card; None where nobody of this event is meant."""
    if seen.registration_id is None:
        return None
    return {
        "id": seen.public_id,
        "name": seen.name,
        "reading": seen.reading,
        "company": seen.company or "",
        "first_time": seen.first_time,
        "introducer": seen.introducer,
        "fee_due": 0 if result is ScanResult.REFUSED or seen.payment_id else seen.fee_yen,
        "number": seen.number,
        "table": seen.table_number,
        "note": seen.note or "",
    }


def answer(
    result: ScanResult, reason: str | None, facts: dict[str, Any], card: dict[str, Any] | None
) -> Answer:
    """The answer of a decision, from what is kept of it."""
    figure, door, flag = facts.get("first_at"), facts.get("first_door", ""), facts.get("flag")
    at = None if figure is None else moment(figure)
    is_first = result is ScanResult.ADMITTED
    return Answer(
        result,
        RefusalReason(reason) if reason else None,
        None if is_first else at,
        "" if is_first else door,
        Card(**card) if card else None,
        facts["arrived"],
        facts["expected"],
        Conflict(flag, at, door) if flag else None,
    )


def micros(at: datetime) -> int:
    """An instant as a figure, exactly."""
    return (at - EPOCH) // MICROSECOND


def moment(figure: int) -> datetime:
    """The instant of a figure."""
    return EPOCH + figure * MICROSECOND
