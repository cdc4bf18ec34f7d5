"""The list a phone keeps: what decides is in it, who is on it depends on whose phone it is, and no more is told."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from organizer.checkin.door_list import card_key
from organizer.checkin.models import DoorNote
from organizer.config import Config
from organizer.domain.door import DeviceKind
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.rounds import PlanState, RoundState
from organizer.people.models import Person
from organizer.registrations.tickets import seal
from organizer.rounds.models import Round, Seat, SeatingPlan
from organizer.tokens import digest
from tests.checkin.rows import Evening, Guest, make_evening, make_ticket
from tests.factories import NOW, make_person, make_registration


@pytest.fixture
def evening(rows: Session, config: Config) -> Evening:
    evening = make_evening(rows, title="第12回 朝の会")
    for name, reading in (("高橋 玲子", "たかはし れいこ"), ("伊藤 純", "いとう じゅん")):
        guest = evening.guest(name=name, reading=reading, profile={"company": "株式会社ひびき"})
        guest.ticket.code_sealed = seal(guest.code, config.secret_key)
    return evening


def get(client: FlaskClient, evening: Evening, token: str, path: str = "", **headers: str) -> TestResponse:
    evening.session.commit()
    url = f"/api/v1/events/{evening.event.public_id}/door-list{path}"
    answer = client.get(url, headers={"Authorization": f"Bearer {token}"} | headers)
    evening.session.expire_all()
    return answer


def body_of(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 200
    assert isinstance(answer.json, dict)
    return answer.json


def sit(evening: Evening, guest: Guest, tables: dict[int, int], running: int) -> None:
    """Let a guest sit at these tables by round, in a published plan whose round of that number runs."""
    session, here = evening.session, {"circle_id": evening.circle.id, "event_id": evening.event.id}
    plan = SeatingPlan(
        **here, generation=1, state=PlanState.PUBLISHED, rounds=len(tables), table_size=4, asked_at=NOW
    )
    session.add(plan)
    session.flush()
    for number, table in tables.items():
        ended = RoundState.ENDED if number < running else RoundState.PLANNED
        state = RoundState.RUNNING if number == running else ended
        session.add(Round(**here, number=number, minutes=10, state=state))
        place = {"plan_id": plan.id, "round": number, "table_number": table, "person_id": guest.person.id}
        session.add(Seat(circle_id=evening.circle.id, **place))
    session.flush()


def test_staff_see_everybody_with_what_the_door_needs(client: FlaskClient, evening: Evening) -> None:
    device, credential = evening.device(name="入口の iPad")
    guest = evening.guests[0]
    sit(evening, guest, {1: 7, 2: 3, 3: 5}, running=2)
    note = {"circle_id": evening.circle.id, "event_id": evening.event.id, "words": "VIP、席は卓1", "at": NOW}
    evening.session.add(DoorNote(**note, registration_id=guest.registration.id))
    evening.scan(guest.code, door="入口A")
    body = body_of(get(client, evening, credential.secret))
    version = body.pop("version")
    people = body.pop("people")
    assert len(version) == 32
    ends = evening.event.ends_at
    assert body == {
        "now": NOW.isoformat(),
        "wipe_at": (ends + timedelta(hours=6)).isoformat(),
        "device": {"id": device.public_id, "kind": "staff", "name": "入口の iPad"},
        "event": {
            "id": evening.event.public_id,
            "title": "第12回 朝の会",
            "state": "published",
            "opens_at": (evening.event.starts_at - timedelta(hours=1)).isoformat(),
            "closes_at": (ends + timedelta(hours=1)).isoformat(),
            "fee_yen": 3000,
            "time_zone": "Asia/Tokyo",
        },
        "sees_list": True,
    }
    assert [person["name"] for person in people] == ["伊藤 純", "高橋 玲子"]
    assert people[1] == {
        "id": guest.registration.public_id,
        "name": "高橋 玲子",
        "reading": "たかはし れいこ",
        "company": "株式会社ひびき",
        "number": guest.ticket.number,
        "first_time": True,
        "introducer": "",
        "fee_due": 3000,
        "table": 3,
        "note": "VIP、席は卓1",
        "state": "admitted",
        "first_at": NOW.isoformat(),
        "first_door": "入口A",
        "tickets": [{"hash": digest(guest.code), "revoked": False}],
    }


def test_codes_and_what_is_nobodys_business_are_not_on_it(client: FlaskClient, evening: Evening) -> None:
    secret = make_person(
        evening.session,
        email="canary-mail@example.jp",
        phone="090-0000-1111",
        profile={"wish": {"words": "canary-wish"}, "gives": [], "challenges": [{"words": "canary-worry"}]},
    )
    row = make_registration(
        evening.session, evening.event, secret, state=RegistrationState.ADMITTED, topic="canary-topic"
    )
    _, code = make_ticket(evening.session, row)
    for kind in (DeviceKind.STAFF, DeviceKind.GUEST):
        text = get(client, evening, evening.device(kind)[1].secret).text
        for word in ("canary", "090-", code, evening.guests[0].code, "@example"):
            assert word not in text


def test_who_was_turned_down_after_having_a_ticket_is_known_by_it(
    client: FlaskClient, evening: Evening
) -> None:
    _, credential = evening.device()
    cancelled, revoked = evening.guests
    cancelled.registration.state = RegistrationState.CANCELLED
    cancelled.ticket.revoked_at = NOW
    revoked.ticket.revoked_at = NOW
    _, code = make_ticket(evening.session, revoked.registration)
    make_registration(evening.session, evening.event, make_person(evening.session))
    people = body_of(get(client, evening, credential.secret))["people"]
    told = {person["id"]: (person["state"], person["fee_due"], person["tickets"]) for person in people}
    assert told == {
        cancelled.registration.public_id: (
            "cancelled",
            0,
            [{"hash": digest(cancelled.code), "revoked": True}],
        ),
        revoked.registration.public_id: (
            "admitted",
            3000,
            [{"hash": digest(revoked.code), "revoked": True}, {"hash": digest(code), "revoked": False}],
        ),
    }


def test_a_guests_phone_reads_a_card_only_with_its_ticket(client: FlaskClient, evening: Evening) -> None:
    _, credential = evening.device(DeviceKind.GUEST)
    answer = get(client, evening, credential.secret)
    for word in ("高橋", "玲子", "たかはし", "ひびき", evening.guests[0].registration.public_id):
        assert word not in answer.text
    people = body_of(answer)["people"]
    assert all(
        set(person) == {"state", "first_at", "first_door", "tickets", "fee_due", "sealed"}
        for person in people
    )
    one, other = evening.guests
    mine = next(person for person in people if person["tickets"][0]["hash"] == digest(one.code))
    iv, data = (base64.b64decode(mine["sealed"][part]) for part in ("iv", "data"))
    card = json.loads(AESGCM(card_key(one.code)).decrypt(iv, data, None))
    assert (card["name"], card["id"], card["number"]) == (
        "高橋 玲子",
        one.registration.public_id,
        one.ticket.number,
    )
    with pytest.raises(InvalidTag):
        AESGCM(card_key(other.code)).decrypt(iv, data, None)


@pytest.mark.parametrize("kind", [DeviceKind.STAFF, DeviceKind.GUEST])
def test_it_is_sent_again_only_when_something_has_changed(
    client: FlaskClient, evening: Evening, kind: DeviceKind
) -> None:
    _, credential = evening.device(kind)
    guest = evening.guests[0]
    first = get(client, evening, credential.secret)
    version = body_of(first)["version"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = get(client, evening, credential.secret, f"?since={version}")
    assert (again.status_code, again.data) == (304, b"")
    etag = {"If-None-Match": first.headers["ETag"]}
    assert get(client, evening, credential.secret, **etag).status_code == 304
    changes: list[Callable[[], object]] = [
        lambda: evening.scan(guest.code),
        lambda: setattr(guest.registration, "state", RegistrationState.CANCELLED),
        lambda: setattr(guest.ticket, "revoked_at", NOW),
        lambda: setattr(guest.person, "name", "髙橋 玲子"),
        lambda: sit(evening, evening.guests[1], {1: 4}, running=1),
        lambda: setattr(evening.event, "ends_at", NOW + timedelta(hours=5)),
    ]
    for change in changes:
        change()
        evening.session.flush()
        body = body_of(get(client, evening, credential.secret, f"?since={version}"))
        assert body["version"] != version
        version = body["version"]


def test_a_member_without_a_device_reads_it_too(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    sign_in(evening.staff)
    body = body_of(client.get(f"/api/v1/events/{evening.event.public_id}/door-list"))
    assert (body["device"], body["sees_list"], len(body["people"])) == (None, True, 2)


def test_ended_devices_and_those_of_other_events_read_nothing(client: FlaskClient, evening: Evening) -> None:
    device, credential = evening.device()
    _, kiosk = evening.device(DeviceKind.KIOSK)
    _, other = make_evening(evening.session).device()
    assert get(client, evening, other.secret).status_code == 404
    assert get(client, evening, kiosk.secret).status_code == 404
    device.revoked_at = NOW
    evening.session.flush()
    answer = get(client, evening, credential.secret)
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
