"""Asking for a plan, putting it away, and what the host says of somebody's seats.

Every act of an evening's seats and rounds holds the event first: two hosts act one after the other.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.checkin.queries import present_ids
from organizer.domain.lifecycle import EventState
from organizer.domain.rounds import OPEN, PlanState, RoundBarrier
from organizer.errors import NotFound, Refused
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.rounds import queries
from organizer.rounds.models import SeatingMark, SeatingPlan

FEWEST = 2
"""So many people make a plan."""
LASTS = timedelta(hours=6)
"""How long after its planned end an evening can still be seated and run."""


def hold(session: Session, event: Event, now: datetime) -> None:
    """Hold the event until the commit. Raises Refused where there is no evening to be seated."""
    session.execute(select(Event.id).where(Event.id == event.id).with_for_update(key_share=True))
    session.refresh(event, ["state", "ends_at"])
    if event.state in (EventState.DRAFT, EventState.CANCELLED) or now > event.ends_at + LASTS:
        raise Refused(RoundBarrier.EVENT_CLOSED)


def ask(
    session: Session,
    event: Event,
    *,
    after: int,
    by: Person | None,
    now: datetime,
    rounds: int | None = None,
    table_size: int | None = None,
) -> SeatingPlan:
    """The generation after `after`: asked for now, unless somebody has done so already.

    It takes the place of any plan on its way; what is published stays until it is published itself. Raises Refused.
    """
    hold(session, event, now)
    newest = queries.newest_plan(session, event.id)
    if newest is not None and newest.generation > after:
        return newest
    published = queries.published_plan(session, event.id)
    begun = queries.begun(queries.rounds_of(session, event.id))
    like = published or event
    plan = SeatingPlan(
        circle_id=event.circle_id,
        event_id=event.id,
        generation=newest.generation + 1 if newest else 1,
        base_id=published.id if published else None,
        state=PlanState.WANTED,
        rounds=max(rounds or like.rounds, begun),
        table_size=table_size or like.table_size,
        from_round=begun + 1,
        asked_at=now,
        asked_by_id=by.id if by else None,
    )
    plan.seed = plan.generation
    if begun >= plan.rounds:
        raise Refused(RoundBarrier.ALL_ROUNDS_BEGUN)
    if len(_expected(session, event.id, plan.from_round)) < FEWEST:
        raise Refused(RoundBarrier.TOO_FEW)
    put_away_open(session, event.id)
    session.add(plan)
    session.flush()
    _record(session, "seating.asked", plan, by, now)
    return plan


def discard(session: Session, event: Event, *, generation: int, by: Person, now: datetime) -> bool:
    """Put the plan of that generation away, if it is on its way; whether it was."""
    hold(session, event, now)
    plan = queries.open_plan(session, event.id)
    if plan is None or plan.generation != generation:
        return False
    put_away_open(session, event.id)
    _record(session, "seating.discarded", plan, by, now)
    return True


def put_away_open(session: Session, event_id: int, *, changes: int | None = None) -> None:
    """Put away the plan that is on its way; with `changes`, only one that would change that round."""
    mine = [SeatingPlan.event_id == event_id, SeatingPlan.state.in_(OPEN)]
    if changes is not None:
        mine.append(SeatingPlan.from_round <= changes)
    session.execute(update(SeatingPlan).where(*mine).values(state=PlanState.SUPERSEDED))


def attendee(session: Session, event: Event, public_id: str) -> Person:
    """The person of that public id who is registered for this event. Raises NotFound."""
    query = select(Person).join(Registration, Registration.person_id == Person.id)
    found = session.scalar(
        query.where(Registration.event_id == event.id, Person.public_id == public_id).limit(1)
    )
    if found is None:
        raise NotFound
    return found


def mark(
    session: Session,
    event: Event,
    person: Person,
    *,
    table: int | None,
    first_round: int,
    last_round: int | None,
    by: Person,
    now: datetime,
) -> SeatingMark:
    """Keep what the host says of somebody's seats: a table of their own, when they come and leave."""
    hold(session, event, now)
    row = _mark_of(session, event, person, by, now)
    row.table_number, row.first_round, row.last_round = table, first_round, last_round
    _record_mark(session, event, person, row, by, now)
    return row


def leaves(session: Session, event: Event, person: Person, *, by: Person, now: datetime) -> bool:
    """Note that somebody has left, or does not come: they have a seat in no round that is still to begin.

    Gives whether that is new.
    """
    hold(session, event, now)
    begun = queries.begun(queries.rounds_of(session, event.id))
    row = _mark_of(session, event, person, by, now)
    if row.last_round is not None and row.last_round <= begun:
        return False
    row.last_round = begun
    _record_mark(session, event, person, row, by, now)
    return True


def returns(session: Session, event: Event, person: Person, *, by: Person, now: datetime) -> bool:
    """Take back that somebody has left; whether that was said."""
    hold(session, event, now)
    row = queries.marks_of(session, event.id).get(person.id)
    if row is None or row.last_round is None:
        return False
    row.last_round, row.by_id, row.at = None, by.id, now
    _record_mark(session, event, person, row, by, now)
    return True


def _expected(session: Session, event_id: int, from_round: int) -> list[int]:
    """Who is there and stays for a round that is still to begin."""
    marks = queries.marks_of(session, event_id)
    left = {
        person_id
        for person_id, row in marks.items()
        if row.last_round is not None and row.last_round < from_round
    }
    return [person_id for person_id in present_ids(session, event_id) if person_id not in left]


def _mark_of(session: Session, event: Event, person: Person, by: Person, now: datetime) -> SeatingMark:
    row = queries.marks_of(session, event.id).get(person.id)
    if row is None:
        row = SeatingMark(circle_id=event.circle_id, event_id=event.id, person_id=person.id, first_round=1)
        session.add(row)
    row.by_id, row.at = by.id, now
    return row


def _record_mark(
    session: Session, event: Event, person: Person, row: SeatingMark, by: Person, now: datetime
) -> None:
    session.flush()
    record(
        session,
        "seating.marked",
        "event",
        event.id,
        at=now,
        actor_id=by.id,
        circle_id=event.circle_id,
        person=person.id,
        table=row.table_number,
        first_round=row.first_round,
        last_round=row.last_round,
    )


def _record(session: Session, act: str, plan: SeatingPlan, by: Person | None, now: datetime) -> None:
    record(
        session,
        act,
        "seating_plan",
        plan.id,
        at=now,
        actor_id=by.id if by else None,
        circle_id=plan.circle_id,
        generation=plan.generation,
        from_round=plan.from_round,
    )
