"""Many scans at once: each on its own, in their order, and one that is bad spoils no other."""

import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from organizer.checkin import scanning
from organizer.checkin.answers import Answer, Asked, KeyReused
from organizer.checkin.batch import scan_all
from organizer.checkin.models import CheckIn, Device, Scan
from organizer.checkin.scanning import Place
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.ticketing import CheckInMethod, ScanResult
from organizer.errors import NotFound
from organizer.people.models import Person
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW

EARLIER = (NOW - timedelta(minutes=5)).isoformat()


def key() -> str:
    return secrets.token_hex(16)


def asked(code: str | None = None, **values: Any) -> Asked:
    return Asked(**({"key": key(), "method": CheckInMethod.SCAN, "code": code, "offline": True} | values))


def place(evening: Evening) -> Place:
    return Place(evening.event.id, evening.circle.id, evening.staff.id)


def test_each_is_answered_in_its_place(session: Session) -> None:
    evening = make_evening(session, 3)
    one, other, third = evening.guests
    same = asked(third.code)
    batch = [
        asked(one.code, at=NOW - timedelta(minutes=3)),
        asked("0" * 26),
        asked(one.code, at=NOW - timedelta(minutes=2), told=ScanResult.ALREADY),
        asked(registration="r" * 22, method=CheckInMethod.SEARCH),
        asked(registration=other.registration.public_id, method=CheckInMethod.SEARCH),
        same,
        same,
        Asked(same.key, CheckInMethod.SCAN, code=one.code, offline=True),
    ]
    answers = scan_all(session, place(evening), batch, NOW)
    results = [answer.result.value if isinstance(answer, Answer) else type(answer) for answer in answers]
    assert results == [
        "admitted",
        "refused",
        "already",
        NotFound,
        "admitted",
        "admitted",
        "admitted",
        KeyReused,
    ]
    assert answers[5] == answers[6]
    assert session.scalar(select(func.count()).select_from(Scan)) == 5
    assert session.scalar(select(func.count()).select_from(CheckIn)) == 3


def test_an_entry_that_was_none_contradicts_no_other_of_its_batch(session: Session) -> None:
    """The first try of a later scan had lain in the wire; its phone said meanwhile that they were in already."""
    evening = make_evening(session, 1)
    early, late = NOW - timedelta(minutes=5), NOW - timedelta(minutes=3)
    again = Asked(key(), CheckInMethod.SCAN, code=evening.guests[0].code, at=late)
    scanning.scan_at(session, place(evening), again, NOW)
    told = asked(again.code, key=again.key, at=late, told=ScanResult.ALREADY)
    entry = asked(again.code, at=early, told=ScanResult.ADMITTED)
    answers = scan_all(session, place(evening), [entry, told], NOW)
    assert [one.result for one in answers if isinstance(one, Answer)] == [ScanResult.ADMITTED] * 2
    assert [one.conflict for one in answers if isinstance(one, Answer)] == [None, None]
    standing = session.scalars(select(CheckIn.at).where(CheckIn.voided_at.is_(None))).all()
    assert standing == [early]
    assert session.scalars(select(Scan.entered).order_by(Scan.at)).all() == [True, False]


def test_the_batch_again_is_answered_the_same(session: Session) -> None:
    evening = make_evening(session, 4)
    batch = [asked(guest.code, at=NOW - timedelta(minutes=n)) for n, guest in enumerate(evening.guests)]
    first = scan_all(session, place(evening), batch, NOW)
    evening.guests[0].registration.state = RegistrationState.CANCELLED
    session.flush()
    assert scan_all(session, place(evening), batch[::-1], NOW + timedelta(hours=9))[::-1] == first
    assert session.scalar(select(func.count()).select_from(Scan)) == 4


