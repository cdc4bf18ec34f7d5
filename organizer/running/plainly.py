"""How subcommands fail: in plain lines."""

import argparse
import subprocess
from collections.abc import Callable
from functools import wraps

from organizer.config import ConfigError
from organizer.running import words

Command = Callable[[argparse.Namespace], int]
MISUSED = 2
FAILED = 1
INTERRUPTED = 130


def plainly(command: Command) -> Command:
    """Faults of the settings are told in a line each, not as a traceback; Ctrl-C ends without one."""

    @wraps(command)
    def told(arguments: argparse.Namespace) -> int:
        try:
            return command(arguments)
        except ConfigError as faults:
            words.warn(str(faults))
            return MISUSED
        except subprocess.CalledProcessError as failed:
            return failed.returncode or FAILED
        except KeyboardInterrupt:
            return INTERRUPTED

    return told
