"""`organizer pair`: a file's pairs as JSON, its errors in one line, and nothing of the web or the database loaded."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from organizer import cli
from tests.domain.seating.rooms import random_room


def evening(size: int = 16, least: int = 2, most: int = 4, seed: int = 4) -> dict[str, Any]:
    """A room with the scores of those who may meet again, in the form of a file."""
    chance = Random(seed)
    rows = [
        [-1 if chance.random() < 0.05 else chance.randint(0, 500) for _ in range(size - 1 - person)]
        for person in range(size - 1)
    ]
    return random_room(chance, size).to_data() | {
        "followup": {"k": 3, "min": least, "max": most, "score": rows}
    }


def write(folder: Path, data: dict[str, Any]) -> Path:
    """A file with an evening."""
    path = folder / "evening.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def pair(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    """What the command answers: exit code, output, errors."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["pair", *map(str, words)])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


def score(data: dict[str, Any], one: int, other: int) -> int:
    """What a file says of two people."""
    low, high = sorted((one, other))
    worth: int = data["followup"]["score"][low][high - low - 1]
    return worth


def sums(data: dict[str, Any], pairs: list[list[int]]) -> list[int]:
    """What each person of a file got."""
    got = Counter[int]()
    for one, other in pairs:
        got.update({one: score(data, one, other), other: score(data, one, other)})
    return [got[person] for person in range(data["n"])]


@pytest.mark.parametrize("most", [None, 3])
@pytest.mark.parametrize("fair", [False, True])
def test_prints_lawful_pairs_with_their_account(
    most: int | None, fair: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = evening()
    words = [*(["--max", str(most)] if most else []), *(["--fair"] if fair else [])]
    code, out, err = pair(capsys, write(tmp_path, data), *words)
    assert (code, err) == (0, "")
    said = json.loads(out)
    counts = Counter(person for both in said["pairs"] for person in both)
    assert len({tuple(sorted(both)) for both in said["pairs"]}) == len(said["pairs"])
    assert all(2 <= counts[person] <= (most or 4) for person in range(16))
    assert all(score(data, *both) >= 0 for both in said["pairs"])
    assert said["score"] == said["bound"] == sum(score(data, *both) for both in said["pairs"])
    assert said["proved"] is True
    assert said["worst"] == min(sums(data, said["pairs"]))
    assert said["work"] > 0
    if fair:
        assert said["worst"] == said["worst_bound"]
        assert 99 * said["largest_sum"] <= 100 * said["score"]


def test_fair_lifts_the_worst_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, evening(30, seed=8))
    best, fair = (json.loads(pair(capsys, path, "--max", "3", *more)[1]) for more in ([], ["--fair"]))
    assert fair["worst"] > best["worst"]
    assert fair["largest_sum"] == best["score"] > fair["score"]


def test_the_seed_changes_nothing_but_ties(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = evening()
    data["followup"]["score"] = [[7] * len(row) for row in data["followup"]["score"]]
    path = write(tmp_path, data)
    plain, again, other = (
        json.loads(pair(capsys, path, "--max", "3", "--seed", seed)[1]) for seed in ("0", "0", "5")
    )
    assert plain["pairs"] == again["pairs"]
    assert plain["pairs"] != other["pairs"]
    assert plain["score"] == other["score"] == 7 * 24


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (None, "evening.json: the file is not JSON"),
        (
            {"followup": None},
            "evening.json: followup is missing: the file says nothing of who may meet again",
        ),
        ({"followup": [3]}, "evening.json: followup must be an object"),
        (
            {"followup": {"k": 3, "min": 2, "max": "4", "score": []}},
            "evening.json: followup.max must hold whole numbers",
        ),
        (
            {"followup": {"k": 3, "min": 2, "max": 4, "score": [[1]]}},
            "followup.score has the wrong number of entries",
        ),
        ({"format": "another"}, 'evening.json: format must be "meetup-bench/1"'),
    ],
)
def test_a_malformed_file_is_one_line(
    change: dict[str, Any] | None, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, evening() | (change or {}))
    if change is None:
        path.write_text("{")
    code, out, err = pair(capsys, path)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert line in err


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = pair(capsys, tmp_path / "none.json")
    assert (code, out, len(err.splitlines())) == (2, "", 1)


def test_who_cannot_have_enough_partners_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = evening(8)
    data["followup"]["score"][0] = [-1, -1, 5, -1, -1, -1, -1]
    code, out, err = pair(capsys, write(tmp_path, data), "--fair")
    assert (code, out) == (3, "")
    assert "at least 2 partners for everybody: person 0 has only 1 lawful" in err
    assert len(err.splitlines()) == 1


def test_who_finds_nobody_left_within_the_caps_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three know two others alone, who may have two partners each: not enough for two partners for all."""
    data = evening(5, most=2)
    data["followup"]["score"] = [[1, 1, 1, 1], [1, 1, 1], [-1, -1], [-1]]
    code, _, err = pair(capsys, write(tmp_path, data))
    assert code == 3
    assert "not enough are left for" in err
    assert "nobody has more than 2" in err


def test_a_cap_below_the_least_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = pair(capsys, write(tmp_path, evening()), "--max", "1")
    assert code == 3
    assert "at least 2 partners and at most 1" in err


def test_an_evening_without_lawful_pairs_has_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = evening(4, least=0, most=1)
    data["followup"]["score"] = [[-1] * 3, [-1] * 2, [-1]]
    for words in ([], ["--fair"]):
        code, out, _ = pair(capsys, write(tmp_path, data), *words)
        said = json.loads(out)
        assert code == 0
        assert (said["pairs"], said["score"], said["bound"], said["worst"], said["proved"]) == (
            [],
            0,
            0,
            0,
            True,
        )


def test_needs_neither_settings_nor_web_nor_database(tmp_path: Path) -> None:
    """In a bare process: the modules that were loaded are told on standard error."""
    script = (
        "import sys; from organizer import cli\n"
        "try: cli.main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(*[name for name in ('flask', 'sqlalchemy', 'organizer.config') if name in sys.modules], file=sys.stderr)"
    )
    path = write(tmp_path, evening())
    done = subprocess.run(
        [sys.executable, "-c", script, "pair", str(path)],
        env={"PYTHONPATH": str(Path(cli.__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.strip() == ""
    assert json.loads(done.stdout)["proved"] is True
