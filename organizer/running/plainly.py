"""How subcommands fail: in plain lines."""

import argparse
import subprocess
from collections.abc import Callable
from functools import wraps

from sqlalchemy.exc import OperationalError

from organizer.config import ConfigError
from organizer.running import words

Command = Callable[[argparse.Namespace], int]
MISUSED = 2
FAILED = 1
INTERRUPTED = 130


class Unusable(Exception):
    """What was typed, or what is there, cannot be used; the text says why."""


def plainly(command: Command) -> Command:
    """What cannot be used is told in a line each, not as a traceback; Ctrl-C ends without one."""

    @wraps(command)
    def told(arguments: argparse.Namespace) -> int:
        try:
            return command(arguments)
        except (ConfigError, Unusable) as faults:
            words.warn(str(faults))
            return MISUSED
        except OperationalError as away:
            words.warn(f"the database does not answer: {type(away.orig).__name__}")
            return FAILED
        except subprocess.CalledProcessError as failed:
            return failed.returncode or FAILED
        except KeyboardInterrupt:
            return INTERRUPTED

    return told
