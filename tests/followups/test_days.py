"""Prompts put on their days: three a day, one letter, reasons for those that do not leave."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.domain.cadence import FollowUpStep
from organizer.domain.delivery import FollowUpState, MessageState, SuppressionReason
from organizer.followups import days, service, stopping
from organizer.followups.models import FollowUp
from organizer.mail.models import Message
from organizer.people import blocks
from organizer.people.models import Person
from organizer.ties import service as ties
from tests.factories import NOW, make_person
from tests.followups.rows import MORNING, make_follow_up, make_prompted, prompts_of

WEDNESDAY = date(2026, 12, 2)


def letters(session: Session) -> list[Message]:
    query = select(Message).where(Message.kind == days.KIND).order_by(Message.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def many(session: Session, count: int, **values: object) -> tuple[Person, list[FollowUp]]:
    me = make_person(session)
    return me, [make_follow_up(session, me, make_person(session), **values) for _ in range(count)]


def test_nothing_happens_before_the_hour(session: Session) -> None:
    make_prompted(session)
    assert days.put_on_their_days(session, MORNING - timedelta(minutes=1)) == 0
    assert letters(session) == []


def test_each_person_gets_one_letter_that_carries_their_prompts(session: Session) -> None:
    evening = make_prompted(session, 3)
    assert days.put_on_their_days(session, MORNING) == 3
    middle = evening.people[1]
    rows = prompts_of(session, middle, FollowUpStep.NEXT_DAY)
    assert [(row.local_date, row.slot) for row in rows] == [(WEDNESDAY, 1), (WEDNESDAY, 2)]
    (letter,) = {row.message_id for row in rows}
    posted = {message.id: message for message in letters(session)}
    assert len(posted) == 3
    assert letter is not None
    assert (posted[letter].person_id, posted[letter].due_at) == (middle.id, MORNING)
    assert posted[letter].circle_id == evening.circle.id
    assert days.put_on_their_days(session, MORNING + timedelta(minutes=1)) == 0


def test_three_a_day_and_the_rest_on_the_next_days(session: Session) -> None:
    me, _ = many(session, 7)
    seen: list[tuple[date | None, int | None]] = []
    for day in range(7):
        days.put_on_their_days(session, MORNING + timedelta(days=day, minutes=1))
    rows = [row for row in prompts_of(session, me) if row.slot is not None]
    seen = [(row.local_date, row.slot) for row in rows]
    assert sorted(seen) == [  # type: ignore[type-var]
        (date(2026, 12, 2), 1), (date(2026, 12, 2), 2), (date(2026, 12, 2), 3),
        (date(2026, 12, 3), 1), (date(2026, 12, 3), 2), (date(2026, 12, 3), 3),
        (date(2026, 12, 4), 1),
    ]  # fmt: skip
    assert [row.due_at.date() for row in rows] == [row.local_date for row in rows]
    assert len(letters(session)) == 3


def test_what_is_left_over_is_not_due_before_its_turn(session: Session) -> None:
    me, _ = many(session, 4)
    days.put_on_their_days(session, MORNING)
    left = [
        row
        for row in prompts_of(session, me, FollowUpStep.QUARTER)
        if row.slot is None and row.due_at < NOW + timedelta(days=9)
    ]
    assert [row.due_at for row in left] == [MORNING + timedelta(days=1)]


def test_a_promise_goes_before_the_rest(session: Session) -> None:
    me, _ = many(session, 3)
    other = make_person(session)
    promise = ties.promise(session, me.id, other.id, "資料", WEDNESDAY, now=NOW)
    service.plan_promise(session, promise, NOW)
    days.put_on_their_days(session, MORNING)
    (due,) = prompts_of(session, me, FollowUpStep.PROMISE_DUE)
    assert (due.local_date, due.slot) == (WEDNESDAY, 1)


def test_the_rhythm_goes_on_without_an_answer(session: Session) -> None:
    evening = make_prompted(session)
    one = evening.people[0]
    days.put_on_their_days(session, MORNING)
    (month,) = prompts_of(session, one, FollowUpStep.MONTH)
    assert month.due_at == datetime(2026, 12, 31, 0, 0, tzinfo=UTC)
    days.put_on_their_days(session, month.due_at)
    (quarter,) = prompts_of(session, one, FollowUpStep.QUARTER)
    assert quarter.due_at == datetime(2027, 3, 1, 0, 0, tzinfo=UTC)
    days.put_on_their_days(session, quarter.due_at)
    assert len(prompts_of(session, one, FollowUpStep.QUARTER)) == 2


@pytest.mark.parametrize("reason", [SuppressionReason.UNSUBSCRIBED, SuppressionReason.NO_ADDRESS])
def test_who_wants_no_mail_has_the_prompt_on_the_page(session: Session, reason: SuppressionReason) -> None:
    evening = make_prompted(session)
    one = evening.people[0]
    if reason is SuppressionReason.UNSUBSCRIBED:
        stopping.stop(session, one.id, NOW)
        session.refresh(one)
    else:
        one.email = one.email_folded = None
    days.put_on_their_days(session, MORNING)
    row = prompts_of(session, one)[0]
    assert (row.state, row.reason, row.slot, row.message_id) == (
        FollowUpState.SUPPRESSED,
        reason.value,
        1,
        None,
    )
    assert service.can_answer(row)
    assert [message.person_id for message in letters(session)] == [evening.people[1].id]


@pytest.mark.parametrize("barred", ["blocked", "let_go"])
def test_the_prompt_itself_ends_when_contact_is_not_wished_for(session: Session, barred: str) -> None:
    evening = make_prompted(session)
    one, other = evening.people
    if barred == "blocked":
        blocks.block(session, other.id, one.id, NOW)
    else:
        ties.let_go(session, other.id, one.id, NOW)
    days.put_on_their_days(session, MORNING)
    rows = prompts_of(session, one) + prompts_of(session, other)
    assert {(row.state, row.reason) for row in rows} == {(FollowUpState.SUPPRESSED, barred)}
    assert not any(service.can_answer(row) for row in rows)
    assert letters(session) == []


def test_a_promise_settled_meanwhile_is_not_prompted(session: Session) -> None:
    me, other = make_person(session), make_person(session)
    promise = ties.promise(session, me.id, other.id, "資料", WEDNESDAY, now=NOW)
    service.plan_promise(session, promise, NOW)
    ties.keep(session, promise, NOW)
    days.put_on_their_days(session, MORNING)
    (row,) = prompts_of(session, me)
    assert (row.state, row.reason) == (FollowUpState.SUPPRESSED, SuppressionReason.NO_LONGER_TRUE.value)


def test_too_late_for_the_mail_is_not_too_late_for_the_page(session: Session) -> None:
    evening = make_prompted(session)
    days.put_on_their_days(session, MORNING + timedelta(days=12))
    row = prompts_of(session, evening.people[0])[0]
    assert (row.state, row.reason) == (FollowUpState.SUPPRESSED, SuppressionReason.TOO_LATE.value)
    assert service.can_answer(row)
    assert prompts_of(session, evening.people[0], FollowUpStep.MONTH), "and the rhythm goes on"


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 12, 2, 12, 30, tzinfo=UTC),  # half past nine in the evening
        datetime(2026, 12, 5, 1, 0, tzinfo=UTC),  # a Saturday
    ],
)
def test_nothing_leaves_at_night_or_on_a_weekend(session: Session, moment: datetime) -> None:
    make_prompted(session)
    assert days.put_on_their_days(session, moment) == 0
    assert letters(session) == []


def test_held_up_by_an_hour_it_still_leaves_on_its_day(session: Session) -> None:
    evening = make_prompted(session)
    late = MORNING + timedelta(hours=5)
    assert days.put_on_their_days(session, late) == 2
    assert prompts_of(session, evening.people[0])[0].local_date == WEDNESDAY


@pytest.mark.parametrize(
    "fate", [MessageState.SENT, MessageState.FAILED, MessageState.UNKNOWN, MessageState.SUPPRESSED]
)
def test_a_prompt_tells_the_fate_of_its_letter(session: Session, fate: MessageState) -> None:
    evening = make_prompted(session)
    days.put_on_their_days(session, MORNING)
    for letter in letters(session):
        letter.state, letter.reason = fate, None if fate is MessageState.SENT else "unsubscribed"
    session.flush()
    days.note_fates(session)
    row = prompts_of(session, evening.people[0])[0]
    assert (row.state.value, row.reason) == (
        fate.value,
        None if fate is MessageState.SENT else "unsubscribed",
    )
    assert service.can_answer(row)


def test_a_letter_that_missed_its_day_gives_its_prompts_back(session: Session) -> None:
    evening = make_prompted(session)
    days.put_on_their_days(session, MORNING)
    night = MORNING + timedelta(hours=13)
    assert days.release_missed(session, night) == 2
    assert {letter.state for letter in letters(session)} == {MessageState.SUPPRESSED}
    row = prompts_of(session, evening.people[0])[0]
    assert (row.state, row.slot, row.message_id) == (FollowUpState.WAITING, None, None)
    days.put_on_their_days(session, MORNING + timedelta(days=1))
    row = prompts_of(session, evening.people[0])[0]
    assert (row.local_date, row.slot) == (date(2026, 12, 3), 1)
    assert len(letters(session)) == 4


def test_a_letter_in_a_workers_hands_or_in_time_is_left_alone(session: Session) -> None:
    make_prompted(session)
    days.put_on_their_days(session, MORNING)
    assert days.release_missed(session, MORNING + timedelta(hours=2)) == 0
    for letter in letters(session):
        letter.claimed_by, letter.claimed_until = "somebody", MORNING + timedelta(hours=14)
    session.flush()
    assert days.release_missed(session, MORNING + timedelta(hours=13)) == 0


def test_once_its_letter_has_left_a_day_is_full(session: Session) -> None:
    me, _ = many(session, 1)
    days.put_on_their_days(session, MORNING)
    letters(session)[0].state = MessageState.SENT
    late = make_follow_up(session, me, make_person(session), due_at=MORNING + timedelta(hours=1))
    days.put_on_their_days(session, MORNING + timedelta(hours=1))
    assert (late.slot, late.due_at) == (None, MORNING + timedelta(days=1))
    days.put_on_their_days(session, MORNING + timedelta(days=1))
    assert late.local_date == date(2026, 12, 3)


def test_a_letter_not_yet_taken_carries_what_comes_late(session: Session) -> None:
    me, (first,) = many(session, 1)
    days.put_on_their_days(session, MORNING)
    late = make_follow_up(session, me, make_person(session), due_at=MORNING + timedelta(hours=1))
    days.put_on_their_days(session, MORNING + timedelta(hours=1))
    assert (late.slot, late.message_id) == (2, first.message_id)
    assert len(letters(session)) == 1
