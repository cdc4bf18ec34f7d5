"""The API's description (OpenAPI 3.1), made of the very rules by which its views read their requests.

A view of the API carries `described(...)`; what it says there is what the document says, and a test holds every real
answer against it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Final, TypeVar

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.routing import Rule as Route

from organizer.web.access import Policy
from organizer.web.problems import BY_STATUS, MIMETYPE, PROBLEMS
from organizer.web.rules import Either, Fields, Rows, Rule, Schema, Text, Words
from organizer.web.unit import WRITING_METHODS

View = TypeVar("View", bound=Callable[..., object])
ROOT: Final = "/api/v1"
VERSION: Final = "1"
GENERAL: Final = ("our_fault", "away")


_PART: Final = re.compile(r"<(?:\w+:)?(\w+)>")
_NAME: Final = re.compile(r"\{(\w+)\}")
PUBLIC_ID: Final = re.compile(r"[A-Za-z0-9_-]{22}")
IN_ADDRESSES: Final[Mapping[str, Rule]] = {
    "event": Text(22, PUBLIC_ID, says=_l("The event's id, as it stands in the addresses of its pages")),
    "registration": Text(22, PUBLIC_ID, says=_l("The registration's id")),
    "problem": Text(40, re.compile(r"[a-z_]{1,40}"), says=_l("The problem's code")),
    "key": Text(64, re.compile(r"[A-Za-z0-9_-]{16,64}"), says=_l("The scan's key")),
}
"""What may stand in addresses, by the names that routes use."""


class Tag(StrEnum):
    """The parts of the description, in their order."""

    DOOR = "door"
    LISTS = "lists"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Operation:
    """What there is to say of one operation, beyond its address and who may call it.

    `answer` is that of status 200; None: a page. `problems` are the codes besides those that follow from the rest.
    `example` is a body. `remembers`: it answers 304 while nothing has changed.
    """

    tag: Tag
    summary: Words
    says: Words = ""
    body: Fields | None = None
    answer: Fields | None = None
    query: Mapping[str, Rule] = field(default_factory=dict)
    headers: Mapping[str, Rule] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    example: Mapping[str, object] | None = None
    remembers: bool = False
    mimetype: str = "application/json"


@dataclass(frozen=True, slots=True)
class Found:
    """An operation where it hangs in the app."""

    name: str
    path: str
    method: str
    view: Callable[..., object]
    said: Operation


def described(operation: Operation) -> Callable[[View], View]:
    """Say what a view of the API takes and gives; stands beneath its door."""

    def mark(view: View) -> View:
        view.operation = operation  # type: ignore[attr-defined]
        return view

    return mark


def operations(app: Flask) -> list[Found]:
    """Every operation of the API, by its part, and then in the order in which their rooms name them."""
    found = [
        Found(_name(route), _path(route), method, app.view_functions[route.endpoint], said)
        for route in app.url_map.iter_rules()
        if route.rule.startswith(ROOT)
        and (said := getattr(app.view_functions[route.endpoint], "operation", None))
        for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    tags, names = list(Tag), [name.replace(".", "_") for name in app.view_functions]
    return sorted(found, key=lambda one: (tags.index(one.said.tag), names.index(one.name)))


def document(app: Flask, base_url: str) -> Schema:
    """The whole description, in the reader's language."""
    schemas: dict[str, Schema] = {"Problem": _problem_schema()}
    paths: dict[str, dict[str, Schema]] = {}
    for one in operations(app):
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Enishi", "version": VERSION, "description": _intro()},
        "servers": [{"url": base_url}],
        "tags": [{"name": tag.value} for tag in Tag],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": _security_schemes()},
    }


def _intro() -> str:
    return str(
        _(
            "JSON in and out, in UTF-8. Times are ISO 8601 with their offset. A request that is broken gets a problem "
            "(RFC 9457) and changes nothing; unknown fields are such a fault. New fields may come to answers."
        )
    )


def _name(route: Route) -> str:
    return str(route.endpoint).replace(".", "_")


def _path(route: Route) -> str:
    return _PART.sub(r"{\1}", route.rule)


def _operation(one: Found, schemas: dict[str, Schema]) -> Schema:
    said = one.said
    told: Schema = {
        "operationId": one.name,
        "tags": [said.tag.value],
        "summary": str(said.summary),
        "security": security_of(one),
        "responses": _responses(one, schemas),
    }
    if said.says:
        told["description"] = str(said.says)
    parameters = [
        *_path_parameters(one),
        *_parameters("query", said.query),
        *_parameters("header", said.headers),
    ]
    if parameters:
        told["parameters"] = parameters
    if said.body is not None:
        content: Schema = {"schema": schema_of(said.body, schemas)}
        if said.example is not None:
            content["example"] = dict(said.example)
        told["requestBody"] = {"required": True, "content": {"application/json": content}}
    return told


def _path_parameters(one: Found) -> Iterator[Schema]:
    for name in _NAME.findall(one.path):
        yield from _parameters("path", {name: IN_ADDRESSES[name]})


