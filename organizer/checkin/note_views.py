"""A note for the door about one person, from the list or from the page of attendees."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.checkin import notes, service
from organizer.checkin.forms import NoteForm
from organizer.checkin.room_views import DOOR, blueprint, event_at_door
from organizer.clock import now
from organizer.domain.roles import Right
from organizer.events.models import Event
from organizer.registrations.models import Registration
from organizer.web.access import me, signed_in
from organizer.web.unit import db_session
from organizer.web.urls import safe_next


@blueprint.get(f"{DOOR}/door/list/<registration>/note")
@signed_in
def note(event_id: str, registration: str) -> ResponseReturnValue:
    """The note as it stands, to be changed."""
    event, row = _row(event_id, registration)
    return _page(event, row, NoteForm(formdata=None, words=notes.note_of(db_session(), row.id)))


@blueprint.post(f"{DOOR}/door/list/<registration>/note")
@signed_in
def write_note(event_id: str, registration: str) -> ResponseReturnValue:
    """Have the door know this, in place of what it knew; nothing takes the note away."""
    event, row = _row(event_id, registration)
    form = NoteForm()
    if not form.validate():
        return _page(event, row, form), 422
    if notes.write(db_session(), event, row, form.words.data or "", by=me(), now=now()):
        said = _("The door knows it now.") if form.words.data else _("The note is gone.")
        flash(said, "safe")
    return redirect(_back(event), 303)


def _row(event_id: str, registration: str) -> tuple[Event, Registration]:
    event = event_at_door(event_id, Right.MANAGE_EVENT)
    return event, service.registration_of(db_session(), event, registration)


def _back(event: Event) -> str:
    return safe_next(request.args.get("next"), url_for("checkin.door_list", event_id=event.public_id))


def _page(event: Event, row: Registration, form: NoteForm) -> str:
    return render_template("checkin/note.html", event=event, registration=row, form=form, back=_back(event))
