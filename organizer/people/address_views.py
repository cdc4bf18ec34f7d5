"""Changing one's mail address."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.clock import now
from organizer.people import addresses
from organizer.people.account_views import account_page
from organizer.people.forms import AddressForm
from organizer.people.pages import blueprint
from organizer.web.access import by_link, me, signed_in
from organizer.web.limits import caller, limited
from organizer.web.unit import config, db_session


@blueprint.post("/me/account/address")
@signed_in
@limited("20 per hour", by=caller)
def change_address() -> ResponseReturnValue:
    """Ask for a change: both addresses get a mail."""
    form = AddressForm()
    if not form.validate():
        return account_page(address=form), 422
    addresses.ask(db_session(), me(), form.email.data, now=now(), secret_key=config().secret_key)
    flash(
        _("A mail is on its way to both addresses. The change is made once both have been confirmed."), "info"
    )
    return redirect(url_for("people.account"), 303)


@blueprint.post("/me/account/address/give-up")
@signed_in
def keep_address() -> ResponseReturnValue:
    """Leave the address as it is."""
    addresses.give_up(db_session(), me(), now())
    flash(_("Your address stays as it is."), "safe")
    return redirect(url_for("people.account"), 303)


@blueprint.get("/address/<token>")
@by_link
def confirm_address(token: str) -> ResponseReturnValue:
    """One button: nothing is confirmed yet."""
    found = addresses.find(db_session(), token, now())
    if found is None:
        return _over()
    change, side = found
    return render_template("people/confirm_address.html", change=change, side=side)


@blueprint.post("/address/<token>")
@by_link
@limited("100 per 10 minutes", by=caller)
def say_yes_to_address(token: str) -> ResponseReturnValue:
    """Confirm one of the two addresses; the second yes makes the change."""
    found = addresses.find(db_session(), token, now())
    if found is None:
        return _over()
    change, side = found
    made = addresses.confirm(db_session(), change, side, now())
    return render_template("people/address_confirmed.html", change=change, made=made, side=side)


def _over() -> ResponseReturnValue:
    return render_template("people/address_over.html"), 410
