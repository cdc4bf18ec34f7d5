"""Lanes of the worker: work that cannot wait behind a sweep goes on beside it, and past what fails."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from organizer import worker
from organizer.db import Database
from organizer.domain.delivery import SuppressionReason
from organizer.jobs import tasks
from organizer.jobs.sweep import Sweeper
from tests.factories import NOW

PATIENCE = 30.0


@pytest.fixture
def lanes() -> Iterator[list[tasks.Lane]]:
    """The register of lanes, put back afterwards."""
    before = list(tasks.LANES)
    yield tasks.LANES
    tasks.LANES[:] = before


def test_a_lane_is_registered(lanes: list[tasks.Lane]) -> None:
    def nothing(_database: Database, _now: Callable[[], datetime], _name: str) -> bool:
        return False

    assert tasks.lane(nothing) in lanes


def test_it_is_driven_until_the_end_and_past_what_fails(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LANE_PAUSE", 0.01)
    monkeypatch.setattr(worker, "LANE_REST", 0.01)
    stop, names = threading.Event(), list[str]()

    def step(_database: Database, now: Callable[[], datetime], name: str) -> bool:
        assert now() == NOW
        names.append(name)
        if len(names) == 2:
            raise RuntimeError("not foreseen")
        if len(names) == 4:
            stop.set()
        return len(names) == 1

    work = Sweeper(sqlite_database, lambda: NOW, lambda *_: SuppressionReason.NO_ADDRESS)
    thread = threading.Thread(target=worker._drive, args=(step, work, "one", stop))
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert names == ["one"] * 4
