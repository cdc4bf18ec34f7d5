"""How a circle brings people together: what counts how much, and what today's problem changes."""

from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.circles import approach
from organizer.circles.approach import Standing
from organizer.circles.approach_forms import ApproachForm, LeadForm, SeenForm, approach_form, lead_form
from organizer.circles.models import Circle
from organizer.circles.pages import blueprint
from organizer.circles.refusals import CircleBarrier
from organizer.circles.service import circle_of
from organizer.clock import now
from organizer.domain.approach import LEADABLE, Lead, Step
from organizer.domain.concerns import TOPICS_OF, Concern
from organizer.domain.illustration import PROBLEM_OF, illustrate
from organizer.domain.roles import Right
from organizer.domain.vocabulary import known_one
from organizer.domain.weights import ASPECTS, AffinityPart
from organizer.errors import NotFound, Refused
from organizer.web.access import me, signed_in
from organizer.web.approach_labels import ASPECT_HINTS
from organizer.web.labels import label
from organizer.web.unit import db_session

GROUPS = (
    (AffinityPart.WISH, AffinityPart.SERVE, AffinityPart.GIVE, AffinityPart.TODAY),
    (AffinityPart.COMMON,),
    (AffinityPart.DIVERSITY,),
    (AffinityPart.RHYTHM, AffinityPart.INTENT),
)
"""The parts that stand together on the page."""
SHOWN_FIRST = Concern.MAKING


@blueprint.get("/circles/<slug>/approach", endpoint="approach")
@signed_in
def show_approach(slug: str) -> ResponseReturnValue:
    """What counts how much, and whom today's problem puts first."""
    circle, standing = _door(slug)
    return _page(circle, standing, approach_form(standing))


def _door(slug: str) -> tuple[Circle, Standing]:
    """The circle, for those who may decide whom to bring together, with what holds in it."""
    circle = circle_of(db_session(), me(), slug, Right.REVIEW_MATCHES)
    return circle, approach.standing(db_session(), circle.id)


def _page(circle: Circle, standing: Standing, form: ApproachForm) -> str:
    return render_template(
        "circles/approach.html",
        circle=circle,
        standing=standing,
        form=form,
        groups=[[one for one in ASPECTS if one.part in parts] for parts in GROUPS],
        hints=ASPECT_HINTS,
        leads=[(lead, TOPICS_OF[lead.concern], told_of(lead)) for lead in standing.approach.leads],
        example=illustrate(standing.approach.weights(), SHOWN_FIRST),
        problem=PROBLEM_OF[SHOWN_FIRST],
    )


@blueprint.post("/circles/<slug>/approach")
@signed_in
def save_approach(slug: str) -> ResponseReturnValue:
    """Take in how much each aspect counts."""
    circle, standing = _door(slug)
    form = ApproachForm()
    if not form.validate():
        return _page(circle, standing, form), 422
    try:
        approach.set_steps(
            db_session(), circle, me(), form.steps(), form.by_today.data, form.seen.data, now()
        )
    except Refused as no:
        if no.reason is CircleBarrier.CHANGED_MEANWHILE:
            return _changed_meanwhile(slug)
        form.form_errors.append(label(no.reason))
        return _page(circle, standing, form), 422
    flash(_("Saved. It holds for all seating and matches made from now on."), "safe")
    return redirect(url_for("circles.approach", slug=slug), 303)


def _changed_meanwhile(slug: str) -> ResponseReturnValue:
    flash(str(label(CircleBarrier.CHANGED_MEANWHILE)), "act")
    return redirect(url_for("circles.approach", slug=slug), 303)


@blueprint.post("/circles/<slug>/approach/reset")
@signed_in
def reset_approach(slug: str) -> ResponseReturnValue:
    """Set everything back to what a circle begins with."""
    circle, _standing = _door(slug)
    form = SeenForm()
    if not form.validate():
        return _changed_meanwhile(slug)
    try:
        approach.reset(db_session(), circle, me(), form.seen.data, now())
    except Refused:
        return _changed_meanwhile(slug)
    flash(_("Everything is as it was at first."), "safe")
    return redirect(url_for("circles.approach", slug=slug), 303)


@blueprint.get("/circles/<slug>/approach/<concern>")
@signed_in
def lead(slug: str, concern: str) -> ResponseReturnValue:
    """Whom to meet first while this is somebody's problem of today."""
    circle, standing = _door(slug)
    chosen = _concern(concern)
    return _lead_page(circle, standing, chosen, lead_form(standing, chosen))


def _concern(code: str) -> Concern:
    found = known_one(Concern, code)
    if found is None:
        raise NotFound
    return found


def _lead_page(circle: Circle, standing: Standing, concern: Concern, form: LeadForm) -> str:
    of_rest = replace(standing.approach, by_today=False)
    of_rule = standing.approach.with_lead(replace(standing.approach.lead(concern), active=True))
    return render_template(
        "circles/lead.html",
        circle=circle,
        standing=standing,
        concern=concern,
        topics=TOPICS_OF[concern],
        form=form,
        leadable=LEADABLE,
        hints=ASPECT_HINTS,
        problem=PROBLEM_OF[concern],
        with_rule=illustrate(replace(of_rule, by_today=True).weights(), concern),
        without=illustrate(of_rest.weights(), concern),
    )


@blueprint.post("/circles/<slug>/approach/<concern>")
@signed_in
def save_lead(slug: str, concern: str) -> ResponseReturnValue:
    """Take in what this problem of today changes."""
    circle, standing = _door(slug)
    chosen, form = _concern(concern), LeadForm()
    if not form.validate():
        return _lead_page(circle, standing, chosen, form), 422
    try:
        approach.set_lead(db_session(), circle, me(), form.lead(chosen), form.seen.data, now())
    except Refused:
        return _changed_meanwhile(slug)
    flash(_("Saved. It holds for all seating and matches made from now on."), "safe")
    return redirect(url_for("circles.approach", slug=slug), 303)


def told_of(lead: Lead) -> list[tuple[str, str]]:
    """What a lead changes: how much, and which aspects, in words."""
    by_step = ((step, lead.at(step)) for step in (Step.A_LOT, Step.NORMAL, Step.A_LITTLE, Step.OFF))
    return [
        (str(label(step)), _(", ").join(str(label(aspect)) for aspect in aspects))
        for step, aspects in by_step
        if aspects
    ]
