"""Telling the hosts about somebody's conduct, and what the hosts do about it."""

import logging

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.circles import conduct
from organizer.circles.forms import ExcludeForm, ReportForm
from organizer.circles.models import Circle, ReportState
from organizer.circles.pages import blueprint
from organizer.circles.service import circle_by_slug, circle_of
from organizer.clock import now
from organizer.domain.roles import Right
from organizer.errors import NotFound
from organizer.people.models import Person
from organizer.people.service import find_by_public_id, people_by_id
from organizer.web.access import me, signed_in
from organizer.web.limits import caller, limited
from organizer.web.unit import db_session
from organizer.workflows import conducting

log = logging.getLogger(__name__)


def _met_there(slug: str, public_id: str) -> tuple[Circle, Person]:
    """The circle, and somebody one has been with there. NotFound for all others."""
    circle, other = circle_by_slug(db_session(), slug), find_by_public_id(db_session(), public_id)
    if circle is None or other is None or other.id == me().id:
        raise NotFound
    if not conducting.may_report(db_session(), circle, me(), other):
        raise NotFound
    return circle, other


@blueprint.get("/circles/<slug>/report/<public_id>")
@signed_in
def write_report(slug: str, public_id: str) -> ResponseReturnValue:
    """The form for telling the hosts."""
    circle, other = _met_there(slug, public_id)
    return _report_page(circle, other, ReportForm(formdata=None))


def _report_page(circle: Circle, other: Person, form: ReportForm) -> str:
    read = bool(conduct.readers(db_session(), circle, other))
    return render_template("circles/report.html", circle=circle, other=other, form=form, read=read)


@blueprint.post("/circles/<slug>/report/<public_id>")
@signed_in
@limited("20 per hour", by=caller)
def report(slug: str, public_id: str) -> ResponseReturnValue:
    """Tell the hosts."""
    (circle, other), form = _met_there(slug, public_id), ReportForm()
    if not form.validate():
        return _report_page(circle, other, form), 422
    conduct.report(db_session(), circle, me(), other, form.words.data, now())
    flash(_thanks(circle, other), "safe")
    return redirect(url_for("home.index"), 303)


def _thanks(circle: Circle, other: Person) -> str:
    if conduct.readers(db_session(), circle, other):
        words = _(
            "Thank you for telling us. The hosts have it now; %(name)s does not learn of it.", name=other.name
        )
        return str(words)
    log.warning("a report that no host can read waits: organizer report list")
    words = _(
        "Thank you for telling us. Whoever runs this site will read it; %(name)s does not learn of it.",
        name=other.name,
    )
    return str(words)


@blueprint.get("/circles/<slug>/reports")
@signed_in
def reports(slug: str) -> ResponseReturnValue:
    """What has been told, and who is excluded; nothing about the reader."""
    circle = circle_of(db_session(), me(), slug, Right.HANDLE_REPORTS)
    told = conduct.reports_for(db_session(), circle.id, me())
    people = people_by_id(db_session(), {id for one in told for id in (one.reporter_id, one.reported_id)})
    excluded = conduct.exclusions(db_session(), circle.id)
    return render_template(
        "circles/reports.html",
        circle=circle,
        reports=told,
        people=people,
        excluded=excluded,
        excluded_ids={person.id for _row, person in excluded},
        ReportState=ReportState,
    )


@blueprint.post("/circles/<slug>/reports/<public_id>/close")
@signed_in
def close_report(slug: str, public_id: str) -> ResponseReturnValue:
    """Note that a report has been dealt with."""
    circle = circle_of(db_session(), me(), slug, Right.HANDLE_REPORTS)
    conduct.close(db_session(), circle, me(), public_id, now())
    flash(_("Noted as settled."), "safe")
    return redirect(url_for("circles.reports", slug=slug), 303)


def _known(circle: Circle, public_id: str) -> Person:
    """Somebody who has to do with the circle. NotFound for all others, and for oneself."""
    person = find_by_public_id(db_session(), public_id)
    if person is None or person.id == me().id or not conducting.known_to_circle(db_session(), circle, person):
        raise NotFound
    return person


@blueprint.get("/circles/<slug>/exclude/<public_id>")
@signed_in
def consider_exclusion(slug: str, public_id: str) -> ResponseReturnValue:
    """What excluding somebody means, asked once."""
    circle = circle_of(db_session(), me(), slug, Right.HANDLE_REPORTS)
    return _exclude_page(circle, _known(circle, public_id), ExcludeForm(formdata=None))


def _exclude_page(circle: Circle, person: Person, form: ExcludeForm) -> str:
    return render_template("circles/exclude.html", circle=circle, other=person, form=form)


@blueprint.post("/circles/<slug>/exclude/<public_id>")
@signed_in
def exclude(slug: str, public_id: str) -> ResponseReturnValue:
    """Exclude somebody from the circle's events."""
    circle = circle_of(db_session(), me(), slug, Right.HANDLE_REPORTS)
    person, form = _known(circle, public_id), ExcludeForm()
    if not form.validate():
        return _exclude_page(circle, person, form), 422
    conducting.exclude(db_session(), circle, person, by=me(), note=form.note.data, now=now())
    flash(_("%(name)s can no longer apply to events of this circle.", name=person.name), "safe")
    return redirect(url_for("circles.reports", slug=slug), 303)


@blueprint.post("/circles/<slug>/readmit/<public_id>")
@signed_in
def readmit(slug: str, public_id: str) -> ResponseReturnValue:
    """Take an exclusion back."""
    circle = circle_of(db_session(), me(), slug, Right.HANDLE_REPORTS)
    person = find_by_public_id(db_session(), public_id)
    if person is None or not conduct.readmit(db_session(), circle, person, by=me(), now=now()):
        raise NotFound
    flash(_("%(name)s can apply again.", name=person.name), "safe")
    return redirect(url_for("circles.reports", slug=slug), 303)
