"""Tables that are with their people, set by hand: for tests of what the hall, the phones and the papers show."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from organizer.domain.lifecycle import RegistrationState
from organizer.domain.profiles import Challenge, Give
from organizer.domain.rounds import PlanState, RoundState
from organizer.domain.vocabulary import GiveKind, Industry, Topic
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.rounds.models import Round, Seat, SeatingPlan
from tests.factories import NOW, make_person, make_registration
from tests.rounds.rows import check_in

Plan = Sequence[Sequence[Sequence[Person]]]
"""Rounds of tables of people."""


def come(session: Session, event: Event, name: str, reading: str = "", **values: Any) -> Registration:
    """Somebody of that name is admitted and checked in; `arrived=False`: admitted only, `profile` as of the factory."""
    arrived = values.pop("arrived", True)
    profile = values.pop("profile", {})
    person = make_person(session, name=name, reading=reading, profile=profile)
    said = {"gives": person.profile.gives, "challenges": person.profile.challenges}
    snapshot = said | {"industry": person.profile.industry and person.profile.industry.value}
    values = {"state": RegistrationState.ADMITTED, "profile": snapshot, "first_time": False} | values
    registration = make_registration(session, event, person, **values)
    if arrived:
        check_in(session, registration)
    return registration


def helps_with(topic: Topic, words: str, needs: Topic, industry: Industry) -> dict[str, Any]:
    """A profile that gives one thing and needs another."""
    return {
        "industry": industry,
        "gives": [Give(GiveKind.EXPERIENCE, words, (topic,)).to_data()],
        "challenges": [Challenge("", (needs,)).to_data()],
        "wish": {},
    }


def publish(session: Session, event: Event, plan: Plan, generation: int = 1) -> SeatingPlan:
    """These tables are published; the rounds' rows are made the first time."""
    row = SeatingPlan(
        circle_id=event.circle_id,
        event_id=event.id,
        generation=generation,
        state=PlanState.PUBLISHED,
        rounds=len(plan),
        table_size=max(len(table) for tables in plan for table in tables),
        asked_at=NOW,
        published_at=NOW,
    )
    session.add(row)
    session.flush()
    for number, tables in enumerate(plan, start=1):
        for table, people in enumerate(tables, start=1):
            session.add_all(
                Seat(
                    circle_id=event.circle_id,
                    plan_id=row.id,
                    round=number,
                    table_number=table,
                    person_id=person.id,
                )
                for person in people
            )
        if generation == 1:
            session.add(Round(circle_id=event.circle_id, event_id=event.id, number=number, minutes=10))
    session.flush()
    return row


def run(session: Session, event: Event, number: int, *, left: timedelta, now: datetime = NOW) -> Round:
    """That round runs and has so much left; those before it have ended."""
    rows = session.query(Round).filter_by(event_id=event.id).order_by(Round.number).all()
    for row in rows[: number - 1]:
        row.state, row.started_at, row.ends_at, row.ended_at = RoundState.ENDED, now, None, now
    row = rows[number - 1]
    row.state, row.ends_at = RoundState.RUNNING, now + left
    row.started_at = row.ends_at - timedelta(minutes=row.minutes)
    row.version += 1
    session.flush()
    return row


def end(session: Session, event: Event, number: int, now: datetime = NOW) -> None:
    """That round and those before it have ended; none runs."""
    for row in session.query(Round).filter(Round.event_id == event.id, Round.number <= number):
        row.state, row.started_at, row.ends_at, row.ended_at = RoundState.ENDED, now, None, now
        row.version += 1
    session.flush()


def turning(people: Sequence[Person], rounds: int, size: int) -> Plan:
    """A plan in which every seat moves on by its own number of tables: not a good one, but a lawful shape."""
    count = -(-len(people) // size)
    plan: list[list[list[Person]]] = []
    for number in range(rounds):
        tables: list[list[Person]] = [[] for _ in range(count)]
        for place, person in enumerate(people):
            tables[(place + place // count * number) % count].append(person)
        plan.append(tables)
    return plan
