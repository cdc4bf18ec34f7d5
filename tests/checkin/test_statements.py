"""How many statements the door takes: few, and no more with a full hall than with an empty one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event as listening
from sqlalchemy.orm import Session

from organizer.db import Database
from organizer.people.models import Person
from tests.checkin.rows import Evening, make_evening

TRANSACTION_CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
KEY = "0123456789abcdef" * 2
SCAN_AT_MOST = 4
PAGE_AT_MOST = 8
PAGES = [
    "/events/{}/door",
    "/events/{}/door/list",
    "/events/{}/door/list?q=tanaka",
    "/events/{}/door/try",
    "/events/{}/board",
    "/api/v1/events/{}/search?q=tanaka",
    "/api/v1/events/{}/count",
]


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    """The statements sent within the block, transaction control not counted."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.lstrip().upper().startswith(TRANSACTION_CONTROL):
            sent.append(statement)

    listening.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        listening.remove(database.engine, "before_cursor_execute", note)


@pytest.fixture
def evening(rows: Session, sign_in: Callable[[Person], FlaskClient]) -> Evening:
    evening = make_evening(rows, 5, capacity=100)
    sign_in(evening.staff)
    return evening


def test_no_scan_takes_more_than_four(client: FlaskClient, database: Database, evening: Evening) -> None:
    codes = {
        "admitted": evening.guests[0].code,
        "already": evening.guests[0].code,
        "refused": "0" * 26,
    }
    url = f"/api/v1/events/{evening.event.public_id}/scans"
    for number, (result, code) in enumerate(codes.items()):
        with counting(database) as sent:
            answer = client.post(url, json={"code": code, "key": f"{KEY}-{number}"})
        assert answer.json is not None
        assert answer.json["result"] == result
        assert 0 < len(sent) <= SCAN_AT_MOST, sent
        with counting(database) as again:
            assert client.post(url, json={"code": code, "key": f"{KEY}-{number}"}).data == answer.data
        assert len(again) <= SCAN_AT_MOST, again
        assert sent[0].startswith("INSERT INTO scan")


def test_taking_in_by_name_takes_four_too(client: FlaskClient, database: Database, evening: Evening) -> None:
    body = {"registration": evening.guests[0].registration.public_id, "key": KEY}
    with counting(database) as sent:
        answer = client.post(f"/api/v1/events/{evening.event.public_id}/check-ins", json=body)
    assert answer.status_code == 200
    assert len(sent) <= SCAN_AT_MOST


@pytest.mark.parametrize("path", PAGES)
def test_no_page_grows_with_the_people(
    client: FlaskClient, database: Database, evening: Evening, path: str
) -> None:
    url = path.format(evening.event.public_id)
    with counting(database) as few:
        assert client.get(url).status_code == 200
    for _ in range(40):
        guest = evening.guest()
        evening.scan(guest.code)
    evening.session.commit()
    with counting(database) as many:
        assert client.get(url).status_code == 200
    assert len(few) == len(many) <= PAGE_AT_MOST, many
