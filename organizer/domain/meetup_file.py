"""An evening as a file of the form `meetup-bench/1`: one JSON object of whole numbers, checked before it is believed.

People are numbered 0 … n-1, rounds 0 … rounds-1, the tables of a round in the order of their sizes:

    format, name       "meetup-bench/1", and what the evening is called
    n, rounds          how many people, how many rounds
    people[i]          company: a number, two of one never share a table; present: [first, last] round; wants: people
    tables[r]          sizes of the tables of round r, as many seats as people are there
    blocked            [i, j]: never at one table
    continue           [i, j]: have met before and both want to go on
    history            [i, j, times]: sat together at earlier evenings
    fixed              [person, round, table]: seats that are given
    beside             [i, j, round], may be missing: share a table in that round
    affinity           n-1 rows: row i holds the worth of (i, i+1), (i, i+2), …, (i, n-1)
    replan             may be missing: from_round, the first that may change, and published, the plan everybody has seen
    moved_cost         may be missing: points lost for each published seat that changes
    followup           may be missing: k, min, max partners after the evening; score: rows like affinity, -1 not allowed

Every error says where in the file it is, and what is wrong there.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, NoReturn

from organizer.domain.seating.room import FORMAT, Room

MOST_PEOPLE: Final = 5_000
MOST_ROUNDS: Final = 200
LARGEST: Final = 1_000_000
"""The largest value of an affinity or a pair's score, so that sums stay far from any limit."""


class Problem(Enum):
    """What can be wrong at a place of the file."""

    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    OTHER_FORMAT = "other_format"
    MISSING = "missing"
    NOT_A_LIST = "not_a_list"
    WRONG_LENGTH = "wrong_length"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    NOT_TWO = "not_two"
    """A pair that names one person twice."""
    WRONG_SUM = "wrong_sum"
    """Tables whose seats are more or fewer than the people there."""
    NO_FOLLOWUP = "no_followup"


class BadFile(ValueError):
    """The file is no evening: `where` names the place, such as `people[3].wants`, '' for the whole."""

    def __init__(self, where: str, problem: Problem) -> None:
        super().__init__(f"{where or 'file'}: {problem.value}")
        self.where = where
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Followup:
    """Who may meet again after the evening, and with how many partners each."""

    k: int
    min: int
    max: int
    scores: tuple[tuple[int, ...], ...]
    """Upper triangle, n - 1 rows: row i holds (i, i+1), (i, i+2), …; -1: not allowed."""


@dataclass(frozen=True, slots=True)
class MeetupFile:
    """What a file holds."""

    name: str
    room: Room
    followup: Followup | None

    @property
    def n(self) -> int:
        """The number of people."""
        return self.room.n


