"""What becomes of a message and of a prompt: their states, the ways between them, and why one is not sent."""

from datetime import datetime, timedelta
from enum import StrEnum


class MessageState(StrEnum):
    """How far a mail has come. `unknown`: cut off after its last byte; it may have arrived: no second try."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"


class FollowUpState(StrEnum):
    """How far a prompt has come; the first five speak of its mail, the page shows it from its time anyway."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"
    ANSWERED = "answered"


class PromptAnswer(StrEnum):
    """What a person answers to a prompt."""

    SENT = "sent"
    ELSEWHERE = "elsewhere"
    LATER = "later"
    NOT_THIS_PERSON = "not_this_person"


class SuppressionReason(StrEnum):
    """Why a mail or a prompt that was due is not sent."""

    BLOCKED = "blocked"
    NOT_THIS_PERSON = "not_this_person"
    LET_GO = "let_go"
    EXCLUDED = "excluded"
    ERASED = "erased"
    EVENT_CANCELLED = "event_cancelled"
    NO_LONGER_TRUE = "no_longer_true"
    UNSUBSCRIBED = "unsubscribed"
    NO_ADDRESS = "no_address"
    UNDELIVERABLE = "undeliverable"
    TOO_LATE = "too_late"


class NotifyChoice(StrEnum):
    """How often a host wants to hear of news."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NEVER = "never"


_MESSAGE_WAYS = {
    MessageState.QUEUED: frozenset({MessageState.SENDING, MessageState.SUPPRESSED}),
    MessageState.SENDING: frozenset(
        {MessageState.SENT, MessageState.FAILED, MessageState.UNKNOWN, MessageState.QUEUED}
    ),
}
_FOLLOW_UP_WAYS = {
    FollowUpState.WAITING: frozenset(FollowUpState) - {FollowUpState.WAITING},
    FollowUpState.SENT: frozenset({FollowUpState.ANSWERED}),
    FollowUpState.FAILED: frozenset({FollowUpState.ANSWERED}),
    FollowUpState.UNKNOWN: frozenset({FollowUpState.ANSWERED}),
    FollowUpState.SUPPRESSED: frozenset({FollowUpState.ANSWERED}),
}

ONLY_THE_MAIL = frozenset(
    {
        SuppressionReason.UNSUBSCRIBED,
        SuppressionReason.NO_ADDRESS,
        SuppressionReason.UNDELIVERABLE,
        SuppressionReason.TOO_LATE,
    }
)
"""Reasons against the mail alone: the prompt stays on the page. All others end the prompt itself."""

_RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10))
_GIVE_UP_AFTER = timedelta(hours=48)


def message_may(state: MessageState, to: MessageState) -> bool:
    """Whether a mail may come from one state to another; back to queued only after a definite "not now"."""
    return to in _MESSAGE_WAYS.get(state, frozenset())


def follow_up_may(state: FollowUpState, to: FollowUpState) -> bool:
    """Whether a prompt may come from one state to another; an answered one stays so."""
    return to in _FOLLOW_UP_WAYS.get(state, frozenset())


def answerable(state: FollowUpState, reason: SuppressionReason | None = None) -> bool:
    """Whether a prompt that is due is on the page and can be answered; `reason`: why it was suppressed."""
    if state is FollowUpState.SUPPRESSED:
        return reason in ONLY_THE_MAIL
    return state is not FollowUpState.ANSWERED


def retry_at(tries: int, first_tried: datetime, now: datetime) -> datetime | None:
    """When a mail that was told "not now" is tried again; None: it is given up.

    `tries`: how often it was tried, from 1. Never more than ten minutes from now, so that all that is due
    leaves soon after the mail server is back.
    """
    if now - first_tried >= _GIVE_UP_AFTER:
        return None
    return now + _RETRY_AFTER[min(tries, len(_RETRY_AFTER)) - 1]
