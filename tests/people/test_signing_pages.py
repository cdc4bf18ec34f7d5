"""Signing in by mail, as a browser lives it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.config import Config
from organizer.mail.models import Message
from organizer.people.models import Person, RateHit, SignIn, SignInRequest
from organizer.web.unit import App
from tests.factories import NOW, make_person
from tests.mailbox import delivered, digits, paths

Move = Callable[[datetime], None]


def ask(client: FlaskClient, email: str = "taro@example.jp", target: str = "/host") -> str:
    """Ask for a mail; gives the path of the waiting page."""
    answer = client.post("/sign-in", data={"email": email, "next": target})
    assert answer.status_code == 303
    return str(answer.location)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/me/account").status_code == 200


def test_the_page_asks_for_an_address_in_both_languages(client: FlaskClient) -> None:
    assert "メールを受け取る" in client.get("/sign-in").text
    english = client.get("/sign-in", headers={"Accept-Language": "en"})
    assert "Send me the mail" in english.text


@pytest.mark.parametrize(
    "email", ["", "taro", "taro@", "a" * 250 + "@example.jp", "taro@example.jp\r\nBcc: x@y.jp"]
)
def test_a_bad_address_is_said_kindly_and_kept(client: FlaskClient, rows: Session, email: str) -> None:
    answer = client.post("/sign-in", data={"email": email})
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert rows.scalar(select(func.count()).select_from(SignInRequest)) == 0


def test_the_link_signs_in_the_browser_that_asked(
    client: FlaskClient, app: App, config: Config, rows: Session
) -> None:
    wait = ask(client)
    assert "taro@example.jp" in client.get(wait).text
    [mail] = delivered(app, config)
    [link] = paths(mail)
    opened = client.get(link)
    assert (opened.status_code, opened.location) == (302, "/sign-in/link")
    page = client.get(opened.location)
    assert page.text.count('<button class="button full"') == 1
    assert not is_signed_in(client)

    used = client.post("/sign-in/link")
    assert (used.status_code, used.location) == (303, "/me/welcome?next=/host")
    assert is_signed_in(client)
    [row] = rows.scalars(select(SignIn))
    assert row.way == "link"


def test_opening_the_link_changes_nothing(
    client: FlaskClient, app: App, config: Config, rows: Session
) -> None:
    ask(client)
    [mail] = delivered(app, config)
    before = _state(rows)
    for method in ("GET", "HEAD", "OPTIONS"):
        for browser in (client, app.test_client()):
            for path in paths(mail):
                browser.open(path, method=method, follow_redirects=method == "GET")
    assert _state(rows) == before


def _state(rows: Session) -> list[object]:
    rows.expire_all()
    tables = (SignInRequest, SignIn, Person, Message)
    return [[tuple(row) for row in rows.execute(select(table.__table__))] for table in tables]


def test_another_browser_is_told_to_use_the_digits(client: FlaskClient, app: App, config: Config) -> None:
    wait = ask(client)
    [mail] = delivered(app, config)
    other = app.test_client()
    page = other.get(paths(mail)[0], headers={"Accept-Language": "ja"})
    assert page.status_code == 200
    assert "6 桁の数字" in page.text
    assert other.post("/sign-in/link").status_code == 410
    assert other.get(wait).status_code == 404
    assert other.post(wait, data={"digits": digits(mail)}).status_code == 404
    assert not is_signed_in(other)

    assert client.post(wait, data={"digits": digits(mail)}).status_code == 303
    assert is_signed_in(client)


def test_digits_may_be_typed_in_full_width_with_a_space(
    client: FlaskClient, app: App, config: Config
) -> None:
    wait = ask(client)
    six = digits(delivered(app, config)[0])
    wide = six.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    assert client.post(wait, data={"digits": f"{wide[:3]} {wide[3:]}"}).status_code == 303


def test_five_wrong_tries_and_the_digits_are_over(
    client: FlaskClient, app: App, config: Config, rows: Session
) -> None:
    wait = ask(client)
    right = digits(delivered(app, config)[0])
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for left in (4, 3, 2, 1):
        page = client.post(wait, data={"digits": wrong})
        assert page.status_code == 422
        assert f"あと {left} 回" in page.text
    client.post(wait, data={"digits": wrong})
    assert client.post(wait, data={"digits": right}).status_code == 422
    assert not is_signed_in(client)
    assert rows.scalar(select(SignInRequest.tries)) == 5


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２"])
def test_what_are_no_six_digits_costs_no_try(client: FlaskClient, rows: Session, typed: str) -> None:
    wait = ask(client)
    assert client.post(wait, data={"digits": typed}).status_code == 422
    assert rows.scalar(select(SignInRequest.tries)) == 0


def test_a_second_use_is_gone_with_a_way_on(client: FlaskClient, app: App, config: Config) -> None:
    wait = ask(client)
    [mail] = delivered(app, config)
    client.get(paths(mail)[0])
    assert client.post("/sign-in/link").status_code == 303
    client.post("/sign-out")
    for path in (paths(mail)[0], wait):
        again = client.get(path)
        assert again.status_code in (404, 410)
    gone = client.get(paths(mail)[0])
    assert gone.status_code == 410
    assert "新しいメールを受け取る" in gone.text


def test_the_eleventh_minute_is_gone(
    client: FlaskClient, app: App, config: Config, stand_still: Move
) -> None:
    wait = ask(client)
    [mail] = delivered(app, config)
    client.get(paths(mail)[0])
    stand_still(NOW + timedelta(minutes=10))
    assert client.get(paths(mail)[0]).status_code == 410
    assert client.get("/sign-in/link").status_code == 410
    assert client.post("/sign-in/link").status_code == 410
    assert client.get(wait).status_code == 410
    assert client.post(wait, data={"digits": digits(mail)}).status_code in (410, 422)
    assert not is_signed_in(client)


def test_a_made_up_link_is_gone(client: FlaskClient) -> None:
    assert client.get("/sign-in/link/" + "x" * 43).status_code == 410
    assert client.get("/sign-in/link").status_code == 410


def test_known_and_unknown_addresses_get_the_same_answer(
    client: FlaskClient, app: App, rows: Session
) -> None:
    make_person(rows, email="known1@example.jp")
    rows.commit()
    known, unknown = app.test_client(), app.test_client()
    answers = []
    for browser, email in ((known, "known1@example.jp"), (unknown, "nobody@example.jp")):
        sent = browser.post("/sign-in", data={"email": email})
        page = browser.get(sent.location)
        answers.append((sent.status_code, len(sent.data), page.status_code, len(page.data)))
    shorter = len("known1@example.jp") - len("nobody@example.jp")
    assert answers[0] == (*answers[1][:3], answers[1][3] + shorter)
    assert rows.scalar(select(func.count()).select_from(Message)) == 2


def test_both_kinds_of_address_are_limited_alike(app: App, rows: Session) -> None:
    make_person(rows, email="known@example.jp")
    rows.commit()
    codes = []
    for email in ("known@example.jp", "nobody@example.jp"):
        browser = app.test_client()
        codes.append([browser.post("/sign-in", data={"email": email}).status_code for _ in range(12)])
    assert codes[0] == codes[1] == [303] * 10 + [429] * 2


def test_one_place_may_ask_a_hundred_times_in_ten_minutes(
    client: FlaskClient, rows: Session, stand_still: Move
) -> None:
    codes = [client.post("/sign-in", data={"email": f"t{n}@example.jp"}).status_code for n in range(101)]
    assert codes == [303] * 100 + [429]
    stand_still(NOW + timedelta(minutes=11))
    assert client.post("/sign-in", data={"email": "later@example.jp"}).status_code == 303
    keys = rows.scalars(select(RateHit.key)).all()
    assert not any("127.0.0.1" in key or "example" in key for key in keys)


def test_signing_in_gives_a_new_id_and_drops_the_old(
    client: FlaskClient, app: App, config: Config, rows: Session
) -> None:
    references = []
    for number in range(2):
        wait = (
            ask(client, f"p{number}@example.jp")
            if number == 0
            else _ask_again(client, f"p{number}@example.jp")
        )
        six = digits(delivered(app, config)[-1])
        client.post(wait, data={"digits": six})
        with client.session_transaction() as cookie:
            references.append(cookie["_user_id"])
            assert "browser" not in cookie
    assert references[0] != references[1]
    old = app.test_client()
    with old.session_transaction() as cookie:
        cookie["_user_id"] = references[0]
    client.post("/sign-out")
    assert not is_signed_in(client)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = references[1]
    assert not is_signed_in(client)


def _ask_again(client: FlaskClient, email: str) -> str:
    client.post("/sign-out")
    return ask(client, email)


def test_who_is_signed_in_goes_on(sign_in: Callable[[Person], FlaskClient], rows: Session) -> None:
    client = sign_in(make_person(rows))
    assert client.get("/sign-in?next=/host").location == "/host"
    assert client.get("/sign-in/password?next=/host").location == "/host"


UNSAFE = (
    "//evil.jp",
    "https://evil.jp",
    "/\\evil.jp",
    "/%5cevil.jp",
    "/%2f%2fevil.jp",
    "\\\\evil.jp",
    "javascript:x",
    "/%0d%0aX: y",
)


@pytest.mark.parametrize("target", UNSAFE)
def test_one_never_goes_on_to_another_site(
    client: FlaskClient, app: App, config: Config, rows: Session, target: str
) -> None:
    make_person(rows, email="known@example.jp")
    rows.commit()
    wait = ask(client, "known@example.jp", target)
    answer = client.post(wait, data={"digits": digits(delivered(app, config)[0])})
    assert answer.location == "/"


def test_signing_out_asks_for_a_post(sign_in: Callable[[Person], FlaskClient], rows: Session) -> None:
    client = sign_in(make_person(rows))
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 303
    assert not is_signed_in(client)


def test_links_in_mails_carry_our_host_whatever_was_asked(
    client: FlaskClient, app: App, config: Config
) -> None:
    client.post("/sign-in", data={"email": "taro@example.jp"}, headers={"X-Forwarded-Host": "evil.jp"})
    assert "evil.jp" not in str(delivered(app, config)[0])


def test_the_token_is_bound_to_its_form(app: App, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    for path in ("/sign-in", "/sign-in/password", "/sign-in/link", "/sign-out"):
        assert client.post(path, data={"email": "taro@example.jp"}).status_code == 400
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.jp"}
    assert client.post("/sign-in", data={"email": "taro@example.jp"}, headers=foreign).status_code in (
        400,
        403,
    )
