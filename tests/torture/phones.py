"""Phones that scan at the same instant, over HTTP: one ticket with 32 keys, and one key sent 32 times."""

import http.client
import json
import secrets
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from organizer.checkin.models import CheckIn, Scan
from organizer.events.models import Event
from tests.bench.crowd import Hall, bearer_of, make_hall
from tests.e2e.live import Live

PHONES = 32
WORKERS, THREADS = 2, 8
PATIENCE_SECONDS = 60.0
DOORS = ("入口A", "入口B")
HALL = 500
"""So many tickets are written at once; each is raced for in one round."""

Answer = tuple[int, bytes]


@dataclass
class PhoneFigures:
    """What came of it. `lost`: rounds in which nobody came in; `twice`: in which more than one did; `untrue`: others
    were told something else than who was first; `unlike`: the same key got two answers; `bad`: no decision at all;
    `rows`: rounds that left another number of rows than they should.
    """

    rounds: int = 0
    scans: int = 0
    admitted: int = 0
    lost: int = 0
    twice: int = 0
    untrue: int = 0
    unlike: int = 0
    bad: int = 0
    rows: int = 0

    @property
    def sound(self) -> bool:
        """Whether each round let exactly one in, and everybody was told the truth."""
        return not (self.lost or self.twice or self.untrue or self.unlike or self.bad or self.rows)


def race_for_tickets(folder: Path, rounds: int, url: str | None = None, seed: int = 0) -> PhoneFigures:
    """32 phones at two doors scan one ticket, a new one each round, each with a key of its own."""
    with Live(folder, url, WORKERS, THREADS, still=True) as house:
        return race(house, rounds, one_key=False)


def race_with_keys(folder: Path, rounds: int, url: str | None = None, seed: int = 0) -> PhoneFigures:
    """The same request arrives 32 times at once, a new one each round."""
    with Live(folder, url, WORKERS, THREADS, still=True) as house:
        return race(house, rounds, one_key=True)


def race(house: Live, rounds: int, *, one_key: bool) -> PhoneFigures:
    """So many rounds in a running house, through all its processes."""
    figures, halls = PhoneFigures(), []
    with ThreadPoolExecutor(PHONES) as pool:
        while figures.rounds < rounds:
            with house.rows() as session:
                hall = make_hall(session, min(HALL, rounds - figures.rounds))
            halls.append(hall.event)
            for code in hall.codes:
                answers = _at_once(pool, house, hall, _bodies(code, one_key))
                figures.rounds += 1
                _judge(figures, answers, one_key)
    _count_rows(house, figures, halls, 1 if one_key else PHONES)
    return figures


def _bodies(code: str, one_key: bool) -> list[bytes]:
    if one_key:
        return [json.dumps({"code": code, "key": secrets.token_hex(16), "door": DOORS[0]}).encode()] * PHONES
    return [
        json.dumps({"code": code, "key": secrets.token_hex(16), "door": DOORS[number % 2]}).encode()
        for number in range(PHONES)
    ]


def _at_once(pool: ThreadPoolExecutor, house: Live, hall: Hall, bodies: Sequence[bytes]) -> list[Answer]:
    barrier, headers = threading.Barrier(len(bodies)), bearer_of(house.port, hall)

    def ask(body: bytes) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=PATIENCE_SECONDS)
        try:
            line.connect()  # before the start, so that only the question itself is still to come
            barrier.wait(PATIENCE_SECONDS)
            line.request("POST", f"/api/v1/events/{hall.event}/scans", body, headers)
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    return list(pool.map(ask, bodies))


def _judge(figures: PhoneFigures, answers: Sequence[Answer], one_key: bool) -> None:
    good = [json.loads(body) for status, body in answers if status == 200]
    results = Counter(answer["result"] for answer in good)
    figures.scans += len(answers)
    figures.bad += len(answers) - len(good)
    if one_key:
        figures.admitted += min(1, results["admitted"])
        figures.lost += not results["admitted"]
        figures.unlike += len({body for _, body in answers}) > 1
        return
    figures.admitted += results["admitted"]
    figures.lost += not results["admitted"]
    figures.twice += results["admitted"] > 1
    told = {(answer["first_at"], answer["first_door"]) for answer in good if answer["result"] == "already"}
    figures.untrue += len(told) > 1 or results["admitted"] + results["already"] != len(good)


def _count_rows(house: Live, figures: PhoneFigures, halls: Sequence[str], scans_each: int) -> None:
    """What stands in the database: a check-in for each ticket that was raced for, and a row for each scan."""
    with house.database.transaction(writes=False) as session:
        for table, each in ((CheckIn, 1), (Scan, scans_each)):
            counted = select(func.count()).select_from(table).join(Event, Event.id == table.event_id)
            here = counted.where(Event.public_id.in_(halls)).group_by(table.registration_id)
            counts = Counter(session.scalars(here))
            figures.rows += sum(number for count, number in counts.items() if count != each)
            figures.rows += abs(figures.rounds - counts.total())
