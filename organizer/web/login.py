"""Flask-Login over sessions that are rows: the cookie holds a reference, the row decides."""

from contextlib import suppress
from typing import cast

from flask import g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from organizer.circles.service import runs_a_circle
from organizer.clock import now
from organizer.people import sessions
from organizer.people.models import Person, SignIn
from organizer.web.access import remember_language
from organizer.web.unit import App, database, db_session, roll_back

login_manager = LoginManager()
login_manager.session_protection = (
    None  # the row is the protection; an address that changes on a train is no theft
)


class Visitor(UserMixin):  # type: ignore[misc]
    """A signed-in browser: its person, and the row that can end it."""

    def __init__(self, person: Person, sign_in: SignIn, reference: str) -> None:
        self.person = person
        self.sign_in = sign_in
        self.reference = reference

    def get_id(self) -> str:
        """The reference that the cookie holds."""
        return self.reference

    @property
    def name(self) -> str:
        """The person's name, for the head of the page."""
        return self.person.name or (self.person.email or "")


def init_app(app: App) -> None:
    """Let every request know who is there, and note now and then that a sign-in is used."""
    login_manager.init_app(app)

    @app.teardown_request
    def _note_use(_error: BaseException | None) -> None:
        used: int | None = g.pop("sign_in_used", None)
        if used is None:
            return
        roll_back()  # the request's own session is done: on SQLite one writer does not wait for another of its kind
        with suppress(SQLAlchemyError), database().transaction() as noting:
            sessions.note_use(noting, used, now())


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(reference: str) -> Visitor | None:
    found = sessions.find(db_session(), reference, now())
    if found is None:
        return None
    sign_in, person = found
    remember_language(person)
    if sessions.is_to_be_noted(sign_in, now()):
        g.sign_in_used = sign_in.id
    return Visitor(person, sign_in, reference)


def present() -> SignIn:
    """The row of this browser's sign-in. Only for those signed in."""
    return cast(SignIn, current_user.sign_in)


def begin(person: Person, way: str) -> None:
    """Sign this browser in, under a new reference and with an empty cookie; the language chosen stays.

    Who was signed in here before is signed out.
    """
    locale = session.get("locale")
    if current_user.is_authenticated:
        sessions.end(db_session(), current_user.person.id, now(), public_id=present().public_id)
    logout_user()
    session.clear()
    agent, hosts = request.user_agent.string, runs_a_circle(db_session(), person)
    sign_in, reference = sessions.start(db_session(), person, way, agent, now(), idles_out=hosts)
    if locale:
        session["locale"] = locale
    session.permanent = True
    login_user(Visitor(person, sign_in, reference))


def renew() -> None:
    """A new reference for the same person, in the same way: for whoever may do more from now on."""
    begin(current_user.person, present().way)


def end() -> None:
    """Sign this browser out in its cookie; the row is ended by `people.sessions`."""
    locale = session.get("locale")
    logout_user()
    session.clear()
    if locale:
        session["locale"] = locale


def choose_language(locale: str) -> None:
    """Let this browser speak that language from now on."""
    session["locale"] = locale
