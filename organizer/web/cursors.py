"""Where the next page of a list begins, as a text that means nothing to its reader and fits that list alone."""

import base64
import binascii
import hashlib
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE: Final = 12
LONGEST: Final = 64


def sealed(secret_key: str, of: str, row_id: int) -> str:
    """The place after a row, of the list named `of`."""
    nonce = secrets.token_bytes(NONCE)
    closed = _cipher(secret_key).encrypt(nonce, row_id.to_bytes(8, "big"), of.encode())
    return base64.urlsafe_b64encode(nonce + closed).decode()


def opened(secret_key: str, of: str, text: str) -> int:
    """The row's id. Raises ValueError for what was never sealed, or for another list."""
    try:
        raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
        return int.from_bytes(_cipher(secret_key).decrypt(raw[:NONCE], raw[NONCE:], of.encode()), "big")
    except (InvalidTag, binascii.Error) as never:
        raise ValueError("no cursor of this list") from never


def _cipher(secret_key: str) -> AESGCM:
    return AESGCM(hashlib.sha256(f"cursor\0{secret_key}".encode()).digest())
