"""What a decision must remember so that it can be undone exactly: `Registration.before`, as plain data.

`state` is what the applicant knows until the letter has left, `step` what was done, `decision` the name it shares
with others decided at once, `message` the letter, `raised` the seat counters that were given one seat more for it,
`back` all that stood before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from organizer.domain.lifecycle import Actor, RegistrationState, RegistrationStep, StepTaken
from organizer.registrations.models import Registration

TIMES = ("waiting_since", "decided_at", "letter_due_at")
VALUES = ("target_profile_id", "target_by_host", "counted", "decided_by_id")


@dataclass(frozen=True, slots=True)
class Back:
    """How a registration stood: its columns, and the letter that was on its way then."""

    state: RegistrationState
    values: dict[str, Any]
    letter: str | None


def is_pending(registration: Registration, now: datetime) -> bool:
    """Whether the host's last decision can still be taken back: its letter waits."""
    due, before = registration.letter_due_at, registration.before
    return due is not None and now < due and before is not None and "back" in before


def standing(registration: Registration) -> dict[str, Any]:
    """How a registration stands now, as plain data: the `back` of the decision that follows."""
    times = {name: getattr(registration, name) for name in TIMES}
    return {
        "state": registration.state.value,
        **{name: getattr(registration, name) for name in VALUES},
        **{name: time.isoformat() if time else None for name, time in times.items()},
    }


def remember(
    registration: Registration,
    step: RegistrationStep,
    *,
    decision: str,
    told: RegistrationState,
    back: dict[str, Any],
    raised: Sequence[str],
    message: int | None,
) -> None:
    """Keep what undoing this step will need."""
    registration.before = {
        "state": told.value,
        "step": step.value,
        "decision": decision,
        "message": message,
        "raised": list(raised),
        "back": back,
    }


def back_of(registration: Registration) -> Back:
    """What to return to. Only while there is something to undo."""
    back = (registration.before or {})["back"]
    times = {name: datetime.fromisoformat(back[name]) if back[name] else None for name in TIMES}
    values = {name: back[name] for name in VALUES} | times | {"before": back.get("before")}
    return Back(RegistrationState(back["state"]), values, back.get("letter"))


def last_step(registration: Registration, *, told: bool) -> StepTaken | None:
    """The host's last step, if it is remembered; `told`: its letter has left."""
    before = registration.before
    if before is None or "back" not in before or registration.decided_at is None:
        return None
    return StepTaken(
        RegistrationStep(before["step"]),
        Actor.HOST,
        RegistrationState(before["back"]["state"]),
        registration.state,
        registration.decided_at,
        told,
    )


def decision_of(registration: Registration) -> str | None:
    """The name of the decision that can be undone, shared by all who were decided on together."""
    return (registration.before or {}).get("decision")


def message_of(registration: Registration) -> int | None:
    """The id of the letter that waits; None where the applicant knows the state already."""
    return (registration.before or {}).get("message")
