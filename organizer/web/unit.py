"""One request, one transaction: the session of a request, committed when its view returns, rolled back when
it raises.
"""

from collections.abc import Callable
from typing import Any, cast

from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from organizer.config import Config
from organizer.db import Database, run_after_commit

WRITING_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class App(Flask):
    """Flask, with the one commit."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: none of ours is asynchronous, and to look each time takes its time."""
        return func

    def dispatch_request(self) -> ResponseReturnValue:
        """What the view answers, after its transaction has been committed."""
        answer = super().dispatch_request()
        response = self.make_response(answer)
        _commit()
        return cast(ResponseReturnValue, response)


def config() -> Config:
    """The settings of this process."""
    return cast(Config, current_app.extensions["enishi.config"])


def database() -> Database:
    """The database of this app."""
    return cast(Database, current_app.extensions["enishi.database"])


def db_session() -> Session:
    """The session of this request: one that writes for POST and its like, one that only reads for GET."""
    if "db_session" not in g:
        g.db_session = database().session(writes=request.method in WRITING_METHODS)
    return cast(Session, g.db_session)


def _commit() -> None:
    session: Session | None = g.get("db_session")
    if session is not None:
        session.commit()
        run_after_commit(session)


def roll_back() -> None:
    """Forget what this request has written; the error page starts with a fresh look at the database."""
    session: Session | None = g.pop("db_session", None)
    if session is not None:
        session.rollback()
        session.close()


def init_app(app: App) -> None:
    """Close the session of each request, whatever became of it."""

    @app.teardown_request
    def _close(_error: BaseException | None) -> None:
        roll_back()

    @app.after_request
    def _no_store(response: Response) -> Response:
        response.headers.setdefault("Cache-Control", "no-store")
        return response
