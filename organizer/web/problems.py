"""Problem details (RFC 9457): what the API answers when a request is broken, refused or too much.

Every problem has a code. It is the end of the problem's `type`, and never changes its meaning; a page of ours explains
it at that address.
"""

from dataclasses import dataclass
from typing import Final

from flask import Response, json
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ADDRESS = "/api/v1/problems/"
MIMETYPE = "application/problem+json"
REFUSED = "refused"
CHALLENGES: Final[dict[str, str]] = {
    "no_token": 'Bearer realm="Enishi"',
    "token_unknown": 'Bearer realm="Enishi", error="invalid_token"',
    "insufficient_scope": 'Bearer realm="Enishi", error="insufficient_scope"',
}
"""What RFC 6750 has the header WWW-Authenticate say, by the problem's code."""


class Unfit(Exception):
    """A request that is broken: the status it is answered with, a code that says why, and the field, if it is one."""

    def __init__(self, status: int, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.field = field


@dataclass(frozen=True, slots=True)
class Problem:
    """What a code means: in a few words, and with what to do about it."""

    status: int
    title: LazyString
    todo: LazyString


PROBLEMS: Final[dict[str, Problem]] = {
    "bad_request": Problem(
        400, _l("The request is not understood"), _l("Compare it with the description of the operation.")
    ),
    "malformed": Problem(
        400,
        _l("The body is not JSON"),
        _l(
            "Send one JSON value in UTF-8, no deeper than 32 levels, with no name twice in an object "
            "and without NaN or Infinity."
        ),
    ),
    "token_in_address": Problem(
        400,
        _l("A token stands in the address"),
        _l(
            "Addresses end up in logs. Send the token in the header Authorization, "
            "and revoke this one where it was made."
        ),
    ),
    "csrf": Problem(
        400,
        _l("The page's own token is missing"),
        _l("Requests of a signed-in browser carry X-CSRFToken; other apps send a token of their own."),
    ),
    "no_token": Problem(
        401,
        _l("Nobody is known by this request"),
        _l("Send a token that is alive in the header Authorization, after the word Bearer."),
    ),
    "token_unknown": Problem(
        401,
        _l("The token opens nothing"),
        _l("It is mistyped or not ours, or its time is over, or it was taken back. Make a new one."),
    ),
    "not_allowed": Problem(
        403,
        _l("This is not open to you"),
        _l("Requests of browsers are taken from our own pages only."),
    ),
    "insufficient_scope": Problem(
        403, _l("The token was not made for this"), _l("Make one that may check people in, too.")
    ),
    "not_yours": Problem(
        403,
        _l("The scan is another device's"),
        _l("Only the device that made it, or a host, takes a scan back."),
    ),
    "not_found": Problem(
        404,
        _l("There is no such thing here"),
        _l("The address is wrong, or what it names is not to be seen with this token. Nothing was changed."),
    ),
    "wrong_method": Problem(
        405, _l("This address does not work that way"), _l("The header Allow names the methods it takes.")
    ),
    "conflict": Problem(409, _l("Things have moved on in the meantime"), _l("Look how they stand now.")),
    REFUSED: Problem(409, _l("A rule says no"), _l("The field reason says which; nothing was changed.")),
    "too_large": Problem(413, _l("The body is too large"), _l("Send less at once; nothing was changed.")),
    "not_json": Problem(
        415, _l("The body is not declared as JSON"), _l("Send it with Content-Type: application/json.")
    ),
    "not_an_object": Problem(422, _l("The body is not an object"), _l("Send the fields as one JSON object.")),
    "unknown_field": Problem(
        422,
        _l("A field is not known"),
        _l("Leave out the field that field names, or look how it is spelled."),
    ),
    "missing_field": Problem(422, _l("A field is missing"), _l("Send the field that field names.")),
    "wrong_field": Problem(
        422,
        _l("A field holds what it cannot hold"),
        _l("The description says what the field named may hold."),
    ),
    "too_many_fields": Problem(
        422, _l("Two fields exclude one another"), _l("Send only one of them; field names the other.")
    ),
    "too_many": Problem(422, _l("A list is too long"), _l("Send it in several parts; nothing was changed.")),
    "too_short": Problem(
        422, _l("The words searched for are too few"), _l("Send more characters of the name.")
    ),
    "key_reused": Problem(
        422,
        _l("The key belongs to another request"),
        _l("Every scan has a key of its own; only the same scan is sent again with the same key."),
    ),
    "too_often": Problem(429, _l("Too many requests"), _l("Wait a minute, then try again.")),
    "our_fault": Problem(
        500,
        _l("Something went wrong on our side"),
        _l("Nothing was changed. Try again; what carries a key may be sent again without harm."),
    ),
    "away": Problem(
        503,
        _l("We are back in a moment"),
        _l("Nothing was changed. The header Retry-After says when to try again."),
    ),
}

BY_STATUS: Final[dict[int, str]] = {
    400: "bad_request",
    401: "no_token",
    403: "not_allowed",
    404: "not_found",
    405: "wrong_method",
    409: "conflict",
    413: "too_large",
    415: "not_json",
    422: "wrong_field",
    429: "too_often",
    500: "our_fault",
    503: "away",
}
"""The code of a problem of which nothing but the status is known."""


def answer(status: int, reason: str | None = None, field: str | None = None, title: str = "") -> Response:
    """The problem as an answer, in the reader's language.

    A `reason` that is no code of ours is that of a rule, and has a `title` of its own.
    """
    general = BY_STATUS.get(status, "our_fault" if status >= 500 else "bad_request")
    code = reason if reason in PROBLEMS else REFUSED if reason else general
    told: dict[str, str | int] = {
        "type": f"{ADDRESS}{code}",
        "title": title or str(PROBLEMS[code].title),
        "status": status,
        "reason": reason or code,
    }
    if field is not None:
        told["field"] = field
    made = Response(json.dumps(told, ensure_ascii=False), status, mimetype=MIMETYPE)
    if code in CHALLENGES:
        made.headers["WWW-Authenticate"] = CHALLENGES[code]
    return made
