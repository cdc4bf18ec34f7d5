"""How often something may be tried.

Counted in rows, or in Redis where there are several machines: never in one process's memory. The counts are made
before the view runs, in a transaction of their own that is over when the request's begins: on SQLite two writers of
one request would wait for each other for ever. When they cannot be kept, limited pages answer 503: they fail closed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import abort, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import Storage
from sqlalchemy import literal, select
from sqlalchemy.exc import SQLAlchemyError

from organizer.clock import now
from organizer.config import Config
from organizer.people import counting
from organizer.people.service import fold_address
from organizer.tokens import keyed_digest
from organizer.web.unit import WRITING_METHODS, App, config, database

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
REDIS_PATIENCE_SECONDS = 1


@dataclass(frozen=True)
class Limit:
    """So many times in such a time, for each key that `by` gives; an empty key is not counted."""

    item: RateLimitItem
    by: Callable[[], str]


def caller() -> str:
    """The address the request comes from, hashed."""
    return keyed_digest(config().secret_key, "caller", request.remote_addr or "")[:32]


def mail_address() -> str:
    """The mail address in the form sent, hashed; empty when there is none."""
    typed = request.form.get("email", "")[:320]
    return keyed_digest(config().secret_key, "address", fold_address(typed))[:32] if typed else ""


def everybody() -> str:
    """One key for all: a cap over the whole site."""
    return "everybody"


def limited(times: str, by: Callable[[], str] = caller) -> Callable[[View], View]:
    """Answer 429 when the view is posted to more than `times` ("20 per 10 minutes") by the same key.

    Stands beneath the view's door; several may stand above one another.
    """
    limit = Limit(parse(times), by)

    def mark(view: View) -> View:
        view.limits = (limit, *getattr(view, "limits", ()))  # type: ignore[attr-defined]
        return view

    return mark


class RowStorage(Storage):
    """The counts of Flask-Limiter as rows of our own database; the clock is ours, too."""

    STORAGE_SCHEME = ["rows"]  # noqa: RUF012  read by the registry of storages

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a database that is away raises."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, and give the count."""
        with database().transaction() as session:
            return counting.count(session, key, expiry, now().timestamp(), amount)

    def get(self, key: str) -> int:
        """The present count."""
        with database().transaction(writes=False) as session:
            return counting.counted(session, key, now().timestamp())[0]

    def get_expiry(self, key: str) -> float:
        """When the present window ends."""
        with database().transaction(writes=False) as session:
            return counting.counted(session, key, now().timestamp())[1]

    def check(self) -> bool:
        """Whether the database answers."""
        with database().transaction(writes=False) as session:
            return bool(session.scalar(select(literal(1))))

    def reset(self) -> int | None:
        """Counts are never all forgotten at once."""
        raise NotImplementedError

    def clear(self, key: str) -> None:
        """Begin anew for one key."""
        with database().transaction() as session:
            counting.forget(session, key)


def init_app(app: App, settings: Config) -> None:
    """Count each request to a limited view before anything else looks at it."""
    limiter = Limiter(
        key_func=caller,
        storage_uri=_storage(settings),
        storage_options=_patience(settings),
        strategy="fixed-window",
        swallow_errors=False,
    )
    # It counts only what we ask it to: its own looks at every request are passed by when it is known already.
    app.extensions.setdefault("limiter", set()).add(limiter)
    limiter.init_app(app)
    app.extensions["enishi.limiter"] = limiter
    app.before_request(_count)


def _storage(settings: Config) -> str:
    if not settings.redis_url:
        return "rows://"
    return (
        settings.redis_url.replace("unix://", "redis+unix://", 1)
        if settings.redis_url.startswith("unix")
        else settings.redis_url
    )


def _patience(settings: Config) -> dict[str, str | int]:
    if not settings.redis_url:
        return {"wrap_exceptions": True}
    seconds = REDIS_PATIENCE_SECONDS
    return {"wrap_exceptions": True, "socket_connect_timeout": seconds, "socket_timeout": seconds}


def _count() -> None:
    if request.method not in WRITING_METHODS:
        return
    assert "db_session" not in g, "counting comes before the request's own transaction"
    view = current_app.view_functions.get(request.endpoint or "")
    for limit in getattr(view, "limits", ()):
        key = limit.by()
        if key and not _hit(limit.item, key):
            abort(429)


def _hit(item: RateLimitItem, key: str) -> bool:
    limiter: Limiter = current_app.extensions["enishi.limiter"]
    try:
        return limiter.limiter.hit(item, key, str(request.endpoint))
    except StorageError:
        abort(503)
