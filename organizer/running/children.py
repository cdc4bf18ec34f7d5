"""One child process: started, watched, started again with growing patience, ended."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# Who lived this long was well; the next death begins with a short pause again.
WELL_AFTER = 30.0
_PR_SET_PDEATHSIG = 1


class Child:
    """A program that shall run as long as we do.

    It leads a process group of its own: Ctrl-C in the terminal reaches us alone, and we end it in good order.
    """

    def __init__(
        self, name: str, command: Sequence[str], environ: Mapping[str, str], keep: Sequence[int] = ()
    ) -> None:
        self.name = name
        self.command = list(command)
        self.environ = dict(environ)
        self.keep = tuple(keep)
        self.deaths = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0.0
        self._next = 0.0

    def start(self) -> None:
        """Run it now."""
        self._began = time.monotonic()
        self._process = subprocess.Popen(
            self.command,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            pass_fds=self.keep,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )

    def death(self) -> str | None:
        """How it ended, told once; None while it runs or waits to be started again."""
        if self._process is None or self._process.poll() is None:
            return None
        code = self._process.returncode
        self._process = None
        self.deaths = 1 if time.monotonic() - self._began > WELL_AFTER else self.deaths + 1
        self._next = time.monotonic() + self.pause
        return signal.Signals(-code).name if code < 0 else f"exit {code}"

    @property
    def pause(self) -> float:
        """Seconds from its last death to its next start."""
        return float(min(FIRST_PAUSE * 2 ** (self.deaths - 1), LONGEST_PAUSE))

    @property
    def due(self) -> bool:
        """Whether it is down and its pause over."""
        return self._process is None and time.monotonic() >= self._next

    @property
    def running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Its process, None while it is down."""
        return self._process.pid if self._process is not None else None

    def ask_to_end(self) -> None:
        """Let it finish what it is doing."""
        if self._process is not None and self.running:
            self._process.terminate()

    def kill(self) -> None:
        """End it and everything it started, at once."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _end_with_parent() -> None:
    """Linux: when we are killed outright, our children are told to end rather than left behind with the port."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
