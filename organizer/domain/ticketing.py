"""What the door says to a ticket: one decision, and the codes and numbers by which tickets are found."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from organizer.domain.lifecycle import EventState, RegistrationState

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters of a code: no I, L, O, U, so that none is taken for another."""

CODE_BYTES = 16
CODE_LENGTH = 26
LONGEST_SCAN = 2048
"""What a scanner or keyboard can type at once; anything longer holds no code."""

DOORS_LEAD = timedelta(hours=1)
DOORS_GRACE = timedelta(hours=1)
AHEAD = timedelta(minutes=2)
"""So far off a phone's clock may be before it is doubted."""

BEHIND = timedelta(hours=12)
"""So long before it is heard of, or before its door opens, a scan may have happened."""

_NUMBERS = range(1000, 10000)
_WIDE = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
_RUN = re.compile(r"[0-9A-Za-z]+")
# 26 signs hold 130 bits: the first sign of a code of 128 is never above 7.
_CODE = re.compile(rf"[0-7](?:[{ALPHABET}]{{25}}|[{ALPHABET.lower()}]{{25}})")


class CheckInMethod(StrEnum):
    """How somebody was checked in."""

    SCAN = "scan"
    SEARCH = "search"
    ONLINE = "online"
    WALK_IN = "walk_in"
    SELF = "self"
    KIOSK = "kiosk"
    PAPER = "paper"


class ScanKind(StrEnum):
    """Whether a scan was meant to let somebody in, or only to try the phone."""

    ENTRY = "entry"
    TRIAL = "trial"


class ScanResult(StrEnum):
    """What the door says."""

    ADMITTED = "admitted"
    ALREADY = "already"
    REFUSED = "refused"


class RefusalReason(StrEnum):
    """Why the door says no, in the order in which the reasons are looked for."""

    MALFORMED = "malformed"
    UNKNOWN_CODE = "unknown_code"
    OTHER_EVENT = "other_event"
    EVENT_CANCELLED = "event_cancelled"
    CANCELLED = "cancelled"
    NOT_ADMITTED = "not_admitted"
    REVOKED = "revoked"
    NOT_YET_OPEN = "not_yet_open"
    EVENT_OVER = "event_over"


class Flag(StrEnum):
    """What a host should look at: an entry that happened although something spoke against it."""

    CLOCK = "clock"
    CANCELLED = "cancelled"
    NOT_ADMITTED = "not_admitted"
    REVOKED = "revoked"
    EVENT_CANCELLED = "event_cancelled"
    HOURS = "hours"


_NOBODY = frozenset({RefusalReason.MALFORMED, RefusalReason.UNKNOWN_CODE, RefusalReason.OTHER_EVENT})
_FLAGS = {
    RefusalReason.EVENT_CANCELLED: Flag.EVENT_CANCELLED,
    RefusalReason.CANCELLED: Flag.CANCELLED,
    RefusalReason.NOT_ADMITTED: Flag.NOT_ADMITTED,
    RefusalReason.REVOKED: Flag.REVOKED,
    RefusalReason.NOT_YET_OPEN: Flag.HOURS,
    RefusalReason.EVENT_OVER: Flag.HOURS,
}

