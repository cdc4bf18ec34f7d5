"""Looking back on an evening: what one person keeps of it, saved at once, and what follows from it for two."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizer.domain.delivery import FollowUpState
from organizer.domain.lifecycle import RunState
from organizer.events.models import Event
from organizer.events.schedule import MAKE_MATCHES
from organizer.followups import service as followups
from organizer.followups.models import FollowUp
from organizer.jobs import tasks
from organizer.matches import closing, places, queries
from organizer.matches.places import Place
from organizer.ties import service as ties
from organizer.ties.models import Insight, Promise, Tie
from organizer.workflows import keeping_up
from organizer.workflows.closing import note_talks, reveal

ENOUGH_TO_PAIR = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """What a person keeps of an evening: a promise to one of the others, and one thought."""

    to_id: int | None = None
    promise: str = ""
    due_on: date | None = None
    insight: str = ""


def say_talked(session: Session, place: Place, others: Collection[int], now: datetime) -> None:
    """Keep whom a person talked with; once the matches are out, a matched pair's talk becomes a contact."""
    met = closing.save_talks(session, place, others, now)
    run = queries.newest_run(session, place.event.id) if met else None
    if run is not None and run.state is RunState.PUBLISHED:
        matched = {(match.a_id, match.b_id) for match in queries.matches_of_run(session, run.id)}
        note_talks(session, place.event, met & matched)


def say_again(session: Session, place: Place, others: Collection[int], now: datetime) -> None:
    """Keep whom a person wants to meet again. What is mutual by it is revealed at once, if the matches are made.

    Before that it waits for them, and is revealed along with them.
    """
    both = closing.save_agains(session, place, others, now)
    if both and queries.newest_run(session, place.event.id) is not None:
        barred = followups.barred_pairs(session, {one for pair in both for one in pair})
        for a, b in sorted(both - barred):
            reveal(session, place.event.id, a, b, now)


def finish(session: Session, place: Place, kept: Kept, now: datetime) -> None:
    """Keep the promise and the insight, and end the closing; when everybody has, the matches are made."""
    new = closing.finish(session, place, now)
    _keep_promise(session, place, kept, now)
    ties.write_insight(session, place.person_id, place.event.id, kept.insight, now)
    if new and queries.newest_run(session, place.event.id) is None:
        done = places.answered(session, place.event.id)
        if done.finished == done.present >= ENOUGH_TO_PAIR:
            _have_them_made(session, place.event, now)


def promise_made(session: Session, place: Place) -> Promise | None:
    """The promise a person made in this closing and has not given up."""
    query = select(Promise).where(
        Promise.person_id == place.person_id,
        Promise.event_id == place.event.id,
        Promise.dropped_at.is_(None),
    )
    return session.scalar(query.order_by(Promise.id.desc()).limit(1))


def insight_of(session: Session, place: Place) -> str:
    """What a person takes home from this event, or nothing."""
    mine = Insight.person_id == place.person_id, Insight.event_id == place.event.id
    return session.scalar(select(Insight.words).where(*mine)) or ""


def promises_made(session: Session, place: Place) -> dict[int, Promise]:
    """What a person promised at this event and still owes, or has kept, by whom it is promised to."""
    query = select(Promise).where(
        Promise.person_id == place.person_id,
        Promise.event_id == place.event.id,
        Promise.dropped_at.is_(None),
    )
    return {promise.other_id: promise for promise in session.scalars(query.order_by(Promise.id))}


def gone_for(session: Session, person_id: int, others: Collection[int]) -> set[int]:
    """Whom of these others this person has let go. That another has let them go is not seen."""
    mine = Tie.person_id == person_id, Tie.other_id.in_(others), Tie.let_go_at.is_not(None)
    return set(session.scalars(select(Tie.other_id).where(*mine)))


def let_go(session: Session, place: Place, other_id: int, now: datetime) -> None:
    """Not this person: they are gone from one's matches and prompts, and see nothing of it."""
    closing.lock_event(session, place.event.id)
    told = closing.revealed_to(session, place.event.id, place.person_id)
    if other_id not in told:
        closing.withdraw(session, place.event.id, place.person_id, {other_id})
    keeping_up.let_go(session, place.person_id, other_id, now)


def _keep_promise(session: Session, place: Place, kept: Kept, now: datetime) -> None:
    """One promise of a closing: written anew, changed, or given up when its words are taken away."""
    before = promise_made(session, place)
    if before is not None and before.kept_at is not None:
        return
    shown = {other.id for other in places.others_listed(session, place.event.id, place.person_id)}
    to_id = kept.to_id if kept.promise and kept.to_id in shown else None
    if before is not None:
        if (before.other_id, before.words, before.due_on) == (to_id, kept.promise, kept.due_on):
            return
        _call_off(session, before)
        if before.other_id != to_id:
            ties.drop(session, before, now)
            before = None
    if to_id is None:
        return
    made = before or ties.promise(
        session, place.person_id, to_id, kept.promise, kept.due_on, now=now, event_id=place.event.id
    )
    made.words, made.due_on = kept.promise, kept.due_on
    session.flush()
    followups.plan_promise(session, made, now)


def _call_off(session: Session, promise: Promise) -> None:
    """The prompt of a promise that reads otherwise now, as long as it stands on no day."""
    waiting = FollowUp.state == FollowUpState.WAITING, FollowUp.slot.is_(None)
    session.execute(delete(FollowUp).where(FollowUp.promise_id == promise.id, *waiting))


def _have_them_made(session: Session, event: Event, now: datetime) -> None:
    """Let the worker make the matches now instead of in the evening; two who ask at once ask for the same."""
    try:
        with session.begin_nested():
            tasks.plan(session, MAKE_MATCHES, event.id, now, now=now, circle_id=event.circle_id)
    except IntegrityError:
        return
