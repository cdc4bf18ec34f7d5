"""What an unknown wording is most like: the topics whose expressions are written with the same pairs of signs.

The expressions of the lexicon themselves say which topics a pair like 給料 or 倉庫 belongs to.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from math import log, sqrt
from typing import Final

from organizer.domain.lexicon.entries import ENDINGS, Kind
from organizer.domain.lexicon.reader import lexicon
from organizer.domain.lexicon.spelling import fold
from organizer.domain.vocabulary import Topic

TELLING: Final = 17
"""Pairs that stand in more topics than this tell nothing."""

_TOPICS: Final = {topic: place for place, topic in enumerate(Topic)}


def likeness(left: str, right: str) -> float:
    """How much two texts are written in the words of the same topics, in [0, 1]."""
    mine, its = _leaning(fold(left)), _leaning(fold(right))
    return min(1.0, sum(weight * its.get(topic, 0.0) for topic, weight in mine.items()))


@lru_cache(maxsize=2048)
def _leaning(folded: str) -> dict[int, float]:
    """By the place of a topic, how much a text leans to it, as a vector of length 1."""
    topics_of = _topics_of_pairs()
    leaning: dict[int, float] = {}
    for pair in sorted(set(_pairs(folded))):
        topics = _places(topics_of.get(pair, 0))
        if len(topics) <= TELLING:
            for topic in topics:
                leaning[topic] = leaning.get(topic, 0.0) + log(len(_TOPICS) / len(topics)) / len(topics)
    length = sqrt(sum(weight * weight for weight in leaning.values()))
    return {topic: weight / length for topic, weight in leaning.items()}


@lru_cache(maxsize=2048)
def _places(bits: int) -> tuple[int, ...]:
    return tuple(place for place in range(len(_TOPICS)) if bits >> place & 1)


@lru_cache(maxsize=1)
def _topics_of_pairs() -> dict[int, int]:
    """By pair of signs, the topics whose expressions hold it, a bit for each."""
    known = lexicon()
    found: dict[int, int] = {}
    once: dict[int, int] = {}
    for written, name in _expressions():
        subject = known.entries[name].subject
        if isinstance(subject, Topic):
            bit = 1 << _TOPICS[subject]
            for pair in _pairs(written):
                bits = found.get(pair, 0) | bit
                found[pair] = once.setdefault(bits, bits)
    return found


def _expressions() -> Iterator[tuple[str, str]]:
    """Every piece of writing that the lexicon has for a concept, with the concept's name."""
    known = lexicon()
    for written, senses in known.words.items():
        for sense in senses:
            if sense.kind is Kind.CONCEPT:
                yield written.rstrip(ENDINGS), sense.name
    for written, patterns in known.patterns.items():
        for pattern in patterns:
            if pattern.sense.kind is Kind.CONCEPT:
                for piece in (written, *pattern.rest):
                    yield piece.rstrip(ENDINGS), pattern.sense.name


def _pairs(written: str) -> Iterator[int]:
    """The pairs of neighbouring letters as numbers, but for those in hiragana alone, which is mostly grammar."""
    for one, two in pairwise(written):
        if one.isalnum() and two.isalnum() and not ("ぁ" <= one <= "ん" and "ぁ" <= two <= "ん"):
            yield ord(one) << 21 | ord(two)
