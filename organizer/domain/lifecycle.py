"""Which states an event, a registration and a run of matches can be in, and which step is allowed when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

UNDO_WITHIN = timedelta(minutes=10)
"""How long a decision of the host waits for second thoughts; its mail leaves when this has passed."""

CLOSING_LEAD = timedelta(minutes=15)
"""How long before the planned end the closing page opens."""


class EventState(StrEnum):
    """What the host has done with an event. Whether it is on or over is told by the clock, never stored."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"  # still takes place, but takes no more applications
    CANCELLED = "cancelled"


class EventStep(StrEnum):
    """What a host can do with an event."""

    PUBLISH = "publish"
    CLOSE = "close"
    REOPEN = "reopen"
    CANCEL = "cancel"


class EventPhase(StrEnum):
    """Where an event stands in time."""

    AHEAD = "ahead"
    RUNNING = "running"
    CLOSING = "closing"  # the last minutes: the closing page is open
    OVER = "over"


class Admission(StrEnum):
    """Who may apply, and whether the host decides on each."""

    EVERYONE = "everyone"
    APPROVAL = "approval"
    INVITATION = "invitation"


class Mode(StrEnum):
    """Where people meet."""

    VENUE = "venue"
    ONLINE = "online"


class WaitingOrder(StrEnum):
    """Who of the waiting list is promoted first."""

    BY_FIT = "by_fit"
    BY_APPLICATION = "by_application"


class RegistrationState(StrEnum):
    """What has been decided on an application. Presence is none of these: it is derived from check-ins."""

    APPLIED = "applied"
    WAITLISTED = "waitlisted"
    ADMITTED = "admitted"
    DECLINED = "declined"
    CANCELLED = "cancelled"


LIVE = frozenset({RegistrationState.APPLIED, RegistrationState.WAITLISTED, RegistrationState.ADMITTED})
"""The states of which a person can have one registration per event."""


class RegistrationStep(StrEnum):
    """What can be done with a registration."""

    ADMIT = "admit"
    WAITLIST = "waitlist"
    DECLINE = "decline"
    CANCEL = "cancel"
    PROMOTE = "promote"
    UNDO = "undo"


class Actor(StrEnum):
    """By whom a step is taken."""

    APPLICANT = "applicant"
    HOST = "host"
    SYSTEM = "system"


class Barrier(StrEnum):
    """Why a step is not allowed, in the order in which the reasons are looked for."""

    EVENT_DRAFT = "event_draft"
    EVENT_CANCELLED = "event_cancelled"
    EVENT_OVER = "event_over"
    APPLICATIONS_CLOSED = "applications_closed"
    DEADLINE_PASSED = "deadline_passed"
    INVITED_ONLY = "invited_only"
    NOT_YOURS = "not_yours"
    ALREADY_SO = "already_so"
    WRONG_STATE = "wrong_state"
    ARRIVED = "arrived"
    NOTHING_TO_UNDO = "nothing_to_undo"
    TOO_LATE_TO_UNDO = "too_late_to_undo"
    ALREADY_TOLD = "already_told"


class RunState(StrEnum):
    """How far a generation of matches has come: made, held back for the host's look, or with its people."""

    MADE = "made"
    HELD = "held"
    PUBLISHED = "published"


class RunStep(StrEnum):
    """What can be done with a generation of matches."""

    HOLD = "hold"
    PUBLISH = "publish"


