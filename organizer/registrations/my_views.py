"""One's registration for those who are signed in."""

from flask import Response
from flask.typing import ResponseReturnValue

from organizer.registrations import holding
from organizer.registrations.queries import registration_of_person
from organizer.registrations.room import blueprint
from organizer.web.access import me, signed_in
from organizer.web.limits import limited
from organizer.web.unit import db_session


def _holder(public_id: str) -> holding.Holder:
    registration = registration_of_person(db_session(), me(), public_id)
    return holding.Holder(registration, "my_ticket", {"public_id": public_id})


@blueprint.get("/me/tickets/<public_id>")
@signed_in
def my_ticket(public_id: str) -> ResponseReturnValue:
    """The ticket, or how the registration stands."""
    return holding.show(_holder(public_id))


@blueprint.get("/me/tickets/<public_id>/qr.png")
@signed_in
def my_ticket_qr(public_id: str) -> Response:
    """The QR code as a picture."""
    return holding.picture(_holder(public_id))


@blueprint.get("/me/tickets/<public_id>/ticket.pdf")
@signed_in
def my_ticket_pdf(public_id: str) -> Response:
    """The ticket as a PDF."""
    return holding.document(_holder(public_id))


@blueprint.get("/me/tickets/<public_id>/event.ics")
@signed_in
def my_ticket_calendar(public_id: str) -> Response:
    """The event for one's calendar."""
    return holding.entry(_holder(public_id))


@blueprint.get("/me/tickets/<public_id>/edit")
@signed_in
def my_ticket_edit(public_id: str) -> ResponseReturnValue:
    """The answers, to be changed."""
    return holding.edit(_holder(public_id))


@blueprint.post("/me/tickets/<public_id>/edit")
@signed_in
@limited("60 per 10 minutes")
def my_ticket_change(public_id: str) -> ResponseReturnValue:
    """Keep changed answers."""
    return holding.change(_holder(public_id))


@blueprint.get("/me/tickets/<public_id>/cancel")
@signed_in
def my_ticket_cancel(public_id: str) -> ResponseReturnValue:
    """Asked once, before the place is given back."""
    return holding.ask_to_cancel(_holder(public_id))


@blueprint.post("/me/tickets/<public_id>/cancel")
@signed_in
def my_ticket_cancelled(public_id: str) -> ResponseReturnValue:
    """Give the place back."""
    return holding.cancel(_holder(public_id))


@blueprint.post("/me/tickets/<public_id>/reissue")
@signed_in
@limited("10 per hour")
def my_ticket_reissue(public_id: str) -> ResponseReturnValue:
    """A new code in place of the present one."""
    return holding.reissue(_holder(public_id))
