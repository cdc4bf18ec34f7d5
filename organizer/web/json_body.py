"""The body of an API request: JSON, read strictly, every limit explicit."""

import json
import re
from collections.abc import Mapping
from typing import Any

from flask import Request

from organizer.web.problems import Unfit
from organizer.web.rules import Choice, Fields, Flag, Moment, Number, Rows, Rule, Text, Wrong

__all__ = [
    "Choice", "Fields", "Flag", "Moment", "Number", "Rows", "Rule", "Text", "Unfit", "Wrong", "read",
]  # fmt: skip

LARGEST_BODY = 16 * 1024
DEEPEST = 32

# A string that never ends is taken up to the end, so that no sign is looked at twice.
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


def read(request: Request, rules: Fields | Mapping[str, Rule], largest: int = LARGEST_BODY) -> dict[str, Any]:
    """The fields of the request's JSON object, each as its rule reads it; optional ones that are missing are None.

    Raises Unfit for anything else: another type, deeper than 32, a key twice, an unknown field; a body of more than
    `largest` bytes ends the request with 413.
    """
    fields = rules if isinstance(rules, Fields) else Fields(rules)
    return fields.read(_parsed(request, largest))


def _parsed(request: Request, largest: int) -> object:
    if request.mimetype != "application/json":
        raise Unfit(415, "not_json")
    raw = _raw(request, largest)
    try:
        text = raw.decode()
        _refuse_depth(text)
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Unfit(400, "malformed") from None


def _raw(request: Request, largest: int) -> bytes:
    # A body without a length is cut off at the limit without a word: one byte more shows that there was more.
    request.max_content_length = largest + (request.content_length is None)
    raw = request.get_data(cache=False)
    if len(raw) > largest:
        raise Unfit(413, "too_large")
    return raw


def _refuse_depth(text: str) -> None:
    """Before parsing: the parser itself would run out of stack."""
    depth = 0
    for token in _TOKENS.finditer(text):
        sign = text[token.start()]
        depth += (sign in "[{") - (sign in "]}")
        if depth > DEEPEST:
            raise ValueError


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) != len(pairs):
        raise ValueError
    return body


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
