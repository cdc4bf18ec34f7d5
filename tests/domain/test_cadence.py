"""When prompts are due: hours, zones, working days, three a day, postponed, too late."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizer.domain.cadence import (
    PER_DAY,
    FollowUpStep,
    Rhythm,
    Waiting,
    assign_slots,
    following,
    matches_due,
    next_due,
    period,
    postpone,
    send_at,
)
from organizer.domain.delivery import SuppressionReason

TOKYO, NEW_YORK, LORD_HOWE = "Asia/Tokyo", "America/New_York", "Australia/Lord_Howe"
CULTURE_DAY, LABOUR_THANKS = date(2026, 11, 3), date(2026, 11, 23)
JAPAN = Rhythm(9, TOKYO, frozenset({CULTURE_DAY, LABOUR_THANKS}))

instants = st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
days = st.dates(date(2024, 1, 1), date(2031, 12, 31))
rhythms = st.builds(
    Rhythm,
    st.integers(0, 23),
    st.sampled_from([TOKYO, NEW_YORK, LORD_HOWE]),
    st.frozensets(days, max_size=20),
)
steps = st.sampled_from(FollowUpStep)


def at(text: str, zone: str = TOKYO) -> datetime:
    """An instant written on a zone's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def due(step: FollowUpStep, anchor: str, rhythm: Rhythm = JAPAN, not_before: str = "2026-01-01 00:00") -> str:
    """When a prompt is due, on its person's clock."""
    zone = rhythm.zone
    found = next_due(step, at(anchor, zone), rhythm, at(not_before, zone))
    return f"{rhythm.local(found.at):%Y-%m-%d %H:%M} {found.period}"


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ("2026-11-05 21:00", "2026-11-06 09:00 2026-11-06"),  # Thursday evening → Friday
        ("2026-11-06 09:30", "2026-11-09 09:00 2026-11-07"),  # a Friday morning meetup → Monday
        ("2026-11-06 21:00", "2026-11-09 09:00 2026-11-07"),
        ("2026-11-02 21:00", "2026-11-04 09:00 2026-11-03"),  # before a holiday
        ("2026-11-20 21:00", "2026-11-24 09:00 2026-11-21"),  # before a long weekend
        ("2026-11-05 00:30", "2026-11-05 09:00 2026-11-05"),  # past midnight: the same morning
        ("2026-11-05 04:00", "2026-11-06 09:00 2026-11-06"),
    ],
)
def test_the_next_morning_is_a_working_day(ends: str, expected: str) -> None:
    assert due(FollowUpStep.NEXT_DAY, ends) == expected


@pytest.mark.parametrize(
    ("out", "expected"),
    [
        ("2026-11-06 08:59", "2026-11-06 09:00 2026-11-06"),
        ("2026-11-06 09:00", "2026-11-06 09:00 2026-11-06"),
        ("2026-11-06 09:01", "2026-11-09 09:00 2026-11-06"),
        ("2026-11-12 17:00", "2026-11-13 09:00 2026-11-06"),
    ],
)
def test_no_prompt_before_matches_are_out(out: str, expected: str) -> None:
    assert due(FollowUpStep.NEXT_DAY, "2026-11-05 21:00", not_before=out) == expected


@pytest.mark.parametrize(
    ("step", "anchor", "expected"),
    [
        (FollowUpStep.MONTH, "2026-11-05 21:00", "2026-12-07 09:00 2026-12"),  # 5 December is a Saturday
        (FollowUpStep.MONTH, "2026-01-31 12:00", "2026-03-02 09:00 2026-03"),
        (FollowUpStep.QUARTER, "2026-08-05 12:00", "2026-11-05 09:00 2026-Q4"),
        (FollowUpStep.QUARTER, "2026-11-30 12:00", "2027-03-01 09:00 2027-Q1"),  # the last of February
        (FollowUpStep.THANKS, "2026-11-05 12:00", "2026-12-21 09:00 2026-H2"),
        (FollowUpStep.PROMISE_DUE, "2026-11-10 00:00", "2026-11-10 09:00 2026-11-10"),
        (FollowUpStep.PROMISE_DUE, "2026-11-03 23:00", "2026-11-04 09:00 2026-11-03"),
    ],
)
def test_the_other_steps_count_from_the_last_contact(step: FollowUpStep, anchor: str, expected: str) -> None:
    assert due(step, anchor) == expected


