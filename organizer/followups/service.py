"""Prompts: planned after matches and for promises, moved by contacts, answered, ended."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from organizer.db import add_missing
from organizer.domain.cadence import Due, FollowUpStep, Rhythm, following, next_due, postpone
from organizer.domain.delivery import (
    ONLY_THE_MAIL,
    FollowUpState,
    PromptAnswer,
    SuppressionReason,
    answerable,
)
from organizer.domain.trust import ContactKind
from organizer.events.models import Event
from organizer.followups.calendar import rhythm_for, rhythms_of
from organizer.followups.ending import NOT_YET_ON_A_DAY, end_after_letting_go, recall, void_pair
from organizer.followups.models import FollowUp
from organizer.people.blocks import blocked_pairs
from organizer.ties import service as ties
from organizer.ties.models import Promise

__all__ = [
    "after_contact",
    "answer",
    "barred_pairs",
    "can_answer",
    "end_after_letting_go",
    "keep_draft",
    "plan_after_matches",
    "plan_next",
    "plan_promise",
    "recall",
    "resume",
    "void_pair",
]

STEADY = (FollowUpStep.MONTH, FollowUpStep.QUARTER)
"""The steps of the rhythm that a contact moves."""

ON_THE_PAGE = or_(
    FollowUp.state.in_(
        (FollowUpState.WAITING, FollowUpState.SENT, FollowUpState.FAILED, FollowUpState.UNKNOWN)
    ),
    and_(
        FollowUp.state == FollowUpState.SUPPRESSED,
        FollowUp.reason.in_([reason.value for reason in ONLY_THE_MAIL]),
    ),
)
"""The prompts that can be answered (`domain.delivery.answerable`), whatever became of their mail."""


def plan_after_matches(
    session: Session, event: Event, pairs: Sequence[tuple[int, int, int | None]], now: datetime
) -> int:
    """The prompt of the next morning for each person of each pair (a, b, match id); gives how many are new.

    Call it when the matches are out. Pairs of whom one has blocked the other or let the other go get none. A
    pair that has waited for its steady prompt since an earlier event waits anew from this one.
    """
    barred = barred_pairs(session, {one for a, b, _ in pairs for one in (a, b)})
    welcome = sorted(
        {(*ties.ordered(a, b), match_id) for a, b, match_id in pairs if ties.ordered(a, b) not in barred},
        key=lambda pair: pair[:2],
    )
    rhythms = rhythms_of(session, {one for a, b, _ in welcome for one in (a, b)}, event.circle_id, now)
    rows = []
    for a, b, match_id in welcome:
        for one, other in ((a, b), (b, a)):
            due = next_due(FollowUpStep.NEXT_DAY, event.ends_at, rhythms[one], now)
            rows.append(
                _row(one, other, FollowUpStep.NEXT_DAY, due, now, event_id=event.id, match_id=match_id)
            )
    _move(session, [(a, b) for a, b, _ in welcome], event.ends_at, rhythms, now)
    return add_missing(session, FollowUp, rows)


def plan_promise(session: Session, promise: Promise, now: datetime) -> bool:
    """The prompt on the day of a promise; gives whether there will be one: not without a date, nor where
    contact is not wished for.
    """
    if promise.due_on is None or promise.kept_at or promise.dropped_at:
        return False
    if ties.ordered(promise.person_id, promise.other_id) in barred_pairs(
        session, {promise.person_id, promise.other_id}
    ):
        return False
    event = session.get(Event, promise.event_id) if promise.event_id else None
    rhythm = rhythms_of(session, {promise.person_id}, event.circle_id if event else None, now)[
        promise.person_id
    ]
    noon = datetime.combine(promise.due_on, time(12), ZoneInfo(rhythm.zone))
    due = next_due(FollowUpStep.PROMISE_DUE, noon, rhythm, now)
    row = _row(
        promise.person_id,
        promise.other_id,
        FollowUpStep.PROMISE_DUE,
        due,
        now,
        event_id=promise.event_id,
        promise_id=promise.id,
    )
    return bool(add_missing(session, FollowUp, [row]))


def plan_next(session: Session, follow_up: FollowUp, rhythm: Rhythm, now: datetime) -> None:
    """See that the pair's rhythm goes on after this prompt: a month, then each quarter, from the last real
    contact.
    """
    if follow_up.step not in (FollowUpStep.NEXT_DAY, *STEADY):
        return
    pair = FollowUp.person_id == follow_up.person_id, FollowUp.other_id == follow_up.other_id
    waits = select(FollowUp.id).where(
        *pair, FollowUp.step.in_(STEADY), NOT_YET_ON_A_DAY, FollowUp.id != follow_up.id
    )
    if session.scalar(waits.limit(1)) is not None:
        return
    anchor = ties.last_contact(session, follow_up.person_id, follow_up.other_id) or follow_up.created_at
    one, other, step = follow_up.person_id, follow_up.other_id, following(follow_up.step)
    due = next_due(step, anchor, rhythm, now)
    if _known(session, one, other, step, due.period):
        step, due = FollowUpStep.QUARTER, _free_quarter(session, one, other, anchor, rhythm, now)
    row = _row(one, other, step, due, now, event_id=follow_up.event_id, match_id=follow_up.match_id)
    add_missing(session, FollowUp, [row])


def after_contact(session: Session, a_id: int, b_id: int, at: datetime, now: datetime) -> None:
    """Two have been in touch: what either's rhythm still has waiting moves on from there, never forward in time."""
    rhythms = rhythms_of(session, {a_id, b_id}, None, now)
    _move(session, [ties.ordered(a_id, b_id)], at, rhythms, now)


