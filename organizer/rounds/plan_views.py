"""The host's table plan: made from those who are there, looked over, published, and made anew when somebody goes."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.clock import now
from organizer.domain.roles import Right
from organizer.events.models import Event
from organizer.events.way import way
from organizer.rounds import changing, desk, plan_pictures, planning, publishing
from organizer.rounds.desk import Desk
from organizer.rounds.drafts import Drawn
from organizer.rounds.forms import AskForm, MarkForm, PlanForm
from organizer.rounds.plan_wording import cautions, percent, served, totals, trouble
from organizer.rounds.room_views import ROUNDS, blueprint, event_in_room
from organizer.web.access import me, signed_in
from organizer.web.unit import db_session
from organizer.workflows import rounds as evening


@blueprint.get(ROUNDS)
@signed_in
def plan(event_id: str) -> ResponseReturnValue:
    """The plan as it stands; `round` is the one whose tables are shown, `pick` somebody who is to change places."""
    event = event_in_room(event_id, Right.MANAGE_EVENT)
    found = desk.desk(db_session(), event)
    number = _round_shown(found)
    listed = plan_pictures.rows(found)
    form = AskForm(formdata=None, after=found.generation, rounds=_rounds(found), table_size=_size(found))
    shown = {
        "desk": found,
        "form": form,
        "number": number,
        "picked": None,
        "gains": {},
        "percent": percent(found.shown),
        "cautions": cautions(found),
        "totals": totals(found),
        "rows": listed,
        "squares": plan_pictures.grid(found, listed),
        "served": served,
        "trouble": trouble,
        "way": way(event, "door"),
    }
    picked = _picked(found, number)
    if picked is not None and found.draft is not None:
        barred = evening.barred_of(db_session(), found.guests)
        draft = Drawn.of(found.draft, found.tables, barred)
        shown |= {"picked": picked, "gains": changing.gains(draft, number, picked.id)}
    return render_template("rounds/plan.html", event=event, **shown)


@blueprint.post(f"{ROUNDS}/make")
@signed_in
def make(event_id: str) -> ResponseReturnValue:
    """Have tables made for those who are there now."""
    event, form = event_in_room(event_id, Right.MANAGE_EVENT), AskForm()
    if not form.validate():
        abort(422)
    wanted = {"rounds": form.rounds.data, "table_size": form.table_size.data}
    planning.ask(db_session(), event, after=form.after.data, by=me(), now=now(), **wanted)
    return _to_plan(event)


@blueprint.post(f"{ROUNDS}/revise")
@signed_in
def revise(event_id: str) -> ResponseReturnValue:
    """Begin to change by hand what is published."""
    event, form = event_in_room(event_id, Right.MANAGE_EVENT), AskForm()
    if not form.validate():
        abort(422)
    changing.revise(db_session(), event, after=form.after.data, by=me(), now=now())
    return _to_plan(event)


@blueprint.post(f"{ROUNDS}/discard")
@signed_in
def discard(event_id: str) -> ResponseReturnValue:
    """Put the draft away; what is published stays."""
    event, form = event_in_room(event_id, Right.MANAGE_EVENT), _plan_form()
    if planning.discard(db_session(), event, generation=form.generation.data, by=me(), now=now()):
        flash(_("The draft has been put away."), "safe")
    return _to_plan(event)


@blueprint.post(f"{ROUNDS}/publish")
@signed_in
def publish(event_id: str) -> ResponseReturnValue:
    """Give the draft to the hall and the phones."""
    event, form = event_in_room(event_id, Right.MANAGE_EVENT), _plan_form()
    seen = {"generation": form.generation.data, "revision": form.revision.data}
    evening.publish(db_session(), event, by=me(), now=now(), **seen)
    flash(_("The tables are published: the hall screen and everybody's phone show them now."), "safe")
    return _to_plan(event)


@blueprint.post(f"{ROUNDS}/unpublish")
@signed_in
def unpublish(event_id: str) -> ResponseReturnValue:
    """Take what is published back, before the first round."""
    event = event_in_room(event_id, Right.MANAGE_EVENT)
    if publishing.unpublish(db_session(), event, by=me(), now=now()):
        flash(_("The tables are a draft again. Hall screen and phones no longer show them."), "safe")
    return _to_plan(event)


@blueprint.post(f"{ROUNDS}/people/<person>/leaves")
@signed_in
def leaves(event_id: str, person: str) -> ResponseReturnValue:
    """Somebody has left, or is not coming: the coming rounds are made anew without them, if they are planned."""
    event = event_in_room(event_id, Right.MANAGE_EVENT)
    whom = planning.attendee(db_session(), event, person)
    if planning.leaves(db_session(), event, whom, by=me(), now=now()):
        evening.renew(db_session(), event, by=me(), now=now())
    back = url_for("rounds.returns", event_id=event.public_id, person=person)
    flash({"text": _("%(name)s is taken out of the coming rounds.", name=whom.name), "url": back}, "undo")  # type: ignore[arg-type]
    return _to_plan(event)


@blueprint.post(f"{ROUNDS}/people/<person>/returns")
@signed_in
def returns(event_id: str, person: str) -> ResponseReturnValue:
    """Somebody is there after all."""
    event = event_in_room(event_id, Right.MANAGE_EVENT)
    whom = planning.attendee(db_session(), event, person)
    if planning.returns(db_session(), event, whom, by=me(), now=now()):
        evening.renew(db_session(), event, by=me(), now=now())
        flash(_("%(name)s takes part in the coming rounds again.", name=whom.name), "safe")
    return _to_plan(event)


@blueprint.get(f"{ROUNDS}/people/<person>")
@signed_in
def person(event_id: str, person: str) -> ResponseReturnValue:
    """What the host says of one person's seats: a table of their own, when they come and when they leave."""
    event = event_in_room(event_id, Right.MANAGE_EVENT)
    whom = planning.attendee(db_session(), event, person)
    guest = desk.guests_of(db_session(), event.id).get(whom.id)
    if guest is None:
        abort(404)
    said = {"table": guest.table, "first_round": guest.first_round, "last_round": guest.last_round}
    return _person_page(event, whom, MarkForm(formdata=None, **said))


