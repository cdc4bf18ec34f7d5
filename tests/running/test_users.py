"""People added from the terminal can sign in."""

import io
import sys

import pytest

from organizer import cli
from organizer.db import Database
from organizer.people import passwords
from organizer.people.service import find_by_address


def run(*words: str) -> int:
    """The exit code of `organizer user …`."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["user", *words])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_add_and_list(
    house: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(" morning-coffee-7 \n"))
    assert run("add", "Yamada@Example.jp", "--name", "山田 太郎", "--password") == 0
    assert run("add", "sato@example.jp", "--name", "佐藤 花子", "--locale", "en") == 0
    assert run("list") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-2:] == ["山田 太郎  Yamada@example.jp  password", "佐藤 花子  sato@example.jp  link"]
    with house.transaction(writes=False) as session:
        person = find_by_address(session, "yamada@example.jp")
        assert person is not None
        assert passwords.matches(person.password_hash, "morning-coffee-7"), "cleaned as the form cleans it"
        assert person.email_confirmed_at is not None
        other = find_by_address(session, "sato@example.jp")
        assert other is not None
        assert other.locale == "en"


@pytest.mark.parametrize(
    ("words", "typed", "why"),
    [
        (("not-an-address", "--name", "X"), "", "@-sign"),
        (("a@example.jp", "--name", "X", "--password"), "short\n", "10 to 128 characters"),
        (("a@example.jp", "--name", "X", "--password"), "x" * 129 + "\n", "10 to 128 characters"),
        (("a@example.jp", "--name", "X", "--password"), "aaaaaaaaaab\n", "4 different"),
        (("a@example.jp", "--name", " \u200b"), "", "1 to 80 characters"),
        (("a@example.jp", "--name", "名" * 81), "", "1 to 80 characters"),
        (("here@example.jp", "--name", "X"), "", "is here already"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_written(
    house: Database,
    words: tuple[str, ...],
    typed: str,
    why: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("add", "here@example.jp", "--name", "先客") == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert run("add", *words) == 2
    assert why in capsys.readouterr().err
    assert run("list") == 0
    assert capsys.readouterr().out == "先客  here@example.jp  link\n"
