"""The end of an evening: its matches are made, sent to their people, and mutual wishes revealed."""

from collections.abc import Collection, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from organizer.audit.service import record
from organizer.circles.service import hosts_of
from organizer.db import add_missing
from organizer.domain.delivery import NotifyChoice
from organizer.domain.lifecycle import EventState, RunState, RunStep, closing_opens, run_step
from organizer.domain.trust import ContactKind
from organizer.errors import NotFound, Refused
from organizer.events.models import Event
from organizer.followups import service as followups
from organizer.mail.outbox import post
from organizer.matches import closing, making, places, queries
from organizer.matches.closing import ClosingBarrier
from organizer.matches.models import Encounter, MatchRun, Reveal
from organizer.matches.queries import Pair
from organizer.registrations.queries import profile_of
from organizer.ties import service as ties
from organizer.ties.models import Tie


def make_matches(session: Session, event_id: int, now: datetime, by_id: int | None = None) -> MatchRun:
    """The generation of matches of an event: made if it is not there yet, held or sent as the event says.

    However often and by whomever it is asked for, it is made once. Raises Refused(ClosingBarrier).
    """
    closing.lock_event(session, event_id)
    event = _event(session, event_id)
    if event.state in (EventState.CANCELLED, EventState.DRAFT):
        raise Refused(ClosingBarrier.EVENT_CANCELLED)
    if now < closing_opens(event.starts_at, event.ends_at):
        raise Refused(ClosingBarrier.NOT_OPEN_YET)
    run, ours = making.claim(session, event, now)
    if not ours:
        return run
    profiles = [profile_of(row) for row in places.registrations_present(session, event.id)]
    ids = [profile.id for profile in profiles]
    making.hold_people(session, ids)
    mutual = queries.mutual_pairs(session, event.id)
    behind = ties.between(session, ids, ZoneInfo(event.circle.time_zone))
    weights = making.weights_of_run(run)
    room = making.room_of(session, event, profiles, behind.let_go, mutual, behind.contacts, weights)
    scores = making.scores_of(room)
    making.fill(session, run, room, scores, making.choose(room, scores))
    record(
        session,
        "matches.made",
        "match_run",
        run.id,
        at=now,
        actor_id=by_id,
        circle_id=event.circle_id,
        **run.work,
    )
    if event.holds_matches and run.work["pairs"]:
        _hold(session, event, run, now)
    else:
        publish_matches(session, run, now, by_id)
    return run


def publish_matches(session: Session, run: MatchRun, now: datetime, by_id: int | None = None) -> bool:
    """Send a generation to its people, once; gives whether it was this call that did.

    The last look: pairs that may not meet any more are taken off. Who wants to meet again, both ways, is told so.
    """
    closing.lock_event(session, run.event_id)
    event = _event(session, run.event_id)
    if event.state is EventState.CANCELLED:
        raise Refused(ClosingBarrier.EVENT_CANCELLED)
    matches = queries.matches_of_run(session, run.id)
    mutual = queries.mutual_pairs(session, event.id)
    ids = {one for match in matches for one in (match.a_id, match.b_id)} | {
        one for pair in mutual for one in pair
    }
    making.hold_people(session, ids)
    publishing = (
        update(MatchRun)
        .where(MatchRun.id == run.id, MatchRun.state != RunState.PUBLISHED)
        .values(state=RunState.PUBLISHED, published_at=now, published_by_id=by_id)
    )
    mine: bool = session.execute(publishing).rowcount == 1  # type: ignore[attr-defined]
    session.refresh(run)
    if mine:
        barred = followups.barred_pairs(session, ids)
        making.sweep(session, run, barred, now)
        _send(session, event, run, mutual - barred, now)
        facts = {"pairs": len(queries.matches_of_run(session, run.id))}
        record(
            session,
            "matches.sent",
            "match_run",
            run.id,
            at=now,
            actor_id=by_id,
            circle_id=event.circle_id,
            **facts,
        )
    return mine


