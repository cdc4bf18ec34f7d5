"""One's account: language and time, and the browsers one is signed in with."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from organizer.people import sessions
from organizer.people.models import Person
from organizer.web.unit import App
from tests.factories import NOW, make_person

SignInAs = Callable[[Person], FlaskClient]
PAGES = (
    "/me/account",
    "/me/sign-ins",
    "/me/profile",
    "/me/profile/about",
    "/me/welcome",
    "/me/blocks",
    "/host",
    "/circles/new",
)


@pytest.mark.parametrize("path", PAGES)
def test_strangers_sign_in_first_and_come_back(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (302, f"/sign-in?next={path}")


@pytest.mark.parametrize("path", ["/me/account", "/me/sign-ins/end-all", "/me/profile/about", "/circles/new"])
def test_nothing_is_changed_for_strangers(client: FlaskClient, path: str) -> None:
    assert client.post(path).status_code == 401


def test_language_zone_and_hour_are_kept(sign_in: SignInAs, rows: Session) -> None:
    person = make_person(rows)
    client = sign_in(person)
    data = {"locale": "en", "time_zone": "Europe/Berlin", "prompt_hour": "7"}
    assert client.post("/me/account", data=data).status_code == 303
    rows.expire_all()
    assert (person.locale, person.time_zone, person.prompt_hour) == ("en", "Europe/Berlin", 7)
    assert "Where you are signed in" in client.get("/me/account").text


@pytest.mark.parametrize(
    "wrong", [{"locale": "fr"}, {"time_zone": "Mars/Olympus"}, {"prompt_hour": "23"}, {"prompt_hour": "x"}]
)
def test_what_cannot_be_is_not_taken(sign_in: SignInAs, rows: Session, wrong: dict[str, str]) -> None:
    person = make_person(rows)
    data = {"locale": "ja", "time_zone": "", "prompt_hour": "9"} | wrong
    assert sign_in(person).post("/me/account", data=data).status_code == 422
    rows.expire_all()
    assert (person.locale, person.time_zone, person.prompt_hour) == ("ja", None, 9)


def test_one_cannot_make_oneself_more_than_one_is(sign_in: SignInAs, rows: Session) -> None:
    person = make_person(rows)
    sprayed = {
        "id": "1",
        "email": "x@y.jp",
        "password_hash": "x",
        "email_confirmed_at": "",
        "merged_into_id": "1",
    }
    sign_in(person).post("/me/account", data={"locale": "ja", "time_zone": "", "prompt_hour": "9"} | sprayed)
    before = (person.email, person.password_hash, person.email_confirmed_at)
    rows.expire_all()
    assert (person.email, person.password_hash, person.email_confirmed_at) == before


def _elsewhere(app: App, rows: Session, person: Person) -> tuple[FlaskClient, str]:
    row, reference = sessions.start(rows, person, "link", "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0", NOW)
    rows.commit()
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = reference
    return browser, row.public_id


def test_the_list_shows_each_browser_and_ends_one(sign_in: SignInAs, app: App, rows: Session) -> None:
    person = make_person(rows)
    elsewhere, public_id = _elsewhere(app, rows, person)
    client = sign_in(person)
    page = client.get("/me/sign-ins").text
    assert "Firefox · Windows" in page
    assert "このブラウザー" in page
    assert client.post(f"/me/sign-ins/{public_id}/end").status_code == 303
    assert elsewhere.get("/me/account").status_code == 302
    assert client.get("/me/account").status_code == 200


def test_all_others_end_or_all_at_once(sign_in: SignInAs, app: App, rows: Session) -> None:
    person = make_person(rows)
    elsewhere, _ = _elsewhere(app, rows, person)
    client = sign_in(person)
    client.post("/me/sign-ins/end-others")
    assert elsewhere.get("/me/account").status_code == 302
    assert client.get("/me/account").status_code == 200
    elsewhere, _ = _elsewhere(app, rows, person)
    assert client.post("/me/sign-ins/end-all").location == "/"
    assert elsewhere.get("/me/account").status_code == 302
    assert client.get("/me/account").status_code == 302


def test_ending_the_present_one_signs_out(sign_in: SignInAs, rows: Session) -> None:
    person = make_person(rows)
    client = sign_in(person)
    [row] = sessions.living(rows, person.id, NOW)
    assert client.post(f"/me/sign-ins/{row.public_id}/end").location == "/"
    assert client.get("/me/account").status_code == 302


def test_another_persons_browser_cannot_be_ended(sign_in: SignInAs, app: App, rows: Session) -> None:
    elsewhere, public_id = _elsewhere(app, rows, make_person(rows))
    client = sign_in(make_person(rows))
    assert client.post(f"/me/sign-ins/{public_id}/end").status_code == 404
    assert elsewhere.get("/me/account").status_code == 200
