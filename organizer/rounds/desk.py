"""The host's table plan: what stands, what would change, who has no seat, and what each person makes of the evening."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, undefer

from organizer.checkin.models import CheckIn
from organizer.domain.folding import fold
from organizer.domain.gathering import Tables
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.picture import Picture, picture
from organizer.domain.rounds import OPEN, PlanState
from organizer.domain.seatable import Seatable
from organizer.events.models import Event
from organizer.people.models import Person, Profile
from organizer.registrations.models import Registration
from organizer.rounds import queries
from organizer.rounds.models import Round, Seat, SeatingMark, SeatingPlan
from organizer.rounds.standing import Standing


@dataclass(frozen=True, slots=True)
class Guest:
    """One admitted person as the table plan names them, with what the host says of their seats."""

    id: int
    public_id: str
    name: str
    reading: str
    company: str
    first_time: bool
    present: bool
    table: int | None
    first_round: int
    last_round: int | None

    def stays(self, number: int) -> bool:
        """Whether they are expected in a round."""
        return (
            self.present
            and self.first_round <= number
            and (self.last_round is None or number <= self.last_round)
        )


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody sits elsewhere in one round than everybody has seen; 0 stands for no seat."""

    person: int
    number: int
    before: int
    after: int


@dataclass(frozen=True)
class Desk:
    """Everything the host's page shows. `shown` is the draft where there is one, else what is published."""

    event: Event
    on_its_way: SeatingPlan | None
    published: SeatingPlan | None
    newest: SeatingPlan | None
    rounds: tuple[Round, ...]
    guests: Mapping[int, Guest]
    seats: Mapping[int, Tables]
    """By plan."""

    @property
    def draft(self) -> SeatingPlan | None:
        """The plan that can be looked over, changed and published."""
        plan = self.on_its_way
        return plan if plan is not None and plan.state is PlanState.DRAFT else None

    @property
    def solving(self) -> SeatingPlan | None:
        """The plan that is being made."""
        return self.on_its_way if self.draft is None else None

    @property
    def failed(self) -> SeatingPlan | None:
        """The latest plan, if it could not be made."""
        return self.newest if self.newest is not None and self.newest.state is PlanState.FAILED else None

    @property
    def shown(self) -> SeatingPlan | None:
        """The plan whose tables the page shows."""
        return self.draft or self.published

    @property
    def generation(self) -> int:
        """The latest generation, which the next one comes after."""
        return self.newest.generation if self.newest else 0

    @property
    def now(self) -> Round | None:
        """The round that runs or is paused."""
        return queries.current(self.rounds)

    @property
    def next(self) -> Round | None:
        """The round that begins next."""
        return queries.coming(self.rounds)

    @cached_property
    def begun(self) -> int:
        """How many rounds have begun."""
        return queries.begun(self.rounds)

    @cached_property
    def tables(self) -> Tables:
        """The tables of the plan that is shown, by round."""
        return self.seats.get(self.shown.id, ()) if self.shown else ()

    @cached_property
    def present(self) -> list[Guest]:
        """Who is there, by reading."""
        return in_order(guest for guest in self.guests.values() if guest.present)

    @cached_property
    def waiting(self) -> list[Guest]:
        """Who is there and expected in a coming round, but has a seat in none."""
        coming = range(self.begun + 1, len(self.tables) + 1)
        seated = _seated(self.tables, coming)
        expected = (guest for guest in self.present if guest.id not in seated)
        return [guest for guest in expected if any(guest.stays(number) for number in coming)]

    @property
    def standing(self) -> Standing:
        """How the evening stands, as whoever looks at it every second knows it."""
        published = self.published
        tables = self.seats[published.id] if published else ()
        seated = _seated(tables, range(self.begun + 1, len(tables) + 1))
        here = [guest.id for guest in self.present if guest.last_round is None and guest.id not in seated]
        waiting = tuple(sorted(here)) if self.next else ()
        return Standing(self.on_its_way, published, self.rounds, waiting)

    @cached_property
    def leaving(self) -> list[Guest]:
        """Who has a seat in a coming round in which they will not be."""
        gone = {
            person
            for number in range(self.begun + 1, len(self.tables) + 1)
            for person in _seated(self.tables, [number])
            if person not in self.guests or not self.guests[person].stays(number)
        }
        return in_order(self.guests[person] for person in gone if person in self.guests)

    @cached_property
    def alone(self) -> list[Guest]:
        """Who is there, but at no table of the round that runs."""
        if self.now is None or self.published is None:
            return []
        seated = _seated(self.seats[self.published.id], [self.now.number])
        return [guest for guest in self.present if guest.id not in seated and guest.stays(self.now.number)]

    @cached_property
    def met_nobody(self) -> list[Guest]:
        """Who is there, but has sat at no table yet though a round has begun."""
        if not self.begun or self.published is None:
            return []
        seated = _seated(self.seats[self.published.id], range(1, self.begun + 1))
        return [guest for guest in self.present if guest.id not in seated]

    @cached_property
    def moves(self) -> list[Move]:
        """What the draft changes of what everybody has seen, by round and reading; none before a first publishing."""
        if self.draft is None or self.published is None:
            return []
        before, after = _places(self.seats[self.published.id]), _places(self.tables)
        coming = sorted(
            {key for key in before.keys() | after.keys() if key[0] > self.begun},
            key=lambda key: (key[0], self._reading(key[1])),
        )
        changed = [key for key in coming if before.get(key, 0) != after.get(key, 0)]
        return [
            Move(person, number, before.get((number, person), 0), after.get((number, person), 0))
            for number, person in changed
        ]

    @cached_property
    def picture(self) -> Picture | None:
        """What the shown plan is for everybody in it."""
        if self.shown is None:
            return None
        seatable = Seatable.from_data(self.shown.room)
        introduced = self.shown.facts.get("introduced", True)
        return picture(seatable, self.tables, relaxed=self.shown.relaxed, introduced=introduced)

    def _reading(self, person: int) -> str:
        guest = self.guests.get(person)
        return fold(guest.reading or guest.name) if guest else ""


