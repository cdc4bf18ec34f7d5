"""What races share: real databases that really commit, and many threads that start at the same instant."""

import fcntl
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from organizer.db import Database
from tests import databases

THREADS = 32
# Of 504 races with a guard taken away 503 were noticed in one round, on a machine with a load of ten; `make torture`
# asks for many more.
ROUNDS = int(os.environ.get("RACE_ROUNDS", "2"))
TWIN_ROUNDS = 200
PATIENCE_SECONDS = 60.0
T = TypeVar("T")


@contextmanager
def _database(kind: str, folder: Path, worker_id: str) -> Iterator[Database]:
    with databases.either(kind, folder, worker_id) as url:
        database = Database(url, pool_size=THREADS)
        yield database
        database.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def arena(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Database]:
    """A database of this module's races, each kind in turn; what they write stays until the module ends."""
    with _database(request.param, tmp_path_factory.mktemp("races"), worker_id) as database:
        yield database


@pytest.fixture(params=["sqlite", "postgresql"])
def broken_arena(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[Database]:
    """A database of one test alone, that may take a guard away."""
    with _database(request.param, tmp_path, worker_id) as database:
        yield database


def at_once(act: Callable[[int], T], threads: int = THREADS) -> list[T]:
    """What `act` gives in each of so many threads, all let go at the same instant."""
    barrier = threading.Barrier(threads)

    def run(number: int) -> T:
        barrier.wait(PATIENCE_SECONDS)
        return act(number)

    with ThreadPoolExecutor(threads) as pool:
        return [
            running.result(PATIENCE_SECONDS)
            for running in [pool.submit(run, number) for number in range(threads)]
        ]


def assert_noticed(race: Callable[[int], object], *also_by: type[Exception]) -> None:
    """A race without its guard fails in one of many rounds: most do in their first, but chance has its say in each.

    `also_by`: what else than an AssertionError may show it, such as a key of the database that stands behind the guard.
    """
    for number in range(TWIN_ROUNDS):
        try:
            race(number)
        except (AssertionError, *also_by):
            return
    raise AssertionError(f"not noticed in {TWIN_ROUNDS} rounds")


@pytest.fixture(autouse=True)
def one_at_a_time(request: pytest.FixtureRequest) -> Iterator[None]:
    """Two races with their 32 threads each would be more guests than a PostgreSQL takes by default; on SQLite one more
    may run beside it.
    """
    kind = "postgresql" if "postgresql" in request.node.name else "sqlite"
    with (Path(tempfile.gettempdir()) / f"enishi-races-{kind}-{os.geteuid()}").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
