"""What other apps read of a circle: only with a host's token, in the header Authorization."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from flask import g
from flask.typing import ResponseReturnValue

from organizer.circles import tokens
from organizer.circles.models import ApiToken
from organizer.clock import now
from organizer.web import bearer, token_use
from organizer.web.access import Policy
from organizer.web.unit import db_session

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def by_host_token(view: View) -> View:
    """Another app with a living token of a host may call this view; `host_token` gives it. Others get 401."""

    @wraps(view)
    def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
        g.host_token = _living()
        return view(*args, **kwargs)

    guarded.policy = Policy.APP  # type: ignore[attr-defined]
    return cast(View, bearer.takes_bearer(guarded))


def host_token() -> ApiToken:
    """The token this request came with. Only behind `by_host_token`."""
    return cast(ApiToken, g.host_token)


def _living() -> ApiToken:
    text = bearer.carried()
    if text is None:
        bearer.reject()
    token = tokens.find(db_session(), text, now())
    if token is None:
        bearer.reject(bearer.TOKEN_UNKNOWN)
    token_use.hear(text)
    return token
