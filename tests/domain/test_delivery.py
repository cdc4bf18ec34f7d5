"""What becomes of messages and prompts."""

from datetime import UTC, datetime, timedelta

import pytest

from organizer.domain.delivery import (
    ONLY_THE_MAIL,
    FollowUpState,
    MessageState,
    SuppressionReason,
    answerable,
    follow_up_may,
    message_may,
    retry_at,
)

NOW = datetime(2026, 11, 5, tzinfo=UTC)
FINAL = {MessageState.SENT, MessageState.FAILED, MessageState.UNKNOWN, MessageState.SUPPRESSED}


@pytest.mark.parametrize("state", sorted(FINAL))
@pytest.mark.parametrize("to", MessageState)
def test_what_was_sent_or_given_up_or_may_have_arrived_is_never_sent_again(
    state: MessageState, to: MessageState
) -> None:
    assert not message_may(state, to)


def test_a_mail_is_claimed_before_it_is_sent() -> None:
    assert {to for to in MessageState if message_may(MessageState.QUEUED, to)} == {
        MessageState.SENDING,
        MessageState.SUPPRESSED,
    }
    assert {to for to in MessageState if message_may(MessageState.SENDING, to)} == {
        MessageState.QUEUED,
        MessageState.SENT,
        MessageState.FAILED,
        MessageState.UNKNOWN,
    }


@pytest.mark.parametrize("state", sorted(set(FollowUpState) - {FollowUpState.ANSWERED}))
def test_every_prompt_can_be_answered_once(state: FollowUpState) -> None:
    assert follow_up_may(state, FollowUpState.ANSWERED)
    assert not any(follow_up_may(FollowUpState.ANSWERED, to) for to in FollowUpState)


@pytest.mark.parametrize("state", sorted(set(FollowUpState) - {FollowUpState.WAITING}))
def test_no_prompt_goes_back_to_waiting(state: FollowUpState) -> None:
    assert not follow_up_may(state, FollowUpState.WAITING)


@pytest.mark.parametrize("reason", SuppressionReason)
def test_the_page_shows_a_prompt_whose_mail_alone_was_held_back(reason: SuppressionReason) -> None:
    assert answerable(FollowUpState.SUPPRESSED, reason) is (reason in ONLY_THE_MAIL)


def test_a_block_ends_the_prompt_and_an_unsubscription_only_its_mail() -> None:
    assert not answerable(FollowUpState.SUPPRESSED, SuppressionReason.BLOCKED)
    assert answerable(FollowUpState.SUPPRESSED, SuppressionReason.UNSUBSCRIBED)
    assert answerable(FollowUpState.FAILED)
    assert not answerable(FollowUpState.ANSWERED)


def test_a_mail_is_tried_again_soon_and_for_two_days() -> None:
    waits = []
    now, tries = NOW, 1
    while (again := retry_at(tries, NOW, now)) is not None:
        waits.append(again - now)
        now, tries = again, tries + 1
    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 5, 10)]
    assert max(waits) == timedelta(minutes=10)
    assert timedelta(hours=48) <= now - NOW < timedelta(hours=49)
