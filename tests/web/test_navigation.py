"""Which part of the site a page says it belongs to."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from organizer.people.models import Person
from tests.matches.rows import Evening, make_evening

SignIn = Callable[[Person], FlaskClient]
CURRENT = re.compile(r'aria-current="(page|true)"[^>]*><span>([^<]+)</span>')


@pytest.fixture
def evening(rows: Session) -> Evening:
    made = make_evening(rows, 2)
    rows.commit()
    return made


def marked(page: str) -> list[tuple[str, str]]:
    head = re.search(r'<nav class="site-nav".*?</nav>', page, re.DOTALL)
    assert head is not None
    return CURRENT.findall(head[0])


def test_the_closing_belongs_to_ones_home(sign_in: SignIn, evening: Evening) -> None:
    browser, path = sign_in(evening.people[0]), f"/events/{evening.event.public_id}/closing"
    assert marked(browser.get(path).text) == [("true", "ホーム")]
    refused = browser.post(f"{path}/talked", data={"people": ["x"] * 500})
    assert (refused.status_code, marked(refused.text)) == (422, [("true", "ホーム")])
    browser.post("/language", data={"locale": "en"})
    assert marked(browser.get(path).text) == [("true", "Home")]


def test_the_same_addresses_of_hosts_are_hosting(sign_in: SignIn, evening: Evening) -> None:
    browser = sign_in(evening.host)
    assert marked(browser.get(f"/events/{evening.event.public_id}/after").text) == [("true", "主催")]
    assert marked(browser.get("/host").text) == [("page", "主催")]


def test_a_page_that_is_not_there_is_part_of_nothing(sign_in: SignIn, evening: Evening) -> None:
    browser = sign_in(evening.people[0])
    for path in (f"/events/{evening.event.public_id}/after", "/ties/nobody", "/nowhere"):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert marked(answer.text) == []


def test_guests_have_one_part(client: FlaskClient) -> None:
    assert marked(client.get("/events").text) == [("page", "公開イベント")]
