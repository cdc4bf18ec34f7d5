"""The list of an event's devices: what each is doing, and how one is ended at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.checkin import devices
from organizer.checkin.models import Device, DeviceLink
from organizer.domain.door import DeviceKind
from organizer.errors import NotFound
from organizer.events.contents import of
from organizer.people import sessions
from organizer.people.models import Person
from organizer.web.access import Policy
from organizer.web.unit import App
from organizer.workflows.cancelling import change_event
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW, make_person

SignIn = Callable[[Person], FlaskClient]


def make(evening: Evening, kind: DeviceKind = DeviceKind.STAFF, **values: object) -> tuple[Device, str]:
    return devices.make(evening.session, evening.event, kind, now=NOW, by_id=evening.owner.id, **values)  # type: ignore[arg-type]


def own_device(evening: Evening) -> Device:
    row, _ = sessions.start(evening.session, evening.staff, "link", "", NOW)
    return devices.make(evening.session, evening.event, DeviceKind.OWN, now=NOW, owner=(evening.staff, row))[
        0
    ]


def test_the_list_says_whose_and_whether_it_lives(session: Session) -> None:
    evening = make_evening(session)
    helper, own, ended = make(evening, name="入口A")[0], own_device(evening), make(evening)[0]
    make_evening(session)
    devices.revoke(session, evening.event, ended.public_id, by=evening.owner, now=NOW)
    listed = devices.listed(session, evening.event, NOW)
    assert [(row.device.id, row.lives) for row in listed] == [
        (own.id, True),
        (helper.id, True),
        (ended.id, False),
    ]
    assert [row.who for row in listed] == [evening.staff.name, evening.owner.name, evening.owner.name]


def test_a_members_own_phone_goes_with_the_sign_in_unless_it_has_something_to_send(session: Session) -> None:
    evening = make_evening(session)
    quiet, owing = own_device(evening), own_device(evening)
    owing.unsent = 3
    sessions.end(session, evening.staff.id, NOW)
    session.flush()
    listed = devices.listed(session, evening.event, NOW)
    assert [(row.device.id, row.lives) for row in listed] == [(owing.id, False)]
    assert quiet.id != owing.id


def test_every_device_is_over_six_hours_after_the_event(session: Session) -> None:
    evening = make_evening(session)
    make(evening)
    last = evening.event.ends_at + timedelta(hours=6)
    assert devices.listed(session, evening.event, last - timedelta(seconds=1))[0].lives
    assert not devices.listed(session, evening.event, last)[0].lives


@pytest.mark.parametrize("days", [-2, 7])
def test_a_device_ends_with_its_event_whenever_that_is_moved_to(session: Session, days: int) -> None:
    evening, other = (make_evening(session, starts_at=NOW + timedelta(days=4)) for _ in range(2))
    device, ended = make(evening)[0], make(evening)[0]
    elsewhere = make(other)[0].expires_at
    devices.revoke(session, evening.event, ended.public_id, by=evening.owner, now=NOW)
    was, shift = device.expires_at, timedelta(days=days)
    contents = of(evening.event)
    moved = {name: getattr(contents, name) + shift for name in ("starts_at", "ends_at", "doors_open_at")}
    change_event(session, evening.event, replace(contents, **moved), by=evening.owner, now=NOW)
    session.expire_all()
    assert device.expires_at == evening.event.ends_at + timedelta(hours=6) == was + shift
    assert ended.expires_at == was
    others = session.scalars(select(Device.expires_at).where(Device.event_id == other.event.id)).all()
    assert others == [elsewhere]


def test_other_events_devices_are_nobodys_here(session: Session) -> None:
    evening, other = make_evening(session), make_evening(session)
    device, _ = make(evening)
    with pytest.raises(NotFound):
        devices.rename(session, other.event, device.public_id, "x")
    with pytest.raises(NotFound):
        devices.revoke(session, other.event, device.public_id, by=other.owner, now=NOW)
    devices.rename(session, evening.event, device.public_id, "入口C")
    session.refresh(device)
    assert device.name == "入口C"


# The pages


@pytest.fixture
def evening(rows: Session) -> Evening:
    return make_evening(rows, guests=1)


@pytest.fixture
def host(evening: Evening, sign_in: SignIn) -> FlaskClient:
    return sign_in(evening.owner)


def path(evening: Evening, rest: str = "") -> str:
    return f"/events/{evening.event.public_id}/devices{rest}"


def test_a_host_makes_a_link_and_sees_its_code(host: FlaskClient, rows: Session, evening: Evening) -> None:
    assert "端末はまだありません" in host.get(path(evening)).text
    made = host.post(path(evening), data={"kind": "guest", "name": "入口B 佐藤さん"})
    assert made.status_code == 303
    page = host.get(made.location).text
    assert 'src="data:image/svg+xml;base64,' in page
    assert "http://localhost/d/" in page
    assert "入口B 佐藤さん" in host.get(path(evening)).text
    link = rows.scalars(select(DeviceLink)).one()
    assert (link.kind, link.made_by_id) == (DeviceKind.GUEST, evening.owner.id)
    assert host.post(f"{made.location}/revoke").status_code == 303
    assert "取り消されました" in host.get(made.location).text
    assert "http://localhost/d/" not in host.get(made.location).text


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "kiosk", "name": "x"},
        {"kind": "own", "name": "x"},
        {"kind": "guest", "name": ""},
        {"kind": "guest", "name": "長" * 41},
        {},
    ],
)
def test_a_link_needs_a_kind_and_a_name(
    host: FlaskClient, rows: Session, evening: Evening, data: dict[str, str]
) -> None:
    assert host.post(path(evening), data=data).status_code == 422
    assert rows.scalars(select(DeviceLink)).all() == []


def test_a_device_is_seen_named_and_ended_at_once(host: FlaskClient, rows: Session, evening: Evening) -> None:
    device, token = make(evening, DeviceKind.GUEST, name="入口B", browser="Safari · iPhone")
    device.unsent, device.clock_offset_ms, device.seen_at = 2, -190_000, NOW
    rows.commit()
    page = host.get(path(evening)).text
    for words in ("入口B", "Safari · iPhone", "2 件", "3 分進んでいます", "12:00", "使用中"):
        assert words in page
    assert "まだ送っていない読み取りが 2 件あります" in page
    host.post(path(evening, f"/{device.public_id}/name"), data={"name": "裏口"})
    assert "裏口" in host.get(path(evening)).text
    ended = host.post(path(evening, f"/{device.public_id}/revoke"), follow_redirects=True).text
    assert "終了しました" in ended
    rows.expire_all()
    assert devices.find(rows, token, NOW) is None
    again = host.post(path(evening, f"/{device.public_id}/revoke"), follow_redirects=True).text
    assert "すでに終了していました" in again
    assert host.post(path(evening, f"/{device.public_id}/name"), data={"name": "長" * 41}).status_code == 422


@pytest.mark.parametrize("who", ["staff", "stranger"])
def test_the_list_is_for_hosts(rows: Session, evening: Evening, sign_in: SignIn, who: str) -> None:
    device, _ = make(evening)
    person = evening.staff if who == "staff" else make_person(rows)
    client = sign_in(person)
    assert client.get(path(evening)).status_code == 404
    assert client.post(path(evening), data={"kind": "guest", "name": "x"}).status_code == 404
    assert client.post(path(evening, f"/{device.public_id}/revoke")).status_code == 404
    assert client.get(path(evening, "/links/" + "x" * 22)).status_code == 404


def test_it_speaks_english_too(host: FlaskClient, rows: Session, evening: Evening) -> None:
    evening.owner.locale = "en"
    rows.commit()
    page = host.get(path(evening)).text
    assert "Lend the door to a phone" in page


SCAN = {"code": "no such code", "key": "k" * 32}
BODIES: dict[str, dict[str, object]] = {
    "checkin_api.scan": SCAN,
    "checkin_api.scan_many": {"scans": [SCAN]},
    "checkin_api.fee": {"taken": False},
    "checkin.kiosk_read": SCAN,
}
GUESTS = {
    "checkin.door", "checkin.door_device", "checkin.door_manifest", "checkin.search", "checkin.check_in_found",
    "checkin.undo_found", "checkin.self_tablet", "checkin.self_code", "checkin_api.list_people",
    "checkin_api.search", "checkin_api.scan", "checkin_api.scan_many", "checkin_api.annul", "checkin_api.undo",
    "checkin_api.fee",
}  # fmt: skip
KIOSKS = {
    "checkin.kiosk", "checkin.kiosk_leave", "checkin.kiosk_left", "checkin.kiosk_read", "checkin.self_tablet",
    "checkin.self_code",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "opens"),
    [("guest", GUESTS), ("kiosk", KIOSKS), ("of another event", set()), ("ended", set())],
)
def test_each_device_opens_what_it_is_for_and_nothing_else(
    app: App, rows: Session, kind: str, opens: set[str]
) -> None:
    evening, other = make_evening(rows, 1), make_evening(rows)
    known_kind = {"guest": DeviceKind.GUEST, "kiosk": DeviceKind.KIOSK}.get(kind, DeviceKind.STAFF)
    device, token = make(other if kind == "of another event" else evening, known_kind)
    if kind == "ended":
        devices.revoke(rows, evening.event, device.public_id, by=evening.owner, now=NOW)
    rows.commit()
    known = {"registration": evening.guests[0].registration.public_id, "entry_id": 1, "key": "k" * 32}
    known |= dict.fromkeys(("event", "event_id"), evening.event.public_id)
    opened = set()
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint == "checkin_api.annul"):
        if getattr(app.view_functions[rule.endpoint], "policy", None) is not Policy.DEVICE:
            continue
        _, path = rule.build({name: known[name] for name in rule.arguments}) or ("", "")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            client = app.test_client()
            client.set_cookie("enishi-door", token)
            is_json = "_api" in rule.endpoint or rule.endpoint in (
                "checkin.kiosk_read",
                "checkin.door_device",
            )
            body = {"json" if is_json else "data": BODIES.get(rule.endpoint, {})}
            sent: dict[str, Any] = body if method == "POST" else {}
            with client.open(path, method=method, **sent) as answer:
                if answer.status_code not in (302, 401, 404):
                    opened.add(rule.endpoint)
    assert opened == opens
    assert (devices.find(rows, token, NOW) is None) == (kind == "ended")
