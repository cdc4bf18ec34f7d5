"""The walk-in's own link, as browsers and mailboxes see it: nobody learns whose address is known."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from organizer.checkin import claims
from organizer.config import Config
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.web.unit import App
from organizer.workflows import walking_in
from organizer.workflows.walking_in import Keeper, Newcomer
from tests import mailbox
from tests.checkin.rows import make_evening
from tests.factories import NOW, make_person

ADDRESS = "reiko@example.jp"
FORM = {
    "name": "高橋 玲子",
    "reading": "たかはし れいこ",
    "company": "株式会社ひびき",
    "email": ADDRESS,
    "role": "",
    "industry": "",
    "agree_rule": "y",
    "agree_privacy": "y",
}


@pytest.fixture
def registration(rows: Session, config: Config) -> Registration:
    evening = make_evening(rows)
    made = walking_in.walk_in(
        rows,
        evening.event,
        Newcomer("タカハシ", "ひびき", "農家の方"),
        "k" * 32,
        Keeper(evening.staff.id),
        now=NOW,
        secret_key=config.secret_key,
    )
    rows.commit()
    return made


@pytest.fixture
def path(rows: Session, config: Config, registration: Registration) -> str:
    claim = claims.of_registration(rows, registration.id)
    assert claim is not None
    return f"/claim/{claims.token_of(claim, config.secret_key)}"


def follow(app: App, config: Config, client: FlaskClient) -> str:
    """Open the mailed link in the asking browser and press its button; gives where it leads."""
    mail = [one for one in mailbox.delivered(app, config) if one["To"] == ADDRESS][-1]
    link = next(path for path in mailbox.paths(mail) if path.startswith("/sign-in/link/"))
    assert client.get(link).status_code == 302
    return client.post("/sign-in/link").location


def test_from_the_link_to_ones_own_place(
    app: App, config: Config, client: FlaskClient, rows: Session, registration: Registration, path: str
) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert 'value="タカハシ"' in page.text
    assert "農家の方" in page.text
    sent = client.post(path, data=FORM)
    assert sent.status_code == 303
    assert "/sign-in/wait/" in sent.location
    done = follow(app, config, client)
    assert done == f"/claim/done/{registration.public_id}"
    assert client.get(done).status_code == 200
    rows.expire_all()
    person = rows.get_one(Person, registration.person_id)
    assert (person.name, person.email) == ("高橋 玲子", ADDRESS)
    assert client.get(path).status_code == 410
    assert client.post(path, data=FORM).status_code == 410
    assert client.get(f"/me/tickets/{registration.public_id}").status_code == 200
    assert any(
        "ticket" in " ".join(mailbox.paths(one)) or "/t/" in mailbox.words(one)
        for one in mailbox.delivered(app, config)
    )


def test_opening_it_does_nothing_and_the_form_is_looked_at(
    client: FlaskClient, rows: Session, registration: Registration, path: str
) -> None:
    for _ in range(2):
        assert client.get(path).status_code == 200
    for wrong in (
        {"email": "no address"},
        {"name": ""},
        {"agree_rule": ""},
        {"agree_privacy": ""},
        {"name": "x" * 81},
    ):
        answer = client.post(
            path,
            data={
                key: value for key, value in (FORM | wrong).items() if value or key in ("role", "industry")
            },
        )
        assert answer.status_code == 422, wrong
    rows.expire_all()
    assert rows.get_one(Person, registration.person_id).name == "タカハシ"


def test_a_known_address_looks_like_an_unknown_one(
    app: App, config: Config, client: FlaskClient, rows: Session, path: str
) -> None:
    make_person(rows, email="known@example.jp")
    rows.commit()
    seen = []
    for address in ("known@example.jp", "nobody@example.jp"):
        sent = client.post(path, data=FORM | {"email": address})
        page = client.get(sent.location)
        masked = re.sub(r"wait/[\w-]+|nonce-\w+", "", page.text.replace(address, "*"))
        seen.append((sent.status_code, page.status_code, re.sub(r'value="[^"]{60,}"', "", masked)))
    assert seen[0] == seen[1]
    mails = [
        one
        for one in mailbox.delivered(app, config)
        if one["To"] in ("known@example.jp", "nobody@example.jp")
    ]
    said = [re.sub(r"\b\d{6}\b|link/\S+", "", mailbox.words(one)) for one in mails]
    assert said[0] == said[1]


def test_whose_address_it_is_is_asked_and_says_yes(
    app: App, config: Config, client: FlaskClient, rows: Session, registration: Registration, path: str
) -> None:
    known = make_person(rows, email=ADDRESS, name="高橋 れい子")
    known_id, walk_in_id = known.id, registration.person_id
    rows.commit()
    client.post(path, data=FORM)
    question = follow(app, config, client)
    page = client.get(question)
    assert page.status_code == 200
    assert "高橋 れい子" in page.text
    assert "タカハシ" in page.text
    rows.expire_all()
    assert rows.get_one(Registration, registration.id).person_id == walk_in_id
    done = client.post(question).location
    assert done == f"/claim/done/{registration.public_id}"
    assert client.get(done).status_code == 200
    rows.expire_all()
    assert rows.get_one(Registration, registration.id).person_id == known_id
    assert rows.get_one(Person, walk_in_id).merged_into_id == known_id
    assert client.get("/me/profile").status_code == 200
    assert client.get(question).status_code == 404
    assert client.get(path).status_code == 410


def test_whose_address_it_is_says_no_and_it_is_over(
    app: App, config: Config, client: FlaskClient, rows: Session, registration: Registration, path: str
) -> None:
    make_person(rows, email=ADDRESS)
    rows.commit()
    client.post(path, data=FORM)
    question = follow(app, config, client)
    assert client.post(question + "/no").status_code == 303
    for again in (
        client.post(question),
        client.post(question + "/no"),
        client.get(question),
        client.get(path),
    ):
        assert again.status_code == 410
    rows.expire_all()
    assert rows.get_one(Person, registration.person_id).merged_into_id is None


def test_the_link_works_only_in_the_browser_that_asked(
    app: App, config: Config, client: FlaskClient, rows: Session, registration: Registration, path: str
) -> None:
    client.post(path, data=FORM)
    mail = mailbox.delivered(app, config)[-1]
    other = app.test_client()
    other.get(mailbox.paths(mail)[0])
    assert other.post("/sign-in/link").status_code == 410
    rows.expire_all()
    assert rows.get_one(Person, registration.person_id).email is None


def test_who_is_signed_in_is_asked_at_once_and_nobody_else(
    client: FlaskClient, rows: Session, path: str, sign_in: Callable[[Person], FlaskClient]
) -> None:
    me, stranger = make_person(rows), make_person(rows)
    assert client.post(path + "/mine").status_code == 401
    sign_in(me)
    assert me.name in client.get(path).text
    question = client.post(path + "/mine").location
    page = client.get(question)
    assert page.status_code == 200
    assert "次の二つに同意" in page.text
    assert "この場で話された" in page.text or "共有" in page.text, "what they agree to stands there"
    sign_in(stranger)
    for answer in (client.get(question), client.post(question), client.post(question + "/no")):
        assert answer.status_code == 404


def test_an_old_or_an_unknown_link(
    client: FlaskClient, path: str, stand_still: Callable[[datetime], None]
) -> None:
    assert client.get("/claim/" + "x" * 43).status_code == 404
    assert client.post("/claim/" + "x" * 43, data=FORM).status_code == 404
    stand_still(NOW + timedelta(days=30))
    for answer in (client.get(path), client.post(path, data=FORM)):
        assert answer.status_code == 410
    client.post("/language", data={"locale": "en"})
    assert '<html lang="en"' in client.get(path).text