EventId = str | int


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What must be known of a ticket: its registration's state and its standing first entry, if any."""

    event_id: EventId
    state: RegistrationState
    revoked: bool = False
    first_at: datetime | None = None
    first_door: str = ""


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What must be known of the event at whose door we stand; entries are taken in [opens_at, closes_at)."""

    event_id: EventId
    state: EventState
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """The door's answer. A first entry that stands is told with every answer about this event's ticket."""

    result: ScanResult
    reason: RefusalReason | None = None
    first_at: datetime | None = None
    first_door: str = ""


def decide(ticket: TicketFacts | None, event: EventFacts, at: datetime) -> Decision:
    """What the door says to a ticket at the moment `at` of its scan; None: no ticket has this code.

    A ticket of another event is told apart by nothing else: neither that event nor its person is named.
    """
    if ticket is None:
        return Decision(ScanResult.REFUSED, RefusalReason.UNKNOWN_CODE)
    if ticket.event_id != event.event_id:
        return Decision(ScanResult.REFUSED, RefusalReason.OTHER_EVENT)
    reason = _of_event_or_ticket(ticket, event)
    if reason is not None:
        return Decision(ScanResult.REFUSED, reason, ticket.first_at, ticket.first_door)
    if ticket.first_at is not None:
        return Decision(ScanResult.ALREADY, None, ticket.first_at, ticket.first_door)
    if at < event.opens_at:
        return Decision(ScanResult.REFUSED, RefusalReason.NOT_YET_OPEN)
    if at >= event.closes_at:
        return Decision(ScanResult.REFUSED, RefusalReason.EVENT_OVER)
    return Decision(ScanResult.ADMITTED)


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One time that somebody walked in. The earliest of a registration's is its arrival, whichever was reported first.

    `key` is that of its scan: it settles which of two at the same instant counts.
    """

    at: datetime
    key: str
    door: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of a scan that a phone decided on alone. `entered`: it stands for somebody who walked in."""

    result: ScanResult
    reason: RefusalReason | None = None
    entered: bool = False
    flag: Flag | None = None


def settle(
    ticket: TicketFacts | None,
    event: EventFacts,
    entry: Entry,
    told: ScanResult | None,
    first: Entry | None = None,
) -> Settled:
    """What becomes of a report of what happened at a door without a network; `told`: what its phone said there.

    Without `told` somebody came in. That is a fact which no rule undoes: it is kept, and flagged where a rule would
    have said no. Only where nobody of this event is meant there is none to be taken in. `first`: the earliest entry
    known of this registration, from another scan.
    """
    reason = decide(replace(ticket, first_at=None) if ticket else None, event, entry.at).reason
    if told is ScanResult.ALREADY or told is ScanResult.REFUSED:
        return Settled(told, reason if told is ScanResult.REFUSED else None)
    if reason in _NOBODY:
        return Settled(ScanResult.REFUSED, reason, entered=told is ScanResult.ADMITTED)
    result = ScanResult.ADMITTED if first is None or entry < first else ScanResult.ALREADY
    return Settled(result, None, True, _FLAGS[reason] if reason else None)


def when_scanned(
    at: datetime | None, now: datetime, event: EventFacts, drift: timedelta | None = None
) -> tuple[datetime, bool]:
    """When a scan happened that a phone dates `at`, and whether its clock is to be doubted; None: now.

    A phone puts its times right itself, so `at` is taken as it stands where it can be. `drift`: how much its clock was
    behind ours when it sent the scan, if it said so; it puts right only what cannot be otherwise. What cannot be even
    so counts for nothing: then it is now.
    """
    if at is None:
        return now, False
    earliest = min(now, event.opens_at) - BEHIND
    for moment in (at, at + (drift or timedelta())):
        if earliest <= moment <= now + AHEAD:
            return min(moment, now), moment != at or abs(drift or timedelta()) > AHEAD
    return now, True


def door_times(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """From when until when entries are taken, if the host has set nothing else."""
    return starts_at - DOORS_LEAD, ends_at + DOORS_GRACE


def new_code(random: bytes) -> str:
    """The code of a ticket: 128 random bits in 26 signs."""
    if len(random) != CODE_BYTES:
        raise ValueError(f"a code is made of {CODE_BYTES} bytes")
    bits = int.from_bytes(random, "big")
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in reversed(range(CODE_LENGTH)))


def find_code(text: str) -> str | None:
    """The code within what was scanned or typed: a ticket's address, the bare code, or either one mangled.

    A scanner that acts as a keyboard sends full-width signs where an input method is on, other signs for `:`
    and `/` on another layout, small letters for capitals under Caps Lock: so the code is found by standing
    between signs that are none of its own, in one case throughout. The last one counts: it ends the address.
    """
    if len(text) > LONGEST_SCAN:
        return None
    # Only full-width forms are narrowed: full normalization would let look-alikes such as ² pass for digits.
    runs = _RUN.findall(text.translate(_WIDE))
    codes = [run.upper() for run in runs if len(run) == CODE_LENGTH and _CODE.fullmatch(run)]
    return codes[-1] if codes else None


def new_number(random: bytes, taken: Collection[int]) -> int:
    """A short number for who cannot show the picture: four digits, unlike all those taken at the event."""
    start = int.from_bytes(random, "big") % len(_NUMBERS)
    for offset in range(len(_NUMBERS)):
        number = _NUMBERS[(start + offset) % len(_NUMBERS)]
        if number not in taken:
            return number
    raise ValueError("every number of the event is taken")


def _of_event_or_ticket(ticket: TicketFacts, event: EventFacts) -> RefusalReason | None:
    """What stands against an entry whatever the hour."""
    if event.state is EventState.CANCELLED:
        return RefusalReason.EVENT_CANCELLED
    if ticket.state is RegistrationState.CANCELLED:
        return RefusalReason.CANCELLED
    if ticket.state is not RegistrationState.ADMITTED:
        return RefusalReason.NOT_ADMITTED
    return RefusalReason.REVOKED if ticket.revoked else None
