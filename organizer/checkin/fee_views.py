"""The fee at the door, and the day's money: what was taken, by whom, and who still owes."""

from datetime import UTC, datetime

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from organizer.checkin import fees as taking
from organizer.checkin import money, receipts
from organizer.checkin.fee_forms import BeforehandForm, PaidForm
from organizer.checkin.fee_wording import purse_words, table_headings, table_row
from organizer.checkin.room_views import DOOR, blueprint, door_page, event_at_door
from organizer.checkin.service import registration_of
from organizer.clock import now
from organizer.domain.roles import Right
from organizer.events.models import Event
from organizer.events.way import way
from organizer.i18n import yen
from organizer.web.access import me, signed_in
from organizer.web.bearer import at_door
from organizer.web.tables import csv_file
from organizer.web.unit import db_session

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@blueprint.post(f"{DOOR}/door/list/<registration>/fee")
@at_door
def take_fee(event_id: str, registration: str) -> ResponseReturnValue:
    """Note the fee as taken, or as paid beforehand."""
    (event, caller), form = door_page(event_id, Right.SEE_DOOR), PaidForm()
    if not form.validate():
        abort(422)
    taken = taking.take_fee(
        db_session(),
        event,
        registration,
        now=now(),
        by_id=caller.by_id,
        device_id=caller.device.id if caller.device else None,
        way=form.way.member,
    )
    if taken:
        back = url_for("checkin.give_fee_back", event_id=event_id, registration=registration, to=_to())
        flash({"text": _("Fee taken: %(yen)s", yen=yen(taken)), "url": back}, "undo")  # type: ignore[arg-type]
    return _back(event)


@blueprint.post(f"{DOOR}/door/list/<registration>/fee-back")
@at_door
def give_fee_back(event_id: str, registration: str) -> ResponseReturnValue:
    """Take the note of the fee back."""
    event, caller = door_page(event_id, Right.SEE_DOOR)
    written = receipts.receipt_of(db_session(), registration_of(db_session(), event, registration).id)
    if taking.give_fee_back(db_session(), event, registration, now=now(), by_id=caller.by_id):
        flash(_("The fee is no longer noted as taken."), "safe")
        if written is not None:
            number = written.number
            flash(
                _("Receipt No. %(number)s was written for it. Please ask for it back.", number=number), "act"
            )
    else:
        flash(_("It had not been noted, or has been taken back already."), "info")
    return _back(event)


@blueprint.get(f"{DOOR}/fees")
@signed_in
def fees(event_id: str) -> ResponseReturnValue:
    """The day's money, so that the cash box can be counted and bank transfers ticked off."""
    event = event_at_door(event_id, Right.MANAGE_EVENT)
    days = money.money_of(db_session(), event)
    return render_template(
        "checkin/fees.html", event=event, way=way(event, "door"), money=days, purse_words=purse_words
    )


@blueprint.post(f"{DOOR}/fees/paid")
@signed_in
def note_beforehand(event_id: str) -> ResponseReturnValue:
    """Note everybody who was ticked as paid beforehand."""
    event, form, moment = event_at_door(event_id, Right.MANAGE_EVENT), BeforehandForm(), now()
    if not form.validate():
        abort(422)
    ticked = form.paid.data or []
    number = taking.note_beforehand(db_session(), event, ticked, now=moment, by_id=me().id)
    if number:
        text = ngettext("%(num)s person noted as paid.", "%(num)s people noted as paid.", number)
        micros = (moment - EPOCH) // datetime.resolution
        back = url_for("checkin.take_back_noted", event_id=event_id, moment=micros)
        flash({"text": text, "url": back}, "undo")  # type: ignore[arg-type]
    else:
        flash(_("Nobody was ticked who still owes the fee."), "info")
    return redirect(url_for("checkin.fees", event_id=event.public_id), 303)


@blueprint.post(f"{DOOR}/fees/paid/<int:moment>/undo")
@signed_in
def take_back_noted(event_id: str, moment: int) -> ResponseReturnValue:
    """Take back what the same person ticked at that moment, in microseconds since 1970."""
    event = event_at_door(event_id, Right.MANAGE_EVENT)
    try:
        at = EPOCH + moment * datetime.resolution
    except OverflowError:
        abort(404)
    number = taking.take_back_noted(db_session(), event, at, now=now(), by_id=me().id)
    flash(ngettext("%(num)s note taken back.", "%(num)s notes taken back.", number), "safe")
    return redirect(url_for("checkin.fees", event_id=event.public_id), 303)


@blueprint.post(f"{DOOR}/fees.csv")
@signed_in
def fees_file(event_id: str) -> Response:
    """The list as a file."""
    event = event_at_door(event_id, Right.EXPORT)
    rows = [table_row(line, event) for line in money.money_of(db_session(), event).lines]
    return csv_file("fees", event, table_headings(), rows)


def _to() -> str | None:
    """`fees` where the press came from the money's page; else nothing."""
    return "fees" if request.values.get("to") == "fees" else None


def _back(event: Event) -> ResponseReturnValue:
    return redirect(url_for("checkin.fees" if _to() else "checkin.door_list", event_id=event.public_id), 303)
