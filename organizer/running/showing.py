"""`organizer demo`, apart from the other subcommands: it alone needs every room."""

import argparse
import os

from organizer import demo
from organizer.config import Config
from organizer.running import words
from organizer.running.ground import prepare
from organizer.running.plainly import MISUSED, plainly


@plainly
def show(_arguments: argparse.Namespace) -> int:
    """Load the demo circle where it is not yet, and print who can sign in; the process's exit code."""
    config = Config.from_environ(os.environ)
    if not config.development:
        words.warn(f"ORGANIZER_ENV: the demo circle is for development, not for {config.env}")
        return MISUSED
    prepare(config)
    for name, email, password in demo.load(config):
        print(f"{name}  {email}  {password}")
    return 0
