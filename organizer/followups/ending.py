"""Ending prompts: what waits between two people is called off, and mails that carry it are written anew."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from organizer.domain.delivery import FollowUpState, MessageState, SuppressionReason
from organizer.followups.models import FollowUp
from organizer.mail.models import Message

WAITS = FollowUp.state == FollowUpState.WAITING
NOT_YET_ON_A_DAY = and_(WAITS, FollowUp.slot.is_(None))


def void_pair(session: Session, a_id: int, b_id: int, reason: SuppressionReason, now: datetime) -> None:
    """End whatever still waits between two people, on both sides.

    Prompts already shown stay in the rows, but on no page.
    """
    _end(session, and_(_between(a_id, b_id), WAITS), reason)


def end_after_letting_go(session: Session, person_id: int, other_id: int, now: datetime) -> None:
    """End what waits after `person_id` has let `other_id` go.

    What the other has before their eyes stays, so that they notice nothing.
    """
    own = and_(
        FollowUp.person_id == person_id,
        FollowUp.other_id == other_id,
        FollowUp.state == FollowUpState.WAITING,
    )
    _end(session, own, SuppressionReason.LET_GO)
    theirs = and_(
        FollowUp.person_id == other_id,
        FollowUp.other_id == person_id,
        NOT_YET_ON_A_DAY,
        FollowUp.due_at > now,
    )
    _end(session, theirs, SuppressionReason.LET_GO)


def recall(session: Session, follow_up_ids: Collection[int]) -> None:
    """Have mails that carry these prompts and have not left be written anew: a worker that holds one finds its
    claim gone.
    """
    carriers = select(FollowUp.message_id).where(
        FollowUp.id.in_(follow_up_ids), FollowUp.message_id.is_not(None)
    )
    session.execute(
        update(Message)
        .where(Message.id.in_(carriers), Message.state == MessageState.QUEUED)
        .values(claimed_by=None, claimed_until=None)
    )


def _between(a_id: int, b_id: int) -> ColumnElement[bool]:
    return or_(
        and_(FollowUp.person_id == a_id, FollowUp.other_id == b_id),
        and_(FollowUp.person_id == b_id, FollowUp.other_id == a_id),
    )


def _end(session: Session, which: ColumnElement[bool], reason: SuppressionReason) -> None:
    ids = list(session.scalars(select(FollowUp.id).where(which)))
    if not ids:
        return
    recall(session, ids)
    ending = update(FollowUp).where(FollowUp.id.in_(ids), WAITS)
    session.execute(ending.values(state=FollowUpState.SUPPRESSED, reason=reason.value))
