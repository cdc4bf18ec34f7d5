"""The host's admission desk: who applies, beside whom the event is for; one click decides, one takes it back."""

from collections.abc import Callable, Collection, Iterable
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response
from wtforms import SelectChoice

from organizer.checkin.queries import present_ids
from organizer.clock import now
from organizer.domain.lifecycle import Barrier, RegistrationState, RegistrationStep
from organizer.domain.roles import Right
from organizer.errors import NotFound, Refused
from organizer.events import seats
from organizer.events.models import Event
from organizer.events.service import event_of_host, is_public_id, targets_of
from organizer.events.way import way
from organizer.registrations import admitting, deciding, desk, wording
from organizer.registrations.admitting import NO_TARGET, Full, Seat
from organizer.registrations.deciding import Taken, Wanted
from organizer.registrations.desk import Desk
from organizer.registrations.desk_forms import Chosen, DecideForm, OverForm, TargetForm
from organizer.registrations.models import Registration
from organizer.registrations.room import blueprint
from organizer.web.access import me, signed_in
from organizer.web.labels import label
from organizer.web.unit import db_session
from organizer.workflows.expecting import arrival_rate

S = RegistrationState
TABS: dict[str, tuple[RegistrationState, ...]] = {
    "applied": (S.APPLIED,),
    "waitlisted": (S.WAITLISTED,),
    "admitted": (S.ADMITTED,),
    "declined": (S.DECLINED,),
    "all": desk.SHOWN,
}
COUNT_SUGGESTED_UP_TO = 60
"""Applications up to which the desk tells how many are suggested; with more, it takes too long for each look."""


@blueprint.get("/events/<event_id>/admission", endpoint="desk")
@signed_in
def desk_page(event_id: str) -> ResponseReturnValue:
    """The desk."""
    return _page(_event(event_id), request.args.get("show"))


@blueprint.post("/events/<event_id>/admission/decide")
@signed_in
def decide(event_id: str) -> ResponseReturnValue:
    """Admit, wait-list or decline whoever was chosen; where there is no seat for the one chosen, ask once more."""
    event, form = _event(event_id), DecideForm()
    if not form.validate():
        return _page(event, request.args.get("show"), refusal=form.chosen.errors or form.step.errors), 422
    wanted = _wanted(event, form.chosen.chosen)
    return _answer(event, form.taken, _decided(event, form.taken, wanted))


@blueprint.get("/events/<event_id>/admission/over/<public_id>")
@signed_in
def over(event_id: str, public_id: str) -> ResponseReturnValue:
    """Asked before somebody is admitted beyond the capacity or a ceiling."""
    event = _event(event_id)
    return _over_page(event, _one(event, public_id), OverForm())


@blueprint.post("/events/<event_id>/admission/over/<public_id>")
@signed_in
def admit_over(event_id: str, public_id: str) -> ResponseReturnValue:
    """The explicit second yes."""
    event, form = _event(event_id), OverForm()
    registration = _one(event, public_id)
    if not form.validate():
        return _over_page(event, registration, form), 422
    wanted = [Wanted(registration, registration.state, Seat(over=form.why))]
    return _answer(event, RegistrationStep.ADMIT, _decided(event, RegistrationStep.ADMIT, wanted))


@blueprint.post("/events/<event_id>/admission/undo")
@signed_in
def undo(event_id: str) -> ResponseReturnValue:
    """Take a decision back, for everybody it was about."""
    event, decision = _event(event_id), request.args.get("decision", "")
    taken = deciding.undo_all(db_session(), event, decision[:40], by=me(), now=now(), arrived=_arrived(event))
    if not taken.done:
        raise taken.refused[0][1]
    words = ngettext("Taken back for %(num)s person.", "Taken back for %(num)s people.", len(taken.done))
    flash(words, "safe")
    _tell_refused(taken)
    return _back(event)


@blueprint.post("/events/<event_id>/admission/send-now")
@signed_in
def send_now(event_id: str) -> ResponseReturnValue:
    """Let the letters that wait leave at once."""
    event = _event(event_id)
    sent = deciding.send_now(db_session(), event, now())
    if not sent:
        raise Refused(Barrier.ALREADY_TOLD)
    flash(ngettext("%(num)s mail is on its way.", "%(num)s mails are on their way.", sent), "safe")
    return _back(event)


@blueprint.post("/events/<event_id>/admission/target/<public_id>")
@signed_in
def choose_target(event_id: str, public_id: str) -> ResponseReturnValue:
    """Count an admitted person in another target profile."""
    event, form = _event(event_id), TargetForm()
    registration = _one(event, public_id)
    form.target.choices = _targets(event)
    if not form.validate():
        return _page(
            event, request.args.get("show"), refusal=[_("Please choose on the page once more.")]
        ), 422
    admitting.move_to(db_session(), registration, Seat(form.target.data), by=me(), now=now())
    flash(_("%(name)s now counts there.", name=registration.person.name), "safe")
    return _back(event)


