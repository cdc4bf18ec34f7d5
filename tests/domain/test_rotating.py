"""The changing code: good for ninety seconds at most, at one event, for one purpose."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizer.domain.rotating import (
    GRACE,
    LASTS,
    SIGNS,
    STEP,
    changes_in,
    code_at,
    is_good,
    is_in_time,
)
from organizer.domain.ticketing import ALPHABET, find_code

KEY = b"k" * 32
NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
MOMENTS = st.integers(0, 80 * 365 * 86_400 * 1_000_000).map(
    lambda micros: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
)
EVENT = "aaaaaaaaaaaaaaaaaaaaaa"


def test_a_code_is_the_same_for_thirty_seconds_and_then_another() -> None:
    first = code_at(KEY, EVENT, NOW)
    assert code_at(KEY, EVENT, NOW + STEP - timedelta(microseconds=1)) == first
    assert code_at(KEY, EVENT, NOW + STEP) != first
    assert timedelta(seconds=30) == STEP


def test_a_code_has_eighty_bits_and_is_no_tickets() -> None:
    code = code_at(KEY, EVENT, NOW)
    assert len(code) == SIGNS
    assert set(code.upper()) <= set(ALPHABET)
    assert SIGNS * 5 >= 80
    assert find_code(f"https://meet.example/s/{EVENT}/{code}") is None


@given(MOMENTS, st.timedeltas(min_value=timedelta(0), max_value=timedelta(minutes=5)))
def test_a_photograph_is_useless_after_ninety_seconds(shown: datetime, later: timedelta) -> None:
    code = code_at(KEY, EVENT, shown)
    good = is_good(KEY, EVENT, code, shown + later)
    begun = shown - (STEP - changes_in(shown))
    assert good is (shown + later < begun + LASTS)
    if later >= LASTS:
        assert not good
    if later <= LASTS - STEP:
        assert good


def test_a_code_is_not_good_before_it_is_shown() -> None:
    assert not is_good(KEY, EVENT, code_at(KEY, EVENT, NOW + STEP), NOW)


@pytest.mark.parametrize(
    ("key", "event", "purpose"),
    [
        (b"o" * 32, EVENT, "self check-in"),
        (KEY, "b" * 22, "self check-in"),
        (KEY, EVENT, "something else"),
    ],
)
def test_a_code_is_bound_to_key_event_and_purpose(key: bytes, event: str, purpose: str) -> None:
    assert is_good(KEY, EVENT, code_at(KEY, EVENT, NOW), NOW)
    assert not is_good(KEY, EVENT, code_at(key, event, NOW, purpose), NOW)


@given(st.text(max_size=40))
def test_what_somebody_makes_up_is_refused(code: str) -> None:
    assert not is_good(KEY, EVENT, code, NOW)


@given(MOMENTS)
def test_the_present_code_is_shown_for_at_most_thirty_seconds_more(now: datetime) -> None:
    left = changes_in(now)
    assert timedelta(0) < left <= STEP
    assert code_at(KEY, EVENT, now + left) != code_at(KEY, EVENT, now)


def test_a_page_opened_in_time_may_be_sent_for_three_minutes() -> None:
    assert is_in_time(NOW, NOW)
    assert is_in_time(NOW, NOW + GRACE - timedelta(seconds=1))
    assert not is_in_time(NOW, NOW + GRACE)
    assert not is_in_time(NOW, NOW - timedelta(seconds=1))
