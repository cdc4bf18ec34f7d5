"""The web application: a table of contents."""

import os
from urllib.parse import urlsplit

from werkzeug.middleware.proxy_fix import ProxyFix

from organizer import i18n, models
from organizer.clock import follow
from organizer.config import Config
from organizer.db import Database
from organizer.jobs import queue
from organizer.web import (
    assets,
    bearer,
    blueprints,
    errors,
    frame,
    limits,
    login,
    logs,
    security,
    token_use,
    unit,
)


def create_app(config: Config | None = None, database: Database | None = None) -> unit.App:
    """The web application: settings, database, sign-in, languages, pages, errors."""
    config = config or Config.from_environ(os.environ)
    follow(config.now)
    app = unit.App(
        __name__, template_folder=assets.folder("templates"), static_folder=assets.folder("static")
    )
    app.secret_key = config.secret_key
    app.config["SERVER_NAME"] = urlsplit(config.base_url).netloc
    app.config["PREFERRED_URL_SCHEME"] = urlsplit(config.base_url).scheme
    app.extensions["enishi.config"] = config
    app.extensions["enishi.database"] = database or Database(config.database_url)
    assert models.metadata.tables, "every table is known"
    queue.connect_at_first_knock(config)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    logs.init_app(app, config)
    unit.init_app(app)
    i18n.init_app(app)
    bearer.init_app(app)
    token_use.init_app(app)
    security.init_app(app, config)
    limits.init_app(app, config)
    login.init_app(app)
    frame.init_app(app)
    blueprints.register_all(app)
    errors.init_app(app)
    return app
