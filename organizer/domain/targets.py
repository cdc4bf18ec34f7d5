"""How well a profile meets a target profile of the host, criterion by criterion."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from organizer.domain.bands import FitBand, band
from organizer.domain.profiles import Criterion, Profile, TargetProfile
from organizer.domain.vocabulary import (
    Authority,
    CriterionField,
    Region,
    Role,
    SizeBand,
    Topic,
    known,
)
from organizer.domain.wishes import (
    NEAR,
    authority_degree,
    challenge_topics,
    give_topics,
    role_degree,
    size_degree,
    topic_degree,
)

ANYBODY: Final = 0.5
"""How well anybody fits a target without criteria: below every target that is met on purpose."""
MISSED_MUST: Final = 0.4
"""What remains of a score when a must is missed: worth seeing, never worth preferring."""


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion beside what the profile says, in codes of `field.words`; `actual` may be empty."""

    field: CriterionField
    wanted: tuple[str, ...]
    actual: tuple[str, ...]
    degree: float
    must: bool

    @property
    def met(self) -> bool:
        """Whether the criterion is met in full."""
        return self.degree >= 1


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a profile meets a target: score in [0, 1], its parts, and whether all musts are met."""

    target_id: int
    score: float
    parts: tuple[Part, ...]
    meets_musts: bool

    @property
    def band(self) -> FitBand:
        """The score as people read it."""
        return band(self.score)


def fit_target(profile: Profile, target: TargetProfile) -> Fit:
    """The fit of a profile to a target: the mean of its criteria, musts counting twice."""
    parts = tuple(_part(profile, criterion) for criterion in target.criteria)
    meets_musts = all(part.met for part in parts if part.must)
    total = sum(2 if part.must else 1 for part in parts)
    score = sum(part.degree * (2 if part.must else 1) for part in parts) / total if parts else ANYBODY
    return Fit(target.id, round(score if meets_musts else score * MISSED_MUST, 4), parts, meets_musts)


def meets_all(profile: Profile, target: TargetProfile) -> bool:
    """Whether every criterion is met in full, as a limit counts people; without criteria it counts nobody."""
    parts = fit_target(profile, target).parts
    return bool(parts) and all(part.met for part in parts)


def _part(profile: Profile, criterion: Criterion) -> Part:
    actual = _said(profile, criterion.field)
    return Part(
        criterion.field, criterion.values, actual, _degree(profile, criterion, actual), criterion.must
    )


def _said(profile: Profile, field: CriterionField) -> tuple[str, ...]:
    """What a profile says about a field, as codes in the vocabulary's order."""
    match field:
        case CriterionField.CHALLENGE:
            return _in_order(challenge_topics(profile))
        case CriterionField.GIVE:
            return _in_order(give_topics(profile))
        case CriterionField.INTENT:
            return tuple(intent.value for intent in profile.intents)
        case _:
            one: StrEnum | None = getattr(profile, field.value)
            return (one.value,) if one is not None else ()


def _degree(profile: Profile, criterion: Criterion, actual: tuple[str, ...]) -> float:
    """How far what is said meets what is wanted; near misses count where nearness has a meaning."""
    if set(actual) & set(criterion.values):
        return 1.0
    match criterion.field:
        case CriterionField.SIZE:
            return size_degree(profile.size, known(SizeBand, criterion.values))
        case CriterionField.ROLE:
            return role_degree(profile.role, known(Role, criterion.values))
        case CriterionField.AUTHORITY:
            return authority_degree(profile.authority, known(Authority, criterion.values))
        case CriterionField.REGION:
            areas = {region.area for region in known(Region, criterion.values)}
            return NEAR if profile.region is not None and profile.region.area in areas else 0.0
        case CriterionField.CHALLENGE | CriterionField.GIVE:
            return topic_degree(frozenset(known(Topic, actual)), known(Topic, criterion.values))
        case _:
            return 0.0


def _in_order(topics: frozenset[Topic]) -> tuple[str, ...]:
    return tuple(topic.value for topic in Topic if topic in topics)
