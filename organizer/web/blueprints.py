"""Every room's pages, in the order of the evening."""

from organizer.events import views as events
from organizer.web import dev, home
from organizer.web import views as web
from organizer.web.unit import App


def register_all(app: App) -> None:
    """Hang every blueprint into the app."""
    for blueprint in (web.blueprint, home.blueprint, dev.blueprint, events.blueprint):
        app.register_blueprint(blueprint)
