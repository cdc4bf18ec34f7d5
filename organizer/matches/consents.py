"""Exchanging contact data: each of two says yes, and only then both have it."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, delete, exists, or_, select
from sqlalchemy.orm import Session, aliased

from organizer.db import add_missing
from organizer.matches.models import ContactConsent


class Exchange(StrEnum):
    """How far two are, as one of them sees it: what the other has pressed is not seen before both have."""

    OPEN = "open"
    OFFERED = "offered"
    DONE = "done"


def offer(session: Session, person_id: int, other_id: int, now: datetime) -> None:
    """Let the other have one's contact data, once they let one have theirs. Saying so twice changes nothing."""
    add_missing(session, ContactConsent, [{"person_id": person_id, "other_id": other_id, "at": now}])


def take_back(session: Session, person_id: int, other_id: int) -> None:
    """Take an offer back, as long as the other has not made theirs; without a trace."""
    theirs = aliased(ContactConsent)
    met = exists().where(theirs.person_id == other_id, theirs.other_id == person_id)
    mine = and_(ContactConsent.person_id == person_id, ContactConsent.other_id == other_id)
    session.execute(delete(ContactConsent).where(mine, ~met).execution_options(synchronize_session=False))


def exchanges(session: Session, person_id: int, others: Collection[int]) -> dict[int, Exchange]:
    """How far one person is with each of these others."""
    there = and_(ContactConsent.person_id == person_id, ContactConsent.other_id.in_(others))
    back = and_(ContactConsent.other_id == person_id, ContactConsent.person_id.in_(others))
    query = select(ContactConsent.person_id, ContactConsent.other_id).where(or_(there, back))
    given = {(one, other) for one, other in session.execute(query)}
    return {other: _state((person_id, other) in given, (other, person_id) in given) for other in others}


def _state(mine: bool, theirs: bool) -> Exchange:
    if not mine:
        return Exchange.OPEN
    return Exchange.DONE if theirs else Exchange.OFFERED
