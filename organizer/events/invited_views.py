"""The host's page about who is invited to an event by invitation only."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from organizer.clock import now
from organizer.domain.lifecycle import EventState
from organizer.events import inviting, service
from organizer.events.models import Event
from organizer.events.people_forms import InvitedForm, SendForm
from organizer.events.room_views import blueprint, page_of
from organizer.web.access import me, signed_in
from organizer.web.unit import db_session


@blueprint.get("/events/<event_id>/invited")
@signed_in
def invited(event_id: str) -> ResponseReturnValue:
    """Who is invited, and what became of their mails."""
    event = service.event_of_host(db_session(), me(), event_id)
    return _page(event, InvitedForm(formdata=None), SendForm(formdata=None))


@blueprint.post("/events/<event_id>/invited")
@signed_in
def invite(event_id: str) -> ResponseReturnValue:
    """Write addresses down."""
    session = db_session()
    event = service.event_of_host(session, me(), event_id)
    form = InvitedForm()
    if not form.validate():
        return _page(event, form, SendForm(formdata=None)), 422
    added = inviting.invite(session, event, form.listed(), by=me(), now=now())
    flash(ngettext("%(num)s address added.", "%(num)s addresses added.", added), "safe")
    return redirect(url_for("events.invited", event_id=event.public_id), 303)


@blueprint.post("/events/<event_id>/invited/<int(max=2147483647):invitation_id>/delete")
@signed_in
def disinvite(event_id: str, invitation_id: int) -> ResponseReturnValue:
    """Take an address off the list."""
    session = db_session()
    event = service.event_of_host(session, me(), event_id)
    inviting.disinvite(session, event, invitation_id, by=me(), now=now())
    flash(_("Taken off the list."), "safe")
    return redirect(url_for("events.invited", event_id=event.public_id), 303)


@blueprint.post("/events/<event_id>/invited/send")
@signed_in
def send_invitations(event_id: str) -> ResponseReturnValue:
    """Let the invitations leave that have not left yet."""
    session = db_session()
    event = service.event_of_host(session, me(), event_id)
    form = SendForm()
    if not form.validate():
        return _page(event, InvitedForm(formdata=None), form), 422
    sent = inviting.send_invitations(session, event, by=me(), now=now())
    flash(
        ngettext("%(num)s invitation is on its way.", "%(num)s invitations are on their way.", sent), "safe"
    )
    return redirect(url_for("events.invited", event_id=event.public_id), 303)


def _page(event: Event, form: InvitedForm, sending: SendForm) -> str:
    session = db_session()
    rows = inviting.invited(session, event.id)
    mails = inviting.posted(session, event.id)
    listed = [(row, mails.get(inviting.mail_key(row))) for row in rows]
    return page_of(
        event,
        "events/invited.html",
        "publish",
        form=form,
        sending=sending,
        listed=listed,
        waiting=sum(state is None for _row, state in listed),
        may_send=inviting.may_send(event.circle),
        open=event.state is EventState.PUBLISHED,
    )
