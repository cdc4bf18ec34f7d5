"""The hot loop counts as the judge does, keeps the hard rules, and is the same compiled and plain."""

import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from organizer.domain.seating import Fault, anneal_cy, judge
from organizer.domain.seating import board as board_module
from organizer.domain.seating.board import Board
from organizer.domain.seating.dice import Dice
from organizer.domain.seating.impossible import collisions
from organizer.domain.seating.room import Plan, Room
from organizer.domain.seating.start import first_plan, repair
from tests.domain.seating.whole_rooms import evening, random_room


def annealed(room: Room, seed: int, work: int = 3000) -> tuple[Board, bool]:
    """A board after some work at several heats, and whether its plan is lawful."""
    board = Board(room)
    board.annealer.sow(seed)
    board.seat(first_plan(board, Dice(seed)))
    board.reset()
    repair(board, 30_000)
    for heat, multi in ((60 * 16, 0), (30 * 16, 128), (0, 20)):
        board.annealer.run(work // 3, heat, multi)
    return board, board.annealer.best_score > -(1 << 20)


@pytest.mark.parametrize("part", range(10))
def test_counts_as_the_judge_does_and_keeps_every_hard_rule(part: int) -> None:
    lawful = 0
    for seed in range(100 * part, 100 * part + 100):
        room = random_room(seed)
        if collisions(room):
            continue
        board, kept = annealed(room, seed)
        if not kept:
            continue
        for name, score in (("who", board.annealer.score), ("best", board.annealer.best_score)):
            verdict = judge(room, board.plan(name))
            assert verdict.faults == (), (seed, name)
            assert verdict.score == score, (seed, name)
        lawful += 1
    assert lawful > 50


def test_the_best_plan_is_never_worse_than_the_one_of_now() -> None:
    board, _ = annealed(evening(12, 3, 4), 1)
    for heat in (100, 800, 3000, 0):
        board.annealer.run(5000, heat, 30)
        assert board.annealer.best_score >= board.annealer.score


def test_a_row_that_finds_nothing_ends() -> None:
    alone = replace(evening(4, 2, 4), companies=(0, 1, 2, 3))
    board = Board(alone)
    board.seat(first_plan(board, Dice(0)))
    board.reset()
    assert board.annealer.run(1000, 160, 50) >= 1000
    assert judge(alone, board.plan()).lawful


def test_soft_repeats_and_bans_count_by_their_cost() -> None:
    room = evening(12, 4, 3, seed=3)
    board = Board(room)
    board.seat(first_plan(board, Dice(3)))
    board.reset(repeat=100)
    board.annealer.run(4000, 500, 0)
    score = board.annealer.score
    board.reset(repeat=100)
    assert board.annealer.score == score


def plain() -> ModuleType:
    """The hot loop as written, never the compiled module."""
    path = Path(anneal_cy.__file__).with_name("anneal_cy.py")
    spec = importlib.util.spec_from_file_location("plain_annealer", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def plans(room: Room, seed: int) -> tuple[Plan, Plan, int, int]:
    board, _ = annealed(room, seed, work=6000)
    return board.plan("who"), board.plan(), board.annealer.score, board.annealer.best_score


def test_is_the_same_compiled_and_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    rooms = [*map(random_room, range(60)), evening(24, 4, 4), evening(40, 3, 5)]
    rooms = [room for room in rooms if not collisions(room)]
    built = [plans(room, seed) for seed, room in enumerate(rooms)]
    monkeypatch.setattr(board_module, "Annealer", plain().Annealer)
    assert [plans(room, seed) for seed, room in enumerate(rooms)] == built


def test_groups_stay_together_and_still_move() -> None:
    room = replace(
        evening(20, 2, 5, seed=4), beside=((0, 1, 0), (2, 3, 1), (3, 4, 1)), companies=tuple(range(20))
    )
    board, lawful = annealed(room, 4)
    assert lawful
    seen = set()
    for _ in range(30):
        board.annealer.run(20_000, 100 * 16, 16)
        plan = board.plan("who")
        assert Fault.BESIDE not in judge(room, plan).faults
        seen.add(next(table for table, people in enumerate(plan[1]) if 3 in people))
    assert len(seen) > 1