def test_one_that_cannot_be_written_spoils_no_other(
    session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    evening = make_evening(session, 3)
    bad = evening.guests[1]
    evening.scan(bad.code)
    first = scanning._first

    def poisoned(seen: Any) -> Any:
        if seen.registration_id == bad.registration.id:
            session.execute(insert(CheckIn).values(event_id=None))
        return first(seen)

    monkeypatch.setattr(scanning, "_first", poisoned)
    batch = [asked(guest.code, offline=False) for guest in evening.guests]
    answers = scan_all(session, place(evening), batch, NOW)
    assert [isinstance(answer, Answer) for answer in answers] == [True, False, True]
    assert "IntegrityError" in caplog.text
    assert session.scalar(select(func.count()).select_from(Scan)) == 3
    monkeypatch.setattr(scanning, "_first", first)
    (again,) = scan_all(session, place(evening), [batch[1]], NOW)
    assert isinstance(again, Answer)
    assert again.result is ScanResult.ALREADY


@pytest.fixture
def evening(rows: Session) -> Evening:
    return make_evening(rows, 2)


def post(client: FlaskClient, evening: Evening, body: object, token: str, **headers: str) -> TestResponse:
    evening.session.commit()
    url = f"/api/v1/events/{evening.event.public_id}/scans/batch"
    answer = client.post(url, json=body, headers={"Authorization": f"Bearer {token}", **headers})
    evening.session.expire_all()
    return answer


MALFORMED = [
    (7, "not_an_object", None),
    (None, "not_an_object", None),
    ({}, "missing_field", "key"),
    ({"key": "k" * 32}, "missing_field", "code"),
    ({"key": "k" * 32, "code": "x", "registration": "r" * 22}, "too_many_fields", "registration"),
    ({"key": "k" * 32, "code": 7}, "wrong_field", "code"),
    ({"key": "short", "code": "x"}, "wrong_field", "key"),
    ({"key": "k" * 32, "code": "x", "at": "yesterday"}, "wrong_field", "at"),
    ({"key": "k" * 32, "code": "x", "offline": "yes"}, "wrong_field", "offline"),
    ({"key": "k" * 32, "code": "x", "told": "maybe"}, "wrong_field", "told"),
    ({"key": "k" * 32, "code": "x", "admitted": True}, "unknown_field", "admitted"),
    ({"key": "k" * 32, "registration": "r" * 22}, "not_found", "registration"),
]


def test_an_item_that_is_none_is_refused_in_its_place(client: FlaskClient, evening: Evening) -> None:
    _, credential = evening.device()
    good = {"code": evening.guests[0].code, "key": key(), "at": EARLIER, "offline": True}
    body = {"scans": [item for item, _, _ in MALFORMED] + [good]}
    answer = post(client, evening, body, credential.secret)
    assert answer.status_code == 200
    assert answer.json is not None
    *bad, told = answer.json["results"]
    assert [(one["result"], one["reason"]) for one in bad] == [("refused", "malformed")] * len(MALFORMED)
    assert [(one["problem"], one["field"]) for one in bad] == [(code, field) for _, code, field in MALFORMED]
    assert told["result"] == "admitted"
    assert evening.session.scalar(select(func.count()).select_from(Scan)) == 1
    assert post(client, evening, body, credential.secret).data == answer.data


BROKEN = [
    ({}, "missing_field"),
    ({"scans": {}}, "wrong_field"),
    ({"scans": "x"}, "wrong_field"),
    ({"scans": [], "more": 1}, "unknown_field"),
    ({"scans": [{}] * 501}, "too_many"),
    ([], "not_an_object"),
]


@pytest.mark.parametrize(("body", "reason"), BROKEN)
def test_what_is_no_batch_changes_nothing(
    client: FlaskClient, evening: Evening, body: object, reason: str
) -> None:
    _, credential = evening.device()
    answer = post(client, evening, body, credential.secret)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.json is not None
    assert answer.json["reason"] == reason
    assert evening.session.scalar(select(func.count()).select_from(Scan)) == 0


def test_five_hundred_at_once_and_none(client: FlaskClient, evening: Evening) -> None:
    _, credential = evening.device()
    scans = [{"code": "0" * 26, "key": f"{n:032}", "at": EARLIER, "offline": True} for n in range(500)]
    answer = post(client, evening, {"scans": scans}, credential.secret)
    assert answer.json is not None
    assert [one["reason"] for one in answer.json["results"]] == ["unknown_code"] * 500
    assert post(client, evening, {"scans": []}, credential.secret).json == {"results": []}


def test_a_phone_tells_its_clock_and_what_it_has_still_to_send(client: FlaskClient, evening: Evening) -> None:
    device, credential = evening.device()
    off = timedelta(days=-700)
    scan = {"code": evening.guests[0].code, "key": key(), "offline": True}
    scan["at"] = (NOW - timedelta(minutes=5) + off).isoformat()
    told = {"X-Phone-Clock": (NOW + off).isoformat(), "X-Unsent": "7"}
    answer = post(client, evening, {"scans": [scan]}, credential.secret, **told)
    assert answer.json is not None
    (one,) = answer.json["results"]
    assert one["conflict"] == {"kind": "clock", "first_at": None, "first_door": None}
    check_in = evening.session.scalars(select(CheckIn)).one()
    assert (check_in.at, check_in.device_id) == (NOW - timedelta(minutes=5), device.id)
    known = evening.session.scalars(select(Device)).one()
    assert (known.unsent, known.clock_offset_ms, known.seen_at) == (7, 700 * 86_400_000, NOW)


def test_a_signed_in_browser_may_send_many_too(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    sign_in(evening.staff)
    evening.session.commit()
    url = f"/api/v1/events/{evening.event.public_id}/scans/batch"
    body = {"scans": [{"code": evening.guests[0].code, "key": key()}]}
    answer = client.post(url, data=json.dumps(body), content_type="application/json")
    assert answer.json is not None
    assert answer.json["results"][0]["result"] == "admitted"
