"""How much each thing counts when two people are brought together, and how today's problem changes that.

Weights are data: they are kept with every list and plan made by them, so that "why these two?" can be answered later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, Self

from organizer.domain.concerns import Concern
from organizer.domain.vocabulary import known_one


class AffinityPart(StrEnum):
    """What speaks for one person meeting another."""

    WISH = "wish"
    SERVE = "serve"
    GIVE = "give"
    TODAY = "today"
    COMMON = "common"
    DIVERSITY = "diversity"
    RHYTHM = "rhythm"
    INTENT = "intent"


class Aspect(StrEnum):
    """One thing that can count more or less; each belongs to one part. `domain.aspects` measures them."""

    WISH = "wish"
    SERVE = "serve"
    GIVE = "give"
    TODAY = "today"
    INTRODUCER = "introducer"
    VALUES = "values"
    PHASE = "phase"
    SIZE = "size"
    AREA = "area"
    SAME_TRADE = "same_trade"
    TRADE = "trade"
    FUNCTION = "function"
    GENERATION = "generation"
    LEVEL = "level"
    RHYTHM = "rhythm"
    INTENT = "intent"

    @property
    def part(self) -> AffinityPart:
        """The part of an affinity this is counted in."""
        return _PART_OF[self]


_PART_OF: Final = {
    Aspect.WISH: AffinityPart.WISH,
    Aspect.SERVE: AffinityPart.SERVE,
    Aspect.GIVE: AffinityPart.GIVE,
    Aspect.TODAY: AffinityPart.TODAY,
    Aspect.INTRODUCER: AffinityPart.TODAY,
    Aspect.VALUES: AffinityPart.COMMON,
    Aspect.PHASE: AffinityPart.COMMON,
    Aspect.SIZE: AffinityPart.COMMON,
    Aspect.AREA: AffinityPart.COMMON,
    Aspect.SAME_TRADE: AffinityPart.COMMON,
    Aspect.TRADE: AffinityPart.DIVERSITY,
    Aspect.FUNCTION: AffinityPart.DIVERSITY,
    Aspect.GENERATION: AffinityPart.DIVERSITY,
    Aspect.LEVEL: AffinityPart.DIVERSITY,
    Aspect.RHYTHM: AffinityPart.RHYTHM,
    Aspect.INTENT: AffinityPart.INTENT,
}
ASPECTS: Final = tuple(Aspect)
"""All aspects in the order in which points and degrees are listed."""
PLACE: Final = {aspect: place for place, aspect in enumerate(ASPECTS)}
"""The place of each aspect in ASPECTS."""

Points = tuple[int, ...]
"""What each aspect counts, in the order of ASPECTS; only the proportions matter."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each aspect counts, and what it counts instead for somebody whose problem of today is a given concern.

    `version` is that of the measuring: under another one the same points mean something else.
    """

    version: int
    points: Points
    leads: tuple[tuple[Concern, Points], ...] = ()

    def of(self, part: AffinityPart) -> int:
        """What a part counts in all."""
        return sum(points for aspect, points in zip(ASPECTS, self.points, strict=True) if aspect.part is part)

    @property
    def total(self) -> int:
        """The sum of all points."""
        return sum(self.points)

    def for_today(self, concerns: frozenset[Concern]) -> Points:
        """What counts for somebody with these concerns today: of several that change an aspect, the most."""
        return _for_today(self, concerns)

    def to_data(self) -> dict[str, Any]:
        """Plain data, fit for JSON."""
        leads = {concern.value: _named(points) for concern, points in self.leads}
        return {"version": self.version, "points": _named(self.points), "leads": leads}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The weights that `to_data` wrote, also those of the first version, which knew parts only."""
        version = int(data["version"])
        if "points" not in data:
            return cls(version, _of_first_version(data))
        leads = (
            (concern, _listed(points))
            for name, points in data.get("leads", {}).items()
            if (concern := known_one(Concern, name)) is not None
        )
        return cls(version, _listed(data["points"]), tuple(leads))


@lru_cache(maxsize=256)
def _for_today(weights: Weights, concerns: frozenset[Concern]) -> Points:
    changed = [points for concern, points in weights.leads if concern in concerns]
    if not changed:
        return weights.points
    return tuple(_strongest(base, told) for base, *told in zip(weights.points, *changed, strict=True))


def _strongest(base: int, told: Iterable[int]) -> int:
    """The most that a concern makes of an aspect; one that leaves it alone has no say."""
    changes = [points for points in told if points != base]
    return max(changes, default=base)


def _named(points: Points) -> dict[str, int]:
    return {aspect.value: count for aspect, count in zip(ASPECTS, points, strict=True)}


def _listed(named: Mapping[str, Any]) -> Points:
    return tuple(max(0, int(named.get(aspect.value, 0))) for aspect in ASPECTS)


_FIRST_VERSION: Final = {
    "wish": {Aspect.WISH: 20},
    "serve": {Aspect.SERVE: 20},
    "give": {Aspect.GIVE: 20},
    "common": {Aspect.VALUES: 10, Aspect.SIZE: 5, Aspect.PHASE: 5},
    "diversity": {Aspect.TRADE: 12, Aspect.LEVEL: 4, Aspect.GENERATION: 4},
    "rhythm": {Aspect.RHYTHM: 20},
    "intent": {Aspect.INTENT: 20},
}
"""Of what the parts of the first version were made, in twentieths."""


def _of_first_version(data: Mapping[str, Any]) -> Points:
    points = dict.fromkeys(ASPECTS, 0)
    for part, made_of in _FIRST_VERSION.items():
        for aspect, share in made_of.items():
            points[aspect] += share * int(data.get(part, 0))
    return tuple(points.values())


WEIGHTS_V1: Final = Weights.from_data(
    {
        "version": 1,
        "wish": 30,
        "serve": 10,
        "give": 25,
        "common": 10,
        "diversity": 10,
        "rhythm": 10,
        "intent": 5,
    }
)
"""What counted before the problem of today had a part of its own."""