def answer(session: Session, follow_up: FollowUp, said: PromptAnswer, now: datetime) -> bool:
    """Take a person's answer and do what follows from it.

    False, and nothing is done, when it was answered before or has been ended.
    """
    if not _mark_answered(session, follow_up, said, now):
        return False
    recall(session, [follow_up.id])
    rhythm = rhythm_for(session, follow_up.person_id, follow_up.event_id, now)
    if said in (PromptAnswer.SENT, PromptAnswer.ELSEWHERE):
        _count_contact(session, follow_up, now)
        plan_next(session, follow_up, rhythm, now)
    elif said is PromptAnswer.LATER:
        due = postpone(follow_up.step, follow_up.due_period, now, rhythm)
        row = _row(
            follow_up.person_id,
            follow_up.other_id,
            follow_up.step,
            due,
            now,
            event_id=follow_up.event_id,
            match_id=follow_up.match_id,
            promise_id=follow_up.promise_id,
        )
        add_missing(session, FollowUp, [row])
    else:
        ties.let_go(session, follow_up.person_id, follow_up.other_id, now)
        end_after_letting_go(session, follow_up.person_id, follow_up.other_id, now)
    return True


def resume(session: Session, person_id: int, other_id: int, now: datetime) -> None:
    """Let the quarterly rhythm of two go on, after one has taken a letting-go back and neither bars it."""
    if ties.ordered(person_id, other_id) in barred_pairs(session, {person_id, other_id}):
        return
    rhythms = rhythms_of(session, {person_id, other_id}, None, now)
    anchor = ties.last_contact(session, person_id, other_id) or now
    for one, other in ((person_id, other_id), (other_id, person_id)):
        due = _free_quarter(session, one, other, anchor, rhythms[one], now)
        add_missing(session, FollowUp, [_row(one, other, FollowUpStep.QUARTER, due, now)])


def keep_draft(session: Session, follow_up: FollowUp, words: str) -> None:
    """Keep a draft as its person has edited it; empty: the draft is written afresh when shown."""
    follow_up.draft = words or None
    session.flush()


def can_answer(follow_up: FollowUp) -> bool:
    """Whether a prompt can still be answered."""
    reasons = {reason.value for reason in SuppressionReason}
    known = SuppressionReason(follow_up.reason) if follow_up.reason in reasons else None
    return answerable(follow_up.state, known)


def barred_pairs(session: Session, ids: Collection[int]) -> set[tuple[int, int]]:
    """The pairs (a < b) among these people between whom no prompt may pass: blocked, or let go by either."""
    return blocked_pairs(session, ids) | ties.let_go_pairs(session, ids)


def _row(
    person_id: int,
    other_id: int,
    step: FollowUpStep,
    due: Due,
    now: datetime,
    *,
    event_id: int | None = None,
    match_id: int | None = None,
    promise_id: int | None = None,
) -> dict[str, object]:
    return {
        "person_id": person_id,
        "other_id": other_id,
        "step": step,
        "due_period": due.period,
        "due_at": due.at,
        "state": FollowUpState.WAITING,
        "event_id": event_id,
        "match_id": match_id,
        "promise_id": promise_id,
        "created_at": now,
    }


def _move(
    session: Session,
    pairs: Iterable[tuple[int, int]],
    anchor: datetime,
    rhythms: dict[int, Rhythm],
    now: datetime,
) -> None:
    wanted = set(pairs)
    if not wanted:
        return
    ids = {one for pair in wanted for one in pair}
    query = select(FollowUp).where(
        FollowUp.person_id.in_(ids), FollowUp.other_id.in_(ids), FollowUp.step.in_(STEADY), NOT_YET_ON_A_DAY
    )
    for row in session.scalars(query.order_by(FollowUp.id).with_for_update()):
        if ties.ordered(row.person_id, row.other_id) in wanted:
            # The name (its period) stays: the row is the same prompt, only later.
            row.due_at = max(row.due_at, next_due(row.step, anchor, rhythms[row.person_id], now).at)
    session.flush()


def _mark_answered(session: Session, follow_up: FollowUp, said: PromptAnswer, now: datetime) -> bool:
    marking = (
        update(FollowUp)
        .where(FollowUp.id == follow_up.id, ON_THE_PAGE)
        .values(state=FollowUpState.ANSWERED, answer=said, answered_at=now)
        .execution_options(synchronize_session=False)
    )
    answered: int = session.execute(marking).rowcount  # type: ignore[attr-defined]
    session.refresh(follow_up)
    return answered == 1


def _count_contact(session: Session, follow_up: FollowUp, now: datetime) -> None:
    promise = session.get(Promise, follow_up.promise_id) if follow_up.promise_id else None
    if promise is not None and promise.dropped_at is None:
        ties.keep(session, promise, now)
    ties.meet(
        session,
        follow_up.person_id,
        follow_up.other_id,
        event_id=None,
        kind=ContactKind.MESSAGE,
        key=f"followup:{follow_up.id}",
        at=now,
        by_id=follow_up.person_id,
    )
    after_contact(session, follow_up.person_id, follow_up.other_id, now, now)


def _free_quarter(
    session: Session, person_id: int, other_id: int, anchor: datetime, rhythm: Rhythm, now: datetime
) -> Due:
    """The next quarter for which this person has had no prompt about the other."""
    due = next_due(FollowUpStep.QUARTER, anchor, rhythm, now)
    while _known(session, person_id, other_id, FollowUpStep.QUARTER, due.period):
        due = next_due(FollowUpStep.QUARTER, anchor, rhythm, due.at + timedelta(seconds=1))
    return due


def _known(session: Session, person_id: int, other_id: int, step: FollowUpStep, period: str) -> bool:
    key = (FollowUp.person_id == person_id, FollowUp.other_id == other_id, FollowUp.step == step)
    return session.scalar(select(FollowUp.id).where(*key, FollowUp.due_period == period)) is not None
