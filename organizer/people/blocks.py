"""Blocks: one person wants nothing to do with another. Silent, and they hold everywhere, both ways."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, delete, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from organizer.people.models import Block, Person


def block(session: Session, person_id: int, other_id: int, now: datetime) -> bool:
    """Have `person_id` block `other_id`; gives whether that is new."""
    if person_id == other_id:
        raise ValueError("nobody blocks oneself")
    both = select(Person.id).where(Person.id.in_((person_id, other_id))).order_by(Person.id)
    session.execute(
        both.with_for_update(key_share=True)
    )  # whoever is just bringing the two together ends first
    try:
        with session.begin_nested():
            session.add(Block(person_id=person_id, other_id=other_id, created_at=now))
    except IntegrityError:
        return False
    return True


def unblock(session: Session, person_id: int, other_id: int) -> bool:
    """Take one's own block back; gives whether there was one. The other's block, if any, stays."""
    lifting = delete(Block).where(Block.person_id == person_id, Block.other_id == other_id)
    return bool(session.execute(lifting).rowcount)  # type: ignore[attr-defined]


def blocked(session: Session, a_id: int, b_id: int) -> bool:
    """Whether either of the two has blocked the other."""
    either = or_(
        and_(Block.person_id == a_id, Block.other_id == b_id),
        and_(Block.person_id == b_id, Block.other_id == a_id),
    )
    return bool(session.scalar(select(exists().where(either))))


def blocked_pairs(session: Session, ids: Collection[int]) -> set[tuple[int, int]]:
    """The pairs (a < b) among these people of whom either has blocked the other."""
    if not ids:
        return set()
    query = select(Block.person_id, Block.other_id).where(Block.person_id.in_(ids), Block.other_id.in_(ids))
    return {(min(a, b), max(a, b)) for a, b in session.execute(query)}


def blocked_with(session: Session, person_id: int) -> set[int]:
    """Everybody whom this person has blocked, or who has blocked this person."""
    query = select(Block.person_id, Block.other_id).where(
        or_(Block.person_id == person_id, Block.other_id == person_id)
    )
    return {a if b == person_id else b for a, b in session.execute(query)}


def blocked_by(session: Session, person_id: int) -> Sequence[Person]:
    """The people this person has blocked, latest first, profiles loaded. For nobody else's eyes."""
    query = select(Person).join(Block, Block.other_id == Person.id).where(Block.person_id == person_id)
    return session.scalars(
        query.options(joinedload(Person.profile)).order_by(Block.created_at.desc(), Block.id.desc())
    ).all()
