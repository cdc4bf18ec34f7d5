"""Evenings in files: what is sound is read, and everything else is named with its place."""

import copy
import json
from typing import Any

import pytest

from organizer.domain.meetup_file import BadFile, Problem, read

EVENING: dict[str, Any] = {
    "format": "meetup-bench/1",
    "name": "four",
    "n": 4,
    "rounds": 2,
    "people": [{"company": number, "present": [0, 1], "wants": []} for number in range(4)],
    "tables": [[2, 2], [2, 2]],
    "blocked": [[0, 3]],
    "continue": [[1, 0]],
    "history": [[2, 1, 3]],
    "fixed": [[0, 0, 1]],
    "affinity": [[1, 2, 3], [4, 5], [6]],
    "replan": {"from_round": 1, "published": [[[0, 1], [2, 3]], [[0, 2], [1, 3]]]},
    "followup": {"k": 1, "min": 1, "max": 2, "score": [[1, -1, 3], [4, 5], [6]]},
}


def test_reads_a_sound_evening() -> None:
    evening = read(json.dumps(EVENING))
    assert (evening.name, evening.n, evening.room.rounds) == ("four", 4, 2)
    assert evening.room.going_on == {(0, 1)}
    assert evening.room.history == {(1, 2): 3}
    assert evening.room.affinity[2] == (2, 4, 0, 6)
    assert evening.followup is not None
    assert evening.followup.scores == ((1, -1, 3), (4, 5), (6,))


def test_pairs_may_be_missing_and_the_rest_not() -> None:
    bare = {key: value for key, value in EVENING.items() if key not in ("followup", "replan", "name")}
    assert read(json.dumps(bare)).followup is None


@pytest.mark.parametrize("text", ["", "{", "[1,", "nul", "\x00", '{"n": ' + "9" * 5000 + "}", "[" * 100_000])
def test_what_is_no_json(text: str) -> None:
    with pytest.raises(BadFile) as bad:
        read(text)
    assert bad.value.problem is Problem.NOT_JSON


@pytest.mark.parametrize(
    ("path", "value", "where", "problem"),
    [
        ((), [1], "", Problem.NOT_AN_OBJECT),
        (("format",), "meetup-bench/2", "format", Problem.OTHER_FORMAT),
        (("n",), None, "n", Problem.NOT_A_NUMBER),
        (("n",), 0, "n", Problem.OUT_OF_RANGE),
        (("n",), True, "n", Problem.NOT_A_NUMBER),
        (("n",), 5, "people", Problem.WRONG_LENGTH),
        (("rounds",), 1.0, "rounds", Problem.NOT_A_NUMBER),
        (("rounds",), 3, "tables", Problem.WRONG_LENGTH),
        (("people", 2), 7, "people[2]", Problem.NOT_AN_OBJECT),
        (("people", 2, "company"), "A", "people[2].company", Problem.NOT_A_NUMBER),
        (("people", 2, "present"), [1, 0], "people[2].present", Problem.OUT_OF_RANGE),
        (("people", 2, "present"), [0], "people[2].present", Problem.WRONG_LENGTH),
        (("people", 2, "wants"), [4], "people[2].wants", Problem.OUT_OF_RANGE),
        (("people", 2, "wants"), [2], "people[2].wants", Problem.NOT_TWO),
        (("tables", 1), [2, 1], "tables[1]", Problem.WRONG_SUM),
        (("tables", 1), [4, 0], "tables[1]", Problem.OUT_OF_RANGE),
        (("blocked",), [[0, 0]], "blocked[0]", Problem.NOT_TWO),
        (("blocked",), {}, "blocked", Problem.NOT_A_LIST),
        (("continue",), [[0, -1]], "continue[0]", Problem.OUT_OF_RANGE),
        (("history",), [[0, 1]], "history[0]", Problem.WRONG_LENGTH),
        (("fixed",), [[0, 2, 0]], "fixed[0]", Problem.OUT_OF_RANGE),
        (("fixed",), [[0, 0, 2]], "fixed[0]", Problem.OUT_OF_RANGE),
        (("affinity", 1), [4], "affinity[1]", Problem.WRONG_LENGTH),
        (("affinity", 1), [4, "x"], "affinity[1]", Problem.NOT_A_NUMBER),
        (("replan", "from_round"), 3, "replan.from_round", Problem.OUT_OF_RANGE),
        (("replan", "published"), [], "replan.published", Problem.WRONG_LENGTH),
        (("followup", "score", 0), [1, -2, 3], "followup.score[0]", Problem.OUT_OF_RANGE),
        (("followup",), 3, "followup", Problem.NOT_AN_OBJECT),
    ],
)
def test_names_what_is_wrong_and_where(
    path: tuple[Any, ...], value: Any, where: str, problem: Problem
) -> None:
    data: Any = copy.deepcopy(EVENING)
    if path:
        inner = data
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = value
    else:
        data = value
    with pytest.raises(BadFile) as bad:
        read(json.dumps(data))
    assert (bad.value.where, bad.value.problem) == (where, problem)


@pytest.mark.parametrize(
    "field", ["n", "rounds", "people", "tables", "blocked", "continue", "history", "fixed", "affinity"]
)
def test_names_what_is_missing(field: str) -> None:
    with pytest.raises(BadFile) as bad:
        read(json.dumps({key: value for key, value in EVENING.items() if key != field}))
    assert (bad.value.where, bad.value.problem) == (field, Problem.MISSING)
