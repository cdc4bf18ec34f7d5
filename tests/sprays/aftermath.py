"""What an evening leaves behind: matches, ties, promises, thoughts and prompts."""

from datetime import timedelta

from sqlalchemy import func, select

from organizer.domain.cadence import FollowUpStep
from organizer.domain.delivery import FollowUpState
from organizer.domain.lifecycle import RunState
from organizer.domain.reasons import Reason, ReasonKind
from organizer.domain.trust import ContactKind
from organizer.domain.vocabulary import Horizon
from organizer.followups.models import FollowUp
from organizer.matches.models import Again, Closing, ContactConsent, Encounter, Match, MatchRun, Talk
from organizer.people import links
from organizer.people.models import LinkPurpose, Person
from organizer.ties.models import Contact, Goal, Insight, Promise, Tie
from tests.factories import (
    NOW,
)
from tests.sprays.cast import World


def look_back(world: World, name: str, state: RunState) -> None:
    """An event's closing, its matches, and one who wants to meet again somebody who has not said so."""
    session, event, people = world.session, world.events[name], world.people
    ids = {"circle_id": world.circle.id, "event_id": event.id}
    at = event.ends_at
    out_at = at if state is RunState.PUBLISHED else None
    run = MatchRun(**ids, generation=1, state=state, weights_version=1, made_at=at, published_at=out_at)
    session.add(run)
    session.flush()
    for person in people:
        session.add(Closing(**ids, person_id=person.id, begun_at=at, finished_at=at))
    for place, person in enumerate(people):
        one, other = sorted((person.id, people[(place + 1) % len(people)].id))
        reason = Reason(ReasonKind.OTHER_TRADE, one, other, 10)
        match = Match(
            **ids, run_id=run.id, generation=1, a_id=one, b_id=other, score=500, reasons=[reason.to_data()]
        )
        session.add_all([match, Encounter(**ids, a_id=one, b_id=other, at=at)])
        session.add(Talk(event_id=event.id, person_id=one, other_id=other, at=at))
        session.flush()
        world.names[f"match:{name}"] = match.public_id
    match.removed_at = None if state is RunState.PUBLISHED else at
    if state is RunState.PUBLISHED:
        session.add(Again(event_id=event.id, person_id=people[0].id, other_id=people[1].id, at=at))
        session.add(ContactConsent(person_id=people[0].id, other_id=people[1].id, at=at))


def keep_up(world: World) -> None:
    """Ties, promises, insights, goals and prompts of everybody about their neighbours."""
    session, event = world.session, world.events["past"]
    count = len(world.people)
    for place, person in enumerate(world.people):
        for step in (1, count - 1):
            _make_tie(world, person, world.people[(place + step) % count])
        session.add(
            Insight(
                person_id=person.id,
                event_id=event.id,
                words=world.planted(f"private-insight-{person.id}"),
                at=NOW,
            )
        )
        session.add(
            Goal(
                person_id=person.id,
                horizon=Horizon.SHORT,
                words=world.planted(f"private-goal-{person.id}"),
                updated_at=NOW,
            )
        )
        other = world.people[(place + 1) % count]
        words = world.planted(f"private-promise-{person.id}")
        promise = Promise(
            person_id=person.id, other_id=other.id, event_id=event.id, words=words, created_at=NOW
        )
        prompt = FollowUp(
            person_id=person.id,
            other_id=other.id,
            step=FollowUpStep.NEXT_DAY,
            due_period="2026-11-30",
            due_at=NOW - timedelta(hours=3),
            local_date=NOW.date(),
            slot=1,
            state=FollowUpState.SENT,
            event_id=event.id,
            draft=world.planted(f"private-letter-{person.id}"),
            created_at=NOW - timedelta(days=1),
        )
        session.add_all([promise, prompt])
        session.flush()
        world.names.setdefault("promise", promise.public_id)
        world.names.setdefault("prompt", prompt.public_id)
        world.tokens.setdefault(
            "prompt",
            links.issue(
                session,
                LinkPurpose.PROMPT,
                person.id,
                prompt.id,
                now=NOW,
                expires_at=NOW + timedelta(days=30),
            ),
        )


def _make_tie(world: World, person: Person, other: Person) -> None:
    session, event = world.session, world.events["past"]
    if session.scalar(select(Tie).where(Tie.person_id == person.id, Tie.other_id == other.id)) is not None:
        return
    note = world.planted(f"private-note-{person.id}")
    tie = Tie(person_id=person.id, other_id=other.id, note=note, first_event_id=event.id, created_at=NOW)
    held = session.scalar(select(func.count()).select_from(Tie).where(Tie.person_id == person.id)) or 0
    tie.rank = held + 1
    session.add(tie)
    session.flush()
    one, two = sorted((person.id, other.id))
    if session.scalar(select(Contact).where(Contact.a_id == one, Contact.b_id == two)) is None:
        session.add(
            Contact(
                a_id=one, b_id=two, kind=ContactKind.EVENT, key=f"event:{event.id}", event_id=event.id, at=NOW
            )
        )
    session.flush()
    world.names.setdefault("tie", tie.public_id)
