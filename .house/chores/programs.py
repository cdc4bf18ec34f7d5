"""Chores that start the house, or put it under load."""

import os

from chores import browser_parts, environment, machine
from chores.environment import program
from chores.say import become


def run(words: list[str]) -> None:
    """Set up, start and print the address; PORT=9000, TLS=1 for phones, Ctrl-C ends it."""
    environment.ensure("run")
    browser_parts.ensure()
    environ = {"ORGANIZER_ENV": "development", **os.environ}
    tls = ["--tls"] if environ.get("TLS", "0") not in {"", "0"} else []
    become([program("organizer"), "run", *tls, *words], environ)


def bench(words: list[str]) -> None:
    """Measure: scans, pages, start and memory; seating, pairs and words beside their goals."""
    _become_test_module("tests.bench", words)


def bench_long(words: list[str]) -> None:
    """The same with a minute for each evening and a thousand people: half an hour."""
    _become_test_module("tests.bench", ["--long", *words])


def torture(words: list[str]) -> None:
    """The long runs: races by the thousand, workers killed again and again."""
    _become_test_module("tests.torture", words)


def screenshots(words: list[str]) -> None:
    """Draw the README's pictures with a real browser."""
    _become_test_module("tests.screenshots", words)


def _become_test_module(module: str, words: list[str]) -> None:
    environment.ensure("test")
    browser_parts.ensure()
    machine.ensure_test_programs()
    become([program("python"), "-m", module, *words], machine.test_environ())
