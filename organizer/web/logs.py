"""What the processes write down about themselves: in production one JSON object a line, with ids and codes only."""

import json
import logging
import secrets
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

from flask import Response, g, has_app_context, has_request_context, request

from organizer.config import Config
from organizer.web.unit import App

OWN = logging.INFO
LOUD = ("sqlalchemy", "huey", "alembic", "flask_limiter")


class JsonLines(logging.Formatter):
    """A record as one line of JSON. Of an error it tells kind and places: its text may quote what somebody typed."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage() if record.name.startswith("organizer") else str(record.msg),
            **who_asks(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line |= {"error": kinds(record.exc_info[1]), "where": places(record.exc_info[1])}
        return json.dumps(line, ensure_ascii=False)


def who_asks() -> dict[str, Any]:
    """Of the request under way, if there is one: its id, its endpoint, and the id of the person signed in."""
    if not has_app_context() or not has_request_context():
        return {}
    visitor = g.get("_login_user")
    person = getattr(visitor, "person", None)
    # What the row says in memory: a log line must never ask the database.
    actor = person.__dict__.get("id") if person is not None else None
    told = {"request": g.get("request_id"), "endpoint": request.endpoint, "actor": actor}
    return {name: value for name, value in told.items() if value is not None}


def kinds(error: BaseException) -> list[str]:
    """The type of an error, and of those that caused it."""
    found: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(found) < 5:
        found.append(type(cause).__qualname__)
        cause = cause.__cause__ or cause.__context__
    return found


def places(error: BaseException) -> list[str]:
    """Where it came from, the innermost last."""
    steps = traceback.extract_tb(error.__traceback__)
    return [f"{step.filename}:{step.lineno} {step.name}" for step in steps[-12:]]


class Lines(logging.StreamHandler[TextIO]):
    """Our handler: known by its class, so that a process that makes two apps has one."""


def listen(config: Config) -> None:
    """Have this process write its log to the standard error: JSON in production, plain lines in development."""
    if config.env == "test":
        return
    handler = Lines(sys.stderr)
    plain = logging.Formatter("%(levelname)s %(name)s: %(message)s")
    handler.setFormatter(plain if config.development else JsonLines())
    root = logging.getLogger()
    root.handlers = [other for other in root.handlers if not isinstance(other, Lines)] + [handler]
    logging.getLogger("organizer").setLevel(OWN)
    # A library that is told to listen to everything would write statements and addresses.
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)


def init_app(app: App, config: Config) -> None:
    """Give every request an id, told in its answer, by which its log lines are found again."""
    listen(config)

    @app.before_request
    def _begin() -> None:
        g.request_id = secrets.token_hex(8)

    @app.after_request
    def _tell(response: Response) -> Response:
        if "request_id" in g:
            response.headers["X-Request-Id"] = g.request_id
        return response
