"""An event's registrations for other apps, with the token of one of its hosts: what the host's own pages show.

Presence belongs to it, so it stands in this room. What people say in confidence (their topic, whom they want to meet
again, whom they block, what was noted of them) is no part of it.
"""

from typing import Any, Final

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from organizer.checkin import listing
from organizer.checkin.answers_api import PERSON
from organizer.checkin.listing import Listed
from organizer.domain.lifecycle import RegistrationState
from organizer.web import api_lists
from organizer.web.host_tokens import by_host_token, host_token
from organizer.web.openapi import IN_ADDRESSES, Operation, Tag, described
from organizer.web.rules import Choice, Fields, Flag, Moment, Rows, Rule, Text
from organizer.web.unit import db_session

blueprint = Blueprint("registrations_api", __name__, url_prefix="/api/v1/events/<event>")

ARRIVAL: Final = Fields(
    {
        "at": Moment(required=True, says=_l("When this person came in first")),
        "door": Text(40, shortest=0, says=_l("By which door")),
    },
    required=False,
    says=_l("When and by which door they came in; null while they have not"),
)
REGISTRATION: Final = Fields(
    {
        "id": IN_ADDRESSES["registration"],
        "state": Choice(RegistrationState, says=_l("What has been decided on their application")),
        **PERSON,
        "target": Text(80, required=False, says=_l("The target profile they are counted in, by its name")),
        "first_time": Flag(says=_l("Whether they have never attended this circle before")),
        "introducer": Text(80, shortest=0, says=_l("Who introduced them, as they wrote it")),
        "applied_at": Moment(required=True, says=_l("When they applied")),
        "decided_at": Moment(says=_l("When it was last decided on")),
        "arrival": ARRIVAL,
    },
    name="Registration",
)
PAGE: Final = Fields(
    {"registrations": Rows(REGISTRATION, says=_l("One page of them")), "next": api_lists.NEXT},
    name="Registrations",
)
QUERY: Final[dict[str, Rule]] = {
    "state": Choice(RegistrationState, required=False, says=_l("Only those in this state")),
    **api_lists.PAGED,
}


@blueprint.get("/registrations")
@by_host_token
@described(
    Operation(
        Tag.LISTS,
        _l("The registrations of an event"),
        _l("In the order they came in; one that comes meanwhile stands on the last page."),
        answer=PAGE,
        query=QUERY,
        problems=("unknown_field", "wrong_field"),
    )
)
def registrations(event: str) -> ResponseReturnValue:
    """The registrations to an event of the token's circle, a page at a time."""
    found = listing.event_of_circle(db_session(), host_token().circle_id, event)
    asked = api_lists.asked(f"registrations of {found.id}", QUERY)
    rows = listing.registered_after(
        db_session(), found.id, asked.after, asked.query["state"], asked.limit + 1
    )
    told = [_registration(row) for row in rows]
    return api_lists.page("registrations", told, [row[0].id for row in rows], asked)


def _registration(row: Listed) -> dict[str, Any]:
    one, name, reading, company, target, at, door = row
    return {
        "id": one.public_id,
        "state": one.state.value,
        "name": name,
        "reading": reading,
        "company": company or "",
        "target": target,
        "first_time": one.first_time,
        "introducer": one.introducer,
        "applied_at": one.applied_at.isoformat(),
        "decided_at": one.decided_at.isoformat() if one.decided_at else None,
        "arrival": {"at": at.isoformat(), "door": door or ""} if at else None,
    }
