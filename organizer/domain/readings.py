"""What a profile says, looked through once: the topics behind its words and tags, and the problem of today."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from organizer.domain.concerns import Concern, concerns_of
from organizer.domain.lines import line_of
from organizer.domain.profiles import Challenge, Give, Profile
from organizer.domain.vocabulary import GiveKind, Topic
from organizer.domain.words import relevance, topics_in, topics_near


class Offer(NamedTuple):
    """A give with the topics behind it."""

    words: str
    tags: frozenset[Topic]
    topics: frozenset[Topic]


class Need(NamedTuple):
    """A challenge by its place, or what somebody wants from today (place None), with the topics behind it."""

    place: int | None
    words: str
    tags: frozenset[Topic]
    topics: frozenset[Topic]
    helped_by: frozenset[Topic]
    """The topics of which help with one is often help with this, too."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A profile with what its words mean. `offers` are in the order of its gives."""

    profile: Profile
    offers: tuple[Offer, ...]
    needs: tuple[Need, ...]
    """The challenges in their order, then what is wanted from today."""
    problem: Need | None
    """The problem of today: what is wanted from today, else the first challenge, which weighs most."""
    topics: frozenset[Topic]
    """Everything this person speaks of, as a challenge or as a give."""
    topics_near: frozenset[Topic]
    """The same with their neighbours."""
    challenge_topics: frozenset[Topic]
    give_topics: frozenset[Topic]
    knows: frozenset[Concern]
    """The concerns of which this person has something to give."""
    struggles: frozenset[Concern]
    concerns_today: frozenset[Concern]
    """The concerns to which the problem of today belongs."""
    introduces: bool
    """Whether one of the gives is to introduce people."""
    in_one_line: str
    """What kind of person this is, as `words.relevance` reads it."""


# A room is read for affinities, wishes and reasons alike: each person once, not once a pair.
@lru_cache(maxsize=512)
def read(profile: Profile) -> Reading:
    """The profile, looked through."""
    offers = tuple(Offer(give.words, frozenset(give.tags), _topics(give)) for give in profile.gives)
    needs = tuple(_needs(profile))
    problem = _problem(needs)
    gives = _all(offer.topics for offer in offers)
    challenges = _all(need.topics for need in needs if need.place is not None)
    return Reading(
        profile=profile,
        offers=offers,
        needs=needs,
        problem=problem,
        topics=gives | challenges,
        topics_near=_with_neighbours(gives | challenges),
        challenge_topics=challenges,
        give_topics=gives,
        knows=concerns_of(gives),
        struggles=concerns_of(challenges),
        concerns_today=concerns_of(problem.topics) if problem is not None else frozenset(),
        introduces=any(give.kind is GiveKind.INTRODUCTION for give in profile.gives),
        in_one_line=line_of(profile),
    )


# The same two texts meet in affinities, wishes, scores and reasons of one evening.
@lru_cache(maxsize=16384)
def nearness(left: str, right: str) -> float:
    """`words.relevance`, kept for a while; 0 where one of the two says nothing."""
    return relevance(left, right) if left and right else 0.0


def _needs(profile: Profile) -> Iterable[Need]:
    for place, challenge in enumerate(profile.challenges):
        yield _need(place, challenge)
    if profile.today:
        yield _need(None, Challenge(profile.today))


def _need(place: int | None, said: Challenge) -> Need:
    topics = _topics(said)
    return Need(place, said.words, frozenset(said.tags), topics, _with_neighbours(topics))


def _problem(needs: tuple[Need, ...]) -> Need | None:
    """Today's words where they name a topic; else the first challenge, else whatever today's words are."""
    today = next((need for need in needs if need.place is None), None)
    if today is not None and today.topics:
        return today
    return needs[0] if needs else None


def _topics(said: Give | Challenge) -> frozenset[Topic]:
    return topics_in(said.words) | set(said.tags) if said.words else frozenset(said.tags)


def _with_neighbours(topics: frozenset[Topic]) -> frozenset[Topic]:
    return _all(_near(topic) for topic in topics)


@cache
def _near(topic: Topic) -> frozenset[Topic]:
    return frozenset(other for other in Topic if topics_near(topic, other))


def _all(parts: Iterable[frozenset[Topic]]) -> frozenset[Topic]:
    return frozenset[Topic]().union(*parts)
