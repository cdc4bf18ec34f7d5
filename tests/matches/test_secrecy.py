"""A wish that only one of two has is in no page, mail, file, answer or log for anybody but its own person."""

import logging
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from organizer.config import Config
from organizer.matches.models import Again
from organizer.people.models import Person
from organizer.web.unit import App
from organizer.workflows import looking_back
from organizer.workflows.closing import make_matches
from tests.factories import NOW
from tests.mailbox import delivered, words
from tests.matches.rows import Evening, make_evening

SignIn = Callable[[Person], FlaskClient]


OWN_BROWSERS = "people.sign_ins"
"""Grows by this test's own signing in."""


def pages_of(app: App, evening: Evening, person: Person) -> list[str]:
    """Every page without further arguments, and those of the event, its circle and the people in it."""
    values = {
        "event_id": evening.event.public_id,
        "event": evening.event.public_id,
        "slug": evening.circle.slug,
        "public_id": person.public_id,
    }
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if (
                "GET" in (rule.methods or set())
                and rule.arguments <= set(values)
                and rule.endpoint not in ("static", OWN_BROWSERS)
            ):
                found.append(
                    app.url_map.bind("localhost").build(rule.endpoint, {n: values[n] for n in rule.arguments})
                )
    return sorted(set(found))


OF_THE_MOMENT = re.compile(
    rb'(name="csrf(_|-)token" (value|content)|content|name="key" type="hidden" value|data-who)="[^"]*"'
)
"""Tokens, the key of a form, and by which sign-in a phone stands at the door: another at every answer."""


def everything_seen(client: FlaskClient, paths: list[str]) -> dict[str, tuple[int, bytes]]:
    """Status and body of each page, without the tokens that differ at every answer."""
    seen = {}
    for path in paths:
        answer = client.get(path)
        body = OF_THE_MOMENT.sub(b"", answer.data)
        if answer.mimetype.startswith(("text/", "application/json")):
            seen[path] = (answer.status_code, body)
    return seen


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("made", [False, True])
def test_no_page_of_host_or_others_changes_by_it(
    app: App, client: FlaskClient, rows: Session, sign_in: SignIn, held: bool, made: bool
) -> None:
    evening = make_evening(rows, 5, holds_matches=held)
    wanting, wanted, third, *_ = evening.people
    if made:
        make_matches(rows, evening.event.id, NOW)
    rows.commit()
    before = {}
    for viewer in (evening.host, wanted, third):
        sign_in(viewer)
        paths = pages_of(app, evening, wanting)
        before[viewer.id] = everything_seen(client, paths)
        assert len(before[viewer.id]) > 15
    looking_back.say_again(rows, evening.place(rows, wanting), {wanted.id, third.id}, NOW)
    rows.commit()
    for viewer in (evening.host, wanted, third):
        sign_in(viewer)
        paths = pages_of(app, evening, wanting)
        after = everything_seen(client, paths)
        changed = [path for path in paths if path in after and after[path] != before[viewer.id][path]]
        assert changed == []


def test_only_its_own_table_knows_of_it(rows: Session) -> None:
    """A wish said and taken back leaves every other table as it was; a standing one is in its own row alone."""
    evening = make_evening(rows, 4)
    wanting, wanted, *_ = evening.people
    place = evening.place(rows, wanting)
    looking_back.say_talked(rows, place, {wanted.id}, NOW)
    rows.commit()

    def all_tables() -> dict[str, list[tuple[object, ...]]]:
        rows.expire_all()
        names = inspect(rows.connection()).get_table_names()
        return {name: [tuple(row) for row in rows.execute(text(f'SELECT * FROM "{name}"'))] for name in names}

    before = all_tables()
    looking_back.say_again(rows, place, {wanted.id}, NOW)
    rows.commit()
    standing = all_tables()
    assert {name for name in before if before[name] != standing[name]} == {"again"}
    looking_back.say_again(rows, place, set(), NOW)
    rows.commit()
    assert all_tables() == before


def test_no_log_or_mail_speaks_of_it(
    app: App,
    config: Config,
    rows: Session,
    evening: Evening,
    caplog: pytest.LogCaptureFixture,
    sign_in: SignIn,
) -> None:
    caplog.set_level(logging.DEBUG)
    wanting, wanted, *_ = evening.people
    client = sign_in(wanting)
    caplog.clear()
    client.post(f"/events/{evening.event.public_id}/closing/again", data={"people": [wanted.public_id]})
    make_matches(rows, evening.event.id, NOW)
    rows.commit()
    mails = delivered(app, config)
    spoken = caplog.text
    assert rows.scalars(select(Again.other_id)).all() == [wanted.id]
    assert wanted.public_id not in spoken
    assert wanted.name not in spoken
    assert all("もう一度" not in words(mail) for mail in mails)
