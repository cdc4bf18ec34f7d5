"""The host's pages: what an event is, publishing it, closing, copying and cancelling it."""

from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from organizer.circles.models import Circle
from organizer.circles.service import circle_of
from organizer.clock import now
from organizer.domain.lifecycle import Admission, EventState, EventStep, event_steps
from organizer.domain.roles import Right
from organizer.domain.vocabulary import EventKind, known_one
from organizer.events import (
    contents,
    inviting,
    publishing,
    queries,
    readiness,
    seats,
    service,
    wording,
    writing,
)
from organizer.events.forms import EventForm
from organizer.events.models import Event
from organizer.events.people_forms import CancelForm
from organizer.events.room_views import blueprint, page_of
from organizer.events.way import way
from organizer.web.access import me, signed_in
from organizer.web.unit import db_session
from organizer.workflows import cancelling


@blueprint.get("/circles/<slug>/events/new")
@signed_in
def create(slug: str) -> ResponseReturnValue:
    """First which kind of meetup; then the form, filled with what is usual for it."""
    session, moment = db_session(), now()
    circle = circle_of(session, me(), slug, Right.MANAGE_EVENT)
    kind = known_one(EventKind, request.args.get("kind"))
    last = queries.last_of_circle(session, circle.id)
    if kind is None:
        return render_template("events/choose_kind.html", circle=circle, last=last, kinds=list(EventKind))
    form = EventForm(formdata=None).prepare(ZoneInfo(circle.time_zone), moment)
    form.show(contents.beginning(circle, kind, last, moment))
    return _create_page(form, circle)


@blueprint.post("/circles/<slug>/events/new")
@signed_in
def make(slug: str) -> ResponseReturnValue:
    """Keep it as a draft, and go on to the people it is for."""
    session, moment = db_session(), now()
    circle = circle_of(session, me(), slug, Right.MANAGE_EVENT)
    form = EventForm().prepare(ZoneInfo(circle.time_zone), moment)
    if not form.validate():
        return _create_page(form, circle), 422
    event = writing.create(session, circle, form.contents(), by=me(), now=moment)
    flash(_("Saved as a draft. Nobody but you and your fellow hosts can see it yet."), "safe")
    return redirect(url_for("events.targets", event_id=event.public_id), 303)


def _create_page(form: EventForm, circle: Circle) -> str:
    return render_template("events/create.html", form=form, circle=circle, way=way(None, "content"))


@blueprint.get("/events/<event_id>/edit")
@signed_in
def edit(event_id: str) -> ResponseReturnValue:
    """The contents of an event."""
    session, moment = db_session(), now()
    event = service.event_of_host(session, me(), event_id)
    writing.may_change(event, moment)
    form = _prepared(EventForm(formdata=None), event)
    form.show(contents.of(event))
    return page_of(event, "events/edit.html", "content", form=form)


@blueprint.post("/events/<event_id>/edit")
@signed_in
def change(event_id: str) -> ResponseReturnValue:
    """Keep the new contents; whoever is admitted hears of a new time or place."""
    session, moment = db_session(), now()
    event = service.event_of_host(session, me(), event_id)
    writing.may_change(event, moment)
    form = _prepared(EventForm(), event)
    if not form.validate():
        return page_of(event, "events/edit.html", "content", form=form), 422
    sequence = event.sequence
    told = cancelling.change_event(session, event, form.contents(), by=me(), now=moment)
    flash(_saved_words(told, moved=event.sequence > sequence), "safe")
    onwards = "events.targets" if event.state is EventState.DRAFT else "events.publish"
    return redirect(url_for(onwards, event_id=event.public_id), 303)


def _prepared(form: EventForm, event: Event) -> EventForm:
    published = event.state is not EventState.DRAFT
    counter = seats.counts(db_session(), event.id).get(seats.WHOLE) if published else None
    return form.prepare(
        ZoneInfo(event.circle.time_zone),
        now(),
        published=published,
        taken=counter.taken if counter else 0,
        starts_at=event.starts_at,
    )


def _saved_words(told: int, *, moved: bool) -> str:
    if not moved:
        return str(_("Saved."))
    return str(
        ngettext(
            "Saved. %(num)s person with a confirmed place gets a mail about the change.",
            "Saved. %(num)s people with a confirmed place get a mail about the change.",
            told,
        )
    )


