"""Reasons as sentences, each as one of the two, or somebody else, reads it."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from flask_babel import gettext

from organizer.domain.profiles import Profile
from organizer.domain.reasons import Reason, ReasonKind, seen_by
from organizer.domain.vocabulary import CriterionField
from organizer.matches.queries import Told
from organizer.web.labels import label

People = Mapping[int, Told]


def _(msgid: str, **words: str) -> str:
    return str(gettext(msgid, **words))


def reason_text(reason: Reason, viewer_id: int | None, people: People) -> str:
    """A reason as one sentence in the present language; the viewer is "you", others are named.

    `people` holds both of the pair, as `queries.told` gives them. A viewer who is neither reads of two others.
    """
    subject, other = people[reason.subject], people[reason.other]
    return _SENTENCES[reason.kind](reason, subject, other, viewer_id)


def reason_texts(
    reasons: Iterable[Reason], viewer_id: int | None, people: People, limit: int = 3
) -> list[str]:
    """The strongest reasons for one viewer, each a sentence; the same sentence never twice."""
    kept = seen_by(reasons, viewer_id or 0, limit)
    return list(dict.fromkeys(reason_text(reason, viewer_id, people) for reason in kept))


def first_step(reasons: Iterable[Reason], viewer_id: int, people: People) -> str:
    """What the viewer might do first, by the strongest reason that names something to talk about."""
    for reason in seen_by(reasons, viewer_id, limit=99):
        if reason.kind in (ReasonKind.GIVE_MEETS_CHALLENGE, ReasonKind.GIVE_MEETS_TODAY):
            give = _give(reason, people[reason.subject].profile)
            if reason.subject == viewer_id:
                return _("Send a short note saying you can help with “%(give)s”.", give=give)
            return _("Ask to hear more about “%(give)s”.", give=give)
        if reason.kind is ReasonKind.COMMON_CHALLENGE:
            return _("Share one thing you have tried about “%(topics)s”.", topics=_labels(reason.topics))
    return _("Send a short thank-you, and suggest a day to talk for half an hour.")


def called(person: Told, beside: Told | None = None) -> str:
    """How a person is called in a sentence: by the family name where it is written apart and tells who is meant."""
    name = person.name or _("(name not given yet)")
    family, apart, given = name.partition(" ")
    if not apart or not given or name.isascii():
        return name
    return name if beside is not None and beside.name.startswith(f"{family} ") else family


def _give_meets_challenge(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    give, challenge = _give(reason, subject.profile), _challenge(reason, other.profile)
    giver, receiver = called(subject, other), called(other, subject)
    if viewer == subject.id:
        return _(
            "Your “%(give)s” can help with %(other)s's challenge “%(challenge)s”.",
            give=give,
            challenge=challenge,
            other=receiver,
        )
    if viewer == other.id:
        return _(
            "%(subject)s's “%(give)s” can help with your challenge “%(challenge)s”.",
            give=give,
            challenge=challenge,
            subject=giver,
        )
    return _(
        "%(subject)s's “%(give)s” can help with %(other)s's challenge “%(challenge)s”.",
        give=give,
        challenge=challenge,
        subject=giver,
        other=receiver,
    )


def _give_meets_today(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    give = _give(reason, subject.profile)
    giver, receiver = called(subject, other), called(other, subject)
    if viewer == subject.id:
        return _("Your “%(give)s” fits what %(other)s came to this event for.", give=give, other=receiver)
    if viewer == other.id:
        return _("%(subject)s's “%(give)s” fits what you came to this event for.", give=give, subject=giver)
    return _(
        "%(subject)s's “%(give)s” fits what %(other)s came to this event for.",
        give=give,
        subject=giver,
        other=receiver,
    )


def _wish_meets_profile(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    what = _what(reason, other.profile)
    wisher, met = called(subject, other), called(other, subject)
    if viewer == subject.id:
        if what:
            return _("%(other)s is somebody you wished to meet (%(what)s).", other=met, what=what)
        return _("%(other)s is somebody you wished to meet.", other=met)
    if viewer == other.id:
        if what:
            return _(
                "You are the kind of person %(subject)s wished to meet (%(what)s).", subject=wisher, what=what
            )
        return _("You are the kind of person %(subject)s wished to meet.", subject=wisher)
    if what:
        return _(
            "%(other)s is somebody %(subject)s wished to meet (%(what)s).",
            other=met,
            subject=wisher,
            what=what,
        )
    return _("%(other)s is somebody %(subject)s wished to meet.", other=met, subject=wisher)


def _serve_meets_profile(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    what = _what(reason, other.profile)
    server, served = called(subject, other), called(other, subject)
    if viewer == subject.id:
        if what:
            return _("%(other)s is somebody you can be of service to (%(what)s).", other=served, what=what)
        return _("%(other)s is somebody you can be of service to.", other=served)
    if viewer == other.id:
        if what:
            return _(
                "%(subject)s can be of service to people like you (%(what)s).", subject=server, what=what
            )
        return _("%(subject)s can be of service to people like you.", subject=server)
    if what:
        return _(
            "%(subject)s can be of service to people like %(other)s (%(what)s).",
            subject=server,
            other=served,
            what=what,
        )
    return _("%(subject)s can be of service to people like %(other)s.", subject=server, other=served)


def _mutual_again(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    return _("You both wish to meet again.") if _is_one(viewer, reason) else _("Both wish to meet again.")


def _talked_together(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    if _is_one(viewer, reason):
        return _("You talked with each other at the event.")
    return _("The two talked with each other at the event.")


def _not_met_yet(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    if _is_one(viewer, reason):
        return _("You have not had the chance to talk with each other so far.")
    return _("The two have not had the chance to talk with each other so far.")


def _common_challenge(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    topics = _labels(reason.topics)
    if _is_one(viewer, reason):
        return _("You face the same challenge: %(topics)s.", topics=topics)
    return _("Both face the same challenge: %(topics)s.", topics=topics)


def _common_value(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    values = _labels(reason.values)
    if _is_one(viewer, reason):
        return _("You value the same: %(values)s.", values=values)
    return _("Both value the same: %(values)s.", values=values)


def _same_phase(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    size = str(label(subject.profile.size)) if subject.profile.size else ""
    if size:
        return _("The two companies are of about the same size (%(size)s).", size=size)
    return _("The two companies are of about the same size.")


def _same_area(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    region = str(label(subject.profile.region)) if subject.profile.region else ""
    return _("In the same area: %(region)s.", region=region) if region else _("In the same area.")


def _other_trade(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    if viewer == subject.id or viewer == other.id:
        theirs = other if viewer == subject.id else subject
        trade = _trade(theirs.profile)
        if trade:
            return _("A view from another trade: %(trade)s.", trade=trade)
        return _("A view from another trade.")
    trades = [trade for trade in (_trade(subject.profile), _trade(other.profile)) if trade]
    return (
        _("From different trades: %(trades)s.", trades=_joined(trades))
        if trades
        else _("From different trades.")
    )


def _introduces(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    give, opener, led = _give(reason, subject.profile), called(subject, other), called(other, subject)
    if viewer == subject.id:
        return _("Your “%(give)s” may open a door for what occupies %(other)s now.", give=give, other=led)
    if viewer == other.id:
        return _(
            "%(subject)s's “%(give)s” may open a door for what occupies you now.", give=give, subject=opener
        )
    return _(
        "%(subject)s's “%(give)s” may open a door for what occupies %(other)s now.",
        give=give,
        subject=opener,
        other=led,
    )


def _tie_growing(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    if _is_one(viewer, reason):
        return _("You have been in touch before: another meeting lets the acquaintance grow.")
    return _("The two have been in touch before: another meeting lets the acquaintance grow.")


def _same_intent(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    aims = _labels(reason.intents)
    if not aims:
        return _("Both come for the same.")
    return _("Both come for the same: %(aims)s.", aims=aims)


def _other_function(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    if _is_one(viewer, reason):
        return _("You know about different things, and so complete each other.")
    return _("The two know about different things, and so complete each other.")


def _other_generation(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    return _("Companies of different generations: a chance to see with other eyes.")


def _other_level(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    return _("Different positions in the company: a chance to hear how it looks from there.")


def _same_trade(reason: Reason, subject: Told, other: Told, viewer: int | None) -> str:
    trade = _trade(subject.profile)
    return _("In the same trade: %(trade)s.", trade=trade) if trade else _("In the same trade.")


Sentence = Callable[[Reason, Told, Told, int | None], str]
_SENTENCES: Mapping[ReasonKind, Sentence] = {
    ReasonKind.MUTUAL_AGAIN: _mutual_again,
    ReasonKind.GIVE_MEETS_CHALLENGE: _give_meets_challenge,
    ReasonKind.GIVE_MEETS_TODAY: _give_meets_today,
    ReasonKind.WISH_MEETS_PROFILE: _wish_meets_profile,
    ReasonKind.SERVE_MEETS_PROFILE: _serve_meets_profile,
    ReasonKind.INTRODUCES: _introduces,
    ReasonKind.TALKED_TOGETHER: _talked_together,
    ReasonKind.TIE_GROWING: _tie_growing,
    ReasonKind.NOT_MET_YET: _not_met_yet,
    ReasonKind.COMMON_CHALLENGE: _common_challenge,
    ReasonKind.COMMON_VALUE: _common_value,
    ReasonKind.SAME_PHASE: _same_phase,
    ReasonKind.SAME_AREA: _same_area,
    ReasonKind.SAME_INTENT: _same_intent,
    ReasonKind.OTHER_TRADE: _other_trade,
    ReasonKind.OTHER_FUNCTION: _other_function,
    ReasonKind.OTHER_GENERATION: _other_generation,
    ReasonKind.OTHER_LEVEL: _other_level,
    ReasonKind.SAME_TRADE: _same_trade,
}


def _is_one(viewer: int | None, reason: Reason) -> bool:
    return viewer is not None and viewer in (reason.subject, reason.other)


def _give(reason: Reason, profile: Profile) -> str:
    """The give in its person's own words; where they have changed since, its topic."""
    place = reason.give
    if place is not None and 0 <= place < len(profile.gives) and profile.gives[place].words:
        return profile.gives[place].words
    if reason.topic is not None:
        return str(label(reason.topic))
    return (
        str(label(profile.gives[place].kind))
        if place is not None and place < len(profile.gives)
        else _("experience")
    )


def _challenge(reason: Reason, profile: Profile) -> str:
    """The challenge by its topic, which is short; else in its person's own words."""
    if reason.topic is not None:
        return str(label(reason.topic))
    place = reason.challenge
    if place is not None and 0 <= place < len(profile.challenges):
        return profile.challenges[place].words or _labels(profile.challenges[place].tags)
    return _("a present challenge")


def _what(reason: Reason, profile: Profile) -> str:
    """In what a person meets a wish: what they are, in short words."""
    facts = {
        CriterionField.INDUSTRY: profile.industry,
        CriterionField.SIZE: profile.size,
        CriterionField.ROLE: profile.role,
    }
    met = [str(label(member)) for field, member in facts.items() if field in reason.fields and member]
    return _joined([*met, *(str(label(topic)) for topic in reason.topics)])


def _trade(profile: Profile) -> str:
    return profile.industry_words or (str(label(profile.industry)) if profile.industry else "")


def _labels(members: Iterable[StrEnum]) -> str:
    return _joined([str(label(member)) for member in members])


def _joined(words: list[str]) -> str:
    return _(", ").join(words)
