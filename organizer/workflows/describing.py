"""What a person is after, kept beside the ties it is meant for."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.domain.vocabulary import Horizon
from organizer.people.models import Person
from organizer.ties.models import Goal


def goals_of(session: Session, person: Person) -> dict[Horizon, str]:
    """A person's goals in words, by horizon; horizons without one are left out."""
    query = select(Goal.horizon, Goal.words).where(Goal.person_id == person.id)
    return {horizon: words for horizon, words in session.execute(query) if words}


def set_goals(session: Session, person: Person, words: Mapping[Horizon, str], now: datetime) -> None:
    """Have these be a person's goals; an empty one ends the goal, a changed one begins anew."""
    session.execute(
        select(Person.id).where(Person.id == person.id).with_for_update()
    )  # one change of it at a time
    known = {goal.horizon: goal for goal in session.scalars(select(Goal).where(Goal.person_id == person.id))}
    for horizon, text in words.items():
        goal = known.get(horizon)
        if not text and goal is not None:
            session.delete(goal)
        elif text and goal is None:
            session.add(Goal(person_id=person.id, horizon=horizon, words=text, updated_at=now))
        elif goal is not None and goal.words != text:
            goal.words, goal.progress, goal.updated_at = text, 0, now
    record(session, "profile.changed", "person", person.id, at=now, actor_id=person.id, section="goals")
