"""A guest's phone: names only as answers to a search, never a list."""

import re
from secrets import token_hex

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.checkin import devices
from organizer.checkin.models import CheckIn
from organizer.checkin.searching import is_enough
from organizer.domain.door import DeviceKind
from organizer.domain.lifecycle import RegistrationState
from tests.checkin.rows import Evening, Guest, make_evening
from tests.factories import NOW


@pytest.mark.parametrize("query", ["高", "高橋", "たか", "ﾀｶ", "ta", "12", "㈱"])
def test_one_kanji_or_two_other_signs_are_enough(query: str) -> None:
    assert is_enough(query)


@pytest.mark.parametrize("query", ["", " ", "た", "ﾀ", "t", "・・・", "  　", "--", "é", "\u3099"])
def test_less_is_not(query: str) -> None:
    assert not is_enough(query)


@pytest.fixture
def evening(rows: Session) -> Evening:
    return make_evening(rows)


@pytest.fixture
def guest(evening: Evening) -> Guest:
    evening.guest(name="村上 健太", reading="むらかみ けんた")
    return evening.guest(name="高橋 玲子", reading="たかはし れいこ")


def paired(client: FlaskClient, evening: Evening, kind: DeviceKind) -> FlaskClient:
    _, token = devices.make(evening.session, evening.event, kind, now=NOW)
    evening.session.commit()
    client.set_cookie("enishi-door", token)
    return client


@pytest.fixture
def phone(client: FlaskClient, evening: Evening, guest: Guest) -> FlaskClient:
    return paired(client, evening, DeviceKind.GUEST)


@pytest.fixture
def here(evening: Evening) -> str:
    return f"/events/{evening.event.public_id}/door"


@pytest.mark.parametrize("query", ["", "た", "・", "む"])
def test_without_a_name_nobody_is_shown(phone: FlaskClient, here: str, query: str) -> None:
    page = phone.get(f"{here}/search", query_string={"q": query}).text
    assert "漢字 1 文字" in page
    for name in ("高橋", "村上"):
        assert name not in page


def test_a_name_finds_its_person_who_is_taken_in_and_back(
    phone: FlaskClient, rows: Session, here: str, guest: Guest
) -> None:
    page = phone.get(f"{here}/search", query_string={"q": "たかはし"}).text
    assert "高橋 玲子" in page
    assert "村上" not in page
    data = {"key": token_hex(16), "q": "たかはし"}
    base = f"{here}/search/{guest.registration.public_id}"
    taken = phone.post(f"{base}/check-in", data=data, follow_redirects=True).text
    assert "どうぞ" in taken or "受付" in taken
    row = rows.scalars(select(CheckIn)).one()
    assert row.device_id is not None
    assert row.by_id is None
    assert "12:00" in phone.get(f"{here}/search", query_string={"q": "高"}).text
    phone.post(f"{base}/undo", data=data)
    rows.expire_all()
    assert row.voided_at == NOW
    assert phone.post(f"{base}/check-in", data={"key": "x"}).status_code == 422


@pytest.mark.parametrize("kind", [DeviceKind.GUEST, DeviceKind.STAFF])
@pytest.mark.parametrize("typed", ["{}", "http://localhost/q/{}", "ｈｔｔｐｓ：／／例．テスト／ｑ／{}"])
def test_a_scanner_that_types_before_the_script_is_up_finds_its_person(
    client: FlaskClient, evening: Evening, guest: Guest, here: str, kind: DeviceKind, typed: str
) -> None:
    """The plain form of the scanner page leads to somebody who is named by the ticket's code, and by it alone."""
    door = paired(client, evening, kind)
    action = re.search(r'role="search" method="get" action="([^"]+)"', door.get(here).text)
    assert action
    page = door.get(action[1], query_string={"q": typed.format(guest.code)}).text
    assert "高橋 玲子" in page
    assert "村上" not in page
    assert f"/{guest.registration.public_id}/check-in" in page


@pytest.mark.parametrize("kind", [DeviceKind.GUEST, DeviceKind.STAFF])
def test_a_code_of_nobody_of_this_event_finds_nobody(
    client: FlaskClient, rows: Session, evening: Evening, guest: Guest, here: str, kind: DeviceKind
) -> None:
    elsewhere = make_evening(rows, 1).guests[0].code
    cancelled = evening.guest(RegistrationState.CANCELLED, name="高橋 一").code
    old, guest.ticket.revoked_at = guest.code, NOW
    door = paired(client, evening, kind)
    path = "/search" if kind is DeviceKind.GUEST else "/list"
    for code in (elsewhere, cancelled, old, "0" * 26):
        page = door.get(f"{here}{path}", query_string={"q": code})
        assert page.status_code == 200
        for name in ("高橋", "村上", '/check-in"'):
            assert name not in page.text


@pytest.mark.parametrize("path", ["/list", "/list?q=takahashi", "/list.pdf"])
def test_the_list_is_not_there_for_it(phone: FlaskClient, here: str, path: str) -> None:
    answer = phone.get(f"{here}{path}")
    assert answer.status_code == 404
    assert "高橋" not in answer.text


@pytest.mark.parametrize("act", ["check-in", "undo"])
def test_nor_are_its_acts(phone: FlaskClient, here: str, guest: Guest, act: str) -> None:
    data = {"key": token_hex(16)}
    assert phone.post(f"{here}/list/{guest.registration.public_id}/{act}", data=data).status_code == 404


def test_a_helpers_phone_sees_the_list(
    client: FlaskClient, evening: Evening, guest: Guest, here: str
) -> None:
    page = paired(client, evening, DeviceKind.STAFF).get(f"{here}/list").text
    assert "高橋 玲子" in page
    assert "村上 健太" in page


def test_ended_it_opens_nothing(phone: FlaskClient, rows: Session, evening: Evening, here: str) -> None:
    device = devices.listed(rows, evening.event, NOW)[0].device
    devices.revoke(rows, evening.event, device.public_id, by=evening.owner, now=NOW)
    rows.commit()
    for page in ("/search?q=takahashi", "/list"):
        assert phone.get(f"{here}{page}").status_code == 401
