"""How well a person is the kind of person somebody wishes for."""

from dataclasses import dataclass
from typing import Final

from organizer.domain.profiles import Profile, Wish
from organizer.domain.vocabulary import Authority, CriterionField, Role, SizeBand, Topic
from organizer.domain.words import relevance, roles_in, topics_in, topics_near, trades_in

NEAR: Final = 0.5
"""What the next band, the kindred role or the neighbouring topic is worth."""

_KINDRED_ROLES: Final = frozenset(
    frozenset(pair)
    for pair in (
        (Role.OWNER_PRESIDENT, Role.SOLE_PROPRIETOR),
        (Role.OWNER_PRESIDENT, Role.EXECUTIVE),
        (Role.OWNER_PRESIDENT, Role.SUCCESSOR),
        (Role.EXECUTIVE, Role.SUCCESSOR),
        (Role.SOLE_PROPRIETOR, Role.PROFESSIONAL),
        (Role.MANAGER, Role.EMPLOYEE),
    )
)


@dataclass(frozen=True, slots=True)
class WishFit:
    """How well a wish is met: a degree in [0, 1], the fields fully met, and the topics that meet it."""

    degree: float
    fields: tuple[CriterionField, ...] = ()
    topics: tuple[Topic, ...] = ()
    by_words: bool = False
    """Whether the wish's own words speak of this person."""


def wish_fit(wish: Wish, profile: Profile) -> WishFit:
    """How well `profile` meets `wish`: the mean over what the wish asks for; 0 where it asks for nothing."""
    degrees: dict[CriterionField, float] = {}
    if wish.industries:
        degrees[CriterionField.INDUSTRY] = float(profile.industry in wish.industries)
    if wish.sizes:
        degrees[CriterionField.SIZE] = size_degree(profile.size, wish.sizes)
    if wish.roles:
        degrees[CriterionField.ROLE] = role_degree(profile.role, wish.roles)
    spoken = topics_of(profile)
    met = tuple(topic for topic in wish.topics if topic in spoken)
    if wish.topics:
        degrees[CriterionField.CHALLENGE] = topic_degree(spoken, wish.topics)
    in_words = words_degree(wish.words, profile)
    wanted = [*degrees.values(), *([in_words] if wish.words else [])]
    fields = tuple(asked for asked, degree in degrees.items() if degree >= 1)
    return WishFit(sum(wanted) / len(wanted) if wanted else 0.0, fields, met, in_words >= NEAR)


def size_degree(size: SizeBand | None, wanted: tuple[SizeBand, ...]) -> float:
    """1 for a wanted band, NEAR for its neighbour."""
    if size is None:
        return 0.0
    return _by_distance(min((abs(size.rank - band.rank) for band in wanted), default=9))


def role_degree(role: Role | None, wanted: tuple[Role, ...]) -> float:
    """1 for a wanted role, NEAR for a kindred one."""
    if role is None or role in wanted:
        return float(role is not None)
    return NEAR if any(frozenset((role, other)) in _KINDRED_ROLES for other in wanted) else 0.0


def authority_degree(authority: Authority | None, wanted: tuple[Authority, ...]) -> float:
    """1 for a wanted say in decisions, NEAR for one step beside it."""
    if authority is None:
        return 0.0
    steps = list(Authority)
    return _by_distance(min((abs(steps.index(authority) - steps.index(one)) for one in wanted), default=9))


def topic_degree(spoken: frozenset[Topic], wanted: tuple[Topic, ...]) -> float:
    """1 where any wanted topic is spoken of, NEAR where a neighbouring one is."""
    if spoken & set(wanted):
        return 1.0
    return NEAR if any(topics_near(one, other) for one in spoken for other in wanted) else 0.0


def challenge_topics(profile: Profile) -> frozenset[Topic]:
    """What a person struggles with, by tags and by own words."""
    return frozenset(profile.challenge_topics).union(*(topics_in(one.words) for one in profile.challenges))


def give_topics(profile: Profile) -> frozenset[Topic]:
    """What a person can help with, by tags and by own words."""
    return frozenset(profile.give_topics).union(*(topics_in(one.words) for one in profile.gives))


def topics_of(profile: Profile) -> frozenset[Topic]:
    """Everything a person speaks of, as a challenge or as a give."""
    return challenge_topics(profile) | give_topics(profile)


def words_degree(words: str, profile: Profile) -> float:
    """How well a wish in own words speaks of a person: trade, position and topics it names, or its wording."""
    if not words:
        return 0.0
    trades, roles, topics = trades_in(words), roles_in(words), topics_in(words)
    named = [
        *([float(profile.industry in trades)] if trades else []),
        *([role_degree(profile.role, tuple(roles))] if roles else []),
        *([topic_degree(topics_of(profile), tuple(topics))] if topics else []),
    ]
    return sum(named) / len(named) if named else relevance(words, in_one_line(profile))


def in_one_line(profile: Profile) -> str:
    """The free words of a profile that say what kind of person this is."""
    words = (
        profile.industry_words,
        *(one.words for one in profile.challenges),
        *(one.words for one in profile.gives),
    )
    return "/".join(word for word in words if word)


def _by_distance(steps: int) -> float:
    return {0: 1.0, 1: NEAR}.get(steps, 0.0)
