"""Broken requests of every kind, made from the rules by which the API reads: each must get a clear 4xx."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from organizer.web.rules import Choice, Fields, Flag, Moment, Number, Rows, Rule, Text

MB = 1024 * 1024
JSON = "application/json"


@dataclass
class Sent:
    """One request: what is wrong with it, its body, and the statuses it may get."""

    what: str
    body: bytes = b""
    content_type: str = JSON
    statuses: tuple[int, ...] = (422,)
    headers: dict[str, str] = field(default_factory=dict)
    chunked: bool = False


def raw(good: Mapping[str, Any]) -> Iterator[Sent]:
    """Bodies that are no JSON object of ours, whatever the operation."""
    text = json.dumps(good)
    for what, body in {
        "nothing": b"",
        "half": text[:-1].encode() or b"{",
        "more after it": (text + "}").encode(),
        "two": (text + text).encode(),
        "a mark before it": b"\xef\xbb\xbf" + text.encode(),
        "UTF-16": text.encode("utf-16"),
        "Latin-1": '{"code":"é"}'.encode("latin-1"),
        "single quotes": text.replace('"', "'").encode() + b"'",
        "a comment": f"/* x */{text}".encode(),
        "NUL": b"\0",
        "NUL inside": text.replace("{", "{\0").encode(),
        "NaN": b'{"at":NaN}',
        "Infinity": b'{"at":-Infinity}',
        "very deep": b'{"code":' + b"[" * 40 + b"]" * 40 + b"}",
        "deeper than any stack": b"[" * 15_000,
        "a figure without end": b'{"at":' + b"9" * 9_000 + b"}",
        "a name twice": b'{"key":"a","key":"b"}',
        "a name twice, further in": b'{"scans":[{"key":"a","key":"b"}]}',
    }.items():
        yield Sent(what, body, statuses=(400,))
    for what, value in {"null": None, "a list": [good], "a text": "x", "a figure": 1, "true": True}.items():
        yield Sent(what, json.dumps(value).encode())
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
        "application/xml",
    ):
        yield Sent(f"as {kind or 'nothing'}", text.encode(), kind, (415,))
    for size in (600 * 1024, 10 * MB):
        for chunked in (False, True):
            yield Sent(f"{size} bytes, chunked {chunked}", b" " * size, statuses=(413,), chunked=chunked)
    for chunked in (False, True):  # what fits, and then blanks without end: not read in part
        yield Sent("good, with blanks", text.encode() + b" " * MB, statuses=(413,), chunked=chunked)
    yield Sent("a code of a million signs", json.dumps({"code": "A" * 10**6}).encode(), statuses=(413,))


def wrong(fields: Fields, good: Mapping[str, Any]) -> Iterator[Sent]:
    """A good body with one thing wrong in it: each field in every way, and the object itself."""
    for name, value in _misfits(fields, good):
        yield Sent(f"{name}: {value!r}"[:80], json.dumps({**good, name: value}).encode())
    for name in (
        "role",
        "result",
        "__proto__",
        "circle_id",
        "",
        "key ",
        "KEY",
        "x" * 200,
        "\0",
        "\ud800",
        "鍵",
    ):
        yield Sent(f"unknown {name!r}"[:40], json.dumps({**good, name: 1}).encode())
    for name, rule in fields:
        if rule.required:
            yield Sent(f"without {name}", json.dumps({k: v for k, v in good.items() if k != name}).encode())
    if fields.one_of:
        none = {k: v for k, v in good.items() if k not in fields.one_of}
        yield Sent("none of them", json.dumps(none).encode())
        both = {**good, **dict.fromkeys(fields.one_of, "A" * 22)}
        yield Sent("both of them", json.dumps(both).encode())


def _misfits(fields: Fields, good: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, rule in fields:
        for value in misfits(rule):
            if value is None and not rule.required:
                continue
            yield name, value


def misfits(rule: Rule) -> Iterator[Any]:
    """Values that a rule must not take."""
    yield from ({}, {"a": 1}, math.pi, -1, 2**80, None)
    if not isinstance(rule, Rows):
        yield from ([], ["x"], [None])
    if not isinstance(rule, Flag):
        yield from (True, False)
    if not isinstance(rule, Number):
        yield from (0, 1)
    if isinstance(rule, Text):
        yield "x" * (rule.longest + 1)
        if rule.shortest:
            yield "x" * (rule.shortest - 1)
        if rule.pattern is not None:
            yield from NO_IDS
    elif isinstance(rule, Moment):
        yield from NO_MOMENTS
    elif isinstance(rule, Choice):
        yield from ("", "ADMITTED", "no such", "admitted\0", "x" * 9_999)
    elif isinstance(rule, Rows):
        yield from ("x", [{}] * ((rule.most or 0) + 1))
    elif isinstance(rule, Flag):
        yield from ("", "true", "1", "yes")


NO_IDS = ("a b" * 8, "a" * 21 + "\n", "é" * 22, "\0" * 22, "\ud800" * 22, "'; DROP TABLE scan; --", "../" * 8)
NO_MOMENTS = (
    "",
    "now",
    "yesterday",
    "2026-12-01",
    "2026-12-01T12:00:00",
    "2026-13-01T12:00:00Z",
    "2026-02-30T12:00:00Z",
    "2026-12-01T25:00:00Z",
    "2026-12-01T12:00:00+99:00",
    "0000-00-00T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "1764558000",
    "２０２６-12-01T12:00:00Z",
    "2026-12-01T12:00:00Z\0",
    "2026-12-01T12:00:00Z" * 9,
)
