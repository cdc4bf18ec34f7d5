"""The words of a prompt: why this person, what can be answered, and what is said to each answer."""

from typing import Final

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from organizer.domain.cadence import FollowUpStep
from organizer.domain.delivery import PromptAnswer
from organizer.domain.reasons import ReasonKind
from organizer.followups.queries import Story
from organizer.matches.wording import reason_texts
from organizer.web.labels import label

KEPT = {
    PromptAnswer.SENT: _l("I have kept it"),
    PromptAnswer.ELSEWHERE: _l("I kept it another way"),
    PromptAnswer.LATER: _l("Later"),
    PromptAnswer.NOT_THIS_PERSON: _l("Not this person"),
}
"""The answers to a promise that is due."""

THANKS: Final = {
    PromptAnswer.SENT: _l("It counts as one more contact. Thank you for keeping this tie."),
    PromptAnswer.ELSEWHERE: _l("It counts as one more contact. Thank you for keeping this tie."),
    PromptAnswer.LATER: _l("You will be reminded again later."),
    PromptAnswer.NOT_THIS_PERSON: _l("You will not be prompted about this person again. They are not told."),
}
"""What the page says to each answer."""


def answers_of(story: Story) -> list[tuple[PromptAnswer, LazyString]]:
    """What can be answered, in its own words."""
    if story.follow_up.step is FollowUpStep.PROMISE_DUE:
        return list(KEPT.items())
    return [(said, label(said)) for said in PromptAnswer]


def why(story: Story) -> list[str]:
    """Why this person, as up to three short sentences."""
    follow_up = story.follow_up
    texts = [_("You both want to meet again.")] if story.mutual else []
    told = [
        reason for reason in story.reasons if reason.kind is not ReasonKind.MUTUAL_AGAIN or not story.mutual
    ]
    texts += (
        reason_texts(told, follow_up.person_id, story.people, limit=3 - len(texts)) if story.people else []
    )
    if follow_up.step is FollowUpStep.PROMISE_DUE:
        return [_("You promised: %(words)s", words=promise.words) for promise in story.promises] + texts[:1]
    if not texts and story.event:
        texts = [_("You met at %(event)s.", event=story.event.title)]
    return texts
