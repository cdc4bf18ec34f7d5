"""Whether the sign-in page's time tells who has an account: known and unknown addresses asked for in mixed order."""

import math
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from organizer import create_app
from organizer.clock import follow
from organizer.config import Config
from organizer.db import Database
from organizer.jobs.knock import ring_with
from organizer.migrations import upgrade
from organizer.people.service import create_person
from tests.factories import NOW

ADDRESSES, WARM_UP = 500, 40
GOAL = 0.05


@dataclass
class Asked:
    """Seconds of each answer, by whether the address was known; what else could tell the two apart."""

    known: list[float]
    unknown: list[float]
    answers: set[tuple[int, int]]

    @property
    def chance(self) -> float:
        """How likely two samples at least this different are when nothing tells them apart (Kolmogorov, Smirnov)."""
        apart = _distance(self.known, self.unknown)
        size = math.sqrt(len(self.known) * len(self.unknown) / (len(self.known) + len(self.unknown)))
        x = (size + 0.12 + 0.11 / size) * apart
        return min(
            1.0, max(0.0, 2 * sum((-1) ** (k - 1) * math.exp(-2 * (k * x) ** 2) for k in range(1, 100)))
        )


def measure(folder: Path) -> Asked:
    """Ask for a sign-in mail to addresses of both kinds, each from a place of its own."""
    url = f"sqlite:///{folder / 'enishi.db'}"
    config = Config("test", 80, folder, url, "bench-" * 8, "http://localhost", now=NOW.isoformat())
    database = Database(url)
    upgrade(database)
    with database.transaction() as session:
        for number in range(ADDRESSES + WARM_UP):
            create_person(session, f"known-{number:04}@example.jp", now=NOW, confirmed=True)
    app = create_app(config, database)
    app.config.update(WTF_CSRF_ENABLED=False)
    ring_with(None)
    asked = Asked([], [], set())
    order = [(kind, number) for number in range(ADDRESSES + WARM_UP) for kind in ("known", "other")]
    random.Random(7).shuffle(order)
    for place, (kind, number) in enumerate(order):
        client = app.test_client()
        began = time.perf_counter()
        answer = client.post(
            "/sign-in",
            data={"email": f"{kind}-{number:04}@example.jp"},
            environ_overrides={"REMOTE_ADDR": f"10.0.{place // 250}.{place % 250}"},
        )
        took = time.perf_counter() - began
        asked.answers.add((answer.status_code, len(answer.data)))
        if place >= 2 * WARM_UP:
            (asked.known if kind == "known" else asked.unknown).append(took)
    database.dispose()
    follow(None)
    return asked


def show(asked: Asked) -> bool:
    """Print; whether nothing tells the two kinds apart."""
    known, unknown = (statistics.median(times) * 1000 for times in (asked.known, asked.unknown))
    print(
        f"\nAsking to sign in, {ADDRESSES} addresses of each kind, median: "
        f"known {known:.2f} ms, unknown {unknown:.2f} ms"
    )
    print(f"  different answers by status and length: {len(asked.answers)} (goal 1)")
    print(f"  chance of such times if nothing tells them apart: {asked.chance:.2f} (goal > {GOAL})")
    return asked.chance > GOAL and len(asked.answers) == 1


def _distance(one: Sequence[float], other: Sequence[float]) -> float:
    """The greatest distance of two samples' distributions."""
    ones, others = sorted(one), sorted(other)
    farthest, i, j = 0.0, 0, 0
    while i < len(ones) and j < len(others):
        here = min(ones[i], others[j])
        while i < len(ones) and ones[i] <= here:
            i += 1
        while j < len(others) and others[j] <= here:
            j += 1
        farthest = max(farthest, abs(i / len(ones) - j / len(others)))
    return farthest
