"""The rounds of the demo's past evening: seated by the real search, published, run and ended."""

from datetime import timedelta

from sqlalchemy.orm import Session

from organizer.domain.arranging import arrange
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.rounds import planning, solving
from organizer.rounds.jobs import solved
from organizer.running.solve import answer
from organizer.workflows import rounds

SECONDS = 0.2
WELCOME = timedelta(minutes=10)
BETWEEN = timedelta(minutes=2)


def sit_down(session: Session, event: Event, host: Person) -> None:
    """Seat those who are there for all rounds, and let the rounds pass: whoever shared a table has met."""
    moment = event.starts_at
    plan = planning.ask(session, event, after=0, by=host, now=moment)
    solving.claim(session, "demo", moment)
    gathering = rounds.gather(session, plan)
    found = arrange(gathering, seconds=SECONDS, seed=plan.seed)
    solving.settle(session, plan.id, "demo", solved(answer(found, gathering)), moment)
    session.refresh(plan)
    rounds.publish(session, event, generation=plan.generation, revision=plan.revision, by=host, now=moment)
    moment += WELCOME
    for number in range(1, event.rounds + 1):
        rounds.start(session, event, number, by=host, now=moment)
        moment += timedelta(minutes=event.round_minutes)
        rounds.end(session, event, number, by=host, now=moment)
        moment += BETWEEN
