"""States of events, registrations and runs of matches."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizer.domain.lifecycle import (
    LIVE,
    UNDO_WITHIN,
    Actor,
    Admission,
    Barrier,
    EventPhase,
    EventState,
    EventStep,
    NotAllowed,
    RegistrationState,
    RegistrationStep,
    RunState,
    RunStep,
    StepTaken,
    Verdict,
    allowed,
    closing_opens,
    event_steps,
    first_state,
    may_apply,
    phase,
    run_step,
    step,
    steps_for,
)

NOW = datetime(2026, 11, 5, 3, tzinfo=UTC)
STARTS = NOW + timedelta(days=3)
ENDS = STARTS + timedelta(hours=2)
S, D, R = EventState, EventStep, RegistrationState


def verdict(
    state: RegistrationState,
    taken: RegistrationStep,
    by: Actor = Actor.HOST,
    event: EventState = EventState.PUBLISHED,
    now: datetime = NOW,
    *,
    arrived: bool = False,
) -> Verdict:
    return allowed(state, taken, by, event, now, ends_at=ENDS, arrived=arrived)


def undo(
    state: RegistrationState, last: StepTaken | None, now: datetime, *, arrived: bool = False
) -> Verdict:
    return allowed(
        state, RegistrationStep.UNDO, Actor.HOST, S.PUBLISHED, now, ends_at=ENDS, arrived=arrived, last=last
    )


ADMITTED_NOW = StepTaken(RegistrationStep.ADMIT, Actor.HOST, R.WAITLISTED, R.ADMITTED, NOW)


@pytest.mark.parametrize(
    ("before", "taken", "after"),
    [
        (S.DRAFT, D.PUBLISH, S.PUBLISHED),
        (S.DRAFT, D.CANCEL, S.CANCELLED),
        (S.PUBLISHED, D.CLOSE, S.CLOSED),
        (S.PUBLISHED, D.CANCEL, S.CANCELLED),
        (S.CLOSED, D.REOPEN, S.PUBLISHED),
        (S.CLOSED, D.CANCEL, S.CANCELLED),
    ],
)
def test_an_event_takes_the_steps_of_its_way(before: EventState, taken: EventStep, after: EventState) -> None:
    assert step(before, taken) is after


@pytest.mark.parametrize(
    ("state", "taken", "over", "why"),
    [
        (S.PUBLISHED, D.PUBLISH, False, Barrier.ALREADY_SO),
        (S.PUBLISHED, D.REOPEN, False, Barrier.ALREADY_SO),
        (S.CLOSED, D.CLOSE, False, Barrier.ALREADY_SO),
        (S.DRAFT, D.CLOSE, False, Barrier.WRONG_STATE),
        (S.DRAFT, D.REOPEN, False, Barrier.WRONG_STATE),
        (S.CLOSED, D.PUBLISH, False, Barrier.WRONG_STATE),
        (S.CANCELLED, D.PUBLISH, False, Barrier.EVENT_CANCELLED),
        (S.CANCELLED, D.CANCEL, False, Barrier.EVENT_CANCELLED),
        (S.DRAFT, D.PUBLISH, True, Barrier.EVENT_OVER),
        (S.CLOSED, D.REOPEN, True, Barrier.EVENT_OVER),
        (S.PUBLISHED, D.CANCEL, True, Barrier.EVENT_OVER),
    ],
)
def test_an_event_takes_no_other_step(state: EventState, taken: EventStep, over: bool, why: Barrier) -> None:
    with pytest.raises(NotAllowed) as refused:
        step(state, taken, over=over)
    assert refused.value.why is why


@given(st.sampled_from(EventState), st.sampled_from(EventStep), st.booleans())
def test_the_buttons_of_an_event_are_the_steps_it_takes(
    state: EventState, taken: EventStep, over: bool
) -> None:
    try:
        step(state, taken, over=over)
        works = True
    except NotAllowed:
        works = False
    assert (taken in event_steps(state, over=over)) is works


def test_a_past_event_can_still_be_closed_for_applications() -> None:
    assert step(S.PUBLISHED, D.CLOSE, over=True) is S.CLOSED


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-1, EventPhase.AHEAD),
        (0, EventPhase.RUNNING),
        (104, EventPhase.RUNNING),
        (105, EventPhase.CLOSING),
        (119, EventPhase.CLOSING),
        (120, EventPhase.OVER),
    ],
)
def test_the_clock_tells_the_phase(minutes: int, expected: EventPhase) -> None:
    assert phase(STARTS, ENDS, STARTS + timedelta(minutes=minutes)) is expected


def test_closing_never_opens_before_a_very_short_event_begins() -> None:
    assert closing_opens(STARTS, STARTS + timedelta(minutes=5)) == STARTS
    assert closing_opens(STARTS, ENDS) == ENDS - timedelta(minutes=15)


@pytest.mark.parametrize(
    ("state", "admission", "hours", "invited", "why"),
    [
        (S.PUBLISHED, Admission.EVERYONE, 0, False, None),
        (S.PUBLISHED, Admission.APPROVAL, 0, False, None),
        (S.PUBLISHED, Admission.INVITATION, 0, True, None),
        (S.PUBLISHED, Admission.INVITATION, 0, False, Barrier.INVITED_ONLY),
        (S.PUBLISHED, Admission.EVERYONE, 48, False, None),  # the deadline itself is in time
        (S.PUBLISHED, Admission.EVERYONE, 49, False, Barrier.DEADLINE_PASSED),
        (S.PUBLISHED, Admission.EVERYONE, 74, False, Barrier.EVENT_OVER),
        (S.CLOSED, Admission.EVERYONE, 0, False, Barrier.APPLICATIONS_CLOSED),
        (S.CLOSED, Admission.EVERYONE, 74, False, Barrier.EVENT_OVER),
        (S.DRAFT, Admission.EVERYONE, 0, True, Barrier.EVENT_DRAFT),
        (S.CANCELLED, Admission.EVERYONE, 0, True, Barrier.EVENT_CANCELLED),
    ],
)
def test_who_may_apply_when(
    state: EventState, admission: Admission, hours: int, invited: bool, why: Barrier | None
) -> None:
    now = NOW + timedelta(hours=hours)
    deadline = NOW + timedelta(hours=48)
    assert may_apply(state, admission, deadline=deadline, ends_at=ENDS, now=now, invited=invited) is why


def test_what_a_new_application_becomes() -> None:
    assert first_state(Admission.EVERYONE, room=True) is R.ADMITTED
    assert first_state(Admission.EVERYONE, room=False) is R.WAITLISTED
    assert first_state(Admission.INVITATION, room=True) is R.ADMITTED
    assert first_state(Admission.APPROVAL, room=True) is R.APPLIED
    assert first_state(Admission.APPROVAL, room=False) is R.APPLIED


@pytest.mark.parametrize(
    ("state", "taken", "by", "to"),
    [
        (R.APPLIED, RegistrationStep.ADMIT, Actor.HOST, R.ADMITTED),
        (R.APPLIED, RegistrationStep.ADMIT, Actor.SYSTEM, R.ADMITTED),
        (R.WAITLISTED, RegistrationStep.ADMIT, Actor.HOST, R.ADMITTED),
        (R.DECLINED, RegistrationStep.ADMIT, Actor.HOST, R.ADMITTED),
        (R.APPLIED, RegistrationStep.WAITLIST, Actor.HOST, R.WAITLISTED),
        (R.APPLIED, RegistrationStep.DECLINE, Actor.HOST, R.DECLINED),
        (R.ADMITTED, RegistrationStep.DECLINE, Actor.HOST, R.DECLINED),
        (R.WAITLISTED, RegistrationStep.PROMOTE, Actor.SYSTEM, R.ADMITTED),
        (R.ADMITTED, RegistrationStep.CANCEL, Actor.APPLICANT, R.CANCELLED),
        (R.WAITLISTED, RegistrationStep.CANCEL, Actor.APPLICANT, R.CANCELLED),
    ],
)
def test_a_registration_takes_the_steps_of_its_way(
    state: RegistrationState, taken: RegistrationStep, by: Actor, to: RegistrationState
) -> None:
    answer = verdict(state, taken, by)
    assert answer
    assert answer == Verdict(to)


@pytest.mark.parametrize(
    ("state", "taken", "by", "why"),
    [
        (R.APPLIED, RegistrationStep.ADMIT, Actor.APPLICANT, Barrier.NOT_YOURS),
        (R.ADMITTED, RegistrationStep.UNDO, Actor.APPLICANT, Barrier.NOT_YOURS),
        (R.APPLIED, RegistrationStep.DECLINE, Actor.SYSTEM, Barrier.NOT_YOURS),
        (R.ADMITTED, RegistrationStep.ADMIT, Actor.HOST, Barrier.ALREADY_SO),
        (R.ADMITTED, RegistrationStep.PROMOTE, Actor.SYSTEM, Barrier.ALREADY_SO),
        (R.CANCELLED, RegistrationStep.CANCEL, Actor.APPLICANT, Barrier.ALREADY_SO),
        (R.CANCELLED, RegistrationStep.ADMIT, Actor.HOST, Barrier.WRONG_STATE),
        (R.APPLIED, RegistrationStep.PROMOTE, Actor.SYSTEM, Barrier.WRONG_STATE),
        (R.ADMITTED, RegistrationStep.WAITLIST, Actor.HOST, Barrier.WRONG_STATE),
        (R.DECLINED, RegistrationStep.CANCEL, Actor.APPLICANT, Barrier.WRONG_STATE),
    ],
)
def test_a_registration_takes_no_other_step(
    state: RegistrationState, taken: RegistrationStep, by: Actor, why: Barrier
) -> None:
    answer = verdict(state, taken, by)
    assert not answer
    assert answer == Verdict(None, why)


@pytest.mark.parametrize(
    ("event", "now", "why"),
    [
        (S.DRAFT, NOW, Barrier.EVENT_DRAFT),
        (S.CANCELLED, NOW, Barrier.EVENT_CANCELLED),
        (S.PUBLISHED, ENDS, Barrier.EVENT_OVER),
    ],
)
def test_the_event_bars_steps(event: EventState, now: datetime, why: Barrier) -> None:
    assert verdict(R.APPLIED, RegistrationStep.ADMIT, event=event, now=now).why is why


def test_a_closed_event_goes_on_deciding() -> None:
    assert verdict(R.APPLIED, RegistrationStep.ADMIT, event=S.CLOSED)


def test_the_system_ends_the_registrations_of_a_cancelled_event() -> None:
    answer = verdict(R.ADMITTED, RegistrationStep.CANCEL, Actor.SYSTEM, S.CANCELLED)
    assert answer.to is R.CANCELLED


@pytest.mark.parametrize("taken", [RegistrationStep.CANCEL, RegistrationStep.DECLINE])
def test_who_has_arrived_is_neither_cancelled_nor_declined(taken: RegistrationStep) -> None:
    assert verdict(R.ADMITTED, taken, arrived=True).why is Barrier.ARRIVED


def test_undo_returns_exactly_to_before() -> None:
    assert undo(R.ADMITTED, ADMITTED_NOW, NOW + timedelta(minutes=9, seconds=59)).to is R.WAITLISTED


def test_undo_ends_after_ten_minutes() -> None:
    assert undo(R.ADMITTED, ADMITTED_NOW, NOW + UNDO_WITHIN).why is Barrier.TOO_LATE_TO_UNDO


def test_undo_takes_back_nothing_that_was_told() -> None:
    told = StepTaken(RegistrationStep.ADMIT, Actor.HOST, R.APPLIED, R.ADMITTED, NOW, told=True)
    assert undo(R.ADMITTED, told, NOW).why is Barrier.ALREADY_TOLD


@pytest.mark.parametrize(
    "last",
    [
        None,
        StepTaken(RegistrationStep.UNDO, Actor.HOST, R.ADMITTED, R.APPLIED, NOW),
        StepTaken(RegistrationStep.CANCEL, Actor.APPLICANT, R.ADMITTED, R.CANCELLED, NOW),
        StepTaken(RegistrationStep.ADMIT, Actor.HOST, R.APPLIED, R.ADMITTED, NOW),
    ],
)
def test_undo_needs_a_step_of_the_host_that_led_here(last: StepTaken | None) -> None:
    state = R.CANCELLED if last and last.by is Actor.APPLICANT else R.APPLIED
    assert undo(state, last, NOW).why is Barrier.NOTHING_TO_UNDO


def test_an_admission_is_not_undone_once_its_guest_has_arrived() -> None:
    assert undo(R.ADMITTED, ADMITTED_NOW, NOW, arrived=True).why is Barrier.ARRIVED


@given(
    st.sampled_from(RegistrationState),
    st.sampled_from(RegistrationStep),
    st.sampled_from(Actor),
    st.sampled_from(EventState),
    st.booleans(),
    st.integers(-100, 100),
)
def test_every_verdict_is_a_state_or_a_reason(
    state: RegistrationState, taken: RegistrationStep, by: Actor, event: EventState, arrived: bool, hours: int
) -> None:
    now = NOW + timedelta(hours=hours)
    answer = allowed(state, taken, by, event, now, ends_at=ENDS, arrived=arrived, last=ADMITTED_NOW)
    assert (answer.to is None) is (answer.why is not None)
    buttons = steps_for(state, by, event, now, ends_at=ENDS, arrived=arrived, last=ADMITTED_NOW)
    assert (taken in buttons) is bool(answer)
    if answer:
        assert answer.to is not state
    if answer and state not in LIVE:
        assert by is not Actor.APPLICANT


@pytest.mark.parametrize(
    ("state", "taken", "after"),
    [
        (RunState.MADE, RunStep.HOLD, RunState.HELD),
        (RunState.MADE, RunStep.PUBLISH, RunState.PUBLISHED),
        (RunState.HELD, RunStep.PUBLISH, RunState.PUBLISHED),
    ],
)
def test_matches_go_out_unless_held(state: RunState, taken: RunStep, after: RunState) -> None:
    assert run_step(state, taken) is after


@pytest.mark.parametrize(
    ("state", "taken", "why"),
    [
        (RunState.PUBLISHED, RunStep.PUBLISH, Barrier.ALREADY_SO),
        (RunState.HELD, RunStep.HOLD, Barrier.ALREADY_SO),
        (RunState.PUBLISHED, RunStep.HOLD, Barrier.WRONG_STATE),
    ],
)
def test_published_matches_stay_published(state: RunState, taken: RunStep, why: Barrier) -> None:
    with pytest.raises(NotAllowed) as refused:
        run_step(state, taken)
    assert refused.value.why is why
