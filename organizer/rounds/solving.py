"""A wanted plan on its way through the solver: claimed, kept alive, settled. Each act is one short transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, insert, or_, select, update
from sqlalchemy.orm import Session

from organizer.domain.rounds import PlanState
from organizer.rounds.models import Seat, SeatingPlan
from organizer.rounds.queries import Placed

LEASE = timedelta(seconds=15)
"""Whoever has not been heard of for so long is dead."""
MOST_ATTEMPTS = 3


class Trouble(StrEnum):
    """Why a plan could not be made."""

    NO_LAWFUL_PLAN = "no_lawful_plan"
    """None was found in the time there was, or there is none."""
    TOO_FEW = "too_few"
    """Fewer are there than a plan needs."""
    SOLVER_DIED = "solver_died"


@dataclass(frozen=True, slots=True)
class Solved:
    """What a solver found; `room` is a `gathering.Seatable` as data, with what each two have behind them."""

    seats: Sequence[Placed]
    room: dict[str, Any]
    weights: dict[str, Any]
    work: int
    score: int
    worst: int
    relaxed: bool
    facts: dict[str, Any]
    bound: int | None = None


def due(session: Session, now: datetime) -> int | None:
    """The plan that has waited longest for a solver, if any."""
    return session.scalar(_due(now))


def claim(session: Session, name: str, now: datetime) -> SeatingPlan | None:
    """The plan that has waited longest, taken for a while by the worker of that name.

    One whose solvers have died again and again is given up instead.
    """
    query = _due(now)
    if session.get_bind().dialect.name != "sqlite":
        query = query.with_for_update(skip_locked=True)
    found = session.scalar(query)
    if found is None:
        return None
    plan = session.get_one(SeatingPlan, found)
    if plan.attempts >= MOST_ATTEMPTS:
        plan.state, plan.reason, plan.claimed_by = PlanState.FAILED, Trouble.SOLVER_DIED.value, None
        return None
    plan.state, plan.attempts = PlanState.SOLVING, plan.attempts + 1
    plan.claimed_by, plan.claimed_until = name, now + LEASE
    return plan


def alive(session: Session, plan_id: int, name: str, better: int | None, now: datetime) -> bool:
    """Hold the claim for another while, and note the score of the best plan yet; False when nobody waits for it.

    A draft waits for nothing but its bound, which is of use as long as it is anybody's plan.
    """
    values: dict[str, Any] = {"claimed_until": now + LEASE}
    if better is not None:
        values["score"] = better
    held = update(SeatingPlan).where(*_ours(plan_id, name)).values(values)
    if session.execute(held).rowcount:  # type: ignore[attr-defined]
        return True
    mine = SeatingPlan.id == plan_id, SeatingPlan.claimed_by == name
    bounding = select(SeatingPlan.id).where(
        *mine, SeatingPlan.state.in_((PlanState.DRAFT, PlanState.PUBLISHED))
    )
    return session.scalar(bounding) is not None


def settle(session: Session, plan_id: int, name: str, solved: Solved, now: datetime) -> bool:
    """Make a draft of what was found; False when the plan is no longer ours, and nothing is written."""
    values = {
        "state": PlanState.DRAFT,
        "room": solved.room,
        "weights": solved.weights,
        "work": solved.work,
        "score": solved.score,
        "bound": solved.bound,
        "worst": solved.worst,
        "relaxed": solved.relaxed,
        "facts": solved.facts,
        "made_at": now,
        "claimed_until": None,
    }
    settling = (
        update(SeatingPlan).where(*_ours(plan_id, name)).values(values).returning(SeatingPlan.circle_id)
    )
    circle_id = session.scalar(settling)
    if circle_id is None:
        return False
    where = {"circle_id": circle_id, "plan_id": plan_id}
    rows = [
        {**where, "round": round_, "table_number": table, "person_id": person_id}
        for round_, table, person_id in solved.seats
    ]
    session.execute(insert(Seat), rows)
    return True


def note_bound(session: Session, plan_id: int, name: str, bound: int) -> None:
    """Keep what no plan of that room can exceed, found after the plan itself."""
    mine = SeatingPlan.id == plan_id, SeatingPlan.claimed_by == name, SeatingPlan.score <= bound
    session.execute(update(SeatingPlan).where(*mine).values(bound=bound))


def give_up(session: Session, plan_id: int, name: str, why: Trouble, facts: dict[str, Any]) -> None:
    """Note that there is no plan, and why."""
    values = {"state": PlanState.FAILED, "reason": why.value, "facts": facts, "claimed_until": None}
    session.execute(update(SeatingPlan).where(*_ours(plan_id, name)).values(values))


def let_go(session: Session, plan_id: int, name: str) -> None:
    """Hand a claimed plan back: its solver died, and another is to try."""
    values = {"state": PlanState.WANTED, "claimed_by": None, "claimed_until": None}
    session.execute(update(SeatingPlan).where(*_ours(plan_id, name)).values(values))


def _due(now: datetime) -> Select[int]:
    abandoned = and_(SeatingPlan.state == PlanState.SOLVING, SeatingPlan.claimed_until < now)
    waiting = or_(SeatingPlan.state == PlanState.WANTED, abandoned)
    return select(SeatingPlan.id).where(waiting).order_by(SeatingPlan.asked_at, SeatingPlan.id).limit(1)


def _ours(plan_id: int, name: str) -> tuple[ColumnElement[bool], ...]:
    return (
        SeatingPlan.id == plan_id,
        SeatingPlan.state == PlanState.SOLVING,
        SeatingPlan.claimed_by == name,
    )
