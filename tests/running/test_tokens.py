"""Hosts' tokens from the terminal: what is printed opens the API, what cannot be is said in a line."""

from pathlib import Path

import pytest

from organizer import cli
from organizer.circles import tokens
from organizer.clock import now
from organizer.db import Database
from organizer.domain.door import TokenScope
from organizer.domain.roles import CircleRole
from tests.factories import make_circle, make_member, make_person


@pytest.fixture
def house(house: Database) -> Database:
    """Two circles and those who run them."""
    with house.transaction() as session:
        for slug in ("asa", "yoru"):
            owner = make_person(session, name=f"{slug} 代表", email=f"{slug}@example.jp")
            circle = make_circle(session, owner, slug=slug)
            staff = make_person(session, email=f"{slug}-staff@example.jp")
            make_member(session, circle, staff, CircleRole.STAFF)
    return house


def run(*words: str) -> int:
    """The exit code of `organizer token …`."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["token", *words])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_made_listed_and_revoked(house: Database, capsys: pytest.CaptureFixture[str]) -> None:
    made = ("create", "asa", "Asa@example.jp", "--name", " 名簿アプリ ", "--scope", "door", "--days", "365")
    assert run(*made) == 0
    said = capsys.readouterr()
    text = said.out.strip()
    public_id = said.err.partition(":")[0]
    with house.transaction(writes=False) as session:
        found = tokens.find(session, text, now())
        assert found is not None
        assert (found.public_id, found.name, found.scope) == (public_id, "名簿アプリ", TokenScope.DOOR)
        assert (found.expires_at - found.created_at).days == 365
    assert run("create", "yoru", "yoru@example.jp", "--name", "x") == 0
    capsys.readouterr()
    assert run("list") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert run("list", "asa") == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{public_id}  asa  asa 代表  door  until 2027-12-01  not used  名簿アプリ")
    assert text not in line
    assert run("revoke", public_id) == 0
    with house.transaction(writes=False) as session:
        assert tokens.find(session, text, now()) is None


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("create", "nowhere", "asa@example.jp", "--name", "x"), "there is no circle nowhere"),
        (("create", "asa", "yoru@example.jp", "--name", "x"), "does not help to run asa"),
        (("create", "asa", "nobody@example.jp", "--name", "x"), "does not help to run asa"),
        (("create", "asa", "asa-staff@example.jp", "--name", "x"), "may not run events of asa: staff"),
        (("create", "asa", "asa@example.jp", "--name", "あ" * 41), "1 to 40 characters"),
        (("create", "asa", "asa@example.jp", "--name", "\u200b"), "1 to 40 characters"),
        (("create", "asa", "asa@example.jp", "--name", "x", "--days", "31"), "invalid choice"),
        (("create", "asa", "asa@example.jp", "--name", "x", "--scope", "all"), "invalid choice"),
        (("create", "asa", "asa@example.jp"), "--name"),
        (("list", "nowhere"), "there is no circle nowhere"),
        (("revoke", "x" * 22), "there is no token"),
        ((), "ACT"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(
    house: Database, words: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == 2
    said = capsys.readouterr()
    assert why in said.err
    assert said.out == ""
    with house.transaction(writes=False) as session:
        assert list(tokens.listed(session, now())) == []


def test_a_second_end_and_a_token_too_many_are_said(
    house: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(tokens.AT_ONCE):
        assert run("create", "asa", "asa@example.jp", "--name", "x") == 0
    public_id = capsys.readouterr().err.partition(":")[0]
    assert run("create", "asa", "asa@example.jp", "--name", "x") == 2
    assert "revoke one first" in capsys.readouterr().err
    assert run("revoke", public_id) == 0
    assert run("revoke", public_id) == 2
    assert "revoked already" in capsys.readouterr().err


def test_a_database_without_tables_is_said_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"ENV": "test", "DATA_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(f"ORGANIZER_{name}", value)
    assert run("list") == 2
    assert capsys.readouterr().err == "the database is not set up, or not up to date: organizer setup\n"
