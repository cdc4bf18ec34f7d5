"""A crowd at the door from the terminal: whoever has what is printed can scan at once."""

import json
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from organizer import cli, create_app
from organizer.circles.models import Circle, Membership
from organizer.config import Config
from organizer.db import Database
from organizer.demo import crowd
from organizer.followups.models import FollowUp
from organizer.jobs.models import Task
from organizer.mail.models import Message
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.running.ground import prepare
from tests import services
from tests.factories import NOW

SECRET = "secret" * 8


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[str]:
    """An empty database that the command's environment names."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'enishi.db'}"
        return
    with services.postgres(worker_id) as address:
        yield address


@pytest.fixture
def house(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    told = {"ENV": "test", "DATA_DIR": str(tmp_path), "DATABASE_URL": url, "SECRET_KEY": SECRET}
    for name, value in (told | {"NOW": NOW.isoformat()}).items():
        monkeypatch.setenv(f"ORGANIZER_{name}", value)
    return url


def demo(*words: str) -> int:
    """The exit code of `organizer demo …`."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["demo", *words])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_everybody_of_the_crowd_is_let_in_once(
    house: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demo("--admitted", "2", "--json") == 0
    capsys.readouterr()
    assert demo("--admitted", "40", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"event", "scan_url", "token", "codes"}
    assert told["scan_url"] == f"/api/v1/events/{told['event']}/scans"
    assert len(set(told["codes"])) == 40
    database = Database(house)
    config = Config(
        env="test", port=80, data_dir=tmp_path, database_url=house, secret_key=SECRET,
        base_url="http://localhost", now=NOW.isoformat(),
    )  # fmt: skip
    client = create_app(config, database).test_client()
    header = {"Authorization": f"Bearer {told['token']}"}
    for expected in ("admitted", "already"):
        for number, code in enumerate(told["codes"], 1):
            body = {"code": code, "key": secrets.token_hex(16)}
            answer = client.post(told["scan_url"], json=body, headers=header).json
            assert answer is not None
            assert answer["result"] == expected
            arrived = number if expected == "admitted" else 40
            assert answer["count"] == {"arrived": arrived, "expected": 40}
    listed = client.get(told["scan_url"].replace("scans", "door-list"), headers=header).json
    assert listed is not None
    assert len(listed["people"]) == 40
    with database.transaction(writes=False) as session:
        for nothing in (Message, Task, FollowUp):
            assert session.scalar(select(func.count()).select_from(nothing)) == 0
        assert session.scalar(select(func.count()).where(Person.email.is_not(None))) == 0
        assert session.scalar(select(func.count()).select_from(Registration)) == 42
    database.dispose()


def test_several_at_once_share_one_circle(house: str) -> None:
    config = Config.from_environ(os.environ)
    prepare(config)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda people: crowd.gather(config, people), [2] * 4))
    assert len({one.event for one in found}) == 4
    database = Database(house)
    with database.transaction(writes=False) as session:
        assert session.scalars(select(Circle.slug)).all() == [crowd.SLUG]
        assert session.scalar(select(func.count()).select_from(Membership)) == 1
        assert session.scalar(select(func.count()).select_from(Person)) == 1 + 4 * 2
    database.dispose()


def test_in_plain_lines(house: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo("--admitted", "3") == 0
    address, token, *codes = capsys.readouterr().out.splitlines()
    assert address.endswith("/scans")
    assert token.startswith("eni_door_")
    assert [len(code) for code in codes] == [26] * 3


@pytest.mark.parametrize(
    "words", [["--admitted", "0"], ["--admitted", "many"], ["--admitted", "-3"], ["--json"]]
)
def test_what_cannot_be(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ORGANIZER_ENV", "test")
    monkeypatch.setenv("ORGANIZER_DATA_DIR", str(tmp_path))
    assert demo(*words) == 2
    assert capsys.readouterr().out == ""


def test_not_where_people_rely_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {"ENV": "production", "SECRET_KEY": SECRET, "BASE_URL": "https://enishi.example"}
    for name, value in (told | {"DATA_DIR": str(tmp_path / "var")}).items():
        monkeypatch.setenv(f"ORGANIZER_{name}", value)
    assert demo("--admitted", "3", "--json") == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "for development and test, not for production" in said.err
    assert not (tmp_path / "var").exists()
