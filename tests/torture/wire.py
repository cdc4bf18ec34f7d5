"""Phones on a line that breaks: three connections in ten are cut amid the question or the answer, and asked again."""

import asyncio
import http.client
import json
import random
import secrets
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import func, select

from organizer.checkin.models import CheckIn, Scan
from organizer.events.models import Event
from tests.bench.crowd import Hall, bearer_of, make_hall
from tests.e2e.live import Live

PHONES = 8
CHUNK = 500
CUT_UP, CUT_DOWN = 0.1, 0.3
"""The share of connections that are cut on the way there, and on the way back."""
LONGEST = 400
"""Bytes after which a line is cut at the latest: within a question, or an answer."""
TRIES = 60


@dataclass
class WireFigures:
    """What came of it. `refused`: tickets whose first entry was told as anything but "admitted"; `unlike`: the same key
    got two answers; `silent`: no answer after many tries; `rows`: tickets without just one arrival and one scan.
    """

    scans: int = 0
    sent: int = 0
    cut: int = 0
    refused: int = 0
    unlike: int = 0
    silent: int = 0
    rows: int = 0

    @property
    def sound(self) -> bool:
        """Whether everybody was let in, once, and told so however often the line broke."""
        return not (self.refused or self.unlike or self.silent or self.rows)


class BadLine:
    """A way to a port of this machine that cuts connections by chance."""

    def __init__(self, port: int, seed: int) -> None:
        self._to, self._luck = port, random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        opening = asyncio.start_server(self._carry, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(opening, self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for other in others:
            other.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        ways = [
            asyncio.ensure_future(self._pass_on(reader, back, self._limit(CUT_UP))),
            asyncio.ensure_future(self._pass_on(there, writer, self._limit(CUT_DOWN))),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            for end in (writer, back):
                end.transport.abort()

    def _limit(self, share: float) -> int | None:
        return self._luck.randrange(LONGEST) if self._luck.random() < share else None

    async def _pass_on(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, limit: int | None
    ) -> None:
        passed = 0
        while data := await source.read(65_536):
            sink.write(data if limit is None else data[: limit - passed])
            await sink.drain()
            passed += len(data)
            if limit is not None and passed >= limit:
                return


def scan_on_a_bad_line(folder: Path, scans: int, url: str | None = None, seed: int = 1) -> WireFigures:
    """So many tickets, each scanned under one key until an answer has come through."""
    figures = WireFigures()
    with Live(folder, url, 2, 8, still=True) as house, BadLine(house.port, seed) as line:
        while figures.scans < scans:
            with house.rows() as session:
                hall = make_hall(session, min(CHUNK, scans - figures.scans))
            _scan(house, line, hall, figures)
            _count_rows(house, hall, figures)
    return figures


def _scan(house: Live, line: BadLine, hall: Hall, figures: WireFigures) -> None:
    headers, lock = bearer_of(house.port, hall), threading.Lock()

    def until_told(code: str) -> None:
        body = json.dumps({"code": code, "key": secrets.token_hex(16)}).encode()
        tries = [_ask(line.port, hall.event, body, headers)]
        while tries[-1] is None and len(tries) < TRIES:
            tries.append(_ask(line.port, hall.event, body, headers))
        again = _ask(house.port, hall.event, body, headers)
        with lock:
            figures.scans += 1
            figures.sent += len(tries)
            figures.cut += tries.count(None)
            figures.silent += tries[-1] is None
            figures.unlike += tries[-1] is not None and tries[-1] != again
            figures.refused += b'"result":"admitted"' not in (again or b"")

    with ThreadPoolExecutor(PHONES) as phones:
        list(phones.map(until_told, hall.codes))


def _ask(port: int, event: str, body: bytes, headers: dict[str, str]) -> bytes | None:
    """The whole answer; None when the line broke before its end."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("POST", f"/api/v1/events/{event}/scans", body, headers)
        answer = line.getresponse()
        body = answer.read()
        return body if answer.headers["Content-Length"] == str(len(body)) else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        line.close()


def _count_rows(house: Live, hall: Hall, figures: WireFigures) -> None:
    for table in (CheckIn, Scan):
        counts = _rows_each(house, hall, table)
        figures.rows += abs(len(hall.codes) - len(counts)) + sum(count != 1 for count in counts)


def _rows_each(house: Live, hall: Hall, table: type[CheckIn] | type[Scan]) -> Sequence[int]:
    each = (
        select(func.count())
        .select_from(table)
        .join(Event, Event.id == table.event_id)
        .where(Event.public_id == hall.event)
        .group_by(table.registration_id)
    )
    with house.database.transaction(writes=False) as session:
        return session.scalars(each).all()
