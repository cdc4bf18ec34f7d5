"""The draft of a prompt: a letter that one could send as it stands, in the present language."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from organizer.domain.cadence import FollowUpStep
from organizer.domain.profiles import Profile
from organizer.domain.reasons import Reason, ReasonKind, seen_by
from organizer.domain.vocabulary import Topic
from organizer.followups.queries import Story
from organizer.i18n import current_locale, day
from organizer.people.models import Person
from organizer.web.labels import label

Variants = Sequence[LazyString]

TALKED: Final[Variants] = (
    _l("Thank you for the conversation at %(event)s %(when)s. This is %(who)s."),
    _l("This is %(who)s. I am glad that we could talk at %(event)s %(when)s."),
    _l("%(who)s here, from %(event)s %(when)s. Thank you for speaking with me so openly."),
)
NOT_TALKED: Final[Variants] = (
    _l("This is %(who)s. We were both at %(event)s %(when)s, and I was sorry not to find the time to talk."),
    _l("I am writing to you for the first time. This is %(who)s; we were both at %(event)s %(when)s."),
    _l(
        "I hope you enjoyed %(event)s %(when)s as I did. This is %(who)s; we did not get to talk, hence this note."
    ),
)
OPENINGS: Final[dict[FollowUpStep, Variants]] = {
    FollowUpStep.MONTH: (
        _l("This is %(who)s. It has been about a month since %(event)s. I hope all is well with you."),
        _l("It has been a while. This is %(who)s; we met at %(event)s."),
        _l("Thank you again for %(event)s. This is %(who)s, wondering how things have gone since."),
    ),
    FollowUpStep.QUARTER: (
        _l("It has been some time. This is %(who)s. The season has changed; I hope you are well."),
        _l("This is %(who)s. We have not met for a while. How have you been?"),
        _l("This is %(who)s. I was reminded of %(event)s the other day and wanted to write a line."),
    ),
    FollowUpStep.PROMISE_DUE: (
        _l("This is %(who)s, writing about what I promised you: “%(promise)s”."),
        _l("This is %(who)s. Thank you for waiting; here is what I promised, “%(promise)s”."),
        _l("Thank you again for the other day. This is %(who)s, with news of my promise, “%(promise)s”."),
    ),
    FollowUpStep.THANKS: (
        _l("This is %(who)s. There is no occasion for this note, only that I wished to say thank you."),
        _l("This is %(who)s. Looking back on %(event)s, I felt like thanking you once more."),
        _l("No business today: this is %(who)s, and I only wanted to thank you for our acquaintance."),
    ),
}
WITHOUT_EVENT: Final[Variants] = (
    _l("This is %(who)s. Thank you for the other day."),
    _l("This is %(who)s. I hope this finds you well."),
    _l("It has been a while. This is %(who)s."),
)
QUESTIONS: Final[Variants] = (
    _l(
        "If you like, tell me at our next chance about something you were in two minds about, and how you decided."
    ),
    _l("What is most on your mind these days? I would be glad to hear of it when it suits you."),
    _l("I would like to hear again how somebody in your place goes about deciding."),
)
GIVES: Final[Variants] = (
    _l("For my part, “%(give)s” may be of use to you one day. Please think of me then."),
    _l("If “%(give)s” could ever help you, please just ask."),
    _l("Should you need it, I can gladly share “%(give)s” with you."),
)
CLOSINGS: Final[Variants] = (
    _l("I look forward to talking with you again."),
    _l("I hope we stay in touch."),
    _l("There is no need to reply. Thank you for reading this."),
)
SHARING: Final[Variants] = (
    _l("Here is one thing that may be of use to you regarding “%(topic)s”."),
    _l("When I came across this I thought of you and “%(topic)s”."),
    _l("You may know it already, but here is something on “%(topic)s”."),
)

OF_REASON: Final[dict[ReasonKind, LazyString]] = {
    ReasonKind.MUTUAL_AGAIN: _l("I was happy to learn that we both wish to meet again."),
    ReasonKind.COMMON_CHALLENGE: _l("It is heartening to know somebody who faces “%(topic)s” as I do."),
    ReasonKind.COMMON_VALUE: _l("That we both hold “%(value)s” dear has stayed with me."),
    ReasonKind.SAME_PHASE: _l("What you do is instructive to me, as our companies are of a similar size."),
    ReasonKind.SAME_AREA: _l("I am glad to know you, as we work in the same area."),
    ReasonKind.TIE_GROWING: _l("I am glad that our acquaintance goes on."),
    ReasonKind.SAME_INTENT: _l("It was good to meet somebody who comes for the same as I do."),
    ReasonKind.OTHER_FUNCTION: _l("You know about things that I do not, and I hope to learn from you."),
    ReasonKind.OTHER_GENERATION: _l("To hear from a company of another generation opens my eyes."),
    ReasonKind.OTHER_LEVEL: _l("To hear how it looks from your position is of great value to me."),
    ReasonKind.OTHER_TRADE: _l("To see how one thinks in another trade is of great value to me."),
    ReasonKind.SAME_TRADE: _l("There are things that only people of the same trade can tell each other."),
}
"""What a draft says of a reason that holds of both."""

_HELPED_BY: Final = {
    ReasonKind.GIVE_MEETS_CHALLENGE: _l(
        "I am working on “%(topic)s” just now and would like to hear more about “%(give)s”."
    ),
    ReasonKind.GIVE_MEETS_TODAY: _l("I would very much like to hear more about “%(give)s”."),
    ReasonKind.WISH_MEETS_PROFILE: _l(
        "If there is anything in my experience that is of use to you, please ask."
    ),
    ReasonKind.SERVE_MEETS_PROFILE: _l("I would be glad to ask you for advice one day."),
    ReasonKind.INTRODUCES: _l(
        "Should there be an occasion, I would be grateful to hear more about “%(give)s”."
    ),
}
_HELPS: Final = {
    ReasonKind.GIVE_MEETS_CHALLENGE: _l(
        "I kept thinking about “%(topic)s”, which you are working on. If “%(give)s” could help, please ask any time."
    ),
    ReasonKind.GIVE_MEETS_TODAY: _l("I believe “%(give)s” may be of use to you. Please ask any time."),
    ReasonKind.WISH_MEETS_PROFILE: _l(
        "You are just the kind of person I had hoped to meet, so I am glad of this acquaintance."
    ),
    ReasonKind.SERVE_MEETS_PROFILE: _l(
        "I feel there may be something I can do for you. There is no hurry; let us talk when it suits you."
    ),
    ReasonKind.INTRODUCES: _l("If “%(give)s” could open a door for you, please just say so."),
}
_LONGEST_QUOTE = 60


def draft(story: Story, me: Person) -> str:
    """The letter to send: as its person left it, else written from the reason, the talk, the promise and the
    give.
    """
    if story.follow_up.draft is not None:
        return story.follow_up.draft
    values = _values(story, me)
    paragraphs = [_address(story.other), _opening(story, values), *_middle(story, me, values)]
    signature = "\n".join(line for line in (me.profile.company, me.name) if line)
    return "\n\n".join([*paragraphs, _pick(story, CLOSINGS, 2) % values, signature]).strip()


def subject(story: Story) -> str:
    """A subject for the letter, should its person send it from their own mail program."""
    if story.follow_up.step is FollowUpStep.PROMISE_DUE:
        return str(_("About my promise"))
    if story.event is None or story.follow_up.step is FollowUpStep.QUARTER:
        return str(_("A few words"))
    return str(_("Thank you for %(event)s", event=story.event.title))


def _opening(story: Story, values: dict[str, str]) -> str:
    step = story.follow_up.step
    if step is FollowUpStep.PROMISE_DUE and story.promises:
        return _pick(story, OPENINGS[step]) % values
    if story.event is None:
        return _pick(story, WITHOUT_EVENT) % values
    if step in (FollowUpStep.NEXT_DAY, FollowUpStep.PROMISE_DUE):
        return _pick(story, TALKED if story.talked else NOT_TALKED) % values
    return _pick(story, OPENINGS[step]) % values


def _middle(story: Story, me: Person, values: dict[str, str]) -> list[str]:
    step = story.follow_up.step
    if step is FollowUpStep.PROMISE_DUE:
        return [_("(What you hand over, or how it went, in a line)")]
    if step is FollowUpStep.MONTH:
        sharing = (
            _pick(story, SHARING) % values
            if values["topic"]
            else _("Here is one thing that may be of use to you.")
        )
        line = _("- (An article, a document, somebody to introduce: one thing)")
        return [f"{sharing}\n\n{line}", *_promised(story), _pick(story, QUESTIONS, 1) % values]
    if step is FollowUpStep.QUARTER:
        return [*_promised(story), _pick(story, QUESTIONS, 1) % values]
    reason = _reason(story, values)
    give = [] if not values["give"] or values["give"] in reason else [_pick(story, GIVES) % values]
    return [*([reason] if reason else []), *give, *_promised(story)]


def _reason(story: Story, values: dict[str, str]) -> str:
    """The strongest reason that can be said in a letter."""
    if story.mutual:
        return str(OF_REASON[ReasonKind.MUTUAL_AGAIN])
    for reason in seen_by(story.reasons, story.follow_up.person_id, limit=9):
        said = _sentence(reason, story, values)
        if said:
            return said
    return ""


def _sentence(reason: Reason, story: Story, values: dict[str, str]) -> str:
    me = story.follow_up.person_id
    one_way = _HELPS if reason.subject == me else _HELPED_BY
    words = one_way.get(reason.kind) or OF_REASON.get(reason.kind)
    if words is None:
        return ""
    topic = reason.topic or next(iter(reason.topics), None)
    facts = values | {
        "topic": str(label(topic)) if topic else "",
        "give": _give_of(story, reason),
        "value": str(label(reason.values[0])) if reason.values else "",
    }
    text = str(words)
    return "" if any(f"%({name})s" in text and not facts[name] for name in facts) else text % facts


def _give_of(story: Story, reason: Reason) -> str:
    told = story.people.get(reason.subject)
    gives = told.profile.gives if told else ()
    if reason.give is None or not 0 <= reason.give < len(gives):
        return ""
    return _quoted(gives[reason.give].words)


def _promised(story: Story) -> list[str]:
    """A sentence about the nearest promise that is still ahead; one that is due has its own prompt."""
    today = story.follow_up.due_at.date()
    ahead = [promise for promise in story.promises if promise.due_on is None or promise.due_on > today]
    if not ahead:
        return []
    words, due_on = _quoted(ahead[0].words), ahead[0].due_on
    if due_on is None:
        return [_("I have not forgotten my promise, “%(promise)s”.", promise=words)]
    return [
        _(
            "About my promise, “%(promise)s”: you will hear from me by %(date)s.",
            promise=words,
            date=day(due_on),
        )
    ]


def _values(story: Story, me: Person) -> dict[str, str]:
    mine, theirs = story.people.get(me.id), story.people.get(story.other.id)
    company = me.profile.company
    return {
        "who": _("%(name)s of %(company)s", name=me.name, company=company) if company else me.name,
        "event": story.event.title if story.event else "",
        "when": _when(story),
        "give": next((_quoted(give.words) for give in mine.profile.gives if give.words), "") if mine else "",
        "topic": _topic_of(theirs.profile) if theirs else "",
        "promise": _quoted(story.promises[0].words) if story.promises else "",
        "value": "",
    }


def _topic_of(profile: Profile) -> str:
    topic: Topic | None = next((tag for challenge in profile.challenges for tag in challenge.tags), None)
    return str(label(topic)) if topic else ""


def _when(story: Story) -> str:
    """Yesterday, where the prompt comes on the morning after."""
    if story.event is None:
        return ""
    morning_after = story.follow_up.due_at - story.event.ends_at <= timedelta(days=1)
    return str(_("yesterday") if morning_after else _("the other day"))


def _address(other: Person) -> str:
    company = f"{other.profile.company}\n" if other.profile.company and current_locale() == "ja" else ""
    return company + str(_("Dear %(other)s,", other=other.name or other.profile.company))


def _quoted(words: str) -> str:
    """Somebody's words as they stand in a sentence: one line, no full stop, not too long."""
    line = " ".join(words.split()).rstrip("。.")
    return line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1] + "…"


def _pick(story: Story, variants: Variants, turn: int = 0) -> str:
    """One of the variants: those of one day differ from each other, and from day to day."""
    follow_up = story.follow_up
    seed = follow_up.slot + follow_up.due_at.toordinal() if follow_up.slot else follow_up.id
    return str(variants[(seed + turn) % len(variants)])
