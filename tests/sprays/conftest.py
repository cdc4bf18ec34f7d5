"""One world for all sprays, on a database of its own; after each request everything is as it was."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
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
from tests.contents import snapshot, written
from tests.factories import NOW
from tests.sprays.cast import World
from tests.sprays.forms import Form, gather_forms
from tests.sprays.walking import Actors, Visit, visits
from tests.sprays.world import SECRET, make_world

ROLES = ("owner", "attendee0", "applicant", "stranger", "nobody", "app", "kiosk")
"""Between them they open every page and see every form."""
EVERYBODY = (*ROLES, "attendee1", "staff", "host")


@dataclass
class Site:
    """An app over a world, and the connection on which all its sessions work."""

    config: Config
    database: UndoneDatabase
    app: App
    world: World
    actors: Actors
    untouched: dict[str, str]
    """A digest of each table, as it is before and after every test."""
    changed_by_looks: list[str] = field(default_factory=list)
    """Which addresses changed what when somebody looked at them."""
    roles: Sequence[str] = ROLES
    """Whose pages the forms are taken from."""
    _seen: dict[str, list[Visit]] = field(default_factory=dict)

    @property
    def connection(self) -> Connection:
        """The one connection."""
        return self.database.connection

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What is written in this block is gone after it."""
        inner = self.connection.begin_nested()
        try:
            yield
        finally:
            inner.rollback()

    def visits(self, *roles: str) -> Iterator[Visit]:
        """What those see at every address of the untouched site: looked at once, for all tests."""
        for role in roles:
            if role not in self._seen:
                self._seen[role] = list(self._look(role))
            yield from self._seen[role]

    def _look(self, role: str) -> Iterator[Visit]:
        before, count = self.untouched, written(self.connection)
        for visit in visits(self.actors, role):
            yield visit
            if written(self.connection) != count:  # `/readyz` writes what stands there, to see whether it can
                count, after = written(self.connection), snapshot(self.connection)
                changed = sorted(name for name in after if after[name] != before[name])
                self.changed_by_looks += [f"{visit.address} as {role}: {changed}"] if changed else []

    @cached_property
    def forms(self) -> dict[str, Form]:
        """The forms of all pages, by the endpoint they go to."""
        return gather_forms(self.actors, self.visits(*self.roles))


@contextmanager
def _site(folder: Path, url: str) -> Iterator[Site]:
    with ExitStack() as stack:
        real = Database(url)
        stack.callback(real.dispose)
        connection = stack.enter_context(real.engine.execution_options(writes=True).connect())
        stack.callback(connection.begin().rollback)
        database = UndoneDatabase(real, connection)
        config = Config("test", 80, folder, "sqlite:////nowhere", SECRET, BASE_URL, now=NOW.isoformat())
        app = create_app(config, database)
        stack.callback(follow, None)
        app.config.update(WTF_CSRF_ENABLED=False)
        ring_with(None)
        world = make_world(database.session(writes=True), "ANN")
        actors = Actors(app, world)
        yield Site(config, database, app, world, actors, snapshot(connection))


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site on SQLite."""
    folder = tmp_path_factory.mktemp("site")
    with _site(folder, databases.sqlite(folder / "site.db")) as site:
        yield site


@pytest.fixture(scope="package")
def postgres_site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Site]:
    """A site on PostgreSQL, with the forms of a host and of an attendee."""
    with databases.postgres(worker_id) as url, _site(tmp_path_factory.mktemp("site"), url) as site:
        site.roles = ROLES[:2]
        yield site
