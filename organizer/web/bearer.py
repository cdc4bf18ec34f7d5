"""Who calls the door: a member's sign-in, a device's cookie, or a token in the header Authorization (RFC 6750).

A request that carries a token in its header is known by that alone: its cookies are not looked at, and no page of
another site can have a browser send it, so it needs no token against forged requests.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import wraps
from typing import Any, NoReturn, TypeVar, cast

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import Unauthorized

from organizer.checkin import callers, devices
from organizer.checkin.callers import Caller, Dead, TooLittle
from organizer.checkin.models import Device
from organizer.circles import tokens
from organizer.clock import now
from organizer.domain.door import DeviceKind
from organizer.domain.roles import Right
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.web import token_use
from organizer.web.access import Policy, me_or_none, sign_in_reference
from organizer.web.problems import CHALLENGES, Unfit
from organizer.web.unit import WRITING_METHODS, App, config, database, db_session, roll_back

__all__ = [
    "Caller",
    "at_door",
    "carried",
    "device_cookie",
    "door_of",
    "hear",
    "init_app",
    "is_by_token",
    "reject",
]

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
NO_TOKEN = "no_token"  # noqa: S105  a word, no secret
TOKEN_UNKNOWN = "token_unknown"  # noqa: S105  a word, no secret
TOKENS = (devices.PREFIX, tokens.PREFIX)
COOKIE = "enishi-door"
MANY_UNSENT = 1_000_000


class Challenged(Unauthorized):
    """401, and why: on pages, too, with what RFC 6750 has a server say of it."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason

    def get_headers(self, environ: Any = None, scope: Any = None) -> list[tuple[str, str]]:
        """The headers of the answer."""
        return [*super().get_headers(environ, scope), ("WWW-Authenticate", CHALLENGES[self.reason])]


def takes_bearer(view: View) -> View:
    """Mark a view that may be called with a token in the header instead of a sign-in."""
    view.takes_bearer = True  # type: ignore[attr-defined]
    return view


def at_door(view: View) -> View:
    """A member who is signed in, a paired device or another app may call this view; `door_of` tells who it is.

    Who shows nothing at all gets 401, or is led to the sign-in where a page was asked for.
    """

    @wraps(view)
    def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
        if carried() is None and device_cookie() is None and sign_in_reference() is None:
            if request.method in WRITING_METHODS or request.path.startswith("/api/"):
                reject()
            return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))
        return view(*args, **kwargs)

    guarded.policy = Policy.DEVICE  # type: ignore[attr-defined]
    return cast(View, takes_bearer(guarded))


def carried() -> str | None:
    """The token in this request's header; None where there is none. What it opens is not looked up."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def is_by_token(view: object) -> bool:
    """Whether `view` takes a token in the header, and nothing but one can make this request known: no cookie came."""
    return getattr(view, "takes_bearer", False) and (carried() is not None or not request.cookies)


def device_cookie() -> str | None:
    """The token of the device that this browser was paired as, if it was."""
    return request.cookies.get(cookie_name())


def cookie_name() -> str:
    """Under which name a browser keeps its device's token."""
    return f"__Host-{COOKIE}" if config().https else COOKIE


def door_of(event: str, right: Right = Right.SCAN) -> tuple[Event, Caller]:
    """The event of that public id, circle loaded, and who asks for it; only behind `at_door`.

    Ends the request with 401 for who is nobody any more, 403 for a token that was not made for this, 404 for strangers.
    """
    token = carried()
    if token is not None:
        return _by_token(token, event, right)
    person, cookie = me_or_none(), device_cookie()
    if person is not None:
        with suppress(*([NotFound] if cookie else [])):
            return callers.by_person(db_session(), person.id, event, right)
    if cookie is None:
        reject()
    return _by_device(cookie, event, right)


def reject(reason: str = NO_TOKEN) -> NoReturn:
    """End the request with 401. Of a token that opens nothing no more is said than that it is TOKEN_UNKNOWN."""
    raise Challenged(reason)


def told_clock() -> datetime | None:
    """What the caller's own clock showed when it sent this request, if it says so."""
    text = request.headers.get("X-Phone-Clock")
    if text is None or len(text) > 40:
        return None
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        if moment.utcoffset() is not None and 1970 <= moment.year < 2200:
            return moment
    return None


def told_unsent() -> int | None:
    """How many scans the caller has still to send, if it says so."""
    text = request.headers.get("X-Unsent", "")
    return min(int(text), MANY_UNSENT) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _by_token(token: str, event: str, right: Right) -> tuple[Event, Caller]:
    if not token.startswith(tokens.PREFIX):
        return _by_device(token, event, right)
    try:
        writes = request.method in WRITING_METHODS
        known = callers.by_token(db_session(), token, event, now(), right, writes=writes)
    except Dead:
        reject(TOKEN_UNKNOWN)
    except TooLittle:
        too_little()
    token_use.hear(token)
    return known


def too_little() -> NoReturn:
    """End the request with 403: the token is alive, but was not made for this."""
    raise Unfit(403, "insufficient_scope")


def _by_device(token: str, event: str, right: Right) -> tuple[Event, Caller]:
    try:
        found, caller = callers.by_device(db_session(), token, event, now(), right)
    except Dead:
        reject(TOKEN_UNKNOWN)
    if caller.device is not None:
        if caller.device.kind is DeviceKind.KIOSK and request.path.startswith("/api/"):
            raise NotFound  # a tablet that visitors touch has a page of its own, and nothing else
        hear(caller.device)
    return found, caller


def hear(device: Device) -> None:
    """Have what a device tells of itself noted once the request is done."""
    at, clock, unsent = now(), told_clock(), told_unsent()
    offset = None if clock is None else round((at - clock).total_seconds() * 1000)
    if callers.is_to_be_noted(device, at, unsent, offset):
        g.device_heard = device.id, at, unsent, offset


def _refuse_tokens_in_addresses() -> None:
    """Addresses end up in logs and histories; a token that stands in one is to be revoked."""
    if not request.query_string or not request.path.startswith("/api/"):
        return
    for name, value in request.args.items(multi=True):
        if name == "access_token" or value.startswith(TOKENS):
            log.warning("a token stood in an address; it is to be revoked: %s", request.endpoint)
            raise Unfit(400, "token_in_address")


def init_app(app: App) -> None:
    """Refuse tokens in addresses; note what devices tell of themselves, now and then, after the answer."""
    app.before_request(_refuse_tokens_in_addresses)

    @app.teardown_request
    def _note(_error: BaseException | None) -> None:
        heard = g.pop("device_heard", None)
        if heard is None:
            return
        roll_back()  # on SQLite one writer does not wait for another of its kind
        with suppress(SQLAlchemyError), database().transaction() as noting:
            callers.note_use(noting, *heard)
