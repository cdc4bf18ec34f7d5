"""The door list: who is expected, on a page that works without script, and on paper."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.checkin import queries, service
from organizer.checkin.forms import CheckInForm, SearchForm
from organizer.checkin.room_views import DOOR, blueprint, event_at_door
from organizer.checkin.scanning import Answer, KeyReused
from organizer.checkin.wording import said
from organizer.circles.service import member
from organizer.clock import now
from organizer.domain.roles import Right, may
from organizer.domain.ticketing import ScanResult
from organizer.events.models import Event
from organizer.events.way import way
from organizer.i18n import yen
from organizer.web.access import me, signed_in
from organizer.web.unit import db_session


@blueprint.get(f"{DOOR}/door/list")
@signed_in
def door_list(event_id: str) -> ResponseReturnValue:
    """Everybody admitted by reading, or who is meant by `q`; each can be taken in from here."""
    event = event_at_door(event_id)
    form = SearchForm(request.args)
    query = (form.q.data or "") if form.validate() else ""
    everybody = queries.guests(db_session(), event)
    shown = {
        "guests": queries.meant(everybody, query) if query else everybody,
        "counted": queries.Counted(sum(guest.arrived_at is not None for guest in everybody), len(everybody)),
        "query": query,
        "key": service.new_key(),
        "way": _way(event),
    }
    return render_template("checkin/door_list.html", event=event, form=form, **shown)


@blueprint.get(f"{DOOR}/door/list.pdf")
@signed_in
def door_list_pdf(event_id: str) -> ResponseReturnValue:
    """The door list on paper, for when every machine fails."""
    from organizer.checkin.list_pdf import draw  # noqa: PLC0415 - ReportLab weighs, and few processes need it

    event = event_at_door(event_id)
    drawn = draw(event, queries.guests(db_session(), event), now())
    return Response(
        drawn, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="door.pdf"'}
    )


@blueprint.post(f"{DOOR}/door/list/<registration>/check-in")
@signed_in
def check_in(event_id: str, registration: str) -> ResponseReturnValue:
    """Take in somebody found in the list."""
    event, form = event_at_door(event_id), CheckInForm()
    if not form.validate():
        abort(422)
    try:
        answer = service.check_in(db_session(), event, registration, now=now(), by=me(), key=form.key.data)
    except KeyReused:
        abort(422)
    _tell(event, answer)
    return _to_list(event)


@blueprint.post(f"{DOOR}/door/list/<registration>/undo")
@signed_in
def undo(event_id: str, registration: str) -> ResponseReturnValue:
    """Take a check-in back."""
    event = event_at_door(event_id)
    if service.undo(db_session(), event, registration, now=now(), by=me()):
        flash(_("The check-in has been taken back."), "safe")
    else:
        flash(_("There was no check-in to take back."), "info")
    return _to_list(event)


@blueprint.post(f"{DOOR}/door/list/<registration>/fee")
@signed_in
def take_fee(event_id: str, registration: str) -> ResponseReturnValue:
    """Note the fee as taken."""
    event = event_at_door(event_id)
    taken = service.take_fee(db_session(), event, registration, now=now(), by=me())
    if taken:
        back = url_for("checkin.give_fee_back", event_id=event_id, registration=registration)
        flash({"text": _("Fee taken: %(yen)s", yen=yen(taken)), "url": back}, "undo")  # type: ignore[arg-type]
    return _to_list(event)


@blueprint.post(f"{DOOR}/door/list/<registration>/fee-back")
@signed_in
def give_fee_back(event_id: str, registration: str) -> ResponseReturnValue:
    """Take the note of the fee back."""
    event = event_at_door(event_id)
    service.give_fee_back(db_session(), event, registration, now=now(), by=me())
    flash(_("The fee is no longer noted as taken."), "safe")
    return _to_list(event)


def _tell(event: Event, answer: Answer) -> None:
    sentence = said(answer, event.circle.time_zone)
    if answer.result is ScanResult.ADMITTED and answer.card is not None:
        back = url_for("checkin.undo", event_id=event.public_id, registration=answer.card.id)
        flash({"text": sentence, "url": back}, "undo")  # type: ignore[arg-type]
    else:
        flash(sentence, "act" if answer.result is ScanResult.ALREADY else "stop")


def _way(event: Event) -> list[tuple[str, str | None, str]] | None:
    """The event's way for those who may go it; staff see the door alone."""
    place = member(db_session(), me(), event.circle_id)
    return way(event, "door") if place and may(place.role, Right.MANAGE_EVENT) else None


def _to_list(event: Event) -> ResponseReturnValue:
    return redirect(url_for("checkin.door_list", event_id=event.public_id), 303)
