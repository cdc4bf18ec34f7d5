"""Signals as something to wait for."""

import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_MAKES = ("make", "gmake")


class Signals:
    """What was heard so far."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._endings = 0

    def asked(self) -> int:
        """How many times somebody asked us to end."""
        return self._endings

    def wait(self, seconds: float) -> None:
        """Until a signal comes (a child's death too), at most so long."""
        if select.select([self._pipe], [], [], seconds)[0]:
            heard = os.read(self._pipe, 512)
            self._endings += sum(number in ENDING for number in heard)
        if self._endings == 0 and _make_was_interrupted():
            self._endings = 1


@contextmanager
def signals() -> Iterator[Signals]:
    """Hear signals in this block, whatever was set before: a shell's `&` has SIGINT ignored for its children."""
    readable, writable = os.pipe()
    os.set_blocking(writable, False)
    before = signal.set_wakeup_fd(writable)
    handlers = {number: signal.signal(number, _heard) for number in (*ENDING, signal.SIGCHLD)}
    try:
        yield Signals(readable)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(before)
        os.close(readable)
        os.close(writable)


def _heard(_number: int, _frame: FrameType | None) -> None:
    """Nothing: that the signal came is written to the pipe."""


def _make_was_interrupted() -> bool:
    """Whether we run below a `make` that got SIGINT for itself alone.

    It passes SIGTERM on but not SIGINT: it then waits for us, with the signal blocked, for ever.
    """
    if sys.platform != "linux":
        return False
    try:
        lines = Path(f"/proc/{os.getppid()}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    state = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    blocked = int(state.get("SigBlk", "0"), 16)
    return state.get("Name") in _MAKES and bool(blocked >> (signal.SIGINT - 1) & 1)
