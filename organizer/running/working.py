"""`organizer worker`, apart from the other subcommands: it alone needs the queue."""

import argparse
import os

from organizer import worker
from organizer.config import Config
from organizer.running.plainly import plainly


@plainly
def work(_arguments: argparse.Namespace) -> int:
    """Work until asked to end; the process's exit code."""
    worker.run(Config.from_environ(os.environ))
    return 0
