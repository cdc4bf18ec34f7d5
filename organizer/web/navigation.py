"""The few links in the head of every page, and which of them is the present one."""

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

# (endpoint, its words, how the addresses begin that belong to it)
GUEST = (("events.public_list", _l("Public events"), ("/events", "/e/", "/c/")),)
MEMBER = (
    ("home.index", _l("Home"), ("/me/tickets", "/prompts", "/e/", "/people/")),
    ("ties.index", _l("Book of ties"), ("/ties", "/insights")),
    ("circles.index", _l("Hosting"), ("/host", "/circles/", "/events/")),
)
ATTENDEE = ("matches.closing", "matches.save_talked", "matches.save_again", "matches.save_kept")
"""The pages beneath /events/ that belong to those who attend, and so to their home."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the head; `current` is its aria-current: "page", "true" (a page of that part) or empty."""

    text: str
    url: str
    current: str


def navigation(failed: bool = False) -> list[Link]:
    """The links for whoever is there, in order; pages that do not exist are left out.

    Of a page that says what went wrong (`failed`) none is marked: its address may belong to nobody who sees it.
    """
    listed = MEMBER if current_user.is_authenticated else GUEST
    path = None if failed else url_for("home.index") if request.endpoint in ATTENDEE else request.path
    return [_link(endpoint, str(text), parts, path) for endpoint, text, parts in listed if has_page(endpoint)]


def _link(endpoint: str, text: str, parts: tuple[str, ...], path: str | None) -> Link:
    url = url_for(endpoint)
    if path is None:
        return Link(text, url, "")
    here = "page" if request.path == url else "true" if path == url or path.startswith(parts) else ""
    return Link(text, url, here)


def has_page(endpoint: str) -> bool:
    """Whether the app has this page."""
    return endpoint in current_app.view_functions
