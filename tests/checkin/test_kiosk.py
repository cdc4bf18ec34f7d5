"""The tablet people use themselves: it takes tickets, shows a first name, opens nothing else, and has a PIN."""

from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_hex

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.audit.models import AuditEntry
from organizer.checkin import devices, kiosk
from organizer.checkin.models import CheckIn, Device, Scan
from organizer.domain.door import DeviceKind
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.ticketing import CheckInMethod
from organizer.people import passwords
from organizer.people.models import Person, SignIn
from tests.checkin.rows import Evening, Guest, make_evening
from tests.factories import NOW, make_person

SignInPerson = Callable[[Person], FlaskClient]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("高橋 玲子", "玲子"),
        ("高橋　玲子", "玲子"),
        ("髙橋玲子", "髙"),
        ("𠮷田一郎", "𠮷"),
        ("Anna Schmidt", "Anna"),
        ("Ōno Tarō", "Ōno"),
        ("ジョン・スミス", "ジョン"),
        ("たかはし れいこ", "れいこ"),
        ("佐藤 マリア 花子", "花子"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_the_tablet_shows_a_first_name(name: str, shown: str) -> None:
    assert kiosk.first_name(name) == shown


def make(session: Session, pin: str = "2468") -> tuple[Evening, Device, str]:
    evening = make_evening(session)
    device, token = kiosk.start(
        session, evening.event, passwords.hashed(pin), by=evening.owner, browser="iPad", now=NOW
    )
    return evening, device, token


def test_a_kiosk_is_found_by_its_token_alone(session: Session) -> None:
    evening, device, token = make(session)
    found = kiosk.find(session, token, NOW)
    assert found is not None
    assert (found[0].id, found[1].id, device.kind) == (device.id, evening.event.id, DeviceKind.KIOSK)
    _, helper = devices.make(session, evening.event, DeviceKind.STAFF, now=NOW)
    assert kiosk.find(session, helper, NOW) is None
    assert kiosk.find(session, "", NOW) is None


def test_five_tries_then_five_minutes(session: Session) -> None:
    _evening, device, _token = make(session)
    assert [kiosk.note_try(session, device.id, NOW) is not None for _ in range(7)] == [True] * 5 + [False] * 2
    assert kiosk.left(session, device.id, NOW) == 0
    almost = NOW + kiosk.WAIT - timedelta(seconds=1)
    assert kiosk.note_try(session, device.id, almost) is None
    assert kiosk.left(session, device.id, NOW + kiosk.WAIT) == 5
    assert kiosk.note_try(session, device.id, NOW + kiosk.WAIT) == device.pin_hash
    assert kiosk.left(session, device.id, NOW + kiosk.WAIT) == 4


def test_a_kiosk_that_was_left_is_over(session: Session) -> None:
    _evening, device, token = make(session)
    assert kiosk.end(session, device.id, NOW)
    assert not kiosk.end(session, device.id, NOW)
    assert kiosk.find(session, token, NOW) is None
    assert kiosk.note_try(session, device.id, NOW) is None
    session.flush()
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == device.id)).all()
    assert {"device.made", "device.left"} <= set(acts)


# The pages


@pytest.fixture
def evening(rows: Session) -> Evening:
    return make_evening(rows)


@pytest.fixture
def guest(evening: Evening) -> Guest:
    return evening.guest(name="高橋 玲子", reading="たかはし れいこ", profile={"company": "株式会社ひびき"})


@pytest.fixture
def tablet(guest: Guest, evening: Evening, sign_in: SignInPerson) -> FlaskClient:
    """A tablet that has just become a kiosk, with the PIN 2468."""
    client = sign_in(evening.staff)
    started = client.post(start(evening), data={"pin": "2468", "again": "2468"})
    assert (started.status_code, started.location) == (303, "/kiosk")
    return client


def start(evening: Evening) -> str:
    return f"/events/{evening.event.public_id}/kiosk/start"


def say(tablet: FlaskClient, **body: object) -> dict[str, object]:
    answer = tablet.post("/kiosk/read", json={"key": token_hex(16)} | body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("pin", "again"),
    [("123", "123"), ("123456789", "123456789"), ("12ab", "12ab"), ("", ""), ("2468", "2469")],
)
def test_the_pin_is_four_to_eight_digits_typed_twice(
    rows: Session, evening: Evening, sign_in: SignInPerson, pin: str, again: str
) -> None:
    answer = sign_in(evening.staff).post(start(evening), data={"pin": pin, "again": again})
    assert answer.status_code == 422
    assert rows.scalars(select(Device)).all() == []


