"""What one can give and what the other needs: which give meets which challenge, and how well."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from organizer.domain.profiles import Profile
from organizer.domain.readings import Need, Offer, Reading, nearness, read
from organizer.domain.vocabulary import Topic
from organizer.domain.wishes import NEAR

TELLING: Final = 0.6
"""From this degree on an answer is worth being named as a reason."""
BY_WORDS: Final = 0.85
"""What a topic is worth that one has tagged and the other only speaks of."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One give that meets one challenge, or the goal of today where `challenge` is None."""

    give: int
    challenge: int | None
    topic: Topic
    degree: float


def answers(giver: Profile, receiver: Profile) -> tuple[Answer, ...]:
    """Every give that meets a need of the other at least in part, the best first."""
    return answers_read(read(giver), read(receiver))


def answers_read(giver: Reading, receiver: Reading) -> tuple[Answer, ...]:
    """The same for two profiles that have been read."""
    found = [
        Answer(number, need.place, topic, degree)
        for number, offer in enumerate(giver.offers)
        for need in receiver.needs
        for topic, degree in [_meeting(offer, need)]
        if topic is not None
    ]
    if len(found) < 2:
        return tuple(found)
    return tuple(
        sorted(found, key=lambda one: (-one.degree, one.challenge is None, one.challenge or 0, one.give))
    )


def _meeting(offer: Offer, need: Need) -> tuple[Topic | None, float]:
    """The topic in which a give meets a need, and how well: by tags, by a tag that is spoken of, or by the words.

    A word that both use is no help by itself; the words of both are read as those of a giver and of somebody in need.
    """
    tagged = offer.tags & need.tags
    if tagged:
        return _first(tagged), 1.0
    helping = offer.topics & need.helped_by
    if not helping and offer.topics and need.topics:
        return None, 0.0  # they speak of different things, and most pairs do: the words need not be weighed
    spoken = (offer.tags & need.topics) | (offer.topics & need.tags)
    if spoken:
        return _first(spoken), BY_WORDS
    by_neighbour = NEAR if (offer.tags or need.tags) and helping else 0.0
    degree = max(by_neighbour, nearness(offer.words, need.words))
    about = (offer.topics & need.topics) or helping or need.topics or offer.topics
    return (_first(about), degree) if about and degree >= NEAR else (None, 0.0)


def _first(topics: Iterable[Topic]) -> Topic:
    return min(topics, key=_ORDER.__getitem__)


_ORDER: Final = {topic: place for place, topic in enumerate(Topic)}


@dataclass(frozen=True, slots=True)
class Filling:
    """What an applicant brings to a room: the ids of those helped, and a new trade."""

    helps: tuple[int, ...]
    new_industry: bool


def fills(room: Iterable[Profile], applicant: Profile) -> Filling:
    """What the applicant brings to the people already in the room."""
    others = sorted((one for one in room if one.id != applicant.id), key=lambda one: one.id)
    return Filling(
        tuple(one.id for one in others if _is_told(answers(applicant, one))),
        applicant.industry is not None and all(one.industry != applicant.industry for one in others),
    )


def _is_told(found: tuple[Answer, ...]) -> bool:
    return bool(found) and found[0].degree >= TELLING
