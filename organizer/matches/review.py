"""The host's look at matches that are held: taking a pair off, putting it back, adding one of those proposed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.domain.lifecycle import RunState
from organizer.errors import NotFound, Refused
from organizer.events.models import Event
from organizer.matches.closing import lock_event
from organizer.matches.making import CAP, Room, match_row, scores_of
from organizer.matches.models import Match, MatchRun
from organizer.matches.queries import Pair, matches_of_run, newest_run

PROPOSED = 3
"""How many partners are proposed for one person: so few that nobody missing among them is conspicuous."""


class ReviewBarrier(StrEnum):
    """Why a list of matches cannot be changed."""

    NOT_HELD = "not_held"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pair that might be added; the match is no row yet."""

    other_id: int
    match: Match


def held_run(session: Session, event: Event) -> MatchRun:
    """The held generation of an event, locked until the commit.

    Refused once it has gone out; NotFound before it is made.
    """
    lock_event(session, event.id)
    run = newest_run(session, event.id)
    if run is None:
        raise NotFound
    session.refresh(run)
    if run.state is RunState.PUBLISHED:
        raise Refused(ReviewBarrier.NOT_HELD)
    return run


def take_off(session: Session, event: Event, public_id: str, *, by_id: int, now: datetime) -> Match:
    """Take a pair off the list; doing so twice changes nothing."""
    match = _match(session, held_run(session, event), public_id)
    if match.removed_at is None:
        match.removed_at = now
        _note(session, event, "match.removed", match, by_id, now)
    return match


def put_back(session: Session, event: Event, public_id: str, *, by_id: int, now: datetime) -> Match:
    """Undo a taking-off; a pair that may not meet any more is left off when the list goes out."""
    match = _match(session, held_run(session, event), public_id)
    if match.removed_at is not None:
        match.removed_at = None
        _note(session, event, "match.restored", match, by_id, now)
    return match


def proposals(run: MatchRun, room: Room, listed: Sequence[Match], person_id: int) -> list[Proposal]:
    """The best few others for one person, who are not on the list with them yet and have room for one more."""
    taken = Counter(one for match in listed for one in (match.a_id, match.b_id))
    paired = {(match.a_id, match.b_id) for match in listed}
    scores = {
        both: worth
        for both, worth in scores_of(room).items()
        if person_id in both and both not in paired and max(taken[one] for one in both) < CAP
    }
    best = sorted(scores, key=lambda both: (-scores[both], both))[:PROPOSED]
    profiles = {profile.id: profile for profile in room.profiles}
    return [
        Proposal(sum(both) - person_id, match_row(run, both, scores[both], profiles, room)) for both in best
    ]


def add(session: Session, event: Event, room: Room, both: Pair, *, by_id: int, now: datetime) -> Match:
    """Add one of the proposed pairs. NotFound for any other."""
    run = held_run(session, event)
    listed = matches_of_run(session, run.id)
    known = next((match for match in listed if (match.a_id, match.b_id) == both), None)
    if known is not None:
        return known
    found = next((one for one in proposals(run, room, listed, both[0]) if one.other_id == both[1]), None)
    back = found or next(
        (one for one in proposals(run, room, listed, both[1]) if one.other_id == both[0]), None
    )
    if back is None:
        raise NotFound
    match = _insert(session, run, back.match, by_id)
    _note(session, event, "match.added", match, by_id, now)
    return match


def _insert(session: Session, run: MatchRun, match: Match, by_id: int) -> Match:
    """The new row, or the one of the same pair that had been taken off."""
    match.added_by_id = by_id
    try:
        with session.begin_nested():
            session.add(match)
    except IntegrityError:
        query = select(Match).where(
            Match.run_id == run.id, Match.a_id == match.a_id, Match.b_id == match.b_id
        )
        kept = session.scalars(query).one()
        kept.removed_at = None
        return kept
    return match


def _match(session: Session, run: MatchRun, public_id: str) -> Match:
    match = session.scalar(select(Match).where(Match.run_id == run.id, Match.public_id == public_id))
    if match is None:
        raise NotFound
    return match


def _note(session: Session, event: Event, act: str, match: Match, by_id: int, now: datetime) -> None:
    record(session, act, "match", match.id, at=now, actor_id=by_id, circle_id=event.circle_id)
