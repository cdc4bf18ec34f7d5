"""Logs tell ids and codes: no name, address, number or token is ever in them."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from organizer import create_app
from organizer.config import Config
from organizer.db import Database
from organizer.jobs.knock import ring_with
from organizer.web import logs
from organizer.web.unit import App
from organizer.worker import sweeper
from tests.registrations.helping import NEWCOMER
from tests.sprays.conftest import ROLES
from tests.sprays.forms import gather_forms
from tests.sprays.walking import Actors, visits
from tests.sprays.world import World, make_world


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that the lines of production would hold, with our own log at its most talkative."""
    stream = io.StringIO()
    handler = logs.Lines(stream)
    handler.setFormatter(logs.JsonLines())
    root, own = logging.getLogger(), logging.getLogger("organizer")
    before = own.level
    root.addHandler(handler)
    own.setLevel(logging.DEBUG)
    yield stream
    own.setLevel(before)
    root.removeHandler(handler)


def planted(world: World) -> Iterator[str]:
    """Every string by which somebody could be known, or something opened."""
    yield world.mark
    yield world.mark.lower() + "-"
    yield from (token for token in world.tokens.values())
    for person in [*world.people, *world.cast.values()]:
        yield from (
            person.name,
            person.reading,
            person.email or "-",
            person.phone[3:],
            person.profile.company,
        )
    yield from (NEWCOMER["name"], NEWCOMER["email"], NEWCOMER["company"], NEWCOMER["topic"])


def test_a_walk_through_everything_leaves_no_name_in_the_log(
    app: App, config: Config, rows: Session, heard: io.StringIO
) -> None:
    world = make_world(rows, "ANNLOG")
    actors = Actors(app, world)
    forms = gather_forms(actors, (visit for role in ROLES for visit in visits(actors, role, pictures=False)))
    wanted = ("people.send_link", "circles.invite", "events.invite", "registrations.decide", "ties.note")
    for endpoint, form in forms.items():
        actors.client(form.role).post(form.action, data=form.data())
        if endpoint in wanted:
            actors.client(form.role).post(form.action, data=form.data(email="annlog-mail-x@example.jp"))
    actors.client("nobody").post(f"/e/{world.events['published'].public_id}/apply", data=NEWCOMER)
    sweeper(app, config).sweep()
    logging.getLogger("organizer.test").warning("the end")
    said = heard.getvalue()
    lines = [json.loads(line) for line in said.splitlines()]
    assert lines[-1]["says"] == "the end"
    assert not [one for one in planted(world) if one in said]


def test_a_fault_is_told_by_its_kind_and_place_alone(app: App, rows: Session, heard: io.StringIO) -> None:
    actors = Actors(app, make_world(rows, "ANNLOG"))

    def stumble() -> None:
        rows.execute(
            text("INSERT INTO person (name, email) VALUES (:name, :email)"),
            {"name": "ANNLOG", "email": "x@annlog.jp"},
        )

    app.view_functions["home.index"] = stumble  # type: ignore[assignment]
    answer = actors.client("owner").get("/")
    assert answer.status_code == 500
    line = json.loads(heard.getvalue().splitlines()[-1])
    assert line["error"][0] == "IntegrityError"
    assert any("test_logs.py" in place for place in line["where"])
    assert (line["level"], line["endpoint"], line["request"]) == (
        "error",
        "home.index",
        answer.headers["X-Request-Id"],
    )
    assert "ANNLOG" not in heard.getvalue()
    assert "annlog" not in heard.getvalue()


def test_production_writes_json_and_development_plain_words(
    config: Config, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    root, own = logging.getLogger(), logging.getLogger("organizer")
    kept, level = list(root.handlers), own.level
    try:
        for env in ("production", "development"):
            create_app(replace(config, env=env, now=None), database)
            ring_with(None)
            logging.getLogger("organizer.worker").info("ready")
            logging.getLogger("sqlalchemy.engine").info("SELECT secret")
        told = capsys.readouterr().err.splitlines()
        assert json.loads(told[0])["says"] == "ready"
        assert told[1:] == ["INFO organizer.worker: ready"]
    finally:
        root.handlers = kept
        own.setLevel(level)


def test_each_request_has_an_id_of_its_own(app: App) -> None:
    client = app.test_client()
    one, other = (client.get("/healthz").headers["X-Request-Id"] for _ in range(2))
    assert one != other
    assert len(one) == 16
