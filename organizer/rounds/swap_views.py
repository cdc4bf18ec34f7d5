"""Two people change places in the draft: what it would mean, as a page or as JSON, and the change itself."""

import json
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.clock import now
from organizer.domain.roles import Right
from organizer.domain.rounds import RoundBarrier
from organizer.errors import Refused
from organizer.events.way import way
from organizer.matches.queries import told
from organizer.rounds import changing, desk
from organizer.rounds.changing import Change
from organizer.rounds.desk import Desk, Guest
from organizer.rounds.drafts import Drawn
from organizer.rounds.forms import SwapForm
from organizer.rounds.plan_wording import effects, reasons_at
from organizer.rounds.room_views import ROUNDS, blueprint, event_in_room
from organizer.web.access import me, signed_in
from organizer.web.unit import db_session
from organizer.workflows import rounds as evening


@blueprint.get(f"{ROUNDS}/<int:number>/swap")
@signed_in
def swap_look(event_id: str, number: int) -> ResponseReturnValue:
    """What it would mean that `one` and `other` change places in this round."""
    event = event_in_room(event_id, Right.MANAGE_EVENT)
    found = desk.desk(db_session(), event)
    if found.draft is None:
        raise Refused(RoundBarrier.NO_DRAFT)
    one, other = (_guest(found, request.args.get(name, "")) for name in ("one", "other"))
    if not 1 <= number <= len(found.tables):
        abort(404)
    barred = evening.barred_of(db_session(), found.guests)
    change = changing.propose(Drawn.of(found.draft, found.tables, barred), number, one.id, other.id)
    if _wants_json():
        return _json(_said(change, found.draft.revision))
    shown = {"desk": found, "number": number, "one": one, "other": other, "change": change}
    return render_template(
        "rounds/swap.html", event=event, effects=effects(change), way=way(event, "door"), **shown
    )


@blueprint.post(f"{ROUNDS}/<int:number>/swap")
@signed_in
def swap(event_id: str, number: int) -> ResponseReturnValue:
    """Have two people change places; said again in the other order it takes them back."""
    event, form = event_in_room(event_id, Right.MANAGE_EVENT), SwapForm()
    if not form.validate():
        abort(422)
    guests = desk.guests_of(db_session(), event.id)
    by_public_id = {guest.public_id: guest for guest in guests.values()}
    if form.one.data not in by_public_id or form.other.data not in by_public_id:
        abort(404)
    one, other = by_public_id[form.one.data], by_public_id[form.other.data]
    barred = evening.barred_of(db_session(), guests)
    seen = {"generation": form.generation.data, "revision": form.revision.data}
    pair = {"number": number, "one": one.id, "other": other.id}
    changing.swap(db_session(), event, barred=barred, by=me(), now=now(), **seen, **pair)
    flash(_("%(one)s and %(other)s have changed places.", one=one.name, other=other.name), "safe")
    return redirect(url_for("rounds.plan", event_id=event.public_id, round=number, _anchor="tables"), 303)


@blueprint.get(f"{ROUNDS}/<int:number>/tables/<int:table>")
@signed_in
def table(event_id: str, number: int, table: int) -> ResponseReturnValue:
    """One table of a round: who sits there, and why these people."""
    event = event_in_room(event_id, Right.MANAGE_EVENT)
    found = desk.desk(db_session(), event)
    if not (1 <= number <= len(found.tables) and 1 <= table <= len(found.tables[number - 1])):
        abort(404)
    people = found.tables[number - 1][table - 1]
    said = told(db_session(), event.id, people)
    return render_template(
        "rounds/table.html",
        event=event,
        desk=found,
        number=number,
        table=table,
        people=[found.guests[one] for one in people if one in found.guests],
        reasons=reasons_at(found, people, said),
        way=way(event, "door"),
    )


def _guest(found: Desk, public_id: str) -> Guest:
    guest = next((guest for guest in found.guests.values() if guest.public_id == public_id), None)
    if guest is None:
        abort(404)
    return guest


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def _said(change: Change, revision: int) -> dict[str, Any]:
    said = [str(text) for text in effects(change)]
    return {"lawful": change.lawful, "gain": change.gain, "revision": revision, "effects": said}


def _json(body: dict[str, Any]) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), mimetype="application/json")
