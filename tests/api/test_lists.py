"""A circle's events and registrations for other apps: in pages, of that circle alone, nothing told in confidence."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event as alchemy
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.checkin.models import CheckIn
from organizer.circles.models import ApiToken, Circle
from organizer.db import Database
from organizer.domain.door import TokenScope
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.roles import CircleRole
from organizer.domain.ticketing import CheckInMethod
from organizer.events.models import Event
from organizer.web.unit import App
from tests.api.apps import carrying, device_of, token_of
from tests.checkin.rows import make_evening
from tests.factories import (
    NOW,
    make_circle,
    make_event,
    make_member,
    make_person,
    make_registration,
    make_target,
)

EVENTS = "/api/v1/events"


@pytest.fixture
def circle(rows: Session) -> Circle:
    return make_circle(rows, make_person(rows))


@pytest.fixture
def reader(app: App, rows: Session, circle: Circle) -> FlaskClient:
    """Another app that reads the circle."""
    client = carrying(app, token_of(rows, circle))
    rows.commit()
    return client


def registrations(event: Event) -> str:
    return f"{EVENTS}/{event.public_id}/registrations"


def pages(client: FlaskClient, path: str, limit: int = 2) -> Iterator[dict[str, Any]]:
    """Every page of a list, one after another."""
    cursor: str | None = ""
    while cursor is not None:
        more = {"cursor": cursor} if cursor else {}
        answer = client.get(path, query_string={"limit": limit, **more})
        assert answer.status_code == 200, answer.text
        assert answer.json is not None
        yield answer.json
        cursor = answer.json["next"]


def test_an_event_is_told_with_what_its_pages_say(rows: Session, circle: Circle, reader: FlaskClient) -> None:
    event = make_event(rows, circle, fee_yen=3000, online_url="https://meet.example/secret")
    make_registration(rows, event, make_person(rows), state=RegistrationState.ADMITTED)
    rows.commit()
    answer = reader.get(EVENTS)
    assert answer.content_type == "application/json"
    assert answer.json == {
        "events": [
            {
                "id": event.public_id,
                "url": f"http://localhost/e/{event.public_id}",
                "title": "第12回 朝の会",
                "state": "published",
                "kind": "morning",
                "mode": "venue",
                "starts_at": event.starts_at.isoformat(),
                "ends_at": event.ends_at.isoformat(),
                "doors_open_at": event.doors_open_at.isoformat(),
                "deadline_at": event.deadline_at.isoformat(),
                "time_zone": "Asia/Tokyo",
                "region": "13",
                "place": "丸の内ビル 5 階",
                "address": "東京都千代田区丸の内 2-4-1",
                "admission": "approval",
                "capacity": 24,
                "seats_taken": 1,
                "fee_yen": 3000,
            }
        ],
        "next": None,
    }


def test_pages_hold_each_event_of_the_circle_once(rows: Session, circle: Circle, reader: FlaskClient) -> None:
    elsewhere = make_circle(rows, make_person(rows))
    made = []
    for n in range(5):
        state = EventState.DRAFT if n == 1 else EventState.PUBLISHED
        made.append(make_event(rows, circle, state=state, starts_at=NOW + timedelta(days=9 - n)))
        make_event(rows, elsewhere)
    rows.commit()
    read = []
    for number, page in enumerate(pages(reader, EVENTS)):
        read += [one["id"] for one in page["events"]]
        if number == 0:  # a row that is added while somebody reads comes last, and moves none
            made.append(make_event(rows, circle))
            rows.commit()
    assert read == [event.public_id for event in made]


@pytest.mark.parametrize(
    ("limit", "status"), [("1", 200), ("100", 200), ("0", 422), ("101", 422), ("-1", 422)]
)
def test_the_limit_is_held(
    rows: Session, circle: Circle, reader: FlaskClient, limit: str, status: int
) -> None:
    assert reader.get(EVENTS, query_string={"limit": limit}).status_code == status


@pytest.mark.parametrize(
    ("query", "reason", "field"),
    [
        ("limit=x", "wrong_field", "limit"),
        ("limit=1.0", "wrong_field", "limit"),
        ("limit=１", "wrong_field", "limit"),
        ("limit=", "wrong_field", "limit"),
        ("limit=1&limit=2", "wrong_field", "limit"),
        ("limit=99999999999999999999", "wrong_field", "limit"),
        ("offset=1", "unknown_field", "offset"),
        ("cursor=", "wrong_field", "cursor"),
        ("cursor=x", "wrong_field", "cursor"),
        ("cursor=1", "wrong_field", "cursor"),
        ("cursor=%00", "wrong_field", "cursor"),
        ("cursor=あ", "wrong_field", "cursor"),
        ("cursor=" + "A" * 48, "wrong_field", "cursor"),
        ("cursor=" + "A" * 65, "wrong_field", "cursor"),
    ],
)
def test_a_broken_query_is_told_so(reader: FlaskClient, query: str, reason: str, field: str) -> None:
    answer = reader.get(f"{EVENTS}?{query}")
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.json is not None
    assert (answer.json["reason"], answer.json["field"]) == (reason, field)


def test_a_cursor_fits_its_own_list_alone(
    app: App, rows: Session, circle: Circle, reader: FlaskClient
) -> None:
    other = make_circle(rows, make_person(rows))
    events = [make_event(rows, where) for where in (circle, circle, other, other)]
    for event in events:
        for _ in range(2):
            make_registration(rows, event, make_person(rows))
    rows.commit()
    lists = [EVENTS, registrations(events[0]), registrations(events[1])]
    cursors = []
    for path in lists:
        answer = reader.get(path, query_string={"limit": 1})
        assert answer.json is not None
        cursors.append(answer.json["next"])
    for n, path in enumerate(lists):
        statuses = [reader.get(path, query_string={"cursor": cursor}).status_code for cursor in cursors]
        assert statuses == [200 if n == m else 422 for m in range(len(lists))]
    stranger = carrying(app, token_of(rows, other))
    rows.commit()
    assert stranger.get(EVENTS, query_string={"cursor": cursors[0]}).status_code == 422
    tampered = cursors[0][:-1] + ("A" if cursors[0][-1] != "A" else "B")
    assert reader.get(EVENTS, query_string={"cursor": tampered}).status_code == 422


def test_registrations_tell_what_the_hosts_pages_tell(
    rows: Session, circle: Circle, reader: FlaskClient
) -> None:
    event = make_event(rows, circle)
    target = make_target(rows, event, name="製造業")
    person = make_person(rows, name="高橋 玲子", reading="たかはし れいこ", profile={"company": "ひびき"})
    one = make_registration(
        rows,
        event,
        person,
        state=RegistrationState.ADMITTED,
        target_profile_id=target.id,
        topic="内密の相談",
        introducer="村上さん",
        copy_to="hisho@example.jp",
        decided_at=NOW,
    )
    waiting = make_registration(rows, event, make_person(rows))
    ids = {"circle_id": circle.id, "event_id": event.id, "registration_id": one.id}
    rows.add(CheckIn(**ids, method=CheckInMethod.SCAN, door="入口A", at=NOW))
    gone = make_registration(rows, event, make_person(rows), state=RegistrationState.CANCELLED)
    rows.add(
        CheckIn(**ids | {"registration_id": waiting.id}, method=CheckInMethod.SCAN, at=NOW, voided_at=NOW)
    )
    rows.commit()
    answer = reader.get(registrations(event))
    assert answer.json is not None
    first, second, third = answer.json["registrations"]
    assert first == {
        "id": one.public_id,
        "state": "admitted",
        "name": "高橋 玲子",
        "reading": "たかはし れいこ",
        "company": "ひびき",
        "target": "製造業",
        "first_time": True,
        "introducer": "村上さん",
        "applied_at": NOW.isoformat(),
        "decided_at": NOW.isoformat(),
        "arrival": {"at": NOW.isoformat(), "door": "入口A"},
    }
    assert (second["id"], second["arrival"], second["target"]) == (waiting.public_id, None, None)
    assert (third["id"], third["state"]) == (gone.public_id, "cancelled")
    for kept in ("内密の相談", "hisho@example.jp", str(person.email)):
        assert kept not in answer.text


def test_registrations_come_in_pages_and_by_state(rows: Session, circle: Circle, reader: FlaskClient) -> None:
    event, other = make_event(rows, circle), make_event(rows, circle)
    made = [make_registration(rows, event, make_person(rows)) for _ in range(4)]
    made.append(make_registration(rows, event, make_person(rows), state=RegistrationState.ADMITTED))
    make_registration(rows, other, make_person(rows))
    rows.commit()
    read = [one["id"] for page in pages(reader, registrations(event)) for one in page["registrations"]]
    assert read == [one.public_id for one in made]
    admitted = reader.get(registrations(event), query_string={"state": "admitted"}).json
    assert admitted is not None
    assert [one["id"] for one in admitted["registrations"]] == [made[-1].public_id]
    for wrong in ("gone", "", "ADMITTED"):
        assert reader.get(registrations(event), query_string={"state": wrong}).status_code == 422


def test_other_circles_events_are_not_found(rows: Session, circle: Circle, reader: FlaskClient) -> None:
    other = make_event(rows, make_circle(rows, make_person(rows)))
    rows.commit()
    for path in (registrations(other), f"{EVENTS}/x/registrations", f"{EVENTS}/{'x' * 22}/registrations"):
        answer = reader.get(path)
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_only_a_living_token_of_a_host_opens_them(app: App, rows: Session, circle: Circle) -> None:
    event = make_event(rows, circle)
    place = make_member(rows, circle, make_person(rows), CircleRole.HOST)
    text = token_of(rows, circle, TokenScope.DOOR, place)
    device = device_of(rows, event)
    rows.commit()
    living = carrying(app, text)
    paths = (EVENTS, registrations(event))
    assert [living.get(path).status_code for path in paths] == [200, 200]
    for wrong in ("", "x", text + "x", "eni_api_" + "A" * 43, device):
        for path in paths:
            answer = carrying(app, wrong).get(path)
            assert answer.status_code == 401, wrong
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    place.role = CircleRole.STAFF
    rows.commit()
    assert [living.get(path).status_code for path in paths] == [401, 401]


def test_a_cookie_opens_nothing_here(app: App, rows: Session, circle: Circle, sign_in: Any) -> None:
    person = make_person(rows)
    make_member(rows, circle, person, CircleRole.OWNER)
    event = make_event(rows, circle)
    client = sign_in(person)
    assert client.get(EVENTS).status_code == 401
    assert client.get(registrations(event)).status_code == 401


def test_a_token_never_stands_in_an_address(app: App, rows: Session, circle: Circle) -> None:
    text = token_of(rows, circle)
    rows.commit()
    for query in (f"access_token={text}", f"token={text}", f"cursor={text}"):
        answer = app.test_client().get(f"{EVENTS}?{query}")
        assert answer.status_code == 400
        assert answer.json is not None
        assert answer.json["reason"] == "token_in_address"
        assert text not in answer.text


def test_its_use_at_the_door_is_noted(app: App, rows: Session) -> None:
    evening = make_evening(rows, 1)
    texts = [token_of(rows, evening.circle, TokenScope.DOOR) for _ in range(2)]
    rows.commit()
    root = f"{EVENTS}/{evening.event.public_id}"
    scan = {"code": evening.guests[0].code, "key": "k" * 20}
    assert carrying(app, texts[0]).post(f"{root}/scans", json=scan).status_code == 200
    assert carrying(app, texts[1]).get(f"{root}/door-list").status_code == 200
    rows.expire_all()
    assert rows.scalars(select(ApiToken.used_at)).all() == [NOW, NOW]


def test_a_page_costs_the_same_however_long_it_is(
    rows: Session, circle: Circle, reader: FlaskClient, database: Database
) -> None:
    event = make_event(rows, circle)
    for _ in range(30):
        make_registration(rows, event, make_person(rows))
    rows.commit()
    reader.get(EVENTS)  # by now its use is noted
    said: list[str] = []

    def hear(*told: Any) -> None:
        said.append(told[2])

    alchemy.listen(database.engine, "before_cursor_execute", hear)
    for path, most in ((EVENTS, 2), (registrations(event), 3)):
        said.clear()
        assert reader.get(path).status_code == 200
        assert len([words for words in said if "SAVEPOINT" not in words]) == most
    alchemy.remove(database.engine, "before_cursor_execute", hear)


def test_its_use_is_noted(app: App, rows: Session, circle: Circle, stand_still: Any) -> None:
    text = token_of(rows, circle)
    rows.commit()
    client = carrying(app, text)

    def used() -> object:
        rows.expire_all()
        return rows.scalars(select(ApiToken.used_at)).one()

    assert used() is None
    client.get(EVENTS)
    assert used() == NOW
    stand_still(NOW + timedelta(minutes=9))
    client.get(EVENTS)
    assert used() == NOW
    stand_still(NOW + timedelta(minutes=10))
    client.get(EVENTS)
    assert used() == NOW + timedelta(minutes=10)
