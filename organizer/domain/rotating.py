"""The code on the tablet at the door, which changes all the time: whoever opens it in time stands before it."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from organizer.domain.ticketing import ALPHABET

STEP = timedelta(seconds=30)
STEPS_GOOD = 3
LASTS = STEPS_GOOD * STEP
"""A code is good this long from the first moment it is shown."""

GRACE = timedelta(minutes=3)
"""How long after it was opened in time a page may still be sent: for typing a number and a name."""

SIGNS = 16
"""80 bits of the code's keyed hash."""

SELF_CHECK_IN = "self check-in"
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def code_at(key: bytes, event: str, now: datetime, purpose: str = SELF_CHECK_IN) -> str:
    """The code that is shown at an event at that moment, good for this purpose alone: 16 small letters and digits."""
    return _code(key, event, purpose, _step(now))


def is_good(key: bytes, event: str, code: str, now: datetime, purpose: str = SELF_CHECK_IN) -> bool:
    """Whether the code is one that is being shown, or was until a little while ago."""
    given, present = code.encode(errors="replace"), _step(now)
    shown = [_code(key, event, purpose, present - back).encode() for back in range(STEPS_GOOD)]
    return any([hmac.compare_digest(given, one) for one in shown])  # noqa: C419  each takes the same time


def changes_in(now: datetime) -> timedelta:
    """How long the present code is still shown."""
    return STEP - (now - _BEGINNING) % STEP


def is_in_time(opened_at: datetime, now: datetime) -> bool:
    """Whether a page that was opened with a good code may still be sent."""
    return opened_at <= now < opened_at + GRACE


def _step(now: datetime) -> int:
    return (now - _BEGINNING) // STEP


def _code(key: bytes, event: str, purpose: str, step: int) -> str:
    made = hmac.new(key, f"{purpose}\0{event}\0{step}".encode(), sha256).digest()
    bits = int.from_bytes(made[:10], "big")
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in reversed(range(SIGNS))).lower()
