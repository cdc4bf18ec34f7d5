"""One's account: language, zone and hour, password, and the browsers one is signed in with."""

from datetime import datetime, timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.audit.service import record
from organizer.circles.service import runs_a_circle
from organizer.clock import now
from organizer.errors import NotFound
from organizer.people import addresses, passwords, sessions
from organizer.people.forms import AccountForm, AddressForm, NewPasswordForm
from organizer.people.models import Person
from organizer.people.pages import blueprint
from organizer.web import login
from organizer.web.access import me, signed_in
from organizer.web.limits import caller, limited
from organizer.web.unit import db_session

FRESH = timedelta(hours=1)


@blueprint.get("/me/account")
@signed_in
def account() -> ResponseReturnValue:
    """Everything about how Enishi knows and reaches a person."""
    return account_page()


def account_page(
    settings: AccountForm | None = None,
    password: NewPasswordForm | None = None,
    address: AddressForm | None = None,
) -> str:
    """The page, with the form that was sent in its present state."""
    person = me()
    return render_template(
        "people/account.html",
        settings=settings or _settings_of(person),
        password=password or NewPasswordForm(formdata=None),
        address=address or AddressForm(formdata=None),
        change=addresses.under_way(db_session(), person, now()),
        may_have_password=runs_a_circle(db_session(), person),
        asks_current=_asks_current(person),
        person=person,
    )


def _settings_of(person: Person) -> AccountForm:
    return AccountForm(
        formdata=None, locale=person.locale, time_zone=person.time_zone or "", prompt_hour=person.prompt_hour
    )


def _asks_current(person: Person) -> bool:
    """Who has just proved their address need not know the old password."""
    here = login.present()
    proved = here.way in ("link", "digits") and now() - here.created_at < FRESH
    return person.password_hash is not None and not proved


@blueprint.post("/me/account")
@signed_in
def save_account() -> ResponseReturnValue:
    """Keep language, zone and hour."""
    form, person = AccountForm(), me()
    if not form.validate():
        return account_page(settings=form), 422
    person.locale = form.locale.data
    person.time_zone = form.time_zone.data or None
    person.prompt_hour = form.prompt_hour.data
    login.choose_language(person.locale)
    record(db_session(), "account.changed", "person", person.id, at=now(), actor_id=person.id)
    flash(_("Saved."), "safe")
    return redirect(url_for("people.account"), 303)


@blueprint.post("/me/account/password")
@signed_in
@limited("20 per hour", by=caller)
def set_password() -> ResponseReturnValue:
    """Set or change the password; every other browser is signed out."""
    person = me()
    if not runs_a_circle(db_session(), person):
        raise NotFound
    form = NewPasswordForm()
    if not form.validate():
        return account_page(password=form), 422
    if _asks_current(person) and not passwords.matches(person.password_hash, form.current.data or ""):
        form.current.errors = [_("This is not the present password.")]
        return account_page(password=form), 422
    _keep_password(person, form.password.data, now())
    flash(_("Your password is set. Other browsers have been signed out."), "safe")
    return redirect(url_for("people.account"), 303)


def _keep_password(person: Person, password: str, moment: datetime) -> None:
    person.password_hash = passwords.hashed(password)
    sessions.end(db_session(), person.id, moment, but=login.present().id)
    record(db_session(), "password.set", "person", person.id, at=moment, actor_id=person.id)


@blueprint.get("/me/sign-ins")
@signed_in
def sign_ins() -> ResponseReturnValue:
    """The browsers in which one is signed in."""
    living = sessions.living(db_session(), me().id, now())
    return render_template("people/sign_ins.html", living=living, here=login.present())


@blueprint.post("/me/sign-ins/<public_id>/end")
@signed_in
def end_sign_in(public_id: str) -> ResponseReturnValue:
    """Sign one browser out."""
    person = me()
    if sessions.end(db_session(), person.id, now(), public_id=public_id) == 0:
        raise NotFound
    record(db_session(), "sign_in.ended", "person", person.id, at=now(), actor_id=person.id)
    if login.present().public_id == public_id:
        login.end()
        return redirect(url_for("home.index"), 303)
    flash(_("That browser is signed out."), "safe")
    return redirect(url_for("people.sign_ins"), 303)


@blueprint.post("/me/sign-ins/end-others")
@signed_in
def end_others() -> ResponseReturnValue:
    """Sign every other browser out."""
    person = me()
    sessions.end(db_session(), person.id, now(), but=login.present().id)
    record(db_session(), "sign_in.others_ended", "person", person.id, at=now(), actor_id=person.id)
    flash(_("All other browsers are signed out."), "safe")
    return redirect(url_for("people.sign_ins"), 303)


@blueprint.post("/me/sign-ins/end-all")
@signed_in
def end_everywhere() -> ResponseReturnValue:
    """Sign out here and everywhere."""
    person = me()
    sessions.end(db_session(), person.id, now())
    record(db_session(), "sign_in.all_ended", "person", person.id, at=now(), actor_id=person.id)
    login.end()
    flash(_("You are signed out everywhere."), "safe")
    return redirect(url_for("home.index"), 303)