def test_a_quarter_without_contact_is_followed_by_the_next() -> None:
    assert due(FollowUpStep.QUARTER, "2026-01-15 12:00", not_before="2026-04-15 09:01") == (
        "2026-07-15 09:00 2026-Q3"
    )


def test_the_same_event_is_prompted_by_each_persons_own_clock() -> None:
    ends = at("2026-11-05 21:00")
    found = {
        zone: next_due(FollowUpStep.NEXT_DAY, ends, Rhythm(9, zone), ends).at
        for zone in (TOKYO, NEW_YORK, LORD_HOWE)
    }
    assert found == {
        TOKYO: datetime(2026, 11, 6, 0, tzinfo=UTC),
        NEW_YORK: datetime(2026, 11, 6, 14, tzinfo=UTC),
        LORD_HOWE: datetime(2026, 11, 5, 22, tzinfo=UTC),
    }


@pytest.mark.parametrize(
    ("zone", "ends", "hour", "utc"),
    [
        (NEW_YORK, "2026-03-06 20:00", 9, "2026-03-09 13:00"),  # clocks go forward on Sunday 8 March
        (NEW_YORK, "2026-10-30 20:00", 9, "2026-11-02 14:00"),  # and back on Sunday 1 November
        (LORD_HOWE, "2026-10-02 20:00", 9, "2026-10-04 22:00"),  # half an hour forward on 4 October
        (LORD_HOWE, "2026-04-02 20:00", 9, "2026-04-02 22:00"),
        (LORD_HOWE, "2026-04-03 20:00", 9, "2026-04-05 22:30"),  # half an hour back on 5 April
    ],
)
def test_the_hour_stays_when_the_clock_changes(zone: str, ends: str, hour: int, utc: str) -> None:
    found = next_due(FollowUpStep.NEXT_DAY, at(ends, zone), Rhythm(hour, zone), at(ends, zone))
    assert f"{found.at:%Y-%m-%d %H:%M}" == utc


