"""The lane of the seating: a process of its own, outside any transaction, that may die at any moment."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from organizer.db import Database
from organizer.domain.rounds import PlanState, RoundState
from organizer.events.models import Event
from organizer.jobs import process
from organizer.jobs.models import Task, TaskState
from organizer.jobs.tasks import LANES
from organizer.migrations import upgrade
from organizer.people.models import Person
from organizer.rounds import jobs, planning, queries, solving
from organizer.rounds.models import SeatingPlan
from organizer.rounds.solving import Trouble
from organizer.workflows import rounds
from tests.factories import NOW
from tests.rounds.rows import make_meetup, publish_plan

PATIENCE = 60.0


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Database]:
    """A database that really commits: the lane opens transactions of its own."""
    database = Database(f"sqlite:///{tmp_path / 'house.db'}")
    upgrade(database)
    yield database
    database.dispose()


@pytest.fixture(autouse=True)
def in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SECONDS", 0.02)
    monkeypatch.setattr(jobs, "EVERY", 0.2)


def asked(database: Database, people: int = 12) -> int:
    with database.transaction() as session:
        meetup = make_meetup(session, people)
        return planning.ask(session, meetup.event, after=0, by=meetup.host, now=NOW).id


def plan_of(database: Database, plan_id: int) -> SeatingPlan:
    with database.transaction(writes=False) as session:
        return session.get_one(SeatingPlan, plan_id)


def run(database: Database, name: str = "lane", now: datetime = NOW) -> bool:
    return jobs.seat(database, lambda: now, name)


def test_the_worker_knows_the_lane() -> None:
    assert jobs.seat in LANES


def test_a_wanted_plan_becomes_a_draft_with_its_bound(house: Database) -> None:
    number = asked(house)
    assert run(house)
    plan = plan_of(house, number)
    assert (plan.state, plan.attempts, plan.relaxed) == (PlanState.DRAFT, 1, False)
    assert plan.score is not None
    assert plan.bound is not None
    assert plan.bound >= plan.score
    assert plan.work > 0
    with house.transaction(writes=False) as session:
        assert len(queries.seats_of(session, number)) == 36
    assert not run(house), "nothing is left to do"


def test_the_same_evening_gets_the_same_tables(house: Database, tmp_path: Path) -> None:
    twin = Database(f"sqlite:///{tmp_path / 'twin.db'}")
    upgrade(twin)
    seats = []
    for database in (house, twin):
        number = asked(database)
        run(database)
        with database.transaction(writes=False) as session:
            ids = sorted({person for _, _, person in queries.seats_of(session, number)})
            place = {person: at for at, person in enumerate(ids)}
            seats.append([(a, b, place[person]) for a, b, person in queries.seats_of(session, number)])
    twin.dispose()
    assert seats[0] == seats[1]


def test_nobody_waits_for_the_writer_while_it_is_solved(
    house: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two lines of the solver no transaction is open: another writer gets its turn at once."""
    asked(house)
    turns = []
    ask = process.ask

    def watched(*args: Any, **kwargs: Any) -> Any:
        for line in ask(*args, **kwargs):
            with house.transaction() as session:
                session.query(Person).first()
                turns.append(1)
            yield line

    monkeypatch.setattr(process, "ask", watched)
    run(house)
    assert turns


def test_what_cannot_be_is_said(house: Database) -> None:
    with house.transaction() as session:
        meetup = make_meetup(session, 12)
        for person in meetup.people[:6]:
            planning.mark(
                session,
                meetup.event,
                person,
                table=1,
                first_round=1,
                last_round=None,
                by=meetup.host,
                now=NOW,
            )
        number = planning.ask(session, meetup.event, after=0, by=meetup.host, now=NOW).id
    run(house)
    plan = plan_of(house, number)
    assert (plan.state, plan.reason) == (PlanState.FAILED, Trouble.NO_LAWFUL_PLAN.value)


def test_those_who_left_before_it_began_are_too_few(house: Database) -> None:
    with house.transaction() as session:
        meetup = make_meetup(session, 2)
        number = planning.ask(session, meetup.event, after=0, by=meetup.host, now=NOW).id
        planning.leaves(session, meetup.event, meetup.people[0], by=meetup.host, now=NOW)
    run(house)
    assert plan_of(house, number).reason == Trouble.TOO_FEW.value


