"""Changing a draft by hand: two people change places in one round. What it does to the evening is known before."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.domain.gathering import Tables
from organizer.domain.rounds import PlanState, RoundBarrier
from organizer.domain.seating.judge import Verdict, judge, meetings
from organizer.domain.seating.room import Pair
from organizer.errors import NotFound, Refused
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.rounds import queries
from organizer.rounds.drafts import Drawn, draft_as_seen, drawn
from organizer.rounds.models import Seat, SeatingPlan
from organizer.rounds.planning import hold, put_away_open

MOST_GAINS = 80
"""In larger rooms a change is weighed when it is proposed, not before."""


@dataclass(frozen=True, slots=True)
class Change:
    """Two people change places in one round: the verdict before and after."""

    number: int
    one: int
    other: int
    before: Verdict
    after: Verdict
    clashes: int
    """How many more pairs who may not would share a table in that round."""

    @property
    def lawful(self) -> bool:
        """Whether it breaks no rule that was kept before, and none once more."""
        return self.clashes <= 0 and set(self.after.faults) <= set(self.before.faults)

    @property
    def gain(self) -> int:
        """Points won, negative where it loses."""
        return self.after.score - self.before.score


def propose(draft: Drawn, number: int, one: int, other: int) -> Change:
    """What it would mean that these two change places. Raises Refused, NotFound for somebody not in that round."""
    if number < draft.plan.from_round:
        raise Refused(RoundBarrier.ROUND_OVER)
    return _change(draft, number, one, other, draft.verdict())


def gains(draft: Drawn, number: int, one: int) -> dict[int, Change]:
    """What a change of places with each other person of that round would mean; none in very large rooms."""
    if number < draft.plan.from_round or len(draft.seatable.ids) > MOST_GAINS:
        return {}
    before = draft.verdict()
    mine = next((people for people in draft.tables[number - 1] if one in people), ())
    others = [other for people in draft.tables[number - 1] for other in people if people != mine]
    return {other: _change(draft, number, one, other, before) for other in others} if mine else {}


def swap(
    session: Session,
    event: Event,
    *,
    generation: int,
    revision: int,
    number: int,
    one: int,
    other: int,
    barred: Collection[Pair],
    by: Person,
    now: datetime,
) -> Change:
    """Have two people change places in one round of the draft, as the host saw it. Raises Refused, NotFound."""
    hold(session, event, now)
    plan = draft_as_seen(session, event, generation, revision)
    change = propose(drawn(session, plan, barred), number, one, other)
    if not change.lawful:
        raise Refused(RoundBarrier.UNLAWFUL)
    _exchange(session, plan, number, one, other)
    plan.revision, plan.score = plan.revision + 1, change.after.score
    plan.worst = round(1000 * change.after.worst_person)
    session.flush()
    record(
        session,
        "seating.swapped",
        "seating_plan",
        plan.id,
        at=now,
        actor_id=by.id,
        circle_id=event.circle_id,
        round=number,
        one=one,
        other=other,
        gain=change.gain,
    )
    return change


def revise(session: Session, event: Event, *, after: int, by: Person, now: datetime) -> SeatingPlan:
    """A draft that begins as the published plan, so that its coming rounds can be changed by hand. Raises Refused."""
    hold(session, event, now)
    newest = queries.newest_plan(session, event.id)
    if newest is not None and newest.generation > after:
        return newest
    base = queries.published_plan(session, event.id)
    if base is None or newest is None:
        raise Refused(RoundBarrier.NOT_PUBLISHED)
    begun = queries.begun(queries.rounds_of(session, event.id))
    if begun >= base.rounds:
        raise Refused(RoundBarrier.ALL_ROUNDS_BEGUN)
    plan = _copy(drawn(session, base, ()), newest.generation + 1, begun, by, now)
    put_away_open(session, event.id)
    session.add(plan)
    session.flush()
    _copy_seats(session, base, plan)
    record(
        session, "seating.revised", "seating_plan", plan.id, at=now, actor_id=by.id, circle_id=event.circle_id
    )
    return plan


def _copy(base: Drawn, generation: int, begun: int, by: Person, now: datetime) -> SeatingPlan:
    """A draft like a published plan; a change in it is counted against what is published."""
    room = replace(base.seatable.room, from_round=begun, published=base.seatable.numbered(base.tables))
    seatable = replace(base.seatable, room=room)
    verdict = judge(room, seatable.numbered(base.tables))
    old = base.plan
    return SeatingPlan(
        circle_id=old.circle_id,
        event_id=old.event_id,
        generation=generation,
        base_id=old.id,
        state=PlanState.DRAFT,
        rounds=old.rounds,
        table_size=old.table_size,
        from_round=begun + 1,
        seed=old.seed,
        weights=old.weights,
        room=old.room | seatable.to_data(),
        score=verdict.score,
        bound=old.bound,
        worst=round(1000 * verdict.worst_person),
        relaxed=old.relaxed,
        facts=old.facts,
        asked_at=now,
        asked_by_id=by.id,
        made_at=now,
    )


def _change(draft: Drawn, number: int, one: int, other: int, before: Verdict) -> Change:
    seated = {person for people in draft.tables[number - 1] for person in people}
    if one == other or not seated.issuperset((one, other)):
        raise NotFound
    turned = {one: other, other: one}
    round_ = tuple(
        tuple(turned.get(person, person) for person in people) for people in draft.tables[number - 1]
    )
    tables = (*draft.tables[: number - 1], round_, *draft.tables[number:])
    clashes = _clashes(draft, tables, number) - _clashes(draft, draft.tables, number)
    return Change(number, one, other, before, draft.verdict(tables), clashes)


def _clashes(draft: Drawn, tables: Tables, number: int) -> int:
    """How many pairs who may not share a table in a round."""
    plan = draft.seatable.numbered(tables)
    return len(meetings(plan[number - 1 : number]).keys() & draft.seatable.room.unlawful)


def _exchange(session: Session, plan: SeatingPlan, number: int, one: int, other: int) -> None:
    """Give each of the two the table of the other."""
    where = Seat.plan_id == plan.id, Seat.round == number
    query = select(Seat.person_id, Seat.table_number).where(*where, Seat.person_id.in_((one, other)))
    table = dict(session.execute(query).all())
    for person, at in ((one, table[other]), (other, table[one])):
        session.execute(update(Seat).where(*where, Seat.person_id == person).values(table_number=at))


def _copy_seats(session: Session, base: SeatingPlan, plan: SeatingPlan) -> None:
    columns = Seat.circle_id, Seat.round, Seat.table_number, Seat.person_id
    seats = select(*columns, select(SeatingPlan.id).where(SeatingPlan.id == plan.id).scalar_subquery())
    names = ["circle_id", "round", "table_number", "person_id", "plan_id"]
    session.execute(insert(Seat).from_select(names, seats.where(Seat.plan_id == base.id)))
