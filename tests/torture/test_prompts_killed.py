"""Two workers at once, killed with -9 amid prompts, at a moody mail server: none lost, none twice, three a day."""

import os
import random
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from organizer import create_app
from organizer.domain.delivery import FollowUpState
from organizer.followups.models import FollowUp
from organizer.people.models import Person
from organizer.running.children import Child
from organizer.worker import sweeper
from tests import databases
from tests.e2e.live import Live
from tests.factories import make_person
from tests.followups.rows import MORNING, make_follow_up
from tests.torture.letters import LEASE_OVER, MoodySink

KILLS = int(os.environ.get("TORTURE_KILLS", "1"))
PEOPLE_A_KILL = 5
PERIOD = "2026-Q4"
SWEEPS = 100
ENDED = (FollowUpState.SENT, FollowUpState.FAILED, FollowUpState.UNKNOWN, FollowUpState.SUPPRESSED)


class Prompts:
    """A house without its web, whose workers have prompts to put on their days and to mail."""

    def __init__(self, folder: Path, sink: MoodySink, database_url: str | None) -> None:
        self.house = Live(folder, database_url)
        self.house.environ["ORGANIZER_SMTP_URL"] = sink.url
        self.sink = sink
        self.moment = MORNING - LEASE_OVER

    def worker(self) -> Child:
        """A new worker."""
        child = Child("worker", [sys.executable, "-m", "organizer.cli", "worker"], self.house.environ)
        child.start()
        return child

    def later(self) -> None:
        """Let the leases of the dead run out, and what was put off come due."""
        self.moment += LEASE_OVER
        self.house.move_clock(self.moment)

    def close(self) -> None:
        """Let go of the database and the port."""
        self.house.database.dispose()
        self.house._listener.close()

    def write(self, people: int) -> None:
        """So many people with one to three prompts each, all due at MORNING."""
        with self.house.rows() as session:
            others = [make_person(session, name=f"相手{number:03} 花子") for number in range(3)]
            for number in range(people):
                person = make_person(session, email=f"torture{number}@example.jp")
                for other in others[: number % 3 + 1]:
                    make_follow_up(session, person, other)

    def owed(self) -> int:
        """How many prompts have no end yet."""
        query = select(func.count(FollowUp.id)).where(
            FollowUp.due_period == PERIOD, FollowUp.state.not_in(ENDED)
        )
        with self.house.database.transaction(writes=False) as session:
            return session.scalar(query) or 0

    def prompts(self) -> list[tuple[FollowUp, str, str]]:
        """Each prompt, the address of its person and the name it is about."""
        with self.house.database.transaction(writes=False) as session:
            rows = session.scalars(select(FollowUp).where(FollowUp.due_period == PERIOD)).all()
            people = {person.id: person for person in session.scalars(select(Person))}
            return [(row, people[row.person_id].email or "", people[row.other_id].name) for row in rows]

    def arrived(self) -> Counter[tuple[str, str]]:
        """How often a prompt about somebody came to an address."""
        return Counter(
            (recipient, name)
            for letter in self.sink.letters
            for recipient in letter.recipients
            for name in {
                line.split("  ")[0].strip() for line in letter.text.splitlines() if line.startswith("相手")
            }
            if not name.endswith("様")
        )


def kill_amid_prompts(folder: Path, kills: int, database_url: str | None, seed: int) -> Prompts:
    """So many kills of two workers at once, then time for the rest."""
    luck = random.Random(seed)
    with MoodySink(luck) as sink:
        post = Prompts(folder, sink, database_url)
        post.write(kills * PEOPLE_A_KILL)
        for _ in range(kills):
            post.later()
            workers = [post.worker(), post.worker()]
            wait_for_some(post, luck)
            time.sleep(luck.random() * 0.05)
            for worker in workers:
                worker.kill()
        finish(post)
        return post


def wait_for_some(post: Prompts, luck: random.Random) -> None:
    goal = len(post.sink.letters) + luck.randrange(1, PEOPLE_A_KILL)
    deadline = time.monotonic() + 20
    while len(post.sink.letters) < goal and post.owed() and time.monotonic() < deadline:
        time.sleep(0.01)


def finish(post: Prompts) -> None:
    """Sweep on, with a clock that moves on, until nothing is owed."""
    config = replace(post.house.config, smtp_url=post.sink.url)
    work = sweeper(create_app(config, post.house.database), config)
    for _ in range(SWEEPS):
        if not post.owed():
            return
        post.later()
        work.sweep()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_prompt_is_lost_and_none_comes_twice(tmp_path: Path, worker_id: str, kind: str) -> None:
    with databases.either(kind, tmp_path, worker_id) as url:
        check(kill_amid_prompts(tmp_path, KILLS, url, seed=1))


def check(post: Prompts) -> None:
    """Raises AssertionError unless each prompt has one true end and nobody got more than three a day."""
    prompts, arrived = post.prompts(), post.arrived()
    post.close()
    assert len(prompts) >= KILLS * PEOPLE_A_KILL
    assert max(arrived.values()) == 1, "none twice"
    assert not [row for row, _, _ in prompts if row.state not in ENDED], "none lost"
    for row, address, name in prompts:
        if row.state is FollowUpState.SENT:
            assert arrived[address, name] == 1
        if row.state is FollowUpState.SUPPRESSED:
            assert arrived[address, name] == 0
    assert max(Counter((row.person_id, row.local_date) for row, _, _ in prompts).values()) <= 3
    assert sum(row.state is FollowUpState.SENT for row, _, _ in prompts) > len(prompts) // 2
    letters = Counter(recipient for letter in post.sink.letters for recipient in letter.recipients)
    assert max(letters.values()) == 1, "one letter a day"
