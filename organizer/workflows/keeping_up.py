"""Keeping up a tie: what is done to it moves or ends the prompts that wait for it."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.domain.trust import ContactKind
from organizer.followups import service as followups
from organizer.ties import service as ties
from organizer.ties.models import Promise, Tie


def note_contact(
    session: Session, tie: Tie, kind: ContactKind, day: date, at: datetime, now: datetime
) -> bool:
    """Note a touch that happened elsewhere; the next prompt moves on from it. Gives whether it is new."""
    new = ties.note_contact(session, tie, kind, day, at, now)
    followups.after_contact(session, tie.person_id, tie.other_id, at, now)
    return new


def let_go(session: Session, person_id: int, other_id: int, now: datetime) -> Tie:
    """Let somebody go: unseen by them, and nothing prompts again."""
    tie = ties.let_go(session, person_id, other_id, now)
    followups.end_after_letting_go(session, person_id, other_id, now)
    record(session, "tie.let_go", "tie", tie.id, at=now, actor_id=person_id)
    return tie


def hold_on(session: Session, tie: Tie, now: datetime) -> None:
    """Take a letting-go back: the quarterly rhythm goes on."""
    if ties.take_back(session, tie):
        followups.resume(session, tie.person_id, tie.other_id, now)
        record(session, "tie.held_on", "tie", tie.id, at=now, actor_id=tie.person_id)


def promise(
    session: Session, tie: Tie, words: str, due_on: date | None, now: datetime, event_id: int | None = None
) -> Promise:
    """A promise to somebody, and the prompt on its day."""
    made = ties.promise(session, tie.person_id, tie.other_id, words, due_on, now=now, event_id=event_id)
    followups.plan_promise(session, made, now)
    return made


def reopen(session: Session, promise: Promise, now: datetime) -> None:
    """Take back that a promise was kept or given up; its day brings a prompt again, unless it has had one."""
    ties.reopen(session, promise)
    followups.plan_promise(session, promise, now)
