"""Signing in by the link or the six digits of a mail, or by password; and out again."""

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.clock import now
from organizer.errors import NotFound, Refused
from organizer.i18n import current_locale
from organizer.mail import outbox
from organizer.people import passwords, sessions, signing
from organizer.people.forms import AskForm, DigitsForm, PasswordSignInForm
from organizer.people.models import Person, SignInRequest
from organizer.people.pages import blueprint
from organizer.people.service import find_by_address
from organizer.web import login
from organizer.web.access import by_link, me_or_none, public
from organizer.web.browser import browser
from organizer.web.limits import caller, everybody, limited, mail_address
from organizer.web.unit import config, database, db_session
from organizer.web.urls import safe_next


def _next() -> str:
    return safe_next(request.values.get("next"), url_for("home.index"))


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Ask for a sign-in mail; who is signed in already goes on."""
    if me_or_none() is not None:
        return redirect(_next())
    return _sign_in_page(AskForm(formdata=None, next=_next()))


def _sign_in_page(form: AskForm) -> str:
    return render_template("people/sign_in.html", form=form, next=_next())


@blueprint.post("/sign-in")
@public
@limited("100 per 10 minutes", by=caller)
@limited("5000 per hour", by=everybody)
def send_link() -> ResponseReturnValue:
    """Have the mail sent, to a known address as to an unknown one."""
    form = AskForm()
    if not form.validate():
        return _sign_in_page(form), 422
    try:
        asked = signing.ask(
            db_session(),
            form.email.data,
            browser=browser(),
            next_path=_next(),
            locale=current_locale(),
            now=now(),
            secret_key=config().secret_key,
        )
    except Refused:
        abort(429)
    return redirect(url_for("people.wait", public_id=asked.public_id), 303)


def _asked(public_id: str) -> SignInRequest:
    """The request of this waiting page, for the browser that asked and nobody else."""
    asked = signing.find_request(db_session(), public_id)
    if asked is None or not signing.asked_by(asked, browser()):
        raise NotFound
    return asked


@blueprint.get("/sign-in/wait/<public_id>")
@public
def wait(public_id: str) -> ResponseReturnValue:
    """Where the asking browser waits, with a field for the six digits."""
    if me_or_none() is not None:
        return redirect(url_for("home.index"))
    return _wait_page(_asked(public_id), DigitsForm(formdata=None))


def _wait_page(asked: SignInRequest, form: DigitsForm, code: int = 200) -> ResponseReturnValue:
    if not signing.is_open(asked, now()):
        return _gone(asked)
    page = render_template("people/wait.html", form=form, asked=asked, tries_left=signing.TRIES - asked.tries)
    return page, code


@blueprint.post("/sign-in/wait/<public_id>")
@public
@limited("200 per 10 minutes", by=caller)
@limited("2000 per hour", by=everybody)
def type_digits(public_id: str) -> ResponseReturnValue:
    """Sign in by the six digits."""
    asked, form = _asked(public_id), DigitsForm()
    if not form.validate():
        return _wait_page(asked, form, 422)
    if not signing.try_digits(
        db_session(), asked, form.digits.data, now=now(), secret_key=config().secret_key
    ):
        form.digits.errors = [_("These are not the digits of the mail. Please compare them once more.")]
        return _wait_page(asked, form, 422)
    return _spend(asked, "digits")


@blueprint.get("/sign-in/link/<token>")
@by_link
def link(token: str) -> ResponseReturnValue:
    """Uses nothing up: takes the token out of the address bar, and leads the asking browser on to the button."""
    asked = signing.find_by_link(db_session(), token)
    if asked is None or not signing.is_open(asked, now()):
        return _gone(asked)
    if not signing.asked_by(asked, browser()):
        return render_template("people/other_browser.html")
    session["link"] = token
    return redirect(url_for("people.opened"))


@blueprint.get("/sign-in/link")
@by_link
def opened() -> ResponseReturnValue:
    """One button: what the mail's link has not done yet."""
    asked = signing.find_by_link(db_session(), session.get("link", ""))
    if asked is None or not signing.is_open(asked, now()):
        return _gone(asked)
    return render_template("people/opened.html", asked=asked)


@blueprint.post("/sign-in/link")
@by_link
@limited("200 per 10 minutes", by=caller)
def use_link() -> ResponseReturnValue:
    """Sign in by the link, in the browser that asked."""
    asked = signing.find_by_link(db_session(), session.get("link", ""))
    if asked is None or not signing.asked_by(asked, browser()):
        return _gone(None)
    return _spend(asked, "link")


def _spend(asked: SignInRequest, way: str) -> ResponseReturnValue:
    confirmed = signing.spend(db_session(), asked, now())
    if confirmed is None:
        return _gone(asked)
    login.begin(confirmed.person, way)
    return _go_on(confirmed.person, confirmed.next_path)


def _go_on(person: Person, next_path: str) -> ResponseReturnValue:
    """A person without a name is asked for it first."""
    path = safe_next(next_path, url_for("home.index"))
    return redirect(path if person.name else url_for("people.welcome", next=path), 303)


def _gone(asked: SignInRequest | None) -> ResponseReturnValue:
    return render_template("people/gone.html", next=asked.next_path if asked else None), 410


@blueprint.get("/sign-in/password")
@public
def password() -> ResponseReturnValue:
    """The way for hosts who have set a password."""
    if me_or_none() is not None:
        return redirect(_next())
    return _password_page(PasswordSignInForm(formdata=None, next=_next()))


def _password_page(form: PasswordSignInForm) -> str:
    return render_template("people/password.html", form=form, next=_next())


@blueprint.post("/sign-in/password")
@public
@limited("50 per 10 minutes", by=caller)
@limited("10 per 15 minutes", by=mail_address)
@limited("2000 per hour", by=everybody)
def use_password() -> ResponseReturnValue:
    """Sign in by password; the answer to a wrong one is that to an unknown address."""
    form = PasswordSignInForm()
    if not form.validate():
        return _password_page(form), 422
    if not _matches(form.email.data, form.password.data):
        form.password.errors = [
            _("Mail address and password do not go together. Please look at both once more.")
        ]
        return _password_page(form), 422
    person = find_by_address(db_session(), form.email.data)
    if person is None:
        raise NotFound
    login.begin(person, "password")
    outbox.post(db_session(), "new_sign_in", now=now(), person_id=person.id, sign_in=login.present().id)
    return _go_on(person, _next())


def _matches(email: str, typed: str) -> bool:
    """Compared before this request's transaction begins: the slow hash must not make other writers wait."""
    with database().transaction(writes=False) as reading:
        person = find_by_address(reading, email)
        kept = person.password_hash if person else None
    return passwords.matches(kept, typed)


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this browser's sign-in, in its row and in its cookie."""
    person = me_or_none()
    if person is not None:
        sessions.end(db_session(), person.id, now(), public_id=login.present().public_id)
        login.end()
        flash(_("You are signed out."), "safe")
    return redirect(url_for("home.index"), 303)
