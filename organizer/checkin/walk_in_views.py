"""Walk-ins: three fields, one button, and the next in the queue."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.checkin import claims, service, walk_ins
from organizer.checkin.room_views import DOOR, blueprint, door_page
from organizer.checkin.scanning import KeyReused
from organizer.checkin.walk_in_forms import WalkInForm
from organizer.checkin.walk_ins import Alike
from organizer.clock import now
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.roles import Right
from organizer.errors import NotFound, Refused
from organizer.events import seats
from organizer.events.models import Event
from organizer.registrations import tickets
from organizer.registrations.admitting import Full
from organizer.registrations.models import Registration
from organizer.web.bearer import Caller, at_door
from organizer.web.labels import label
from organizer.web.unit import config, db_session
from organizer.web.urls import external
from organizer.workflows import walking_in
from organizer.workflows.walking_in import Keeper, Newcomer


@blueprint.get(f"{DOOR}/door/walk-in")
@at_door
def walk_in(event_id: str) -> ResponseReturnValue:
    """Three fields; a name that was searched for in vain stands there already."""
    event, caller = door_page(event_id, Right.SEE_DOOR)
    named = request.args.get("name", "")[:80]
    form = WalkInForm(formdata=None, name=named, key=service.new_key())
    return _page(event, caller, form)


@blueprint.post(f"{DOOR}/door/walk-in")
@at_door
def take_in(event_id: str) -> ResponseReturnValue:
    """Take somebody in; who goes by that name already, and a full house, are shown first."""
    event, caller = door_page(event_id, Right.SEE_DOOR)
    form = WalkInForm()
    if not form.validate():
        return _page(event, caller, form), 422
    known = _alike(event, caller, form)
    if known and not form.sure.data and not _was_done(event, form):
        return _page(event, caller, form, known), 409
    try:
        registration = _take_in(event, caller, form)
    except KeyReused:
        form.key.data = service.new_key()
        form.name.errors = [
            _("This page has been used for somebody else. Is this another person? Then once more.")
        ]
        return _page(event, caller, form), 422
    except Refused as refused:
        if isinstance(refused.reason, Full):
            return _page(event, caller, form, full=refused.reason), 409
        return _page(event, caller, form, closed=str(label(refused.reason))), 409
    return redirect(_done_url(event, registration), 303)


@blueprint.get(f"{DOOR}/door/walk-in/<registration>")
@at_door
def walked_in(event_id: str, registration: str) -> ResponseReturnValue:
    """They are in: the number, the link for their own phone, and on to the next."""
    event, caller = door_page(event_id, Right.SEE_DOOR)
    session, row = db_session(), _walk_in(event, registration)
    claim = claims.of_registration(session, row.id)
    unclaimed = walk_ins.is_unclaimed(row, row.person) and claim is not None and claims.is_open(claim, now())
    url = external("registrations.claim", token=claims.token_of(claim, config().secret_key)) if claim else ""
    return render_template(
        "checkin/walked_in.html",
        event=event,
        registration=row,
        ticket=tickets.standing(session, row.id),
        in_place=row.state is RegistrationState.ADMITTED,
        url=url if unclaimed else "",
        picture=tickets.qr_data_url(url) if unclaimed else "",
        unclaimed=unclaimed,
        caller=caller,
    )


@blueprint.post(f"{DOOR}/door/walk-in/<registration>/undo")
@at_door
def undo_walk_in(event_id: str, registration: str) -> ResponseReturnValue:
    """Take a walk-in back whole."""
    event, caller = door_page(event_id, Right.SEE_DOOR)
    row = _walk_in(event, registration)
    if walking_in.undo(db_session(), event, row, _keeper(caller), now()):
        flash(_("%(name)s is no longer on the list. Nothing else was changed.", name=row.person.name), "safe")
    else:
        flash(_("This can no longer be taken back here. Please take back the check-in in the list."), "act")
    return redirect(url_for("checkin.walk_in", event_id=event.public_id), 303)


def _walk_in(event: Event, public_id: str) -> Registration:
    row = service.registration_of(db_session(), event, public_id)
    if row.source != walk_ins.SOURCE:
        raise NotFound
    return row


def _take_in(event: Event, caller: Caller, form: WalkInForm) -> Registration:
    said = {name: form[name].data or "" for name in ("name", "company", "wish", "reading")}
    return walking_in.walk_in(
        db_session(),
        event,
        Newcomer(**said),
        form.key.data,
        _keeper(caller),
        now=now(),
        secret_key=config().secret_key,
        over=form.over.data == "yes",
    )


def _keeper(caller: Caller) -> Keeper:
    device = caller.device
    return Keeper(caller.by_id, device.id if device else None, caller.is_host, device.name if device else "")


def _alike(event: Event, caller: Caller, form: WalkInForm) -> Alike:
    name, reading = form.name.data, form.reading.data or ""
    return walk_ins.alike(db_session(), event, name, reading, undecided=caller.is_host)


def _was_done(event: Event, form: WalkInForm) -> bool:
    """Whether this very form has been sent before: then the person on the list is the one it made."""
    return walk_ins.has_key(db_session(), event.id, form.key.data)


def _done_url(event: Event, registration: Registration) -> str:
    return url_for("checkin.walked_in", event_id=event.public_id, registration=registration.public_id)


def _page(
    event: Event,
    caller: Caller,
    form: WalkInForm,
    known: Alike | None = None,
    full: Full | None = None,
    closed: str = "",
) -> str:
    whole = seats.counts(db_session(), event.id).get(seats.WHOLE)
    form.sure.data = "yes" if known else form.sure.data
    form.over.data = "yes" if full and caller.is_host else form.over.data
    return render_template(
        "checkin/walk_in.html",
        event=event,
        caller=caller,
        form=form,
        known=known,
        full=full,
        closed=closed,
        full_words=str(label(full)) if full else "",
        seats=whole,
        key=service.new_key(),
    )