@blueprint.get("/events/<event_id>/admission/suggestion")
@signed_in
def suggestion(event_id: str) -> ResponseReturnValue:
    """Whom to admit so that the room becomes what it is meant to be, with the reasons."""
    event = _event(event_id)
    room = desk.read(db_session(), event, now())
    return _render("suggestion", event, room, found=desk.suggestion(room))


@blueprint.post("/events/<event_id>/admission/suggestion")
@signed_in
def admit_suggested(event_id: str) -> ResponseReturnValue:
    """Admit everybody of the suggestion that the host has seen."""
    return decide(event_id)


def _event(event_id: str) -> Event:
    return event_of_host(db_session(), me(), event_id, Right.DECIDE)


def _one(event: Event, public_id: str) -> Registration:
    if not is_public_id(public_id):
        raise NotFound
    return deciding.find(db_session(), event, [public_id])[public_id]


def _wanted(event: Event, chosen: list[Chosen]) -> list[Wanted]:
    """Whom the host means, in the order of the page."""
    found = deciding.find(db_session(), event, [one.public_id for one in chosen])
    return [Wanted(found[one.public_id], one.seen, Seat(one.target_id)) for one in chosen]


def _decided(event: Event, step: RegistrationStep, wanted: list[Wanted]) -> Taken:
    arrived = _arrived(event)
    return deciding.decide_all(db_session(), event, wanted, step, by=me(), now=now(), arrived=arrived)


def _arrived(event: Event) -> Callable[[], Collection[int]]:
    """Gives the people whose check-in stands when it is called."""
    return partial(present_ids, db_session(), event.id)


def _answer(event: Event, step: RegistrationStep, taken: Taken) -> ResponseReturnValue:
    """After a decision: back to the desk with one undo; or why the only one chosen could not be decided on."""
    if not taken.done and len(taken.refused) == 1 and not taken.overtaken:
        registration, refused = taken.refused[0]
        if isinstance(refused.reason, Full) and step is RegistrationStep.ADMIT:
            return _over_page(event, registration, OverForm(formdata=None)), 409
        raise refused
    if not taken.done and not taken.refused:
        return _page(event, request.args.get("show"), overtaken=taken.overtaken), 409
    if taken.done:
        url = url_for("registrations.undo", event_id=event.public_id, decision=taken.decision)
        flash({"text": wording.done_words(step, [one.person for one in taken.done]), "url": url}, "undo")  # type: ignore[arg-type]
    _tell_refused(taken)
    if taken.overtaken:
        names = wording.listed(one.person.name for one in taken.overtaken)
        flash(_("Another host had already decided on %(names)s. That stands.", names=names), "info")
    return _back(event)


def _tell_refused(taken: Taken) -> None:
    for reason in dict.fromkeys(refused.reason for _one, refused in taken.refused):
        names = wording.listed(one.person.name for one, refused in taken.refused if refused.reason is reason)
        flash(_("Left as it was: %(names)s. %(reason)s", names=names, reason=label(reason)), "act")


def _back(event: Event) -> Response:
    show = request.args.get("show")
    return redirect(
        url_for("registrations.desk", event_id=event.public_id, show=show if show in TABS else None), 303
    )


def _page(
    event: Event,
    show: str | None,
    *,
    refusal: Iterable[object] = (),
    overtaken: Iterable[Registration] = (),
) -> str:
    room = desk.read(db_session(), event, now())
    tab = show if show in TABS else "applied"
    ids = {registration.id for registration in overtaken}
    return _render(
        "desk",
        event,
        room,
        tab=tab,
        tabs={name: sum(room.count(state) for state in states) for name, states in TABS.items()},
        shown=room.of(TABS[tab]),
        pending=[one for one in room.applicants if one.pending],
        suggested=_suggested(room),
        expected=round(room.taken * arrival_rate(db_session(), event.circle_id, now())),
        refusal=list(refusal),
        overtaken=[one for one in room.applicants if one.registration.id in ids],
    )


def _suggested(room: Desk) -> int | None:
    """How many would be suggested; None where seeking it would take too long."""
    applying = room.count(S.APPLIED) + room.count(S.WAITLISTED)
    if not applying or not room.free:
        return 0
    return len(desk.suggestion(room).admit) if applying <= COUNT_SUGGESTED_UP_TO else None


def _over_page(event: Event, registration: Registration, form: OverForm) -> str:
    room = desk.read(db_session(), event, now())
    one = next(one for one in room.applicants if one.registration.id == registration.id)
    return _render("over", event, room, one=one, form=form)


def _render(page: str, event: Event, room: Desk, **context: object) -> str:
    people = {one.registration.id: one for one in room.applicants}
    template = "registrations/desk.html" if page == "desk" else f"registrations/desk_{page}.html"
    return render_template(
        template,
        event=event,
        way=way(event, "admit"),
        desk=room,
        people=people,
        words=wording,
        WHOLE=seats.WHOLE,
        **context,
    )


def _targets(event: Event) -> list[SelectChoice]:
    """Where an admitted person can count."""
    ordinary = (target for target in targets_of(db_session(), event.id) if not target.ceiling_only)
    return [SelectChoice(NO_TARGET, ""), *(SelectChoice(target.id, target.name) for target in ordinary)]
