"""The words a page shows for prompts, mails and ties. Japanese: translations/ja/labels.po."""

from enum import StrEnum
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from organizer.domain.cadence import FollowUpStep
from organizer.domain.delivery import (
    FollowUpState,
    MessageState,
    NotifyChoice,
    PromptAnswer,
    SuppressionReason,
)
from organizer.domain.trust import (
    ContactKind,
    Growth,
    LedgerKind,
    NextStep,
    Openness,
    PortfolioPlace,
    PromiseState,
    TiePurpose,
    TieStage,
    Warmth,
)

TIE_LABELS: Final[dict[type[StrEnum], dict[StrEnum, LazyString]]] = {
    MessageState: {
        MessageState.QUEUED: _l("About to leave"),
        MessageState.SENDING: _l("On its way"),
        MessageState.SENT: _l("Sent"),
        MessageState.FAILED: _l("Could not be delivered"),
        MessageState.UNKNOWN: _l("May have arrived; the connection broke off"),
        MessageState.SUPPRESSED: _l("Not sent"),
    },
    FollowUpState: {
        FollowUpState.WAITING: _l("Waiting for its day"),
        FollowUpState.SENT: _l("Prompted"),
        FollowUpState.FAILED: _l("The mail could not be delivered"),
        FollowUpState.UNKNOWN: _l("The mail may have arrived"),
        FollowUpState.SUPPRESSED: _l("No mail was sent"),
        FollowUpState.ANSWERED: _l("Answered"),
    },
    FollowUpStep: {
        FollowUpStep.NEXT_DAY: _l("Thanks on the next morning"),
        FollowUpStep.MONTH: _l("A month later: something of use to them"),
        FollowUpStep.QUARTER: _l("Every quarter: a few words"),
        FollowUpStep.PROMISE_DUE: _l("A promise that is due"),
        FollowUpStep.THANKS: _l("Thanks without an occasion"),
    },
    PromptAnswer: {
        PromptAnswer.SENT: _l("I have sent it"),
        PromptAnswer.ELSEWHERE: _l("I did it another way"),
        PromptAnswer.LATER: _l("Later"),
        PromptAnswer.NOT_THIS_PERSON: _l("Not this person"),
    },
    SuppressionReason: {
        SuppressionReason.BLOCKED: _l("One of the two does not wish for contact"),
        SuppressionReason.NOT_THIS_PERSON: _l("Answered with “not this person”"),
        SuppressionReason.LET_GO: _l("The tie has been let go"),
        SuppressionReason.EXCLUDED: _l("No longer part of the circle"),
        SuppressionReason.ERASED: _l("The person has left Enishi"),
        SuppressionReason.EVENT_CANCELLED: _l("The event was cancelled"),
        SuppressionReason.NO_LONGER_TRUE: _l("No longer needed"),
        SuppressionReason.UNSUBSCRIBED: _l("Unsubscribed from these mails"),
        SuppressionReason.NO_ADDRESS: _l("There is no mail address"),
        SuppressionReason.UNDELIVERABLE: _l("The address takes no mail"),
        SuppressionReason.TOO_LATE: _l("Its time had passed"),
    },
    NotifyChoice: {
        NotifyChoice.AT_ONCE: _l("At once"),
        NotifyChoice.DAILY: _l("Once a day"),
        NotifyChoice.NEVER: _l("No mails"),
    },
    ContactKind: {
        ContactKind.EVENT: _l("Met at an event"),
        ContactKind.MEETING: _l("Meeting"),
        ContactKind.MESSAGE: _l("Message"),
        ContactKind.CALL: _l("Call"),
        ContactKind.INTRODUCTION: _l("Introduction"),
        ContactKind.MEAL: _l("Meal"),
        ContactKind.WORK: _l("Work done together"),
    },
    TieStage: {
        TieStage.ACQUAINTANCE: _l("Acquaintance"),
        TieStage.CONNECTION: _l("Connection"),
        TieStage.RELATIONSHIP: _l("Relationship of trust"),
    },
    Growth: {
        Growth.SOWN: _l("Sown"),
        Growth.SPROUTED: _l("Sprouted"),
        Growth.GROWN: _l("Grown"),
        Growth.BEARING: _l("Bearing fruit"),
    },
    Warmth: {
        Warmth.WARM: _l("Well kept"),
        Warmth.COOLING: _l("A while since the last contact"),
        Warmth.COLD: _l("Long since the last contact"),
    },
    TiePurpose: {
        TiePurpose.SALES: _l("Sales and customers"),
        TiePurpose.HIRING: _l("Hiring"),
        TiePurpose.PRODUCT: _l("Products and services"),
        TiePurpose.COUNSEL: _l("Counsel"),
        TiePurpose.SUPPORT: _l("Supporting each other"),
    },
    PromiseState: {
        PromiseState.OPEN: _l("Still open"),
        PromiseState.OVERDUE: _l("Past its date"),
        PromiseState.KEPT: _l("Promise kept"),
        PromiseState.DROPPED: _l("Given up"),
    },
    NextStep: {
        NextStep.KEEP_PROMISE: _l("Keep your promise"),
        NextStep.SAY_THANKS: _l("Say thank you"),
        NextStep.SHARE_SOMETHING: _l("Share something of use to them"),
        NextStep.MEET_AGAIN: _l("Take time to talk again"),
        NextStep.WORK_TOGETHER: _l("Try a small piece of work together"),
        NextStep.INTRODUCE: _l("Introduce someone to them"),
        NextStep.KEEP_RHYTHM: _l("Keep in touch as you do"),
        NextStep.GET_IN_TOUCH: _l("Ask how they are"),
    },
    LedgerKind: {
        LedgerKind.GAVE: _l("Gave something"),
        LedgerKind.THANKED: _l("Said thank you"),
        LedgerKind.KEPT_PROMISE: _l("Kept a promise"),
        LedgerKind.INTRODUCED: _l("Introduced someone"),
        LedgerKind.ASKED: _l("Asked for something"),
        LedgerKind.BROKE_PROMISE: _l("Did not keep a promise"),
    },
    PortfolioPlace: {
        PortfolioPlace.SAME_TRADE: _l("Of the same trade"),
        PortfolioPlace.OTHER_TRADE: _l("Of another trade"),
        PortfolioPlace.CUSTOMER: _l("Customer"),
    },
    Openness: {
        Openness.NARROW: _l("Many people alike"),
        Openness.MIXED: _l("Somewhat mixed"),
        Openness.OPEN: _l("Open to many kinds of people"),
    },
}
