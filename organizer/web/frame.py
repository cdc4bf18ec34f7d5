"""What every template may use, and Jinja's settings."""

from flask_wtf.csrf import generate_csrf
from jinja2 import StrictUndefined

from organizer.clock import now
from organizer.web.labels import label
from organizer.web.navigation import has_page, navigation
from organizer.web.text import markdown
from organizer.web.unit import App
from organizer.web.urls import asset, external


def init_app(app: App) -> None:
    """Strict templates that know `asset`, `label`, `external`, `now` and the filter `markdown`."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals |= {
        "asset": asset,
        "label": label,
        "external": external,
        "now": now,
        "csrf_token": generate_csrf,
    }
    app.jinja_env.globals |= {"navigation": navigation, "has_page": has_page}
    app.jinja_env.filters["markdown"] = markdown
