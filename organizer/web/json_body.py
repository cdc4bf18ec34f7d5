"""The body of an API request: JSON, read strictly, every limit explicit."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Request

LARGEST_BODY = 16 * 1024
DEEPEST = 32

_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')
_BRACKETS = re.compile(r"[\[\]{}]")


class Unfit(Exception):
    """A request that is broken: the status it is answered with, a code that says why, and the field, if it is one."""

    def __init__(self, status: int, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.field = field


@dataclass(frozen=True, slots=True)
class Text:
    """A text of 1 to `longest` characters, all of it like `pattern` if there is one."""

    longest: int
    pattern: re.Pattern[str] | None = None
    required: bool = True
    shortest: int = 1

    def read(self, value: object) -> str:
        """The value, if it is such a text. Raises ValueError."""
        if not isinstance(value, str) or not self.shortest <= len(value) <= self.longest:
            raise ValueError
        if self.pattern is not None and not self.pattern.fullmatch(value):
            raise ValueError
        return value


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as ISO 8601 writes it, with its offset from UTC."""

    required: bool = False

    def read(self, value: object) -> datetime:
        """The value, if it is an instant. Raises ValueError."""
        if not isinstance(value, str) or len(value) > 40:
            raise ValueError
        moment = datetime.fromisoformat(value)
        if moment.utcoffset() is None or not 2000 <= moment.year < 2200:
            raise ValueError
        return moment


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    required: bool = True

    def read(self, value: object) -> bool:
        """The value, if it is true or false. Raises ValueError."""
        if not isinstance(value, bool):
            raise ValueError
        return value


Rule = Text | Moment | Flag


def read(request: Request, rules: Mapping[str, Rule]) -> dict[str, Any]:
    """The fields of the request's JSON object, each as its rule reads it; optional ones that are missing are None.

    Raises Unfit for anything else: another type, deeper than 32, a key twice, an unknown field.
    """
    body = _object(request)
    for name in body:
        if name not in rules:
            raise Unfit(422, "unknown_field", name[:40])
    return {name: _field(body, name, rule) for name, rule in rules.items()}


def _field(body: Mapping[str, Any], name: str, rule: Rule) -> object:
    value = body.get(name)
    if value is None:
        if rule.required:
            raise Unfit(422, "missing_field", name)
        return None
    try:
        return rule.read(value)
    except ValueError:
        raise Unfit(422, "wrong_field", name) from None


def _object(request: Request) -> dict[str, Any]:
    if request.mimetype != "application/json":
        raise Unfit(415, "not_json")
    request.max_content_length = LARGEST_BODY
    raw = request.get_data(cache=False)
    try:
        text = raw.decode()
        _refuse_depth(text)
        body = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Unfit(400, "malformed") from None
    if not isinstance(body, dict):
        raise Unfit(422, "not_an_object")
    return body


def _refuse_depth(text: str) -> None:
    """Before parsing: the parser itself would run out of stack."""
    depth = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > DEEPEST:
            raise ValueError


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) != len(pairs):
        raise ValueError
    return body


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
