"""The blueprint that all pages of the door hang in."""

from flask import Blueprint

from organizer.domain.roles import Right
from organizer.events.models import Event
from organizer.events.service import event_of_host
from organizer.web.access import me
from organizer.web.unit import db_session

blueprint = Blueprint("checkin", __name__)
DOOR = "/events/<event_id>"


def event_at_door(event_id: str, right: Right = Right.SCAN) -> Event:
    """The event whose door the signed-in person may stand at. NotFound for anybody else."""
    return event_of_host(db_session(), me(), event_id, right)
