"""What `organizer run` tells the person at the terminal, in Japanese and English."""

import sys
from collections.abc import Sequence

from organizer.config import Config


def say_port_taken(asked: int, found: int) -> None:
    """Another program has the port."""
    print(f"ポート {asked} は使用中のため、{found} を使います。")
    print(f"Port {asked} is taken; using {found}.", flush=True)


def say_parts_missing(parts: Sequence[str]) -> None:
    """In one line, if anything is not there: what, what that means, and how to get it."""
    if not parts:
        return
    print(
        f"Missing: {', '.join(parts)}. Pages work; scanning on phones without a reader of their own and PDFs in "
        "Japanese do not. `make setup` in a checkout, or a wheel made by `make wheel`, brings them.",
        file=sys.stderr,
        flush=True,
    )


def welcome(config: Config, sign_ins: str) -> None:
    """The address, and who may sign in to look around."""
    print(f"\nEnishi は {config.base_url} で動いています。終わるときは Ctrl-C を押してください。")
    print(f"Enishi is running at {config.base_url} . Press Ctrl-C to stop.")
    if sign_ins:
        print("\nデモの方として入れます。 / Sign in as one of the demo circle:")
        print("".join(f"  {line}\n" for line in sign_ins.splitlines()), end="")
    if config.development and not config.smtp_url:
        print(f"\nメールは {config.base_url}/dev/mail で読めます。 / Mails can be read there.")
    sys.stdout.flush()


def farewell() -> None:
    """All processes have ended."""
    print("\nおつかれさまでした。 / Stopped.", flush=True)


def warn(text: str) -> None:
    """Something happened that whoever runs this should know."""
    print(text, file=sys.stderr, flush=True)
