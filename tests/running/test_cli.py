"""The command line can be asked for help before anything is configured, and says plainly what is wrong."""

import os
import subprocess
import sys

import pytest

from organizer import cli

COMMANDS = ["setup", "demo", "run", "web", "worker", "user", "seat", "pair", "token", "report"]


def organizer(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The command in an environment of its own: nothing configured but `environ`."""
    bare = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ORGANIZER_") and name != "PORT"
    }
    return subprocess.run(
        [sys.executable, "-m", "organizer.cli", *words],
        env={**bare, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "words", [["--help"], *([command, "--help"] for command in COMMANDS), ["user", "add", "--help"]]
)
def test_help_needs_no_configuration(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 0
    assert "usage: organizer" in capsys.readouterr().out


def test_help_in_a_bare_environment_names_every_command() -> None:
    done = organizer("--help")
    assert done.returncode == 0
    assert done.stderr == ""
    assert all(f"\n    {command} " in done.stdout for command in COMMANDS)
    assert set(cli.PLACES) == set(COMMANDS)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "required: COMMAND"),
        (["dance"], "invalid choice: 'dance'"),
        (["run", "--workers", "0"], "a whole number from 1 to 64"),
        (["run", "--workers", "many"], "a whole number from 1 to 64"),
        (["run", "--workers", "9" * 5000], "a whole number from 1 to 64"),
        (["demo", "--admitted", "0"], "a whole number from 1 to 1000000"),
        (["demo", "--admitted", "1.5"], "a whole number from 1 to 1000000"),
        (["seat", "x", "--seconds", "soon"], "above 0, at most a day"),
        (["seat", "x", "--seconds", "nan"], "above 0, at most a day"),
        (["user"], "required: ACT"),
    ],
)
def test_misuse_is_answered_with_usage(
    words: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "usage: organizer" in said
    assert why in said


def test_every_fault_of_the_settings_is_one_line() -> None:
    done = organizer("setup", ORGANIZER_ENV="holiday", PORT="eighty", ORGANIZER_SMTP_URL="mail.example.jp")
    assert done.returncode == 2
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [
        *("ORGANIZER_ENV", "PORT", "ORGANIZER_SECRET_KEY", "ORGANIZER_BASE_URL", "ORGANIZER_SMTP_URL")
    ]


def test_the_demo_is_for_development() -> None:
    done = organizer(
        "demo",
        ORGANIZER_SECRET_KEY="secret" * 8,
        ORGANIZER_BASE_URL="https://enishi.example",
        ORGANIZER_ENV="production",
    )
    assert done.returncode == 2
    assert "the demo circle is for development" in done.stderr
