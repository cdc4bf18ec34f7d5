"""The chores by name. Each is a function that takes the remaining words of the command line."""

import argparse
import signal
import subprocess
import sys
from collections.abc import Callable
from types import FrameType

from chores import browser_parts, checks, environment, locks, programs, wheel
from chores.say import Trouble


def setup(_words: list[str]) -> None:
    """Make ready everything but the data: environment, packages, browser parts."""
    environment.ensure("run")
    browser_parts.ensure()


CHORES: dict[str, Callable[[list[str]], None]] = {
    "setup": setup,
    "run": programs.run,
    "test": checks.test,
    "lint": checks.lint,
    "fmt": checks.fmt,
    "bench": programs.bench,
    "bench-long": programs.bench_long,
    "torture": programs.torture,
    "screenshots": programs.screenshots,
    "wheel": wheel.build,
    "lock": locks.renew,
    "clean": environment.clean,
}


def main(words: list[str]) -> None:
    """Do the chore that `words` name. Ends the process with 1 and one clear line when it cannot."""
    _hear_signals()
    known, rest = _parser().parse_known_args(words)
    try:
        CHORES[known.chore](rest)
    except Trouble as trouble:
        sys.exit(f"enishi: {trouble}")
    except subprocess.CalledProcessError as failed:
        sys.exit(failed.returncode or 1)
    except KeyboardInterrupt:
        sys.exit(130)


def _parser() -> argparse.ArgumentParser:
    lines = [f"  {name:<12} {(chore.__doc__ or '').splitlines()[0]}" for name, chore in CHORES.items()]
    parser = argparse.ArgumentParser(
        prog="make",
        usage="make CHORE [ARGS='...']",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="\n".join(lines),
    )
    parser.add_argument("chore", choices=CHORES, metavar="CHORE", help=argparse.SUPPRESS)
    return parser


def _hear_signals() -> None:
    """Let both signals end a chore and what it started, even where a shell had SIGINT ignored for us."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _terminated)


def _terminated(_number: int, _frame: FrameType | None) -> None:
    sys.exit(143)
