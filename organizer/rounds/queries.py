"""The plans of an evening, its rounds, and who sits where with whom."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session, aliased

from organizer.checkin.models import CheckIn
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.rounds import BEGUN, OPEN, PlanState, RoundClock, RoundState
from organizer.people.models import Person, Profile
from organizer.registrations.models import Registration
from organizer.rounds.models import Round, Seat, SeatingMark, SeatingPlan

Placed = tuple[int, int, int]
"""(round, table, person id), rounds and tables from 1."""


@dataclass(frozen=True, slots=True)
class Face:
    """One admitted person as the pages of the rounds name them; `present`: a check-in stands."""

    id: int
    public_id: str
    name: str
    reading: str
    company: str
    listed: bool
    first_time: bool
    present: bool


def published_plan(session: Session, event_id: int) -> SeatingPlan | None:
    """The plan that is with its people."""
    query = select(SeatingPlan).where(SeatingPlan.event_id == event_id)
    return session.scalar(query.where(SeatingPlan.state == PlanState.PUBLISHED))


def open_plan(session: Session, event_id: int) -> SeatingPlan | None:
    """The plan that is on its way: wanted, being solved, or a draft."""
    query = select(SeatingPlan).where(SeatingPlan.event_id == event_id)
    return session.scalar(query.where(SeatingPlan.state.in_(OPEN)))


def newest_plan(session: Session, event_id: int) -> SeatingPlan | None:
    """The plan of the latest generation, whatever became of it."""
    query = select(SeatingPlan).where(SeatingPlan.event_id == event_id)
    return session.scalar(query.order_by(SeatingPlan.generation.desc()).limit(1))


def rounds_of(session: Session, event_id: int) -> list[Round]:
    """The rounds of an evening in their order; none before the first publishing."""
    query = select(Round).where(Round.event_id == event_id)
    return list(session.scalars(query.order_by(Round.number)))


def clock_of(row: Round) -> RoundClock:
    """The clock of a round."""
    left = None if row.left_seconds is None else timedelta(seconds=row.left_seconds)
    length = timedelta(minutes=row.minutes)
    return RoundClock(row.state, length, row.started_at, row.ends_at, left, row.ended_at)


def current(rounds: Iterable[Round]) -> Round | None:
    """The round that runs or is paused."""
    return next((row for row in rounds if row.state in (RoundState.RUNNING, RoundState.PAUSED)), None)


def coming(rounds: Iterable[Round]) -> Round | None:
    """The first round that is still to begin."""
    return next((row for row in rounds if row.state is RoundState.PLANNED), None)


def begun(rounds: Iterable[Round]) -> int:
    """How many rounds have begun."""
    return sum(row.state in BEGUN for row in rounds)


def seats_of(session: Session, plan_id: int) -> list[Placed]:
    """Every seat of a plan, by round, table and person."""
    query = select(Seat.round, Seat.table_number, Seat.person_id).where(Seat.plan_id == plan_id)
    found = session.execute(query.order_by(Seat.round, Seat.table_number, Seat.person_id))
    return [(round_, table, person) for round_, table, person in found]


def tables_in(session: Session, plan_id: int, number: int) -> dict[int, list[int]]:
    """Who sits at each table of one round, by id."""
    query = select(Seat.table_number, Seat.person_id).where(Seat.plan_id == plan_id, Seat.round == number)
    tables: dict[int, list[int]] = {}
    for table, person_id in session.execute(query.order_by(Seat.table_number, Seat.person_id)):
        tables.setdefault(table, []).append(person_id)
    return tables


def tables_by_round(seats: Iterable[Placed], rounds: int) -> list[list[list[int]]]:
    """Seats as rounds of tables of ids; a table that nobody has is an empty list where a later one is taken."""
    plan: list[list[list[int]]] = [[] for _ in range(rounds)]
    for round_, table, person_id in seats:
        tables = plan[round_ - 1]
        tables.extend([] for _ in range(table - len(tables)))
        tables[table - 1].append(person_id)
    return plan


def own_tables(session: Session, event_id: int, person_id: int) -> dict[int, int]:
    """One's own table in each round of the published plan."""
    query = (
        select(Seat.round, Seat.table_number)
        .join(SeatingPlan, SeatingPlan.id == Seat.plan_id)
        .where(SeatingPlan.event_id == event_id, SeatingPlan.state == PlanState.PUBLISHED)
        .where(Seat.person_id == person_id)
        .order_by(Seat.round)
    )
    return dict(session.execute(query).all())


def mates(session: Session, event_id: int, person_id: int, number: int) -> list[int]:
    """Who else sits at one's table in a round of the published plan, by id."""
    mine = aliased(Seat)
    query = (
        select(Seat.person_id)
        .join(SeatingPlan, SeatingPlan.id == Seat.plan_id)
        .join(mine, _same_table(mine))
        .where(SeatingPlan.event_id == event_id, SeatingPlan.state == PlanState.PUBLISHED)
        .where(mine.person_id == person_id, Seat.round == number, Seat.person_id != person_id)
    )
    return list(session.scalars(query.order_by(Seat.person_id)))


def sat_with(session: Session, event_id: int, person_id: int) -> dict[int, int]:
    """With whom one has sat at this event, and in how many of the rounds that have begun."""
    mine = aliased(Seat)
    begun_round = exists().where(
        Round.event_id == event_id, Round.number == Seat.round, Round.state.in_(BEGUN)
    )
    query = (
        select(Seat.person_id)
        .join(SeatingPlan, SeatingPlan.id == Seat.plan_id)
        .join(mine, _same_table(mine))
        .where(SeatingPlan.event_id == event_id, SeatingPlan.state == PlanState.PUBLISHED)
        .where(mine.person_id == person_id, Seat.person_id != person_id, begun_round)
    )
    return dict(Counter(session.scalars(query)))


def marks_of(session: Session, event_id: int) -> dict[int, SeatingMark]:
    """What the host says of people's seats, by person."""
    query = select(SeatingMark).where(SeatingMark.event_id == event_id)
    return {mark.person_id: mark for mark in session.scalars(query)}


def faces(session: Session, event_id: int, person_ids: Collection[int] | None = None) -> dict[int, Face]:
    """Everybody admitted to an event, or those of them that are asked for, by id. One statement."""
    there = exists().where(CheckIn.registration_id == Registration.id, CheckIn.voided_at.is_(None))
    query = (
        select(
            Person.id,
            Person.public_id,
            Person.name,
            Person.reading,
            Profile.company,
            Registration.listed,
            Registration.first_time,
            there,
        )
        .select_from(Registration)
        .join(Person, Person.id == Registration.person_id)
        .join(Profile, Profile.person_id == Person.id)
        .where(Registration.event_id == event_id, Registration.state == RegistrationState.ADMITTED)
    )
    if person_ids is not None:
        query = query.where(Person.id.in_(person_ids))
    return {row.id: Face(*row) for row in session.execute(query)}


def without_seat(seats: Iterable[Placed], present: Collection[int], numbers: Sequence[int]) -> list[int]:
    """Who is there, but has no seat in any of these rounds, by id."""
    seated = {person_id for round_, _table, person_id in seats if round_ in numbers}
    return sorted(set(present) - seated)


def _same_table(mine: type[Seat]) -> ColumnElement[bool]:
    return and_(
        mine.plan_id == Seat.plan_id, mine.round == Seat.round, mine.table_number == Seat.table_number
    )
