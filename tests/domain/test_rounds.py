"""The clock of a round: every step from every state."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizer.domain.rounds import (
    MINUTE,
    TAKE_BACK_WITHIN,
    NotAllowed,
    RoundBarrier,
    RoundClock,
    RoundState,
    RoundStep,
    after,
)

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
FRESH = RoundClock(RoundState.PLANNED, timedelta(minutes=10))


def told(*steps: tuple[RoundStep, float]) -> RoundClock:
    """A fresh clock after these steps, each so many minutes after NOW."""
    clock = FRESH
    for step, minutes in steps:
        clock = after(clock, step, NOW + minutes * MINUTE)
    return clock


def test_it_shows_what_is_left() -> None:
    assert FRESH.remaining(NOW) == timedelta(minutes=10)
    running = told((RoundStep.START, 0))
    assert running.remaining(NOW + 4 * MINUTE) == timedelta(minutes=6)
    assert running.remaining(NOW + 40 * MINUTE) == timedelta(0)
    paused = after(running, RoundStep.PAUSE, NOW + 4 * MINUTE)
    assert paused.remaining(NOW + 40 * MINUTE) == timedelta(minutes=6)
    assert told((RoundStep.START, 0), (RoundStep.END, 3)).remaining(NOW) == timedelta(0)


@pytest.mark.parametrize(
    ("steps", "step", "why"),
    [
        ((), RoundStep.PAUSE, RoundBarrier.NOT_BEGUN),
        ((), RoundStep.RESUME, RoundBarrier.NOT_BEGUN),
        ((), RoundStep.END, RoundBarrier.NOT_BEGUN),
        ((), RoundStep.ADD_MINUTE, RoundBarrier.NOT_BEGUN),
        ((RoundStep.START, RoundStep.END), RoundStep.START, RoundBarrier.ROUND_OVER),
        ((RoundStep.START, RoundStep.END), RoundStep.PAUSE, RoundBarrier.ROUND_OVER),
        ((RoundStep.START, RoundStep.END), RoundStep.RESUME, RoundBarrier.ROUND_OVER),
        ((RoundStep.START, RoundStep.END), RoundStep.ADD_MINUTE, RoundBarrier.ROUND_OVER),
        ((RoundStep.START, RoundStep.END), RoundStep.TAKE_BACK, RoundBarrier.ROUND_OVER),
    ],
)
def test_what_cannot_be_done(steps: tuple[RoundStep, ...], step: RoundStep, why: RoundBarrier) -> None:
    clock = told(*((one, 0) for one in steps))
    with pytest.raises(NotAllowed) as barred:
        after(clock, step, NOW)
    assert barred.value.why is why


@pytest.mark.parametrize(
    "steps",
    [
        (RoundStep.START,),
        (RoundStep.START, RoundStep.PAUSE),
        (RoundStep.START, RoundStep.PAUSE, RoundStep.RESUME),
        (RoundStep.START, RoundStep.END),
        (RoundStep.START, RoundStep.TAKE_BACK),
    ],
)
def test_a_step_taken_twice_is_taken_once(steps: tuple[RoundStep, ...]) -> None:
    clock = told(*((one, 0) for one in steps))
    assert after(clock, steps[-1], NOW + MINUTE) == clock


def test_a_mistake_can_be_put_back_for_two_minutes() -> None:
    begun = told((RoundStep.START, 0))
    assert after(begun, RoundStep.TAKE_BACK, NOW + TAKE_BACK_WITHIN - timedelta(seconds=1)) == FRESH
    with pytest.raises(NotAllowed):
        after(begun, RoundStep.TAKE_BACK, NOW + TAKE_BACK_WITHIN)


@given(st.lists(st.tuples(st.sampled_from(RoundStep), st.integers(0, 40)), max_size=12))
def test_whatever_is_pressed_the_clock_stays_whole(presses: list[tuple[RoundStep, int]]) -> None:
    clock, minute = FRESH, 0
    for step, more in presses:
        minute += more
        now = NOW + minute * MINUTE
        before = clock.remaining(now)
        try:
            clock = after(clock, step, now)
        except NotAllowed:
            continue
        assert (clock.ends_at is not None) is (clock.state is RoundState.RUNNING)
        assert (clock.left is not None) is (clock.state is RoundState.PAUSED)
        assert (clock.started_at is None) is (clock.state is RoundState.PLANNED)
        assert clock.remaining(now) >= timedelta(0)
        if step in (RoundStep.PAUSE, RoundStep.RESUME):
            assert clock.remaining(now) == before
        if step is RoundStep.ADD_MINUTE:
            assert clock.remaining(now) == before + MINUTE
