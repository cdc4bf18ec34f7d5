"""The host's look at held matches, with what only the ties know: who has let whom go."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from organizer.events.models import Event
from organizer.matches import closing, making, queries, review
from organizer.matches.models import Match, MatchRun
from organizer.matches.queries import Told
from organizer.matches.review import Proposal
from organizer.ties import service as ties


def proposals(
    session: Session,
    event: Event,
    run: MatchRun,
    listed: Sequence[Match],
    present: Mapping[int, Told],
    person_id: int,
) -> list[Proposal]:
    """Whom the host might pair one person with besides, the best first. Wishes to meet again play no part in it."""
    return review.proposals(run, _room(session, event, run, present), listed, person_id)


def add(session: Session, event: Event, one_id: int, other_id: int, *, by_id: int, now: datetime) -> Match:
    """Add a pair to a held list. NotFound for one that was not proposed."""
    closing.lock_event(session, event.id)
    present = queries.told_present(session, event.id)
    making.hold_people(session, present)
    room = _room(session, event, review.held_run(session, event), present)
    return review.add(session, event, room, ties.ordered(one_id, other_id), by_id=by_id, now=now)


def _room(session: Session, event: Event, run: MatchRun, present: Mapping[int, Told]) -> making.Room:
    """The room under the weights of its run; who wants to meet again is not known in it."""
    profiles = [one.profile for one in present.values()]
    behind = ties.between(session, present, ZoneInfo(event.circle.time_zone))
    weights = making.weights_of_run(run)
    return making.room_of(session, event, profiles, behind.let_go, contacts=behind.contacts, weights=weights)
