"""The web server is killed in the middle of the queue: whoever was told "come in" is in, once."""

import json
import secrets
import threading
import urllib.error
import urllib.request
from pathlib import Path

from sqlalchemy import func, select

from organizer.checkin.models import CheckIn, Scan
from organizer.registrations.models import Ticket
from organizer.running.children import Child
from organizer.tokens import digest
from tests.bench.crowd import Hall, make_hall
from tests.bench.scans import headers_of
from tests.e2e.live import Live

PEOPLE = 120
KILLS = 3


def test_nobody_who_was_let_in_is_lost(tmp_path: Path) -> None:
    with Live(tmp_path, workers=2, still=True) as house:
        with house.rows() as session:
            hall = make_hall(session, PEOPLE)
        headers = headers_of(house, hall.staff)
        told: dict[str, str] = {}
        for round_ in range(KILLS):
            share = hall.codes[round_::KILLS]
            _scan_until_killed(house, hall, share, headers, told)
            house.web = Child("web", house.web.command, house.environ, keep=house.web.keep)
            house.__enter__()
        for code in hall.codes:
            _scan(house, hall.event, code, _key(code), headers, told)
        assert set(told.values()) == {"admitted"}
        with house.database.transaction(writes=False) as session:
            entered = session.scalars(
                select(Ticket.code_hash).join(CheckIn, CheckIn.registration_id == Ticket.registration_id)
            ).all()
            assert sorted(entered) == sorted(digest(code) for code in hall.codes)
            assert session.scalar(select(func.count()).select_from(Scan)) == PEOPLE


def _scan_until_killed(
    house: Live, hall: Hall, codes: list[str], headers: dict[str, str], told: dict[str, str]
) -> None:
    """Scan with four phones; the server dies after some of them have been answered."""
    before = len(told)
    phones = [
        threading.Thread(
            target=lambda share=codes[n::4]: [
                _scan(house, hall.event, c, _key(c), headers, told) for c in share
            ]
        )
        for n in range(4)
    ]
    for phone in phones:
        phone.start()
    while len(told) < before + secrets.randbelow(len(codes) // 2) and any(
        phone.is_alive() for phone in phones
    ):
        phones[0].join(0.01)
    house.web.kill()
    for phone in phones:
        phone.join()


def _key(code: str) -> str:
    """A phone sends a scan again with the key it had."""
    return digest(code)[:32]


def _scan(
    house: Live, event: str, code: str, key: str, headers: dict[str, str], told: dict[str, str]
) -> None:
    body = json.dumps({"code": code, "key": key}).encode()
    request = urllib.request.Request(f"{house.url}/api/v1/events/{event}/scans", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            result = json.load(answer)["result"]
    except (OSError, urllib.error.URLError, json.JSONDecodeError):
        return
    assert told.setdefault(code, result) == result
