"""Secrets that stand in links and cookies: made at random, kept as hashes only."""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """256 random bits, as 43 characters safe in a URL."""
    return secrets.token_urlsafe(32)


def new_public_id() -> str:
    """128 random bits, as 22 characters safe in a URL: the name of a row towards the outside."""
    return secrets.token_urlsafe(16)


def digest(token: str) -> str:
    """The hash under which a random token is kept: 64 hexadecimal digits. For secrets of 128 bits or more only."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_digest(secret_key: str, purpose: str, text: str) -> str:
    """A hash of something guessable (an address, six digits) that is useless without our secret."""
    return hmac.new(secret_key.encode(), f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()
