"""The live board: the hall's screen, and the host's own view with who is still to come."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.checkin import board as boards
from organizer.checkin.room_views import DOOR, blueprint, door_page
from organizer.clock import now
from organizer.domain.roles import Right
from organizer.web.bearer import at_door
from organizer.web.unit import db_session


@blueprint.get(f"{DOOR}/board")
@at_door
def board(event_id: str) -> ResponseReturnValue:
    """Figures, for the hall; with `view=host` who has not come yet, for the host alone and never for the hall."""
    event, caller = door_page(event_id, Right.SEE_DOOR)
    session, for_host = db_session(), request.args.get("view") == "host" and caller.sees_list
    one = boards.watched(session, event.id)
    shown = {
        "board": boards.figures(session, one),
        "version": one.version,
        "now_ms": int(now().timestamp() * 1000),
        "words": words(),
    }
    if not for_host:
        return render_template("checkin/board.html", event=event, sees_list=caller.sees_list, **shown)
    people = boards.awaited(session, event.id)
    shown |= {
        "coming": [one for one in people if one.away is None],
        "away": [one for one in people if one.away],
        "way_open": caller.is_host and caller.device is None,
    }
    return render_template("checkin/board_host.html", event=event, **shown)


def words() -> dict[str, str]:
    """What the script says when the figures are old; `{time}` is when they were true."""
    return {
        "old": _("No connection: these are the figures of {time}"),
        "ended": _("This screen has been signed out: these are the figures of {time}"),
    }
