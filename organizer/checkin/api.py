"""The door's API: scans, one by one or many, the list, search, taking back, the fee. JSON in and out."""

from contextlib import suppress
from datetime import datetime

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from organizer.checkin import (
    annulling,
    batch,
    callers,
    door_list,
    fees,
    operations_api,
    queries,
    scanning,
    searching,
    service,
)
from organizer.checkin.annulling import NotYours
from organizer.checkin.answers import Answer, Asked, KeyReused
from organizer.checkin.callers import TooLittle
from organizer.checkin.scanning import Credential, Means, NotSignedIn, Place, Stranger
from organizer.checkin.scans_api import (
    BATCH,
    FEE,
    LARGEST_BATCH,
    NOTHING,
    SCAN,
    asked_of,
    found,
    json_answer,
    malformed,
    said,
)
from organizer.circles.tokens import PREFIX as HOST_PREFIX
from organizer.clock import now
from organizer.domain.door import PaymentWay
from organizer.domain.names import LONGEST_QUERY
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.web import bearer, token_use
from organizer.web.access import sign_in_reference
from organizer.web.bearer import at_door, door_of
from organizer.web.json_body import Unfit, read
from organizer.web.openapi import described
from organizer.web.text import clean
from organizer.web.unit import config, db_session
from organizer.workflows import door

blueprint = Blueprint("checkin_api", __name__, url_prefix="/api/v1/events/<event>")


@blueprint.post("/scans")
@at_door
@described(operations_api.SCAN_ONE)
def scan(event: str) -> ResponseReturnValue:
    """What the door says to a ticket, or to somebody found by name: 200 for every decision."""
    at = now()
    return json_answer(said(_ask(event, asked_of(read(request, SCAN), bearer.told_clock(), at), at)))


@blueprint.post("/scans/batch")
@at_door
@described(operations_api.SCAN_MANY)
def scan_many(event: str) -> ResponseReturnValue:
    """The same for many at once, each decided on its own, in their order."""
    items = read(request, BATCH, largest=LARGEST_BATCH)["scans"]
    row, caller = door_of(event)
    at, clock = now(), bearer.told_clock()
    read_items = [_read(item, clock, at) for item in items]
    place = Place(row.id, row.circle_id, caller.by_id, caller.device.id if caller.device else None)
    asked = [one for one in read_items if isinstance(one, Asked)]
    answers = iter(batch.scan_all(db_session(), place, asked, at, door.SEEING))
    results = [_told(next(answers)) if isinstance(one, Asked) else one for one in read_items]
    return json_answer({"results": results})


@blueprint.delete("/scans/<key>")
@at_door
@described(operations_api.ANNUL)
def annul(event: str, key: str) -> ResponseReturnValue:
    """Take a scan back; `annulled` is false when it was before."""
    row, caller = door_of(event)
    try:
        annulled = annulling.annul(db_session(), row, key, caller, now())
    except NotYours:
        raise Unfit(403, "not_yours") from None
    return json_answer({"annulled": annulled, "count": _count(row)})


@blueprint.get("/door-list")
@at_door
@described(operations_api.LIST)
def list_people(event: str) -> ResponseReturnValue:
    """The list by which a phone decides alone; 304 while nothing in it has changed."""
    row, caller = door_of(event)
    listed = door_list.door_list(
        db_session(),
        row,
        caller.device,
        door.PEOPLE,
        sees_list=caller.sees_list,
        secret_key=config().secret_key,
    )
    answer = json_answer(
        {
            "version": listed.version,
            "now": now().isoformat(),
            "wipe_at": listed.wipe_at.isoformat(),
            "device": listed.device,
            "event": listed.event,
            "sees_list": caller.sees_list,
            "people": listed.people,
        }
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(listed.version, weak=True)
    if request.args.get("since") == listed.version:
        answer.status_code, answer.data = 304, b""
        return answer
    return answer.make_conditional(request)


@blueprint.post("/check-ins/<registration>/undo")
@at_door
@described(operations_api.UNDO)
def undo(event: str, registration: str) -> ResponseReturnValue:
    """Take a check-in back; `undone` is false when there was none."""
    read(request, NOTHING)
    row, caller = door_of(event)
    by = callers.person_of(db_session(), caller)
    undone = service.undo(db_session(), row, registration, now=now(), by=by, device=caller.device)
    return json_answer({"undone": undone, "count": _count(row)})


@blueprint.post("/check-ins/<registration>/fee")
@at_door
@described(operations_api.TAKE_FEE)
def fee(event: str, registration: str) -> ResponseReturnValue:
    """Note the fee as taken, or take that note back; `fee_taken` in yen is what stands afterwards."""
    body = read(request, FEE)
    row, caller = door_of(event)
    if not body["taken"]:
        fees.give_fee_back(db_session(), row, registration, now=now(), by_id=caller.by_id)
        return json_answer({"fee_taken": 0})
    yen = fees.take_fee(
        db_session(),
        row,
        registration,
        now=now(),
        by_id=caller.by_id,
        device_id=caller.device.id if caller.device else None,
        way=body["way"] or PaymentWay.CASH,
    )
    return json_answer({"fee_taken": yen})


@blueprint.get("/search")
@at_door
@described(operations_api.SEARCH)
def search(event: str) -> ResponseReturnValue:
    """Who of the admitted is meant by `q`, best first. Who sees no list must say more than a sign."""
    query = clean(request.args.get("q", ""))
    if len(query) > LONGEST_QUERY:
        raise Unfit(422, "wrong_field", "q")
    row, caller = door_of(event)
    if not caller.sees_list and not searching.is_enough(query):
        raise Unfit(422, "too_short", "q")
    return json_answer({"people": [found(guest) for guest in queries.find(db_session(), row, query)]})


def _ask(event: str, asked: Asked, at: datetime) -> Answer:
    """The decision for whoever sends this request; a browser may be known by its sign-in or as a device."""
    try:
        *others, last = _credentials()
        for credential in others:
            with suppress(NotSignedIn, Stranger):
                return scanning.scan(db_session(), credential, event, asked, at, door.SEEING)
        answer = scanning.scan(db_session(), last, event, asked, at, door.SEEING)
    except NotSignedIn:
        bearer.reject(bearer.NO_TOKEN if bearer.carried() is None else bearer.TOKEN_UNKNOWN)
    except TooLittle:
        bearer.too_little()
    except KeyReused:
        raise Unfit(422, "key_reused", "key") from None
    if last.means is Means.TOKEN:
        token_use.hear(last.secret)
    return answer


def _credentials() -> list[Credential]:
    token = bearer.carried()
    if token is not None:
        means = Means.TOKEN if token.startswith(HOST_PREFIX) else Means.DEVICE
        return [Credential(means, token)]
    known = ((Means.SIGN_IN, sign_in_reference()), (Means.DEVICE, bearer.device_cookie()))
    return [Credential(means, secret) for means, secret in known if secret is not None]


def _read(item: object, clock: datetime | None, at: datetime) -> Asked | dict[str, object]:
    try:
        return asked_of(SCAN.read(item), clock, at)
    except Unfit as unfit:
        return malformed(unfit.reason, unfit.field)


def _told(answer: Answer | KeyReused | NotFound) -> dict[str, object]:
    if isinstance(answer, Answer):
        return said(answer)
    if isinstance(answer, KeyReused):
        return malformed("key_reused", "key")
    return malformed("not_found", "registration")


def _count(event: Event) -> dict[str, int]:
    counted = queries.counted(db_session(), event.id)
    return {"arrived": counted.arrived, "expected": counted.expected}
