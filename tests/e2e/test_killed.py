"""A short version of the long runs: a few kills with -9, and nothing acknowledged or owed is lost or doubled."""

from pathlib import Path

import pytest

from tests import databases
from tests.torture.door import kill_the_door
from tests.torture.letters import kill_the_workers
from tests.torture.wire import scan_on_a_bad_line

KILLS = 2
SCANS = 60


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_who_was_told_to_come_in_is_in(tmp_path: Path, worker_id: str, kind: str) -> None:
    with databases.either(kind, tmp_path, worker_id) as url:
        figures = kill_the_door(tmp_path, KILLS, url)
    assert figures.sound, figures
    assert figures.acknowledged > figures.kills
    assert figures.unanswered > 0


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_line_that_breaks_lets_everybody_in_once_and_says_so(
    tmp_path: Path, worker_id: str, kind: str
) -> None:
    with databases.either(kind, tmp_path, worker_id) as url:
        figures = scan_on_a_bad_line(tmp_path, SCANS, url)
    assert figures.sound, figures
    assert figures.scans == SCANS
    assert figures.cut > SCANS // 10


def test_a_letter_leaves_once_whatever_dies(tmp_path: Path) -> None:
    figures = kill_the_workers(tmp_path, KILLS + 1)
    assert figures.sound, figures
    assert figures.kills > 1
    assert figures.sent > figures.letters // 2
    assert figures.sent + figures.unknown + figures.failed == figures.letters
