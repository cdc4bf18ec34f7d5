"""From what went wrong to a page that says what happened, what is safe and what to do."""

import logging
from contextlib import suppress

from flask import Response, g, render_template, request
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from organizer.errors import NotFound, Refused
from organizer.web import problems
from organizer.web.labels import label
from organizer.web.problems import Unfit
from organizer.web.unit import App, roll_back

log = logging.getLogger(__name__)
HEARD_OUT = 32 * 1024 * 1024
PIECE = 256 * 1024


def init_app(app: App) -> None:
    """Have every error answered in the reader's language, as a page or as problem details."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, lambda error: _answer(400, "csrf"))
    app.register_error_handler(Unfit, _unfit)
    app.register_error_handler(NotFound, lambda error: _answer(404))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(BlockingIOError, lambda error: _answer(408))  # the sender has fallen silent
    app.register_error_handler(Exception, _our_fault)
    app.after_request(_hear_out)


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    answer = _answer(error.code, getattr(error, "reason", None))
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        value = dict(error.get_headers()).get(name)
        if value:
            answer.headers[name] = value
    return answer


def _unfit(error: Unfit) -> Response:
    roll_back()
    return problems.answer(error.status, error.reason, error.field)


def _refused(error: Refused) -> Response:
    return _answer(409, error.reason.value, str(label(error.reason)))


def _database_away(error: OperationalError) -> Response:
    log.error("the database does not answer: %s", type(error.orig).__name__)
    answer = _answer(503)
    answer.headers["Retry-After"] = "10"
    return answer


def _our_fault(error: Exception) -> Response:
    log.exception("unexpected: %s on %s", type(error).__name__, request.endpoint)
    return _answer(500)


def _hear_out(response: Response) -> Response:
    """Read what is left of a body that is too large, within reason: who is still sending would not see the answer."""
    if response.status_code == 413:
        rest = request.environ["wsgi.input"]
        with suppress(OSError):  # they have fallen silent, or are gone
            for _ in range(HEARD_OUT // PIECE):
                if not rest.read(PIECE):
                    break
    return response


def _answer(code: int, reason: str | None = None, words: str | None = None) -> Response:
    roll_back()
    if request.path.startswith("/api/"):
        return problems.answer(code, reason, title=words or "")
    if code >= 500:
        g._login_user = AnonymousUserMixin()  # to ask who is there would be to ask the database again
    else:
        g.pop("_login_user", None)  # what was loaded went with the transaction; who is there is asked afresh
    page = render_template("errors/error.html", code=code, reason=words, failed=True)
    return Response(page, code, mimetype="text/html")
