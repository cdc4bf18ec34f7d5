"""A circle's events for other apps, with the token of one of its hosts."""

from typing import Any, Final

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from organizer.domain.lifecycle import Admission, EventState, Mode
from organizer.domain.vocabulary import EventKind, Region
from organizer.events import queries
from organizer.events.queries import Listed
from organizer.web import api_lists
from organizer.web.host_tokens import by_host_token, host_token
from organizer.web.openapi import IN_ADDRESSES, Operation, Tag, described
from organizer.web.rules import Choice, Fields, Moment, Number, Rows, Text
from organizer.web.unit import db_session
from organizer.web.urls import external

blueprint = Blueprint("events_api", __name__, url_prefix="/api/v1/events")

EVENT: Final = Fields(
    {
        "id": IN_ADDRESSES["event"],
        "url": Text(400, says=_l("Its public page")),
        "title": Text(80, says=_l("The event's title")),
        "state": Choice(
            EventState, says=_l("What its hosts have done with it; whether it is over, the times say")
        ),
        "kind": Choice(EventKind, says=_l("What sort of meetup it is")),
        "mode": Choice(Mode, says=_l("In a room, or online")),
        "starts_at": Moment(required=True, says=_l("When it begins")),
        "ends_at": Moment(required=True, says=_l("When it ends; people are taken in for an hour more")),
        "doors_open_at": Moment(
            required=True, says=_l("From when people are taken in; an hour before it begins at the latest")
        ),
        "deadline_at": Moment(required=True, says=_l("Until when people apply")),
        "time_zone": Text(40, says=_l("In which its pages show the times")),
        "region": Choice(Region, required=False, says=_l("The prefecture's number (JIS X 0401), or online")),
        "place": Text(120, shortest=0, says=_l("The name of the house it is held in")),
        "address": Text(200, shortest=0, says=_l("Where that is")),
        "admission": Choice(Admission, says=_l("Who may apply, and whether the host decides on each")),
        "capacity": Number(says=_l("Seats in the room")),
        "seats_taken": Number(says=_l("Seats given to somebody")),
        "fee_yen": Number(says=_l("Paid at the door, in yen")),
    },
    name="Event",
)
PAGE: Final = Fields(
    {"events": Rows(EVENT, says=_l("One page of them")), "next": api_lists.NEXT}, name="Events"
)


@blueprint.get("")
@by_host_token
@described(
    Operation(
        Tag.LISTS,
        _l("The circle's events"),
        _l("In the order they were made, drafts, too; one made meanwhile comes last."),
        answer=PAGE,
        query=api_lists.PAGED,
        problems=("unknown_field", "wrong_field"),
    )
)
def events() -> ResponseReturnValue:
    """The events of the token's circle, a page at a time."""
    circle_id = host_token().circle_id
    name = f"events of {circle_id}"
    asked = api_lists.asked(name, api_lists.PAGED)
    found = queries.made_after(db_session(), circle_id, asked.after, asked.limit + 1)
    return api_lists.page("events", [_event(one) for one in found], [one.event.id for one in found], asked)


def _event(one: Listed) -> dict[str, Any]:
    event = one.event
    return {
        "id": event.public_id,
        "url": external("events.show", event_id=event.public_id),
        "title": event.title,
        "state": event.state.value,
        "kind": event.kind.value,
        "mode": event.mode.value,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "doors_open_at": event.doors_open_at.isoformat(),
        "deadline_at": event.deadline_at.isoformat(),
        "time_zone": event.circle.time_zone,
        "region": event.region.value if event.region else None,
        "place": event.place,
        "address": event.address,
        "admission": event.admission.value,
        "capacity": event.capacity,
        "seats_taken": one.taken,
        "fee_yen": event.fee_yen,
    }
