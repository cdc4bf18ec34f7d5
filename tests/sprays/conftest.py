"""One world for all sprays, on a database of its own; after each request everything is as it was."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
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
from tests import databases
from tests.conftest import BASE_URL, UndoneDatabase
from tests.factories import NOW
from tests.sprays.walking import Actors, Form, gather_forms
from tests.sprays.world import SECRET, World, make_world

ROLES = ("owner", "attendee0", "applicant", "stranger", "nobody", "app", "kiosk")


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


MakeSite = Callable[[str], AbstractContextManager[Site]]


@pytest.fixture(scope="package")
def make_site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> MakeSite:
    """Builds a site on "sqlite" or "postgresql"."""

    @contextmanager
    def make(kind: str) -> Iterator[Site]:
        with ExitStack() as stack:
            folder = tmp_path_factory.mktemp("site")
            url = (
                databases.sqlite(folder / "site.db")
                if kind == "sqlite"
                else stack.enter_context(databases.postgres(worker_id))
            )
            real = Database(url)
            stack.callback(real.dispose)
            connection = stack.enter_context(real.engine.execution_options(writes=True).connect())
            stack.callback(connection.begin().rollback)
            database = UndoneDatabase(real, connection)
            app = create_app(_config(folder), database)
            stack.callback(follow, None)
            app.config.update(WTF_CSRF_ENABLED=False)
            ring_with(None)
            world = make_world(database.session(writes=True), "ANN")
            yield Site(app, world, Actors(app, world), connection)

    return make


@pytest.fixture(scope="package")
def site(make_site: MakeSite) -> Iterator[Site]:
    """A site on SQLite."""
    with make_site("sqlite") as site:
        yield site


@pytest.fixture(scope="package")
def postgres_site(make_site: MakeSite) -> Iterator[Site]:
    """A site on PostgreSQL."""
    with make_site("postgresql") as site:
        yield site


def _config(folder: Path) -> Config:
    return Config("test", 80, folder, "sqlite:////nowhere", SECRET, BASE_URL, now=NOW.isoformat())
