"""The start, the memory of a web process, the worker's, and the drawing of ticket codes."""

import http.client
import os
import secrets
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import qrcode
from qrcode.constants import ERROR_CORRECT_M

from organizer.domain.ticketing import new_code
from organizer.registrations.tickets import qr_png
from organizer.running.children import Child
from tests.bench.pages import FloorOfPages
from tests.e2e.live import Live

STARTS = 5
CODES, CODES_BY_ALL_MASKS = 1_000, 50
START_GOAL, MEMORY_GOAL, CODES_GOAL = 2.5, 110.0, 5.0
MIB = 1024 * 1024
POSTS = ("/", "/events", "/sign-in", "/readyz", "/q/x")


@dataclass
class Memory:
    """MiB of one process: resident, its fair share of what is shared, its own alone."""

    rss: float
    pss: float
    uss: float


def measure_start(folder: Path) -> dict[str, list[float]]:
    """Seconds from the start of the program to its first good answer, ours and the floor's in turn."""
    found: dict[str, list[float]] = {"ours": [], "floor": []}
    for turn in range(STARTS):
        for name in ("ours", "floor"):
            place = folder / f"{name}{turn}"
            place.mkdir()
            house = (
                Live(place, None, 2, 8, still=True)
                if name == "ours"
                else FloorOfPages(place, f"sqlite:///{place / 'enishi.db'}")
            )
            began = time.perf_counter()
            with house:
                found[name].append(time.perf_counter() - began)
    return found


def measure_memory(folder: Path) -> tuple[list[Memory], Memory]:
    """Each web process after some pages; and the worker."""
    (folder / "memory").mkdir()
    with Live(folder / "memory", None, 2, 8) as house:
        for _ in range(40):
            for path in POSTS:
                line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=30)
                line.request("GET", path, headers={"Host": f"localhost:{house.port}"})
                line.getresponse().read()
                line.close()
        assert house.web.pid is not None
        webs = [_memory(child) for child in psutil.Process(house.web.pid).children()]
        worker = Child(
            "worker", [sys.executable, "-m", "organizer.cli", "worker"], {**os.environ, **house.environ}
        )
        worker.start()
        time.sleep(6)
        assert worker.pid is not None
        worked = _memory(psutil.Process(worker.pid))
        worker.kill()
    return webs, worked


def _memory(process: psutil.Process) -> Memory:
    found = process.memory_full_info()
    return Memory(found.rss / MIB, found.pss / MIB, found.uss / MIB)


def measure_codes() -> tuple[float, float]:
    """CPU seconds of 1,000 tickets' pictures; and of as many with the best of all masks, by the rule of three."""
    urls = [f"https://enishi.example/q/{new_code(secrets.token_bytes(16))}" for _ in range(CODES)]
    began = time.process_time()
    for url in urls:
        qr_png(url)
    ours = time.process_time() - began
    began = time.process_time()
    for url in urls[:CODES_BY_ALL_MASKS]:
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_M)
        code.add_data(url)
        code.make_image().get_image().tobytes()
    return ours, (time.process_time() - began) * CODES / CODES_BY_ALL_MASKS


def show_start(found: dict[str, list[float]]) -> bool:
    """Print; whether the goal was reached."""
    ours, floor = statistics.median(found["ours"]), statistics.median(found["floor"])
    print(
        f"\nStart to first good answer, 2 processes, median of {STARTS} turns: {ours:.2f} s (goal ≤ {START_GOAL} s)"
    )
    print(f"  floor in the same turns: {floor:.2f} s; ours is {ours / floor:.2f} times the floor")
    return ours <= START_GOAL


def show_memory(webs: list[Memory], worker: Memory) -> bool:
    """Print; whether the goal was reached."""
    print(f"\nMemory in MiB (goal ≤ {MEMORY_GOAL:.0f} each)   RSS    PSS   own")
    for name, one in [*((f"web process {n + 1}", web) for n, web in enumerate(webs)), ("worker", worker)]:
        print(f"  {name:<26} {one.rss:9.1f} {one.pss:6.1f} {one.uss:5.1f}")
    return max(one.pss for one in (*webs, worker)) <= MEMORY_GOAL


def show_codes(ours: float, all_masks: float) -> bool:
    """Print; whether the goal was reached."""
    print(
        f"\n{CODES:,} ticket codes: {ours:.2f} s CPU (goal ≤ {CODES_GOAL:.0f} s); with all masks {all_masks:.1f} s"
    )
    return ours <= CODES_GOAL
