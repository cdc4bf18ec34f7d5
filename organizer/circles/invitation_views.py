"""Taking up an invitation to help run a circle."""

from datetime import datetime

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from organizer.circles import invitations
from organizer.circles.models import CircleInvitation
from organizer.circles.pages import blueprint
from organizer.clock import now
from organizer.errors import Refused
from organizer.i18n import current_locale
from organizer.people import signing
from organizer.people.models import Person, SignInPurpose, SignInRequest
from organizer.web import login
from organizer.web.access import by_link, me_or_none
from organizer.web.browser import browser
from organizer.web.limits import caller, limited
from organizer.web.unit import config, db_session


@signing.on_confirmed(SignInPurpose.INVITATION)
def _take_up(session: Session, request: SignInRequest, person: Person, moment: datetime) -> str | None:
    """Who confirms the invited address from the invitation's page is a member by the same act."""
    invitation = session.get(CircleInvitation, request.subject_id)
    if invitation is None or not invitations.is_open(invitation, moment):
        return None
    try:
        invitations.accept(session, invitation, person, moment)
    except Refused:
        return None
    return "/host"


@blueprint.get("/invitation/<token>", endpoint="invitation")
@by_link
def show_invitation(token: str) -> ResponseReturnValue:
    """Who invites to what, and one button; nothing is taken up yet."""
    found = invitations.find(db_session(), token)
    if found is None or not invitations.is_open(found, now()):
        return render_template("circles/invitation_over.html"), 410
    circle, inviter = invitations.inviter_of(db_session(), found)
    return render_template(
        "circles/invitation.html", invitation=found, circle=circle, inviter=inviter, here=me_or_none()
    )


@blueprint.post("/invitation/<token>")
@by_link
@limited("50 per hour", by=caller)
def accept_invitation(token: str) -> ResponseReturnValue:
    """Take it up, signed in with the invited address; who is not is sent a mail to that address first."""
    found = invitations.find(db_session(), token)
    if found is None or not invitations.is_open(found, now()):
        return render_template("circles/invitation_over.html"), 410
    person = me_or_none()
    if person is None:
        return _confirm_first(found)
    circle = invitations.accept(db_session(), found, person, now())
    login.renew()
    flash(_("Welcome. You now help to run %(circle)s.", circle=circle.name), "safe")
    return redirect(url_for("circles.index"), 303)


def _confirm_first(found: CircleInvitation) -> ResponseReturnValue:
    try:
        asked = signing.ask(
            db_session(),
            found.email,
            purpose=SignInPurpose.INVITATION,
            subject_id=found.id,
            browser=browser(),
            next_path=url_for("circles.index"),
            locale=current_locale(),
            now=now(),
            secret_key=config().secret_key,
        )
    except Refused:
        abort(429)
    return redirect(url_for("people.wait", public_id=asked.public_id), 303)
