"""How a circle brings people together: what its hosts have set, kept with a version, and the weights it makes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.circles.models import Circle, CircleApproach
from organizer.circles.refusals import CircleBarrier
from organizer.domain.approach import FIRST_APPROACH, Approach, Lead, Step
from organizer.domain.weights import Aspect, Weights
from organizer.errors import Refused
from organizer.people.models import Person

NEVER_CHANGED = 0
"""The version of a circle that has changed nothing."""


@dataclass(frozen=True)
class Standing:
    """What holds in a circle now, and since which of its versions."""

    approach: Approach
    version: int = NEVER_CHANGED

    @property
    def is_first(self) -> bool:
        """Whether everything counts as it does for a circle that has changed nothing."""
        return self.approach.to_data() == FIRST_APPROACH.to_data()


def standing(session: Session, circle_id: int) -> Standing:
    """What a circle has set; one statement."""
    query = select(CircleApproach).where(CircleApproach.circle_id == circle_id)
    row = session.scalars(query.order_by(CircleApproach.version.desc()).limit(1)).first()
    return Standing(FIRST_APPROACH) if row is None else Standing(Approach.from_data(row.data), row.version)


def weights_of(session: Session, circle_id: int) -> Weights:
    """What counts in a circle when two people are brought together."""
    return standing(session, circle_id).approach.weights()


def set_steps(
    session: Session,
    circle: Circle,
    person: Person,
    steps: Mapping[Aspect, Step],
    by_today: bool,
    seen: int,
    now: datetime,
) -> Standing:
    """Set how much each aspect counts. `seen`: the version that the host had before them.

    Refused(NOTHING_COUNTS), Refused(CHANGED_MEANWHILE).
    """
    if all(step is Step.OFF for step in steps.values()):
        raise Refused(CircleBarrier.NOTHING_COUNTS)
    before = standing(session, circle.id)
    changed = replace(before.approach, steps=dict(steps), by_today=by_today)
    return _keep(session, circle, person, before, changed, seen, now)


def set_lead(
    session: Session, circle: Circle, person: Person, lead: Lead, seen: int, now: datetime
) -> Standing:
    """Set what counts otherwise while a concern is somebody's problem of today. Refused(CHANGED_MEANWHILE)."""
    before = standing(session, circle.id)
    return _keep(session, circle, person, before, before.approach.with_lead(lead), seen, now)


def reset(session: Session, circle: Circle, person: Person, seen: int, now: datetime) -> Standing:
    """Set everything back to what a circle begins with. Refused(CHANGED_MEANWHILE)."""
    before = standing(session, circle.id)
    return _keep(session, circle, person, before, FIRST_APPROACH, seen, now)


def _keep(
    session: Session,
    circle: Circle,
    person: Person,
    before: Standing,
    approach: Approach,
    seen: int,
    now: datetime,
) -> Standing:
    """A new version, unless nothing is new; who comes second with the same one is refused."""
    if seen != before.version:
        raise Refused(CircleBarrier.CHANGED_MEANWHILE)
    if approach.to_data() == before.approach.to_data():
        return before
    row = CircleApproach(
        circle_id=circle.id,
        version=before.version + 1,
        data=approach.to_data(),
        made_at=now,
        made_by_id=person.id,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise Refused(CircleBarrier.CHANGED_MEANWHILE) from None
    _note(session, circle, person, before.approach, approach, row, now)
    return Standing(approach, row.version)


def _note(
    session: Session,
    circle: Circle,
    person: Person,
    before: Approach,
    after: Approach,
    row: CircleApproach,
    now: datetime,
) -> None:
    old, new = before.to_data(), after.to_data()
    steps = {name: step for name, step in new["steps"].items() if old["steps"][name] != step}
    leads = [name for name, lead in new["leads"].items() if old["leads"][name] != lead]
    record(
        session,
        "circle_approach.changed",
        "circle_approach",
        row.id,
        at=now,
        actor_id=person.id,
        circle_id=circle.id,
        version=row.version,
        steps=steps,
        leads=leads,
        by_today=after.by_today,
    )
