"""The door's API: decisions are 200, broken requests are 4xx, and nobody else gets anything."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from organizer.audit.models import AuditEntry
from organizer.checkin.models import CheckIn, FeePayment, Scan
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.roles import CircleRole
from organizer.people import sessions
from organizer.people.models import Person
from organizer.web.unit import App
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW, make_circle, make_member, make_person

KEY = "0123456789abcdef" * 2


@pytest.fixture
def evening(rows: Session, sign_in: Callable[[Person], FlaskClient]) -> Evening:
    evening = make_evening(rows)
    sign_in(evening.staff)
    return evening


def post(client: FlaskClient, evening: Evening, path: str, **body: object) -> TestResponse:
    evening.session.commit()
    answer = client.post(f"/api/v1/events/{evening.event.public_id}{path}", json=body)
    evening.session.expire_all()
    return answer


def get(client: FlaskClient, evening: Evening, path: str, **headers: str) -> TestResponse:
    evening.session.commit()
    return client.get(f"/api/v1/events/{evening.event.public_id}{path}", headers=headers)


def number_of(rows: Session, table: type[Scan] | type[CheckIn] | type[FeePayment]) -> int:
    return rows.scalar(select(func.count()).select_from(table)) or 0


def test_a_scan_is_answered_with_all_the_door_needs(client: FlaskClient, evening: Evening) -> None:
    guest = evening.guest(name="高橋 玲子", reading="たかはし れいこ", profile={"company": "株式会社ひびき"})
    answer = post(client, evening, "/scans", code=guest.code, key=KEY, door="入口A")
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert answer.json == {
        "result": "admitted",
        "reason": None,
        "first_at": None,
        "first_door": None,
        "registration": {
            "id": guest.registration.public_id,
            "name": "高橋 玲子",
            "reading": "たかはし れいこ",
            "company": "株式会社ひびき",
            "first_time": True,
            "introducer": "",
            "fee_due": 3000,
            "number": guest.ticket.number,
            "table": None,
            "note": "",
        },
        "conflict": None,
        "count": {"arrived": 1, "expected": 1},
    }
    again = post(client, evening, "/scans", code=guest.code, key=KEY[::-1])
    assert again.json is not None
    assert (again.json["result"], again.json["first_door"]) == ("already", "入口A")
    assert again.json["first_at"] == NOW.isoformat()


def test_a_refusal_is_an_answer_too(client: FlaskClient, evening: Evening) -> None:
    answer = post(client, evening, "/scans", code="https://example.jp/poster", key=KEY)
    assert answer.status_code == 200
    assert answer.json is not None
    assert (answer.json["result"], answer.json["reason"], answer.json["registration"]) == (
        "refused",
        "unknown_code",
        None,
    )


def test_the_same_request_again_is_answered_byte_for_byte(client: FlaskClient, evening: Evening) -> None:
    guest = evening.guest()
    first = post(client, evening, "/scans", code=guest.code, key=KEY)
    evening.guest()
    second = post(client, evening, "/scans", code=guest.code, key=KEY, door="入口B")
    assert first.data == second.data
    assert number_of(evening.session, Scan) == 1


def test_a_key_with_another_code_is_a_broken_request(client: FlaskClient, evening: Evening) -> None:
    one, other = evening.guest(), evening.guest()
    post(client, evening, "/scans", code=one.code, key=KEY)
    answer = post(client, evening, "/scans", code=other.code, key=KEY)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert answer.json["reason"] == "key_reused"
    assert number_of(evening.session, CheckIn) == 1


CODE = "0" * 26
BROKEN: list[tuple[object, int, str]] = [
    ({"code": CODE}, 422, "missing_field"),
    ({"key": KEY}, 422, "missing_field"),
    ({}, 422, "missing_field"),
    ({"code": CODE, "key": KEY, "role": "owner"}, 422, "unknown_field"),
    ({"code": CODE, "key": KEY, "result": "admitted"}, 422, "unknown_field"),
    ({"code": 12, "key": KEY}, 422, "wrong_field"),
    ({"code": [CODE], "key": KEY}, 422, "wrong_field"),
    ({"code": "", "key": KEY}, 422, "wrong_field"),
    ({"code": "9" * 2049, "key": KEY}, 422, "wrong_field"),
    ({"code": CODE, "key": "short"}, 422, "wrong_field"),
    ({"code": CODE, "key": "x" * 65}, 422, "wrong_field"),
    ({"code": CODE, "key": "not a key at all!"}, 422, "wrong_field"),
    ({"code": CODE, "key": KEY + "\n"}, 422, "wrong_field"),
    ({"code": CODE, "key": KEY, "at": "yesterday"}, 422, "wrong_field"),
    ({"code": CODE, "key": KEY, "at": "2026-12-01T12:00:00"}, 422, "wrong_field"),
    ({"code": CODE, "key": KEY, "at": 1764558000}, 422, "wrong_field"),
    ({"code": CODE, "key": KEY, "at": "0001-01-01T00:00:00+14:00"}, 422, "wrong_field"),
    ({"code": CODE, "key": KEY, "door": "x" * 41}, 422, "wrong_field"),
    ({"code": CODE, "key": KEY, "door": True}, 422, "wrong_field"),
    ([CODE, KEY], 422, "not_an_object"),
    ("scan", 422, "not_an_object"),
    (None, 422, "not_an_object"),
]


@pytest.mark.parametrize(("body", "status", "reason"), BROKEN)
def test_a_broken_request_is_told_so_and_changes_nothing(
    client: FlaskClient, evening: Evening, body: object, status: int, reason: str
) -> None:
    raw = json.dumps(body)
    _assert_problem(client, evening, raw.encode(), "application/json", status, reason)


RAW: list[tuple[bytes, str, int, str | None]] = [
    (b"", "application/json", 400, "malformed"),
    (b"{", "application/json", 400, "malformed"),
    (b"[" * 5000, "application/json", 400, "malformed"),
    (b'{"code": ' + b"[" * 40 + b"]" * 40 + b"}", "application/json", 400, "malformed"),
    (b'{"code": NaN}', "application/json", 400, "malformed"),
    (b'{"code": Infinity}', "application/json", 400, "malformed"),
    (b'{"code": ' + b"9" * 9000 + b"}", "application/json", 400, "malformed"),
    (b'{"code": "a", "code": "b"}', "application/json", 400, "malformed"),
    (b'\xff\xfe{"code": "a"}', "application/json", 400, "malformed"),
    (b'{"code": "\\ud800"}', "application/json", 422, "missing_field"),
    (b'{"code": "a"}', "text/plain", 415, "not_json"),
    (b'{"code": "a"}', "", 415, "not_json"),
    (b"code=a", "application/x-www-form-urlencoded", 415, "not_json"),
    (b"x" * 20_000, "application/json", 413, "too_large"),
    (b"x" * 600_000, "application/json", 413, "too_large"),
]


@pytest.mark.parametrize(("raw", "mimetype", "status", "reason"), RAW)
def test_what_is_no_json_of_ours(
    client: FlaskClient, evening: Evening, raw: bytes, mimetype: str, status: int, reason: str | None
) -> None:
    _assert_problem(client, evening, raw, mimetype, status, reason)


def _assert_problem(
    client: FlaskClient, evening: Evening, raw: bytes, mimetype: str, status: int, reason: str | None
) -> None:
    evening.session.commit()
    url = f"/api/v1/events/{evening.event.public_id}/scans"
    answer = client.post(url, data=raw, headers={"Content-Type": mimetype} if mimetype else {})
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.json is not None
    assert answer.json.get("reason") == reason
    assert number_of(evening.session, Scan) == 0


@pytest.mark.parametrize("code", ["\0", "\ud800", "\u202e" + "0" * 26, "'; DROP TABLE scan; --", "🎫" * 500])
def test_odd_codes_are_no_tickets(client: FlaskClient, evening: Evening, code: str) -> None:
    answer = post(client, evening, "/scans", code=code, key=KEY, door="\0入口\u202eA")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["reason"] == "unknown_code"
    assert evening.session.scalars(select(Scan)).one().door == "入口A"


def test_a_phone_whose_clock_was_reset_is_heard(client: FlaskClient, evening: Evening) -> None:
    guest = evening.guest()
    answer = post(
        client, evening, "/scans", code=guest.code, key=KEY, at="1970-01-01T00:00:00+09:00", offline=True
    )
    assert answer.json is not None
    assert (answer.json["result"], answer.json["conflict"]["kind"]) == ("admitted", "clock")
    row = evening.session.scalars(select(Scan)).one()
    assert (row.at.year, row.received_at) == (1969, NOW)


def test_strangers_find_nothing(
    client: FlaskClient, rows: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    evening = make_evening(rows)
    guest = evening.guest(name="秘密 太郎")
    stranger = make_person(rows)
    make_circle(rows, stranger)
    sign_in(stranger)
    registration = guest.registration.public_id
    for path, body in _writes(guest.code, registration):
        answer = post(client, evening, path, **body)
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    for path in ("/search?q=秘密", "/counts"):
        answer = get(client, evening, path)
        assert answer.status_code == 404
        assert "秘密" not in answer.text
    assert number_of(rows, Scan) == number_of(rows, CheckIn) == number_of(rows, FeePayment) == 0


def test_who_is_not_signed_in_is_told_so(client: FlaskClient, rows: Session) -> None:
    evening = make_evening(rows, 1)
    for path, body in _writes(evening.guests[0].code, evening.guests[0].registration.public_id):
        assert post(client, evening, path, **body).status_code == 401
    assert get(client, evening, "/search?q=a").status_code == 401
    assert get(client, evening, "/counts").status_code == 401


def _writes(code: str, registration: str) -> list[tuple[str, dict[str, object]]]:
    return [
        ("/scans", {"code": code, "key": KEY}),
        ("/scans", {"registration": registration, "key": KEY}),
        (f"/check-ins/{registration}/undo", {}),
        (f"/check-ins/{registration}/fee", {"taken": True}),
    ]


@pytest.mark.parametrize("role", list(CircleRole))
def test_every_role_may_stand_at_the_door(
    client: FlaskClient, rows: Session, sign_in: Callable[[Person], FlaskClient], role: CircleRole
) -> None:
    evening = make_evening(rows, 1)
    helper = make_person(rows)
    make_member(rows, evening.circle, helper, role)
    sign_in(helper)
    assert post(client, evening, "/scans", code=evening.guests[0].code, key=KEY).status_code == 200


def test_a_role_taken_away_counts_at_once(client: FlaskClient, evening: Evening) -> None:
    guest = evening.guest()
    for member in evening.session.scalars(
        select(type(make_member(evening.session, make_circle(evening.session), guest.person)))
    ):
        if member.person_id == evening.staff.id:
            evening.session.delete(member)
    assert post(client, evening, "/scans", code=guest.code, key=KEY).status_code == 404


def test_only_rows_of_this_event_can_be_touched(client: FlaskClient, evening: Evening) -> None:
    other = make_evening(evening.session, 1).guests[0].registration
    for path, body in _writes("", other.public_id)[1:]:
        assert post(client, evening, path, **body).status_code == 404
    for odd in ("x", "%00", "..", "x" * 300):
        assert post(client, evening, f"/check-ins/{odd}/undo").status_code in (404, 308)


def test_a_request_without_token_or_from_elsewhere_is_turned_away(
    app: App, client: FlaskClient, evening: Evening
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    guest = evening.guest()
    body = {"code": guest.code, "key": KEY}
    assert post(client, evening, "/scans", **body).status_code == 400
    page = client.get(f"/events/{evening.event.public_id}/door").text
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    url = f"/api/v1/events/{evening.event.public_id}/scans"
    right = {"X-CSRFToken": token}
    for headers in (
        right | {"Origin": "https://elsewhere.example"},
        right | {"Sec-Fetch-Site": "cross-site"},
    ):
        assert client.post(url, json=body, headers=headers).status_code == 403
    plain = right | {"Content-Type": "text/plain"}
    assert client.post(url, data=json.dumps(body), headers=plain).status_code == 415
    assert number_of(evening.session, Scan) == 0
    assert client.post(url, json=body, headers=right | {"Origin": "http://localhost"}).status_code == 200


def test_search_finds_the_admitted_of_this_event(client: FlaskClient, evening: Evening) -> None:
    wanted = evening.guest(name="髙橋 玲子", reading="たかはし れいこ", profile={"company": "株式会社ひびき"})
    evening.guest(name="村上 健太", reading="むらかみ けんた", profile={"company": "村上精工"})
    evening.guest(RegistrationState.APPLIED, name="高橋 申込", reading="たかはし もうしこみ")
    make_evening(evening.session).guest(name="高橋 別", reading="たかはし べつ")
    for query in ("高橋", "たかはし", "takahashi", "ひびき", str(wanted.ticket.number)):
        found = get(client, evening, f"/search?q={query}").json
        assert found is not None
        assert [person["name"] for person in found["people"]] == ["髙橋 玲子"], query
    found = get(client, evening, "/search?q=nobody").json
    assert found == {"people": []}
    assert get(client, evening, "/search?q=" + "a" * 81).status_code == 422
    assert get(client, evening, "/search?q=%00").json == {"people": []}


def test_somebody_found_by_name_is_taken_in_once(client: FlaskClient, evening: Evening) -> None:
    guest = evening.guest()
    body = {"registration": guest.registration.public_id, "key": KEY, "door": "入口A"}
    first = post(client, evening, "/scans", **body)
    assert first.json is not None
    assert first.json["result"] == "admitted"
    assert post(client, evening, "/scans", **body).data == first.data
    other = post(client, evening, "/scans", **(body | {"key": KEY[::-1]}))
    assert other.json is not None
    assert (other.json["result"], other.json["first_door"]) == ("already", "入口A")
    assert evening.session.scalars(select(CheckIn)).one().method.value == "search"


def test_undo_leaves_all_as_it_was_and_can_be_done_over(client: FlaskClient, evening: Evening) -> None:
    guest = evening.guest()
    path = f"/check-ins/{guest.registration.public_id}/undo"
    post(client, evening, "/scans", code=guest.code, key=KEY)
    undone = post(client, evening, path)
    assert undone.json == {"undone": True, "count": {"arrived": 0, "expected": 1}}
    assert post(client, evening, path).json == {"undone": False, "count": {"arrived": 0, "expected": 1}}
    entry = evening.session.scalars(select(AuditEntry).where(AuditEntry.act == "check_in.undone")).one()
    assert (entry.subject_id, entry.actor_id) == (guest.registration.id, evening.staff.id)
    again = post(client, evening, "/scans", code=guest.code, key=KEY[::-1])
    assert again.json is not None
    assert again.json["result"] == "admitted"
    assert guest.registration.state is RegistrationState.ADMITTED


def test_the_fee_is_noted_once_and_can_be_taken_back(client: FlaskClient, evening: Evening) -> None:
    guest = evening.guest()
    path = f"/check-ins/{guest.registration.public_id}/fee"
    assert post(client, evening, path, taken=True).json == {"fee_taken": 3000}
    assert post(client, evening, path, taken=True).json == {"fee_taken": 3000}
    assert number_of(evening.session, FeePayment) == 1
    scanned = post(client, evening, "/scans", code=guest.code, key=KEY)
    assert scanned.json is not None
    assert scanned.json["registration"]["fee_due"] == 0
    assert post(client, evening, path, taken=False).json == {"fee_taken": 0}
    again = post(client, evening, "/scans", code=guest.code, key=KEY[::-1])
    assert again.json is not None
    assert again.json["registration"]["fee_due"] == 3000
    acts = evening.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert [act for act in acts if act.startswith("fee")] == ["fee.taken", "fee.taken_back"]
    assert post(client, evening, path, taken="yes").status_code == 422


def test_no_fee_is_taken_where_there_is_none(
    client: FlaskClient, rows: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    evening = make_evening(rows, 1, fee_yen=0)
    sign_in(evening.staff)
    path = f"/check-ins/{evening.guests[0].registration.public_id}/fee"
    assert post(client, evening, path, taken=True).json == {"fee_taken": 0}


def test_a_session_that_has_ended_scans_no_more(
    client: FlaskClient, evening: Evening, stand_still: Callable[..., None]
) -> None:
    guest = evening.guest()
    sessions.end(evening.session, evening.staff.id, NOW)
    assert post(client, evening, "/scans", code=guest.code, key=KEY).status_code == 401
    stand_still(NOW + timedelta(days=40))
    assert post(client, evening, "/scans", code=guest.code, key=KEY).status_code == 401
