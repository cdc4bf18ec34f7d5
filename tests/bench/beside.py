"""A door while others use the house: boards that look on, lines that say nothing, badges drawn again and again."""

import http.client
import json
import secrets
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from tests.bench.crowd import Hall, bearer_of, make_hall
from tests.bench.scans import headers_of
from tests.e2e.live import Live

TURNS, SCANS, EVERY = 4, 60, 0.05
"""In each turn so many people come to the one door, so many seconds apart."""
LOOKERS, LOOKS_EACH = 10, 8.0
"""Together the looks of two hundred boards, each every two and a half seconds."""
LINES = 100
BADGES = 300
GOAL = 2.0
"""Times the p95 of the same door with nobody else about."""

Beside = Callable[[Live, Hall], AbstractContextManager[None]]


def measure(folder: Path) -> dict[str, float]:
    """How many times as long the slowest twentieth of scans takes beside each of the others, in turns."""
    with Live(folder, None, 2, 8, still=True) as house:
        with house.rows() as session:
            other = make_hall(session, BADGES)
        return {name: _ratio(house, other, beside) for name, beside in OTHERS.items()}


def show(found: dict[str, float]) -> bool:
    """Print; whether every goal was reached."""
    print(f"\nOne door's p95 while others use the house (goal ≤ × {GOAL})")
    for name, ratio in found.items():
        print(f"  {name:<40} × {ratio:.2f}{'' if ratio <= GOAL else '   ← missed'}")
    return max(found.values()) <= GOAL


def _ratio(house: Live, other: Hall, beside: Beside) -> float:
    alone: list[float] = []
    among: list[float] = []
    for _ in range(TURNS):
        alone += _come(house)
        with beside(house, other):
            among += _come(house)
    return _late(among) / _late(alone)


def _late(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _come(house: Live) -> list[float]:
    with house.rows() as session:
        hall = make_hall(session, SCANS)
    line, headers, times = _line(house), bearer_of(house.port, hall), []
    for code in hall.codes:
        body = json.dumps({"code": code, "key": secrets.token_hex(16)})
        began = time.perf_counter()
        line.request("POST", f"/api/v1/events/{hall.event}/scans", body, headers)
        assert b'"admitted"' in line.getresponse().read()
        times.append(time.perf_counter() - began)
        time.sleep(EVERY)
    line.close()
    return times


@contextmanager
def _until_over(work: Sequence[Callable[[threading.Event], None]]) -> Iterator[None]:
    over = threading.Event()
    threads = [threading.Thread(target=one, args=(over,)) for one in work]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _boards(house: Live, other: Hall) -> AbstractContextManager[None]:
    def look(over: threading.Event) -> None:
        line, headers = _line(house), bearer_of(house.port, other)
        while not over.wait(1 / LOOKS_EACH):
            line.request("GET", f"/api/v1/events/{other.event}/counts", None, headers)
            answer = line.getresponse()
            answer.read()
            headers["If-None-Match"] = answer.headers["ETag"] or ""
        line.close()

    return _until_over([look] * LOOKERS)


@contextmanager
def _lines(house: Live, _other: Hall) -> Iterator[None]:
    with ExitStack() as lines:
        for said in (b"", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ") * (LINES // 2):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", house.port)))
            line.sendall(said)
        yield


@contextmanager
def _paper(house: Live, other: Hall) -> Iterator[None]:
    drawn: list[bool] = []

    def draw(over: threading.Event) -> None:
        headers = headers_of(house, other.staff)
        while not over.is_set():
            line = _line(house)
            line.request("GET", f"/events/{other.event}/badges.pdf", None, headers)
            drawn.append(line.getresponse().read().startswith(b"%PDF"))
            line.close()

    with _until_over([draw]):
        yield
    assert drawn
    assert all(drawn)


def _line(house: Live) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)


OTHERS: dict[str, Beside] = {
    "two hundred boards": _boards,
    "a hundred lines that say nothing": _lines,
    f"{BADGES} badges drawn again and again": _paper,
}
