"""The scanner, trying the phone before the evening, and the live board."""

from flask import render_template
from flask.typing import ResponseReturnValue

from organizer.checkin import queries, scanning
from organizer.checkin.room_views import DOOR, blueprint, event_at_door
from organizer.checkin.wording import trial_words, words
from organizer.clock import now
from organizer.domain.roles import Right
from organizer.registrations.tickets import qr_data_url
from organizer.web.access import signed_in
from organizer.web.unit import config, db_session
from organizer.web.urls import external


@blueprint.get(f"{DOOR}/door")
@signed_in
def door(event_id: str) -> ResponseReturnValue:
    """The scanner: the camera, the verdict, the search."""
    event = event_at_door(event_id)
    counted = queries.counted(db_session(), event.id)
    opens_at, _closes_at = scanning.door_hours(event.starts_at, event.ends_at, event.doors_open_at)
    shown = {
        "counted": counted,
        "words": words(),
        "opens_at": opens_at,
        "now_ms": int(now().timestamp() * 1000),
    }
    return render_template("checkin/door.html", event=event, **shown)


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


@blueprint.get(f"{DOOR}/board")
@signed_in
def board(event_id: str) -> ResponseReturnValue:
    """The live count for the hall screen and the host's phone."""
    event = event_at_door(event_id, Right.SEE_DOOR)
    return render_template("checkin/board.html", event=event, board=queries.board(db_session(), event.id))
