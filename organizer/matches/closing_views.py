"""The closing, with one thumb and in under a minute: three steps, each saved at once."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from organizer.clock import now
from organizer.matches import closing as closings
from organizer.matches.forms import KeepForm, PeopleForm
from organizer.matches.places import Other, Place, others_listed, place_of
from organizer.matches.room_views import blueprint
from organizer.rounds.queries import sat_with
from organizer.web.access import me, signed_in
from organizer.web.unit import db_session
from organizer.workflows.looking_back import Kept, finish, insight_of, promise_made, say_again, say_talked

PROMISED_WITHIN = timedelta(days=7)
LAST = 3


def _place(event_id: str, *, writes: bool = False) -> Place:
    place = place_of(db_session(), me().id, event_id)
    closings.admit(place, now(), writes=writes)
    return place


def _step(place: Place) -> int:
    """The step asked for, else the first one not saved yet; 0 is the look back at all three."""
    wanted = request.args.get("step", "")
    if wanted in ("1", "2", "3"):
        return int(wanted)
    if place.closing is None:
        return 1
    return 0 if place.closing.finished_at else 2


@blueprint.get("/events/<event_id>/closing")
@signed_in
def closing(event_id: str) -> ResponseReturnValue:
    """The step that comes next, or any that is asked for; after the third, thanks and the way back."""
    place = _place(event_id)
    others = others_listed(db_session(), place.event.id, place.person_id)
    step = _step(place)
    if step == 0 or closings.read_only(place.event, now()):
        return _summary(place, others)
    if step == LAST:
        return _keep_page(place, others, _kept_form(place, others))
    return _people_page(place, others, step)


@blueprint.post("/events/<event_id>/closing/talked")
@signed_in
def save_talked(event_id: str) -> ResponseReturnValue:
    """Save the first step."""
    place, form = _place(event_id, writes=True), PeopleForm()
    others = others_listed(db_session(), place.event.id, place.person_id)
    if not form.validate():
        return _people_page(place, others, 1), 422
    say_talked(db_session(), place, form.chosen(others), now())
    return _on(place, 2)


@blueprint.post("/events/<event_id>/closing/again")
@signed_in
def save_again(event_id: str) -> ResponseReturnValue:
    """Save the second step. The answer is the same whatever the others have chosen."""
    place, form = _place(event_id, writes=True), PeopleForm()
    others = others_listed(db_session(), place.event.id, place.person_id)
    if not form.validate():
        return _people_page(place, others, 2), 422
    say_again(db_session(), place, form.chosen(others), now())
    return _on(place, LAST)


@blueprint.post("/events/<event_id>/closing/keep")
@signed_in
def save_kept(event_id: str) -> ResponseReturnValue:
    """Save the third step, and be done."""
    place = _place(event_id, writes=True)
    others = others_listed(db_session(), place.event.id, place.person_id)
    form = KeepForm(others, _today(place))
    if not form.validate():
        return _keep_page(place, others, form), 422
    to = next((other.id for other in others if other.public_id == form.to.data), None)
    kept = Kept(to, form.words.data, form.due_on.data, form.insight.data)
    finish(db_session(), place, kept, now())
    return redirect(url_for("matches.closing", event_id=event_id), 303)


def _on(place: Place, step: int) -> ResponseReturnValue:
    return redirect(url_for("matches.closing", event_id=place.event.public_id, step=step), 303)


def _today(place: Place) -> date:
    return now().astimezone(ZoneInfo(place.event.circle.time_zone)).date()


def _people_page(place: Place, others: list[Other], step: int) -> str:
    session, event_id, person_id = db_session(), place.event.id, place.person_id
    talked = closings.talked_with(session, event_id, person_id)
    chosen, told = talked, set[int]()
    if step == 2:
        chosen = closings.wanted_again(session, event_id, person_id)
        told = closings.revealed_to(session, event_id, person_id)
    near = talked | chosen
    if step == 1:
        sat = sat_with(session, event_id, person_id).keys()
        near = near | sat if sat else {other.id for other in others}
    first = [other for other in others if other.id in near]
    return render_template(
        "matches/closing.html",
        event=place.event,
        step=step,
        first=first,
        more=[other for other in others if other not in first],
        chosen=chosen,
        told=told,
    )


def _kept_form(place: Place, others: list[Other]) -> KeepForm:
    promise = promise_made(db_session(), place)
    to = next((other.public_id for other in others if promise and other.id == promise.other_id), "")
    today = _today(place)
    return KeepForm(
        others,
        today,
        formdata=None,
        to=to,
        words=promise.words if promise else "",
        due_on=promise.due_on if promise else today + PROMISED_WITHIN,
        insight=insight_of(db_session(), place),
    )


def _keep_page(place: Place, others: list[Other], form: KeepForm) -> str:
    return render_template("matches/closing_keep.html", event=place.event, form=form, others=others)


def _summary(place: Place, others: list[Other]) -> str:
    session, event_id = db_session(), place.event.id
    talked = closings.talked_with(session, event_id, place.person_id)
    wanted = closings.wanted_again(session, event_id, place.person_id)
    promise = promise_made(session, place)
    return render_template(
        "matches/closing_done.html",
        event=place.event,
        talked=[other for other in others if other.id in talked],
        wanted=[other for other in others if other.id in wanted],
        promise=promise,
        promised=next((other for other in others if promise and other.id == promise.other_id), None),
        insight=insight_of(session, place),
        changeable=not closings.read_only(place.event, now()),
        published=place.published,
    )
