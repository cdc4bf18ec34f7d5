"""A process of our own for long sums: asked in one line of JSON, answering in lines of JSON, gone when we are."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "PYTHONPATH")
"""What of our environment such a process sees: nothing secret."""


class Died(Exception):
    """The process ended before its last word, or did not find it in time."""


def ask(module: str, question: object, *, last: str, every: float, most: float) -> Generator[dict[str, Any]]:
    """What `python -m module` says to a question, object by object until one that has the key `last`.

    An empty object each time `every` seconds pass in silence. To close the iterator ends the process. Raises Died,
    also after `most` seconds.
    """
    process = subprocess.Popen(  # noqa: S603 - our own module, by our own interpreter
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=_environ(),
        start_new_session=True,
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(question, separators=(",", ":")).encode() + b"\n")
        process.stdin.flush()
        for said in _lines(process.stdout.fileno(), every, time.monotonic() + most):
            yield said
            if last in said:
                return
    except BrokenPipeError:
        raise Died(module) from None
    finally:
        _end(process)


def _lines(pipe: int, every: float, until: float) -> Iterator[dict[str, Any]]:
    """Each line that comes out of the pipe, and an empty object for each silence."""
    rest = b""
    while time.monotonic() < until:
        if not select.select([pipe], [], [], every)[0]:
            yield {}
            continue
        heard = os.read(pipe, 1 << 16)
        if not heard:
            raise Died("it ended")
        *lines, rest = (rest + heard).split(b"\n")
        yield from map(json.loads, lines)
    raise Died("it took too long")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()


def _environ() -> Mapping[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    paths = [str(ROOT), *filter(None, [kept.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(paths)}
