"""The door list: who is expected, on a page that works without script, and on paper."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from organizer.checkin import notes, parties, queries, service
from organizer.checkin.callers import Caller, person_of
from organizer.checkin.forms import CheckInForm, PartyForm, SearchForm
from organizer.checkin.parties import Party
from organizer.checkin.room_views import DOOR, blueprint, door_page
from organizer.checkin.scanning import Answer, KeyReused
from organizer.checkin.wording import said
from organizer.clock import now
from organizer.domain.roles import Right
from organizer.domain.ticketing import ScanResult
from organizer.events.models import Event
from organizer.events.way import way
from organizer.web.bearer import at_door
from organizer.web.labels import label
from organizer.web.unit import db_session


@blueprint.get(f"{DOOR}/door/list")
@at_door
def door_list(event_id: str) -> ResponseReturnValue:
    """Everybody admitted by reading, or who is meant by `q`; each can be taken in from here, or several together."""
    event, caller = door_page(event_id, Right.SEE_DOOR)
    form = SearchForm(request.args)
    query = (form.q.data or "") if form.validate() else ""
    everybody = queries.guests(db_session(), event)
    shown = {
        "guests": queries.meant(db_session(), event, everybody, query) if query else everybody,
        "counted": queries.counted(db_session(), event.id),
        "notes": notes.notes_of(db_session(), event.id),
        "query": query,
        "party": "party" in request.args,
        "caller": caller,
        "key": service.new_key(),
        "way": way(event, "door") if caller.is_host and caller.device is None else None,
    }
    return render_template("checkin/door_list.html", event=event, form=form, **shown)


@blueprint.get(f"{DOOR}/door/list.pdf")
@at_door
def door_list_pdf(event_id: str) -> ResponseReturnValue:
    """The door list on paper, for when every machine fails."""
    from organizer.checkin.list_pdf import draw  # noqa: PLC0415 - ReportLab weighs, and few processes need it

    event, _caller = door_page(event_id, Right.SEE_DOOR)
    drawn = draw(event, queries.guests(db_session(), event), now())
    return Response(
        drawn, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="door.pdf"'}
    )


@blueprint.post(f"{DOOR}/door/list/<registration>/check-in")
@at_door
def check_in(event_id: str, registration: str) -> ResponseReturnValue:
    """Take in somebody found in the list."""
    event, caller = door_page(event_id, Right.SEE_DOOR)
    form = CheckInForm()
    if not form.validate():
        abort(422)
    try:
        answer = service.check_in(
            db_session(), event, registration, now=now(), key=form.key.data, **_keeper(caller)
        )
    except KeyReused:
        abort(422)
    _tell(event, answer)
    return _to_list(event)


@blueprint.post(f"{DOOR}/door/list/check-in")
@at_door
def check_in_party(event_id: str) -> ResponseReturnValue:
    """Take in everybody who was ticked."""
    event, caller = door_page(event_id, Right.SEE_DOOR)
    form = PartyForm()
    if not form.validate():
        abort(422)
    try:
        party = parties.check_in(
            db_session(), event, form.who.data or [], form.key.data, now=now(), **_keeper(caller)
        )
    except KeyReused:
        abort(422)
    _tell_of_party(event, party)
    return _to_list(event)


@blueprint.post(f"{DOOR}/door/list/party/<int:entry_id>/undo")
@at_door
def undo_party(event_id: str, entry_id: int) -> ResponseReturnValue:
    """Take the check-ins of a party back."""
    event, caller = door_page(event_id, Right.SEE_DOOR)
    number = parties.take_back(db_session(), event, entry_id, now=now(), **_keeper(caller))
    flash(
        ngettext("%(num)s check-in has been taken back.", "%(num)s check-ins have been taken back.", number),
        "safe",
    )
    return _to_list(event)


@blueprint.post(f"{DOOR}/door/list/<registration>/undo")
@at_door
def undo(event_id: str, registration: str) -> ResponseReturnValue:
    """Take a check-in back."""
    event, caller = door_page(event_id, Right.SEE_DOOR)
    if service.undo(db_session(), event, registration, now=now(), **_keeper(caller)):
        flash(_("The check-in has been taken back."), "safe")
    else:
        flash(_("There was no check-in to take back."), "info")
    return _to_list(event)


def _keeper(caller: Caller) -> dict[str, Any]:
    """Who does it, as the services take it."""
    return {"by": person_of(db_session(), caller), "device": caller.device}


def _tell_of_party(event: Event, party: Party) -> None:
    if party.entry_id is not None:
        text = ngettext("%(num)s person is checked in.", "%(num)s people are checked in.", party.admitted)
        back = url_for("checkin.undo_party", event_id=event.public_id, entry_id=party.entry_id)
        flash({"text": text, "url": back}, "undo")  # type: ignore[arg-type]
    if party.already:
        flash(ngettext("%(num)s was in before.", "%(num)s were in before.", party.already), "act")
    if party.reason is not None:
        flash(str(label(party.reason)), "stop")
    if not (party.admitted or party.already or party.refused):
        flash(_("Nobody was ticked."), "info")


def _tell(event: Event, answer: Answer) -> None:
    sentence = said(answer, event.circle.time_zone)
    if answer.result is ScanResult.ADMITTED and answer.card is not None:
        back = url_for("checkin.undo", event_id=event.public_id, registration=answer.card.id)
        flash({"text": sentence, "url": back}, "undo")  # type: ignore[arg-type]
    else:
        flash(sentence, "act" if answer.result is ScanResult.ALREADY else "stop")


def _to_list(event: Event) -> ResponseReturnValue:
    return redirect(url_for("checkin.door_list", event_id=event.public_id), 303)
