"""How well a person is the kind of person somebody wishes for."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from organizer.domain.profiles import Profile, Wish
from organizer.domain.readings import Reading, nearness, read
from organizer.domain.vocabulary import Authority, CriterionField, Role, SizeBand, Topic
from organizer.domain.words import topics_near

NEAR: Final = 0.5
"""What the next band, the kindred role or the neighbouring topic is worth."""

_RANK: Final = {band: band.rank for band in SizeBand}
_STEPS: Final = {authority: place for place, authority in enumerate(Authority)}
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
    return wish_fit_read(wish, read(profile))


def wish_fit_read(wish: Wish, other: Reading) -> WishFit:
    """The same for a profile that has been read."""
    profile, degrees = other.profile, dict[CriterionField, float]()
    if wish.industries:
        degrees[CriterionField.INDUSTRY] = float(profile.industry in wish.industries)
    if wish.sizes:
        degrees[CriterionField.SIZE] = size_degree(profile.size, wish.sizes)
    if wish.roles:
        degrees[CriterionField.ROLE] = role_degree(profile.role, wish.roles)
    met: tuple[Topic, ...] = ()
    if wish.topics:
        degrees[CriterionField.CHALLENGE] = _spoken_degree(other, wish.topics)
        met = tuple(topic for topic in wish.topics if topic in other.topics)
    in_words = nearness(wish.words, other.in_one_line)
    wanted = [*degrees.values(), *([in_words] if wish.words else [])]
    fields = tuple(asked for asked, degree in degrees.items() if degree >= 1)
    return WishFit(sum(wanted) / len(wanted) if wanted else 0.0, fields, met, in_words >= NEAR)


def size_degree(size: SizeBand | None, wanted: tuple[SizeBand, ...]) -> float:
    """1 for a wanted band, NEAR for its neighbour."""
    if size is None:
        return 0.0
    return _by_distance(min((abs(_RANK[size] - _RANK[band]) for band in wanted), default=9))


def role_degree(role: Role | None, wanted: tuple[Role, ...]) -> float:
    """1 for a wanted role, NEAR for a kindred one."""
    if role is None or role in wanted:
        return float(role is not None)
    return NEAR if any(frozenset((role, other)) in _KINDRED_ROLES for other in wanted) else 0.0


def authority_degree(authority: Authority | None, wanted: tuple[Authority, ...]) -> float:
    """1 for a wanted say in decisions, NEAR for one step beside it."""
    if authority is None:
        return 0.0
    return _by_distance(min((abs(_STEPS[authority] - _STEPS[one]) for one in wanted), default=9))


def topic_degree(spoken: frozenset[Topic], wanted: tuple[Topic, ...]) -> float:
    """1 where any wanted topic is spoken of, NEAR where a neighbouring one is."""
    if spoken & set(wanted):
        return 1.0
    return NEAR if any(topics_near(one, other) for one in spoken for other in wanted) else 0.0


def _spoken_degree(other: Reading, wanted: Collection[Topic]) -> float:
    """`topic_degree` for all that somebody speaks of."""
    if not other.topics.isdisjoint(wanted):
        return 1.0
    return 0.0 if other.topics_near.isdisjoint(wanted) else NEAR


def challenge_topics(profile: Profile) -> frozenset[Topic]:
    """What a person struggles with, by tags and by own words."""
    return read(profile).challenge_topics


def give_topics(profile: Profile) -> frozenset[Topic]:
    """What a person can help with, by tags and by own words."""
    return read(profile).give_topics


def topics_of(profile: Profile) -> frozenset[Topic]:
    """Everything a person speaks of, as a challenge or as a give."""
    return read(profile).topics


def _by_distance(steps: int) -> float:
    return {0: 1.0, 1: NEAR}.get(steps, 0.0)
