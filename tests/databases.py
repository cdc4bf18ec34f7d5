"""Migrated databases for tests: migrated once by each test process, copied for everybody who needs one of their own."""

import atexit
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

from organizer.db import Database
from organizer.migrations import upgrade
from tests import services


def sqlite(path: Path) -> str:
    """The URL of a migrated SQLite database that is written to `path`."""
    path.write_bytes(_sqlite_original())
    return f"sqlite:///{path}"


@contextmanager
def postgres(worker: str) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database, dropped at the end; `worker` makes its name readable."""
    with services.postgres(worker, template=_postgres_original()) as url:
        yield url


@contextmanager
def either(kind: str, folder: Path, worker: str) -> Iterator[str]:
    """The URL of a migrated database: "sqlite", which is a file in that folder, or "postgresql"."""
    if kind == "sqlite":
        yield sqlite(folder / "enishi.db")
        return
    with postgres(worker) as url:
        yield url


@cache
def _sqlite_original() -> bytes:
    with tempfile.TemporaryDirectory(prefix="enishi-original-") as folder:
        path = Path(folder) / "original.db"
        _migrate(f"sqlite:///{path}")
        return path.read_bytes()


@cache
def _postgres_original() -> str:
    """The name of a migrated database that nobody is connected to; it goes with the process."""
    stack = ExitStack()
    url = stack.enter_context(services.postgres("original"))
    atexit.register(stack.close)
    _migrate(url)
    return services.name_of(url)


def _migrate(url: str) -> None:
    database = Database(url)
    upgrade(database)
    database.dispose()
