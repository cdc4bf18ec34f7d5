"""One's registration by the link of a mail, without signing in; and what a ticket's code shows to a phone camera."""

from typing import Any

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue

from organizer.clock import now
from organizer.registrations import holding, phones
from organizer.registrations.queries import registration_of_link
from organizer.registrations.room import blueprint
from organizer.web.access import by_link, public, remember_language
from organizer.web.limits import limited
from organizer.web.unit import config, db_session


def _holder(token: str) -> holding.Holder:
    registration = registration_of_link(db_session(), token, now())
    remember_language(registration.person)
    return holding.Holder(registration, "ticket", {"token": token})


@blueprint.get("/t/<token>")
@by_link
def ticket(token: str) -> ResponseReturnValue:
    """The ticket, or how the registration stands; a phone that has shown a ticket is known again at its door."""
    holder = _holder(token)
    answer = make_response(holding.show(holder))
    event, shown = holder.registration.event, holder.ticket
    left = int((event.ends_at + phones.AFTERWARDS - now()).total_seconds())
    if shown is not None and left > 0:
        https, secret = config().https, config().secret_key
        kept = phones.pass_of(holder.registration, shown, secret)
        cookies = {
            phones.cookie_name(https): f"/s/{event.public_id}",
            phones.card_cookie_name(https, event): "/p/",
        }
        for name, path in cookies.items():
            kind: dict[str, Any] = {"secure": https, "httponly": True, "samesite": "Lax"}
            answer.set_cookie(name, kept, max_age=left, path=path, **kind)
    return answer


@blueprint.get("/t/<token>/qr.png")
@by_link
def ticket_qr(token: str) -> Response:
    """The QR code as a picture."""
    return holding.picture(_holder(token))


@blueprint.get("/t/<token>/ticket.pdf")
@by_link
def ticket_pdf(token: str) -> Response:
    """The ticket as a PDF."""
    return holding.document(_holder(token))


@blueprint.get("/t/<token>/event.ics")
@by_link
def ticket_calendar(token: str) -> Response:
    """The event for one's calendar."""
    return holding.entry(_holder(token))


@blueprint.get("/t/<token>/edit")
@by_link
def ticket_edit(token: str) -> ResponseReturnValue:
    """The answers, to be changed."""
    return holding.edit(_holder(token))


@blueprint.post("/t/<token>/edit")
@by_link
@limited("60 per 10 minutes")
def ticket_change(token: str) -> ResponseReturnValue:
    """Keep changed answers."""
    return holding.change(_holder(token))


@blueprint.get("/t/<token>/cancel")
@by_link
def ticket_cancel(token: str) -> ResponseReturnValue:
    """Asked once, before the place is given back."""
    return holding.ask_to_cancel(_holder(token))


@blueprint.post("/t/<token>/cancel")
@by_link
def ticket_cancelled(token: str) -> ResponseReturnValue:
    """Give the place back."""
    return holding.cancel(_holder(token))


@blueprint.post("/t/<token>/reissue")
@by_link
@limited("10 per hour")
def ticket_reissue(token: str) -> ResponseReturnValue:
    """A new code in place of the present one."""
    return holding.reissue(_holder(token))


@blueprint.get("/q/<code>")
@public
def shown_code(code: str) -> ResponseReturnValue:
    """What everybody sees who opens a ticket's code, known or not: to be shown at the door. Nothing is looked up."""
    return render_template("registrations/shown_code.html")
