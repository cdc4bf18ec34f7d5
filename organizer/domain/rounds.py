"""How far a seating plan and a round have come, which step is allowed when, and what a round's clock shows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

MINUTE: Final = timedelta(minutes=1)
TAKE_BACK_WITHIN: Final = timedelta(minutes=2)
"""How long a round that was started by mistake can be put back."""


class PlanState(StrEnum):
    """How far a seating plan has come."""

    WANTED = "wanted"
    SOLVING = "solving"
    DRAFT = "draft"
    """Found, and for the host's eyes."""
    PUBLISHED = "published"
    """With its people: the hall and the phones show it."""
    SUPERSEDED = "superseded"
    """Another took its place, or it was put away."""
    FAILED = "failed"
    """No lawful plan was found; `reason` says why."""


OPEN: Final = frozenset({PlanState.WANTED, PlanState.SOLVING, PlanState.DRAFT})
"""The states of which an event has one plan at most, beside the published one."""


class RoundState(StrEnum):
    """Where a round stands."""

    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


BEGUN: Final = frozenset({RoundState.RUNNING, RoundState.PAUSED, RoundState.ENDED})
"""The states in which nobody's seat of that round changes any more."""


class RoundStep(StrEnum):
    """What the host or the staff can do with a round."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    ADD_MINUTE = "add_minute"
    END = "end"
    TAKE_BACK = "take_back"
    """It was started by mistake."""


class RoundBarrier(StrEnum):
    """Why a step of a round or a plan cannot be taken."""

    NOT_PUBLISHED = "not_published"
    """There is no plan with its people yet."""
    NOT_NEXT = "not_next"
    """Another round comes first."""
    NOT_BEGUN = "not_begun"
    ROUND_OVER = "round_over"
    TOO_LATE_TO_TAKE_BACK = "too_late_to_take_back"
    ROUNDS_BEGUN = "rounds_begun"
    """The first round has begun: what is published stays so."""
    NO_DRAFT = "no_draft"
    """There is no plan to change or publish; perhaps a colleague has just put it away."""
    CHANGED_MEANWHILE = "changed_meanwhile"
    """A colleague has changed the plan since this page was made."""
    UNLAWFUL = "unlawful"
    """The plan, as it would be, breaks a hard rule."""
    TOO_FEW = "too_few"
    """Fewer people are there than fill one table."""
    ALL_ROUNDS_BEGUN = "all_rounds_begun"
    EVENT_CLOSED = "event_closed"
    """The event is a draft, was cancelled, or has been over for long."""


class NotAllowed(Exception):
    """A step that cannot be taken now; `why` says so in one code."""

    def __init__(self, why: RoundBarrier) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class RoundClock:
    """A round's state and its times. `ends_at` is set while it runs, `left` while it is paused."""

    state: RoundState
    length: timedelta
    started_at: datetime | None = None
    ends_at: datetime | None = None
    left: timedelta | None = None
    ended_at: datetime | None = None

    def remaining(self, now: datetime) -> timedelta:
        """What is left of it, never below zero; its whole length before it begins."""
        match self.state:
            case RoundState.PLANNED:
                return self.length
            case RoundState.PAUSED:
                return self.left or timedelta(0)
            case RoundState.RUNNING if self.ends_at is not None:
                return max(timedelta(0), self.ends_at - now)
        return timedelta(0)


def after(clock: RoundClock, step: RoundStep, now: datetime) -> RoundClock:
    """The clock after a step; the same clock where the step has been taken already.

    A minute is added at the end, or from now where the end has passed. Raises NotAllowed.
    """
    if clock.state is RoundState.ENDED and step is not RoundStep.END:
        raise NotAllowed(RoundBarrier.ROUND_OVER)
    if clock.state in _DONE.get(step, ()):
        return clock
    if (clock.state is RoundState.PLANNED) is not (step is RoundStep.START):
        raise NotAllowed(RoundBarrier.NOT_BEGUN)
    return _STEPS[step](clock, now)


def _start(clock: RoundClock, now: datetime) -> RoundClock:
    return replace(clock, state=RoundState.RUNNING, started_at=now, ends_at=now + clock.length)


def _pause(clock: RoundClock, now: datetime) -> RoundClock:
    return replace(clock, state=RoundState.PAUSED, ends_at=None, left=clock.remaining(now))


def _resume(clock: RoundClock, now: datetime) -> RoundClock:
    return replace(clock, state=RoundState.RUNNING, ends_at=now + clock.remaining(now), left=None)


def _add_minute(clock: RoundClock, now: datetime) -> RoundClock:
    more = clock.remaining(now) + MINUTE
    if clock.state is RoundState.PAUSED:
        return replace(clock, left=more)
    return replace(clock, ends_at=now + more)


def _end(clock: RoundClock, now: datetime) -> RoundClock:
    return replace(clock, state=RoundState.ENDED, ends_at=None, left=None, ended_at=now)


def _take_back(clock: RoundClock, now: datetime) -> RoundClock:
    if clock.started_at is None or now - clock.started_at >= TAKE_BACK_WITHIN:
        raise NotAllowed(RoundBarrier.TOO_LATE_TO_TAKE_BACK)
    return RoundClock(RoundState.PLANNED, clock.length)


_DONE: Final = {
    RoundStep.START: frozenset({RoundState.RUNNING, RoundState.PAUSED}),
    RoundStep.PAUSE: frozenset({RoundState.PAUSED}),
    RoundStep.RESUME: frozenset({RoundState.RUNNING}),
    RoundStep.END: frozenset({RoundState.ENDED}),
    RoundStep.TAKE_BACK: frozenset({RoundState.PLANNED}),
}
_STEPS: Final[dict[RoundStep, Callable[[RoundClock, datetime], RoundClock]]] = {
    RoundStep.START: _start,
    RoundStep.PAUSE: _pause,
    RoundStep.RESUME: _resume,
    RoundStep.ADD_MINUTE: _add_minute,
    RoundStep.END: _end,
    RoundStep.TAKE_BACK: _take_back,
}
