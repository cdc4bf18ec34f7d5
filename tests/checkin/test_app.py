"""The scanner as an app: what a phone is given to keep, and as whom it stands at the door."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from organizer.checkin import devices
from organizer.checkin.models import Device
from organizer.domain.door import DeviceKind
from organizer.people.models import Person
from organizer.web import door_app
from organizer.web.unit import App
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW, make_person

SCRIPTS = Path(__file__).parents[2] / "static" / "js" / "door"
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def evening(rows: Session) -> Evening:
    return make_evening(rows, 1)


def door(evening: Evening, rest: str = "") -> str:
    return f"/events/{evening.event.public_id}/door{rest}"


def become_device(client: FlaskClient, evening: Evening, body: object = None, **headers: str) -> TestResponse:
    evening.session.commit()
    answer = client.post(door(evening, "/device"), json={} if body is None else body, headers=headers)
    evening.session.expire_all()
    return answer


def pair(evening: Evening, client: FlaskClient, kind: DeviceKind = DeviceKind.GUEST) -> tuple[Device, str]:
    device, token = devices.make(evening.session, evening.event, kind, now=NOW, name="お手伝い")
    evening.session.commit()
    client.set_cookie("enishi-door", token)
    return device, token


def test_a_members_phone_becomes_a_device_and_the_one_before_ends(
    client: FlaskClient, evening: Evening, sign_in: SignIn
) -> None:
    sign_in(evening.staff)
    first, second = become_device(client, evening), become_device(client, evening)
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json is not None
    assert second.json["token"].startswith("eni_door_")
    assert second.json["wipe_at"] == (evening.event.ends_at + timedelta(hours=6)).isoformat()
    made = evening.session.scalars(select(Device).order_by(Device.id)).all()
    assert [device.kind for device in made] == [DeviceKind.OWN, DeviceKind.OWN]
    assert [device.revoked_at is None for device in made] == [False, True]
    assert second.json["device"] == {"id": made[1].public_id, "kind": "own", "name": ""}
    listing = f"/api/v1/events/{evening.event.public_id}/door-list"
    heads = [{"Authorization": f"Bearer {answer.json['token']}"} for answer in (first, second) if answer.json]
    assert [client.get(listing, headers=head).status_code for head in heads] == [401, 200]


def test_a_paired_phone_is_told_its_own_token_again(client: FlaskClient, evening: Evening) -> None:
    device, token = pair(evening, client)
    answer = become_device(client, evening)
    assert answer.json is not None
    assert answer.json["token"] == token
    assert answer.json["device"] == {"id": device.public_id, "kind": "guest", "name": "お手伝い"}
    assert len(evening.session.scalars(select(Device)).all()) == 1


def test_nobody_else_becomes_a_device(client: FlaskClient, evening: Evening, sign_in: SignIn) -> None:
    assert become_device(client, evening).status_code == 401
    assert become_device(client, evening, Authorization="Bearer eni_door_nothing").status_code == 401
    sign_in(make_person(evening.session))
    assert become_device(client, evening).status_code == 404
    sign_in(evening.staff)
    assert become_device(client, evening, body={"kind": "staff"}).status_code == 422
    assert client.get(door(evening, "/device")).status_code == 405
    assert evening.session.scalars(select(Device)).all() == []


def test_the_page_is_kept_with_its_version_and_names_nobody(
    client: FlaskClient, evening: Evening, sign_in: SignIn, app: App
) -> None:
    sign_in(evening.staff)
    evening.session.commit()
    answer = client.get(door(evening))
    with app.test_request_context():
        assert answer.headers["X-Door-Version"] == door_app.version()
        assert door_app.module("door.js") in answer.text
    for person in (evening.staff, evening.guests[0].person):
        assert person.name not in answer.text
        assert str(person.email) not in answer.text
    assert "/door/list" in answer.text


@pytest.mark.parametrize("kind", [DeviceKind.GUEST, DeviceKind.STAFF])
def test_a_paired_phone_opens_the_page_without_the_portals_links(
    client: FlaskClient, evening: Evening, kind: DeviceKind
) -> None:
    device, _ = pair(evening, client, kind)
    answer = client.get(door(evening))
    assert answer.status_code == 200
    assert f"{kind}:{device.public_id}" in answer.text
    assert not re.search(r'href="/events/[^"]+/(?:board|door/list|door/try)"', answer.text)
    evening.session.execute(devices.Device.__table__.update().values(revoked_at=NOW))
    evening.session.commit()
    ended = client.get(door(evening))
    assert ended.status_code == 302
    assert "/sign-in" in ended.location


def test_the_manifest_stays_on_this_door(client: FlaskClient, evening: Evening, sign_in: SignIn) -> None:
    sign_in(evening.staff)
    evening.session.commit()
    answer = client.get(door(evening, "/manifest.webmanifest"))
    assert answer.content_type == "application/manifest+json"
    told = json.loads(answer.data)
    assert told["name"] == f"受付 · {evening.event.title}"
    assert told["start_url"] == told["scope"] == told["id"] == door(evening)
    for icon in told["icons"]:
        with client.get(icon["src"]) as picture:
            assert picture.content_type == "image/png"
    client.delete_cookie("enishi")
    assert client.get(door(evening, "/manifest.webmanifest")).status_code in (302, 401)


def test_the_worker_may_answer_for_its_page_alone_and_all_it_keeps_is_there(
    client: FlaskClient, evening: Evening
) -> None:
    evening.session.commit()
    answer = client.get(door(evening, "/worker.js"))
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == door(evening)
    assert answer.headers["Cache-Control"] == "no-cache"
    told = json.loads(answer.text.split("\n")[0].removeprefix("const DOOR = ").removesuffix(";"))
    assert told["page"] == door(evening)
    assert not [address for address in told["assets"] if "/api/" in address]
    for address in told["assets"]:
        with client.get(address) as part:
            assert part.status_code == 200, address
    scripts = [address for address in told["assets"] if address.startswith("/door-app/")]
    named = {address.rsplit("/", 1)[1] for address in scripts}
    assert {"door.js", "desk.js", "list.js", "names.js", "ticketing.js", "store.js"} <= named
    for name in named:
        bare = set(re.findall(r'(?:from|import) "\./([^"]+)"', (SCRIPTS / name).read_text(encoding="utf-8")))
        assert bare <= named


def test_scripts_of_another_version_are_not_mixed_in(client: FlaskClient, app: App) -> None:
    with app.test_request_context():
        there, version = door_app.module("sync.js"), door_app.version()
    with client.get(there) as answer:
        assert answer.mimetype == "text/javascript"
        assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(there.replace(version, "0" * len(version))).status_code == 404
    for name in ("worker.js", "kiosk.js", "..%2fapp.js", "nothing.js"):
        assert client.get(f"/door-app/{version}/{name}").status_code == 404