def test_starting_ends_the_sign_in_of_this_browser(
    tablet: FlaskClient, rows: Session, evening: Evening
) -> None:
    device = rows.scalars(select(Device)).one()
    assert device.kind is DeviceKind.KIOSK
    assert device.pin_hash is not None
    assert "2468" not in device.pin_hash
    assert rows.scalars(select(SignIn.ended_at).where(SignIn.ended_at.is_not(None))).all() == [NOW]
    page = tablet.get("/kiosk").text
    assert "ようこそ" in page
    assert "data-nobody" in page, "the list that was kept here goes with the sign-in"
    for other in ("受付名簿", "サインアウト", evening.staff.name):
        assert other not in page


def test_only_who_may_scan_starts_one(evening: Evening, rows: Session, sign_in: SignInPerson) -> None:
    client = sign_in(make_person(rows))
    assert client.get(start(evening)).status_code == 404
    assert client.post(start(evening), data={"pin": "2468", "again": "2468"}).status_code == 404


def test_a_ticket_is_taken_and_a_first_name_shown(tablet: FlaskClient, rows: Session, guest: Guest) -> None:
    said = say(tablet, code=guest.code)
    assert (said["kind"], said["name"]) == ("ok", "玲子さん")
    assert said["lines"] == ["会費 3,000 円は受付でお支払いください。"]
    text = str(said)
    for hidden in ("高橋", "たかはし", "ひびき", guest.registration.public_id):
        assert hidden not in text
    arrived = rows.scalars(select(CheckIn)).one()
    assert (arrived.registration_id, arrived.method) == (guest.registration.id, CheckInMethod.KIOSK)
    again = say(tablet, code=guest.code)
    assert (again["kind"], again["word"]) == ("again", "受付済みです")
    assert "12:00 に受付が済んでいます。" in again["lines"]  # type: ignore[operator]


def test_the_same_key_is_answered_the_same(tablet: FlaskClient, rows: Session, guest: Guest) -> None:
    key = token_hex(16)
    first, second = say(tablet, code=guest.code, key=key), say(tablet, code=guest.code, key=key)
    assert first == second
    assert len(rows.scalars(select(Scan)).all()) == 1
    assert tablet.post("/kiosk/read", json={"code": "x", "key": key}).status_code == 422


def test_a_number_asks_first_whether_that_is_the_person(
    tablet: FlaskClient, rows: Session, guest: Guest
) -> None:
    number = str(guest.ticket.number)
    asked = say(tablet, number=number)
    assert (asked["kind"], asked["name"], asked["lines"]) == ("ask", "玲子さん", [])
    assert rows.scalars(select(CheckIn)).all() == []
    assert say(tablet, number=number, sure=True)["kind"] == "ok"
    assert rows.scalars(select(CheckIn.method)).one() is CheckInMethod.KIOSK
    unknown = "9999" if number != "9999" else "9998"
    assert say(tablet, number=unknown)["word"] == "この番号のチケットはありません"


@pytest.mark.parametrize("state", [RegistrationState.CANCELLED, RegistrationState.WAITLISTED])
def test_who_has_no_place_is_sent_to_the_desk(
    tablet: FlaskClient, rows: Session, evening: Evening, state: RegistrationState
) -> None:
    other = evening.guest(state, name="取消 太郎")
    rows.commit()
    said = say(tablet, code=other.code)
    assert said["kind"] == "stop"
    assert "受付の係" in str(said["lines"])
    assert "取消" not in str(said)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"code": "x", "number": "1234"},
        {"number": "12"},
        {"number": 1234},
        {"code": "x" * 3000},
        {"code": "x", "more": 1},
        {"code": "x", "key": "short"},
    ],
)
def test_a_broken_request_changes_nothing(
    tablet: FlaskClient, rows: Session, body: dict[str, object]
) -> None:
    assert tablet.post("/kiosk/read", json={"key": token_hex(16)} | body).status_code == 422
    assert rows.scalars(select(Scan)).all() == []