def read(text: str) -> MeetupFile:
    """The evening in a file's text. Raises BadFile."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFile("", Problem.NOT_JSON) from None
    if not isinstance(data, dict):
        raise BadFile("", Problem.NOT_AN_OBJECT)
    if data.get("format") != FORMAT:
        raise BadFile("format", Problem.OTHER_FORMAT)
    n = _whole(data, "n", 1, MOST_PEOPLE)
    rounds = _whole(data, "rounds", 1, MOST_ROUNDS)
    _people(data, n, rounds)
    _tables(data, rounds)
    for field in ("blocked", "continue"):
        _pairs(data, field, n, more=0)
    _pairs(data, "history", n, more=1)
    _seats(data, n, rounds)
    _triangle(data.get("affinity"), "affinity", n, -LARGEST)
    _replan(data, n, rounds)
    if "moved_cost" in data:
        _whole(data, "moved_cost", 0, LARGEST)
    name = data.get("name")
    return MeetupFile(name if isinstance(name, str) else "", Room.from_data(data), _followup(data, n))


def _fail(where: str, problem: Problem) -> NoReturn:
    raise BadFile(where, problem)


def _number(value: Any, where: str, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadFile(where, Problem.NOT_A_NUMBER)
    if not low <= value <= high:
        raise BadFile(where, Problem.OUT_OF_RANGE)
    return value


def _whole(data: Mapping[str, Any], field: str, low: int, high: int, within: str = "") -> int:
    where = f"{within}.{field}" if within else field
    if field not in data:
        raise BadFile(where, Problem.MISSING)
    return _number(data[field], where, low, high)


def _list(value: Any, where: str, length: int | None = None) -> Sequence[Any]:
    if value is None:
        raise BadFile(where, Problem.MISSING)
    if not isinstance(value, list):
        raise BadFile(where, Problem.NOT_A_LIST)
    if length is not None and len(value) != length:
        raise BadFile(where, Problem.WRONG_LENGTH)
    return value


def _people(data: Mapping[str, Any], n: int, rounds: int) -> None:
    for number, person in enumerate(_list(data.get("people"), "people", n)):
        where = f"people[{number}]"
        if not isinstance(person, dict):
            _fail(where, Problem.NOT_AN_OBJECT)
        _whole(person, "company", -LARGEST, LARGEST, where)
        first, last = _list(person.get("present"), f"{where}.present", 2)
        _number(first, f"{where}.present", 0, rounds - 1)
        _number(last, f"{where}.present", first, rounds - 1)
        for other in _list(person.get("wants"), f"{where}.wants"):
            _number(other, f"{where}.wants", 0, n - 1)
            if other == number:
                _fail(f"{where}.wants", Problem.NOT_TWO)


def _tables(data: Mapping[str, Any], rounds: int) -> None:
    for number, sizes in enumerate(_list(data.get("tables"), "tables", rounds)):
        where = f"tables[{number}]"
        for size in _list(sizes, where):
            _number(size, where, 1, MOST_PEOPLE)
        there = sum(person["present"][0] <= number <= person["present"][1] for person in data["people"])
        if sum(sizes) != there:
            _fail(where, Problem.WRONG_SUM)


def _pairs(data: Mapping[str, Any], field: str, n: int, more: int) -> None:
    """A list of two people each, with `more` counts behind them."""
    for number, entry in enumerate(_list(data.get(field), field)):
        where = f"{field}[{number}]"
        one, other, *counts = _list(entry, where, 2 + more)
        if _number(one, where, 0, n - 1) == _number(other, where, 0, n - 1):
            _fail(where, Problem.NOT_TWO)
        for count in counts:
            _number(count, where, 0, LARGEST)


def _seats(data: Mapping[str, Any], n: int, rounds: int) -> None:
    for number, seat in enumerate(_list(data.get("fixed"), "fixed")):
        where = f"fixed[{number}]"
        person, in_round, table = _list(seat, where, 3)
        _number(person, where, 0, n - 1)
        _number(in_round, where, 0, rounds - 1)
        _number(table, where, 0, len(data["tables"][in_round]) - 1)
    for number, entry in enumerate(_list(data.get("beside", []), "beside")):
        where = f"beside[{number}]"
        one, other, in_round = _list(entry, where, 3)
        if _number(one, where, 0, n - 1) == _number(other, where, 0, n - 1):
            _fail(where, Problem.NOT_TWO)
        _number(in_round, where, 0, rounds - 1)


def _triangle(value: Any, where: str, n: int, low: int) -> None:
    for number, row in enumerate(_list(value, where, n - 1)):
        here = f"{where}[{number}]"
        for entry in _list(row, here, n - 1 - number):
            _number(entry, here, low, LARGEST)


def _replan(data: Mapping[str, Any], n: int, rounds: int) -> None:
    replan = data.get("replan")
    if replan is None:
        return
    if not isinstance(replan, dict):
        raise BadFile("replan", Problem.NOT_AN_OBJECT)
    _whole(replan, "from_round", 0, rounds, "replan")
    for number, tables in enumerate(_list(replan.get("published"), "replan.published", rounds)):
        where = f"replan.published[{number}]"
        for people in _list(tables, where):
            for person in _list(people, where):
                _number(person, where, 0, n - 1)


def _followup(data: Mapping[str, Any], n: int) -> Followup | None:
    given = data.get("followup")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise BadFile("followup", Problem.NOT_AN_OBJECT)
    k, least, most = (_whole(given, field, 0, n, "followup") for field in ("k", "min", "max"))
    _triangle(given.get("score"), "followup.score", n, -1)
    return Followup(k, least, most, tuple(tuple(row) for row in given["score"]))
