"""Inviting somebody by mail to help run a circle: bound to the address, good once, for a week."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from organizer.audit.service import record
from organizer.circles.models import Circle, CircleInvitation, Membership
from organizer.circles.refusals import CircleBarrier
from organizer.circles.service import member
from organizer.domain.delivery import MessageState
from organizer.domain.roles import CircleRole, grants
from organizer.errors import NotFound, Refused
from organizer.mail import outbox
from organizer.people.counting import count
from organizer.people.models import Person
from organizer.people.service import find_by_address, fold_address
from organizer.people.signing import DAY, within_strangers_share
from organizer.tokens import digest, new_token

GOOD_FOR = timedelta(days=7)
INVITATIONS_A_DAY = 30
_RANK = {CircleRole.STAFF: 0, CircleRole.HOST: 1, CircleRole.OWNER: 2}


def invite(
    session: Session,
    by: Membership,
    email: str,
    role: CircleRole,
    *,
    locale: str,
    now: datetime,
    secret_key: str,
) -> CircleInvitation:
    """An invitation to the circle of the member `by`, and its mail. Refused(CircleBarrier)."""
    folded = fold_address(email)
    if role not in grants(by.role):
        raise Refused(CircleBarrier.NOT_YOURS_TO_GIVE)
    if count(session, f"invited:{by.circle_id}", DAY, now.timestamp()) > INVITATIONS_A_DAY:
        raise Refused(CircleBarrier.TOO_MANY_INVITED)
    known = find_by_address(session, folded)
    if known is not None and member(session, known, by.circle_id) is not None:
        raise Refused(CircleBarrier.ALREADY_MEMBER)
    _withdraw_expired(session, by.circle_id, folded, now)
    invitation = CircleInvitation(
        circle_id=by.circle_id,
        email=email.strip(),
        email_folded=folded,
        role=role,
        locale=known.locale if known else locale,
        invited_by_id=by.person_id,
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    try:
        with session.begin_nested():
            session.add(invitation)
    except IntegrityError:
        raise Refused(CircleBarrier.ALREADY_INVITED) from None
    _send(session, invitation, known, now, secret_key)
    _record(session, "invitation.sent", invitation, by.person_id, now)
    return invitation


def _withdraw_expired(session: Session, circle_id: int, folded: str, now: datetime) -> None:
    ending = update(CircleInvitation).where(
        CircleInvitation.circle_id == circle_id,
        CircleInvitation.email_folded == folded,
        CircleInvitation.accepted_at.is_(None),
        CircleInvitation.withdrawn_at.is_(None),
        CircleInvitation.expires_at <= now,
    )
    session.execute(ending.values(withdrawn_at=now))


def _send(
    session: Session, invitation: CircleInvitation, known: Person | None, now: datetime, secret_key: str
) -> None:
    message = outbox.post(
        session,
        "circle_invitation",
        now=now,
        address=invitation.email,
        locale=invitation.locale,
        circle_id=invitation.circle_id,
        invitation=invitation.id,
    )
    confirmed = known is not None and known.email_confirmed_at is not None
    if not confirmed and not within_strangers_share(session, invitation.email_folded, now, secret_key):
        message.state, message.reason, message.ended_at = MessageState.SUPPRESSED, "too_many", now


def make_token(invitation: CircleInvitation) -> str:
    """A new link's token for the mail being written."""
    token = new_token()
    invitation.link_hash = digest(token)
    return token


def is_open(invitation: CircleInvitation, now: datetime) -> bool:
    """Whether it can still be taken up."""
    return invitation.accepted_at is None and invitation.withdrawn_at is None and invitation.expires_at > now


def find(session: Session, token: str) -> CircleInvitation | None:
    """The invitation of a link, whatever has become of it."""
    return session.scalar(select(CircleInvitation).where(CircleInvitation.link_hash == digest(token)))


def open_invitations(session: Session, circle_id: int, now: datetime) -> Sequence[CircleInvitation]:
    """The invitations of a circle that wait to be taken up, oldest first."""
    query = select(CircleInvitation).where(
        CircleInvitation.circle_id == circle_id,
        CircleInvitation.accepted_at.is_(None),
        CircleInvitation.withdrawn_at.is_(None),
        CircleInvitation.expires_at > now,
    )
    return session.scalars(query.order_by(CircleInvitation.id)).all()


def withdraw(session: Session, by: Membership, public_id: str, now: datetime) -> None:
    """Take an invitation back; its link no longer works. NotFound when it is none that `by` could have given."""
    query = select(CircleInvitation).where(
        CircleInvitation.circle_id == by.circle_id, CircleInvitation.public_id == public_id
    )
    invitation = session.scalar(query)
    if invitation is None or not is_open(invitation, now) or invitation.role not in grants(by.role):
        raise NotFound
    invitation.withdrawn_at = now
    _record(session, "invitation.withdrawn", invitation, by.person_id, now)


def accept(session: Session, invitation: CircleInvitation, person: Person, now: datetime) -> Circle:
    """Make `person`, who is signed in with the invited address, a member: once. Refused(CircleBarrier) otherwise."""
    if person.email_folded != invitation.email_folded or person.email_confirmed_at is None:
        raise Refused(CircleBarrier.OTHER_ADDRESS)
    if not _take(session, invitation, person, now):
        raise Refused(CircleBarrier.INVITATION_OVER)
    _join(session, invitation, person, now)
    _record(session, "invitation.accepted", invitation, person.id, now)
    return session.get_one(Circle, invitation.circle_id)


def _take(session: Session, invitation: CircleInvitation, person: Person, now: datetime) -> bool:
    taking = update(CircleInvitation).where(
        CircleInvitation.id == invitation.id,
        CircleInvitation.accepted_at.is_(None),
        CircleInvitation.withdrawn_at.is_(None),
        CircleInvitation.expires_at > now,
    )
    taken = session.execute(taking.values(accepted_at=now, accepted_by_id=person.id))
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def _join(session: Session, invitation: CircleInvitation, person: Person, now: datetime) -> None:
    """A new place in the circle, or a higher role for one who has a place already."""
    try:
        with session.begin_nested():
            session.add(
                Membership(
                    circle_id=invitation.circle_id, person_id=person.id, role=invitation.role, created_at=now
                )
            )
    except IntegrityError:
        place = member(session, person, invitation.circle_id)
        if place is not None and _RANK[invitation.role] > _RANK[place.role]:
            place.role = invitation.role


def inviter_of(session: Session, invitation: CircleInvitation) -> tuple[Circle, Person]:
    """The circle of an invitation, and who invites; profile loaded."""
    person = session.get_one(Person, invitation.invited_by_id, options=[joinedload(Person.profile)])
    return session.get_one(Circle, invitation.circle_id), person


def _record(session: Session, act: str, invitation: CircleInvitation, actor_id: int, now: datetime) -> None:
    record(
        session,
        act,
        "circle_invitation",
        invitation.id,
        at=now,
        actor_id=actor_id,
        circle_id=invitation.circle_id,
        role=invitation.role.value,
    )
