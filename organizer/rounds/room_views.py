"""The blueprint that all pages of the rounds hang in."""

from flask import Blueprint

from organizer.domain.roles import Right
from organizer.events.models import Event
from organizer.events.service import event_of_host
from organizer.web.access import me
from organizer.web.unit import db_session

blueprint = Blueprint("rounds", __name__)
ROUNDS = "/events/<event_id>/rounds"


def event_in_room(event_id: str, right: Right = Right.SCAN) -> Event:
    """The event whose rounds the signed-in person may run, or plan with MANAGE_EVENT. NotFound for anybody else."""
    return event_of_host(db_session(), me(), event_id, right)
