"""Who may call a view. Every view carries exactly one of these doors, and a test fails on a route without."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import TypeVar, cast

from flask import abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from organizer.people.models import Person
from organizer.web.unit import config

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class Policy(StrEnum):
    """What a view asks of its caller before it runs."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    LINK = "link"
    DEVICE = "device"
    APP = "app"
    DEVELOPMENT = "development"


def public(view: View) -> View:
    """Anybody may call this view."""
    view.policy = Policy.PUBLIC  # type: ignore[attr-defined]
    return view


def by_link(view: View) -> View:
    """Who holds the link of a mail may call this view: it looks the link up itself, and answers 404 to any other."""
    view.policy = Policy.LINK  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Only a signed-in person may call this view; others sign in first and come back. Which rows they may
    see is the affair of the door of
    each kind of row (`event_of_host` and the like): a stranger gets 404."""

    @wraps(view)
    def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
        if current_user.is_authenticated:
            return view(*args, **kwargs)
        if request.method not in ("GET", "HEAD") or request.path.startswith("/api/"):
            abort(401)
        return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))

    guarded.policy = Policy.SIGNED_IN  # type: ignore[attr-defined]
    return cast(View, guarded)


def finds_sign_in(view: View) -> View:
    """Only a signed-in person may call this view: it hands `sign_in_reference` on, and its first statement
    looks up person, role and row
    together. For the door, where each statement counts; it answers 401 and 404 as `signed_in` would."""
    view.policy = Policy.SIGNED_IN  # type: ignore[attr-defined]
    return view


def sign_in_reference() -> str | None:
    """What this browser's cookie says of its sign-in, not looked up yet."""
    reference = session.get("_user_id")
    return reference if isinstance(reference, str) else None


def development_only(view: View) -> View:
    """This view exists in development alone."""

    @wraps(view)
    def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
        if not config().development:
            abort(404)
        return view(*args, **kwargs)

    guarded.policy = Policy.DEVELOPMENT  # type: ignore[attr-defined]
    return cast(View, guarded)


def me() -> Person:
    """The signed-in person. Only behind `signed_in`."""
    return cast(Person, current_user.person)


def me_or_none() -> Person | None:
    """The signed-in person, if any."""
    return cast(Person, current_user.person) if current_user.is_authenticated else None


def remember_language(person: Person) -> None:
    """Let this request speak the person's language and time zone, unless another language was chosen."""
    g.person_locale = person.locale
    g.time_zone = person.time_zone
