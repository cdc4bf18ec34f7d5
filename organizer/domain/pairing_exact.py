"""The best list of pairs, by linear programming over the few pairs that matter, with the factors that prove it.

Three aims in rank: few missing partners, many wanted pairs, a large sum. They are sought together, each weighing far
more than the next; where not everybody and every wish can be served, each aim is then sought by itself as well.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np

from organizer.domain.pairing_cuts import Picture, broken_cuts
from organizer.domain.pairing_lp import EPSILON, Cut, Field, Marks, Point, Program, best_of_each
from organizer.domain.pairing_proof import SCALE, Best, Ceiling, OddSet, Pair, Proof, Terms, Worth

_MORE: Final = 4
"""Pairs of each person to begin with, beyond the cap; and how many more a round may bring."""
_ROUNDS: Final = 2_000
"""Work allowed: optima of the growing program."""
_NODES: Final = 50_000
"""Work allowed where branching must help; odd sets mostly leave nothing to it."""
_HEAVIER: Final = 16


@dataclass(frozen=True, slots=True)
class Answer:
    """The best whole choice in a field (n × n), and the program and its point that bound every choice."""

    chosen: Marks
    program: Program
    point: Point


def best_list(given: Terms) -> Best:
    """The best list of pairs that keeps the terms, with its proof; work is counted in pivots."""
    if not given.scores:
        return Best((), Proof(0, 0, 0, (Ceiling(Worth(score=1), {}, {}),)), 0)
    worth = _ranked(given, 4 * (1 + max(given.scores.values())))
    answer = solve(field_of(given, worth))
    work, got = answer.program.work, reached(given, answer.chosen)
    (missing, wanted), proving = (0, len(given.mutual)), []
    for aim in (Worth(missing=1), Worth(mutual=1, missing=len(given.mutual) + 1)):
        if got[:2] == (missing, wanted):
            break
        alone = solve(field_of(given, aim))
        work += alone.program.work
        proving.append(ceiling_of(given, aim, alone))
        missing, most = reached(given, alone.chosen)[:2]
        wanted = most if aim.mutual or not given.mutual else wanted
    while got[:2] != (missing, wanted) and worth.missing < EPSILON**-2:
        worth = _ranked(given, _HEAVIER * worth.mutual)
        answer = solve(field_of(given, worth))
        work, got = work + answer.program.work, reached(given, answer.chosen)
    proof = Proof(*got, (*proving, ceiling_of(given, worth, answer)))
    return Best(pairs_of(given, answer.chosen), proof, work)


def _ranked(given: Terms, weight: int) -> Worth:
    return Worth(score=1, mutual=weight, missing=4 * weight)


def solve(field: Field) -> Answer:
    """The best whole choice in a field: more pairs while one has a gain, sharper limits while one is broken."""
    program = Program(field)
    program.widen(best_of_each(field.gains, field.lawful, int(field.mosts.max()) + _MORE))
    point, whole = settle(program, _ROUNDS)
    if whole:
        return Answer(program.chosen(point.values), program, point)
    return Answer(_branch(program, point), program, point)


def settle(program: Program, rounds: int, thorough: bool = True) -> tuple[Point, bool]:
    """The optimum over all pairs and all odd sets, and whether it is whole.

    After so many rounds of odd sets, or where only the likely ones are looked at, some may be left broken; pairs are
    always taken in until none has a gain.
    """
    point = program.optimum()
    while True:
        gaps = program.gaps(point)
        fresh = (gaps > EPSILON) & ~program.known
        if fresh.any():
            program.widen(best_of_each(gaps, fresh, _MORE))
            point = program.optimum()
            continue
        picture = Picture.of(program.field, program.firsts, program.seconds, point.values)
        if not picture.broken():
            return point, True
        rounds -= 1
        cuts = broken_cuts(picture, thorough) if rounds > 0 else []
        if not cuts:
            return point, False
        program.sharpen(cuts)
        point = program.optimum()


def _branch(program: Program, point: Point) -> Marks:
    """The best whole choice where the point is not whole for all its limits: first among the pairs taken in."""
    chosen, _ = program.whole(program.known, _NODES)
    value = -np.inf if chosen is None else program.field.worth(chosen)
    if value < np.floor(point.height + EPSILON):
        wider, _ = program.whole(program.gaps(point) >= value - point.height - EPSILON, _NODES)
        chosen = wider if wider is not None else chosen
    return np.zeros_like(program.known) if chosen is None else chosen


def field_of(given: Terms, worth: Worth) -> Field:
    """The terms by place, in the order of ids, with gains by `worth`."""
    size, place = len(given.people), {one: at for at, one in enumerate(given.people)}
    ends = np.array([[place[a], place[b]] for a, b in given.scores], np.int64).reshape(-1, 2).T
    values = worth.score * np.fromiter(given.scores.values(), np.int64, len(given.scores))
    if given.mutual:
        values += worth.mutual * np.array([both in given.mutual for both in given.scores])
    gains, lawful = np.zeros((size, size), np.int64), np.zeros((size, size), bool)
    gains[ends[0], ends[1]] = gains[ends[1], ends[0]] = values
    lawful[ends[0], ends[1]] = lawful[ends[1], ends[0]] = True
    leasts = np.array([given.leasts[one] for one in given.people], np.int64)
    np.fill_diagonal(gains, -worth.missing)
    np.fill_diagonal(lawful, leasts > 0)
    return Field(gains, lawful, leasts, np.array([given.caps[one] for one in given.people], np.int64))


def pairs_of(given: Terms, chosen: Marks) -> tuple[Pair, ...]:
    """The chosen pairs by id, in order."""
    firsts, seconds = np.nonzero(np.triu(chosen, 1))
    return tuple(
        (given.people[a], given.people[b]) for a, b in zip(firsts.tolist(), seconds.tolist(), strict=True)
    )


def marks_of(given: Terms, pairs: Collection[Pair]) -> Marks:
    """Pairs by place, n × n."""
    place = {one: at for at, one in enumerate(given.people)}
    marks = np.zeros((len(place), len(place)), bool)
    for a, b in pairs:
        marks[place[a], place[b]] = marks[place[b], place[a]] = True
    return marks


def reached(given: Terms, chosen: Marks) -> tuple[int, int, int]:
    """Missing partners, wanted pairs and the sum of a choice."""
    pairs = pairs_of(given, chosen)
    counts = chosen.sum(axis=1).tolist()
    missing = sum(max(0, given.leasts[one] - count) for one, count in zip(given.people, counts, strict=True))
    return missing, len(given.mutual.intersection(pairs)), sum(given.scores[both] for both in pairs)


def ceiling_of(given: Terms, worth: Worth, answer: Answer) -> Ceiling:
    """The prices of a point as factors, by id."""
    prices = [round(price * SCALE) for price in answer.point.prices.tolist()]
    people = dict(zip(given.people, prices, strict=False))
    factors = zip(answer.program.cuts, prices[len(people) :], strict=True)
    return Ceiling(
        worth,
        {one: price for one, price in people.items() if price > 0},
        {one: -price for one, price in people.items() if price < 0},
        tuple((_odd_set(given, cut), price) for cut, price in factors if price > 0),
    )


def _odd_set(given: Terms, cut: Cut) -> OddSet:
    signs = dict(zip(given.people, cut.signs.tolist(), strict=True))
    return OddSet(
        frozenset(one for one, sign in signs.items() if sign > 0),
        frozenset(one for one, sign in signs.items() if sign < 0),
        frozenset((given.people[a], given.people[b]) for a, b in cut.once),
    )
