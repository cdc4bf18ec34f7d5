"""The subcommands of `organizer` that set up and run the house. Each gives the process's exit code."""

import argparse
import os

from organizer.config import Config
from organizer.running import words
from organizer.running.ground import missing_parts, prepare
from organizer.running.plainly import MISUSED, plainly
from organizer.running.sockets import PortTaken
from organizer.running.start import Wishes, serve
from organizer.running.start import run as run_house


@plainly
def setup(_arguments: argparse.Namespace) -> int:
    """`organizer setup`"""
    config = Config.from_environ(os.environ)
    words.say_parts_missing(missing_parts())
    prepare(config)
    print(f"Ready: {config.data_dir}")
    return 0


@plainly
def run(arguments: argparse.Namespace) -> int:
    """`organizer run`"""
    try:
        return run_house(_wishes(arguments), os.environ)
    except PortTaken as taken:
        words.warn(f"PORT: {taken} is taken by another program")
        return MISUSED


@plainly
def web(arguments: argparse.Namespace) -> int:
    """`organizer web`"""
    serve(_wishes(arguments), os.environ)
    return 0


def _wishes(arguments: argparse.Namespace) -> Wishes:
    tls = getattr(arguments, "tls", False)
    host = arguments.host or ("0.0.0.0" if tls else "127.0.0.1")  # noqa: S104 - a phone must reach it
    return Wishes(host, arguments.workers, arguments.threads, tls)
