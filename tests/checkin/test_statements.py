"""How many statements the door takes: few, and no more with a full hall than with an empty one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event as listening
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.checkin.models import Device
from organizer.circles import tokens
from organizer.circles.models import Membership
from organizer.config import Config
from organizer.db import Database
from organizer.domain.door import DeviceKind, TokenScope
from organizer.people.models import Person
from organizer.registrations.tickets import seal
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW

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
    "/api/v1/events/{}/counts",
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


@pytest.mark.parametrize("means", ["device", "host"])
def test_no_scan_by_token_takes_more_than_four(
    client: FlaskClient, database: Database, evening: Evening, means: str
) -> None:
    session = evening.session
    token = evening.device()[1].secret
    if means == "host":
        place = session.scalars(select(Membership).where(Membership.person_id == evening.owner.id)).one()
        token = tokens.make(session, place, name="", scope=TokenScope.DOOR, days=30, now=NOW)[1]
    session.commit()
    url, header = f"/api/v1/events/{evening.event.public_id}/scans", {"Authorization": f"Bearer {token}"}
    client.get(
        url.replace("scans", "door-list"), headers=header
    )  # its use is noted now and then, after an answer
    for number, code in enumerate((evening.guests[0].code, evening.guests[0].code, "0" * 26)):
        for _ in range(2):
            with counting(database) as sent:
                answer = client.post(url, json={"code": code, "key": f"{KEY}-{number}"}, headers=header)
            assert answer.status_code == 200
            assert 0 < len(sent) <= SCAN_AT_MOST, sent
            assert sent[0].startswith("INSERT INTO scan")


@pytest.mark.parametrize("kind", [DeviceKind.STAFF, DeviceKind.GUEST])
def test_the_list_of_a_phone_does_not_grow_with_the_people(
    client: FlaskClient, database: Database, evening: Evening, config: Config, kind: DeviceKind
) -> None:
    _, credential = evening.device(kind)
    device = evening.session.scalars(select(Device)).one()
    device.seen_at = NOW
    evening.session.commit()
    url = f"/api/v1/events/{evening.event.public_id}/door-list"
    counts = []
    for guests in (0, 40):
        for _ in range(guests):
            evening.guest()
        for guest in evening.guests:
            guest.ticket.code_sealed = seal(guest.code, config.secret_key)
        evening.session.commit()
        with counting(database) as sent:
            answer = client.get(url, headers={"Authorization": f"Bearer {credential.secret}"})
        assert answer.status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1] <= PAGE_AT_MOST


def test_taking_in_by_name_takes_four_too(client: FlaskClient, database: Database, evening: Evening) -> None:
    body = {"registration": evening.guests[0].registration.public_id, "key": KEY}
    with counting(database) as sent:
        answer = client.post(f"/api/v1/events/{evening.event.public_id}/scans", json=body)
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