def test_whatever_is_typed_the_tablet_stays(tablet: FlaskClient, evening: Evening, guest: Guest) -> None:
    here = f"/events/{evening.event.public_id}"
    for address in ("/", "/sign-in", f"{here}/door", f"{here}/door/list", f"{here}/board", f"{here}/self"):
        answer = tablet.get(address)
        assert (answer.status_code, answer.location) == (303, "/kiosk"), address
    assert tablet.post("/sign-in", data={"email": "a@example.jp"}).location == "/kiosk"
    assert tablet.get(f"{here}/self/code").status_code == 200


def test_its_token_opens_no_page_of_the_door(tablet: FlaskClient, rows: Session, evening: Evening) -> None:
    """Even without the cookie that keeps the browser where it is."""
    tablet.delete_cookie("enishi-kiosk")
    here = f"/events/{evening.event.public_id}"
    assert tablet.get(f"{here}/door/list").status_code in (302, 404)
    assert tablet.get(f"{here}/devices").status_code == 302
    assert "高橋" not in tablet.get(f"{here}/door/list", follow_redirects=True).text


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/door-list"), ("GET", "/search?q=takahashi"), ("GET", "/counts"), ("POST", "/scans")],
)
def test_its_token_is_nobodys_at_the_api(
    client: FlaskClient, rows: Session, guest: Guest, evening: Evening, method: str, path: str
) -> None:
    _, token = kiosk.start(rows, evening.event, "hash", by=evening.owner, browser="", now=NOW)
    rows.commit()
    body = {"code": guest.code, "key": token_hex(16)} if method == "POST" else None
    bearer = {"Authorization": f"Bearer {token}"}
    path = f"/api/v1/events/{evening.event.public_id}{path}"
    answer = client.open(path, method=method, json=body, headers=bearer)
    assert answer.status_code == 404
    assert "高橋" not in answer.text
    assert rows.scalars(select(Scan)).all() == []


def test_the_pin_leaves_it_and_five_wrong_ones_do_not(
    tablet: FlaskClient, rows: Session, stand_still: Callable[[datetime], None]
) -> None:
    for left in (4, 3, 2, 1):
        wrong = tablet.post("/kiosk/leave", data={"pin": "1111"})
        assert wrong.status_code == 422
        assert f"あと {left} 回" in wrong.text
    assert tablet.post("/kiosk/leave", data={"pin": "1111"}).status_code == 422
    locked = tablet.post("/kiosk/leave", data={"pin": "2468"})
    assert locked.status_code == 429
    assert "5 分お待ちいただくか" in locked.text
    assert tablet.get("/kiosk").status_code == 200
    stand_still(NOW + timedelta(minutes=5))
    done = tablet.post("/kiosk/leave", data={"pin": "2468"})
    assert (done.status_code, done.location) == (303, "/sign-in")
    assert done.headers["Clear-Site-Data"] == '"cache"', "scans kept on the tablet are not lost"
    assert tablet.get("/kiosk").status_code == 302
    rows.expire_all()
    assert rows.scalars(select(Device.revoked_at)).one() == NOW + timedelta(minutes=5)


def test_ended_from_afar_it_says_so_and_is_an_ordinary_browser(
    tablet: FlaskClient, rows: Session, evening: Evening, guest: Guest
) -> None:
    device = rows.scalars(select(Device)).one()
    devices.revoke(rows, evening.event, device.public_id, by=evening.owner, now=NOW)
    rows.commit()
    assert tablet.post("/kiosk/read", json={"key": token_hex(16), "code": guest.code}).status_code == 401
    over = tablet.get("/kiosk")
    assert (over.status_code, "このタブレットの受付は終わりました" in over.text) == (401, True)
    assert tablet.get("/sign-in").status_code == 200


def test_a_helpers_phone_that_strays_here_stays_what_it_is(
    client: FlaskClient, rows: Session, evening: Evening
) -> None:
    _, token = devices.make(rows, evening.event, DeviceKind.STAFF, now=NOW)
    rows.commit()
    client.set_cookie("enishi-door", token)
    for path in ("/kiosk", "/kiosk/leave"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "enishi-door" not in str(answer.headers.getlist("Set-Cookie"))
    assert client.get(f"/events/{evening.event.public_id}/door/list").status_code == 200


def test_it_speaks_english_too(tablet: FlaskClient, guest: Guest) -> None:
    tablet.post("/language", data={"locale": "en", "next": "/kiosk"})
    assert "Please check in here" in tablet.get("/kiosk").text
    said = tablet.post("/kiosk/read", json={"key": token_hex(16), "code": guest.code}).json
    assert said["word"] == "Welcome"