class NotAllowed(Exception):
    """A step that cannot be taken now; `why` says so in one code."""

    def __init__(self, why: Barrier) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of `allowed`: the state a step leads to, or why it cannot be taken. True when it can."""

    to: RegistrationState | None
    why: Barrier | None = None

    def __bool__(self) -> bool:
        return self.why is None


@dataclass(frozen=True, slots=True)
class StepTaken:
    """The last step of a registration, as its log keeps it; `told` when its mail has left already."""

    step: RegistrationStep
    by: Actor
    before: RegistrationState
    after: RegistrationState
    at: datetime
    told: bool = False


_EVENT_STEPS = {
    (EventState.DRAFT, EventStep.PUBLISH): EventState.PUBLISHED,
    (EventState.PUBLISHED, EventStep.CLOSE): EventState.CLOSED,
    (EventState.CLOSED, EventStep.REOPEN): EventState.PUBLISHED,
    (EventState.DRAFT, EventStep.CANCEL): EventState.CANCELLED,
    (EventState.PUBLISHED, EventStep.CANCEL): EventState.CANCELLED,
    (EventState.CLOSED, EventStep.CANCEL): EventState.CANCELLED,
}
_EVENT_GOALS = {
    EventStep.PUBLISH: EventState.PUBLISHED,
    EventStep.CLOSE: EventState.CLOSED,
    EventStep.REOPEN: EventState.PUBLISHED,
    EventStep.CANCEL: EventState.CANCELLED,
}

_S = RegistrationState
_GOALS = {
    RegistrationStep.ADMIT: _S.ADMITTED,
    RegistrationStep.WAITLIST: _S.WAITLISTED,
    RegistrationStep.DECLINE: _S.DECLINED,
    RegistrationStep.CANCEL: _S.CANCELLED,
    RegistrationStep.PROMOTE: _S.ADMITTED,
}
_FROM = {
    RegistrationStep.ADMIT: frozenset({_S.APPLIED, _S.WAITLISTED, _S.DECLINED}),
    RegistrationStep.WAITLIST: frozenset({_S.APPLIED, _S.DECLINED}),
    RegistrationStep.DECLINE: LIVE,
    RegistrationStep.CANCEL: LIVE,
    RegistrationStep.PROMOTE: frozenset({_S.WAITLISTED}),
}
_BY = {
    RegistrationStep.ADMIT: frozenset({Actor.HOST, Actor.SYSTEM}),
    RegistrationStep.WAITLIST: frozenset({Actor.HOST, Actor.SYSTEM}),
    RegistrationStep.DECLINE: frozenset({Actor.HOST}),
    RegistrationStep.CANCEL: frozenset({Actor.APPLICANT, Actor.HOST, Actor.SYSTEM}),
    RegistrationStep.PROMOTE: frozenset({Actor.HOST, Actor.SYSTEM}),
    RegistrationStep.UNDO: frozenset({Actor.HOST}),
}


def step(state: EventState, taken: EventStep, *, over: bool = False) -> EventState:
    """The state after a host's step.

    `over`: the planned end has passed; then nothing is published, reopened or cancelled any more.
    Raises NotAllowed.
    """
    if state is EventState.CANCELLED:
        raise NotAllowed(Barrier.EVENT_CANCELLED)
    if over and taken is not EventStep.CLOSE:
        raise NotAllowed(Barrier.EVENT_OVER)
    after = _EVENT_STEPS.get((state, taken))
    if after is None:
        raise NotAllowed(Barrier.ALREADY_SO if state is _EVENT_GOALS[taken] else Barrier.WRONG_STATE)
    return after


def event_steps(state: EventState, *, over: bool = False) -> tuple[EventStep, ...]:
    """The steps a host can take now, in the order of their buttons."""
    return tuple(
        taken
        for taken in EventStep
        if (state, taken) in _EVENT_STEPS and (not over or taken is EventStep.CLOSE)
    )


def phase(starts_at: datetime, ends_at: datetime, now: datetime) -> EventPhase:
    """Where the event stands at `now`; the end itself counts as over."""
    if now >= ends_at:
        return EventPhase.OVER
    if now >= closing_opens(starts_at, ends_at):
        return EventPhase.CLOSING
    return EventPhase.RUNNING if now >= starts_at else EventPhase.AHEAD


def closing_opens(starts_at: datetime, ends_at: datetime) -> datetime:
    """When the closing page opens: shortly before the planned end, never before the beginning."""
    return max(starts_at, ends_at - CLOSING_LEAD)


def may_apply(
    state: EventState,
    admission: Admission,
    *,
    deadline: datetime,
    ends_at: datetime,
    now: datetime,
    invited: bool = False,
) -> Barrier | None:
    """None when an application can be made now, else why not; a full event takes them for its list."""
    if state is EventState.DRAFT:
        return Barrier.EVENT_DRAFT
    if state is EventState.CANCELLED:
        return Barrier.EVENT_CANCELLED
    if now >= ends_at:
        return Barrier.EVENT_OVER
    if state is EventState.CLOSED:
        return Barrier.APPLICATIONS_CLOSED
    if now > deadline:
        return Barrier.DEADLINE_PASSED
    if admission is Admission.INVITATION and not invited:
        return Barrier.INVITED_ONLY
    return None


def first_state(admission: Admission, *, room: bool) -> RegistrationState:
    """What a new application becomes; `room`: a seat is free and nobody waits for it."""
    if admission is Admission.APPROVAL:
        return RegistrationState.APPLIED
    return RegistrationState.ADMITTED if room else RegistrationState.WAITLISTED


def allowed(
    state: RegistrationState,
    taken: RegistrationStep,
    by: Actor,
    event_state: EventState,
    now: datetime,
    *,
    ends_at: datetime,
    arrived: bool = False,
    last: StepTaken | None = None,
) -> Verdict:
    """Whether a registration may take a step now, and where it leads.

    `arrived`: a check-in stands. `last`: what an undo would take back. Room (capacity, ceilings) is not asked
    here: the database refuses it.
    """
    if by not in _BY[taken]:
        return Verdict(None, Barrier.NOT_YOURS)
    barrier = _event_bars(taken, by, event_state, over=now >= ends_at)
    if barrier is not None:
        return Verdict(None, barrier)
    if taken is RegistrationStep.UNDO:
        return _undo(state, last, now, arrived=arrived)
    if state not in _FROM[taken]:
        return Verdict(None, Barrier.ALREADY_SO if state is _GOALS[taken] else Barrier.WRONG_STATE)
    if arrived and _GOALS[taken] is not RegistrationState.ADMITTED:
        return Verdict(None, Barrier.ARRIVED)
    return Verdict(_GOALS[taken])


def steps_for(
    state: RegistrationState,
    by: Actor,
    event_state: EventState,
    now: datetime,
    *,
    ends_at: datetime,
    arrived: bool = False,
    last: StepTaken | None = None,
) -> tuple[RegistrationStep, ...]:
    """The steps that `allowed` says yes to, in the order of their buttons."""
    return tuple(
        taken
        for taken in RegistrationStep
        if allowed(state, taken, by, event_state, now, ends_at=ends_at, arrived=arrived, last=last)
    )


def run_step(state: RunState, taken: RunStep) -> RunState:
    """The state of a generation of matches after a step; what is published stays so. Raises NotAllowed."""
    if taken is RunStep.HOLD and state is RunState.MADE:
        return RunState.HELD
    if taken is RunStep.PUBLISH and state is not RunState.PUBLISHED:
        return RunState.PUBLISHED
    same = state is (RunState.HELD if taken is RunStep.HOLD else RunState.PUBLISHED)
    raise NotAllowed(Barrier.ALREADY_SO if same else Barrier.WRONG_STATE)


def _event_bars(taken: RegistrationStep, by: Actor, event_state: EventState, *, over: bool) -> Barrier | None:
    """What the event itself says against a step; a cancelled one lets the system end its registrations."""
    if event_state is EventState.DRAFT:
        return Barrier.EVENT_DRAFT
    if event_state is EventState.CANCELLED:
        closing = taken is RegistrationStep.CANCEL and by is Actor.SYSTEM
        return None if closing else Barrier.EVENT_CANCELLED
    return Barrier.EVENT_OVER if over else None


def _undo(state: RegistrationState, last: StepTaken | None, now: datetime, *, arrived: bool) -> Verdict:
    """Back to exactly the state before the last step: only a decision nobody was told of, only in time."""
    if last is None or last.step is RegistrationStep.UNDO:
        return Verdict(None, Barrier.NOTHING_TO_UNDO)
    if last.by is Actor.APPLICANT or last.after is not state:
        return Verdict(None, Barrier.NOTHING_TO_UNDO)
    if last.told:
        return Verdict(None, Barrier.ALREADY_TOLD)
    if now - last.at >= UNDO_WITHIN:
        return Verdict(None, Barrier.TOO_LATE_TO_UNDO)
    if arrived and last.before is not RegistrationState.ADMITTED:
        return Verdict(None, Barrier.ARRIVED)
    return Verdict(last.before)
