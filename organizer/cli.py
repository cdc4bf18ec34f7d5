"""The `organizer` command. Each subcommand imports what it needs when it is called, so `--help` needs nothing."""

import argparse
import os
import pkgutil
import sys
from collections.abc import Callable, Sequence

# subcommand → where its function lives: it takes the parsed arguments and gives the exit code.
PLACES = {
    "setup": "organizer.running.commands:setup",
    "demo": "organizer.running.showing:show",
    "run": "organizer.running.commands:run",
    "web": "organizer.running.commands:web",
    "worker": "organizer.running.working:work",
    "user": "organizer.running.users:user",
    "token": "organizer.running.tokens:token",
    "report": "organizer.running.reports:report",
    "seat": "organizer.running.seating:seat_file",
    "pair": "organizer.running.pairing:pair_file",
}


def main(words: Sequence[str] | None = None) -> None:
    """Run one subcommand and end the process with its exit code."""
    arguments = parser().parse_args(words)
    os.umask(0o077)  # what we write is about people
    command: Callable[[argparse.Namespace], int] = pkgutil.resolve_name(PLACES[arguments.command])
    sys.exit(command(arguments))


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line."""
    top = argparse.ArgumentParser(prog="organizer", description="Enishi: meetups whose acquaintances last.")
    top.epilog = "Settings come from the environment alone (ORGANIZER_…, PORT); the README lists them."
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("setup", help="make the data folder and bring the database's schema up to date")
    _add_demo(
        commands.add_parser(
            "demo", help="load the demo circle once, and show who can sign in (development only)"
        )
    )
    _add_serving(
        commands.add_parser("run", help="set up, then run web and worker together until Ctrl-C"), tls=True
    )
    _add_serving(commands.add_parser("web", help="run the web server alone"), tls=False)
    commands.add_parser("worker", help="run the worker alone: mails, matches, prompts")
    _add_user(commands.add_parser("user", help="add people who may sign in, and list them"))
    _add_token(commands.add_parser("token", help="make, list and revoke hosts' tokens for other apps"))
    _add_report(commands.add_parser("report", help="read the reports that no host can read, and settle them"))
    _add_seat(commands.add_parser("seat", help="seat the evening in a file: tables, round by round, as JSON"))
    _add_pair(
        commands.add_parser("pair", help="pair those of the evening in a file who are to meet again, as JSON")
    )
    return top


def _add_demo(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--admitted",
        type=_whole(1, 1_000_000),
        metavar="N",
        help="instead: an event that is open now, with N people admitted",
    )
    command.add_argument(
        "--json",
        action="store_true",
        help="with --admitted: as one JSON object (event, scan_url, token, codes)",
    )


def _add_seat(command: argparse.ArgumentParser) -> None:
    _add_evening(command)
    spend = command.add_mutually_exclusive_group()
    spend.add_argument(
        "--seconds", type=_seconds, default=1.0, help="about how long to search, in CPU seconds (1)"
    )
    spend.add_argument(
        "--work", type=_whole(0, 10**15), help="how many proposals to make; this alone decides the plan"
    )


def _add_pair(command: argparse.ArgumentParser) -> None:
    _add_evening(command)
    command.add_argument("--max", type=_whole(1, 64), help="partners for each at most (what the file says)")


def _add_evening(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "file", metavar="FILE", help='an evening in the form "meetup-bench/1"; - for standard input'
    )
    command.add_argument(
        "--seed", type=_whole(0, 10**15), default=0, help="another seed, another answer as good (0)"
    )
    command.add_argument("--fair", action="store_true", help="give up a little for whoever fares worst")


def _add_serving(command: argparse.ArgumentParser, tls: bool) -> None:
    command.description = (
        "The port is PORT (8000). In front of other people a proxy with a certificate belongs."
    )
    command.add_argument("--host", help="the address to listen on (127.0.0.1; with --tls every one)")
    command.add_argument("--workers", type=_whole(1, 64), default=2, help="web processes (2)")
    command.add_argument("--threads", type=_whole(1, 64), default=8, help="threads in each (8)")
    if tls:
        command.add_argument(
            "--tls", action="store_true", help="https with a self-made certificate, to try phones"
        )


def _add_user(command: argparse.ArgumentParser) -> None:
    acts = command.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="add a person; with --password one who can sign in with it")
    add.add_argument("email")
    add.add_argument("--name", required=True)
    add.add_argument("--locale", choices=("ja", "en"), default="ja")
    add.add_argument(
        "--password", action="store_true", help="ask for a password, or read it from standard input"
    )
    acts.add_parser("list", help="list the people and their addresses")


def _add_token(command: argparse.ArgumentParser) -> None:
    acts = command.add_subparsers(dest="act", required=True, metavar="ACT")
    create = acts.add_parser("create", help="make a token of a host, and print it: this once")
    create.add_argument("circle", metavar="CIRCLE_SLUG", help="the circle's name in addresses")
    create.add_argument("email", metavar="EMAIL", help="the address of the host")
    create.add_argument("--name", required=True, help="what it is for")
    create.add_argument("--scope", choices=("read", "door"), default="read", help="what it may do (read)")
    create.add_argument("--days", type=int, choices=(30, 90, 365), default=90, help="how long it lives (90)")
    listing = acts.add_parser("list", help="list the tokens, newest first")
    listing.add_argument("circle", metavar="CIRCLE_SLUG", nargs="?", help="of this circle alone")
    revoke = acts.add_parser("revoke", help="end a token at once")
    revoke.add_argument("id", metavar="ID", help="its id, as `list` shows it")


def _add_report(command: argparse.ArgumentParser) -> None:
    acts = command.add_subparsers(dest="act", required=True, metavar="ACT")
    acts.add_parser("list", help="the open ones about whoever alone runs a circle, newest first")
    settle = acts.add_parser("settle", help="note that one has been dealt with")
    settle.add_argument("id", metavar="ID", help="its id, as `list` shows it")


def _whole(least: int, most: int) -> Callable[[str], int]:
    """What reads a whole number within these bounds."""

    def number(text: str) -> int:
        if not (text.isdecimal() and len(text) < 20 and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"a whole number from {least} to {most}")
        return int(text)

    return number


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= 86_400:
        raise argparse.ArgumentTypeError("above 0, at most a day")
    return number


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
