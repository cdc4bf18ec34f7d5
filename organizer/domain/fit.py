"""How well a profile meets a target profile, and what two people have for each other, with its parts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final, Self

from organizer.domain.answers import answers
from organizer.domain.profiles import Criterion, Profile, TargetProfile
from organizer.domain.vocabulary import (
    Authority,
    CriterionField,
    Intent,
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
    wish_fit,
)

ANYBODY: Final = 0.5
"""How well anybody fits a target without criteria: below every target that is met on purpose."""
MISSED_MUST: Final = 0.4
"""What remains of a score when a must is missed: worth seeing, never worth preferring."""


class FitBand(StrEnum):
    """A score as people read it."""

    VERY_GOOD = "very_good"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


def band(score: float) -> FitBand:
    """The band of a score in [0, 1]."""
    if score >= 0.8:
        return FitBand.VERY_GOOD
    if score >= 0.55:
        return FitBand.GOOD
    return FitBand.FAIR if score >= 0.3 else FitBand.POOR


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


class AffinityPart(StrEnum):
    """What speaks for one person meeting another."""

    WISH = "wish"
    SERVE = "serve"
    GIVE = "give"
    COMMON = "common"
    DIVERSITY = "diversity"
    RHYTHM = "rhythm"
    INTENT = "intent"


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts; only the proportions matter. Kept with every list made by it."""

    version: int
    wish: int
    serve: int
    give: int
    common: int
    diversity: int
    rhythm: int
    intent: int

    def of(self, part: AffinityPart) -> int:
        """The weight of a part."""
        weight: int = getattr(self, part.value)
        return weight

    @property
    def total(self) -> int:
        """The sum of all weights."""
        return sum(self.of(part) for part in AffinityPart)

    def to_data(self) -> dict[str, int]:
        """Plain data, fit for JSON."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The weights that `to_data` wrote."""
        return cls(
            int(data["version"]), **{part.value: int(data.get(part.value, 0)) for part in AffinityPart}
        )


WEIGHTS_V1: Final = Weights(1, wish=30, serve=10, give=25, common=10, diversity=10, rhythm=10, intent=5)


@dataclass(frozen=True, slots=True)
class History:
    """What two people have behind them. What only one of them wants is no part of it."""

    meetings: int = 0
    """Earlier events at which they met."""
    matches: int = 0
    """How often they were matched before."""
    talked: bool = False
    """At least one of them says that they talked at this event."""
    mutual_again: bool = False
    """Both want to meet again."""


NO_HISTORY: Final = History()


@dataclass(frozen=True, slots=True)
class AffinityPiece:
    """One part of an affinity: degree in [0, 1] and the weight it counted with."""

    part: AffinityPart
    degree: float
    weight: int


@dataclass(frozen=True, slots=True)
class Affinity:
    """What the second person is for the first: score in [0, 1] with its parts."""

    score: float
    parts: tuple[AffinityPiece, ...]

    @property
    def band(self) -> FitBand:
        """The score as people read it."""
        return band(self.score)

    def degree(self, part: AffinityPart) -> float:
        """The degree of one part."""
        return next(piece.degree for piece in self.parts if piece.part is part)


def affinity(
    one: Profile, other: Profile, weights: Weights = WEIGHTS_V1, history: History = NO_HISTORY
) -> Affinity:
    """What meeting `other` is for `one`: wishes met, help to give, what is shared and what differs."""
    degrees = {
        AffinityPart.WISH: wish_fit(one.wish, other).degree,
        AffinityPart.SERVE: wish_fit(one.serve, other).degree,
        AffinityPart.GIVE: _help(one, other),
        AffinityPart.COMMON: _common(one, other),
        AffinityPart.DIVERSITY: _diversity(one, other),
        AffinityPart.RHYTHM: _rhythm(history),
        AffinityPart.INTENT: _intent(one, other),
    }
    pieces = tuple(AffinityPiece(part, round(degrees[part], 4), weights.of(part)) for part in AffinityPart)
    score = sum(piece.degree * piece.weight for piece in pieces) / (weights.total or 1)
    return Affinity(round(score, 4), pieces)


def both_ways(there: Affinity, back: Affinity) -> int:
    """The worth of a pair as a whole number from 0 to 2000, as pairing and seating count it."""
    return round(1000 * there.score) + round(1000 * back.score)


def _help(giver: Profile, receiver: Profile) -> float:
    """The best answer, and a little more where a second need is met as well."""
    found = answers(giver, receiver)
    if not found:
        return 0.0
    second = max((one.degree for one in found if one.challenge != found[0].challenge), default=0.0)
    return 0.8 * found[0].degree + 0.2 * second


def _common(one: Profile, other: Profile) -> float:
    """Values, phase of the company, and challenges both know."""
    values = min(1.0, len(set(one.values) & set(other.values)) / 2)
    phase = size_degree(one.size, (other.size,)) if other.size else 0.0
    fellows = float(bool(challenge_topics(one) & challenge_topics(other)))
    return 0.5 * values + 0.25 * phase + 0.25 * fellows


def _diversity(one: Profile, other: Profile) -> float:
    """Another trade, another role, another generation; what is not known counts half."""
    trade = _differs(one.industry, other.industry)
    role = _differs(one.role, other.role)
    if one.founded_year is None or other.founded_year is None:
        generation = 0.5
    else:
        generation = min(1.0, abs(one.founded_year - other.founded_year) / 20)
    return 0.6 * trade + 0.2 * role + 0.2 * generation


def _differs(one: StrEnum | None, other: StrEnum | None) -> float:
    return 0.5 if one is None or other is None else float(one != other)


def _rhythm(history: History) -> float:
    """Who wants to go on, goes on; else those who have not met come before those matched already."""
    if history.mutual_again:
        return 1.0
    fresh = 0.5 if history.meetings == 0 else 0.35
    return max(0.0, fresh + (0.3 if history.talked else 0.0) - 0.2 * history.matches)


def _intent(one: Profile, other: Profile) -> float:
    """1 where both come for the same, 0 where the other comes to sell to somebody who looks for nothing."""
    shared = (set(one.intents) & set(other.intents)) - {Intent.SELL}
    if shared:
        return 1.0
    sold_to = Intent.SELL in other.intents and not set(one.intents) & {Intent.PARTNER, Intent.BE_ADVISED}
    return 0.0 if sold_to else 0.5