def reveal(
    session: Session, event_id: int, a_id: int, b_id: int, now: datetime, *, tell: bool = True
) -> bool:
    """Tell both that both want to meet again, in one commit; gives whether that is new.

    Their tie begins, and prompts. No list is changed by it. Without `tell` the mail of the matches says it.
    """
    a, b = ties.ordered(a_id, b_id)
    made = add_missing(session, Reveal, [{"event_id": event_id, "a_id": a, "b_id": b, "at": now}])
    if not made:
        return False
    event = _event(session, event_id)
    _begin_ties(session, event, {(a, b)}, now)
    match = queries.published_match(session, event_id, a, b)
    followups.plan_after_matches(session, event, [(a, b, match.id if match else None)], now)
    if tell:
        query = select(Reveal.id).where(Reveal.event_id == event_id, Reveal.a_id == a, Reveal.b_id == b)
        reveal_id = session.scalars(query).one()
        for person_id in (a, b):
            _tell(session, event, "mutual_again", person_id, reveal_id, now)
    return True


def _hold(session: Session, event: Event, run: MatchRun, now: datetime) -> None:
    run.state = run_step(run.state, RunStep.HOLD)
    for host in hosts_of(session, event.circle_id):
        if host.notify is not NotifyChoice.NEVER:
            _tell(session, event, "matches_held", host.person_id, run.id, now)
    session.flush()


def _send(session: Session, event: Event, run: MatchRun, mutual: Collection[Pair], now: datetime) -> None:
    """Ties, prompts and mails for every pair that stands; then the mutual wishes, in the list or beyond it."""
    matches = queries.matches_of_run(session, run.id)
    listed = {(match.a_id, match.b_id) for match in matches}
    _begin_ties(session, event, listed, now)
    followups.plan_after_matches(
        session, event, [(match.a_id, match.b_id, match.id) for match in matches], now
    )
    for person_id in sorted({one for pair in listed for one in pair}):
        _tell(session, event, "matches", person_id, run.id, now)
    told_by_list = {(match.a_id, match.b_id) for match in matches if match.mutual}
    for a, b in sorted(mutual):
        reveal(session, event.id, a, b, now, tell=(a, b) not in told_by_list)


def _begin_ties(session: Session, event: Event, pairs: Collection[Pair], now: datetime) -> None:
    """Each of these pairs has a tie to the other; a contact as well, where they have talked."""
    query = select(Encounter.a_id, Encounter.b_id).where(Encounter.event_id == event.id, Encounter.talked)
    talked = {(a, b) for a, b in session.execute(query)}
    note_talks(session, event, talked.intersection(pairs))
    held = {"note": "", "first_event_id": event.id, "created_at": now}
    directed = sorted({both for a, b in pairs for both in ((a, b), (b, a))})
    add_missing(session, Tie, [{"person_id": one, "other_id": other, **held} for one, other in directed])


def note_talks(session: Session, event: Event, pairs: Iterable[Pair]) -> None:
    """Have the talk of these pairs at this event be a contact of theirs."""
    key = f"event:{event.id}"
    ties.meet_each(session, pairs, event_id=event.id, kind=ContactKind.EVENT, key=key, at=event.starts_at)


def _tell(session: Session, event: Event, kind: str, person_id: int, subject_id: int, now: datetime) -> None:
    """Post a mail about a generation or a reveal to one person, once."""
    post(
        session,
        kind,
        now=now,
        person_id=person_id,
        once=f"{kind}:{subject_id}:{person_id}",
        circle_id=event.circle_id,
        event_id=event.id,
        subject_id=subject_id,
    )


def _event(session: Session, event_id: int) -> Event:
    event = session.scalar(select(Event).options(joinedload(Event.circle)).where(Event.id == event_id))
    if event is None:
        raise NotFound
    return event
