"""What follows the question mark of an API request's address, read as strictly as a body."""

from collections.abc import Mapping
from typing import Any

from flask import Request

from organizer.web.problems import Unfit
from organizer.web.rules import Fields, Number, Rule

LONGEST_NUMBER = 9


def read_query(request: Request, rules: Mapping[str, Rule]) -> dict[str, Any]:
    """The parameters, each as its rule reads it; those that are missing are None.

    Raises Unfit for an unknown one, one given twice, and one that its rule does not take.
    """
    given: dict[str, object] = {}
    for name, values in request.args.lists():
        if len(values) > 1:
            raise Unfit(422, "wrong_field", name[:40])
        given[name] = _number(values[0]) if isinstance(rules.get(name), Number) else values[0]
    return Fields(rules).read(given)


def _number(text: str) -> int | str:
    """A number in digits as one; anything else stays a text, which no number's rule takes."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if is_one else text
