"""What every live board asks for every few seconds: next to nothing while nothing has changed."""

import json
from collections import OrderedDict
from threading import Lock

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from organizer.checkin import board, operations_api
from organizer.checkin.api import blueprint
from organizer.checkin.board import Watched
from organizer.clock import now
from organizer.domain.roles import Right
from organizer.errors import NotFound
from organizer.events.service import is_public_id
from organizer.web.access import sign_in_reference
from organizer.web.bearer import at_door, carried, door_of, hear
from organizer.web.openapi import described
from organizer.web.unit import db_session

STALE_SECONDS = 20
"""For how long a body may be told again: nobody's name changes the version."""
KEPT = 64
Key = tuple[int, str, int]


class Bodies:
    """The bodies told last, so that many boards of one event cost as little as one."""

    def __init__(self) -> None:
        self._told: OrderedDict[Key, bytes] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Key) -> bytes | None:
        """The body of that key, if it was told lately."""
        return self._told.get(key)

    def keep(self, key: Key, body: bytes) -> None:
        """Keep a body; the oldest goes."""
        with self._lock:
            self._told[key] = body
            while len(self._told) > KEPT:
                self._told.popitem(last=False)


@blueprint.get("/counts")
@at_door
@described(operations_api.COUNTS)
def counts(event: str) -> ResponseReturnValue:
    """The live board's figures; 304 to `since` or If-None-Match while nothing has changed."""
    one = _watched(event)
    unchanged = request.args.get("since") == one.version or (
        request.if_none_match.contains_weak(one.version) and "since" not in request.args
    )
    answer = Response(b"" if unchanged else _body(one), mimetype="application/json")
    answer.status_code = 304 if unchanged else 200
    answer.set_etag(one.version, weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _watched(event: str) -> Watched:
    """The event, in one statement for who is signed in here and for a device that may see it."""
    if not is_public_id(event):
        raise NotFound
    token = carried()
    if token is None and (reference := sign_in_reference()) is not None:
        one = board.watched_by(db_session(), reference, event, now())
        if one is not None:
            return one
    elif token is not None and (known := board.watched_from(db_session(), token, event, now())) is not None:
        one, device = known
        hear(device)
        return one
    row, _caller = door_of(event, Right.SEE_DOOR)
    return board.watched(db_session(), row.id)


def _body(one: Watched) -> bytes:
    bodies: Bodies = current_app.extensions.setdefault("enishi.boards", Bodies())
    key = one.event_id, one.version, int(now().timestamp()) // STALE_SECONDS
    told = bodies.find(key)
    if told is None:
        data = board.as_data(one.version, board.figures(db_session(), one))
        told = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        bodies.keep(key, told)
    return told
