"""The API's description as a page shows it: fields in lines, types in words, a line for the terminal."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from shlex import quote
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from organizer.web.openapi import Found, security_of
from organizer.web.problems import PROBLEMS, Problem
from organizer.web.rules import Schema

DEEPEST = 6
MANY = 20
"""So many codes are counted instead of named."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field: where it stands (`registration.name`), what it holds, and what it means."""

    name: str
    holds: str
    required: bool
    says: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One operation, ready to be read."""

    anchor: str
    method: str
    path: str
    summary: str
    says: str
    whom: list[str]
    parameters: list[Line]
    body: list[Line]
    answer: list[Line]
    problems: list[tuple[str, Problem]]
    remembers: bool
    curl: str


def shown(one: Found, document: Schema, codes: list[str]) -> Shown:
    """An operation as the page shows it, out of the whole description."""
    told = document["paths"][one.path][one.method.lower()]
    sent = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    got = told["responses"]["200"].get("content", {}).get("application/json", {})
    return Shown(
        anchor=told["operationId"],
        method=one.method,
        path=one.path,
        summary=told["summary"],
        says=told.get("description", ""),
        whom=[name for scheme in security_of(one) for name in scheme],
        parameters=[_parameter(parameter) for parameter in told.get("parameters", ())],
        body=list(_lines(sent.get("schema", {}), document)),
        answer=list(_lines(got.get("schema", {}), document)),
        problems=[(code, PROBLEMS[code]) for code in codes],
        remembers=one.said.remembers,
        curl=_curl(one, document["servers"][0]["url"], sent.get("example")),
    )


def _parameter(told: dict[str, Any]) -> Line:
    return Line(told["name"], _holds(told["schema"]), told["required"], told.get("description", ""))


def _lines(schema: Schema, document: Schema, before: str = "", depth: int = 0) -> Iterator[Line]:
    schema = _resolved(schema, document)
    if depth > DEEPEST:
        return
    for name, inner in schema.get("properties", {}).items():
        plain = _resolved(inner, document)
        place = f"{before}{name}"
        required = name in schema.get("required", ())
        yield Line(place, _holds(plain), required, inner.get("description", ""))
        below = _resolved(plain.get("items", plain), document)
        yield from _lines(below, document, f"{place}[]." if "items" in plain else f"{place}.", depth + 1)
    for other in schema.get("anyOf", ()):
        yield from _lines(other, document, before, depth + 1)


def _resolved(schema: Schema, document: Schema) -> Schema:
    """What a reference means; of "this or null" this, marked as such."""
    if "$ref" in schema:
        found: Schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return found
    others = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(others) == 1:
        return _resolved(others[0], document) | {"nullable": True}
    return schema


def _holds(schema: Schema) -> str:
    kinds = schema.get("type", "object")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    words = _kind(next((kind for kind in kinds if kind != "null"), "object"), schema)
    return _("%(kind)s or null", kind=words) if "null" in kinds or schema.get("nullable") else words


def _kind(kind: str, schema: Schema) -> str:
    if len(schema.get("enum", ())) > MANY:
        return str(_("one of %(n)s codes", n=len(schema["enum"])))
    if "enum" in schema:
        return " · ".join(str(value) for value in schema["enum"] if value is not None)
    if schema.get("format") == "date-time":
        return str(_("time, ISO 8601 with offset"))
    if kind == "array" and "maxItems" in schema:
        return str(ngettext("list of %(num)s at most", "list of %(num)s at most", schema["maxItems"]))
    if kind == "string" and "maxLength" in schema:
        return str(
            ngettext(
                "text, %(num)s character at most", "text, %(num)s characters at most", schema["maxLength"]
            )
        )
    words = {
        "array": _("list"),
        "string": _("text"),
        "integer": _("whole number"),
        "boolean": _("true or false"),
        "object": _("object"),
    }
    return str(words[kind])


def _curl(one: Found, base_url: str, example: dict[str, Any] | None) -> str:
    address = base_url + re.sub(r"\{(\w+)\}", lambda name: name[1].upper(), one.path)
    parts = ["curl"]
    if one.method not in ("GET", "POST"):
        parts += ["-X", one.method]
    if security_of(one):
        parts += ["-H", '"Authorization: Bearer $TOKEN"']
    if one.said.body is not None:
        parts += ["-H", '"Content-Type: application/json"']
        parts += ["-d", quote(json.dumps(example or {}, ensure_ascii=False))]
    return " ".join([*parts, address])
