"""A link pairs one phone, once, within a day; looking at it spends nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer import create_app
from organizer.audit.service import entries
from organizer.checkin import devices, pairing
from organizer.checkin.models import Device, DeviceLink
from organizer.checkin.pairing import Standing
from organizer.config import Config
from organizer.db import Database
from organizer.domain.door import DeviceKind
from organizer.errors import NotFound
from organizer.jobs.knock import ring_with
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW

SECRET = "test-" * 10
DAY = timedelta(hours=24)


def invite(evening: Evening, kind: DeviceKind = DeviceKind.GUEST, name: str = "入口B 佐藤さん") -> DeviceLink:
    return pairing.invite(
        evening.session, evening.event, kind, name, by=evening.owner, now=NOW, secret_key=SECRET
    )


def pair(evening: Evening, token: str, browser: str = "phone", at: timedelta = timedelta(0)):  # type: ignore[no-untyped-def]
    return pairing.pair(
        evening.session, token, browser=browser, agent="Safari · iPhone", now=NOW + at, secret_key=SECRET
    )


def made(session: Session) -> int:
    return session.scalar(select(func.count(Device.id))) or 0


def test_a_link_makes_one_device_of_its_kind(session: Session) -> None:
    evening = make_evening(session)
    link = invite(evening)
    token = pairing.token_of(link, SECRET)
    assert len(token) == 24
    device, own = pair(evening, token)
    assert (device.kind, device.name, device.browser) == (
        DeviceKind.GUEST,
        "入口B 佐藤さん",
        "Safari · iPhone",
    )
    assert (device.event_id, device.made_by_id, device.person_id) == (
        evening.event.id,
        evening.owner.id,
        None,
    )
    assert devices.find(session, own, NOW) is device
    session.refresh(link)
    assert pairing.standing(link, NOW) is Standing.USED
    assert pair(evening, token, browser="another") is None
    assert made(session) == 1
    session.flush()
    assert [entry.act for entry in entries(session, "device_link", link.id)] == ["device_link.made"]


def test_the_same_phone_that_presses_twice_is_one_device(session: Session) -> None:
    evening = make_evening(session)
    token = pairing.token_of(invite(evening), SECRET)
    first, own = pair(evening, token)
    again, same = pair(evening, token)
    assert (again.id, same) == (first.id, own)
    assert made(session) == 1


def test_once_ended_the_same_phone_does_not_come_back_by_the_same_link(session: Session) -> None:
    evening = make_evening(session)
    token = pairing.token_of(invite(evening), SECRET)
    device, _own = pair(evening, token)
    assert devices.revoke(session, evening.event, device.public_id, by=evening.owner, now=NOW)
    assert pair(evening, token) is None


def test_a_link_is_good_for_a_day_and_until_it_is_taken_back(session: Session) -> None:
    evening = make_evening(session)
    late, taken_back = invite(evening), invite(evening)
    assert pairing.standing(late, NOW + DAY - timedelta(seconds=1)) is Standing.OPEN
    assert pairing.standing(late, NOW + DAY) is Standing.EXPIRED
    assert pair(evening, pairing.token_of(late, SECRET), at=DAY) is None
    assert pairing.revoke(session, taken_back, by=evening.owner, now=NOW)
    assert not pairing.revoke(session, taken_back, by=evening.owner, now=NOW)
    session.refresh(taken_back)
    assert pairing.standing(taken_back, NOW) is Standing.REVOKED
    assert pair(evening, pairing.token_of(taken_back, SECRET)) is None
    assert [link.id for link in pairing.unused(session, evening.event, NOW)] == [late.id]
    assert made(session) == 0


def test_what_is_in_the_database_opens_nothing(session: Session) -> None:
    evening = make_evening(session)
    link = invite(evening)
    for text in (link.token_hash, link.public_id, "x" * 24, ""):
        with pytest.raises(NotFound):
            pairing.find(session, text)
    with pytest.raises(NotFound):
        pairing.find(session, pairing.token_of(link, "another secret of this house"))


def test_links_are_for_staff_and_guests_alone(session: Session) -> None:
    with pytest.raises(ValueError, match="staff and of guests"):
        invite(make_evening(session), DeviceKind.KIOSK)


# The pages


@pytest.fixture
def evening(rows: Session) -> Evening:
    return make_evening(rows, guests=2)


@pytest.fixture
def token(evening: Evening, rows: Session, config: Config) -> str:
    token = pairing.token_of(invite(evening), config.secret_key)
    rows.commit()
    return token


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_at_a_link_changes_nothing(
    method: str, client: FlaskClient, rows: Session, token: str
) -> None:
    for _ in range(3):
        answer = client.open(f"/d/{token}", method=method)
        assert answer.status_code == 200
    assert "enishi-door" not in answer.headers.get("Set-Cookie", "")
    assert made(rows) == 0
    assert rows.scalar(select(DeviceLink.used_at)) is None


def test_the_button_pairs_the_phone_and_leads_to_the_door(
    client: FlaskClient, rows: Session, evening: Evening, token: str
) -> None:
    shown = client.get(f"/d/{token}").text
    assert evening.event.title in shown
    assert "入口B 佐藤さん" in shown
    assert "このスマートフォンで受付する" in shown
    answer = client.post(f"/d/{token}")
    assert (answer.status_code, answer.location) == (303, f"/events/{evening.event.public_id}/door")
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("enishi-door="))
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    device = rows.scalars(select(Device)).one()
    assert cookie.split("=")[1].startswith(devices.PREFIX)
    assert device.kind is DeviceKind.GUEST


def test_a_double_press_is_answered_like_a_single_one(client: FlaskClient, rows: Session, token: str) -> None:
    client.get(f"/d/{token}")
    first, second = client.post(f"/d/{token}"), client.post(f"/d/{token}")
    assert first.location == second.location
    assert made(rows) == 1
    assert "このスマートフォンはつながっています" in client.get(f"/d/{token}").text


def test_a_second_phone_is_told_kindly(client: FlaskClient, rows: Session, token: str) -> None:
    client.post(f"/d/{token}")
    other = client.application.test_client()
    for answer in (other.get(f"/d/{token}"), other.post(f"/d/{token}")):
        assert answer.status_code == 410
        assert "enishi-door" not in answer.headers.get("Set-Cookie", "")
    words = other.get(f"/d/{token}", headers={"Accept-Language": "en"}).text
    assert "Nothing has happened to this one." in words
    assert made(rows) == 1


def test_a_link_that_is_over_says_so(
    client: FlaskClient, rows: Session, token: str, stand_still: object
) -> None:
    stand_still(NOW + DAY)  # type: ignore[operator]
    answer = client.get(f"/d/{token}")
    assert (answer.status_code, "期限が過ぎました" in answer.text) == (410, True)
    assert client.post(f"/d/{token}").status_code == 410
    assert client.get("/d/" + "x" * 24).status_code == 404
    assert client.post("/d/" + "x" * 24).status_code == 404


def test_on_https_the_cookie_is_for_this_host_alone(
    config: Config, database: Database, rows: Session, evening: Evening
) -> None:
    secure = replace(config, base_url="https://localhost")
    app = create_app(secure, database)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    ring_with(None)
    token = pairing.token_of(invite(evening), secure.secret_key)
    rows.commit()
    answer = app.test_client().post(f"/d/{token}", base_url="https://localhost")
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if "enishi-door" in line)
    assert cookie.startswith("__Host-enishi-door=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
