"""Noting that a host's token is used: after the answer, and in each process every ten minutes at most."""

from contextlib import suppress
from datetime import datetime

from flask import g
from sqlalchemy.exc import SQLAlchemyError

from organizer.circles import tokens
from organizer.clock import now
from organizer.tokens import digest
from organizer.web.unit import App, database, roll_back

MOST_KEPT = 10_000
_noted: dict[str, datetime] = {}
"""When this process noted a token last, by its hash: only so that few requests write."""


def hear(text: str) -> None:
    """Have it noted, once the request is done, that a living token was used."""
    last = _noted.get(digest(text))
    if last is None or not last <= now() < last + tokens.NOTED_EVERY:
        g.token_heard = text


def init_app(app: App) -> None:
    """Note what was heard, after the answer."""

    @app.teardown_request
    def _note(_error: BaseException | None) -> None:
        text: str | None = g.pop("token_heard", None)
        if text is None:
            return
        roll_back()  # on SQLite one writer does not wait for another of its kind
        with suppress(SQLAlchemyError), database().transaction() as noting:
            tokens.note_use(noting, text, now())
            if len(_noted) >= MOST_KEPT:
                _noted.clear()
            _noted[digest(text)] = now()
