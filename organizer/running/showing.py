"""`organizer demo`, apart from the other subcommands: it alone needs every room."""

import argparse
import json
import os

from organizer import demo
from organizer.config import Config
from organizer.demo import crowd
from organizer.running import words
from organizer.running.ground import prepare
from organizer.running.plainly import MISUSED, plainly


@plainly
def show(arguments: argparse.Namespace) -> int:
    """Load the demo circle where it is not yet, and print who can sign in; or gather a crowd. The exit code."""
    config = Config.from_environ(os.environ)
    if arguments.admitted is not None:
        return _gather(config, arguments.admitted, as_json=arguments.json)
    if arguments.json:
        words.warn("--json: only with --admitted")
        return MISUSED
    if not config.development:
        words.warn(f"ORGANIZER_ENV: the demo circle is for development, not for {config.env}")
        return MISUSED
    prepare(config)
    for name, email, password in demo.load(config):
        print(f"{name}  {email}  {password}")
    return 0


def _gather(config: Config, people: int, *, as_json: bool) -> int:
    if config.env not in ("development", "test"):
        words.warn(f"ORGANIZER_ENV: a crowd at the door is for development and test, not for {config.env}")
        return MISUSED
    prepare(config)
    found = crowd.gather(config, people)
    told = {"event": found.event, "scan_url": found.scan_url, "token": found.token, "codes": found.codes}
    if as_json:
        print(json.dumps(told))
    else:
        print("\n".join((config.base_url + found.scan_url, found.token, *found.codes)))
    return 0
