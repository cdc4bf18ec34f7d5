"""Blocking a person: what was to bring the two together is taken back, in silence."""

from datetime import datetime

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from organizer.audit.service import record
from organizer.domain.delivery import SuppressionReason
from organizer.domain.lifecycle import RunState
from organizer.followups.service import void_pair
from organizer.matches.models import Again, ContactConsent, Match, MatchRun
from organizer.people import blocks
from organizer.people.models import Block, Person
from organizer.registrations.models import Registration
from organizer.ties.models import Tie


def block_person(session: Session, person: Person, other: Person, now: datetime) -> None:
    """Have `person` block `other`: what was to bring the two together, or `person` had let `other` have, ends.

    Open prompts end, matches not yet sent lose the pair, a wish to meet again and contact data offered are taken back.
    """
    if not blocks.block(session, person.id, other.id, now):
        return
    void_pair(session, person.id, other.id, SuppressionReason.BLOCKED, now)
    low, high = sorted((person.id, other.id))
    unsent = select(MatchRun.id).where(MatchRun.state != RunState.PUBLISHED)
    pair = and_(Match.a_id == low, Match.b_id == high, Match.removed_at.is_(None), Match.run_id.in_(unsent))
    session.execute(update(Match).where(pair).values(removed_at=now))
    session.execute(delete(Again).where(Again.person_id == person.id, Again.other_id == other.id))
    session.execute(
        delete(ContactConsent).where(
            ContactConsent.person_id == person.id, ContactConsent.other_id == other.id
        )
    )
    record(session, "person.blocked", "person", other.id, at=now, actor_id=person.id)


def unblock_person(session: Session, person: Person, other: Person, now: datetime) -> bool:
    """Take one's own block back; what was ended by it stays ended. Gives whether there was one."""
    if not blocks.unblock(session, person.id, other.id):
        return False
    record(session, "person.unblocked", "person", other.id, at=now, actor_id=person.id)
    return True


def has_met(session: Session, person: Person, other: Person) -> bool:
    """Whether one may know of the other: registered for the same event, or one of one's ties, or blocked already."""
    mine, theirs = aliased(Registration), aliased(Registration)
    same_event = exists().where(
        mine.person_id == person.id, theirs.person_id == other.id, mine.event_id == theirs.event_id
    )
    tied = exists().where(Tie.person_id == person.id, Tie.other_id == other.id)
    blocked = exists().where(Block.person_id == person.id, Block.other_id == other.id)
    return bool(session.scalar(select(or_(same_event, tied, blocked))))
