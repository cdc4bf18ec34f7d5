"""A short version of the long runs: a few kills with -9, and nothing acknowledged or owed is lost or doubled."""

from pathlib import Path

import pytest

from tests import services
from tests.torture.door import kill_the_door
from tests.torture.letters import kill_the_workers

KILLS = 3


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_who_was_told_to_come_in_is_in(tmp_path: Path, worker_id: str, kind: str) -> None:
    if kind == "sqlite":
        figures = kill_the_door(tmp_path, KILLS)
    else:
        with services.postgres(worker_id) as url:
            figures = kill_the_door(tmp_path, KILLS - 1, url)
    assert figures.sound, figures
    assert figures.acknowledged > figures.kills
    assert figures.unanswered > 0


def test_a_letter_leaves_once_whatever_dies(tmp_path: Path) -> None:
    figures = kill_the_workers(tmp_path, KILLS)
    assert figures.sound, figures
    assert figures.kills > 1
    assert figures.sent > figures.letters // 2
    assert figures.sent + figures.unknown + figures.failed == figures.letters
