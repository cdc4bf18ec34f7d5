"""How chores speak, and how they run other programs."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Trouble(Exception):
    """A chore cannot go on; the text says in one line what to do."""


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what begins, and how long it took."""
    print(f"· {what} …", flush=True)
    began = time.monotonic()
    yield
    print(f"  done in {time.monotonic() - began:.0f} s", flush=True)


def quietly(command: Sequence[str | Path], **options: object) -> str:
    """The output of a command; when it fails, all of it is shown and Trouble raised.

    `options` are `cwd` and `env`, as for subprocess.run.
    """
    done = subprocess.run(  # type: ignore[call-overload]
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **options,
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        raise Trouble(f"this failed with {done.returncode}: {' '.join(str(word) for word in command)}")
    return str(done.stdout)


def pip(python: Path, *words: str | Path) -> None:
    """Run the pip of an interpreter."""
    quietly([python, "-m", "pip", "--disable-pip-version-check", "--no-input", *words])


def aloud(command: Sequence[str | Path]) -> None:
    """Run a command in the house with its own output. Raises CalledProcessError when it fails."""
    subprocess.run([str(word) for word in command], cwd=ROOT, check=True)


def become(command: Sequence[str | Path], environ: Mapping[str, str]) -> None:
    """Give this process over to a command, so that signals reach it and its last line is the last."""
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execve(str(command[0]), [str(word) for word in command], dict(environ))  # noqa: S606
