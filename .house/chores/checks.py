"""Looking at the code, and trying it."""

import os

from chores import browser_parts, environment, machine
from chores.environment import program
from chores.say import aloud, become


def test(words: list[str]) -> None:
    """Everything that must hold: style, types, templates, then all tests; ARGS go to pytest."""
    _get_ready()
    machine.ensure_test_programs()
    if not words:
        _look()
    become(
        [
            program("python"),
            "-m",
            "pytest",
            *(words or ["-n", str(_workers()), "--dist", "loadscope", "--no-loadscope-reorder"]),
        ],
        machine.test_environ(),
    )


def _workers() -> int:
    """One more than this machine has cores, as far as that helps: who drives a browser often waits."""
    return min(4, (os.cpu_count() or 1) + 1)


def lint(_words: list[str]) -> None:
    """Style, types and templates, without the tests."""
    _get_ready()
    _look()


def fmt(_words: list[str]) -> None:
    """Bring the code into the one style."""
    _get_ready()
    aloud([program("ruff"), "check", "--fix-only", "--quiet", "."])
    aloud([program("ruff"), "format", "."])


def _get_ready() -> None:
    environment.ensure("test")
    browser_parts.ensure()


def _look() -> None:
    aloud([program("ruff"), "check", "."])
    aloud([program("ruff"), "format", "--check", "."])
    aloud([program("djlint"), "--lint", "--quiet", "templates"])
    aloud([program("mypy")])
