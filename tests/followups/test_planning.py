"""Prompts planned: who, when, once; moved by contacts; answered; ended."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from organizer.domain.cadence import FollowUpStep
from organizer.domain.delivery import FollowUpState, PromptAnswer, SuppressionReason
from organizer.domain.trust import ContactKind
from organizer.followups import service
from organizer.people import blocks
from organizer.ties import service as ties
from organizer.workflows import keeping_up
from tests.factories import NOW
from tests.followups.rows import MORNING, make_evening, make_follow_up, make_prompted, prompts_of


def test_each_of_a_pair_is_prompted_on_the_next_morning(session: Session) -> None:
    evening = make_evening(session)
    assert service.plan_after_matches(session, evening.event, evening.pairs, NOW) == 2
    one, other = evening.people
    (prompt,) = prompts_of(session, one)
    assert (prompt.other_id, prompt.step, prompt.due_at) == (other.id, FollowUpStep.NEXT_DAY, MORNING)
    assert (prompt.event_id, prompt.match_id) == (evening.event.id, evening.pairs[0][2])
    assert (prompt.state, prompt.slot, prompt.message_id) == (FollowUpState.WAITING, None, None)


def test_planning_again_changes_nothing(session: Session) -> None:
    evening = make_prompted(session)
    assert service.plan_after_matches(session, evening.event, evening.pairs, NOW + timedelta(hours=2)) == 0
    backwards = [(b, a, match) for a, b, match in evening.pairs]
    assert service.plan_after_matches(session, evening.event, backwards, NOW) == 0


@pytest.mark.parametrize(
    ("hour", "zone", "due"),
    [
        (9, None, datetime(2026, 12, 2, 0, 0, tzinfo=UTC)),
        (18, None, datetime(2026, 12, 2, 9, 0, tzinfo=UTC)),
        (9, "Asia/Kolkata", datetime(2026, 12, 2, 3, 30, tzinfo=UTC)),
        (7, "America/New_York", datetime(2026, 12, 1, 12, 0, tzinfo=UTC)),
    ],
)
def test_it_comes_at_the_persons_hour_in_their_zone(
    session: Session, hour: int, zone: str | None, due: datetime
) -> None:
    evening = make_evening(session)
    one = evening.people[0]
    one.prompt_hour, one.time_zone = hour, zone
    service.plan_after_matches(session, evening.event, evening.pairs, NOW)
    assert prompts_of(session, one)[0].due_at == due


def test_without_a_zone_the_circles_counts(session: Session) -> None:
    evening = make_evening(session)
    evening.circle.time_zone = "Asia/Kolkata"
    service.plan_after_matches(session, evening.event, evening.pairs, NOW)
    assert prompts_of(session, evening.people[0])[0].due_at == datetime(2026, 12, 2, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ends", "due"),
    [
        (
            datetime(2026, 12, 4, 11, 0, tzinfo=UTC),
            datetime(2026, 12, 7, 0, 0, tzinfo=UTC),
        ),  # a Friday evening
        (
            datetime(2026, 11, 2, 11, 0, tzinfo=UTC),
            datetime(2026, 11, 4, 0, 0, tzinfo=UTC),
        ),  # before Culture Day
        (
            datetime(2026, 9, 18, 11, 0, tzinfo=UTC),
            datetime(2026, 9, 24, 0, 0, tzinfo=UTC),
        ),  # before five days off
    ],
)
def test_weekends_and_japanese_holidays_are_left_in_peace(
    session: Session, ends: datetime, due: datetime
) -> None:
    evening = make_evening(session, starts_at=ends - timedelta(hours=2), ends_at=ends)
    service.plan_after_matches(session, evening.event, evening.pairs, ends + timedelta(hours=1))
    assert prompts_of(session, evening.people[0])[0].due_at == due


def test_never_before_the_matches_are_out(session: Session) -> None:
    evening = make_evening(session)
    out = MORNING + timedelta(hours=3)
    service.plan_after_matches(session, evening.event, evening.pairs, out)
    assert prompts_of(session, evening.people[0])[0].due_at == MORNING + timedelta(days=1)


@pytest.mark.parametrize("barred", ["blocked", "let_go"])
def test_those_who_do_not_wish_for_contact_get_none(session: Session, barred: str) -> None:
    evening = make_evening(session, 3)
    one, two, three = evening.people
    if barred == "blocked":
        blocks.block(session, two.id, one.id, NOW)
    else:
        ties.let_go(session, two.id, one.id, NOW)
    assert service.plan_after_matches(session, evening.event, evening.pairs, NOW) == 2
    assert prompts_of(session, one) == []
    assert [row.other_id for row in prompts_of(session, two)] == [three.id]


def test_a_promise_is_prompted_on_its_day(session: Session) -> None:
    evening = make_evening(session)
    one, other = evening.people
    promise = ties.promise(session, one.id, other.id, "資料を送る", date(2026, 12, 12), now=NOW)
    assert service.plan_promise(session, promise, NOW) is True
    assert service.plan_promise(session, promise, NOW) is False, "once"
    (prompt,) = prompts_of(session, one)
    assert (prompt.step, prompt.promise_id) == (FollowUpStep.PROMISE_DUE, promise.id)
    assert prompt.due_at == datetime(2026, 12, 14, 0, 0, tzinfo=UTC), "the 12th is a Saturday"


def test_a_promise_without_a_date_or_that_is_settled_is_not_prompted(session: Session) -> None:
    one, other = make_evening(session).people
    open_end = ties.promise(session, one.id, other.id, "いつか", None, now=NOW)
    kept = ties.promise(session, one.id, other.id, "済み", date(2026, 12, 9), now=NOW)
    ties.keep(session, kept, NOW)
    blocked = ties.promise(session, one.id, other.id, "もう", date(2026, 12, 9), now=NOW)
    blocks.block(session, other.id, one.id, NOW)
    assert [service.plan_promise(session, made, NOW) for made in (open_end, kept, blocked)] == [False] * 3


@pytest.mark.parametrize("said", [PromptAnswer.SENT, PromptAnswer.ELSEWHERE])
def test_what_was_done_becomes_a_contact_and_the_month_follows_from_it(
    session: Session, said: PromptAnswer
) -> None:
    evening = make_prompted(session)
    one, other = evening.people
    prompt = prompts_of(session, one)[0]
    assert service.answer(session, prompt, said, MORNING) is True
    assert (prompt.state, prompt.answer, prompt.answered_at) == (FollowUpState.ANSWERED, said, MORNING)
    assert ties.last_contact(session, one.id, other.id) == MORNING
    month = prompts_of(session, one, FollowUpStep.MONTH)
    assert [row.due_at for row in month] == [datetime(2027, 1, 4, 0, 0, tzinfo=UTC)], (
        "30 days on is New Year's Day"
    )


def test_a_prompt_is_answered_once(session: Session) -> None:
    evening = make_prompted(session)
    prompt = prompts_of(session, evening.people[0])[0]
    assert service.answer(session, prompt, PromptAnswer.LATER, MORNING) is True
    assert service.answer(session, prompt, PromptAnswer.SENT, MORNING) is False
    assert prompt.answer is PromptAnswer.LATER
    assert len(prompts_of(session, evening.people[0])) == 2


def test_later_is_another_prompt_of_the_same_step(session: Session) -> None:
    evening = make_prompted(session)
    prompt = prompts_of(session, evening.people[0])[0]
    service.answer(session, prompt, PromptAnswer.LATER, MORNING + timedelta(hours=1))
    _, later = prompts_of(session, evening.people[0], FollowUpStep.NEXT_DAY)
    assert (later.due_at, later.state) == (MORNING + timedelta(days=2), FollowUpState.WAITING)
    assert later.due_period == f"{prompt.due_period}+1"
    service.answer(session, later, PromptAnswer.LATER, MORNING + timedelta(days=2))
    assert prompts_of(session, evening.people[0])[-1].due_at > MORNING + timedelta(days=5)


def test_not_this_person_ends_it_on_both_sides_before_anybody_sees(session: Session) -> None:
    evening = make_prompted(session)
    one, other = evening.people
    make_follow_up(session, one, other)
    service.answer(session, prompts_of(session, one)[0], PromptAnswer.NOT_THIS_PERSON, NOW)
    tie = ties.tie_between(session, one.id, other.id)
    assert tie is not None
    assert tie.let_go_at == NOW
    left = prompts_of(session, one) + prompts_of(session, other)
    assert not [row for row in left if row.state is FollowUpState.WAITING]
    assert {row.reason for row in left if row.state is FollowUpState.SUPPRESSED} == {
        SuppressionReason.LET_GO.value
    }


def test_what_the_other_sees_already_stays_so_that_nothing_shows(session: Session) -> None:
    evening = make_prompted(session)
    one, other = evening.people
    service.answer(
        session, prompts_of(session, one)[0], PromptAnswer.NOT_THIS_PERSON, MORNING + timedelta(hours=1)
    )
    (theirs,) = prompts_of(session, other)
    assert theirs.state is FollowUpState.WAITING


def test_a_block_ends_what_waits_between_two(session: Session) -> None:
    evening = make_prompted(session, 3)
    one, two, three = evening.people
    service.void_pair(session, two.id, one.id, SuppressionReason.BLOCKED, NOW)
    states = {row.other_id: row.state for row in prompts_of(session, two)}
    assert states == {one.id: FollowUpState.SUPPRESSED, three.id: FollowUpState.WAITING}
    assert prompts_of(session, one)[0].reason == SuppressionReason.BLOCKED.value


def test_a_contact_noted_elsewhere_moves_what_waits_and_never_forward(session: Session) -> None:
    one, other = make_evening(session).people
    row = make_follow_up(session, one, other, due_at=NOW + timedelta(days=20))
    back = make_follow_up(session, other, one, due_at=NOW + timedelta(days=20))
    tie = ties.tie_between(session, one.id, other.id)
    assert tie is not None
    keeping_up.note_contact(session, tie, ContactKind.MEAL, date(2026, 12, 1), NOW, NOW)
    moved = datetime(2027, 3, 1, 0, 0, tzinfo=UTC)
    assert [prompts_of(session, person)[0].due_at for person in (one, other)] == [moved, moved]
    keeping_up.note_contact(session, tie, ContactKind.CALL, date(2026, 10, 1), NOW - timedelta(days=60), NOW)
    assert prompts_of(session, one)[0].due_at == moved
    assert row.due_period == "2026-Q4", "it is the same prompt"
    assert back.state is FollowUpState.WAITING


def test_a_prompt_on_its_day_is_not_moved(session: Session) -> None:
    one, other = make_evening(session).people
    row = make_follow_up(session, one, other, local_date=date(2026, 12, 2), slot=1)
    service.after_contact(session, one.id, other.id, NOW, NOW)
    assert prompts_of(session, one) == [row]
    assert row.due_at == MORNING


def test_meeting_again_at_an_event_moves_the_old_rhythm(session: Session) -> None:
    evening = make_evening(session)
    one, other = evening.people
    make_follow_up(session, one, other, due_at=NOW + timedelta(days=3))
    service.plan_after_matches(session, evening.event, evening.pairs, NOW)
    first, steady = prompts_of(session, one)
    assert first.step is FollowUpStep.NEXT_DAY
    assert steady.due_at == datetime(2027, 3, 1, 0, 0, tzinfo=UTC)


def test_a_kept_promise_is_kept_by_its_answer(session: Session) -> None:
    one, other = make_evening(session).people
    promise = ties.promise(session, one.id, other.id, "資料", date(2026, 12, 2), now=NOW)
    service.plan_promise(session, promise, NOW)
    service.answer(session, prompts_of(session, one)[0], PromptAnswer.SENT, MORNING)
    assert promise.kept_at == MORNING


def test_what_was_let_go_goes_on_when_taken_back(session: Session) -> None:
    evening = make_prompted(session)
    one, other = evening.people
    tie = keeping_up.let_go(session, one.id, other.id, NOW)
    keeping_up.hold_on(session, tie, NOW)
    keeping_up.hold_on(session, tie, NOW)
    for person in (one, other):
        waiting = [row for row in prompts_of(session, person) if row.state is FollowUpState.WAITING]
        assert [row.step for row in waiting] == [FollowUpStep.QUARTER]
        assert waiting[0].due_at == datetime(2027, 3, 1, 0, 0, tzinfo=UTC)


def test_taking_back_does_not_lift_a_block(session: Session) -> None:
    one, other = make_evening(session).people
    tie = keeping_up.let_go(session, one.id, other.id, NOW)
    blocks.block(session, other.id, one.id, NOW)
    keeping_up.hold_on(session, tie, NOW)
    assert prompts_of(session, one) == []


def test_a_draft_is_kept_and_forgotten_when_emptied(session: Session) -> None:
    evening = make_prompted(session)
    prompt = prompts_of(session, evening.people[0])[0]
    service.keep_draft(session, prompt, "わたしの言葉")
    assert prompts_of(session, evening.people[0])[0].draft == "わたしの言葉"
    service.keep_draft(session, prompt, "")
    assert prompts_of(session, evening.people[0])[0].draft is None
