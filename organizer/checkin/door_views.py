"""The scanner, and trying the phone before the evening."""

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Unauthorized

from organizer.checkin import queries, scanning
from organizer.checkin.room_views import DOOR, blueprint, door_page, event_at_door
from organizer.checkin.wording import trial_words, words
from organizer.registrations.tickets import qr_data_url
from organizer.web import door_app, login
from organizer.web.access import me_or_none, signed_in
from organizer.web.bearer import Caller, at_door
from organizer.web.unit import config, db_session
from organizer.web.urls import external


@blueprint.get(f"{DOOR}/door")
@at_door
def door(event_id: str) -> ResponseReturnValue:
    """The scanner: the camera, the verdict, the search. It is kept by the phone, so nobody's name stands in it."""
    try:
        event, caller = door_page(event_id)
    except Unauthorized:
        return redirect(url_for("people.sign_in", next=request.path))
    counted = queries.counted(db_session(), event.id)
    opens_at, _closes_at = scanning.door_hours(event.starts_at, event.ends_at, event.doors_open_at)
    shown = {
        "counted": counted,
        "words": words(),
        "opens_at": opens_at,
        "who": _who(caller),
        "caller": caller,
        "module": door_app.module,
        "modules": door_app.modules(),
    }
    answer = make_response(render_template("checkin/door.html", event=event, **shown))
    answer.headers["X-Door-Version"] = door_app.version()
    return answer


@blueprint.get(f"{DOOR}/door/try")
@signed_in
def try_phone(event_id: str) -> ResponseReturnValue:
    """Whether this phone can scan: tried before the evening, and nothing of it is kept."""
    event = event_at_door(event_id)
    address = external("checkin.try_phone", event_id=event.public_id)
    shown = {
        "words": trial_words(),
        "address": address,
        "sample": qr_data_url(address),
        "https": config().https,
    }
    return render_template("checkin/try_phone.html", event=event, **shown)


def _who(caller: Caller) -> str:
    """As whom a phone stands here: what it keeps belongs to that one alone."""
    if caller.device is None:
        return f"own:{login.present().public_id}" if me_or_none() else "app"
    return f"{caller.device.kind}:{caller.device.public_id}"
