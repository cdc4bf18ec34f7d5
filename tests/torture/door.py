"""The web is killed with -9 again and again while phones scan: whoever was told "come in" must be in, once."""

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from organizer.checkin.models import CheckIn, Scan
from organizer.registrations.models import Ticket
from organizer.running.children import Child
from organizer.tokens import digest
from tests.bench.crowd import Hall, bearer_of, make_hall
from tests.e2e.live import Live

PHONES = 4
PEOPLE_A_KILL = 40
ANSWER_SECONDS = 15.0


@dataclass
class DoorFigures:
    """What came of it. `lost`: told "admitted", yet no row; `twice`: more than one row; `changed`: told
    otherwise when asked again.
    """

    kills: int = 0
    scans: int = 0
    acknowledged: int = 0
    unanswered: int = 0
    lost: int = 0
    twice: int = 0
    changed: int = 0
    missing: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing was lost, doubled or told in two ways, and everybody is in at the end."""
        return not (self.lost or self.twice or self.changed or self.missing)


@dataclass
class _Phones:
    """Phones that scan until the line goes dead; what they were told stands in `told`."""

    house: Live
    hall: Hall
    headers: dict[str, str]
    figures: DoorFigures
    told: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def scan(self, codes: list[str]) -> list[threading.Thread]:
        """Start scanning these codes, each phone its share."""
        phones = [threading.Thread(target=self._walk, args=(codes[n::PHONES],)) for n in range(PHONES)]
        for phone in phones:
            phone.start()
        return phones

    def _walk(self, codes: list[str]) -> None:
        for code in codes:
            result = self._ask(code)
            with self.lock:
                self.figures.scans += 1
                if result is None:
                    self.figures.unanswered += 1
                elif self.told.setdefault(code, result) != result:
                    self.figures.changed += 1

    def _ask(self, code: str) -> str | None:
        # Sent again, a scan has the key it had: then the answer must be the one of the first time.
        body = json.dumps({"code": code, "key": digest(code)[:32]})
        line = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=ANSWER_SECONDS)
        try:
            line.request("POST", f"/api/v1/events/{self.hall.event}/scans", body, self.headers)
            answer = line.getresponse()
            return str(json.loads(answer.read())["result"]) if answer.status == 200 else None
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            line.close()


def kill_the_door(folder: Path, kills: int, database_url: str | None = None, seed: int = 1) -> DoorFigures:
    """So many kills under load, each followed by a start; then every ticket is held up once more."""
    luck, figures = random.Random(seed), DoorFigures()
    with Live(folder, database_url, workers=2, still=True) as house:
        with house.rows() as session:
            hall = make_hall(session, kills * PEOPLE_A_KILL)
        phones = _Phones(house, hall, bearer_of(house.port, hall), figures)
        for kill in range(kills):
            _kill_amid(phones, hall.codes[kill::kills], luck)
            figures.kills += 1
        figures.acknowledged = len(phones.told)
        _count_lost(house, phones)
        _join(phones.scan(hall.codes))
        _count_all(house, phones)
    return figures


def _kill_amid(phones: _Phones, codes: list[str], luck: random.Random) -> None:
    house, goal = phones.house, len(phones.told) + luck.randrange(1, len(codes) * 3 // 4)
    running = phones.scan(codes)
    deadline = time.monotonic() + 20
    while (
        len(phones.told) < goal and any(phone.is_alive() for phone in running) and time.monotonic() < deadline
    ):
        time.sleep(0.001)
    house.web.kill()
    # The port stays open meanwhile: who knocks waits, as behind a proxy, and is answered by the next server.
    house.web = Child("web", house.web.command, house.environ, keep=house.web.keep)
    house.__enter__()
    _join(running)


def _join(running: list[threading.Thread]) -> None:
    for phone in running:
        phone.join()


def _arrivals(house: Live) -> dict[str, int]:
    """How often each code's registration has arrived, by the code's hash."""
    arrived = (
        select(Ticket.code_hash, func.count())
        .join(CheckIn, CheckIn.registration_id == Ticket.registration_id)
        .group_by(Ticket.code_hash)
    )
    with house.database.transaction(writes=False) as session:
        return dict(map(tuple, session.execute(arrived)))


def _count_lost(house: Live, phones: _Phones) -> None:
    """Before anything is scanned again: each acknowledged arrival stands in the database."""
    arrivals = _arrivals(house)
    admitted = [code for code, result in phones.told.items() if result == "admitted"]
    phones.figures.lost = sum(digest(code) not in arrivals for code in admitted)


def _count_all(house: Live, phones: _Phones) -> None:
    arrivals, figures = _arrivals(house), phones.figures
    figures.twice = sum(count > 1 for count in arrivals.values())
    figures.missing = sum(digest(code) not in arrivals for code in phones.hall.codes)
    with house.database.transaction(writes=False) as session:
        scans = session.scalar(select(func.count()).select_from(Scan)) or 0
    figures.twice += max(0, scans - len(phones.hall.codes))
