"""What every answer says to browsers, and which requests are turned away before any view sees them."""

from urllib.parse import urlsplit

from flask import Response, abort, current_app, request
from flask_wtf.csrf import CSRFProtect

from organizer.config import Config
from organizer.web.bearer import is_by_token
from organizer.web.cookies import SeldomCookies
from organizer.web.unit import WRITING_METHODS, App

MAX_BODY_BYTES = 512 * 1024
LARGEST_ID = 2**31 - 1
CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=()",
}


class OwnPages(CSRFProtect):  # type: ignore[misc]
    """The check that a request comes from a page of ours; one that carries a token in its header can come from none."""

    def protect(self, apply_exemptions: bool = False) -> None:
        """Raise CSRFError for a request that shows neither."""
        if not is_by_token(current_app.view_functions.get(request.endpoint or "")):
            super().protect(apply_exemptions)


csrf = OwnPages()


def init_app(app: App, config: Config) -> None:
    """Set cookies, limits, headers and the checks of origin."""
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        MAX_FORM_PARTS=1_000,
        SESSION_COOKIE_NAME="__Host-enishi" if config.https else "enishi",
        SESSION_COOKIE_SECURE=config.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # a form filled in over an hour must not be lost; the token lives as long as the session
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # no Referer is ever sent; the origin is checked below
    )
    app.session_interface = SeldomCookies()
    csrf.init_app(app)
    app.before_request(_plain_address)
    own = urlsplit(config.base_url).netloc

    @app.before_request
    def _same_origin() -> None:
        if request.method not in WRITING_METHODS or getattr(_view(app), "cross_site", False):
            return
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            abort(403)
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc not in (own, request.host):
            abort(403)

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if config.https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint == "static" and "v" in request.args:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _view(app: App) -> object:
    return app.view_functions.get(request.endpoint or "")


def _plain_address() -> None:
    """No name holds a NUL, and no row has an id beyond what a column holds: no database would compare them."""
    for name, part in (request.view_args or {}).items():
        if "\0" in str(part) or (name.endswith("_id") and isinstance(part, int) and part > LARGEST_ID):
            abort(404)
