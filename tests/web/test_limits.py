"""Limits: counted before the request's own transaction, in rows or in Redis, and closed when neither answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer import create_app
from organizer.config import Config
from organizer.db import Database
from organizer.jobs.knock import ring_with
from organizer.migrations import upgrade
from organizer.people import passwords
from organizer.people.models import RateHit
from tests import services
from tests.factories import NOW

ASK = {"email": "taro@example.jp", "password": "not this one"}
PATH = "/sign-in/password"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No effort is spent on comparing passwords here."""
    monkeypatch.setattr(passwords, "matches", lambda kept, typed: False)


def client_of(config: Config, database: Database) -> FlaskClient:
    app = create_app(config, database)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    ring_with(None)
    return app.test_client()


def codes(client: FlaskClient, times: int) -> list[int]:
    return [client.post(PATH, data=ASK).status_code for _ in range(times)]


def test_a_page_too_many_says_to_wait(client: FlaskClient) -> None:
    assert codes(client, 11)[-1] == 429
    page = client.post(PATH, data=ASK)
    assert "少し" in page.text or "お待ち" in page.text
    assert client.get(PATH).status_code == 200


def test_counting_never_waits_for_the_requests_own_writing(config: Config, tmp_path: Path) -> None:
    """On a real file, where a second writer would wait for the first: the limited page writes, too."""
    database = Database(f"sqlite:///{tmp_path / 'enishi.db'}")
    upgrade(database)
    client = client_of(config, database)
    assert [client.post("/sign-in", data={"email": f"p{n}@example.jp"}).status_code for n in range(3)] == [
        303
    ] * 3
    with database.transaction(writes=False) as session:
        keys = session.scalars(select(RateHit.key)).all()
    assert sum("people.send_link" in key for key in keys) == 2
    database.dispose()


def test_the_clock_of_the_limits_is_ours(
    client: FlaskClient, rows: Session, stand_still: Callable[[datetime], None]
) -> None:
    assert codes(client, 11)[-1] == 429
    ends = set(rows.scalars(select(RateHit.expires_at).where(RateHit.key.contains("15/minute"))))
    assert ends == {(NOW + timedelta(minutes=15)).timestamp()}
    stand_still(NOW + timedelta(minutes=15, seconds=1))
    assert codes(client, 1) == [422]


def test_redis_counts_where_it_is_configured(config: Config, database: Database, rows: Session) -> None:
    with services.redis() as url:
        several = [client_of(replace(config, redis_url=url), database) for _ in range(2)]
        assert codes(several[0], 6) + codes(several[1], 5) == [422] * 10 + [429]
    assert rows.scalars(select(RateHit)).all() == []


@pytest.mark.parametrize("path", [PATH, "/sign-in"])
def test_without_its_redis_signing_in_stays_closed(config: Config, database: Database, path: str) -> None:
    with services.redis() as url:
        client = client_of(replace(config, redis_url=url), database)
        assert client.post(path, data=ASK).status_code in (303, 422)
    assert client.post(path, data=ASK).status_code == 503
    assert client.get(path).status_code == 200
