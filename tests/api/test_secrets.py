"""A token is shown once: afterwards it stands nowhere, not in the database, not in a log, not in an answer."""

import io
import logging
import re
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from organizer.config import Config
from organizer.domain.roles import CircleRole
from organizer.models import metadata
from organizer.people.models import Person
from organizer.tokens import digest
from organizer.web import logs
from organizer.web.unit import App
from organizer.worker import sweeper
from tests.api.apps import carrying, device_of
from tests.checkin.rows import make_evening
from tests.factories import make_member, make_person

KEY = "key-00000000000000000001"


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    """Everything that the lines of production would hold, with every logger at its most talkative."""
    stream = io.StringIO()
    handler = logs.Lines(stream)
    handler.setFormatter(logs.JsonLines())
    root, own = logging.getLogger(), logging.getLogger("organizer")
    levels = root.level, own.level
    root.addHandler(handler)
    for logger in (root, own):
        logger.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(levels[0])
    own.setLevel(levels[1])


def test_no_token_is_kept_or_logged(
    app: App, config: Config, rows: Session, sign_in: Callable[[Person], FlaskClient], heard: io.StringIO
) -> None:
    evening = make_evening(rows, 1)
    host = make_person(rows)
    make_member(rows, evening.circle, host, CircleRole.HOST)
    device = device_of(rows, evening.event)
    page = f"/circles/{evening.circle.slug}/tokens"
    browser = sign_in(host)
    made = browser.post(page, data={"name": "アプリ", "scope": "door", "days": "30"})
    (token,) = re.findall(r">(eni_api_[\w-]{43})</textarea>", made.text)
    said = [browser.get(page), browser.get("/host")]
    for text in (token, device):
        said += use(app, text, f"/api/v1/events/{evening.event.public_id}", evening.guests[0].code)
    sweeper(app, config).sweep()
    logging.getLogger("organizer.test").warning("the end")
    assert "the end" in heard.getvalue()
    kept = everything(rows)
    for text in (token, device):
        secret = text.rpartition("_")[2]
        assert digest(text) in kept
        assert secret not in kept
        assert secret not in heard.getvalue()
        assert not [answer.request.path for answer in said if secret in str(answer.headers) + answer.text]


def use(app: App, text: str, root: str, code: str) -> list[TestResponse]:
    """The answers to a token where it belongs, where it does not, and where our own code stumbles."""

    def stumble(*_args: object, **_values: object) -> None:
        raise RuntimeError("something of ours")

    client, plain = carrying(app, text), app.test_client()
    answers = [
        client.post(f"{root}/scans", json={"code": code, "key": KEY}),
        client.get(f"{root}/door-list"),
        client.get("/api/v1/events"),
        client.post(f"{root}/scans", data=b"{", content_type="application/json"),
        client.post(f"{root}/scans", json={"code": text, "key": f"{KEY}{text[4:7]}"}),
        plain.get(f"{root}/door-list?access_token={text}"),
        plain.post(f"{root}/scans?token={text}", json={"code": code, "key": KEY}),
        plain.get(f"/host?token={text}"),
        carrying(app, f"{text}x").get(f"{root}/door-list"),
        plain.get(f"{root}/door-list", headers={"Authorization": f"Basic {text}"}),
    ]
    kept = app.view_functions["checkin_api.list_people"]
    app.view_functions["checkin_api.list_people"] = stumble  # type: ignore[assignment]
    answers.append(client.get(f"{root}/door-list"))
    app.view_functions["checkin_api.list_people"] = kept
    assert answers[-1].status_code == 500
    assert [answer.status_code for answer in answers[5:7]] == [400, 400]
    return answers[:7] + answers[8:]


def everything(rows: Session) -> str:
    """Every value of every row."""
    rows.expire_all()
    return repr([rows.execute(select(table)).all() for table in metadata.sorted_tables])
