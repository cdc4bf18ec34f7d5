"""Scans where few and where 100,000 registrations lie in the database, turn by turn; 50 boards that look on."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import text

from tests.bench.crowd import Hall, bearer_of, make_hall, scan_all
from tests.bench.scans import Measured, cpu_of, durable_postgres, measure
from tests.e2e.live import Live

FEW, MANY, HALL = 60, 100_000, 1_000
TURNS, PHONES = 8, 8
SLOWER_GOAL, CPU_GOAL = 1.10, 1.10
BOARDS, BOARD_EVERY, BOARD_SECONDS, BOARD_GOAL = 50, 2.5, 20, 0.1


def fill(house: Live, registrations: int) -> None:
    """So many registrations at other events, of circles of their own, as they would lie there after years."""
    for _ in range(0, registrations, HALL):
        with house.rows() as session:
            make_hall(session, min(HALL, registrations))
    with house.database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ANALYZE"))


def compare(folder: Path, few_url: str | None, many_url: str | None) -> list[tuple[Measured, Measured]]:
    """(few, many) of each turn."""
    found = []
    with ExitStack() as stack:
        houses = []
        for name, url, registrations in (("few", few_url, FEW), ("many", many_url, MANY)):
            (folder / name).mkdir()
            house = Live(folder / name, url, 2, 8, still=True)
            fill(house, registrations)
            houses.append(stack.enter_context(house))
        for turn in range(TURNS + 1):
            pair = [measure(house, (PHONES, "bearer"), FEW) for house in houses[:: 1 if turn % 2 else -1]]
            if turn:
                found.append((pair[0], pair[1]) if turn % 2 else (pair[1], pair[0]))
    return found


def show(name: str, found: list[tuple[Measured, Measured]]) -> bool:
    """Print; whether many cost no more than few."""
    slower = statistics.median(many.load.percentile(0.5) / few.load.percentile(0.5) for few, many in found)
    dearer = sum(many.cpu for _, many in found) / sum(few.cpu for few, _ in found)
    bad = sum(one.load.bad for pair in found for one in pair)
    met = slower <= SLOWER_GOAL and dearer <= CPU_GOAL and not bad
    print(
        f"  {name:<11} p50 × {slower:.2f}, CPU × {dearer:.2f}, with {MANY:,} registrations against {FEW}"
        f" (goal ≤ {SLOWER_GOAL:.2f}){'' if met else '   ← missed'}"
    )
    return met


def measure_many(folder: Path) -> bool:
    """Both databases."""
    print(f"\nScans by {PHONES} phones, {TURNS} turns of {FEW}")
    (folder / "sqlite").mkdir()
    good = show("sqlite", compare(folder / "sqlite", None, None))
    (folder / "postgresql").mkdir()
    for place in (folder, folder / "postgresql"):
        place.chmod(0o755)
    with durable_postgres(folder / "postgresql") as url:
        few, many = (_database(url, name) for name in ("few", "many"))
        return show("postgresql", compare(folder / "postgresql", few, many)) and good


def _database(url: str, name: str) -> str:
    """A new database of that server."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return url.replace("/postgres?", f"/{name}?")


@dataclass
class Boards:
    """Seconds of CPU of the web processes a second, at rest and while people come beyond what the arrivals cost."""

    rest: float
    coming: float
    looks: int
    bad: int


def measure_boards(folder: Path) -> Boards:
    """50 boards look every 2.5 s; first nobody comes, then one every half second."""
    with Live(folder, None, 2, 8) as house:
        with house.rows() as session:
            hall = make_hall(session, FEW)
        told: list[int] = []
        over = threading.Event()
        boards = [threading.Thread(target=_board, args=(house, hall, n, told, over)) for n in range(BOARDS)]
        for board in boards:
            board.start()
        time.sleep(2 * BOARD_EVERY)
        rest = _cores(house, lambda: time.sleep(BOARD_SECONDS))
        coming = _cores(house, lambda: _come(house, hall))
        over.set()
        for board in boards:
            board.join()
        own = _cores_of_scans(house)
    return Boards(rest, coming - own, len(told), sum(status not in (200, 304) for status in told))


def _board(house: Live, hall: Hall, number: int, told: list[int], over: threading.Event) -> None:
    over.wait(BOARD_EVERY * number / BOARDS)
    line, version = http.client.HTTPConnection("127.0.0.1", house.port, timeout=30), ""
    while not over.is_set():
        headers = bearer_of(house.port, hall) | ({"If-None-Match": version} if version else {})
        line.request("GET", f"/api/v1/events/{hall.event}/counts", None, headers)
        answer = line.getresponse()
        answer.read()
        version = answer.headers["ETag"] or version
        told.append(answer.status)
        over.wait(BOARD_EVERY)
    line.close()


def _come(house: Live, hall: Hall) -> None:
    """Somebody every half second."""
    ends = time.monotonic() + BOARD_SECONDS
    for code in hall.codes:
        scan_all(house.port, hall.event, [code], bearer_of(house.port, hall), 1)
        time.sleep(0.5)
        if time.monotonic() > ends:
            return


def _cores_of_scans(house: Live) -> float:
    """The same arrivals with nobody watching."""
    with house.rows() as session:
        hall = make_hall(session, FEW)
    return _cores(house, lambda: _come(house, hall))


def _cores(house: Live, act: Callable[[], None]) -> float:
    before, began = cpu_of(house), time.monotonic()
    act()
    return (cpu_of(house) - before) / (time.monotonic() - began)


def show_boards(found: Boards) -> bool:
    """Print; whether the goal was reached."""
    met = max(found.rest, found.coming) <= BOARD_GOAL and not found.bad
    print(
        f"\n{BOARDS} boards, a look every {BOARD_EVERY} s each ({found.looks} looks), goal ≤ {BOARD_GOAL} of a core"
    )
    print(f"  {found.rest:.3f} at rest, {found.coming:.3f} while somebody comes every half second", end="")
    print("" if met else "   ← missed")
    return met
