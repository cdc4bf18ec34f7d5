"""The host's pages about whom an event is for."""

from dataclasses import replace

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.clock import now
from organizer.domain.profiles import TargetProfile
from organizer.domain.typical import typical_targets
from organizer.domain.vocabulary import CriterionField, TypicalTarget
from organizer.events import service, targeting, wording, writing
from organizer.events.models import Event
from organizer.events.models import TargetProfile as TargetRow
from organizer.events.people_forms import TICKED, WEIGHTS, TargetForm
from organizer.events.room_views import blueprint, page_of
from organizer.web.access import me, signed_in
from organizer.web.labels import label
from organizer.web.unit import db_session
from organizer.workflows import retargeting


@blueprint.get("/events/<event_id>/targets")
@signed_in
def targets(event_id: str) -> ResponseReturnValue:
    """The kinds of people an event is for, and what is usual for events like it."""
    session = db_session()
    event = service.event_of_host(session, me(), event_id)
    rows = service.targets_of(session, event.id)
    listed = list(zip(rows, service.domain_targets(rows), strict=True))
    context = {"typical": _typical(event, rows), "words": wording, "weights": WEIGHTS}
    return page_of(event, "events/targets.html", "targets", listed=listed, **context)


@blueprint.post("/events/<event_id>/targets/typical")
@signed_in
def add_typical(event_id: str) -> ResponseReturnValue:
    """Add what is usual for this kind of event, all of it that is not there yet."""
    session = db_session()
    event = service.event_of_host(session, me(), event_id)
    fresh = _typical(event, service.targets_of(session, event.id))
    retargeting.add(session, event, fresh, by=me(), now=now())
    flash(_("Added. Change what does not fit your event."), "safe")
    return redirect(url_for("events.targets", event_id=event.public_id), 303)


def _typical(event: Event, rows: list[TargetRow]) -> list[TargetProfile]:
    """What is usual for its kind and not described yet, named in the reader's language, its seats fit for the event."""
    standing = {target.criteria for target in service.domain_targets(rows)}
    fresh = [target for target in typical_targets(event.kind) if target.criteria not in standing]
    return [
        replace(
            target, name=str(label(TypicalTarget(target.name))), floor=min(target.floor, event.capacity // 3)
        )
        for target in fresh
    ]


@blueprint.get("/events/<event_id>/targets/new")
@signed_in
def add_target(event_id: str) -> ResponseReturnValue:
    """Describe one more kind of people."""
    event = service.event_of_host(db_session(), me(), event_id)
    writing.may_change(event, now())
    return _page(event, TargetForm(formdata=None), _("Add people you want"))


@blueprint.post("/events/<event_id>/targets/new")
@signed_in
def keep_new_target(event_id: str) -> ResponseReturnValue:
    """Keep one more kind of people."""
    session = db_session()
    event = service.event_of_host(session, me(), event_id)
    form = TargetForm()
    if not form.validate():
        return _page(event, form, _("Add people you want")), 422
    retargeting.add(session, event, [_described(form)], by=me(), now=now())
    return redirect(url_for("events.targets", event_id=event.public_id), 303)


@blueprint.get("/events/<event_id>/targets/<target_id>")
@signed_in
def edit_target(event_id: str, target_id: str) -> ResponseReturnValue:
    """Describe these people anew."""
    session = db_session()
    event = service.event_of_host(session, me(), event_id)
    row = service.target_of_host(session, event, target_id)
    writing.may_change(event, now())
    form = TargetForm(formdata=None)
    form.show(service.domain_target(row))
    return _page(event, form, row.name)


@blueprint.post("/events/<event_id>/targets/<target_id>")
@signed_in
def keep_target(event_id: str, target_id: str) -> ResponseReturnValue:
    """Keep the new description."""
    session = db_session()
    event = service.event_of_host(session, me(), event_id)
    row = service.target_of_host(session, event, target_id)
    form = TargetForm()
    if not form.validate():
        return _page(event, form, row.name), 422
    retargeting.change(session, event, row, _described(form), by=me(), now=now())
    return redirect(url_for("events.targets", event_id=event.public_id), 303)


@blueprint.post("/events/<event_id>/targets/<target_id>/move")
@signed_in
def move_target(event_id: str, target_id: str) -> ResponseReturnValue:
    """Move it one place up or down."""
    session = db_session()
    event = service.event_of_host(session, me(), event_id)
    row = service.target_of_host(session, event, target_id)
    targeting.move(session, event, row, -1 if request.form.get("to") == "up" else 1, now=now())
    return redirect(
        url_for("events.targets", event_id=event.public_id, _anchor=f"target-{row.public_id}"), 303
    )


@blueprint.post("/events/<event_id>/targets/<target_id>/delete")
@signed_in
def delete_target(event_id: str, target_id: str) -> ResponseReturnValue:
    """Take it away."""
    session = db_session()
    event = service.event_of_host(session, me(), event_id)
    row = service.target_of_host(session, event, target_id)
    retargeting.remove(session, event, row, by=me(), now=now())
    flash(_("Taken off the list."), "safe")
    return redirect(url_for("events.targets", event_id=event.public_id), 303)


def _described(form: TargetForm) -> TargetProfile:
    return form.target(wording.kind_of_person(form.target("")))


def _page(event: Event, form: TargetForm, title: str) -> str:
    chosen = [field for field in TICKED if form[field.value].data]
    others = [field for field in TICKED if field not in chosen]
    context = {
        "form": form,
        "title": title,
        "chosen": chosen,
        "others": others,
        "CriterionField": CriterionField,
    }
    return page_of(event, "events/target.html", "targets", **context)
