"""Looking one person up at the door, on a page that works without script and never is a list: for guests' phones."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.checkin import queries, service
from organizer.checkin.callers import person_of
from organizer.checkin.forms import FoundForm, SearchForm
from organizer.checkin.room_views import DOOR, blueprint, door_page
from organizer.checkin.scanning import KeyReused
from organizer.checkin.searching import is_enough
from organizer.checkin.wording import said
from organizer.clock import now
from organizer.domain.ticketing import ScanResult
from organizer.events.models import Event
from organizer.web.bearer import at_door
from organizer.web.limits import limited
from organizer.web.unit import db_session


@blueprint.get(f"{DOOR}/door/search")
@at_door
def search(event_id: str) -> ResponseReturnValue:
    """Who is meant by `q`, once it names somebody."""
    event, caller = door_page(event_id)
    form = SearchForm(request.args)
    query = (form.q.data or "") if form.validate() else ""
    enough = is_enough(query)
    found = queries.find(db_session(), event, query) if enough else []
    shown = {"guests": found, "query": query, "enough": enough, "key": service.new_key(), "caller": caller}
    return render_template("checkin/search.html", event=event, form=form, **shown)


@blueprint.post(f"{DOOR}/door/search/<registration>/check-in")
@at_door
@limited("600 per 10 minutes")
def check_in_found(event_id: str, registration: str) -> ResponseReturnValue:
    """Take in somebody who was looked up."""
    event, caller = door_page(event_id)
    form = FoundForm()
    if not form.validate():
        abort(422)
    by = person_of(db_session(), caller)
    try:
        answer = service.check_in(
            db_session(), event, registration, now=now(), by=by, key=form.key.data, device=caller.device
        )
    except KeyReused:
        abort(422)
    taken = answer.result is ScanResult.ADMITTED
    kind = "safe" if taken else "act" if answer.result is ScanResult.ALREADY else "stop"
    flash(said(answer, event.circle.time_zone), kind)
    return _back(event, form.q.data)


@blueprint.post(f"{DOOR}/door/search/<registration>/undo")
@at_door
def undo_found(event_id: str, registration: str) -> ResponseReturnValue:
    """Take the check-in of somebody who was looked up back."""
    event, caller = door_page(event_id)
    form = FoundForm()
    if not form.validate():
        abort(422)
    by = person_of(db_session(), caller)
    if service.undo(db_session(), event, registration, now=now(), by=by, device=caller.device):
        flash(_("The check-in has been taken back."), "safe")
    else:
        flash(_("There was no check-in to take back."), "info")
    return _back(event, form.q.data)


def _back(event: Event, query: str) -> ResponseReturnValue:
    return redirect(url_for("checkin.search", event_id=event.public_id, q=query or None), 303)
