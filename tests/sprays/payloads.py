"""What nobody's browser sends by itself: values for single fields, bodies for whole requests, parts of addresses."""

import json
import re
from collections.abc import Iterator
from itertools import count
from typing import Any

from tests.sprays.forms import Form

TEXTS = (
    "a" * 100_000,
    "a\x00b",
    "\x01\x02\x1b[31m\x7f\x85",
    "\ufffe\uffff\ue000",
    "🍵👨‍👩‍👧‍👦🇯🇵" * 20,
    "\u202eevil\u2066\u200f\u061c",
    "Z" + "̈" * 200,
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "'; DROP TABLE person; --",
    "{{ config }}{% raw %}${7*7}",
    "__class__.__mro__ {0.__class__} %(name)s %s %n",
    "a\r\nBcc: x@evil.example\r\n\r\nwords",
    "../../../../etc/passwd",
    "javascript:alert(1)",
    "https://evil.example/\x00",
    "[]",
    '{"$ne": null}',
    "\ufeff　\u200b",
    "x" * 65 + "@example.jp",
    "a@b@c",
    "佐藤@例え.テスト",
    "on",
    "None",
)
NUMBERS = (
    "-1",
    "9" * 400,
    "2147483648",
    "9223372036854775808",
    "1e308",
    "NaN",
    "Infinity",
    "0x10",
    "１２",
    "٣",
    "1_0",
    "",
)
DATES = (
    "2026-02-30T25:61",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "99999-01-01T00:00",
    "-2026-01-01T00:00",
    "tomorrow",
    "2026-12-03",
    "２０２６-12-03T07:30",
)
# As a part of an address, percent-encoded already.
PARTS = (
    "%00",
    "%ED%A0%80",
    "%FF%FE",
    "-1",
    "9" * 400,
    "%F0%9F%8D%B5",
    "%2e%2e%2fetc",
    "__class__",
    "'%20OR%201=1--",
    "x" * 22,
)

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_turn = count()


def values_for(name: str, value: str, how_many: int) -> Iterator[str]:
    """Values a field should not have: some of every kind in turn, and those that are nearly of its own kind."""
    for _ in range(how_many):
        yield TEXTS[next(_turn) % len(TEXTS)]
    near = (
        DATES
        if _DATE.match(value) or name.endswith(("_on", "day", "date"))
        else NUMBERS
        if value.isdigit()
        else ()
    )
    for _ in range(min(len(near), 3)):
        yield near[next(_turn) % len(near)]


def bodies(form: Form) -> Iterator[dict[str, Any]]:
    """Whole requests that are no form, or hardly: arguments for a client's `post`."""
    plain = "application/x-www-form-urlencoded"
    names = form.names or ["name"]
    yield {"data": b"", "content_type": plain}
    yield {"data": {name: ["", "x", "\x00"] for name in names}}
    yield {"data": "&".join(f"{name}[]=1&{name}.x=2" for name in names), "content_type": plain}
    yield {"data": "&".join(f"f{n}={n}" for n in range(2_000)), "content_type": plain}
    yield {"data": "&".join(f"{name}=%ff%fe%zz%" for name in names).encode(), "content_type": plain}
    yield {
        "data": json.dumps({name: [1, None, {"a": []}] for name in names}),
        "content_type": "application/json",
    }
    yield {
        "data": b"--x\r\nContent-Disposition: form-data; name=",
        "content_type": "multipart/form-data; boundary=x",
    }
    yield {"data": b"name=1", "content_type": "text/plain; charset=utf-99"}


def json_bodies(good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same for an API that reads JSON."""
    raw = [
        "",
        "null",
        "[]",
        '"text"',
        "{",
        "[" * 5_000,
        '{"a":' * 5_000,
        "[" * 5_000 + "]" * 5_000,
        json.dumps({**good, "key": "k" * 1_000_000}),
        json.dumps({**good, **{f"k{n}": n for n in range(3_000)}}),
        '{"code": NaN}',
        '{"code": Infinity, "key": -Infinity}',
        '{"key": "a", "key": "b"}',
        '{"code": 1e999999}',
        '{"code": ' + "9" * 5_000 + "}",
        "\ufeff" + json.dumps(good),
    ]
    changes: list[Any] = [
        "\ud800",
        "a\x00b",
        "a" * 100_000,
        "\u202e",
        1,
        -1,
        True,
        None,
        [],
        {},
        1.5,
        "",
        "__class__",
    ]
    raw += [json.dumps({**good, name: value}) for name in [*good, "__proto__"] for value in changes]
    for text in raw:
        yield {"data": text.encode(errors="surrogatepass"), "content_type": "application/json"}
    yield {"data": b"\xff\xfe{}", "content_type": "application/json"}
    yield {
        "data": b"\x1f\x8b\x08\x00",
        "content_type": "application/json",
        "headers": {"Content-Encoding": "gzip"},
    }
    for mime in ("text/plain", "application/xml", "multipart/form-data", ""):
        yield {"data": json.dumps(good), "content_type": mime}
