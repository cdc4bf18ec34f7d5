"""`organizer run` as a person meets it: real processes, from the first start to Ctrl-C."""

import os
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from organizer.running.certificate import certificate

PATIENCE_SECONDS = 60.0
ADDRESS = re.compile(r"Enishi is running at (\S+)")


def ignore_interrupts() -> None:
    """What a shell does for a command started with `&`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class House:
    """A running `organizer run` and what it says."""

    def __init__(self, data: Path, *words: str, background: bool = False, **environ: str) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ORGANIZER_")}
        settings = {"ORGANIZER_ENV": "development", "ORGANIZER_DATA_DIR": str(data), "PORT": str(free_port())}
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "organizer.cli", "run", *words],
            env={**inherited, **settings, **environ, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=ignore_interrupts if background else None,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.lines.extend(lines)

    @property
    def said(self) -> str:
        """All its words so far."""
        return "".join(self.lines)

    def address(self) -> str:
        """Where it runs, as soon as it says so."""
        wait_until(lambda: ADDRESS.search(self.said) is not None or self.process.poll() is not None, self)
        found = ADDRESS.search(self.said)
        assert found, self.said
        return found[1]

    def child(self, words: str) -> int | None:
        """The process it started whose command holds `words`, None when there is none at the moment."""
        listed = subprocess.run(
            ["ps", "-axo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        )
        rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
        mine = (int(pid) for pid, above, args in rows if int(above) == self.process.pid and words in args)
        return next(mine, None)

    def kill_child(self, words: str) -> int:
        """End one of its processes outright; which it was."""
        pid = self.child(words)
        assert pid is not None, self.said
        os.kill(pid, signal.SIGKILL)
        return pid

    def end(self, number: signal.Signals) -> int:
        """Send a signal; its exit code, which must come within the ten seconds it promises."""
        self.process.send_signal(number)
        code = self.process.wait(10)
        self.reader.join(5)
        return code


@contextmanager
def house(data: Path, *words: str, background: bool = False, **environ: str) -> Iterator[House]:
    """A house that is not left behind when a test fails."""
    started = House(data, *words, background=background, **environ)
    try:
        yield started
    finally:
        if started.process.poll() is None:
            started.process.terminate()
            started.process.wait(15)


def wait_until(holds: Callable[[], bool], running: House) -> None:
    """Look again until it holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, running.said
        time.sleep(0.05)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(url: str, trusted: Path | None = None) -> int:
    """The status of a page; over https its certificate must be `trusted` and fit the address."""
    context = ssl.create_default_context(cafile=trusted)
    try:
        with urllib.request.urlopen(url, timeout=30, context=context) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def people(data: Path) -> list[tuple[int, str]]:
    """Who stands in the database."""
    with closing(sqlite3.connect(data / "enishi.db")) as connection:
        return connection.execute("SELECT id, name FROM person ORDER BY id").fetchall()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder: the starts of this module follow one another on it."""
    return tmp_path_factory.mktemp("house") / "var"


def test_first_start_in_the_background_survives_a_dead_server_and_ends_on_sigint(data: Path) -> None:
    with house(data, background=True) as first:
        address = first.address()
        assert get(f"{address}/healthz") == get(f"{address}/readyz") == get(f"{address}/") == 200
        assert re.search(r"Sign in as one of the demo circle:\n  \S+.*@", first.said)
        server = first.kill_child("gunicorn")
        wait_until(lambda: first.child("gunicorn") not in {None, server}, first)
        assert "web ended (SIGKILL); starting it again" in first.said
        assert get(f"{address}/readyz") == 200, "a connection waits for the server to be back"
        assert first.end(signal.SIGINT) == 0
    assert "Stopped." in first.said
    assert "Traceback" not in first.said
    port = int(address.rsplit(":", 1)[1])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "somebody was left behind"
    assert (data / "secret").stat().st_mode & 0o777 == 0o600
    assert data.stat().st_mode & 0o077 == 0


def test_second_start_keeps_what_it_has_moves_from_a_taken_port_and_ends_on_sigterm(data: Path) -> None:
    secret = (data / "secret").read_text()
    before = people(data)
    assert before
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with house(data, PORT=str(port)) as second:
            address = second.address()
            assert f"Port {port} is taken; using" in second.said
            assert not address.endswith(f":{port}")
            assert get(f"{address}/readyz") == 200
            worker = second.kill_child("worker")
            wait_until(lambda: second.child("worker") not in {None, worker}, second)
            assert "worker ended (SIGKILL); starting it again" in second.said
            assert second.end(signal.SIGTERM) == 0
    assert (data / "secret").read_text() == secret
    assert people(data) == before


def test_tls_serves_https_with_a_certificate_that_lasts(data: Path) -> None:
    with house(data, "--tls") as safe:
        address = safe.address()
        assert address.startswith("https://")
        port = int(address.rsplit(":", 1)[1])
        made = data / "tls-certificate.pem"
        kept = made.read_bytes()
        assert get(f"{address}/readyz", trusted=made) == 200
        assert get(f"https://localhost:{port}/readyz", trusted=made) == 200
        assert safe.end(signal.SIGTERM) == 0
    certificate(data, [urlsplit(address).hostname or ""])
    assert made.read_bytes() == kept, "the next start uses it again, so a phone need not trust another one"
    assert (data / "tls-key.pem").stat().st_mode & 0o777 == 0o600


def test_production_refuses_to_guess(tmp_path: Path) -> None:
    with house(tmp_path / "var", ORGANIZER_ENV="production") as refused:
        assert refused.process.wait(PATIENCE_SECONDS) == 2
        refused.reader.join(5)
    assert "ORGANIZER_SECRET_KEY: " in refused.said
    assert "ORGANIZER_BASE_URL: " in refused.said
    assert "Traceback" not in refused.said
    assert not (tmp_path / "var").exists()
