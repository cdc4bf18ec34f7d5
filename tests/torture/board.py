"""Boards that look again and again while phones scan: what they show is never more than has come, nor less."""

import http.client
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.crowd import Hall, bearer_of, make_hall
from tests.e2e.live import Live

PHONES, BOARDS = 8, 3
CHUNK = 2_000
PATIENCE_SECONDS = 60.0
SOON_SECONDS = 1.0


@dataclass
class BoardFigures:
    """What came of it. `above`: looks that showed more than had been asked for by then; `below`: less than had been
    acknowledged before they asked; `late`: boards that did not show the end within a second; `bad`: no answer.
    """

    scans: int = 0
    looks: int = 0
    unchanged: int = 0
    above: int = 0
    below: int = 0
    late: int = 0
    bad: int = 0

    @property
    def sound(self) -> bool:
        """Whether every look was true."""
        return not (self.above or self.below or self.late or self.bad)


@dataclass
class _Door:
    """What the phones have asked for and been told so far."""

    house: Live
    hall: Hall
    figures: BoardFigures
    lock: threading.Lock = field(default_factory=threading.Lock)
    asked: int = 0
    told: int = 0

    @property
    def path(self) -> str:
        return f"/api/v1/events/{self.hall.event}"

    def scan(self, codes: list[str]) -> None:
        """One phone, over one connection."""
        line, headers = self._line(), bearer_of(self.house.port, self.hall)
        for code in codes:
            with self.lock:
                self.asked += 1
            line.request(
                "POST",
                f"{self.path}/scans",
                json.dumps({"code": code, "key": secrets.token_hex(16)}),
                headers,
            )
            answer = line.getresponse()
            good = json.loads(answer.read())["result"] == "admitted"
            with self.lock:
                self.told += good
                self.figures.scans += 1
                self.figures.bad += not good
        line.close()

    def watch(self, over: threading.Event) -> None:
        """One board: looks until all have come and it has shown so, or a second later."""
        line, version, shown, deadline = self._line(), "", 0, 0.0
        while not deadline or (shown != len(self.hall.codes) and time.monotonic() < deadline):
            if over.is_set() and not deadline:
                deadline = time.monotonic() + SOON_SECONDS
            before = self.told
            headers = bearer_of(self.house.port, self.hall) | ({"If-None-Match": version} if version else {})
            line.request("GET", f"{self.path}/counts", None, headers)
            answer = line.getresponse()
            body = answer.read()
            if answer.status == 200:
                shown, version = json.loads(body)["arrived"], answer.headers["ETag"]
            with self.lock:
                self.figures.looks += 1
                self.figures.unchanged += answer.status == 304
                self.figures.bad += answer.status not in (200, 304)
                self.figures.above += shown > self.asked
                self.figures.below += shown < before
        with self.lock:
            self.figures.late += shown != len(self.hall.codes)
        line.close()

    def _line(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=PATIENCE_SECONDS)


def watch_the_door(folder: Path, scans: int, url: str | None = None, seed: int = 0) -> BoardFigures:
    """So many scans by eight phones under the eyes of three boards that never rest."""
    figures = BoardFigures()
    with Live(folder, url, 2, 8, still=True) as house:
        while figures.scans < scans:
            watch(house, min(CHUNK, scans - figures.scans), figures)
    return figures


def watch(house: Live, scans: int, figures: BoardFigures) -> None:
    """So many scans at a new event of a running house."""
    with house.rows() as session:
        hall = make_hall(session, scans)
    door, over = _Door(house, hall, figures), threading.Event()
    boards = [threading.Thread(target=door.watch, args=(over,)) for _ in range(BOARDS)]
    phones = [threading.Thread(target=door.scan, args=(hall.codes[n::PHONES],)) for n in range(PHONES)]
    for thread in (*boards, *phones):
        thread.start()
    for phone in phones:
        phone.join()
    over.set()
    for board in boards:
        board.join()
