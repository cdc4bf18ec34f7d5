"""The secret by which a browser is known before anybody has signed in."""

from flask import session

from organizer.tokens import new_token


def browser() -> str:
    """This browser's secret, in its signed cookie; made when there is none. Signing in and out drops it."""
    if "browser" not in session:
        session["browser"] = new_token()
    return str(session["browser"])
