"""A plan taken from the database to be weighed, and the draft exactly as somebody saw it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy.orm import Session

from organizer.domain.gathering import Tables
from organizer.domain.rounds import PlanState, RoundBarrier
from organizer.domain.seatable import Seatable
from organizer.domain.seating.judge import Verdict, judge
from organizer.domain.seating.room import Pair
from organizer.errors import Refused
from organizer.events.models import Event
from organizer.rounds import queries
from organizer.rounds.models import SeatingPlan


@dataclass(frozen=True)
class Drawn:
    """A plan as it stands in the database, ready to be weighed: its room, and its tables in ids."""

    plan: SeatingPlan
    seatable: Seatable
    tables: Tables

    @classmethod
    def of(cls, plan: SeatingPlan, tables: Tables, barred: Collection[Pair]) -> Self:
        """A plan whose room is loaded; a host's hand may part an introducer from a newcomer."""
        seatable = Seatable.from_data(plan.room, barred)
        return cls(plan, replace(seatable, room=replace(seatable.room, beside=())), tables)

    def verdict(self, tables: Tables | None = None) -> Verdict:
        """The judge's verdict on these tables, or the plan's own."""
        return judge(self.seatable.room, self.seatable.numbered(tables or self.tables))


def drawn(session: Session, plan: SeatingPlan, barred: Collection[Pair]) -> Drawn:
    """A plan ready to be weighed; `barred`: who may not share a table, as of now."""
    session.refresh(plan, ["room"])
    seats = queries.tables_by_round(queries.seats_of(session, plan.id), plan.rounds)
    return Drawn.of(plan, tuple(tuple(map(tuple, tables)) for tables in seats), barred)


def draft_as_seen(session: Session, event: Event, generation: int, revision: int) -> SeatingPlan:
    """The draft of that generation, unchanged since it was shown. Raises Refused."""
    plan = queries.open_plan(session, event.id)
    if plan is None or plan.state is not PlanState.DRAFT:
        raise Refused(RoundBarrier.NO_DRAFT)
    if (plan.generation, plan.revision) != (generation, revision):
        raise Refused(RoundBarrier.CHANGED_MEANWHILE)
    return plan
