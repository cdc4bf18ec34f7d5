"""The hall screen, the same clock as a remote control for the host's phone, and what both ask for every few seconds."""

import hashlib
import json
from collections.abc import Mapping

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from organizer.checkin.queries import counted
from organizer.circles.service import member
from organizer.clock import now
from organizer.domain.names import LONGEST_QUERY
from organizer.domain.roles import Right, may
from organizer.domain.rounds import RoundState
from organizer.events.models import Event
from organizer.rounds import hall as halls
from organizer.rounds import prompts, queries
from organizer.rounds.hall_layout import squeeze
from organizer.rounds.hall_wording import words
from organizer.rounds.models import Round
from organizer.rounds.room_views import blueprint, event_in_room
from organizer.web.access import me, signed_in
from organizer.web.text import clean
from organizer.web.unit import db_session

HALL = "/events/<event_id>/hall"


@blueprint.get(HALL)
@signed_in
def hall(event_id: str) -> ResponseReturnValue:
    """The screen of the hall; `show` chooses tables or names without script, `q` finds somebody's table."""
    event = event_in_room(event_id)
    evening = halls.evening_of(db_session(), event)
    faces = queries.faces(db_session(), event.id)
    seats = queries.seats_of(db_session(), evening.plan.id) if evening.plan else []
    tables = halls.tables_of(seats, faces, evening.shown.number if evening.shown else None)
    placed = halls.placed_of(seats, faces, evening.now, evening.next)
    heading = [one for one in placed if one.next] if evening.next else []
    query = clean(request.args.get("q", ""))[:LONGEST_QUERY]
    place = member(db_session(), me(), event.circle_id)
    shown = {
        "tables": tables,
        "tables_layout": halls.layout_of_tables(tables),
        "names": heading,
        "names_layout": halls.layout_of_names(heading),
        "query": query,
        "found": halls.meant(placed, query) if query else [],
        "arrived": sum(face.present for face in faces.values()),
        "expected": len(faces),
        "show": request.args.get("show", ""),
        "manages": place is not None and may(place.role, Right.MANAGE_EVENT),
    }
    return _screen("rounds/hall.html", event, evening, **shown)


@blueprint.get("/events/<event_id>/timer")
@signed_in
def timer(event_id: str) -> ResponseReturnValue:
    """The clock and its buttons alone, for the phone in the host's hand."""
    event = event_in_room(event_id)
    return _screen("rounds/timer.html", event, halls.evening_of(db_session(), event))


@blueprint.get(f"{HALL}/state")
@signed_in
def hall_state(event_id: str) -> ResponseReturnValue:
    """What the clock shows and whether anything else has changed; 304 while nothing has. The time is in `X-Now`."""
    event = event_in_room(event_id)
    evening = halls.evening_of(db_session(), event)
    count = counted(db_session(), event.id)
    return told(clock_data(evening) | {"arrived": count.arrived, "expected": count.expected})


@blueprint.post("/events/<event_id>/rounds/<int:number>/prompt")
@signed_in
def choose_prompt(event_id: str, number: int) -> ResponseReturnValue:
    """Another question for a round, or none; back to the screen it was chosen on."""
    event = event_in_room(event_id)
    prompts.choose(db_session(), event, number, request.form.get("prompt", ""))
    if request.accept_mimetypes.best == "application/json":
        return Response(status=204)
    back = "timer" if request.form.get("back") == "timer" else "hall"
    return redirect(url_for(f"rounds.{back}", event_id=event.public_id), 303)


def clock_data(evening: halls.Evening, *more: object) -> dict[str, object]:
    """The clock of an evening for the scripts, and a key that changes with all that they do not know (`more` of it).

    Instants and lengths are in milliseconds, those since 1970 by the server's clock.
    """
    row = evening.shown
    return {
        "key": hashlib.sha256(repr((evening.key, *more)).encode()).hexdigest()[:24],
        "phase": evening.phase.value,
        "round": row.number if row else None,
        "state": row.state.value if row else None,
        **_times(row),
    }


def _times(row: Round | None) -> dict[str, int | None]:
    if row is None:
        return {"ends_at": None, "left": None}
    left = queries.clock_of(row).remaining(now())
    ends_at = int(row.ends_at.timestamp() * 1000) if row.ends_at else None
    return {"ends_at": ends_at, "left": None if ends_at else int(left.total_seconds() * 1000)}


def told(data: Mapping[str, object]) -> Response:
    """A small JSON answer that costs nothing while it stays the same."""
    answer = Response(json.dumps(data, separators=(",", ":")), mimetype="application/json")
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:32], weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Now"] = str(int(now().timestamp() * 1000))
    answer.make_conditional(request)
    return answer


def seconds_left(evening: halls.Evening) -> int:
    """What the clock shows at this moment, in whole seconds."""
    row = evening.shown
    return round(queries.clock_of(row).remaining(now()).total_seconds()) if row else 0


def _screen(template: str, event: Event, evening: halls.Evening, **shown: object) -> str:
    row, left = evening.shown, seconds_left(evening)
    return render_template(
        template,
        event=event,
        evening=evening,
        prompt=evening.prompts.get(row.number) if row else None,
        choices=prompts.choices(event, evening.rounds, row.number) if row else (),
        clock=clock_data(evening),
        now_ms=int(now().timestamp() * 1000),
        left=left,
        up=row is not None and row.state is RoundState.RUNNING and left == 0,
        words=words(),
        squeeze=squeeze,
        pages_of=halls.pages_of,
        **shown,
    )
