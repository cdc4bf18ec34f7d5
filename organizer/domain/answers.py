"""What one can give and what the other needs: which give meets which challenge, and how well."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from organizer.domain.profiles import Challenge, Give, Profile
from organizer.domain.vocabulary import Topic
from organizer.domain.wishes import NEAR
from organizer.domain.words import topics_in, topics_near

TELLING: Final = 0.6
"""From this degree on an answer is worth being named as a reason."""
BY_WORDS: Final = 0.85
"""What a topic is worth that is only spoken of, not tagged."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One give that meets one challenge, or the goal of today where `challenge` is None."""

    give: int
    challenge: int | None
    topic: Topic
    degree: float


def answers(giver: Profile, receiver: Profile) -> tuple[Answer, ...]:
    """Every give that meets a need of the other at least in part, the best first."""
    needs: list[tuple[int | None, Challenge]] = list(enumerate(receiver.challenges))
    if receiver.today:
        needs.append((None, Challenge(receiver.today)))
    found = [
        Answer(number, place, topic, degree)
        for number, give in enumerate(giver.gives)
        for place, need in needs
        for topic, degree in [_meeting(give, need)]
        if topic is not None
    ]
    return tuple(
        sorted(found, key=lambda one: (-one.degree, one.challenge is None, one.challenge or 0, one.give))
    )


def _meeting(give: Give, need: Challenge) -> tuple[Topic | None, float]:
    """The topic in which a give meets a need, and how well; a trade or a word that both only name is no help."""
    tagged = set(give.tags) & set(need.tags)
    if tagged:
        return _first(tagged), 1.0
    offered, needed = topics_in(give.words) | set(give.tags), topics_in(need.words) | set(need.tags)
    if offered & needed:
        return _first(offered & needed), BY_WORDS
    helping = {topic for topic in offered if any(topics_near(topic, other) for other in needed)}
    return (_first(helping), NEAR) if helping else (None, 0.0)


def _first(topics: Iterable[Topic]) -> Topic:
    wanted = set(topics)
    return next(topic for topic in Topic if topic in wanted)


@dataclass(frozen=True, slots=True)
class Filling:
    """What an applicant brings to a room: ids of those helped, ids of those who can help, and a new trade."""

    helps: tuple[int, ...]
    helped_by: tuple[int, ...]
    new_industry: bool


def fills(room: Iterable[Profile], applicant: Profile) -> Filling:
    """What the applicant brings to the people already in the room, and they to the applicant."""
    others = sorted((one for one in room if one.id != applicant.id), key=lambda one: one.id)
    return Filling(
        tuple(one.id for one in others if _is_told(answers(applicant, one))),
        tuple(one.id for one in others if _is_told(answers(one, applicant))),
        applicant.industry is not None and all(one.industry != applicant.industry for one in others),
    )


def _is_told(found: tuple[Answer, ...]) -> bool:
    return bool(found) and found[0].degree >= TELLING
