"""The morning after an event, for tests: people who were matched, and the prompts planned for them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.circles.models import Circle
from organizer.domain.cadence import FollowUpStep
from organizer.domain.delivery import FollowUpState
from organizer.domain.lifecycle import RunState
from organizer.domain.reasons import reasons_for
from organizer.domain.trust import ContactKind
from organizer.events.models import Event
from organizer.followups import service
from organizer.followups.models import FollowUp
from organizer.matches.models import Encounter, Match, MatchRun
from organizer.people.models import Person
from organizer.registrations.queries import profile_of
from organizer.ties import service as ties
from tests.factories import NOW, make_circle, make_event, make_person
from tests.matches.rows import arrive, make_guest

MORNING = datetime(2026, 12, 2, 0, 0, tzinfo=UTC)
"""Nine o'clock in Tokyo on the Wednesday after NOW."""


@dataclass
class Evening:
    """An event that is over, its people, and their matches."""

    circle: Circle
    event: Event
    host: Person
    people: list[Person]
    matches: dict[tuple[int, int], Match]

    @property
    def pairs(self) -> list[tuple[int, int, int | None]]:
        """The pairs as they are handed on to be followed up."""
        return [(a, b, match.id) for (a, b), match in self.matches.items()]


def make_evening(session: Session, people: int = 2, **values: Any) -> Evening:
    """An event that ended an hour before NOW, where everybody was matched with the next one and talked with them."""
    host = make_person(session, name="主催 花子", reading="しゅさい はなこ")
    circle = make_circle(session, owner=host)
    ends = NOW - timedelta(hours=1)
    event = make_event(
        session, circle, **({"starts_at": ends - timedelta(minutes=90), "ends_at": ends} | values)
    )
    there = [make_guest(session, number) for number in range(people)]
    registrations = {person.id: arrive(session, event, person, ends - timedelta(hours=1)) for person in there}
    run = MatchRun(
        circle_id=circle.id,
        event_id=event.id,
        generation=1,
        state=RunState.PUBLISHED,
        weights_version=1,
        made_at=NOW,
        published_at=NOW,
    )
    session.add(run)
    session.flush()
    matches = {}
    for one, other in pairwise(there):
        a, b = ties.ordered(one.id, other.id)
        reasons = reasons_for(profile_of(registrations[a]), profile_of(registrations[b]))
        match = Match(
            circle_id=circle.id,
            event_id=event.id,
            run_id=run.id,
            generation=1,
            a_id=a,
            b_id=b,
            score=800,
            reasons=[reason.to_data() for reason in reasons],
        )
        session.add_all([match, Encounter(circle_id=circle.id, event_id=event.id, a_id=a, b_id=b, at=ends)])
        matches[a, b] = match
    session.flush()
    ties.meet_each(
        session, matches, event_id=event.id, kind=ContactKind.EVENT, key=f"event:{event.id}", at=ends
    )
    return Evening(circle, event, host, there, matches)


def make_prompted(session: Session, people: int = 2, **values: Any) -> Evening:
    """The same, with the prompts of the next morning planned."""
    evening = make_evening(session, people, **values)
    service.plan_after_matches(session, evening.event, evening.pairs, NOW)
    return evening


def make_follow_up(session: Session, person: Person, other: Person, **values: Any) -> FollowUp:
    """A prompt of its own, due at MORNING."""
    row = FollowUp(
        **(
            {
                "person_id": person.id,
                "other_id": other.id,
                "step": FollowUpStep.QUARTER,
                "due_period": "2026-Q4",
                "due_at": MORNING,
                "state": FollowUpState.WAITING,
                "created_at": NOW,
            }
            | values
        )
    )
    session.add(row)
    session.flush()
    return row


def prompts_of(session: Session, person: Person, step: FollowUpStep | None = None) -> list[FollowUp]:
    """A person's prompts as the database tells them now, by their due time."""
    query = select(FollowUp).where(FollowUp.person_id == person.id)
    if step is not None:
        query = query.where(FollowUp.step == step)
    query = query.order_by(FollowUp.due_at, FollowUp.id).execution_options(populate_existing=True)
    return list(session.scalars(query))
