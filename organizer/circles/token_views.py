"""A circle's tokens for other apps: listed, made, shown once, revoked. For members who may change events."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from organizer.circles import tokens
from organizer.circles.models import ApiToken, Circle, Membership
from organizer.circles.pages import blueprint
from organizer.circles.service import circle_of, membership_of
from organizer.clock import now
from organizer.domain.door import TokenScope
from organizer.errors import Refused
from organizer.web.access import me, signed_in
from organizer.web.forms import CodeField, Form
from organizer.web.labels import label
from organizer.web.limits import caller, limited
from organizer.web.unit import db_session

LIVES = {30: _l("30 days"), 90: _l("90 days"), 365: _l("A year")}


class TokenForm(Form):
    """What a token is for, what it may do, and for how long."""

    name = StringField(
        _l("What the token is for"), [DataRequired(_l("Please give it a name.")), Length(max=40)]
    )
    scope = CodeField(_l("What it may do"), TokenScope, default=TokenScope.READ)
    days = SelectField(
        _l("How long it lives"), choices=lambda: list(LIVES.items()), coerce=int, default=tokens.DAYS[1]
    )


@blueprint.get("/circles/<slug>/tokens", endpoint="tokens")
@signed_in
def show_tokens(slug: str) -> ResponseReturnValue:
    """The tokens there are, and the form for the next."""
    return _page(circle_of(db_session(), me(), slug, tokens.RIGHT), TokenForm(formdata=None))


def _page(circle: Circle, form: TokenForm) -> str:
    listed = tokens.listed(db_session(), now(), circle.id)
    return render_template("circles/tokens.html", circle=circle, listed=listed, form=form)


@blueprint.post("/circles/<slug>/tokens")
@signed_in
@limited("30 per hour", by=caller)
def make_token(slug: str) -> ResponseReturnValue:
    """Make a token, and show it: this once."""
    place, form = membership_of(db_session(), me(), slug, tokens.RIGHT), TokenForm()
    if not form.validate():
        return _page(place.circle, form), 422
    try:
        token, text = _make(place, form)
    except Refused as no:
        form.name.errors = [label(no.reason)]
        return _page(place.circle, form), 422
    return render_template("circles/token_made.html", circle=place.circle, token=token, text=text)


def _make(place: Membership, form: TokenForm) -> tuple[ApiToken, str]:
    return tokens.make(
        db_session(),
        place,
        name=form.name.data,
        scope=form.scope.member,
        days=form.days.data,
        now=now(),
    )


@blueprint.post("/circles/<slug>/tokens/<public_id>/revoke")
@signed_in
def revoke_token(slug: str, public_id: str) -> ResponseReturnValue:
    """End a token at once."""
    circle = circle_of(db_session(), me(), slug, tokens.RIGHT)
    tokens.revoke(db_session(), public_id, now=now(), by=me(), circle_id=circle.id)
    flash(_("The token is revoked; nothing is opened with it any more."), "safe")
    return redirect(url_for("circles.tokens", slug=slug), 303)
