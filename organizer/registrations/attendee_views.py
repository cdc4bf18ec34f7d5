"""The host's list of attendees: what was sent to each, the ticket once more, and the list as a file."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.clock import now
from organizer.domain.roles import Right
from organizer.errors import NotFound
from organizer.events.service import event_of_host, is_public_id
from organizer.events.way import way
from organizer.registrations import attendee_wording as wording
from organizer.registrations import deciding
from organizer.registrations.attending import attendees as attendees_of
from organizer.registrations.attending import send_ticket_again
from organizer.registrations.room import blueprint
from organizer.web.access import me, signed_in
from organizer.web.tables import csv_file
from organizer.web.unit import config, db_session


@blueprint.get("/events/<event_id>/attendees")
@signed_in
def attendees(event_id: str) -> ResponseReturnValue:
    """Everybody admitted, with what became of each mail."""
    event = event_of_host(db_session(), me(), event_id, Right.DECIDE)
    people = attendees_of(db_session(), event)
    return render_template(
        "registrations/attendees.html", event=event, way=way(event, "admit"), people=people, words=wording
    )


@blueprint.post("/events/<event_id>/attendees/<public_id>/ticket")
@signed_in
def send_ticket(event_id: str, public_id: str) -> ResponseReturnValue:
    """Mail somebody the ticket once more, with a new code if the host wants one."""
    session = db_session()
    event = event_of_host(session, me(), event_id, Right.DECIDE)
    if not is_public_id(public_id):
        raise NotFound
    registration = deciding.find(session, event, [public_id])[public_id]
    secret = config().secret_key if request.form.get("new") == "yes" else None
    send_ticket_again(session, registration, by=me(), now=now(), new_code_with=secret)
    flash(_("The ticket is on its way to %(name)s.", name=registration.person.name), "safe")
    return redirect(url_for("registrations.attendees", event_id=event.public_id), 303)


@blueprint.post("/events/<event_id>/attendees.csv")
@signed_in
def attendees_file(event_id: str) -> Response:
    """The list as a file."""
    event = event_of_host(db_session(), me(), event_id, Right.EXPORT)
    rows = [wording.table_row(one, event) for one in attendees_of(db_session(), event)]
    return csv_file("attendees", event, wording.table_headings(), rows)
