"""Letters that Enishi sends for somebody: From is ours, answers go to the writer, and the other's address stays
unseen.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.db import add_missing
from organizer.domain.delivery import PromptAnswer
from organizer.domain.trust import TieStage, Touch, stage
from organizer.errors import Refused
from organizer.followups.models import FollowUp, PersonalLetter
from organizer.followups.service import answer
from organizer.mail import outbox
from organizer.people.models import Person
from organizer.ties.models import Contact
from organizer.ties.service import ordered

KIND = "personal_letter"
A_DAY = 3
"""How many letters a day go to people with whom there is no relationship yet."""


class LetterBarrier(StrEnum):
    """Why a letter is not taken."""

    NO_ADDRESS = "no_address"
    ANSWERED = "answered"
    ENOUGH_FOR_TODAY = "enough_for_today"


def barrier(session: Session, person: Person, other: Person, now: datetime) -> LetterBarrier | None:
    """Why Enishi would not send a letter of this person to the other now."""
    if other.email is None or person.email is None:
        return LetterBarrier.NO_ADDRESS
    since = now - timedelta(days=1)
    recent = select(PersonalLetter.other_id).where(
        PersonalLetter.person_id == person.id, PersonalLetter.created_at > since
    )
    written = session.scalars(recent).all()
    if len(written) < A_DAY or not _stranger(session, person.id, other.id):
        return None
    strangers = [one for one in written if _stranger(session, person.id, one)]
    return LetterBarrier.ENOUGH_FOR_TODAY if len(strangers) >= A_DAY else None


def hand_over(session: Session, follow_up: FollowUp, words: str, now: datetime) -> None:
    """Have Enishi send these words to whom the prompt is about; the prompt counts as answered.

    Refused when it may not be sent.
    """
    person = session.scalars(
        select(Person).where(Person.id == follow_up.person_id).with_for_update(key_share=True)
    ).one()
    other = session.get_one(Person, follow_up.other_id)
    why_not = barrier(session, person, other, now)
    if why_not is not None:
        raise Refused(why_not)
    letter = {
        "follow_up_id": follow_up.id,
        "person_id": person.id,
        "other_id": other.id,
        "words": words,
        "created_at": now,
    }
    if not answer(session, follow_up, PromptAnswer.SENT, now) or not add_missing(
        session, PersonalLetter, [letter]
    ):
        raise Refused(LetterBarrier.ANSWERED)
    outbox.post(
        session,
        KIND,
        now=now,
        person_id=other.id,
        once=f"{KIND}:{follow_up.id}",
        follow_up_id=follow_up.id,
    )


def _stranger(session: Session, person_id: int, other_id: int) -> bool:
    """Whether two are no more than acquainted, one's own messages not counted."""
    a, b = ordered(person_id, other_id)
    query = select(Contact.kind, Contact.at, Contact.by_id).where(Contact.a_id == a, Contact.b_id == b)
    touches = [Touch(kind, at.date()) for kind, at, by_id in session.execute(query) if by_id != person_id]
    return stage(touches) is TieStage.ACQUAINTANCE
