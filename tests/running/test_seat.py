"""`organizer seat`: a file's tables as JSON, its errors in one line, and nothing of the web or the database loaded."""

import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from organizer import cli
from organizer.domain.seating import judge
from organizer.domain.seating.room import Room, as_plan
from tests.domain.seating.rooms import random_room


@pytest.fixture
def evening(tmp_path: Path) -> Path:
    """A room of sixteen in a file."""
    return write(tmp_path, random_room(Random(4), 16).to_data())


def write(folder: Path, data: dict[str, Any]) -> Path:
    """A file with an evening."""
    path = folder / "evening.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def seat(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    """What the command answers: exit code, output, errors."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["seat", *map(str, words)])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


def test_prints_a_lawful_plan_with_its_account(evening: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = seat(capsys, evening, "--work", "20000")
    assert (code, err) == (0, "")
    said = json.loads(out)
    verdict = judge(Room.from_data(json.loads(evening.read_text())), as_plan(said["rounds"]))
    assert verdict.lawful
    assert said["score"] == verdict.score <= said["bound"]
    assert said["proved"] == (said["score"] == said["bound"])
    assert 0 < said["work"] <= 21_000
    assert said["worst_person"] == verdict.worst_person


def test_the_same_work_gives_the_same_plan(evening: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [evening, "--work", "5000", "--seed", "3"]
    first, second = (json.loads(seat(capsys, *words)[1])["rounds"] for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", "is not JSON"),
        ("[]", "must be an object"),
        ('{"format": "other"}', 'format must be "meetup-bench/1"'),
        ('{"format": "meetup-bench/1", "n": 3}', "rounds is missing"),
    ],
)
def test_what_is_no_evening_gets_one_line(
    text: str, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text, encoding="utf-8")
    code, out, err = seat(capsys, path)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert line in err


def test_a_missing_file_gets_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = seat(capsys, tmp_path / "none.json")
    assert code == 2
    assert err.count("\n") == 1


def test_an_impossible_room_is_told_with_what_collides(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = random_room(Random(4), 16).to_data()
    for person in data["people"]:
        person["company"] = 1
    code, out, err = seat(capsys, write(tmp_path, data))
    assert (code, out) == (3, "")
    assert "no lawful plan exists" in err
    assert "one company" in err


LOADED = """
import sys
from organizer import cli
try:
    cli.main(sys.argv[1:])
finally:
    print(sorted({"flask", "sqlalchemy", "organizer.config"} & set(sys.modules)), file=sys.stderr)
"""


def test_needs_no_configuration_and_loads_neither_web_nor_database(evening: Path) -> None:
    words = [sys.executable, "-c", LOADED, "seat", str(evening), "--work", "100"]
    done = subprocess.run(
        words,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(Path(cli.__file__).parents[1])},
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr == "[]\n"
