"""The API's description: complete, valid, and true of every answer."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import jsonschema_rs
import pytest
from flask.testing import FlaskClient
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR
from sqlalchemy.orm import Session

from organizer.checkin.models import DoorNote
from organizer.domain.door import DeviceKind, TokenScope
from organizer.domain.lifecycle import RegistrationState
from organizer.web.openapi import ROOT, operations
from organizer.web.problems import ADDRESS, BY_STATUS, PROBLEMS
from organizer.web.unit import App
from tests.api.apps import carrying, device_of, token_of
from tests.api.broken import wrong
from tests.api.contract import Contract, description
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW, make_person

KEYS = iter(f"key-{n:020}" for n in range(10_000))


@pytest.fixture
def contract(app: App) -> Iterator[Contract]:
    """Every answer of a test is held against the description."""
    contract = Contract(app)
    yield contract
    assert not contract.faults, "\n" + "\n".join(contract.faults)


@pytest.fixture
def evening(rows: Session) -> Evening:
    return make_evening(rows, 3)


def test_every_operation_is_described_and_nothing_else(app: App) -> None:
    hung = {
        (method, rule.rule.replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    paths = description(app)["paths"]
    assert hung == {(method.upper(), path) for path, found in paths.items() for method in found}
    assert len({found["operationId"] for path in paths.values() for found in path.values()}) == len(hung)


def test_it_is_valid(app: App, client: FlaskClient) -> None:
    told = client.get(f"{ROOT}/openapi.json").json
    assert told is not None
    assert not [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(told)]
    assert told["openapi"].startswith("3.1.")
    for schema in told["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema | {"components": told["components"]})


def test_every_field_is_described(app: App) -> None:
    def undescribed(schema: Any, place: str) -> Iterator[str]:
        if isinstance(schema, list):
            for one in schema:
                yield from undescribed(one, place)
        elif isinstance(schema, dict):
            for name, inner in schema.get("properties", {}).items():
                if not {"description", "$ref"} & inner.keys():
                    yield f"{place}.{name}"
            for name, inner in schema.items():
                yield from undescribed(inner, f"{place}/{name}")

    told = description(app)
    found = list(undescribed(told["components"]["schemas"], ""))
    for path, operations_there in told["paths"].items():
        for operation in operations_there.values():
            parameters = operation.get("parameters", ())
            found += [f"{path} {one['name']}" for one in parameters if "description" not in one]
    assert not found, "\n".join(found)


def test_it_speaks_both_languages(client: FlaskClient) -> None:
    for language, words in (("ja", "送るのも受け取るのも"), ("en", "JSON in and out")):
        for path in (f"{ROOT}/openapi.json", ROOT):
            assert words in client.get(path, headers={"Accept-Language": language}).text


def test_every_example_is_one(app: App) -> None:
    contract = Contract(app)
    for path in contract.document["paths"].values():
        for operation in path.values():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body is not None:
                contract.validator(body["schema"]).validate(body["example"])


OUT_OF_RANGE = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")
"""Instants as they are written, but of no year in which we check anybody in: the description cannot say that."""


def test_what_is_refused_is_what_the_description_forbids(app: App) -> None:
    """The same rules read and describe; so nothing is refused that the description would allow."""
    contract, compared = Contract(app), 0
    for one in operations(app):
        if one.said.body is None:
            continue
        told = contract.document["paths"][one.path][one.method.lower()]
        content = told["requestBody"]["content"]["application/json"]
        validator = contract.validator(content["schema"])
        for sent in wrong(one.said.body, content["example"]):
            body = sent.body.decode()
            if "\\ud800" in body or any(moment in body for moment in OUT_OF_RANGE):
                continue
            compared += 1
            assert not validator.is_valid(json.loads(body)), (one.name, sent.what)
        for name, rule in one.said.body:
            less = {**content["example"], name: None}
            if not rule.required and name not in one.said.body.one_of:
                assert validator.is_valid(less)
                assert one.said.body.read(less)[name] is None
    assert compared > 200


def test_every_writing_operation_says_who_may_and_what_can_go_wrong(app: App) -> None:
    for one in operations(app):
        told = description(app)["paths"][one.path][one.method.lower()]
        if one.method != "GET":
            assert told["security"]
            assert {"400", "401", "403", "404", "500", "503"} <= told["responses"].keys()


def test_every_code_has_a_page(client: FlaskClient, app: App) -> None:
    for code, problem in PROBLEMS.items():
        answer = client.get(f"{ADDRESS}{code}", headers={"Accept-Language": "en"})
        assert answer.status_code == 200
        with app.test_request_context("/", headers={"Accept-Language": "en"}):
            assert str(problem.todo) in answer.text.replace("&#39;", "'")
    assert client.get(f"{ADDRESS}unheard_of").status_code == 404
    assert set(BY_STATUS.values()) <= PROBLEMS.keys()
    assert all(PROBLEMS[code].status == status for status, code in BY_STATUS.items())


def test_a_problem_leads_to_its_page(client: FlaskClient) -> None:
    answer = client.get(f"{ROOT}/events")
    assert answer.json is not None
    assert answer.json["type"] == f"{ADDRESS}{answer.json['reason']}"
    assert client.get(answer.json["type"]).status_code == 200


def test_the_page_shows_every_operation_and_needs_no_script(client: FlaskClient, app: App) -> None:
    page = client.get(ROOT, headers={"Accept-Language": "en"}).text
    for one in operations(app):
        assert f"<b>{one.method}</b> {one.path}</code>" in page
    assert page.count("<script") == 1  # the one of every page
    assert "organizer token create" in page


def visit(client: FlaskClient, evening: Evening, other: FlaskClient | None = None) -> None:
    """Do everything that can be done at a door once, well and badly."""
    root = f"{ROOT}/events/{evening.event.public_id}"
    first, second, third = evening.guests[:3]

    def scan(**body: Any) -> None:
        client.post(f"{root}/scans", json={"key": next(KEYS), **body})

    for body in _scans(evening):
        scan(**body)
    items: list[object] = [{"key": next(KEYS), **body} for body in _scans(evening)]
    items += [{}, None, "x", {"code": "x"}, {"code": 1, "key": next(KEYS)}, items[0]]
    client.post(f"{root}/scans/batch", json={"scans": items})
    client.post(f"{root}/scans/batch", json={"scans": []})
    client.post(f"{root}/scans/batch", json={"scans": [{}] * 501})
    key = next(KEYS)
    scan(code=third.code, key=key)
    scan(code=first.code, key=key)
    for path in (key, key, "x" * 20, "x"):
        client.delete(f"{root}/scans/{path}")
        if other is not None:
            other.delete(f"{root}/scans/{path}")
    registration = second.registration.public_id
    for body in ({"taken": True}, {"taken": True, "way": "beforehand"}, {"taken": False}, {}, {"taken": 1}):
        client.post(f"{root}/check-ins/{registration}/fee", json=body)
    for body in ({}, {}, {"x": 1}):
        client.post(f"{root}/check-ins/{registration}/undo", json=body)
    client.post(f"{root}/check-ins/{'x' * 22}/undo", json={})
    for raw in (b"{", b"[]", b'{"a":NaN}', b"x" * 600_000):
        for path in ("scans", "scans/batch", f"check-ins/{registration}/fee"):
            client.post(f"{root}/{path}", data=raw, content_type="application/json")
            client.post(f"{root}/{path}", data=raw, content_type="text/plain")
    for query in ("", "q=田", "q=tanaka", "q=a", "q=" + "a" * 81, "q=%00"):
        client.get(f"{root}/search?{query}")
    _look(client, root)


def _look(client: FlaskClient, root: str) -> None:
    """Everything that is read, again when it is known, and where there is nothing."""
    for path in ("door-list", "counts"):
        told = client.get(f"{root}/{path}").json or {}
        client.get(f"{root}/{path}", query_string={"since": told.get("version", "x")})
        client.get(f"{root}/{path}", headers={"If-None-Match": f'W/"{told.get("version")}"'})
        client.get(f"{root}/{path}?since=x")
    for path in (f"{ROOT}/events", f"{root}/registrations"):
        told = client.get(f"{path}?limit=1").json or {}
        client.get(path, query_string={"cursor": told.get("next")})
        client.get(f"{path}?limit=x")
        client.get(f"{path}?token=eni_api_x")
    for path in ("door-list", "counts", "registrations", "search?q=田中"):
        client.get(f"{ROOT}/events/{'x' * 22}/{path}")


def _scans(evening: Evening) -> list[dict[str, Any]]:
    """One of each sort: that gets in, that does not, and that happened without a network."""
    early = (NOW - timedelta(minutes=5)).isoformat()
    gone = evening.guest(RegistrationState.CANCELLED)
    revoked = evening.guest()
    revoked.ticket.revoked_at = NOW
    applied = evening.guest(RegistrationState.APPLIED)
    elsewhere = make_evening(evening.session, 1).guests[0]
    evening.session.commit()
    codes = [one.code for one in (*evening.guests[:2], gone, revoked, applied, elsewhere)]
    return [
        *({"code": code, "door": "入口A"} for code in codes),
        *({"code": code, "offline": True, "told": "admitted", "at": early, "door": "裏口"} for code in codes),
        {"code": codes[0], "offline": True, "at": "2001-01-01T00:00:00Z"},
        {"code": codes[0], "offline": True, "told": "already"},
        {"code": codes[0], "confirm": True},
        {"code": "nothing at all"},
        {"registration": evening.guests[2].registration.public_id},
        {"registration": elsewhere.registration.public_id},
        {"registration": "x" * 22, "code": "x"},
        {},
    ]


@pytest.mark.parametrize("kind", [*DeviceKind, *TokenScope])
def test_every_real_answer_is_as_described(
    app: App, rows: Session, evening: Evening, contract: Contract, kind: DeviceKind | TokenScope
) -> None:
    for guest in evening.guests[:2]:
        ids = {"circle_id": evening.circle.id, "event_id": evening.event.id}
        rows.add(DoorNote(**ids, registration_id=guest.registration.id, words="VIP、席は卓1", at=NOW))
    host = token_of(rows, evening.circle, TokenScope.DOOR)
    text = (
        token_of(rows, evening.circle, kind)
        if isinstance(kind, TokenScope)
        else device_of(rows, evening.event, kind, evening.staff)
    )
    rows.commit()
    visit(carrying(app, text), evening, carrying(app, host))
    assert len(contract.answered) > 25


def test_a_member_who_is_signed_in_and_a_stranger_get_the_same(
    app: App, rows: Session, evening: Evening, contract: Contract, sign_in: Callable[..., FlaskClient]
) -> None:
    visit(sign_in(evening.staff), evening)
    visit(sign_in(make_person(rows)), evening)
    visit(app.test_client(), evening)
    visit(carrying(app, "eni_door_" + "x" * 43), evening)
    seen = {(method, path) for method, path, _ in contract.answered}
    told = contract.document["paths"]
    door = {(m.upper(), path) for path, found in told.items() for m in found if "{event}" in path}
    assert door <= seen
