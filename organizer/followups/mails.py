"""The letters of prompts: the morning's digest, and what somebody has Enishi send."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.domain.delivery import SuppressionReason
from organizer.followups import days, letters
from organizer.followups.ending import WAITS
from organizer.followups.letter_wording import draft
from organizer.followups.models import FollowUp, PersonalLetter
from organizer.followups.queries import Story, stories_of_message
from organizer.followups.service import barred_pairs
from organizer.followups.wording import answers_of, why
from organizer.mail.letters import Letter, composes
from organizer.mail.models import Message
from organizer.people import links
from organizer.people.blocks import blocked
from organizer.people.models import LinkPurpose, Person
from organizer.people.service import people_by_id
from organizer.ties.service import ordered, tie_between
from organizer.web.urls import external

LINK_LASTS = timedelta(days=120)
"""How long a prompt can be answered from its mail."""


@composes(days.KIND)
def prompts(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """The prompts of one person and day, each with a draft and answers of one tap."""
    assert message.person_id is not None, "prompts go to people"
    person = people_by_id(session, [message.person_id])[message.person_id]
    if person.prompts_stopped_at is not None:
        return SuppressionReason.UNSUBSCRIBED
    stories = _standing(session, message)
    if not stories:
        return SuppressionReason.NO_LONGER_TRUE
    stop = links.issue(session, LinkPurpose.STOP_PROMPTS, person.id, None, now=now)
    context: dict[str, object] = {
        "person": person,
        "prompts": [_prompt(session, story, person, now) for story in stories],
        "first": stories[0].other,
        "all_url": external("followups.index"),
    }
    return Letter(context, stop_url=external("followups.stop", token=stop))


@composes(letters.KIND)
def personal_letter(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """Somebody's own words, sent for them. A block on either side holds it back, and nobody is told."""
    letter = session.scalar(
        select(PersonalLetter).where(PersonalLetter.follow_up_id == int(message.refs["follow_up_id"]))
    )
    if letter is None or not letter.words:
        return SuppressionReason.NO_LONGER_TRUE
    if blocked(session, letter.person_id, letter.other_id):
        return SuppressionReason.BLOCKED
    writer = people_by_id(session, [letter.person_id])[letter.person_id]
    tie = tie_between(session, letter.other_id, letter.person_id)
    context: dict[str, object] = {
        "writer": writer,
        "words": letter.words,
        "tie_url": external("ties.show", public_id=tie.public_id) if tie else None,
    }
    return Letter(context, sender_name=f"{writer.name}（縁 Enishi）", reply_to=writer.email)


def _standing(session: Session, message: Message) -> list[Story]:
    """The prompts of a letter that still apply; the others are ended, each with its reason."""
    assert message.person_id is not None
    stories = {
        story.follow_up.id: story for story in stories_of_message(session, message.person_id, message.id)
    }
    carried = select(FollowUp).where(FollowUp.message_id == message.id, WAITS).order_by(FollowUp.slot)
    rows = session.scalars(carried).all()
    barred = barred_pairs(session, {message.person_id, *(row.other_id for row in rows)})
    standing = []
    for row in rows:
        story = stories.get(row.id)
        if story is None:
            days.end(row, SuppressionReason.BLOCKED)
        elif ordered(row.person_id, row.other_id) in barred:
            days.end(row, SuppressionReason.LET_GO)
        elif days.settled(session, row):
            days.end(row, SuppressionReason.NO_LONGER_TRUE)
        else:
            standing.append(story)
    return standing


def _prompt(session: Session, story: Story, person: Person, now: datetime) -> dict[str, object]:
    token = links.issue(
        session, LinkPurpose.PROMPT, person.id, story.follow_up.id, now=now, expires_at=now + LINK_LASTS
    )
    answers = [
        (words, external("followups.answer", token=token, answer=said.value))
        for said, words in answers_of(story)
    ]
    return {
        "other": story.other,
        "company": story.other.profile.company,
        "step": story.follow_up.step,
        "why": why(story),
        "draft": draft(story, person),
        "answers": answers,
        "url": external("followups.answer", token=token),
    }
