"""What the door's API takes and gives, as JSON; the words are the page's."""

import json
import re
from datetime import datetime
from typing import Any, Final

from flask import Response
from flask_babel import lazy_gettext as _l

from organizer.checkin.answers import Answer, Asked, Card, Conflict
from organizer.checkin.queries import Guest
from organizer.domain.door import PaymentWay
from organizer.domain.ticketing import LONGEST_SCAN, CheckInMethod, ScanResult
from organizer.web.json_body import Choice, Fields, Flag, Moment, Rows, Text
from organizer.web.text import clean

MOST_AT_ONCE: Final = 500
LARGEST_BATCH: Final = 512 * 1024
LONGEST_DOOR: Final = 40
"""In signs as they are kept: composing what was sent may have made more of them."""

KEY: Final = Text(
    64,
    re.compile(r"[A-Za-z0-9_-]{16,64}"),
    says=_l("Made anew for each scan, 16 characters at least; the same when it is sent again"),
)
PUBLIC_ID: Final = re.compile(r"[A-Za-z0-9_-]{22}")
SCAN: Final = Fields(
    {
        "code": Text(LONGEST_SCAN, required=False, says=_l("What was scanned or typed, as it came")),
        "registration": Text(
            22, PUBLIC_ID, required=False, says=_l("Instead of a code: the id of somebody found by name")
        ),
        "key": KEY,
        "at": Moment(says=_l("When it happened, by the phone's clock; now, where nothing is said")),
        "offline": Flag(required=False, says=_l("The phone has decided already, without a network")),
        "told": Choice(
            ScanResult,
            required=False,
            says=_l("With offline: what the phone said then; without it somebody came in"),
        ),
        "door": Text(LONGEST_DOOR, required=False, shortest=0, says=_l("At which door")),
        "confirm": Flag(required=False, says=_l("Somebody looked at the card and tapped")),
    },
    one_of=("code", "registration"),
    name="Scan",
)
BATCH: Final = Fields(
    {"scans": Rows(SCAN, most=MOST_AT_ONCE, says=_l("Each with a key of its own"))}, name="Scans"
)
FEE: Final = Fields(
    {
        "taken": Flag(says=_l("False takes the note back")),
        "way": Choice(PaymentWay, required=False, says=_l("How it was paid; in cash, where nothing is said")),
    },
    name="Fee",
)
NOTHING: Final = Fields({}, says=_l("An empty object"))


def asked_of(body: dict[str, Any], clock: datetime | None, now: datetime) -> Asked:
    """The request in a body as SCAN reads it; `clock`: what the caller's own showed at `now`."""
    return Asked(
        body["key"],
        CheckInMethod.SCAN if body["code"] is not None else CheckInMethod.SEARCH,
        code=body["code"],
        registration=body["registration"],
        door=clean(body["door"] or "")[:LONGEST_DOOR],
        at=body["at"],
        offline=bool(body["offline"]),
        told=body["told"],
        confirmed=bool(body["confirm"]),
        drift=None if clock is None else now - clock,
    )


def said(answer: Answer) -> dict[str, Any]:
    """A decision."""
    return {
        "result": answer.result.value,
        "reason": answer.reason.value if answer.reason else None,
        "first_at": _iso(answer.first_at),
        "first_door": answer.first_door or None,
        "registration": answer.card and _card(answer.card),
        "conflict": answer.conflict and _conflict(answer.conflict),
        "count": {"arrived": answer.arrived, "expected": answer.expected},
    }


def malformed(problem: str, field: str | None = None) -> dict[str, Any]:
    """What stands in a batch in place of the decision on an item that is none; `problem` is the code of what it is."""
    told = dict.fromkeys(("first_at", "first_door", "registration", "conflict", "count"))
    return {"result": "refused", "reason": "malformed"} | told | {"problem": problem, "field": field}


def found(guest: Guest) -> dict[str, Any]:
    """One person as an answer to a search."""
    return {
        "id": guest.id,
        "name": guest.name,
        "reading": guest.reading,
        "company": guest.company,
        "first_time": guest.first_time,
        "introducer": guest.introducer,
        "fee_due": guest.fee_due,
        "number": guest.number,
        "arrived_at": _iso(guest.arrived_at),
        "door": guest.door or None,
    }


def json_answer(body: dict[str, Any]) -> Response:
    """The body as JSON, the same bytes for the same body."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, mimetype="application/json")


def _card(card: Card) -> dict[str, Any]:
    return {
        "id": card.id,
        "name": card.name,
        "reading": card.reading,
        "company": card.company,
        "first_time": card.first_time,
        "introducer": card.introducer,
        "fee_due": card.fee_due,
        "number": card.number,
        "table": card.table,
        "note": card.note,
    }


def _conflict(conflict: Conflict) -> dict[str, Any]:
    other = {"first_at": _iso(conflict.first_at), "first_door": conflict.first_door or None}
    return {"kind": conflict.kind} | other


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
