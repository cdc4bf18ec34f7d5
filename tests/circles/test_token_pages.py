"""The page of a circle's tokens: for those who run its events, and shown once."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.circles import tokens
from organizer.circles.models import ApiToken, Circle
from organizer.domain.door import TokenScope
from organizer.domain.roles import CircleRole
from organizer.people.models import Person
from organizer.tokens import digest
from tests.factories import NOW, make_circle, make_member, make_person

SignInAs = Callable[[Person], FlaskClient]
FORM = {"name": "名簿アプリ", "scope": "door", "days": "30"}
PAGE = "/circles/asa/tokens"


@pytest.fixture
def owner(rows: Session) -> Person:
    return make_person(rows)


@pytest.fixture
def circle(rows: Session, owner: Person) -> Circle:
    return make_circle(rows, owner, slug="asa")


def test_a_token_is_made_and_shown_once(
    sign_in: SignInAs, owner: Person, circle: Circle, rows: Session
) -> None:
    client = sign_in(owner)
    assert PAGE in client.get("/host").text
    answer = client.post(PAGE, data=FORM)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    (text,) = re.findall(r">(eni_api_[\w-]{43})</textarea>", answer.text)
    token = rows.scalars(select(ApiToken)).one()
    assert (token.name, token.scope, token.person_id) == ("名簿アプリ", TokenScope.DOOR, owner.id)
    assert (token.token_hash, (token.expires_at - NOW).days) == (digest(text), 30)
    shown = client.get(PAGE).text
    assert "名簿アプリ" in shown
    assert "eni_api_" not in shown
    assert digest(text) not in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "あ" * 41},
        {"name": "\u200b"},
        {"scope": "all"},
        {"scope": ""},
        {"days": "31"},
        {"days": "x"},
        {"days": "99999999999999999999"},
    ],
)
def test_what_cannot_be_a_token_is_said(
    sign_in: SignInAs, owner: Person, circle: Circle, rows: Session, wrong: dict[str, str]
) -> None:
    answer = sign_in(owner).post(PAGE, data=FORM | wrong)
    assert answer.status_code == 422
    assert "eni_api_" not in answer.text
    assert rows.scalars(select(ApiToken)).all() == []


def test_a_token_is_revoked(sign_in: SignInAs, owner: Person, circle: Circle, rows: Session) -> None:
    host = make_member(rows, circle, make_person(rows))
    token, text = tokens.make(rows, host, name="古いアプリ", scope=TokenScope.READ, days=90, now=NOW)
    client = sign_in(owner)
    path = f"{PAGE}/{token.public_id}/revoke"
    assert path in client.get(PAGE).text
    for _ in range(2):
        assert client.post(path).status_code == 303
        rows.expire_all()
        assert tokens.find(rows, text, NOW) is None
    assert "古いアプリ" not in client.get(PAGE).text


def test_too_many_are_refused_in_words(
    sign_in: SignInAs, owner: Person, circle: Circle, rows: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "AT_ONCE", 1)
    client = sign_in(owner)
    assert client.post(PAGE, data=FORM).status_code == 200
    answer = client.post(PAGE, data=FORM)
    assert answer.status_code == 422
    assert "先に一つ取り消してください" in answer.text


@pytest.mark.parametrize("role", [None, CircleRole.STAFF, CircleRole.HOST])
def test_only_who_runs_events_there_sees_the_page(
    sign_in: SignInAs, owner: Person, circle: Circle, rows: Session, role: CircleRole | None
) -> None:
    someone = make_person(rows)
    make_circle(rows, someone, slug="yoru")
    if role is not None:
        make_member(rows, circle, someone, role)
    place = make_member(rows, circle, make_person(rows))
    token, text = tokens.make(rows, place, name="x", scope=TokenScope.READ, days=30, now=NOW)
    client = sign_in(someone)
    found = role is CircleRole.HOST
    assert client.get(PAGE).status_code == (200 if found else 404)
    assert client.post(PAGE, data=FORM).status_code == (200 if found else 404)
    assert client.post(f"{PAGE}/{token.public_id}/revoke").status_code == (303 if found else 404)
    elsewhere = client.post(f"/circles/yoru/tokens/{token.public_id}/revoke")
    assert elsewhere.status_code == 404
    rows.expire_all()
    assert (tokens.find(rows, text, NOW) is None) is found


def test_who_is_not_signed_in_is_led_to_the_sign_in(client: FlaskClient, circle: Circle) -> None:
    assert client.get(PAGE).status_code == 302
    assert client.post(PAGE, data=FORM).status_code == 401
    assert client.post(f"{PAGE}/{'x' * 22}/revoke").status_code == 401


def test_in_both_languages(sign_in: SignInAs, owner: Person, circle: Circle, rows: Session) -> None:
    client = sign_in(owner)
    owner.locale = "ja"
    rows.commit()
    assert "ほかのアプリ用のトークン" in client.get(PAGE).text
    owner.locale = "en"
    rows.commit()
    assert "Tokens for other apps" in client.get(PAGE).text
    assert "It is shown this once only" in client.post(PAGE, data=FORM).text
