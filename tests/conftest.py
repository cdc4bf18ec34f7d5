"""What tests share: two real databases, one session a test that is undone afterwards, a clock that stands still."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session
from xdist.scheduler import LoadScopeScheduling

from organizer import create_app
from organizer.clock import clock, follow
from organizer.config import Config
from organizer.db import Database
from organizer.jobs.knock import ring_with
from organizer.people import sessions
from organizer.people.models import Person
from organizer.web.unit import App
from tests import compiled, databases
from tests.factories import NOW

BASE_URL = "http://localhost"
MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


compiled.use()

# What hypothesis makes up is the same in every run, however busy the machine; `--hypothesis-profile=searching` looks
# further, elsewhere each time.
settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("searching", settings.get_profile("steady"), derandomize=False, max_examples=2_000)
settings.load_profile("steady")


class UndoneDatabase(Database):
    """A database whose every session works inside one transaction that is never committed."""

    def __init__(self, real: Database, connection: Connection) -> None:
        self.url, self.sqlite, self.engine = real.url, real.sqlite, real.engine
        self.connection = connection

    def session(self, writes: bool) -> Session:
        """A session in a savepoint of the test's transaction; one for reading refuses to write, as in life."""
        session = Session(self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        if not writes:
            self.refuse_writes(session)
        return session


@pytest.fixture(scope="session")
def sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A migrated SQLite database of this test process."""
    database = Database(databases.sqlite(tmp_path_factory.mktemp("sqlite") / "enishi.db"))
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def postgres_database(worker_id: str) -> Iterator[Database]:
    """A migrated PostgreSQL database of this test process."""
    with databases.postgres(worker_id) as url:
        database = Database(url)
        yield database
        database.dispose()


def _undone(real: Database) -> Iterator[UndoneDatabase]:
    with real.engine.execution_options(writes=True).connect() as connection:
        outer = connection.begin()
        yield UndoneDatabase(real, connection)
        outer.rollback()


@pytest.fixture(params=["sqlite", "postgresql"])
def both_databases(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Each of the two real databases in turn, undone afterwards."""
    name = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    yield from _undone(request.getfixturevalue(name))


@pytest.fixture
def session(both_databases: Database) -> Iterator[Session]:
    """A session for tests of services: each such test runs on SQLite and on PostgreSQL."""
    with both_databases.session(writes=True) as session:
        yield session


@pytest.fixture
def database(sqlite_database: Database) -> Iterator[Database]:
    """The database of tests of views: SQLite, undone afterwards."""
    yield from _undone(sqlite_database)


@pytest.fixture
def rows(database: Database) -> Iterator[Session]:
    """A session on the app's database, for a view's test to make rows with and look at them. Commit before
    the request, expire after.
    """
    with database.session(writes=True) as session:
        yield session


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The settings of an app under test."""
    return Config(
        env="test",
        port=80,
        data_dir=tmp_path,
        database_url="sqlite:////nowhere",
        secret_key="test-" * 10,
        base_url=BASE_URL,
        now=NOW.isoformat(),
    )


@pytest.fixture
def app(config: Config, database: Database) -> App:
    """The web application on the test's database. Its CSRF check is off; `tests/web` has it on."""
    app = create_app(config, database)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    ring_with(None)
    return app


@pytest.fixture
def client(app: App) -> FlaskClient:
    """A browser that nobody has signed in, speaking Japanese."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "ja"
    return client


@pytest.fixture
def sign_in(client: FlaskClient, rows: Session) -> Callable[[Person], FlaskClient]:
    """Signs a person in: `sign_in(person)` gives the client."""

    def _sign_in(person: Person) -> FlaskClient:
        _, reference = sessions.start(rows, person, "link", "", NOW)
        rows.commit()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = reference
            cookie["_fresh"] = True
        return client

    return _sign_in


@pytest.fixture(autouse=True)
def stand_still() -> Iterator[Callable[[datetime], None]]:
    """The clock stands at `factories.NOW`; `stand_still(moment)` moves it."""

    def move(moment: datetime) -> None:
        clock.source = lambda: moment

    move(NOW)
    yield move
    follow(None)


SLOW_FIRST = (
    "tests/races/",
    "tests/e2e/",
    "tests/torture/",
    "tests/sprays/",
    "tests/running/",
    "tests/test_wheel.py",
)


class ByModule(LoadScopeScheduling):
    """A module runs in one worker, which makes its world once; all sprays share one world. Races take turns on each
    database anyway, so all on one database are one worker's.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith("tests/races/"):
            return f"tests/races {'postgresql' in nodeid}"
        return "tests/sprays" if nodeid.startswith("tests/sprays/") else nodeid.split("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByModule:
    """Used with `-n`."""
    return ByModule(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that no worker is left with it at the end."""
    places = {place: number for number, place in enumerate(SLOW_FIRST)}
    items.sort(
        key=lambda item: next(
            (places[place] for place in places if item.nodeid.startswith(place)), len(places)
        )
    )
