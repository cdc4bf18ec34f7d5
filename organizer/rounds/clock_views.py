"""The clock's buttons, and what every page of the rounds looks at to see whether anything has changed."""

import hashlib
import json
from datetime import datetime
from typing import Any

from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from organizer.clock import now
from organizer.domain.roles import Right
from organizer.domain.rounds import RoundStep
from organizer.events.models import Event
from organizer.rounds import queries, running
from organizer.rounds.forms import ClockForm
from organizer.rounds.models import Round, SeatingPlan
from organizer.rounds.room_views import ROUNDS, blueprint, event_in_room
from organizer.rounds.standing import standing
from organizer.web.access import me, signed_in
from organizer.web.unit import db_session
from organizer.workflows import rounds as evening


@blueprint.get(f"{ROUNDS}/state")
@signed_in
def state(event_id: str) -> ResponseReturnValue:
    """Plans, rounds and who waits for a seat, as JSON; 304 while nothing has changed."""
    event = event_in_room(event_id, Right.SEE_DOOR)
    body = _state(event)
    answer = _json(body)
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:32], weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


@blueprint.post(f"{ROUNDS}/<int:number>/start")
@signed_in
def start(event_id: str, number: int) -> ResponseReturnValue:
    """Begin a round."""
    event = event_in_room(event_id)
    evening.start(db_session(), event, number, by=me(), now=now())
    return _done(event)


@blueprint.post(f"{ROUNDS}/<int:number>/pause")
@signed_in
def pause(event_id: str, number: int) -> ResponseReturnValue:
    """Stop the clock of a round for a while."""
    return _step(event_id, number, RoundStep.PAUSE)


@blueprint.post(f"{ROUNDS}/<int:number>/resume")
@signed_in
def resume(event_id: str, number: int) -> ResponseReturnValue:
    """Have the clock of a round go on."""
    return _step(event_id, number, RoundStep.RESUME)


@blueprint.post(f"{ROUNDS}/<int:number>/minute")
@signed_in
def add_minute(event_id: str, number: int) -> ResponseReturnValue:
    """Give a round one more minute."""
    form = ClockForm()
    if not form.validate() or form.version.data is None:
        abort(422)
    return _step(event_id, number, RoundStep.ADD_MINUTE, form.version.data)


@blueprint.post(f"{ROUNDS}/<int:number>/take-back")
@signed_in
def take_back(event_id: str, number: int) -> ResponseReturnValue:
    """Put a round back that was started by mistake."""
    return _step(event_id, number, RoundStep.TAKE_BACK)


@blueprint.post(f"{ROUNDS}/<int:number>/end")
@signed_in
def end(event_id: str, number: int) -> ResponseReturnValue:
    """End a round: whoever sat together has met."""
    event = event_in_room(event_id)
    evening.end(db_session(), event, number, by=me(), now=now())
    return _done(event)


def _step(event_id: str, number: int, step: RoundStep, version: int | None = None) -> ResponseReturnValue:
    event = event_in_room(event_id)
    running.take(db_session(), event, number, step, by=me(), now=now(), version=version)
    return _done(event)


def _done(event: Event) -> ResponseReturnValue:
    """Back to the page it was pressed on; a script gets the new state instead."""
    if request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json":
        return _json(_state(event))
    form = ClockForm()
    back = (form.back.data if form.validate() else "") or "plan"
    return redirect(url_for(f"rounds.{back}", event_id=event.public_id), 303)


def _state(event: Event) -> dict[str, Any]:
    found, moment = standing(db_session(), event), now()
    return {
        "key": found.key,
        "plan": _plan(found.open),
        "published": found.published.generation if found.published else None,
        "revision": found.published.revision if found.published else None,
        "rounds": [_round(row, moment) for row in found.rounds],
        "waiting": list(found.waiting),
    }


def _plan(plan: SeatingPlan | None) -> dict[str, Any] | None:
    if plan is None:
        return None
    return {
        "generation": plan.generation,
        "state": plan.state.value,
        "revision": plan.revision,
        "score": plan.score,
        "bound": plan.bound,
    }


def _round(row: Round, moment: datetime) -> dict[str, Any]:
    """`seconds` is what is left: of a running round it follows from `ends_at`, and is not told, or nothing would
    ever be the same.
    """
    left = queries.clock_of(row).remaining(moment).total_seconds()
    return {
        "number": row.number,
        "state": row.state.value,
        "minutes": row.minutes,
        "seconds": None if row.ends_at else round(left),
        "ends_at": row.ends_at.isoformat() if row.ends_at else None,
        "version": row.version,
    }


def _json(body: dict[str, Any]) -> Response:
    return Response(json.dumps(body, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")
