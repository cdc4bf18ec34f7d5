"""What two people are for each other: one function gives the affinity of an ordered pair, with its parts.

What each part measures stands in `domain.aspects`, what it counts in `domain.weights`.
"""

from dataclasses import dataclass
from functools import lru_cache
from operator import mul
from typing import Final

from organizer.domain.answers import answers_read
from organizer.domain.approach import WEIGHTS
from organizer.domain.aspects import NO_HISTORY, Directed, History, directed, shared
from organizer.domain.bands import FitBand, band
from organizer.domain.profiles import Profile
from organizer.domain.readings import Reading, read
from organizer.domain.weights import ASPECTS, PLACE, WEIGHTS_V1, AffinityPart, Aspect, Points, Weights

__all__ = [
    "NO_HISTORY",
    "WEIGHTS",
    "WEIGHTS_V1",
    "Affinity",
    "AffinityPart",
    "AffinityPiece",
    "History",
    "Weights",
    "affinity",
    "both_ways",
    "meeting",
]

FULL: Final = 1000
"""The worth of the best that one person can be for another, as pairing and seating count it."""


@dataclass(frozen=True, slots=True)
class AffinityPiece:
    """One part of an affinity: degree in [0, 1] and the weight it counted with."""

    part: AffinityPart
    degree: float
    weight: int


@dataclass(frozen=True, slots=True)
class Affinity:
    """What the second person is for the first: score in [0, 1] with the degree of each aspect and what it counted."""

    score: float
    degrees: tuple[float, ...]
    """In the order of ASPECTS, as `points`."""
    points: Points

    @property
    def band(self) -> FitBand:
        """The score as people read it."""
        return band(self.score)

    @property
    def parts(self) -> tuple[AffinityPiece, ...]:
        """The parts of which the score is made: each the mean of its aspects by what they count."""
        return tuple(self._piece(part) for part in AffinityPart)

    def degree(self, part: AffinityPart) -> float:
        """The degree of one part."""
        return self._piece(part).degree

    def degree_of(self, aspect: Aspect) -> float:
        """The degree of one aspect."""
        return self.degrees[PLACE[aspect]]

    def weight_of(self, aspect: Aspect) -> float:
        """The share of the whole, in [0, 1], that an aspect counts."""
        return self.points[PLACE[aspect]] / (sum(self.points) or 1)

    def lift(self, aspect: Aspect) -> float:
        """What an aspect brought to the score beyond what it brings for two who say nothing; below 0: against."""
        return self.weight_of(aspect) * (self.degree_of(aspect) - silent()[PLACE[aspect]])

    def _piece(self, part: AffinityPart) -> AffinityPiece:
        of_part = [
            (degree, points)
            for aspect, degree, points in zip(ASPECTS, self.degrees, self.points, strict=True)
            if aspect.part is part
        ]
        weight = sum(points for _, points in of_part)
        return AffinityPiece(part, sum(degree * points for degree, points in of_part) / (weight or 1), weight)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two people met by the engine: what each is for the other, and what it was measured by."""

    there: Affinity
    """What the second is for the first."""
    back: Affinity
    there_by: Directed
    back_by: Directed


def affinity(
    one: Profile, other: Profile, weights: Weights = WEIGHTS, history: History = NO_HISTORY
) -> Affinity:
    """What meeting `other` is for `one`, in [0, 1]: the mean of all aspects by what they count for `one` today."""
    return meeting(read(one), read(other), weights, history).there


def meeting(
    one: Reading, other: Reading, weights: Weights = WEIGHTS, history: History = NO_HISTORY
) -> Meeting:
    """Both directions at once, for profiles that have been read."""
    given, received = answers_read(one, other), answers_read(other, one)
    common = shared(one, other, history)
    there, back = directed(one, other, given, received), directed(other, one, received, given)
    return Meeting(
        _affinity(common | there.degrees, weights.for_today(one.concerns_today)),
        _affinity(common | back.degrees, weights.for_today(other.concerns_today)),
        there,
        back,
    )


def _affinity(degrees: dict[Aspect, float], points: Points) -> Affinity:
    listed = tuple(map(degrees.__getitem__, ASPECTS))
    score = sum(map(mul, listed, points)) / (sum(points) or 1)
    return Affinity(min(1.0, round(score, 4)), listed, points)


def both_ways(there: Affinity, back: Affinity) -> int:
    """The worth of a pair as a whole number from 0 to 2000, as pairing and seating count it."""
    return round(FULL * there.score) + round(FULL * back.score)


@lru_cache(maxsize=1)
def silent() -> tuple[float, ...]:
    """The degrees, in the order of ASPECTS, of two people who have said nothing and have nothing behind them."""
    one, other = read(Profile(1)), read(Profile(2))
    degrees = shared(one, other, NO_HISTORY) | directed(one, other, (), ()).degrees
    return tuple(map(degrees.__getitem__, ASPECTS))
