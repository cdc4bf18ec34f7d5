"""The floor of pages: the least Flask and SQLAlchemy Core app that shows the same rows to the same cookie."""

import os
from datetime import UTC, datetime
from typing import Any

from flask import Flask, abort, session
from sqlalchemy import select

from organizer.clock import follow, now
from organizer.db import Database
from organizer.domain.lifecycle import RegistrationState
from organizer.events.models import Event
from organizer.people.models import Person, Profile, SignIn
from organizer.registrations.models import Registration
from organizer.tokens import digest

LIST = """<!doctype html><html lang="ja"><title>{{ title }}</title><h1>{{ title }}</h1><ul>
{% for name, reading, company, at in people %}<li><b>{{ name }}</b> <small>{{ reading }}</small> {{ company }}
 <time>{{ at }}</time></li>{% endfor %}</ul></html>"""
SHOWN = """<!doctype html><html lang="ja"><title>{{ title }}</title><h1>{{ title }}</h1>
<p>{{ place }}</p><p>{{ words }}</p></html>"""


def create_app() -> Flask:
    """The floor, on the database and secret that the environment names."""
    app = Flask(__name__)
    app.secret_key = os.environ["ORGANIZER_SECRET_KEY"]
    app.config["SESSION_COOKIE_NAME"] = "enishi"
    follow(os.environ.get("ORGANIZER_NOW"))
    listed, shown_once = app.jinja_env.from_string(LIST), app.jinja_env.from_string(SHOWN)
    database = Database(os.environ["ORGANIZER_DATABASE_URL"])

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    @app.get("/list/<public_id>")
    def people(public_id: str) -> str:
        with database.engine.connect() as connection:
            _person(connection)
            event = connection.execute(
                select(Event.id, Event.title).where(Event.public_id == public_id)
            ).one()
            rows = connection.execute(
                select(Person.name, Person.reading, Profile.company, Registration.applied_at)
                .join(Registration, Registration.person_id == Person.id)
                .join(Profile, Profile.person_id == Person.id)
                .where(Registration.event_id == event.id, Registration.state == RegistrationState.ADMITTED)
                .order_by(Person.reading)
            ).all()
        told = [
            (name, reading, company, at.astimezone(UTC).strftime("%H:%M"))
            for name, reading, company, at in rows
        ]
        return listed.render(title=event.title, people=told)

    @app.get("/event/<public_id>")
    def shown(public_id: str) -> str:
        with database.engine.connect() as connection:
            query = select(Event.title, Event.place, Event.description).where(Event.public_id == public_id)
            event = connection.execute(query).one()
        return shown_once.render(title=event.title, place=event.place, words=event.description)

    return app


def _person(connection: Any) -> int:
    """Who is signed in."""
    moment: datetime = now()
    query = select(SignIn.person_id).join(Person, Person.id == SignIn.person_id)
    living = SignIn.ended_at.is_(None), SignIn.expires_at > moment
    mine = SignIn.reference_hash == digest(session.get("_user_id", ""))
    found = connection.execute(query.where(mine, *living)).scalar()
    if found is None:
        abort(401)
    return int(found)
