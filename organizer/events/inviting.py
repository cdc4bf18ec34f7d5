"""Who may apply to an event by invitation only, and the mails that invite them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.circles.models import Circle
from organizer.domain.delivery import MessageState
from organizer.domain.lifecycle import may_apply
from organizer.errors import NotFound, Refused
from organizer.events.models import Event, EventInvitation
from organizer.events.service import lock
from organizer.events.writing import may_change
from organizer.mail.models import Message
from organizer.mail.outbox import post
from organizer.people.models import Person
from organizer.people.service import fold_address
from organizer.tokens import digest

KIND = "event_invitation"
MOST = 500


class InvitingLimit(StrEnum):
    """Why nobody can be invited."""

    NO_SENDER = "no_sender"
    TOO_MANY_INVITED = "too_many_invited"


def may_send(circle: Circle) -> bool:
    """Whether the circle says who it is and where it can be reached, without which no invitation may leave."""
    return bool(circle.sender_name and circle.sender_address)


def invited(session: Session, event_id: int) -> Sequence[EventInvitation]:
    """The invited addresses, in the order in which they were written down."""
    query = select(EventInvitation).where(EventInvitation.event_id == event_id)
    return session.scalars(query.order_by(EventInvitation.id)).all()


def count_invited(session: Session, event_id: int) -> int:
    """How many addresses are invited."""
    query = select(func.count()).select_from(EventInvitation).where(EventInvitation.event_id == event_id)
    return session.scalar(query) or 0


def is_invited(session: Session, event_id: int, address: str) -> bool:
    """Whether an address may apply to the event."""
    query = select(EventInvitation.id).where(
        EventInvitation.event_id == event_id, EventInvitation.email_folded == fold_address(address)
    )
    return session.scalar(query) is not None


def invite(session: Session, event: Event, addresses: Iterable[str], *, by: Person, now: datetime) -> int:
    """Write addresses down; gives how many are new."""
    lock(session, event)
    may_change(event, now)
    standing = {row.email_folded for row in invited(session, event.id)}
    fresh = {fold_address(address): address.strip() for address in addresses}
    fresh = {folded: address for folded, address in fresh.items() if folded not in standing}
    if len(standing) + len(fresh) > MOST:
        raise Refused(InvitingLimit.TOO_MANY_INVITED)
    for folded, address in fresh.items():
        row = EventInvitation(event_id=event.id, email=address, email_folded=folded, created_at=now)
        row.circle_id, row.invited_by_id = event.circle_id, by.id
        session.add(row)
    session.flush()
    if fresh:
        act = "event.invited"
        record(
            session,
            act,
            "event",
            event.id,
            at=now,
            actor_id=by.id,
            circle_id=event.circle_id,
            count=len(fresh),
        )
    return len(fresh)


def disinvite(session: Session, event: Event, invitation_id: int, *, by: Person, now: datetime) -> None:
    """Take an address from the list; who has applied already stays an applicant."""
    row = session.scalar(
        select(EventInvitation).where(
            EventInvitation.event_id == event.id, EventInvitation.id == invitation_id
        )
    )
    if row is None:
        raise NotFound
    session.delete(row)
    record(session, "event.disinvited", "event", event.id, at=now, actor_id=by.id, circle_id=event.circle_id)


def send_invitations(session: Session, event: Event, *, by: Person, now: datetime) -> int:
    """Post the mail to everyone on the list who has not got it yet; gives how many leave."""
    if not may_send(event.circle):
        raise Refused(InvitingLimit.NO_SENDER)
    lock(session, event)
    barrier = may_apply(
        event.state, event.admission, deadline=event.deadline_at, ends_at=event.ends_at, now=now, invited=True
    )
    if barrier is not None:
        raise Refused(barrier)
    told = posted(session, event.id)
    waiting = [row for row in invited(session, event.id) if mail_key(row) not in told]
    for row in waiting:
        post(
            session,
            KIND,
            now=now,
            address=row.email,
            locale=by.locale,
            once=mail_key(row),
            circle_id=event.circle_id,
            event_id=event.id,
            invitation=row.id,
        )
    if waiting:
        act = "event.invitations_sent"
        record(
            session,
            act,
            "event",
            event.id,
            at=now,
            actor_id=by.id,
            circle_id=event.circle_id,
            count=len(waiting),
        )
    return len(waiting)


def mail_key(row: EventInvitation) -> str:
    """What keeps the mail to an address single, also when it is taken off the list and put back."""
    return f"{KIND}:{row.event_id}:{digest(row.email_folded)[:32]}"


def posted(session: Session, event_id: int) -> dict[str, MessageState]:
    """What became of each invitation's mail, by `mail_key`; one that is missing has not been posted."""
    query = select(Message.once, Message.state).where(Message.event_id == event_id, Message.kind == KIND)
    return {once: state for once, state in session.execute(query) if once is not None}