@blueprint.get("/events/<event_id>/publish")
@signed_in
def publish(event_id: str) -> ResponseReturnValue:
    """Before publishing: what the public will see, and what is missing. Then: how it stands, what comes next."""
    return _publish_page(service.event_of_host(db_session(), me(), event_id))


@blueprint.post("/events/<event_id>/publish")
@signed_in
def open_to_public(event_id: str) -> ResponseReturnValue:
    """Publish a draft."""
    session, moment = db_session(), now()
    event = service.event_of_host(session, me(), event_id)
    if event.state is EventState.DRAFT and readiness.needed(event, moment):
        return _publish_page(event), 422
    publishing.publish(session, event, by=me(), now=moment)
    flash(_("It is published. Now let people know of it."), "safe")
    return redirect(url_for("events.publish", event_id=event.public_id), 303)


def _publish_page(event: Event) -> str:
    session, moment = db_session(), now()
    targets = service.targets_of(session, event.id)
    by_invitation = event.admission is Admission.INVITATION
    gaps = readiness.gaps(
        event,
        moment,
        targets=len(targets),
        invited=inviting.count_invited(session, event.id) if by_invitation else 0,
    )
    draft = event.state is EventState.DRAFT
    return page_of(
        event,
        "events/publish.html" if draft else "events/published.html",
        "publish",
        targets=service.domain_targets(targets),
        needed=[gap for gap in gaps if gap in readiness.NEEDED] if draft else [],
        advice=[gap for gap in gaps if gap not in readiness.NEEDED],
        look=queries.seats_of(session, event),
        words=wording,
        steps=event_steps(event.state, over=moment >= event.ends_at),
        EventStep=EventStep,
        over=moment >= event.ends_at,
    )


@blueprint.post("/events/<event_id>/close")
@signed_in
def close(event_id: str) -> ResponseReturnValue:
    """Take no more applications."""
    session = db_session()
    event = service.event_of_host(session, me(), event_id)
    publishing.close(session, event, by=me(), now=now())
    words = str(_("No more applications are taken."))
    flash({"text": words, "url": url_for("events.reopen", event_id=event.public_id)}, "undo")  # type: ignore[arg-type]
    return redirect(url_for("events.publish", event_id=event.public_id), 303)


@blueprint.post("/events/<event_id>/reopen")
@signed_in
def reopen(event_id: str) -> ResponseReturnValue:
    """Take applications again."""
    session = db_session()
    event = service.event_of_host(session, me(), event_id)
    publishing.reopen(session, event, by=me(), now=now())
    flash(_("Applications are taken again."), "safe")
    return redirect(url_for("events.publish", event_id=event.public_id), 303)


@blueprint.post("/events/<event_id>/copy")
@signed_in
def copy(event_id: str) -> ResponseReturnValue:
    """Make a new draft out of this event, and go on with its contents."""
    session = db_session()
    event = service.event_of_host(session, me(), event_id)
    draft = writing.copy(session, event, by=me(), now=now())
    flash(_("Copied. The day is four weeks on or more; please look it over."), "safe")
    return redirect(url_for("events.edit", event_id=draft.public_id), 303)


@blueprint.get("/events/<event_id>/cancel")
@signed_in
def ask_cancel(event_id: str) -> ResponseReturnValue:
    """Ask for the reason, and say who will be told."""
    event = service.event_of_host(db_session(), me(), event_id)
    writing.may_change(event, now())
    return page_of(event, "events/cancel.html", "publish", form=CancelForm(formdata=None))


@blueprint.post("/events/<event_id>/cancel")
@signed_in
def cancel(event_id: str) -> ResponseReturnValue:
    """Cancel the event for good, and tell everyone whom it concerns."""
    session, moment = db_session(), now()
    event = service.event_of_host(session, me(), event_id)
    writing.may_change(event, moment)
    form = CancelForm()
    if event.state is not EventState.DRAFT and not form.validate():
        return page_of(event, "events/cancel.html", "publish", form=form), 422
    told = cancelling.cancel_event(session, event, me(), form.words.data or "", moment)
    words = ngettext(
        "The event is cancelled. %(num)s person is told by mail.",
        "The event is cancelled. %(num)s people are told by mail.",
        told,
    )
    flash(words if told else _("The event is cancelled. Nobody had applied yet."), "safe")
    return redirect(url_for("events.publish", event_id=event.public_id), 303)
