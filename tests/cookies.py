"""Cookies of browsers, made without asking the house for them."""

from collections.abc import Mapping

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

SESSION = "enishi"


def session_cookie(app: Flask, kept: Mapping[str, object]) -> str:
    """The value of the cookie in which an app with this secret keeps these things of a browser."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    value = serializer.dumps(dict(kept))
    return value if isinstance(value, str) else value.decode()


def signed_in(app: Flask, reference: str, locale: str | None = None) -> str:
    """The value of that cookie in a browser whose sign-in has this reference."""
    return session_cookie(
        app, {"_user_id": reference, "_fresh": True} | ({"locale": locale} if locale else {})
    )
