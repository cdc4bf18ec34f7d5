"""The way into an online event: opening it is arriving."""

from urllib.parse import urlsplit

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from organizer.checkin import service
from organizer.checkin.room_views import blueprint
from organizer.clock import now
from organizer.domain.lifecycle import Mode
from organizer.domain.ticketing import CheckInMethod, ScanResult
from organizer.errors import NotFound, Refused
from organizer.events.models import Event
from organizer.events.service import public_event
from organizer.registrations.models import Registration
from organizer.registrations.queries import registration_of_link
from organizer.web.access import by_link, me_or_none
from organizer.web.unit import db_session


@blueprint.post("/e/<event_id>/online")
@by_link
def enter_online(event_id: str) -> ResponseReturnValue:
    """Mark an admitted person as present, and lead on to the meeting.

    Who they are, the ticket link's token (`ticket`) or the sign-in tells. It is a page that leads on, not a redirect:
    our policy lets no form end at another site.
    """
    event = public_event(db_session(), event_id)
    if event.mode is not Mode.ONLINE or urlsplit(event.online_url).scheme not in ("http", "https"):
        raise NotFound
    registration = _registration(event)
    answer = service.check_in(
        db_session(), event, registration.public_id, now=now(), by=None, method=CheckInMethod.ONLINE
    )
    if answer.result is ScanResult.REFUSED and answer.reason is not None:
        raise Refused(answer.reason)
    return render_template("checkin/enter_online.html", event=event)


def _registration(event: Event) -> Registration:
    """The admitted registration of whoever asks. NotFound for anybody else."""
    token = request.form.get("ticket", "")
    if token:
        found = registration_of_link(db_session(), token, now())
        if found.event_id != event.id:
            raise NotFound
        return found
    person = me_or_none()
    if person is None:
        abort(401)
    own = service.admitted_registration(db_session(), event.id, person.id)
    if own is None:
        raise NotFound
    return own
