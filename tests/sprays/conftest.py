"""One world for all sprays of a module; after each request everything is as it was."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

from organizer import create_app
from organizer.clock import follow
from organizer.config import Config
from organizer.db import Database
from organizer.jobs.knock import ring_with
from organizer.web.unit import App
from tests.conftest import BASE_URL, UndoneDatabase
from tests.factories import NOW
from tests.sprays.walking import Actors, Form, gather_forms
from tests.sprays.world import SECRET, World, make_world

ROLES = ("owner", "attendee0", "applicant", "stranger", "nobody")


@dataclass
class Site:
    """An app over a world, and the connection on which all its sessions work."""

    app: App
    world: World
    actors: Actors
    connection: Connection

    def changes(self) -> int | None:
        """How many rows this connection has ever written, where the database counts them: SQLite."""
        return getattr(self.connection.connection.driver_connection, "total_changes", None)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What is written in this block is gone after it."""
        inner = self.connection.begin_nested()
        try:
            yield
        finally:
            inner.rollback()

    @cached_property
    def forms(self) -> dict[str, Form]:
        """The forms of all pages, by the endpoint they go to."""
        return gather_forms(self.actors, ROLES)


@pytest.fixture(scope="module")
def make_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Database], Site]]:
    """Builds a site on a database; undone with the module."""
    connections: list[tuple[Connection, Callable[[], None]]] = []

    def make(real: Database) -> Site:
        connection = real.engine.execution_options(writes=True).connect()
        outer = connection.begin()
        connections.append((connection, outer.rollback))
        database = UndoneDatabase(real, connection)
        app = create_app(_config(tmp_path_factory.mktemp("site")), database)
        app.config.update(WTF_CSRF_ENABLED=False)
        ring_with(None)
        world = make_world(database.session(writes=True), "ANN")
        return Site(app, world, Actors(app, world), connection)

    yield make
    for connection, rollback in connections:
        rollback()
        connection.close()
    follow(None)


@pytest.fixture(scope="module")
def site(make_site: Callable[[Database], Site], sqlite_database: Database) -> Site:
    """A site on SQLite."""
    return make_site(sqlite_database)


@pytest.fixture(scope="module")
def postgres_site(make_site: Callable[[Database], Site], postgres_database: Database) -> Site:
    """A site on PostgreSQL."""
    return make_site(postgres_database)


def _config(folder: Path) -> Config:
    return Config("test", 80, folder, "sqlite:////nowhere", SECRET, BASE_URL, now=NOW.isoformat())