def _parameters(place: str, rules: Mapping[str, Rule]) -> Iterator[Schema]:
    for name, rule in rules.items():
        told: Schema = {"name": name, "in": place, "required": rule.required, "schema": rule.schema()}
        yield told | ({"description": str(rule.says)} if rule.says else {})


def security_of(one: Found) -> list[Schema]:
    """Whom the operation is open to, as OpenAPI says it: any one of these."""
    policy = getattr(one.view, "policy", None)
    if policy is Policy.PUBLIC:
        return []
    host: Schema = {"hostToken": []}
    return [{"deviceToken": []}, host] if policy is Policy.DEVICE else [host]


def _security_schemes() -> Schema:
    bearer = {"type": "http", "scheme": "bearer"}
    return {
        "deviceToken": bearer
        | {
            "bearerFormat": "eni_door_…",
            "description": _("A device's token: for the door of one event, until six hours after it."),
        },
        "hostToken": bearer
        | {
            "bearerFormat": "eni_api_…",
            "description": _(
                "A host's token: for all events of one circle, as long as its member may run events there. "
                "What it may do is chosen when it is made."
            ),
        },
    }


def codes_of(one: Found) -> list[str]:
    """The problems an operation may answer with, by status."""
    said, found = one.said, set(one.said.problems) | set(GENERAL)
    if getattr(one.view, "policy", None) is not Policy.PUBLIC:
        found |= {"no_token", "token_unknown", "token_in_address"}
    if "{" in one.path:
        found.add("not_found")
    if one.method in WRITING_METHODS:
        found |= {"not_allowed", "csrf", "insufficient_scope"}
    if said.body is not None:
        found |= {"malformed", "not_json", "too_large", "not_an_object", "unknown_field"}
        found |= {"missing_field", "wrong_field"} if said.body.rules else set()
    if getattr(one.view, "limits", ()):
        found.add("too_often")
    return sorted(found, key=lambda code: (PROBLEMS[code].status, list(PROBLEMS).index(code)))


def _responses(one: Found, schemas: dict[str, Schema]) -> Schema:
    told: Schema = {"200": {"description": _("What was asked for")}}
    if one.said.answer is not None:
        schema = schema_of(one.said.answer, schemas, answer=True)
        told["200"]["content"] = {one.said.mimetype: {"schema": schema}}
    else:
        told["200"]["content"] = {one.said.mimetype: {}}
    if one.said.remembers:
        told["304"] = {"description": _("Nothing has changed since")}
    by_status: dict[int, list[str]] = {}
    for code in codes_of(one):
        by_status.setdefault(PROBLEMS[code].status, []).append(code)
    reference = {MIMETYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, codes in by_status.items():
        words = "; ".join(f"{code}: {PROBLEMS[code].title}" for code in codes)
        told[str(status)] = {"description": words, "content": reference}
    return told


def schema_of(rule: Rule, schemas: dict[str, Schema], answer: bool = False) -> Schema:
    """A rule as JSON Schema; objects that have a name are put into `schemas` and referred to.

    In an answer every field is there; one that is not required may be null.
    """
    if isinstance(rule, Fields) and rule.name:
        schemas[rule.name] = _plain_schema(rule, schemas, answer)
        found: Schema = {"$ref": f"#/components/schemas/{rule.name}"}
    else:
        found = _plain_schema(rule, schemas, answer)
    if not rule.required:
        found = _or_null(found)
    return found | ({"description": str(rule.says)} if rule.says else {})


def _plain_schema(rule: Rule, schemas: dict[str, Schema], answer: bool) -> Schema:
    found = rule.schema()
    if isinstance(rule, Rows):
        found["items"] = schema_of(rule.of, schemas, answer)
    if isinstance(rule, Either):
        found["anyOf"] = [schema_of(one, schemas, answer) for one in rule.of]
    if isinstance(rule, Fields):
        found["properties"] = {name: schema_of(inner, schemas, answer) for name, inner in rule}
        found["required"] = [name for name, inner in rule if answer or inner.required]
        if not answer:
            found["additionalProperties"] = False
        if rule.one_of:
            found["oneOf"] = [{"required": [name]} for name in rule.one_of]
    return found


def _or_null(schema: Schema) -> Schema:
    if "type" not in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    found = schema | {"type": [schema["type"], "null"]}
    return found | ({"enum": [*schema["enum"], None]} if "enum" in schema else {})


def _problem_schema() -> Schema:
    general = set(BY_STATUS.values())
    return {
        "type": "object",
        "description": _("What went wrong (RFC 9457). `type` is the address of a page that explains it."),
        "properties": {
            "type": {"type": "string", "format": "uri-reference", "description": _("Where it is explained")},
            "title": {"type": "string", "description": _("In a few words, in the reader's language")},
            "status": {
                "type": "integer",
                "enum": _statuses(PROBLEMS[code].status for code in general),
                "description": _("The same as the answer's own"),
            },
            "reason": {
                "type": "string",
                "description": _("The end of `type`; of a rule that says no, which"),
            },
            "field": {
                "type": "string",
                "description": _("The field of the body or the address, if it is one"),
            },
        },
        "required": ["type", "title", "status", "reason"],
    }


def _statuses(found: Iterable[int]) -> list[int]:
    return sorted({HTTPStatus(status).value for status in found})
