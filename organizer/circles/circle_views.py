"""The hosts' start page; making and changing a circle."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.circles import founding
from organizer.circles.forms import CircleForm, FirstCircleForm, circle_form
from organizer.circles.models import Circle
from organizer.circles.pages import blueprint
from organizer.circles.service import circle_of
from organizer.clock import now
from organizer.domain.roles import Right
from organizer.errors import Refused
from organizer.web import login
from organizer.web.access import me, signed_in
from organizer.web.labels import label
from organizer.web.unit import db_session
from organizer.workflows.hosting import host_page


@blueprint.get("/host")
@signed_in
def index() -> ResponseReturnValue:
    """My circles, tonight's door, what waits, the events."""
    return render_template("circles/index.html", page=host_page(db_session(), me(), now()), Right=Right)


@blueprint.get("/circles/new")
@signed_in
def create() -> ResponseReturnValue:
    """Three questions, and there is a circle."""
    return _create_page(FirstCircleForm(formdata=None))


def _create_page(form: FirstCircleForm) -> str:
    return render_template("circles/create.html", form=form)


@blueprint.post("/circles/new")
@signed_in
def found() -> ResponseReturnValue:
    """Make the circle, and lead on to its first event."""
    form = FirstCircleForm()
    if not form.validate():
        return _create_page(form), 422
    circle = founding.found(db_session(), me(), form.contents(), now())
    login.renew()
    flash(_("%(circle)s is made. Next: its first event.", circle=circle.name), "safe")
    return redirect(url_for("events.create", slug=circle.slug), 303)


@blueprint.get("/circles/<slug>/settings")
@signed_in
def edit(slug: str) -> ResponseReturnValue:
    """Everything a circle says of itself."""
    circle = circle_of(db_session(), me(), slug, Right.MANAGE_CIRCLE)
    return _edit_page(circle, circle_form(circle))


def _edit_page(circle: Circle, form: CircleForm) -> str:
    return render_template("circles/edit.html", circle=circle, form=form)


@blueprint.post("/circles/<slug>/settings")
@signed_in
def save(slug: str) -> ResponseReturnValue:
    """Take in what the circle says now."""
    circle, form = circle_of(db_session(), me(), slug, Right.MANAGE_CIRCLE), CircleForm()
    if not form.validate():
        return _edit_page(circle, form), 422
    try:
        founding.change(db_session(), circle, me(), form.contents(), now())
    except Refused as no:
        form.slug.errors = [label(no.reason)]
        return _edit_page(circle, form), 422
    flash(_("Saved."), "safe")
    return redirect(url_for("circles.edit", slug=circle.slug), 303)
