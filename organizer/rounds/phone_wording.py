"""One's neighbours at a table as the phone tells of them: why they, and what they can give."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from organizer.domain.folding import fold
from organizer.domain.profiles import Give, Profile
from organizer.domain.reasons import PRIVATE, ReasonKind, reasons_for
from organizer.domain.vocabulary import Topic
from organizer.domain.weights import Weights
from organizer.matches.queries import told_of
from organizer.registrations.models import Registration
from organizer.registrations.queries import profile_of
from organizer.web.labels import label
from organizer.web.reasons import reason_texts

GIVES = 3
OF_THE_PAST = PRIVATE | {ReasonKind.MUTUAL_AGAIN, ReasonKind.TALKED_TOGETHER, ReasonKind.NOT_MET_YET}
"""Reasons from what was before: a table is no place to hear of them."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody at one's table; of those who do not wish to be listed the name alone."""

    name: str
    reading: str
    company: str
    title: str
    why: str
    gives: tuple[str, ...]
    first_time: bool


@dataclass(frozen=True, slots=True)
class Card:
    """What one says of oneself in a minute."""

    name: str
    reading: str
    company: str
    title: str
    about: str
    gives: tuple[str, ...]


def neighbours_of(own: Registration, others: Sequence[Registration], weights: Weights) -> list[Neighbour]:
    """The others of a table, by reading, as the person of `own` reads of them; people and profiles loaded."""
    found = [_neighbour(own, other, weights) for other in others]
    return sorted(found, key=lambda one: fold(one.reading or one.name))


def card_of(own: Registration) -> Card:
    """One's own introduction, from the profile and what was said for this event; person and profile loaded."""
    profile, person = profile_of(own), own.person
    said = person.profile
    title = said.title or (str(label(said.role)) if said.role else "")
    return Card(person.name, person.reading, said.company, title, _about(profile), _gives(profile.gives))


def _neighbour(own: Registration, other: Registration, weights: Weights) -> Neighbour:
    person = other.person
    if not other.listed:
        return Neighbour(person.name, person.reading, "", "", "", (), False)
    profile = profile_of(other)
    said = person.profile
    title = said.title or (str(label(said.role)) if said.role else "")
    why, gives = _why(own, other, weights), _gives(profile.gives)
    return Neighbour(person.name, person.reading, said.company, title, why, gives, other.first_time)


def _why(own: Registration, other: Registration, weights: Weights) -> str:
    """The strongest reason for these two, as the person of `own` reads it; empty where there is none."""
    found = reasons_for(profile_of(own), profile_of(other), weights)
    kept = [reason for reason in found if reason.kind not in OF_THE_PAST]
    people = {one.person_id: told_of(one) for one in (own, other)}
    return next(iter(reason_texts(kept, own.person_id, people, limit=1)), "")


def _gives(gives: Sequence[Give]) -> tuple[str, ...]:
    """What somebody can give, in their own words, else by its topics."""
    texts = (give.words or _topics(give.tags) for give in gives)
    return tuple(dict.fromkeys(text for text in texts if text))[:GIVES]


def _about(profile: Profile) -> str:
    """What one wants to talk about: today's goal, else the first challenge, else whom one wishes to meet."""
    challenges = (challenge.words or _topics(challenge.tags) for challenge in profile.challenges)
    return profile.today or next((text for text in challenges if text), "") or profile.wish.words


def _topics(topics: Iterable[Topic]) -> str:
    return str(_(", ")).join(str(label(topic)) for topic in topics)
