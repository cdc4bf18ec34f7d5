"""Prompts as their person reads them: whom they are about, why, what was said and promised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from organizer.domain.cadence import FollowUpStep
from organizer.domain.delivery import FollowUpState
from organizer.domain.reasons import Reason
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.followups.models import FollowUp, PersonalLetter
from organizer.followups.service import ON_THE_PAGE
from organizer.matches.models import ContactConsent, Encounter, Match, Reveal
from organizer.matches.queries import Told, not_blocked, reasons_of, told_of
from organizer.people.models import Person, Profile
from organizer.registrations.models import Registration
from organizer.ties.models import Promise, Tie

AT_MOST = 60

Other = aliased(Person)
OtherProfile = aliased(Profile)
ONE: ColumnElement[int] = FollowUp.person_id.expression
OTHER: ColumnElement[int] = FollowUp.other_id.expression
Ended = aliased(Tie)
NOT_LET_GO = ~exists().where(Ended.person_id == ONE, Ended.other_id == OTHER, Ended.let_go_at.is_not(None))
"""That the person of a prompt has not let the other go; that the other has is not seen."""


@dataclass(frozen=True, slots=True)
class Story:
    """One prompt and what it is about.

    `people` are the two as they told of themselves at the event, by id; `promises` what its person still owes
    the other; `exchanged`: both have handed over their contact data.
    """

    follow_up: FollowUp
    other: Person
    event: Event | None
    tie: Tie | None
    reasons: tuple[Reason, ...]
    people: Mapping[int, Told]
    promises: tuple[Promise, ...]
    talked: bool
    mutual: bool
    exchanged: bool
    handed_over: bool


def due_stories(session: Session, person_id: int, now: datetime) -> list[Story]:
    """What this person is prompted to do, the oldest first; of several steps about one person the latest."""
    query = _stories(person_id).where(ON_THE_PAGE, FollowUp.due_at <= now, NOT_LET_GO)
    found = _read(session, session.execute(query.order_by(FollowUp.due_at, FollowUp.id).limit(AT_MOST)))
    latest = {_subject(story): story.follow_up.id for story in found}
    return [story for story in found if latest[_subject(story)] == story.follow_up.id]


def story_of(session: Session, person_id: int, public_id: str, now: datetime) -> Story:
    """A person's own prompt of that public id, once its time has come. NotFound for anybody else's."""
    return _one(session, _stories(person_id).where(FollowUp.public_id == public_id, FollowUp.due_at <= now))


def story_of_link(session: Session, person_id: int, follow_up_id: int) -> Story:
    """The prompt a mail's link opens. NotFound when there is none, or when contact is no longer wished for."""
    return _one(session, _stories(person_id).where(FollowUp.id == follow_up_id))


def stories_of_message(session: Session, person_id: int, message_id: int) -> list[Story]:
    """The prompts a letter carries that still wait, in the order of their slots.

    Those of blocked pairs are not among them.
    """
    query = _stories(person_id).where(
        FollowUp.message_id == message_id, FollowUp.state == FollowUpState.WAITING
    )
    return _read(session, session.execute(query.order_by(FollowUp.slot)))


def coming_up(session: Session, person_id: int, now: datetime, at_most: int = 5) -> list[Story]:
    """The next prompts of a person whose time has not come."""
    query = _stories(person_id).where(
        FollowUp.state == FollowUpState.WAITING, FollowUp.due_at > now, NOT_LET_GO
    )
    return _read(session, session.execute(query.order_by(FollowUp.due_at, FollowUp.id).limit(at_most)))


def _subject(story: Story) -> tuple[int, bool]:
    return story.other.id, story.follow_up.step is FollowUpStep.PROMISE_DUE


def _one(session: Session, query: "Select[*tuple[Any, ...]]") -> Story:
    found = _read(session, session.execute(query))
    if not found:
        raise NotFound
    return found[0]


