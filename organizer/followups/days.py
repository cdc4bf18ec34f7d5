"""Putting prompts on their days: three a person and day, one letter a day, and what became of the letters."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import String, cast, exists, literal, or_, select, update
from sqlalchemy.orm import Session

from organizer.circles.models import Circle
from organizer.domain.cadence import PER_DAY, FollowUpStep, Rhythm, Slot, Waiting, assign_slots, send_at
from organizer.domain.delivery import FollowUpState, MessageState, SuppressionReason
from organizer.events.models import Event
from organizer.followups.calendar import rhythm_of
from organizer.followups.ending import NOT_YET_ON_A_DAY
from organizer.followups.models import FollowUp, PersonalLetter
from organizer.followups.service import plan_next
from organizer.mail import outbox
from organizer.mail.models import Message
from organizer.people.blocks import blocked_pairs
from organizer.people.models import Person
from organizer.ties.models import Promise
from organizer.ties.service import let_go_pairs, ordered

PEOPLE_AT_ONCE = 200
KIND = "prompts"
FATES = {
    MessageState.SENT: FollowUpState.SENT,
    MessageState.FAILED: FollowUpState.FAILED,
    MessageState.UNKNOWN: FollowUpState.UNKNOWN,
    MessageState.SUPPRESSED: FollowUpState.SUPPRESSED,
}


def put_on_their_days(session: Session, now: datetime) -> int:
    """Give every prompt that is due its slot and its letter; gives how many people got one.

    Each person's prompts are arranged under a lock on that person, so that several workers never give one slot
    twice; whoever is in another worker's hands is passed over.
    """
    due = select(FollowUp.person_id).where(NOT_YET_ON_A_DAY, FollowUp.due_at <= now).distinct()
    ids = session.scalars(due.order_by(FollowUp.person_id).limit(PEOPLE_AT_ONCE)).all()
    return sum(_arrange(session, person, now) for person in _held(session, ids))


def note_fates(session: Session) -> None:
    """Have each prompt say what became of the letter that carried it."""
    for fate, state in FATES.items():
        ended = select(Message.id).where(Message.kind == KIND, Message.state == fate)
        why = select(Message.reason).where(Message.id == FollowUp.message_id).scalar_subquery()
        session.execute(
            update(FollowUp)
            .where(FollowUp.state == FollowUpState.WAITING, FollowUp.message_id.in_(ended))
            .values(state=state, reason=why)
            .execution_options(synchronize_session=False)
        )


def release_missed(session: Session, now: datetime) -> int:
    """Take back letters that could not leave before the evening, so that their prompts get another day; gives
    how many.
    """
    query = (
        select(Message, Person, Circle.time_zone)
        .join(Person, Person.id == Message.person_id)
        .outerjoin(Circle, Circle.id == Message.circle_id)
        .where(Message.kind == KIND, Message.state == MessageState.QUEUED, Message.due_at < now)
        .where(or_(Message.claimed_by.is_(None), Message.claimed_until < now))
    )
    missed = [
        message.id
        for message, person, zone in session.execute(query)
        if _missed(message, rhythm_of(person, zone, now), now)
    ]
    taken_back = [one for one in missed if outbox.withdraw(session, [one], now, "missed_its_day")]
    if taken_back:
        session.execute(
            update(FollowUp)
            .where(FollowUp.message_id.in_(taken_back), FollowUp.state == FollowUpState.WAITING)
            .values(message_id=None, slot=None, local_date=None)
        )
    return len(taken_back)


def forget_letters(session: Session) -> None:
    """Empty the words of personal letters that have left, or never will."""
    ended = exists().where(
        Message.once == literal("personal_letter:") + cast(PersonalLetter.follow_up_id, String),
        Message.state.not_in((MessageState.QUEUED, MessageState.SENDING)),
    )
    session.execute(
        update(PersonalLetter)
        .where(PersonalLetter.words != "", ended)
        .values(words="")
        .execution_options(synchronize_session=False)
    )


def _held(session: Session, ids: Sequence[int]) -> Sequence[Person]:
    query = select(Person).where(Person.id.in_(ids)).order_by(Person.id)
    return session.scalars(query.with_for_update(key_share=True, skip_locked=True)).all()


def _arrange(session: Session, person: Person, now: datetime) -> bool:
    waiting = _waiting(session, person, now)
    rhythm = rhythm_of(person, next((zone for _, zone, _ in waiting if zone), None), now)
    rows = [row for row, _, _ in waiting if not _ended(session, row, rhythm, now)]
    today = rhythm.local(now).date()
    letter = _letter_of(session, person, today)
    if letter is not None and not _hold(session, letter):
        return False
    taken = {today: _taken(session, person, today, letter)}
    slots = assign_slots(
        [Waiting(row.id, row.step, rhythm.local(row.due_at).date()) for row in rows], taken, now, rhythm
    )
    leaving = [row for row in rows if slots[row.id].at <= now and slots[row.id].day == today]
    for row in rows:
        _put(row, slots[row.id], row in leaving)
    session.flush()
    if leaving:
        circles = {circle_id for row, _, circle_id in waiting if row in leaving}
        _carry(session, person, leaving, letter, circles, today, now)
        for row in leaving:
            plan_next(session, row, rhythm, now)
    return bool(leaving)


def _waiting(
    session: Session, person: Person, now: datetime
) -> list[tuple[FollowUp, str | None, int | None]]:
    """The prompts of a person that are due, each with zone and id of the circle it came from.

    Those barred by now are ended.
    """
    query = (
        select(FollowUp, Circle.time_zone, Circle.id)
        .outerjoin(Event, Event.id == FollowUp.event_id)
        .outerjoin(Circle, Circle.id == Event.circle_id)
        .where(FollowUp.person_id == person.id, NOT_YET_ON_A_DAY, FollowUp.due_at <= now)
        .order_by(FollowUp.id)
        .with_for_update(of=FollowUp, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    found = [(row, zone, circle_id) for row, zone, circle_id in session.execute(query)]
    ids = {person.id, *(row.other_id for row, _, _ in found)}
    blocked, let_go = blocked_pairs(session, ids), let_go_pairs(session, ids)
    for row, _, _ in found:
        pair = ordered(person.id, row.other_id)
        if pair in blocked | let_go:
            end(row, SuppressionReason.BLOCKED if pair in blocked else SuppressionReason.LET_GO)
    return [one for one in found if one[0].state is FollowUpState.WAITING]


def end(row: FollowUp, reason: SuppressionReason) -> None:
    """Mark a prompt that waits as not sent, and why."""
    row.state, row.reason = FollowUpState.SUPPRESSED, reason.value


def settled(session: Session, row: FollowUp) -> bool:
    """Whether a prompt is about a promise that was kept or given up meanwhile."""
    if row.step is not FollowUpStep.PROMISE_DUE or row.promise_id is None:
        return False
    promise = session.get(Promise, row.promise_id)
    return promise is None or promise.kept_at is not None or promise.dropped_at is not None


def _ended(session: Session, row: FollowUp, rhythm: Rhythm, now: datetime) -> bool:
    """Whether a prompt that is due ends here: no longer true, or too late for its mail (it stays on the page
    then, and the rhythm goes on).
    """
    if settled(session, row):
        end(row, SuppressionReason.NO_LONGER_TRUE)
        return True
    if send_at(row.step, row.due_at, now, rhythm) is SuppressionReason.TOO_LATE:
        end(row, SuppressionReason.TOO_LATE)
        session.flush()
        plan_next(session, row, rhythm, now)
        return True
    return False


def _letter_of(session: Session, person: Person, day: date) -> Message | None:
    """The letter of that day, if it has been begun."""
    query = select(Message).where(Message.once == _once(person, day))
    return session.scalar(query)


def _hold(session: Session, letter: Message) -> bool:
    """Keep workers from taking a letter meanwhile; False when one is at it this very moment: the next sweep
    will see.
    """
    held = select(Message).where(Message.id == letter.id).with_for_update(skip_locked=True)
    return session.scalar(held.execution_options(populate_existing=True)) is not None


def _taken(session: Session, person: Person, day: date, letter: Message | None) -> set[int]:
    """The slots of a day that are gone: all of them, once its letter has left."""
    if letter is not None and (letter.state is not MessageState.QUEUED or letter.claimed_by is not None):
        return set(range(1, PER_DAY + 1))
    query = select(FollowUp.slot).where(FollowUp.person_id == person.id, FollowUp.local_date == day)
    return {slot for slot in session.scalars(query) if slot is not None}


def _put(row: FollowUp, slot: Slot, leaves: bool) -> None:
    if leaves:
        row.local_date, row.slot = slot.day, slot.number
    else:
        row.due_at = max(row.due_at, slot.at)


def _carry(
    session: Session,
    person: Person,
    rows: list[FollowUp],
    letter: Message | None,
    circles: set[int | None],
    day: date,
    now: datetime,
) -> None:
    """Give these prompts to the letter of the day, or say why there is none."""
    if person.prompts_stopped_at is not None or person.email is None:
        stopped = person.prompts_stopped_at is not None
        for row in rows:
            end(row, SuppressionReason.UNSUBSCRIBED if stopped else SuppressionReason.NO_ADDRESS)
    else:
        circle_id = circles.pop() if len(circles) == 1 else None
        letter = letter or outbox.post(
            session, KIND, now=now, person_id=person.id, circle_id=circle_id, once=_once(person, day)
        )
        for row in rows:
            row.message_id = letter.id
    session.flush()


def _once(person: Person, day: date) -> str:
    return f"{KIND}:{person.id}:{day.isoformat()}"


def _missed(message: Message, rhythm: Rhythm, now: datetime) -> bool:
    """Whether a letter may not leave at this hour: its day is over, or it has waited too long."""
    leaves = send_at(FollowUpStep.QUARTER, message.due_at, now, rhythm)
    return isinstance(leaves, SuppressionReason) or leaves > now