def test_a_killed_solver_is_followed_by_another(house: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    number = asked(house)
    monkeypatch.setattr(jobs, "SOLVER", "organizer.running.no_such_module")
    assert run(house)
    assert (plan_of(house, number).state, plan_of(house, number).attempts) == (PlanState.WANTED, 1)
    monkeypatch.undo()
    monkeypatch.setattr(jobs, "SECONDS", 0.02)
    assert run(house)
    assert plan_of(house, number).state is PlanState.DRAFT


def test_a_killed_worker_is_followed_by_another(house: Database) -> None:
    """One worker claims it and dies there; its lease runs out, and the next one takes the plan over."""
    number = asked(house)
    with house.transaction() as session:
        assert solving.claim(session, "killed", NOW) is not None
    assert not run(house), "the lease still stands"
    assert run(house, "other", NOW + solving.LEASE + timedelta(seconds=1))
    assert plan_of(house, number).state is PlanState.DRAFT


def test_what_nobody_waits_for_is_not_solved_on(house: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    number = asked(house)
    ask = process.ask
    ended = []

    def replaced(*args: Any, **kwargs: Any) -> Any:
        with house.transaction() as session:
            plan = session.get_one(SeatingPlan, number)
            event, host = session.get_one(Event, plan.event_id), session.get(Person, plan.asked_by_id)
            planning.ask(session, event, after=plan.generation, by=host, now=NOW)
        with closing(ask(*args, **kwargs)) as lines:
            yield from lines
        ended.append("to its last word")

    monkeypatch.setattr(process, "ask", replaced)
    assert run(house)
    assert plan_of(house, number).state is PlanState.SUPERSEDED
    assert ended == []


class TestProcess:
    """A process of our own: asked in a line, answering in lines, never left behind."""

    def test_it_is_gone_when_nobody_listens(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.module(
            tmp_path,
            monkeypatch,
            "import json, os, sys, time; sys.stdin.readline(); print(json.dumps({'pid': os.getpid()}), flush=True);"
            " time.sleep(600)",
        )
        said = process.ask("child_of_a_test", {}, last="never", every=0.1, most=PATIENCE)
        pid = next(line["pid"] for line in said if line)
        os.kill(pid, 0)  # raises where there is nobody
        said.close()
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

    def test_death_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.module(tmp_path, monkeypatch, "import sys; sys.stdin.readline(); print('{\"one\": 1}')")
        said = process.ask("child_of_a_test", {}, last="never", every=0.1, most=PATIENCE)
        with pytest.raises(process.Died):
            assert [line for line in said if line] == [{"one": 1}]

    def test_a_kill_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.module(
            tmp_path,
            monkeypatch,
            "import json, os, sys, time; sys.stdin.readline(); print(json.dumps({'pid': os.getpid()}), flush=True);"
            " time.sleep(600)",
        )
        said = process.ask("child_of_a_test", {}, last="never", every=0.1, most=PATIENCE)
        os.kill(next(line["pid"] for line in said if line), signal.SIGKILL)
        with pytest.raises(process.Died):
            list(said)

    def test_silence_is_heard_and_too_much_of_it_is_death(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.module(tmp_path, monkeypatch, "import time; time.sleep(600)")
        said = process.ask("child_of_a_test", {}, last="never", every=0.05, most=0.3)
        assert next(said) == {}
        with pytest.raises(process.Died):
            list(said)

    def test_a_solver_ends_when_its_worker_dies(self) -> None:
        """The pipe that it was asked through closes, whatever the worker died of."""
        reading, writing = os.pipe()
        child = os.posix_spawn(
            process.sys.executable,
            [process.sys.executable, "-m", "organizer.running.solve"],
            {**process._environ()},
            file_actions=[(os.POSIX_SPAWN_DUP2, reading, 0), (os.POSIX_SPAWN_CLOSE, writing)],
        )
        os.close(reading)
        os.close(writing)
        until = time.monotonic() + PATIENCE
        while os.waitpid(child, os.WNOHANG) == (0, 0):
            assert time.monotonic() < until, "it is still there"
            time.sleep(0.05)

    def test_no_secret_reaches_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ORGANIZER_SECRET_KEY", "secret")
        monkeypatch.setenv("ORGANIZER_DATABASE_URL", "postgresql://name:word@host/db")
        assert not [name for name in process._environ() if name.startswith("ORGANIZER")]

    def module(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
        (tmp_path / "child_of_a_test.py").write_text(text)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))


def test_a_forgotten_round_ends_by_itself(session: Session) -> None:
    meetup = make_meetup(session)
    publish_plan(session, meetup)
    rounds.start(session, meetup.event, 1, by=meetup.host, now=NOW)
    task = session.query(Task).filter_by(name="round_over").one()
    assert task.due_at == meetup.event.ends_at + rounds.FORGOTTEN_AFTER
    assert jobs.end_forgotten(session, task, task.due_at)
    assert queries.rounds_of(session, meetup.event.id)[0].state is RoundState.ENDED
    assert not jobs.end_forgotten(session, task, task.due_at), "it has ended already"
    assert task.state is TaskState.WAITING
