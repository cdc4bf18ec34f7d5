"""The mails of a circle to those who run it, or are asked to."""

from datetime import datetime

from sqlalchemy.orm import Session

from organizer.circles import invitations
from organizer.circles.models import Circle, CircleInvitation, Report, ReportState
from organizer.circles.service import member
from organizer.domain.delivery import SuppressionReason
from organizer.domain.roles import Right, may
from organizer.mail.letters import Letter, composes
from organizer.mail.models import Message
from organizer.people.models import Person
from organizer.web.urls import external


@composes("circle_invitation")
def circle_invitation(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """Who invites to which circle, as what; the link is made here."""
    invitation = session.get(CircleInvitation, message.refs["invitation"])
    if invitation is None or not invitations.is_open(invitation, now):
        return SuppressionReason.NO_LONGER_TRUE
    _circle, inviter = invitations.inviter_of(session, invitation)
    url = external("circles.invitation", token=invitations.make_token(invitation))
    return Letter({"url": url, "inviter": inviter, "role": invitation.role}, sender_name=_circle.name)


@composes("report")
def report(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """That something has been told: whom it is about stands on the page only."""
    told = session.get(Report, message.refs["report"])
    if told is None or told.state is ReportState.CLOSED:
        return SuppressionReason.NO_LONGER_TRUE
    host = session.get_one(Person, message.person_id)
    place = member(session, host, told.circle_id)
    if place is None or not may(place.role, Right.HANDLE_REPORTS):
        return SuppressionReason.NO_LONGER_TRUE
    circle = session.get_one(Circle, told.circle_id)
    return Letter({"url": external("circles.reports", slug=circle.slug)}, sender_name=circle.name)
