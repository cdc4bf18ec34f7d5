"""Seating in the app: how soon a plan is on the host's page, what the solver holds, that scans do not wait for it."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import psutil

from tests.bench.crowd import Load, make_hall, scan_all
from tests.bench.scans import headers_of
from tests.e2e.live import Live
from tests.rounds.rows import Meetup, make_meetup

PEOPLE: Final = 60
SCANS: Final = 60
"""At one a second, with and without somebody seating an evening all the time."""
TURNS: Final = 5
ANEW_GOAL, MEMORY_GOAL, SLOWER_GOAL = 1.5, 130.0, 1.10
MIB: Final = 1024 * 1024


class Host:
    """The host's browser: it asks, and looks at what has come of it ten times a second."""

    def __init__(self, house: Live, meetup: Meetup) -> None:
        self.house = house
        self.base = f"/events/{meetup.event.public_id}/rounds"
        self.headers = headers_of(house, meetup.host) | {"Content-Type": "application/x-www-form-urlencoded"}
        self.people = [person.public_id for person in meetup.people]

    def state(self) -> dict[str, Any]:
        """What the page polls."""
        said: dict[str, Any] = json.loads(self._ask("GET", "/state", ""))
        return said

    def post(self, path: str, **fields: object) -> None:
        """Send a form. Fails unless it was taken."""
        self._ask("POST", path, urlencode(fields))

    def draft(self, patience: float = 60.0) -> dict[str, Any]:
        """The draft that is on the page at last."""
        until = time.perf_counter() + patience
        while time.perf_counter() < until:
            plan = self.state()["plan"]
            if plan and plan["state"] == "draft":
                return dict(plan)
            time.sleep(0.1)
        raise TimeoutError("no draft")

    def make(self) -> float:
        """Seconds from the press of the button to the plan on the page."""
        newest = (self.state()["plan"] or {}).get("generation", self.state()["published"] or 0)
        began = time.perf_counter()
        self.post("/make", after=newest, rounds=4, table_size=4)
        self.draft()
        return time.perf_counter() - began

    def publish(self) -> None:
        """Publish the draft."""
        plan = self.draft()
        self.post("/publish", generation=plan["generation"], revision=plan["revision"])

    def lose(self, number: int) -> float:
        """Seconds from "has left" to the new plan on the page."""
        began = time.perf_counter()
        self.post(f"/people/{self.people[number]}/leaves")
        self.draft()
        return time.perf_counter() - began

    def _ask(self, method: str, path: str, body: str) -> bytes:
        line = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=30)
        line.request(method, self.base + path, body, self.headers)
        answer = line.getresponse()
        said = answer.read()
        line.close()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status}")
        return said


@contextmanager
def watching_solvers() -> Iterator[list[float]]:
    """The MiB of every look at a solver's process within this block."""
    seen: list[float] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.02):
            for process in psutil.process_iter(["cmdline", "memory_info"]):
                if "organizer.running.solve" in (process.info["cmdline"] or ()):
                    seen.append(process.info["memory_info"].rss / MIB)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    yield seen
    done.set()
    thread.join()


def slow_scans(house: Live, codes: list[str], event: str, headers: dict[str, str]) -> Load:
    """One scan a second, one after the other."""
    load = Load()
    for code in codes:
        began = time.perf_counter()
        load.add(scan_all(house.port, event, [code], headers, 1))
        time.sleep(max(0.0, 1 - (time.perf_counter() - began)))
    return load


def measure(folder: Path) -> dict[str, Any]:
    """Seconds and MiB of everything."""
    (folder / "house").mkdir()
    with Live(folder / "house", None, 2, 8, still=True) as house, house.worker():
        with house.rows() as session:
            meetup = make_meetup(session, PEOPLE, rounds=4)
            hall = make_hall(session, 2 * SCANS)
            session.expunge_all()
        host, staff = Host(house, meetup), headers_of(house, hall.staff)
        with watching_solvers() as memory:
            made = [host.make() for _ in range(TURNS)]
        host.publish()
        anew = []
        for number in range(TURNS):
            anew.append(host.lose(number))
            host.publish()
        alone = slow_scans(house, hall.codes[:SCANS], hall.event, staff)
        stop = threading.Event()
        seating = threading.Thread(target=_seat_until, args=(host, stop), daemon=True)
        seating.start()
        beside = slow_scans(house, hall.codes[SCANS:], hall.event, staff)
        stop.set()
        seating.join()
    return {"made": made, "anew": anew, "memory": max(memory), "alone": alone, "beside": beside}


def _seat_until(host: Host, stop: threading.Event) -> None:
    while not stop.is_set():
        host.make()


def show(found: dict[str, Any]) -> bool:
    """Print; whether the goals were reached."""
    made, anew = sorted(found["made"]), sorted(found["anew"])
    print(
        f"\nSeating in the app, {PEOPLE} people, four rounds (seconds to the host's page, median and worst of {TURNS})"
    )
    print(f"  a new plan: {made[TURNS // 2]:.2f}, {made[-1]:.2f}")
    print(f"  she is not coming: {anew[TURNS // 2]:.2f}, {anew[-1]:.2f} (goal ≤ {ANEW_GOAL})")
    print(f"  the solver's process: {found['memory']:.0f} MiB (goal ≤ {MEMORY_GOAL:.0f})")
    slower = []
    for share in (0.5, 0.95):
        alone, beside = (found[side].percentile(share) for side in ("alone", "beside"))
        slower.append(beside / alone)
        print(
            f"  a scan a second, p{100 * share:.0f}: {alone:.1f} ms alone, {beside:.1f} ms while seating runs"
        )
    print(f"  p95 × {slower[1]:.2f} (goal ≤ {SLOWER_GOAL})")
    return anew[TURNS // 2] <= ANEW_GOAL and found["memory"] <= MEMORY_GOAL and slower[1] <= SLOWER_GOAL
