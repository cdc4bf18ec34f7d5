"""One person's closing of an event: whom they talked with, whom they want to meet again, and that they are done.

Every writer holds the event first, so that of two people who choose each other at the same instant one sees both.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from organizer.db import add_missing
from organizer.domain.lifecycle import EventState, RunState, closing_opens
from organizer.domain.reasons import ReasonKind
from organizer.errors import Refused
from organizer.events.models import Event
from organizer.matches.encounters import note_talked
from organizer.matches.models import Again, Closing, Encounter, Match, MatchRun, Reveal, Talk
from organizer.matches.places import CLOSING_LASTS, Place, others_listed
from organizer.matches.queries import Pair


class ClosingBarrier(StrEnum):
    """Why somebody cannot answer the closing now."""

    EVENT_CANCELLED = "event_cancelled"
    NOT_OPEN_YET = "not_open_yet"
    NOT_PRESENT = "not_present"
    TOO_LATE = "too_late"


def barrier(place: Place, now: datetime) -> ClosingBarrier | None:
    """Why this person cannot see the closing; None when they can."""
    if place.event.state is EventState.CANCELLED:
        return ClosingBarrier.EVENT_CANCELLED
    if now < closing_opens(place.event.starts_at, place.event.ends_at):
        return ClosingBarrier.NOT_OPEN_YET
    return None if place.present else ClosingBarrier.NOT_PRESENT


def read_only(event: Event, now: datetime) -> bool:
    """Whether the closing can be looked at, but no longer changed."""
    return now > event.ends_at + CLOSING_LASTS


def admit(place: Place, now: datetime, *, writes: bool) -> None:
    """Let those pass who may see the closing, or change it. Raises Refused(ClosingBarrier)."""
    why = barrier(place, now)
    if why is None and writes and read_only(place.event, now):
        why = ClosingBarrier.TOO_LATE
    if why is not None:
        raise Refused(why)


def lock_event(session: Session, event_id: int) -> None:
    """Hold the event until the commit: closing, matches and reveals of one event happen one after the other."""
    session.execute(select(Event.id).where(Event.id == event_id).with_for_update(key_share=True))


def talked_with(session: Session, event_id: int, person_id: int) -> set[int]:
    """Whom this person says they talked with."""
    query = select(Talk.other_id).where(Talk.event_id == event_id, Talk.person_id == person_id)
    return set(session.scalars(query))


def wanted_again(session: Session, event_id: int, person_id: int) -> set[int]:
    """Whom this person wants to meet again: for their own eyes only."""
    query = select(Again.other_id).where(Again.event_id == event_id, Again.person_id == person_id)
    return set(session.scalars(query))


def revealed_to(session: Session, event_id: int, person_id: int) -> set[int]:
    """With whom this person shares a mutual wish that both have been told of."""
    query = select(Reveal.a_id, Reveal.b_id).where(
        Reveal.event_id == event_id, or_(Reveal.a_id == person_id, Reveal.b_id == person_id)
    )
    return {a + b - person_id for a, b in session.execute(query)}


def save_talks(session: Session, place: Place, chosen: Collection[int], now: datetime) -> set[Pair]:
    """Keep whom this person talked with; gives the pairs (a < b) that have newly met.

    Whoever is not on this person's list is passed over in silence.
    """
    event, person_id = place.event, place.person_id
    _begin(session, place, now)
    shown = {other.id for other in others_listed(session, event.id, person_id)}
    before, wanted = talked_with(session, event.id, person_id), shown & set(chosen)
    ended = (before & shown) - wanted
    if ended:
        mine = Talk.event_id == event.id, Talk.person_id == person_id
        session.execute(delete(Talk).where(*mine, Talk.other_id.in_(ended)))
        _forget_encounters(session, event.id, person_id, ended)
    rows = [
        {"event_id": event.id, "person_id": person_id, "other_id": other, "at": now}
        for other in sorted(wanted - before)
    ]
    add_missing(session, Talk, rows)
    met = {(min(person_id, other), max(person_id, other)) for other in wanted - before}
    note_talked(session, event, met, now)
    return met


def save_agains(session: Session, place: Place, chosen: Collection[int], now: datetime) -> set[Pair]:
    """Keep whom this person wants to meet again; gives the pairs (a < b) of whom both now do and neither was told.

    What is taken back before both were told is gone without a trace; what both were told stands.
    """
    event, person_id = place.event, place.person_id
    _begin(session, place, now)
    shown = {other.id for other in others_listed(session, event.id, person_id)}
    told = revealed_to(session, event.id, person_id)
    before, wanted = wanted_again(session, event.id, person_id), shown & set(chosen)
    ended = (before & shown) - wanted - told
    if ended:
        withdraw(session, event.id, person_id, ended)
    rows = [
        {"event_id": event.id, "person_id": person_id, "other_id": other, "at": now}
        for other in sorted(wanted - before)
    ]
    add_missing(session, Again, rows)
    mine = (Again.event_id == event.id, Again.other_id == person_id, Again.person_id.in_(wanted - told))
    both = session.scalars(select(Again.person_id).where(*mine))
    return {(min(person_id, other), max(person_id, other)) for other in both}


def withdraw(session: Session, event_id: int, person_id: int, others: Collection[int]) -> None:
    """Take back that one wants to meet these again, also out of a list that has not gone out yet."""
    mine = Again.event_id == event_id, Again.person_id == person_id, Again.other_id.in_(others)
    session.execute(delete(Again).where(*mine))
    query = (
        select(Match)
        .join(MatchRun, MatchRun.id == Match.run_id)
        .where(Match.event_id == event_id, Match.mutual, MatchRun.state != RunState.PUBLISHED)
        .where(or_(Match.a_id == person_id, Match.b_id == person_id))
    )
    for match in session.scalars(query):
        if match.a_id + match.b_id - person_id in others:
            unmark(match)
    session.flush()


def unmark(match: Match) -> None:
    """Have a pair be on the list for its other reasons alone."""
    match.mutual = False
    match.reasons = [row for row in match.reasons if row.get("kind") != ReasonKind.MUTUAL_AGAIN.value]


def finish(session: Session, place: Place, now: datetime) -> bool:
    """Note that this person has gone through to the end; gives whether that is new."""
    _begin(session, place, now)
    query = select(Closing).where(Closing.event_id == place.event.id, Closing.person_id == place.person_id)
    closing = session.scalars(query).one()
    new = closing.finished_at is None
    closing.finished_at = closing.finished_at or now
    session.flush()
    return new


def _begin(session: Session, place: Place, now: datetime) -> None:
    """Decide under the event's lock whether this may still be written, and note that it has been begun."""
    lock_event(session, place.event.id)
    admit(place, now, writes=True)
    row = {
        "circle_id": place.event.circle_id,
        "event_id": place.event.id,
        "person_id": place.person_id,
        "begun_at": now,
    }
    add_missing(session, Closing, [row])


def _forget_encounters(session: Session, event_id: int, person_id: int, others: Collection[int]) -> None:
    """Two have not talked when neither says so any more, and not met unless they sat at one table."""
    says_so = exists().where(
        Talk.event_id == event_id,
        Talk.person_id.in_((Encounter.a_id, Encounter.b_id)),
        Talk.other_id.in_((Encounter.a_id, Encounter.b_id)),
    )
    mine = or_(
        and_(Encounter.a_id == person_id, Encounter.b_id.in_(others)),
        and_(Encounter.b_id == person_id, Encounter.a_id.in_(others)),
    )
    silent = Encounter.event_id == event_id, mine, ~says_so
    session.execute(delete(Encounter).where(*silent, Encounter.sat == 0))
    session.execute(update(Encounter).where(*silent).values(talked=False))
