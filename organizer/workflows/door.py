"""What the door is told of the rounds, a later room: the table at which somebody is to sit now, or else next."""

from typing import Final

from sqlalchemy import select

from organizer.checkin import door_list, statements
from organizer.domain.rounds import PlanState, RoundState
from organizer.registrations.models import Registration
from organizer.rounds.models import Round, Seat, SeatingPlan

TABLE: Final = (
    select(Seat.table_number)
    .join(SeatingPlan, SeatingPlan.id == Seat.plan_id)
    .join(Round, (Round.event_id == SeatingPlan.event_id) & (Round.number == Seat.round))
    .where(
        Seat.person_id == Registration.person_id,
        SeatingPlan.event_id == Registration.event_id,
        SeatingPlan.state == PlanState.PUBLISHED,
        Round.state != RoundState.ENDED,
    )
    .order_by(Round.number)
    .limit(1)
    .correlate(Registration)
    .scalar_subquery()
)
"""Of the published plan: one's table in the round that runs, else in the next one. Rounds end in their order."""

SEEING: Final = statements.seeing(TABLE)
"""What a scan looks at, with the table."""

PEOPLE: Final = door_list.people_of(TABLE)
"""Whom the door list holds, with the table."""
