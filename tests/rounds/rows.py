"""A meetup for tests: an event that is on, its host, a helper at the door, and the people who are there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from sqlalchemy.orm import Session

from organizer.checkin.models import CheckIn
from organizer.circles.models import Circle
from organizer.domain.arranging import arrange
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.profiles import Profile
from organizer.domain.roles import CircleRole
from organizer.domain.ticketing import CheckInMethod
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.rounds import planning, queries, solving
from organizer.rounds.jobs import solved
from organizer.rounds.models import SeatingPlan
from organizer.running.solve import answer
from organizer.workflows import rounds
from tests.domain.crowds import crowd
from tests.factories import NOW, make_circle, make_event, make_member, make_person, make_registration


@dataclass
class Meetup:
    """An event with its host, a helper and those who are there."""

    circle: Circle
    event: Event
    host: Person
    helper: Person
    people: list[Person]

    @property
    def ids(self) -> list[int]:
        """Those who are there, by id."""
        return [person.id for person in self.people]


def make_meetup(session: Session, people: int = 12, seed: int = 1, **values: Any) -> Meetup:
    """An event that began ten minutes before NOW, three rounds at tables of four, with so many people there."""
    host = make_person(session, name="主催 花子", reading="しゅさい はなこ")
    helper = make_person(session, name="受付 次郎", reading="うけつけ じろう")
    circle = make_circle(session, owner=host)
    make_member(session, circle, helper, CircleRole.STAFF)
    starts = NOW - timedelta(minutes=10)
    event = make_event(session, circle, **({"starts_at": starts, "rounds": 3, "capacity": 100} | values))
    there = [arrive(session, event, profile) for profile in crowd(seed, people)]
    return Meetup(circle, event, host, helper, there)


def arrive(session: Session, event: Event, profile: Profile, at: datetime = NOW, **values: Any) -> Person:
    """Somebody who says this of themself is admitted and checked in."""
    person = make_person(
        session,
        name=f"参加 {profile.id}子",
        reading=f"さんか {profile.id}こ",
        profile={
            "company": profile.company,
            "industry": profile.industry,
            "gives": [give.to_data() for give in profile.gives],
            "challenges": [challenge.to_data() for challenge in profile.challenges],
            "wish": profile.wish.to_data(),
        },
    )
    values = {"first_time": bool(profile.first_timer)} | values
    registration = make_registration(
        session, event, person, state=RegistrationState.ADMITTED, profile=profile.to_data(), **values
    )
    check_in(session, registration, at)
    return person


def check_in(session: Session, registration: Registration, at: datetime = NOW) -> CheckIn:
    """The person of that registration is there."""
    row = CheckIn(
        circle_id=registration.circle_id,
        event_id=registration.event_id,
        registration_id=registration.id,
        method=CheckInMethod.SCAN,
        at=at,
    )
    session.add(row)
    session.flush()
    return row


def solve(session: Session, plan: SeatingPlan, now: datetime = NOW) -> SeatingPlan:
    """The wanted plan becomes a draft, here and now instead of in a process of its own."""
    claimed = solving.claim(session, "test", now)
    assert claimed is not None
    assert claimed.id == plan.id
    gathering = rounds.gather(session, plan)
    found = arrange(gathering, seconds=0.02, seed=plan.seed)
    assert solving.settle(session, plan.id, "test", solved(answer(found, gathering)), now)
    session.refresh(plan)
    return plan


def make_draft(session: Session, meetup: Meetup, now: datetime = NOW, **wanted: Any) -> SeatingPlan:
    """A draft for those who are there, of the next generation."""
    newest = queries.newest_plan(session, meetup.event.id)
    after = newest.generation if newest else 0
    return solve(
        session, planning.ask(session, meetup.event, after=after, by=meetup.host, now=now, **wanted), now
    )


def publish_plan(session: Session, meetup: Meetup, now: datetime = NOW, **wanted: Any) -> SeatingPlan:
    """A plan for those who are there, published."""
    draft = make_draft(session, meetup, now, **wanted)
    seen = {"generation": draft.generation, "revision": draft.revision}
    return rounds.publish(session, meetup.event, by=meetup.host, now=now, **seen)


def together(session: Session, plan: SeatingPlan, number: int) -> set[tuple[int, int]]:
    """The pairs (smaller id first) who share a table in a round of a plan."""
    return {
        pair
        for people in queries.tables_in(session, plan.id, number).values()
        for pair in combinations(people, 2)
    }
