"""How an evening stands at this moment: what a page looks at every second to see whether anything has changed."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.checkin.queries import present_ids
from organizer.domain.rounds import OPEN, PlanState
from organizer.events.models import Event
from organizer.rounds import queries
from organizer.rounds.models import Round, SeatingPlan


@dataclass(frozen=True, slots=True)
class Standing:
    """The plan on its way, the published one, the rounds, and who is there without a seat to go to."""

    open: SeatingPlan | None
    published: SeatingPlan | None
    rounds: tuple[Round, ...]
    waiting: tuple[int, ...]
    """Is there, but sits in no round that is still to begin, by id."""

    @property
    def key(self) -> str:
        """Changes when anything does that the host's page shows, and with nothing else."""
        plans = [
            f"{plan.generation}.{plan.state}.{plan.revision}.{plan.bound}"
            for plan in (self.open, self.published)
            if plan is not None
        ]
        rounds = [f"{row.number}.{row.version}" for row in self.rounds]
        return " ".join([*plans, *rounds, *map(str, self.waiting)])


def standing(session: Session, event: Event) -> Standing:
    """How an evening stands. Five statements, however many people there are."""
    plans = plans_of(session, event.id)
    published = plans.get(PlanState.PUBLISHED)
    on_its_way = next((plan for state, plan in plans.items() if state in OPEN), None)
    rounds = queries.rounds_of(session, event.id)
    seats = queries.seats_of(session, published.id) if published else []
    coming = [row.number for row in rounds if row.number > queries.begun(rounds)]
    marks = queries.marks_of(session, event.id)
    left = {one for one, mark in marks.items() if mark.last_round is not None}
    there = set(present_ids(session, event.id)) - left if coming else set()
    waiting = queries.without_seat(seats, there, coming)
    return Standing(on_its_way, published, tuple(rounds), tuple(waiting))


def plans_of(session: Session, event_id: int) -> dict[PlanState, SeatingPlan]:
    """The plan on its way and the published one, by state."""
    query = select(SeatingPlan).where(SeatingPlan.event_id == event_id)
    found = session.scalars(query.where(SeatingPlan.state.in_([*OPEN, PlanState.PUBLISHED])))
    return {plan.state: plan for plan in found}