def _stories(person_id: int) -> "Select[*tuple[Any, ...]]":
    talked = exists().where(_of_pair(Encounter.a_id.expression, Encounter.b_id.expression), Encounter.talked)
    revealed = exists().where(_of_pair(Reveal.a_id.expression, Reveal.b_id.expression))
    letter = exists().where(PersonalLetter.follow_up_id == FollowUp.id)
    query = (
        select(
            FollowUp,
            Other,
            Event,
            Tie,
            Match,
            talked,
            revealed,
            _agreed(ONE, OTHER),
            _agreed(OTHER, ONE),
            letter,
        )
        .join(Other, Other.id == FollowUp.other_id)
        .join(OtherProfile, OtherProfile.person_id == Other.id)
        .outerjoin(Event, Event.id == FollowUp.event_id)
        .outerjoin(Match, and_(Match.id == FollowUp.match_id, Match.removed_at.is_(None)))
        .outerjoin(Tie, and_(Tie.person_id == FollowUp.person_id, Tie.other_id == FollowUp.other_id))
        .options(contains_eager(Other.profile.of_type(OtherProfile)))
        .where(FollowUp.person_id == person_id, not_blocked(ONE, OTHER))
    )
    return query.execution_options(populate_existing=True)


def _of_pair(a: ColumnElement[int], b: ColumnElement[int]) -> ColumnElement[bool]:
    return or_(and_(a == ONE, b == OTHER), and_(a == OTHER, b == ONE))


def _agreed(one: ColumnElement[int], other: ColumnElement[int]) -> ColumnElement[bool]:
    return exists().where(ContactConsent.person_id == one, ContactConsent.other_id == other)


def _read(session: Session, rows: Iterable[Row[*tuple[Any, ...]]]) -> list[Story]:
    found = [tuple(row) for row in rows]
    people = _told(
        session, {(row[0].event_id, one) for row in found for one in (row[0].person_id, row[0].other_id)}
    )
    owed = _owed(session, {(row[0].person_id, row[0].other_id) for row in found})
    return [
        Story(
            follow_up=follow_up,
            other=other,
            event=event,
            tie=tie,
            reasons=reasons_of(match) if match else (),
            people={
                one: people[follow_up.event_id, one]
                for one in (follow_up.person_id, follow_up.other_id)
                if (follow_up.event_id, one) in people
            },
            promises=tuple(owed.get((follow_up.person_id, follow_up.other_id), ())),
            talked=talked,
            mutual=revealed or bool(match and match.mutual),
            exchanged=agreed and agreed_back,
            handed_over=letter,
        )
        for follow_up, other, event, tie, match, talked, revealed, agreed, agreed_back, letter in found
    ]


def _told(session: Session, places: set[tuple[int | None, int]]) -> dict[tuple[int, int], Told]:
    """What people said of themselves, by event and person."""
    events = {event_id for event_id, _ in places if event_id is not None}
    if not events:
        return {}
    query = (
        select(Registration)
        .join(Registration.person)
        .join(Person.profile)
        .options(contains_eager(Registration.person).contains_eager(Person.profile))
        .where(Registration.event_id.in_(events), Registration.person_id.in_({one for _, one in places}))
        .order_by(Registration.id)
    )
    return {(row.event_id, row.person_id): told_of(row) for row in session.scalars(query)}


def _owed(session: Session, pairs: set[tuple[int, int]]) -> dict[tuple[int, int], list[Promise]]:
    """The promises still open, by who made them to whom, the nearest date first."""
    if not pairs:
        return {}
    query = select(Promise).where(
        Promise.person_id.in_({one for one, _ in pairs}),
        Promise.other_id.in_({other for _, other in pairs}),
        Promise.kept_at.is_(None),
        Promise.dropped_at.is_(None),
    )
    owed: dict[tuple[int, int], list[Promise]] = {}
    for promise in session.scalars(query.order_by(Promise.due_on.is_(None), Promise.due_on, Promise.id)):
        owed.setdefault((promise.person_id, promise.other_id), []).append(promise)
    return owed


@dataclass(frozen=True, slots=True)
class Brief:
    """A prompt in one line."""

    other_id: int
    public_id: str
    step: FollowUpStep
    name: str
    company: str


def due_briefly(session: Session, person_id: int, now: datetime, at_most: int = 20) -> list[Brief]:
    """Whom a person is prompted about now, the oldest first, in one light statement."""
    query = (
        select(FollowUp.other_id, FollowUp.public_id, FollowUp.step, Person.name, Profile.company)
        .join(Person, Person.id == FollowUp.other_id)
        .join(Profile, Profile.person_id == Person.id)
        .where(FollowUp.person_id == person_id, ON_THE_PAGE, FollowUp.due_at <= now)
        .where(not_blocked(ONE, OTHER), NOT_LET_GO)
        .order_by(FollowUp.due_at, FollowUp.id)
    )
    return [Brief(*row) for row in session.execute(query.limit(at_most))]
