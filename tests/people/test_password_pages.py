"""Passwords of hosts."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.config import Config
from organizer.people import passwords
from organizer.people.models import Person, SignIn
from organizer.web.unit import App
from tests.factories import NOW, make_circle, make_person
from tests.mailbox import delivered, words

SignInAs = Callable[[Person], FlaskClient]
PASSWORD = "朝は早く起きて歩く"
NEW = "夜は早く寝て本を読む。"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same hash, with less of the effort that only attackers should have."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def host(rows: Session) -> Person:
    person = make_person(rows, email="host@example.jp", password_hash=passwords.hashed(PASSWORD))
    make_circle(rows, person)
    rows.commit()
    return person


def test_a_hash_matches_its_password_alone() -> None:
    kept = passwords.hashed(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert passwords.matches(kept, PASSWORD)
    assert not passwords.matches(kept, PASSWORD + "。")
    assert not passwords.matches(None, "nobody's")
    assert not passwords.matches("no hash", PASSWORD)


def test_a_host_signs_in_and_is_told_by_mail(
    client: FlaskClient, app: App, config: Config, host: Person
) -> None:
    answer = client.post(
        "/sign-in/password", data={"email": "HOST@example.jp", "password": PASSWORD, "next": "/host"}
    )
    assert (answer.status_code, answer.location) == (303, "/host")
    assert client.get("/me/account").status_code == 200
    [mail] = delivered(app, config)
    assert mail["to"] == "host@example.jp"
    assert "サインイン" in words(mail)
    assert "/me/sign-ins" in words(mail)


def test_a_wrong_password_is_answered_like_an_unknown_address(client: FlaskClient, host: Person) -> None:
    pages = [
        client.post("/sign-in/password", data={"email": email, "password": "違うことば"})
        for email in ("host@example.jp", "none@example.jp")
    ]
    assert {page.status_code for page in pages} == {422}
    shown = [re.sub(r'name="csrf_token" value="[^"]+"', "", page.text) for page in pages]
    assert shown[0] == shown[1].replace("none@", "host@")
    assert "違うことば" not in pages[0].text


def test_who_has_no_password_cannot_use_one(client: FlaskClient, rows: Session) -> None:
    make_person(rows, email="guest@example.jp")
    rows.commit()
    answer = client.post("/sign-in/password", data={"email": "guest@example.jp", "password": "nobody's"})
    assert answer.status_code == 422


def test_ten_tries_in_a_quarter_of_an_hour_for_one_address(
    client: FlaskClient, host: Person, stand_still: Callable[[datetime], None]
) -> None:
    data = {"email": "host@example.jp", "password": "違うことば"}
    codes = [client.post("/sign-in/password", data=data).status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]
    right = data | {"password": PASSWORD}
    assert client.post("/sign-in/password", data=right).status_code == 429
    stand_still(NOW + timedelta(minutes=16))
    assert client.post("/sign-in/password", data=right).status_code == 303


def test_a_password_is_set_after_signing_in_by_mail(sign_in: SignInAs, host: Person, rows: Session) -> None:
    client = sign_in(host)
    page = client.post("/me/account/password", data={"password": NEW, "again": NEW})
    assert page.status_code == 303
    rows.expire_all()
    assert passwords.matches(host.password_hash, NEW)


def test_changing_it_ends_the_other_browsers(
    sign_in: SignInAs, host: Person, rows: Session, app: App
) -> None:
    other = app.test_client()
    other.post("/sign-in/password", data={"email": "host@example.jp", "password": PASSWORD})
    client = sign_in(host)
    client.post("/me/account/password", data={"password": NEW, "again": NEW})
    assert other.get("/me/account").status_code == 302
    assert client.get("/me/account").status_code == 200


@pytest.mark.parametrize("current", ["", "違うことば"])
def test_later_the_present_one_is_asked(
    sign_in: SignInAs, host: Person, rows: Session, stand_still: Callable[[datetime], None], current: str
) -> None:
    client = sign_in(host)
    stand_still(NOW + timedelta(hours=2))
    assert 'name="current"' in client.get("/me/account").text
    answer = client.post("/me/account/password", data={"current": current, "password": NEW, "again": NEW})
    assert answer.status_code == 422
    rows.expire_all()
    assert passwords.matches(host.password_hash, PASSWORD)
    right = {"current": PASSWORD, "password": NEW, "again": NEW}
    assert client.post("/me/account/password", data=right).status_code == 303


@pytest.mark.parametrize(
    ("password", "again"),
    [("short", "short"), ("a" * 12, "a" * 12), (NEW, NEW + "x"), ("x" * 200, "x" * 200)],
)
def test_a_weak_or_mistyped_one_is_not_taken(
    sign_in: SignInAs, host: Person, password: str, again: str
) -> None:
    answer = sign_in(host).post("/me/account/password", data={"password": password, "again": again})
    assert answer.status_code == 422


def test_attendees_have_no_password(sign_in: SignInAs, rows: Session) -> None:
    client = sign_in(make_person(rows))
    assert 'id="password"' not in client.get("/me/account").text
    assert client.post("/me/account/password", data={"password": NEW, "again": NEW}).status_code == 404


def test_the_way_stands_in_the_list(client: FlaskClient, host: Person, rows: Session) -> None:
    client.post("/sign-in/password", data={"email": "host@example.jp", "password": PASSWORD})
    assert rows.scalars(select(SignIn.way)).all() == ["password"]
    assert "パスワード" in client.get("/me/sign-ins").text
