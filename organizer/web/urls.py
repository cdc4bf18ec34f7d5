"""Addresses: of files with their version, of pages as they stand in mails, and of where to go next."""

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app, url_for

from organizer.web.unit import config


def external(endpoint: str, **values: object) -> str:
    """The full address of a page; its host comes from the configuration alone, never from the request."""
    adapter = current_app.create_url_adapter(None)
    assert adapter is not None, "SERVER_NAME is set by create_app"
    base = config().base_url
    path = adapter.build(
        endpoint, {k: v for k, v in values.items() if not k.startswith("_")}, force_external=False
    )
    anchor = values.get("_anchor")
    return f"{base}{path}" + (f"#{anchor}" if anchor else "")


@cache
def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(filename: str) -> str:
    """The address of a static file, with a version that changes with its contents, so that it may be cached
    for ever.
    """
    path = Path(str(current_app.static_folder)) / filename
    if not path.is_file():
        return url_for("static", filename=filename)
    return url_for("static", filename=filename, v=_version(path))


def safe_next(target: str | None, default: str) -> str:
    """`target` when it is a plain path of our own, else `default`."""
    if (
        not target
        or len(target) > 300
        or target.startswith("//")
        or any(ord(c) < 33 or c == "\\" for c in target)
    ):
        return default
    parts = urlsplit(target)
    decoded = unquote(unquote(parts.path))
    if (
        parts.scheme
        or parts.netloc
        or not decoded.startswith("/")
        or decoded.startswith("//")
        or "\\" in decoded
    ):
        return default
    if any(ord(c) < 33 for c in decoded):
        return default
    return parts.path + (f"?{parts.query}" if parts.query else "")
