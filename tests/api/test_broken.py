"""A bad request of every kind gets a clear 4xx and changes nothing, whoever sends it, on both databases."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from organizer import create_app
from organizer.checkin import devices
from organizer.checkin.scans_api import BATCH, FEE, NOTHING, SCAN
from organizer.circles import tokens
from organizer.circles.models import ApiToken
from organizer.config import Config
from organizer.domain.door import DeviceKind, TokenScope
from organizer.domain.roles import CircleRole
from organizer.jobs.knock import ring_with
from organizer.tokens import digest
from organizer.web.problems import ADDRESS, CHALLENGES, PROBLEMS
from organizer.web.rules import Fields
from tests.api.apps import carrying, device_of, token_of
from tests.api.broken import Sent, raw, wrong
from tests.checkin.rows import Evening, make_evening
from tests.conftest import UndoneDatabase
from tests.contents import snapshot
from tests.factories import NOW, make_event, make_member, make_person

KEY = "key-00000000000000000001"
OTHER = "key-00000000000000000002"


@dataclass
class Door:
    """An evening, apps that may call its API, and the whole database to look at."""

    database: UndoneDatabase
    app: Any
    rows: Session
    evening: Evening
    device: FlaskClient
    host: FlaskClient

    @property
    def root(self) -> str:
        return f"/api/v1/events/{self.evening.event.public_id}"

    def seen(self) -> dict[str, str]:
        """A digest of each table."""
        self.rows.commit()
        return snapshot(self.database.connection)


@pytest.fixture
def door(both_databases: UndoneDatabase, config: Config) -> Iterator[Door]:
    """Each of the two databases in turn. Somebody has been let in, and both apps have been heard of already."""
    app = create_app(config, both_databases)
    app.config.update(TESTING=True)
    ring_with(None)
    with both_databases.session(writes=True) as rows:
        evening = make_evening(rows, 2)
        device = carrying(app, device_of(rows, evening.event))
        host = carrying(app, token_of(rows, evening.circle, TokenScope.DOOR))
        rows.commit()
        door = Door(both_databases, app, rows, evening, device, host)
        for client in (device, host):
            assert client.get(f"{door.root}/door-list").status_code == 200
        good = {"code": evening.guests[0].code, "key": KEY}
        assert device.post(f"{door.root}/scans", json=good).status_code == 200
        yield door


def operations(door: Door) -> dict[str, tuple[str, Fields, dict[str, Any]]]:
    """Every operation that takes a body: its address, its rules, and a body that is good."""
    one = {"code": door.evening.guests[1].code, "key": OTHER}
    registration = door.evening.guests[1].registration.public_id
    return {
        "scan": ("/scans", SCAN, one),
        "by_name": ("/scans", SCAN, {"registration": registration, "key": OTHER}),
        "batch": ("/scans/batch", BATCH, {"scans": [one]}),
        "undo": (f"/check-ins/{registration}/undo", NOTHING, {}),
        "fee": (f"/check-ins/{registration}/fee", FEE, {"taken": True}),
    }


def send(client: FlaskClient, url: str, sent: Sent) -> TestResponse:
    """The answer; a chunked body has no length that could be looked at beforehand."""
    headers = dict(sent.headers)
    if sent.content_type:
        headers["Content-Type"] = sent.content_type
    if sent.chunked:
        endless = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
        return client.post(url, headers=headers, input_stream=BytesIO(sent.body), environ_overrides=endless)
    return client.post(url, data=sent.body, headers=headers)


def complaint(answer: TestResponse, statuses: tuple[int, ...]) -> str | None:
    """What is not clear about the answer; None when all is."""
    if answer.status_code not in statuses:
        return f"{answer.status_code}: {answer.get_data(as_text=True)[:200]}"
    told = answer.get_json(silent=True)
    if answer.content_type != "application/problem+json" or not isinstance(told, dict):
        return f"as {answer.content_type}"
    code = str(told.get("type")).removeprefix(ADDRESS)
    if (
        code not in PROBLEMS
        or PROBLEMS[code].status != answer.status_code
        or told["status"] != answer.status_code
    ):
        return f"{told}"
    return None if told["title"] and told["reason"] == code else f"{told}"


@pytest.mark.parametrize("name", ["scan", "by_name", "batch", "undo", "fee"])
@pytest.mark.parametrize("who", ["device", "host"])
def test_a_broken_body_is_told_so_and_changes_nothing(door: Door, who: str, name: str) -> None:
    path, rules, good = operations(door)[name]
    client: FlaskClient = getattr(door, who)
    before = door.seen()
    found = []
    for sent in (*raw(good), *wrong(rules, good)):
        complained = complaint(send(client, door.root + path, sent), sent.statuses)
        if complained:
            found.append(f"{sent.what}: {complained}")
    assert not found, "\n".join(found)
    assert door.seen() == before
    answer = client.post(door.root + path, json=good)
    assert answer.status_code == 200, "the good body is good"


@pytest.mark.parametrize("who", ["device", "host"])
def test_an_item_that_is_no_scan_is_answered_at_its_place_and_changes_nothing(door: Door, who: str) -> None:
    client: FlaskClient = getattr(door, who)
    _, _, good = operations(door)["scan"]
    items = [json.loads(sent.body) for sent in wrong(SCAN, good)]
    items += [None, [], "x", 1, True, [good], {}]
    before = door.seen()
    for at in range(0, len(items), 500):
        some = items[at : at + 500]
        answer = client.post(f"{door.root}/scans/batch", json={"scans": some})
        assert answer.status_code == 200
        results = answer.get_json()["results"]
        assert len(results) == len(some)
        odd = [(item, one) for item, one in zip(some, results, strict=True) if one["reason"] != "malformed"]
        assert not odd
        assert all(one["result"] == "refused" and one["problem"] in PROBLEMS for one in results)
    assert door.seen() == before


def writes(door: Door) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """(method, address beneath the event, body) of every writing operation."""
    for path, _rules, good in operations(door).values():
        yield "POST", path, good
    yield "DELETE", f"/scans/{KEY}", None


def test_who_may_not_changes_nothing(door: Door) -> None:
    strangers, found = dict(_strangers(door)), []
    before = door.seen()
    for who, (client, statuses) in strangers.items():
        for method, path, body in writes(door):
            answer = client.open(door.root + path, method=method, json=body)
            complained = complaint(answer, statuses)
            if complained:
                found.append(f"{method} {path} as {who}: {complained}")
            challenge = answer.headers.get("WWW-Authenticate", "")
            told = answer.get_json()["reason"]
            assert challenge == CHALLENGES.get(told, "")
            assert bool(challenge) == (answer.status_code in (401, 403))
    assert not found, "\n".join(found)
    assert door.seen() == before


def _strangers(door: Door) -> Iterator[tuple[str, tuple[FlaskClient, tuple[int, ...]]]]:
    """Everybody who must not: by name, a client and what it is told."""
    rows, evening, app = door.rows, door.evening, door.app
    elsewhere = make_evening(rows, 1)
    other = make_event(rows, evening.circle)
    texts: dict[str, tuple[str, tuple[int, ...]]] = {
        "nonsense": ("x", (401,)),
        "nothing": ("", (401,)),
        "a device that never was": (devices.PREFIX + "A" * 43, (401,)),
        "a token that never was": (tokens.PREFIX + "A" * 43, (401,)),
        "a device of another circle": (device_of(rows, elsewhere.event), (404,)),
        "a device of another event": (device_of(rows, other), (404,)),
        "a host of another circle": (token_of(rows, elsewhere.circle, TokenScope.DOOR), (404,)),
        "a token that only reads": (token_of(rows, evening.circle, TokenScope.READ), (403,)),
    }
    over, text = devices.make(rows, evening.event, DeviceKind.STAFF, now=NOW)
    over.revoked_at = NOW
    texts["a revoked device"] = (text, (401,))
    late, text = devices.make(rows, evening.event, DeviceKind.STAFF, now=NOW)
    late.expires_at = NOW - timedelta(seconds=1)
    texts["a device whose time is over"] = (text, (401,))
    place = make_member(rows, evening.circle, make_person(rows))
    for what, change in {
        "a revoked token": {"revoked_at": NOW},
        "a token whose days are over": {"expires_at": NOW},
    }.items():
        text = token_of(rows, evening.circle, TokenScope.DOOR, place)
        row = rows.query(ApiToken).filter_by(token_hash=digest(text)).one()
        for name, value in change.items():
            setattr(row, name, value)
        texts[what] = (text, (401,))
    former = make_member(rows, evening.circle, make_person(rows))
    texts["a host who is staff now"] = (token_of(rows, evening.circle, TokenScope.DOOR, former), (401,))
    former.role = CircleRole.STAFF
    rows.commit()
    for who, (text, statuses) in texts.items():
        yield who, (carrying(app, text), statuses)
    yield "nobody", (app.test_client(), (401,))


def test_what_is_not_there_is_not_found(door: Door) -> None:
    elsewhere = make_evening(door.rows, 1)
    unknown = ("x", "x" * 22, "x" * 300, "%00", "..", "%ff", elsewhere.event.public_id)
    theirs = elsewhere.guests[0].registration.public_id
    before, found = door.seen(), []
    for client in (door.device, door.host):
        for method, path, body in writes(door):
            for event in unknown:
                answer = client.open(f"/api/v1/events/{event}{path}", method=method, json=body)
                found.append((event, path, complaint(answer, (404,))))
        for registration in ("x", "x" * 22, "%00", theirs):
            for act, body in (("undo", {}), ("fee", {"taken": True})):
                answer = client.post(f"{door.root}/check-ins/{registration}/{act}", json=body)
                found.append((registration, act, complaint(answer, (404,))))
        body = {"registration": theirs, "key": OTHER}
        found.append((theirs, "scan", complaint(client.post(f"{door.root}/scans", json=body), (404,))))
        for key in (OTHER, "x", "%00", "x" * 300, "é"):
            found.append((key, "annul", complaint(client.delete(f"{door.root}/scans/{key}"), (404,))))
    assert not [one for one in found if one[2]]
    assert door.seen() == before


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_is_wrong_is_told_in_the_callers_language(door: Door, language: str) -> None:
    text = device_of(door.rows, door.evening.event)
    door.rows.commit()
    client, good = carrying(door.app, text, language), {"code": door.evening.guests[1].code, "key": OTHER}
    answers = [send(client, f"{door.root}/scans", sent) for sent in (*raw(good), *wrong(SCAN, good))]
    answers += [
        client.put(f"{door.root}/scans"),
        client.get("/api/v1/nothing"),
        client.post(f"{door.root}/scans", json=good | {"key": KEY}),
        client.delete(f"{door.root}/scans/{KEY}"),
        carrying(door.app, "", language).get(f"{door.root}/counts"),
    ]
    told = {(answer.get_json()["reason"], answer.get_json()["title"]) for answer in answers}
    with door.app.test_request_context("/", headers={"Accept-Language": language}):
        assert told == {(reason, str(PROBLEMS[reason].title)) for reason, _ in told}
    assert len(told) > 10
    assert all(title.isascii() == (language == "en") for _, title in told)


def test_a_key_a_token_or_a_method_out_of_place(door: Door) -> None:
    first, second = door.evening.guests
    before, found = door.seen(), []
    for client in (door.device, door.host):
        reused = {"code": second.code, "key": KEY}
        found.append(("reused", complaint(client.post(f"{door.root}/scans", json=reused), (422,))))
        batch = client.post(f"{door.root}/scans/batch", json={"scans": [reused]}).get_json()
        assert batch["results"][0]["problem"] == "key_reused"
        for method, path, body in writes(door):
            for query in ("access_token=x", f"token={tokens.PREFIX}x", f"q={devices.PREFIX}x"):
                answer = client.open(f"{door.root}{path}?{query}", method=method, json=body)
                found.append((f"{path}?{query}", complaint(answer, (400,))))
            for wrong_method in ("PUT", "PATCH"):
                answer = client.open(door.root + path, method=wrong_method, json=body)
                found.append((f"{wrong_method} {path}", complaint(answer, (405,))))
    assert first.registration.id != second.registration.id
    assert not [one for one in found if one[1]]
    assert door.seen() == before


def test_a_door_that_grows_as_it_is_composed_fits_all_the_same(door: Door) -> None:
    """Forty signs that Unicode composes into eighty."""
    for number, client in enumerate((door.device, door.host)):
        body = {"code": door.evening.guests[1].code, "key": f"{OTHER}{number}", "door": "\u0958" * 40}
        assert client.post(f"{door.root}/scans", json=body).status_code == 200
        batch = client.post(f"{door.root}/scans/batch", json={"scans": [body | {"key": f"{KEY}{number}"}]})
        assert batch.get_json()["results"][0]["result"] == "already"


def test_a_device_takes_no_scan_of_another_back(door: Door) -> None:
    other = carrying(door.app, device_of(door.rows, door.evening.event, DeviceKind.GUEST))
    door.rows.commit()
    assert other.get(f"{door.root}/door-list").status_code == 200
    before = door.seen()
    assert complaint(other.delete(f"{door.root}/scans/{KEY}"), (403,)) is None
    assert door.seen() == before
    assert door.host.delete(f"{door.root}/scans/{KEY}").get_json()["annulled"] is True
