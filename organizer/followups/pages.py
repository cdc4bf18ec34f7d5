"""The blueprint of prompts, and what their pages have in common."""

from urllib.parse import quote

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from organizer.domain.delivery import FollowUpState
from organizer.followups.letter_wording import draft, subject
from organizer.followups.letters import A_DAY, LetterBarrier
from organizer.followups.queries import Story
from organizer.followups.service import can_answer
from organizer.followups.wording import answers_of, why
from organizer.people.contact import ContactItem, shared
from organizer.people.models import Person
from organizer.web.labels import add_labels

blueprint = Blueprint("followups", __name__)
CRLF = "\r\n"

add_labels(
    {
        LetterBarrier: {
            LetterBarrier.NO_ADDRESS: _l("Enishi has no mail address to send this letter to."),
            LetterBarrier.ANSWERED: _l(
                "This prompt has been answered already, so the letter was not sent again."
            ),
            LetterBarrier.ENOUGH_FOR_TODAY: _l(
                "Enishi sends at most three letters a day to people one does not know well yet. Your draft is kept; "
                "please send it tomorrow, or from your own mail program."
            ),
        }
    }
)
assert A_DAY == 3, "the sentence above says three"


def told(story: Story, person: Person) -> dict[str, object]:
    """What the pages of one prompt show."""
    words = draft(story, person)
    return {
        "story": story,
        "follow_up": story.follow_up,
        "other": story.other,
        "why": why(story),
        "draft": words,
        "mailto": mailto(story, words),
        "answers": answers_of(story),
        "open": can_answer(story.follow_up),
        "answered": story.follow_up.state is FollowUpState.ANSWERED,
    }


def mailto(story: Story, words: str) -> str:
    """A link that opens the letter in one's own mail program; it knows the address only once contact data was
    exchanged.
    """
    address = shared(story.other).get(ContactItem.MAIL, "") if story.exchanged else ""
    body = quote(words.replace("\n", CRLF))
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject(story))}&body={body}"