@blueprint.post(f"{ROUNDS}/people/<person>")
@signed_in
def mark(event_id: str, person: str) -> ResponseReturnValue:
    """Keep what the host says of one person's seats; the next tables follow it."""
    event, form = event_in_room(event_id, Right.MANAGE_EVENT), MarkForm()
    whom = planning.attendee(db_session(), event, person)
    if not form.validate():
        return _person_page(event, whom, form), 422
    said: dict[str, Any] = {
        "table": form.table.data,
        "first_round": form.first_round.data or 1,
        "last_round": form.last_round.data,
    }
    planning.mark(db_session(), event, whom, by=me(), now=now(), **said)
    flash(_("Noted. The next time tables are made, they follow this."), "safe")
    return _to_plan(event)


def _person_page(event: Event, whom: Any, form: MarkForm) -> str:
    return render_template("rounds/person.html", event=event, whom=whom, form=form, way=way(event, "door"))


def _plan_form() -> PlanForm:
    form = PlanForm()
    if not form.validate():
        abort(422)
    return form


def _round_shown(found: Desk) -> int:
    """The round asked for, else the one under way, else the next."""
    asked = request.args.get("round", "")
    last = max(1, len(found.tables))
    if asked.isdecimal() and asked.isascii() and 1 <= int(asked[:4]) <= last:
        return int(asked[:4])
    usual = found.draft.from_round if found.draft else (found.now or found.next)
    return min(last, usual if isinstance(usual, int) else usual.number if usual else 1)


def _picked(found: Desk, number: int) -> desk.Guest | None:
    """Who is to change places: somebody with a seat in a round of the draft that can still change."""
    asked = request.args.get("pick", "")
    if found.draft is None or number < found.draft.from_round:
        return None
    seated = (one for people in found.tables[number - 1] for one in people)
    guests = (found.guests[one] for one in seated if one in found.guests)
    return next((guest for guest in guests if guest.public_id == asked), None)


def _rounds(found: Desk) -> int:
    return found.newest.rounds if found.newest else found.event.rounds


def _size(found: Desk) -> int:
    return found.newest.table_size if found.newest else found.event.table_size


def _to_plan(event: Event) -> ResponseReturnValue:
    return redirect(url_for("rounds.plan", event_id=event.public_id), 303)