def desk(session: Session, event: Event) -> Desk:
    """The host's table plan of an event. Four statements, however many people there are."""
    plans = _plans(session, event.id)
    known = {plan.state: plan for plan in plans}
    seats = _seats(session, [plan for plan in plans if plan.state in (PlanState.DRAFT, PlanState.PUBLISHED)])
    return Desk(
        event,
        on_its_way=next((plan for plan in plans if plan.state in OPEN), None),
        published=known.get(PlanState.PUBLISHED),
        newest=max(plans, key=lambda plan: plan.generation, default=None),
        rounds=tuple(queries.rounds_of(session, event.id)),
        guests=guests_of(session, event.id),
        seats=seats,
    )


def guests_of(session: Session, event_id: int) -> dict[int, Guest]:
    """Everybody admitted, by id, with what the host says of their seats. One statement."""
    there = exists().where(CheckIn.registration_id == Registration.id, CheckIn.voided_at.is_(None))
    mark = (SeatingMark.event_id == Registration.event_id) & (SeatingMark.person_id == Person.id)
    query = (
        select(
            Person.id,
            Person.public_id,
            Person.name,
            Person.reading,
            Profile.company,
            Registration.first_time,
            there,
            SeatingMark.table_number,
            SeatingMark.first_round,
            SeatingMark.last_round,
        )
        .select_from(Registration)
        .join(Person, Person.id == Registration.person_id)
        .join(Profile, Profile.person_id == Person.id)
        .outerjoin(SeatingMark, mark)
        .where(Registration.event_id == event_id, Registration.state == RegistrationState.ADMITTED)
    )
    rows = session.execute(query)
    return {row.id: Guest(*row[:8], row.first_round or 1, row.last_round) for row in rows}


def in_order(guests: Iterable[Guest]) -> list[Guest]:
    """Guests by reading."""
    return sorted(guests, key=lambda guest: (fold(guest.reading or guest.name), guest.id))


def _plans(session: Session, event_id: int) -> Sequence[SeatingPlan]:
    """The plan on its way, the published one and the latest, with their rooms."""
    newest = (
        select(SeatingPlan.id)
        .where(SeatingPlan.event_id == event_id)
        .order_by(SeatingPlan.generation.desc())
        .limit(1)
        .scalar_subquery()
    )
    standing = SeatingPlan.state.in_([*OPEN, PlanState.PUBLISHED])
    query = select(SeatingPlan).where(SeatingPlan.event_id == event_id)
    found = query.where(standing | (SeatingPlan.id == newest)).options(undefer(SeatingPlan.room))
    return session.scalars(found.order_by(SeatingPlan.generation)).all()


def _seats(session: Session, plans: Sequence[SeatingPlan]) -> dict[int, Tables]:
    """The tables of these plans."""
    rounds = {plan.id: plan.rounds for plan in plans}
    query = select(Seat.plan_id, Seat.round, Seat.table_number, Seat.person_id)
    rows = session.execute(query.where(Seat.plan_id.in_(rounds))) if rounds else ()
    placed: dict[int, list[queries.Placed]] = {plan_id: [] for plan_id in rounds}
    for plan_id, number, table, person in rows:
        placed[plan_id].append((number, table, person))
    by_plan = {
        plan_id: queries.tables_by_round(sorted(seats), rounds[plan_id]) for plan_id, seats in placed.items()
    }
    return {
        plan_id: tuple(tuple(map(tuple, tables)) for tables in by_round)
        for plan_id, by_round in by_plan.items()
    }


def _seated(tables: Tables, numbers: Iterable[int]) -> set[int]:
    """Who has a seat in any of these rounds."""
    return {
        person
        for number in numbers
        if number <= len(tables)
        for people in tables[number - 1]
        for person in people
    }


def _places(tables: Tables) -> dict[tuple[int, int], int]:
    """The table of each (round, person)."""
    return {
        (number, person): table
        for number, round_ in enumerate(tables, start=1)
        for table, people in enumerate(round_, start=1)
        for person in people
    }
