"""What a field of the API may hold: by the same rules bodies are read and the API is described.

In a request `required=False` says that a field may be missing or null; in an answer that it may be null.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from flask_babel import LazyString

from organizer.web.problems import Unfit

Schema: TypeAlias = dict[str, Any]
Words: TypeAlias = LazyString | str
LONGEST_MOMENT = 40
# Python itself would take a date by its week, a time without an offset, and a NUL at the end.
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
LARGEST_WHOLE = 2**31 - 1


class Wrong(ValueError):
    """A value that a rule does not take, where there is more to say than that; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Text:
    """A text of `shortest` to `longest` characters, all of it like `pattern` if there is one."""

    longest: int
    pattern: re.Pattern[str] | None = None
    required: bool = True
    shortest: int = 1
    says: Words = ""

    def read(self, value: object) -> str:
        """The value, if it is such a text. Raises ValueError."""
        if not isinstance(value, str) or not self.shortest <= len(value) <= self.longest:
            raise ValueError
        if self.pattern is not None and not self.pattern.fullmatch(value):
            raise ValueError
        return value

    def schema(self) -> Schema:
        """The rule as JSON Schema says it."""
        found: Schema = {"type": "string", "maxLength": self.longest}
        if self.shortest:
            found["minLength"] = self.shortest
        if self.pattern is not None:
            found["pattern"] = f"^(?:{self.pattern.pattern})$"
        return found


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as ISO 8601 writes it, with its offset from UTC."""

    required: bool = False
    says: Words = ""

    def read(self, value: object) -> datetime:
        """The value, if it is an instant. Raises ValueError."""
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            raise ValueError
        moment = datetime.fromisoformat(value)
        # A clock that was reset begins in 1970; what it dates is still told of.
        if moment.utcoffset() is None or not 1970 <= moment.year < 2200:
            raise ValueError
        return moment

    def schema(self) -> Schema:
        """The rule as JSON Schema says it."""
        return {"type": "string", "format": "date-time", "maxLength": LONGEST_MOMENT}


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    required: bool = True
    says: Words = ""

    def read(self, value: object) -> bool:
        """The value, if it is true or false. Raises ValueError."""
        if not isinstance(value, bool):
            raise ValueError
        return value

    def schema(self) -> Schema:
        """The rule as JSON Schema says it."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number from `least` to `most`; 1.0 is none, nor is true."""

    least: int = 0
    most: int = LARGEST_WHOLE
    required: bool = True
    says: Words = ""

    def read(self, value: object) -> int:
        """The value, if it is such a number. Raises ValueError."""
        if type(value) is not int or not self.least <= value <= self.most:
            raise ValueError
        return value

    def schema(self) -> Schema:
        """The rule as JSON Schema says it."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the codes of an enum, or of some of them."""

    of: type[StrEnum] | Collection[StrEnum]
    required: bool = True
    says: Words = ""

    def read(self, value: object) -> StrEnum:
        """The member meant. Raises ValueError."""
        for member in self.of:
            if isinstance(value, str) and member.value == value:
                return member
        raise ValueError

    def schema(self) -> Schema:
        """The rule as JSON Schema says it."""
        return {"type": "string", "enum": [member.value for member in self.of]}


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of `most` things at most. Read, its things stay as they came: each is read on its own."""

    of: "Rule"
    most: int | None = None
    required: bool = True
    says: Words = ""

    def read(self, value: object) -> list[object]:
        """The value, if it is a list that is not too long. Raises ValueError."""
        if not isinstance(value, list):
            raise ValueError
        if self.most is not None and len(value) > self.most:
            raise Wrong("too_many")
        return value

    def schema(self) -> Schema:
        """The rule as JSON Schema says it."""
        return {"type": "array"} | ({} if self.most is None else {"maxItems": self.most})


@dataclass(frozen=True, slots=True)
class Fields:
    """An object of these fields and no others; of those named in `one_of` exactly one. `name`: in the description."""

    rules: Mapping[str, "Rule"]
    one_of: tuple[str, ...] = ()
    required: bool = True
    says: Words = ""
    name: str = ""

    def read(self, value: object) -> dict[str, Any]:
        """Each field as its rule reads it; optional ones that are missing are None. Raises Unfit."""
        if not isinstance(value, dict):
            raise Unfit(422, "not_an_object")
        for name in value:
            if name not in self.rules:
                raise Unfit(422, "unknown_field", _plain(name))
        found = {name: _field(value, name, rule) for name, rule in self.rules.items()}
        if self.one_of:
            self._refuse_none_and_several(found)
        return found

    def _refuse_none_and_several(self, found: Mapping[str, object]) -> None:
        given = [name for name in self.one_of if found[name] is not None]
        if not given:
            raise Unfit(422, "missing_field", self.one_of[0])
        if len(given) > 1:
            raise Unfit(422, "too_many_fields", given[1])

    def schema(self) -> Schema:
        """The rule as JSON Schema says it, without its fields."""
        return {"type": "object"}

    def __iter__(self) -> Iterator[tuple[str, "Rule"]]:
        return iter(self.rules.items())


@dataclass(frozen=True, slots=True)
class Either:
    """What one of several rules takes, tried in their order."""

    of: "tuple[Rule, ...]"
    required: bool = True
    says: Words = ""

    def read(self, value: object) -> object:
        """The value as the first rule reads it that takes it. Raises ValueError."""
        for rule in self.of:
            with suppress(ValueError, Unfit):
                return rule.read(value)
        raise ValueError

    def schema(self) -> Schema:
        """The rule as JSON Schema says it, without what it chooses from."""
        return {}


Rule = Text | Moment | Flag | Number | Choice | Rows | Fields | Either


def _plain(name: str) -> str:
    """A name that somebody made up, short enough to be told back, and of signs that UTF-8 has."""
    return name[:40].encode(errors="replace").decode()


def _field(body: Mapping[str, Any], name: str, rule: Rule) -> object:
    value = body.get(name)
    if value is None:
        if rule.required:
            raise Unfit(422, "missing_field", name)
        return None
    try:
        return rule.read(value)
    except Wrong as wrong:
        raise Unfit(422, wrong.reason, name) from None
    except ValueError:
        raise Unfit(422, "wrong_field", name) from None
