"""The door's API: scans, search, taking back, the fee, the counts. JSON in and out; the words are the page's."""

import hashlib
import json
import re
from typing import Any

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from organizer.checkin import queries, scanning, service
from organizer.checkin.scanning import Answer, Asked, KeyReused, NotSignedIn
from organizer.clock import now
from organizer.domain.names import LONGEST_QUERY
from organizer.domain.roles import Right
from organizer.domain.ticketing import LONGEST_SCAN, CheckInMethod
from organizer.events.models import Event
from organizer.events.service import event_of_host
from organizer.web.access import finds_sign_in, me, sign_in_reference, signed_in
from organizer.web.json_body import Flag, Moment, Rule, Text, Unfit, read
from organizer.web.text import clean
from organizer.web.unit import db_session

blueprint = Blueprint("checkin_api", __name__, url_prefix="/api/v1/events/<event>")

KEY = Text(64, re.compile(r"[A-Za-z0-9_-]{16,64}"))
PUBLIC_ID = Text(22, re.compile(r"[A-Za-z0-9_-]{22}"))
DOOR = Text(40, required=False, shortest=0)
SCAN: dict[str, Rule] = {"code": Text(LONGEST_SCAN), "key": KEY, "at": Moment(), "door": DOOR}
CHECK_IN: dict[str, Rule] = {"registration": PUBLIC_ID, "key": KEY, "at": Moment(), "door": DOOR}
FEE: dict[str, Rule] = {"taken": Flag()}


@blueprint.post("/scans")
@finds_sign_in
def scan(event: str) -> ResponseReturnValue:
    """What the door says to a ticket: 200 for every decision."""
    body = read(request, SCAN)
    asked = Asked(
        body["key"], CheckInMethod.SCAN, code=body["code"], door=clean(body["door"] or ""), at=body["at"]
    )
    return _json(_said(_ask(event, asked)))


@blueprint.post("/check-ins")
@finds_sign_in
def check_in(event: str) -> ResponseReturnValue:
    """The same for somebody found by name."""
    body = read(request, CHECK_IN)
    asked = Asked(
        body["key"],
        CheckInMethod.SEARCH,
        registration=body["registration"],
        door=clean(body["door"] or ""),
        at=body["at"],
    )
    return _json(_said(_ask(event, asked)))


@blueprint.post("/check-ins/<registration>/undo")
@signed_in
def undo(event: str, registration: str) -> ResponseReturnValue:
    """Take a check-in back; `undone` is false when there was none."""
    read(request, {})
    found = _event(event)
    undone = service.undo(db_session(), found, registration, now=now(), by=me())
    return _json({"undone": undone, "count": _count(found)})


@blueprint.post("/check-ins/<registration>/fee")
@signed_in
def fee(event: str, registration: str) -> ResponseReturnValue:
    """Note the fee as taken, or take that note back; `fee_taken` in yen is what stands afterwards."""
    taken = read(request, FEE)["taken"]
    found = _event(event)
    if taken:
        yen = service.take_fee(db_session(), found, registration, now=now(), by=me())
    else:
        service.give_fee_back(db_session(), found, registration, now=now(), by=me())
        yen = 0
    return _json({"fee_taken": yen})


@blueprint.get("/search")
@signed_in
def search(event: str) -> ResponseReturnValue:
    """Who of the admitted is meant by `q`, best first."""
    query = clean(request.args.get("q", ""))
    if len(query) > LONGEST_QUERY:
        raise Unfit(422, "wrong_field", "q")
    return _json({"people": [_guest(guest) for guest in queries.find(db_session(), _event(event), query)]})


@blueprint.get("/count")
@signed_in
def count(event: str) -> ResponseReturnValue:
    """The live board's figures; 304 while nothing has changed."""
    shown = queries.board(db_session(), _event(event, Right.SEE_DOOR).id)
    body = {
        "arrived": shown.total.arrived,
        "expected": shown.total.expected,
        "targets": [
            {"name": part.name, "arrived": part.arrived, "expected": part.expected} for part in shown.targets
        ],
        "newest": list(shown.newest),
    }
    answer = _json(body)
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:32], weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


@blueprint.errorhandler(Unfit)
def _unfit(error: Unfit) -> Response:
    problem = {
        "type": "about:blank",
        "status": error.status,
        "title": "Not as expected",
        "reason": error.reason,
    }
    answer = _json(problem | ({"field": error.field} if error.field else {}))
    answer.status_code = error.status
    answer.content_type = "application/problem+json"
    return answer


@blueprint.errorhandler(KeyReused)
def _key_reused(_error: KeyReused) -> Response:
    return _unfit(Unfit(422, "key_reused", "key"))


def _ask(event: str, asked: Asked) -> Answer:
    reference = sign_in_reference()
    if reference is None:
        abort(401)
    try:
        return scanning.scan(db_session(), reference, event, asked, now())
    except NotSignedIn:
        abort(401)


def _event(public_id: str, right: Right = Right.SCAN) -> Event:
    return event_of_host(db_session(), me(), public_id, right)


def _count(event: Event) -> dict[str, int]:
    counted = queries.counted(db_session(), event.id)
    return {"arrived": counted.arrived, "expected": counted.expected}


def _said(answer: Answer) -> dict[str, Any]:
    card = answer.card
    return {
        "result": answer.result.value,
        "reason": answer.reason.value if answer.reason else None,
        "first_at": answer.first_at.isoformat() if answer.first_at else None,
        "first_door": answer.first_door or None,
        "registration": card
        and {
            "id": card.id,
            "name": card.name,
            "reading": card.reading,
            "company": card.company,
            "first_time": card.first_time,
            "introducer": card.introducer,
            "fee_due": card.fee_due,
            "number": card.number,
        },
        "count": {"arrived": answer.arrived, "expected": answer.expected},
    }


def _guest(guest: queries.Guest) -> dict[str, Any]:
    return {
        "id": guest.id,
        "name": guest.name,
        "reading": guest.reading,
        "company": guest.company,
        "first_time": guest.first_time,
        "introducer": guest.introducer,
        "fee_due": guest.fee_due,
        "number": guest.number,
        "arrived_at": guest.arrived_at.isoformat() if guest.arrived_at else None,
        "door": guest.door or None,
    }


def _json(body: dict[str, Any]) -> Response:
    return Response(json.dumps(body, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")
