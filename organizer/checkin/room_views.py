"""The blueprint that all pages of the door hang in."""

from flask import Blueprint

from organizer.domain.door import DeviceKind
from organizer.domain.roles import Right
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.events.service import event_of_host
from organizer.web.access import me
from organizer.web.bearer import Caller, door_of
from organizer.web.unit import db_session

blueprint = Blueprint("checkin", __name__)
DOOR = "/events/<event_id>"


def event_at_door(event_id: str, right: Right = Right.SCAN) -> Event:
    """The event whose door the signed-in person may stand at. NotFound for anybody else."""
    return event_of_host(db_session(), me(), event_id, right)


def door_page(event_id: str, right: Right = Right.SCAN) -> tuple[Event, Caller]:
    """The same for paired devices as well, and who it is; only behind `at_door`.

    NotFound for a kiosk: people use it themselves, and it has pages of its own. Who sees the list has `SEE_DOOR`.
    """
    event, caller = door_of(event_id, right)
    if caller.device is not None and caller.device.kind is DeviceKind.KIOSK:
        raise NotFound
    return event, caller
