"""A draft goes to its people, or a published plan comes back before the first round."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.domain.rounds import PlanState, RoundBarrier, RoundState
from organizer.domain.seating.room import Pair
from organizer.errors import Refused
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.rounds import queries
from organizer.rounds.drafts import draft_as_seen, drawn
from organizer.rounds.models import Round, SeatingPlan
from organizer.rounds.planning import hold, put_away_open


def publish(
    session: Session,
    event: Event,
    *,
    generation: int,
    revision: int,
    barred: Collection[Pair],
    by: Person,
    now: datetime,
) -> SeatingPlan:
    """Give the draft, as the host saw it, to its people; what was published before is superseded.

    Asked for twice, it is done once. `barred`: who may not share a table, as of now. Raises Refused.
    """
    hold(session, event, now)
    published = queries.published_plan(session, event.id)
    if published is not None and published.generation == generation:
        return published
    plan = draft_as_seen(session, event, generation, revision)
    rounds = queries.rounds_of(session, event.id)
    if plan.from_round != queries.begun(rounds) + 1:
        raise Refused(RoundBarrier.CHANGED_MEANWHILE)
    if not drawn(session, plan, barred).verdict().lawful:
        raise Refused(RoundBarrier.UNLAWFUL)
    if published is not None:
        published.state = PlanState.SUPERSEDED
        session.flush()
    plan.state, plan.published_at, plan.published_by_id = PlanState.PUBLISHED, now, by.id
    _set_rounds(session, event, rounds, plan.rounds)
    session.flush()
    _record(session, "seating.published", plan, by, now)
    return plan


def unpublish(session: Session, event: Event, *, by: Person, now: datetime) -> bool:
    """Take the published plan back as a draft, before the first round begins; whether there was one."""
    hold(session, event, now)
    plan = queries.published_plan(session, event.id)
    if plan is None:
        return False
    if queries.begun(queries.rounds_of(session, event.id)):
        raise Refused(RoundBarrier.ROUNDS_BEGUN)
    put_away_open(session, event.id)
    plan.state, plan.published_at, plan.published_by_id = PlanState.DRAFT, None, None
    plan.revision += 1
    session.execute(delete(Round).where(Round.event_id == event.id))
    session.flush()
    _record(session, "seating.unpublished", plan, by, now)
    return True


def _set_rounds(session: Session, event: Event, rounds: Collection[Round], wanted: int) -> None:
    """Have a row for each of so many rounds; those that have begun stay as they are."""
    there = {row.number for row in rounds}
    late = [row.id for row in rounds if row.number > wanted and row.state is RoundState.PLANNED]
    session.execute(delete(Round).where(Round.id.in_(late)))
    session.add_all(
        Round(
            circle_id=event.circle_id,
            event_id=event.id,
            number=number,
            minutes=event.round_minutes,
            state=RoundState.PLANNED,
        )
        for number in range(1, wanted + 1)
        if number not in there
    )
    session.execute(
        update(Round)
        .where(Round.event_id == event.id, Round.state == RoundState.PLANNED)
        .values(minutes=event.round_minutes)
    )


def _record(session: Session, act: str, plan: SeatingPlan, by: Person, now: datetime) -> None:
    record(
        session,
        act,
        "seating_plan",
        plan.id,
        at=now,
        actor_id=by.id,
        circle_id=plan.circle_id,
        generation=plan.generation,
        revision=plan.revision,
    )
