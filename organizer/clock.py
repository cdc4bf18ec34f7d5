"""The one clock: every view, job and command asks it, and hands the answer on as an argument."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

_SHIFT = re.compile(
    r"(?P<sign>[+-])(?:(?P<days>\d+)d)?(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m)?(?:(?P<seconds>\d+)s)?"
)


def parse(text: str) -> Callable[[], datetime]:
    """A clock from `2026-12-03T07:30:00+09:00` (fixed), `+1d2h` or `-30m` (shifted), or `file:PATH`.

    A file holds one of the first two and is read at every call, so that running processes can be moved together.
    Raises ValueError on anything else.
    """
    if text.startswith("file:"):
        path = Path(text.removeprefix("file:"))
        return lambda: parse(path.read_text(encoding="ascii").strip())()
    shift = _SHIFT.fullmatch(text)
    if shift and len(text) > 1:
        parts = {name: int(value) for name, value in shift.groupdict().items() if name != "sign" and value}
        delta = timedelta(**parts) * (-1 if shift["sign"] == "-" else 1)
        return lambda: datetime.now(UTC) + delta
    fixed = datetime.fromisoformat(text)
    if fixed.tzinfo is None:
        raise ValueError("the fixed time needs its offset from UTC")
    return lambda: fixed.astimezone(UTC)


@dataclass
class Clock:
    """What time it is: the machine's time until a test sets another source."""

    source: Callable[[], datetime] = lambda: datetime.now(UTC)


clock = Clock()


def follow(text: str | None) -> None:
    """Have the clock follow `text` (see `parse`), or the machine again when it is None."""
    clock.source = parse(text) if text else lambda: datetime.now(UTC)


def now() -> datetime:
    """The present instant, in UTC, with its zone."""
    return clock.source()
