"""Lists of the API in pages: how much, from where, and where the next page begins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, json, request
from flask_babel import lazy_gettext as _l

from organizer.web import cursors
from organizer.web.problems import Unfit
from organizer.web.query import read_query
from organizer.web.rules import Number, Rule, Text
from organizer.web.unit import config

MOST: Final = 100
PAGED: Final[dict[str, Rule]] = {
    "limit": Number(1, MOST, required=False, says=_l("How many at most; 100 where nothing is said")),
    "cursor": Text(cursors.LONGEST, required=False, says=_l("Where to go on: next of the page before")),
}
NEXT: Final = Text(
    cursors.LONGEST, required=False, says=_l("Where the next page begins; null after the last")
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the list named `of`: its parameters, the id after which to begin, and how many rows."""

    of: str
    query: Mapping[str, Any]
    after: int
    limit: int


def asked(of: str, rules: Mapping[str, Rule]) -> Asked:
    """This request's question to the list named `of`. Raises Unfit, also for the cursor of another list."""
    query = read_query(request, rules)
    try:
        after = cursors.opened(config().secret_key, of, query["cursor"]) if query["cursor"] else 0
    except ValueError:
        raise Unfit(422, "wrong_field", "cursor") from None
    return Asked(of, query, after, query["limit"] or MOST)


def page(name: str, rows: Sequence[Mapping[str, Any]], ids: Sequence[int], question: Asked) -> Response:
    """The answer, of rows of which one more than its limit was looked for; `ids` are theirs."""
    limit = question.limit
    following = (
        cursors.sealed(config().secret_key, question.of, ids[limit - 1]) if len(rows) > limit else None
    )
    return answer({name: rows[:limit], "next": following})


def answer(body: Mapping[str, Any]) -> Response:
    """A body as JSON, its fields in the order they are given."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=False)
    return Response(text, mimetype="application/json")
