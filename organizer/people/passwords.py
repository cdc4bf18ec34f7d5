"""Passwords of hosts: argon2, with the same effort for those who have none."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 128
FEWEST_SIGNS = 4

_hasher = PasswordHasher()


def is_varied(password: str) -> bool:
    """Whether it has more than a few different signs: one letter ten times over is no password."""
    return len(set(password)) >= FEWEST_SIGNS


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(password)


def matches(kept: str | None, typed: str) -> bool:
    """Whether `typed` is the password whose hash is `kept`; never when there is none."""
    try:
        _hasher.verify(kept or _nobodys(), typed)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@cache
def _nobodys() -> str:
    """Of nobody's password: compared where there is none, so that an unknown address takes as long as a known one."""
    return _hasher.hash("nobody's")
