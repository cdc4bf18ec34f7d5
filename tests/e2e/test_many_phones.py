"""Many phones at one instant, over HTTP and through two processes; the long version is `make torture`.

A door without its guards runs the same races, and they notice.
"""

import http.client
from pathlib import Path

import pytest

from organizer.running.children import Child
from tests import databases
from tests.e2e.live import Live
from tests.torture import board, broken, phones

ROUNDS = 3
TWIN_ROUNDS = 50
"""In one of these a missing guard shows: nearly always in the first."""
SCANS = 60


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_one_comes_in_one_key_is_one_scan_and_boards_show_the_truth(
    tmp_path: Path, worker_id: str, kind: str
) -> None:
    with databases.either(kind, tmp_path, worker_id) as url:
        race(Live(tmp_path, url, phones.WORKERS, phones.THREADS, still=True))


def race(door: Live) -> None:
    """Raises AssertionError unless each ticket lets one in, each key is answered as it was at first, and boards that
    look on show what has come.
    """
    with door as house:
        for one_key in (False, True):
            figures = phones.race(house, ROUNDS, one_key=one_key)
            assert figures.sound, figures
            assert figures.scans == ROUNDS * phones.PHONES
            assert figures.admitted == ROUNDS
        turned_away(house)
        seen = board.BoardFigures()
        board.watch(house, SCANS, seen)
        assert seen.sound, seen
        assert seen.scans == SCANS
        assert seen.looks > seen.unchanged > 0


def turned_away(house: Live) -> None:
    """Raises AssertionError unless whoever sends ten megabytes gets to read the answer to them."""
    line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=30)
    headers = {"Content-Type": "application/json", "Authorization": "Bearer eni_door_none"}
    line.request("POST", f"/api/v1/events/{'e' * 22}/scans", b"x" * 10_000_000, headers)
    answer = line.getresponse()
    assert answer.status == 413
    assert b"too_large" in answer.read()
    line.close()


def test_a_door_without_its_guards_is_noticed(tmp_path: Path) -> None:
    door = Live(tmp_path, None, phones.WORKERS, phones.THREADS, still=True)
    careless = [word.replace("organizer:create_app()", broken.COMMAND) for word in door.web.command]
    door.web = Child("web", careless, door.environ, keep=door.web.keep)
    with door as house:
        assert any(phones.race(house, 1, one_key=False).twice for _ in range(TWIN_ROUNDS))
        keys = (phones.race(house, 1, one_key=True) for _ in range(TWIN_ROUNDS))
        assert any(figures.unlike and figures.rows for figures in keys)
