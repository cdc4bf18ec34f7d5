"""What a topic is about at bottom: eight concerns of a company, so that today's problem can be told from others."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from organizer.domain.vocabulary import Topic


class Concern(StrEnum):
    """One side of running a company; every topic belongs to exactly one."""

    MAKING = "making"
    SELLING = "selling"
    BEING_KNOWN = "being_known"
    PEOPLE = "people"
    MONEY = "money"
    DIGITAL = "digital"
    SUCCESSION = "succession"
    DIRECTION = "direction"


TOPICS_OF: Final[dict[Concern, tuple[Topic, ...]]] = {
    Concern.MAKING: (
        Topic.PRODUCT,
        Topic.PRODUCTION,
        Topic.QUALITY,
        Topic.LOGISTICS,
        Topic.PROCUREMENT,
        Topic.ENVIRONMENT,
    ),
    Concern.SELLING: (Topic.SALES, Topic.NEW_CUSTOMERS, Topic.PRICING, Topic.OVERSEAS, Topic.SHOP),
    Concern.BEING_KNOWN: (Topic.PR, Topic.BRANDING, Topic.WEB, Topic.SOCIAL_MEDIA, Topic.DESIGN),
    Concern.PEOPLE: (
        Topic.HIRING,
        Topic.TRAINING,
        Topic.RETENTION,
        Topic.LABOUR,
        Topic.LEADERSHIP,
        Topic.HEALTH,
    ),
    Concern.MONEY: (
        Topic.FINANCE,
        Topic.CASHFLOW,
        Topic.SUBSIDIES,
        Topic.TAX,
        Topic.INSURANCE,
        Topic.REAL_ESTATE,
    ),
    Concern.DIGITAL: (Topic.IT, Topic.DIGITAL, Topic.AI, Topic.SECURITY),
    Concern.SUCCESSION: (Topic.SUCCESSION, Topic.M_AND_A, Topic.LEGAL),
    Concern.DIRECTION: (Topic.STRATEGY, Topic.NEW_BUSINESS, Topic.MINDSET, Topic.COMMUNITY),
}
"""The topics of each concern."""

_CONCERN_OF: Final = {topic: concern for concern, topics in TOPICS_OF.items() for topic in topics}


def concern_of(topic: Topic) -> Concern:
    """The concern a topic belongs to."""
    return _CONCERN_OF[topic]


def concerns_of(topics: Iterable[Topic]) -> frozenset[Concern]:
    """The concerns that some topics belong to."""
    return frozenset(_CONCERN_OF[topic] for topic in topics)
