"""When an answer brings the session's cookie anew."""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class SeldomCookies(SecureCookieSessionInterface):
    """Pages put off the end of the cookie; what scripts ask for every few seconds sends it only when it has changed.

    A late answer of theirs could otherwise bring back the cookie from before a change, the language for instance.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether this answer brings the cookie."""
        if request.path.startswith("/api/"):
            return session.modified
        return super().should_set_cookie(app, session)
