"""Receipts: written by the host or at the door, and fetched by the attendee, each as a form and as a PDF."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from organizer.checkin import fees, receipts
from organizer.checkin.fee_forms import AddresseeForm, ReceiptForm
from organizer.checkin.fee_wording import usual_addressee, usual_proviso
from organizer.checkin.models import Receipt
from organizer.checkin.room_views import DOOR, blueprint, door_page
from organizer.checkin.service import registration_of
from organizer.clock import now
from organizer.domain.roles import Right
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.i18n import LOCALES, current_locale, speaking
from organizer.registrations.models import Registration
from organizer.registrations.queries import registration_of_link, registration_of_person
from organizer.web.access import by_link, me, remember_language, signed_in
from organizer.web.bearer import at_door
from organizer.web.limits import limited
from organizer.web.unit import db_session

RECEIPT = f"{DOOR}/receipts/<registration>"


@blueprint.get(RECEIPT)
@at_door
def receipt(event_id: str, registration: str) -> ResponseReturnValue:
    """The receipt of one person, to be made out."""
    event, _caller = door_page(event_id, Right.SEE_DOOR)
    row = registration_of(db_session(), event, registration)
    return _host_page(event, row, ReceiptForm(data=_usual(event, row)))


@blueprint.post(RECEIPT)
@at_door
def issue_receipt(event_id: str, registration: str) -> ResponseReturnValue:
    """Write it, or write it once more, and show the PDF."""
    (event, caller), form = door_page(event_id, Right.SEE_DOOR), ReceiptForm()
    row = registration_of(db_session(), event, registration)
    if not form.validate():
        return _host_page(event, row, form), 422
    wording = receipts.Wording(form.addressee.data, form.proviso.data)
    receipts.issue(db_session(), event, row, wording, now=now(), by_id=caller.by_id, corrects=True)
    where: dict[str, Any] = {
        "event_id": event.public_id,
        "registration": row.public_id,
        "language": _language(form),
    }
    return redirect(url_for("checkin.receipt_pdf", **where), 303)


@blueprint.get(f"{RECEIPT}/receipt.pdf")
@at_door
def receipt_pdf(event_id: str, registration: str) -> ResponseReturnValue:
    """The receipt as it was last drawn."""
    event, _caller = door_page(event_id, Right.SEE_DOOR)
    row = registration_of(db_session(), event, registration)
    return _pdf(event, receipts.get_receipt(db_session(), row.id))


@blueprint.get("/me/tickets/<public_id>/receipt")
@signed_in
def my_receipt(public_id: str) -> ResponseReturnValue:
    """One's own receipt."""
    row = registration_of_person(db_session(), me(), public_id)
    return _own_page(row, url_for("registrations.my_ticket", public_id=public_id))


@blueprint.post("/me/tickets/<public_id>/receipt")
@signed_in
@limited("30 per 10 minutes")
def issue_my_receipt(public_id: str) -> ResponseReturnValue:
    """Write one's own receipt, and show the PDF."""
    row = registration_of_person(db_session(), me(), public_id)
    key: dict[str, Any] = {"public_id": public_id}
    return _own_issue(row, "checkin.my_receipt_pdf", url_for("registrations.my_ticket", **key), key)


@blueprint.get("/me/tickets/<public_id>/receipt.pdf")
@signed_in
def my_receipt_pdf(public_id: str) -> ResponseReturnValue:
    """One's own receipt as it was last drawn."""
    row = registration_of_person(db_session(), me(), public_id)
    return _pdf(row.event, receipts.get_receipt(db_session(), row.id))


@blueprint.get("/t/<token>/receipt")
@by_link
def receipt_link(token: str) -> ResponseReturnValue:
    """One's own receipt, by the link of the ticket's mail."""
    return _own_page(_holder(token), url_for("registrations.ticket", token=token))


@blueprint.post("/t/<token>/receipt")
@by_link
@limited("30 per 10 minutes")
def issue_receipt_link(token: str) -> ResponseReturnValue:
    """Write one's own receipt, by the link of the ticket's mail."""
    key: dict[str, Any] = {"token": token}
    return _own_issue(_holder(token), "checkin.receipt_link_pdf", url_for("registrations.ticket", **key), key)


@blueprint.get("/t/<token>/receipt.pdf")
@by_link
def receipt_link_pdf(token: str) -> ResponseReturnValue:
    """One's own receipt as it was last drawn, by the link of the ticket's mail."""
    row = _holder(token)
    return _pdf(row.event, receipts.get_receipt(db_session(), row.id))


def _holder(token: str) -> Registration:
    row = registration_of_link(db_session(), token, now())
    remember_language(row.person)
    return row


def _host_page(event: Event, row: Registration, form: ReceiptForm) -> str:
    back = url_for("checkin.door_list", event_id=event.public_id)
    return _page(event, row, form, back)


def _own_page(row: Registration, back: str, form: AddresseeForm | None = None) -> str:
    return _page(row.event, row, form or AddresseeForm(data=_usual(row.event, row)), back)


def _page(event: Event, row: Registration, form: AddresseeForm, back: str) -> str:
    session = db_session()
    payment, written = fees.payment_of(session, row.id), receipts.receipt_of(session, row.id)
    shown = {"registration": row, "payment": payment, "receipt": written, "back": back}
    return render_template("checkin/receipt.html", event=event, form=form, **shown)


def _own_issue(row: Registration, pdf: str, back: str, key: dict[str, Any]) -> ResponseReturnValue:
    """The attendee names the addressee once; what the money was for is the host's to say."""
    form = AddresseeForm()
    if not form.validate():
        return _own_page(row, back, form), 422
    with speaking(_language(form)):
        wording = receipts.Wording(form.addressee.data, usual_proviso(row.event))
    receipts.issue(db_session(), row.event, row, wording, now=now(), by_id=row.person_id, corrects=False)
    return redirect(url_for(pdf, **key, language=_language(form)), 303)


def _usual(event: Event, row: Registration) -> dict[str, str]:
    """What the form begins with: the receipt as it stands, or as it usually is."""
    written: Receipt | None = receipts.receipt_of(db_session(), row.id)
    return {
        "addressee": written.addressee if written else usual_addressee(row),
        "proviso": written.proviso if written else usual_proviso(event),
        "language": current_locale(),
    }


def _language(form: AddresseeForm) -> str:
    return str(form.language.data)


def _pdf(event: Event, written: Receipt) -> Response:
    from organizer.checkin import receipt_pdf as paper  # noqa: PLC0415  heavy, and few pages need it

    language = request.args.get("language", "")
    if language and language not in LOCALES:
        raise NotFound
    with speaking(language or current_locale(), event.circle.time_zone):
        content = paper.draw(written, event)
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="receipt-{written.number}.pdf"'
    return answer
