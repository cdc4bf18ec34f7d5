"""A house that really runs: gunicorn on a free port, a database, a worker on demand, a clock that can be moved."""

import http.client
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import Flask
from playwright.sync_api import BrowserContext
from sqlalchemy.orm import Session

from organizer.config import Config
from organizer.db import Database
from organizer.migrations import upgrade
from organizer.people import sessions
from organizer.people.models import Person
from organizer.running.children import Child
from organizer.running.sockets import listen
from organizer.running.web import WebServer
from tests import cookies, databases
from tests.factories import NOW

PATIENCE_SECONDS = 30.0
FIRST_PORT = 20_000


class Live:
    """A running house in a folder of its own. `url` is its address, `database` the same database its processes use.

    Its clock stands at NOW and can be moved; with `still` it cannot, and costs nothing to look at.
    """

    def __init__(
        self,
        folder: Path,
        database_url: str | None = None,
        workers: int = 1,
        threads: int = 8,
        *,
        still: bool = False,
    ) -> None:
        self.folder = folder
        self.clock = folder / "clock"
        self.move_clock(NOW)
        self._listener = listen("127.0.0.1", FIRST_PORT + os.getpid() % 20_000, may_move=True)
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://localhost:{self.port}"
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ORGANIZER_")},
            "ORGANIZER_ENV": "test",
            "ORGANIZER_DATA_DIR": str(folder),
            "ORGANIZER_DATABASE_URL": database_url or databases.sqlite(folder / "enishi.db"),
            "ORGANIZER_SECRET_KEY": "live-test-" * 5,
            "ORGANIZER_BASE_URL": self.url,
            "ORGANIZER_NOW": NOW.isoformat() if still else f"file:{self.clock}",
            "PORT": str(self.port),
        }
        self.config = Config.from_environ(self.environ)
        self.database = Database(self.config.database_url)
        if database_url is not None:
            upgrade(self.database)
        server = WebServer(f"fd://{self._listener.fileno()}", workers, threads)
        self.web = Child("web", server.command(), self.environ, keep=[self._listener.fileno()])

    def __enter__(self) -> "Live":
        self.revive()
        return self

    def __exit__(self, *_: object) -> None:
        self.web.kill()
        self.database.dispose()
        self._listener.close()

    def revive(self) -> None:
        """Start the web process where it does not run, and wait until it answers."""
        if not self.web.running:
            self.web.start()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)

    def move_clock(self, moment: datetime) -> None:
        """Let all processes of the house believe that it is `moment`."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(moment.isoformat(), encoding="ascii")
        fresh.replace(self.clock)

    @contextmanager
    def rows(self) -> Iterator[Session]:
        """A session on the house's database, committed at the end."""
        with self.database.transaction() as session:
            yield session

    @contextmanager
    def worker(self) -> Iterator[None]:
        """A worker runs within this block."""
        child = Child("worker", [sys.executable, "-m", "organizer.cli", "worker"], self.environ)
        child.start()
        try:
            yield
        finally:
            child.kill()

    def cookie(self, person: Person, locale: str | None = None) -> dict[str, str]:
        """Name and value of the cookie of a browser in which the person is signed in from now on."""
        with self.rows() as session:
            _, reference = sessions.start(session, person, "link", "", NOW)
        signer = Flask(__name__)
        signer.secret_key = self.config.secret_key
        return {"name": cookies.SESSION, "value": cookies.signed_in(signer, reference, locale)}

    def sign_in(self, context: BrowserContext, person: Person, locale: str | None = None) -> None:
        """Sign the person in, in this browser."""
        cookie = self.cookie(person, locale)
        context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": self.url}])

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()
