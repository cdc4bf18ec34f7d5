"""The words applicants agree to, and those that explain where their registration stands."""

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from organizer.circles.models import Circle
from organizer.domain.vocabulary import SharingRule
from organizer.events.models import Event
from organizer.people.models import ConsentKind
from organizer.registrations.answers import version_of
from organizer.web.labels import label

RULE_WORDS: dict[SharingRule, LazyString] = {
    SharingRule.OPEN: _l("What is said at this event may be told outside, also by whom it was said."),
    SharingRule.NO_NAMES: _l(
        "What is said at this event may be told outside, but nothing that shows who said it, or of which company."
    ),
    SharingRule.STAYS_IN_ROOM: _l("What is said at this event stays among those who were there."),
}
LISTED_WORDS = _l("The others of this event may see my name, company and what I can give.")


def rule_words(event: Event) -> str:
    """The sharing rule of an event, in full."""
    return f"{label(event.sharing_rule)}\n{RULE_WORDS[event.sharing_rule]}"


def privacy_words(circle: Circle) -> str:
    """The circle's privacy notice: its own words, else ours."""
    return circle.privacy_notice or "\n".join(
        (
            _(
                "%(circle)s uses what you write here to choose and prepare who takes part in its events.",
                circle=circle.name,
            ),
            _(
                "Its hosts read your answers. A topic in confidence is shown to the people at your table only."
            ),
            _(
                "You get mails about this event, and later proposals of whom to meet again; those you can stop."
            ),
            _(
                "Your mail address and phone number are shown to nobody unless both of you choose to exchange them."
            ),
            _("You can change what you wrote at any time, and ask the host to have it erased."),
        )
    )


def agreements(event: Event) -> dict[str, str]:
    """The version of each text that an applicant to this event agrees to, as it reads in the present language."""
    words = {
        ConsentKind.SHARING_RULE: rule_words(event),
        ConsentKind.PRIVACY_NOTICE: privacy_words(event.circle),
        ConsentKind.LISTED: str(LISTED_WORDS),
    }
    return {kind.value: version_of(text) for kind, text in words.items()}