@given(steps, instants, rhythms, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_prompt_is_due_on_a_working_day_at_the_hour_and_never_too_early(
    step: FollowUpStep, anchor: datetime, rhythm: Rhythm, wait: timedelta
) -> None:
    not_before = anchor + wait
    found = next_due(step, anchor, rhythm, not_before)
    local = rhythm.local(found.at)
    assert found.at >= not_before
    assert rhythm.works(found.day)
    assert local.date() == found.day
    # An hour that the clock skips is the one exception.
    wall = datetime.combine(found.day, time(rhythm.hour), ZoneInfo(rhythm.zone))
    assert local.hour == rhythm.hour or wall.astimezone(UTC).astimezone(wall.tzinfo) != wall


@given(steps, instants, rhythms, *[st.timedeltas(timedelta(0), timedelta(days=400))] * 2)
def test_a_later_release_never_makes_a_prompt_earlier(
    step: FollowUpStep, anchor: datetime, rhythm: Rhythm, one: timedelta, more: timedelta
) -> None:
    first = next_due(step, anchor, rhythm, anchor + one)
    second = next_due(step, anchor, rhythm, anchor + one + more)
    assert second.at >= first.at


@given(steps, instants, rhythms, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_later_contact_never_makes_a_prompt_earlier(
    step: FollowUpStep, anchor: datetime, rhythm: Rhythm, more: timedelta
) -> None:
    first = next_due(step, anchor, rhythm, anchor)
    assert next_due(step, anchor + more, rhythm, anchor).at >= first.at


@given(instants, rhythms)
def test_two_quarters_in_a_row_never_share_a_period(anchor: datetime, rhythm: Rhythm) -> None:
    first = next_due(FollowUpStep.QUARTER, anchor, rhythm, anchor)
    second = next_due(FollowUpStep.QUARTER, anchor, rhythm, first.at + timedelta(minutes=1))
    assert second.period != first.period
    assert second.at > first.at


def test_what_a_period_is() -> None:
    assert period(FollowUpStep.MONTH, date(2026, 3, 31)) == "2026-03"
    assert [period(FollowUpStep.QUARTER, date(2026, month, 1)) for month in (3, 4, 9, 10)] == [
        "2026-Q1",
        "2026-Q2",
        "2026-Q3",
        "2026-Q4",
    ]
    assert [period(FollowUpStep.THANKS, date(2026, month, 1)) for month in (6, 7)] == ["2026-H1", "2026-H2"]
    assert period(FollowUpStep.PROMISE_DUE, date(2026, 3, 31)) == "2026-03-31"


def test_the_rhythm_goes_from_the_morning_to_the_month_to_the_quarter() -> None:
    assert following(FollowUpStep.NEXT_DAY) is FollowUpStep.MONTH
    assert {following(step) for step in FollowUpStep if step is not FollowUpStep.NEXT_DAY} == {
        FollowUpStep.QUARTER
    }


def test_later_means_twice_as_far_each_time() -> None:
    now = at("2026-11-09 10:00")  # a Monday
    first = postpone(FollowUpStep.NEXT_DAY, "2026-11-09", now, JAPAN)
    second = postpone(FollowUpStep.NEXT_DAY, first.period, now, JAPAN)
    third = postpone(FollowUpStep.NEXT_DAY, second.period, now, JAPAN)
    assert [(found.day, found.period) for found in (first, second, third)] == [
        (date(2026, 11, 11), "2026-11-09+1"),
        (date(2026, 11, 13), "2026-11-09+2"),
        (date(2026, 11, 17), "2026-11-09+3"),
    ]


@given(steps, instants, rhythms, st.integers(0, 50))
def test_a_postponed_prompt_is_one_of_its_own_and_not_lost(
    step: FollowUpStep, now: datetime, rhythm: Rhythm, times: int
) -> None:
    found = postpone(step, f"2026-Q1+{times}", now, rhythm)
    assert found.period == f"2026-Q1+{times + 1}"
    assert now < found.at
    assert found.day - rhythm.local(now).date() <= timedelta(days=60 + 2 * len(rhythm.holidays) + 3)
    assert rhythm.works(found.day)


def test_a_fourth_prompt_waits_for_the_next_working_day() -> None:
    friday = date(2026, 11, 20)
    waiting = [Waiting(number, FollowUpStep.NEXT_DAY, friday) for number in (4, 2, 3, 1)]
    slots = assign_slots(waiting, {}, at("2026-11-20 08:00"), JAPAN)
    assert {key: (slot.day, slot.number) for key, slot in slots.items()} == {
        1: (friday, 1),
        2: (friday, 2),
        3: (friday, 3),
        4: (date(2026, 11, 24), 1),  # after the weekend and the holiday
    }
    assert slots[4].at == at("2026-11-24 09:00")


def test_promises_go_first_and_taken_slots_are_kept() -> None:
    today = date(2026, 11, 5)
    waiting = [
        Waiting(1, FollowUpStep.QUARTER, today),
        Waiting(2, FollowUpStep.NEXT_DAY, today),
        Waiting(3, FollowUpStep.PROMISE_DUE, today),
    ]
    slots = assign_slots(waiting, {today: {1, 2}, date(2026, 11, 6): {2}}, at("2026-11-05 08:00"), JAPAN)
    assert {key: (slot.day.day, slot.number) for key, slot in slots.items()} == {
        3: (5, 3),
        2: (6, 1),
        1: (6, 3),
    }


def test_who_was_carried_along_for_a_week_goes_first() -> None:
    now = at("2026-11-12 08:00")
    waiting = [Waiting(1, FollowUpStep.THANKS, date(2026, 11, 5))]
    waiting += [Waiting(number, FollowUpStep.PROMISE_DUE, date(2026, 11, 12)) for number in (2, 3, 4)]
    assert assign_slots(waiting, {}, now, JAPAN)[1].number == 1


def test_nothing_is_put_on_a_day_whose_evening_has_come() -> None:
    waiting = [Waiting(1, FollowUpStep.NEXT_DAY, date(2026, 11, 5))]
    assert assign_slots(waiting, {}, at("2026-11-05 20:59"), JAPAN)[1].day == date(2026, 11, 5)
    assert assign_slots(waiting, {}, at("2026-11-05 21:00"), JAPAN)[1].day == date(2026, 11, 6)


@given(
    st.lists(st.tuples(steps, st.integers(0, 20)), max_size=40),
    st.dictionaries(st.integers(0, 20), st.sets(st.integers(1, 3)), max_size=20),
    rhythms,
)
def test_never_more_than_three_a_day_and_everybody_gets_a_place(
    prompts: list[tuple[FollowUpStep, int]], taken: dict[int, set[int]], rhythm: Rhythm
) -> None:
    start = date(2026, 11, 1)
    waiting = [Waiting(key, step, start + timedelta(days=day)) for key, (step, day) in enumerate(prompts)]
    given_away = {start + timedelta(days=day): numbers for day, numbers in taken.items()}
    now = datetime.combine(start, time(0), ZoneInfo(rhythm.zone))
    slots = assign_slots(waiting, given_away, now, rhythm)
    assert set(slots) == set(range(len(prompts)))
    places = Counter((slot.day, slot.number) for slot in slots.values())
    places.update((day, number) for day, numbers in given_away.items() for number in numbers)
    assert all(count == 1 for count in places.values())
    assert max(Counter(day for day, _ in places).values(), default=0) <= PER_DAY
    for prompt in waiting:
        slot = slots[prompt.id]
        assert slot.day >= prompt.day
        assert rhythm.works(slot.day)
        assert slot.at == rhythm.at_hour(slot.day)


def test_a_prompt_leaves_at_its_time_and_when_held_up_within_the_day() -> None:
    due_at = at("2026-11-05 09:00")

    def leaves(now: str) -> str:
        found = send_at(FollowUpStep.NEXT_DAY, due_at, at(now), JAPAN)
        assert isinstance(found, datetime)
        return f"{JAPAN.local(found):%d %H:%M}"

    assert leaves("2026-11-05 08:00") == "05 09:00"
    assert leaves("2026-11-05 09:00") == "05 09:00"
    assert leaves("2026-11-05 16:20") == "05 16:20"
    assert leaves("2026-11-05 23:30") == "06 09:00"
    assert leaves("2026-11-07 12:00") == "09 09:00"


@pytest.mark.parametrize(
    ("step", "days", "late"),
    [
        (FollowUpStep.NEXT_DAY, 7, False),
        (FollowUpStep.NEXT_DAY, 8, True),
        (FollowUpStep.PROMISE_DUE, 15, True),
        (FollowUpStep.MONTH, 21, False),
        (FollowUpStep.MONTH, 22, True),
        (FollowUpStep.QUARTER, 45, True),  # a Sunday: the Monday after is too late
    ],
)
def test_after_a_while_it_is_too_late(step: FollowUpStep, days: int, late: bool) -> None:
    due_at = at("2026-11-05 09:00")
    found = send_at(step, due_at, due_at + timedelta(days=days), JAPAN)
    assert (found is SuppressionReason.TOO_LATE) is late


@given(steps, instants, rhythms, st.timedeltas(timedelta(0), timedelta(days=90)))
def test_what_was_held_up_never_leaves_at_night_or_on_a_free_day(
    step: FollowUpStep, anchor: datetime, rhythm: Rhythm, delay: timedelta
) -> None:
    found = next_due(step, anchor, rhythm, anchor)
    now = found.at + delay
    leaves = send_at(step, found.at, now, rhythm)
    if isinstance(leaves, SuppressionReason):
        assert delay > timedelta(days=4)
        return
    day = rhythm.local(leaves).date()
    assert leaves >= now
    assert rhythm.works(day)
    assert rhythm.at_hour(day) <= leaves < rhythm.quiet_from(day)


@pytest.mark.parametrize(
    ("hour", "until"),
    [(9, "2026-11-05 21:00"), (20, "2026-11-05 22:00"), (22, "2026-11-06 00:00"), (23, "2026-11-06 00:00")],
)
def test_a_late_hour_is_respected(hour: int, until: str) -> None:
    assert Rhythm(hour).quiet_from(date(2026, 11, 5)) == at(until)


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("2026-11-05 07:00", "2026-11-05 09:00", "2026-11-05 20:00"),
        ("2026-11-05 16:00", "2026-11-05 18:00", "2026-11-05 20:00"),
        ("2026-11-05 18:30", "2026-11-05 20:30", "2026-11-05 22:30"),
        ("2026-11-05 22:00", "2026-11-06 00:30", "2026-11-06 02:30"),
    ],
)
def test_matches_are_made_in_the_evening_or_two_hours_after_the_end(
    starts: str, ends: str, expected: str
) -> None:
    assert matches_due(at(starts), at(ends), TOKYO) == at(expected)
