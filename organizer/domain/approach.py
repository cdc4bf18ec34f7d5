"""How a circle brings people together, as its hosts set it: in named steps, and by today's problem.

A step says how much an aspect counts; a lead says what counts otherwise for somebody whose problem of today is a
given concern, and so whom they should meet first. Both are data: a circle keeps its own, with a version.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, Self

from organizer.domain.concerns import Concern
from organizer.domain.vocabulary import known_one
from organizer.domain.weights import ASPECTS, Aspect, Points, Weights

MEASURING_VERSION: Final = 2
"""The version of `domain.aspects` and of the points below; raised when either means something else."""


class Step(StrEnum):
    """How much something counts, in words."""

    OFF = "off"
    A_LITTLE = "a_little"
    NORMAL = "normal"
    A_LOT = "a_lot"

    @property
    def factor(self) -> int:
        """Half of what is normal, the normal, twice of it; in halves, so that points stay whole."""
        return _FACTORS[self]


_FACTORS: Final = {Step.OFF: 0, Step.A_LITTLE: 1, Step.NORMAL: 2, Step.A_LOT: 4}

NORMAL_POINTS: Final = {
    Aspect.WISH: 24,
    Aspect.SERVE: 8,
    Aspect.GIVE: 18,
    Aspect.TODAY: 14,
    Aspect.INTRODUCER: 3,
    Aspect.VALUES: 5,
    Aspect.PHASE: 4,
    Aspect.SIZE: 3,
    Aspect.AREA: 2,
    Aspect.SAME_TRADE: 4,
    Aspect.TRADE: 6,
    Aspect.FUNCTION: 3,
    Aspect.GENERATION: 3,
    Aspect.LEVEL: 3,
    Aspect.RHYTHM: 8,
    Aspect.INTENT: 8,
}
"""What each aspect counts at its normal step: what people ask for and can give weighs most, what they are least."""

_UNSAID: Final = {Aspect.SAME_TRADE: Step.A_LITTLE}
"""Steps a circle begins with that are not the normal one."""

LEADABLE: Final = (
    Aspect.TODAY,
    Aspect.INTRODUCER,
    Aspect.SAME_TRADE,
    Aspect.TRADE,
    Aspect.FUNCTION,
    Aspect.GENERATION,
    Aspect.LEVEL,
    Aspect.SIZE,
    Aspect.PHASE,
    Aspect.VALUES,
    Aspect.AREA,
    Aspect.SERVE,
)
"""What today's problem may change: whom somebody should meet first, never what people have wished for themselves."""


@dataclass(frozen=True, slots=True)
class Lead:
    """What counts otherwise while a concern is somebody's problem of today; every other aspect stays as it is."""

    concern: Concern
    steps: tuple[tuple[Aspect, Step], ...]
    active: bool = True

    def at(self, step: Step) -> tuple[Aspect, ...]:
        """The aspects that this lead sets to a step."""
        return tuple(aspect for aspect, set_to in self.steps if set_to is step)


@dataclass(frozen=True, slots=True)
class Approach:
    """All of it; an aspect that is not named counts as it does for a circle that has changed nothing."""

    steps: Mapping[Aspect, Step] = field(default_factory=dict)
    leads: tuple[Lead, ...] = ()
    by_today: bool = True
    """Whether today's problem changes anything at all."""

    def step(self, aspect: Aspect) -> Step:
        """How much an aspect counts."""
        return self.steps.get(aspect, _UNSAID.get(aspect, Step.NORMAL))

    def lead(self, concern: Concern) -> Lead:
        """What a concern changes."""
        return next(lead for lead in self.leads if lead.concern is concern)

    def with_lead(self, lead: Lead) -> "Approach":
        """The same with another lead in the place of the one for its concern."""
        return replace(self, leads=tuple(lead if one.concern is lead.concern else one for one in self.leads))

    def weights(self) -> Weights:
        """What counts, in points."""
        base = _points(self.step(aspect) for aspect in ASPECTS)
        active = [lead for lead in self.leads if lead.active] if self.by_today else []
        return Weights(MEASURING_VERSION, base, tuple((lead.concern, self._led_by(lead)) for lead in active))

    def _led_by(self, lead: Lead) -> Points:
        changed = dict(lead.steps)
        return _points(changed.get(aspect, self.step(aspect)) for aspect in ASPECTS)

    def to_data(self) -> dict[str, Any]:
        """Plain data, fit for JSON."""
        return {
            "steps": {aspect.value: self.step(aspect).value for aspect in ASPECTS},
            "by_today": self.by_today,
            "leads": {
                lead.concern.value: {
                    "active": lead.active,
                    "steps": {aspect.value: step.value for aspect, step in lead.steps},
                }
                for lead in self.leads
            },
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The approach that `to_data` wrote; what is no longer known is dropped, what is new is as at first."""
        written = data.get("leads", {})
        leads = (_lead_of(first, written.get(first.concern.value)) for first in FIRST_LEADS)
        return cls(dict(_steps_of(data.get("steps", {}))), tuple(leads), bool(data.get("by_today", True)))


def _points(steps: Iterable[Step]) -> Points:
    return tuple(NORMAL_POINTS[aspect] * step.factor for aspect, step in zip(ASPECTS, steps, strict=True))


def _steps_of(data: Mapping[str, Any], of: Iterable[Aspect] = ASPECTS) -> tuple[tuple[Aspect, Step], ...]:
    read = ((aspect, known_one(Step, data.get(aspect.value))) for aspect in of)
    return tuple((aspect, step) for aspect, step in read if step is not None)


def _lead_of(first: Lead, data: Mapping[str, Any] | None) -> Lead:
    if data is None:
        return first
    return Lead(first.concern, _steps_of(data.get("steps", {}), LEADABLE), bool(data.get("active", True)))


def _lead(concern: Concern, lot: Iterable[Aspect], little: Iterable[Aspect] = ()) -> Lead:
    """A lead that sets some aspects to a lot and some to a little, in the order in which they are told."""
    set_to = dict.fromkeys(lot, Step.A_LOT) | dict.fromkeys(little, Step.A_LITTLE)
    return Lead(concern, tuple((aspect, set_to[aspect]) for aspect in LEADABLE if aspect in set_to))


FIRST_LEADS: Final = (
    # Who has solved it in another trade sees what one's own trade takes for granted.
    _lead(Concern.MAKING, (Aspect.TODAY, Aspect.TRADE, Aspect.FUNCTION), (Aspect.SAME_TRADE,)),
    # Those who do well in one's own trade, and those who open doors.
    _lead(Concern.SELLING, (Aspect.SAME_TRADE, Aspect.INTRODUCER, Aspect.SERVE), (Aspect.TRADE,)),
    _lead(Concern.BEING_KNOWN, (Aspect.TODAY, Aspect.TRADE, Aspect.INTRODUCER)),
    # Whom a company of this size can hire and keep is told best by those of the same size.
    _lead(Concern.PEOPLE, (Aspect.TODAY, Aspect.SIZE, Aspect.PHASE)),
    _lead(Concern.MONEY, (Aspect.TODAY, Aspect.FUNCTION, Aspect.SIZE)),
    _lead(Concern.DIGITAL, (Aspect.TODAY, Aspect.SIZE), (Aspect.LEVEL,)),
    # Those who have gone through it, on either side of the handing-over.
    _lead(Concern.SUCCESSION, (Aspect.GENERATION, Aspect.PHASE, Aspect.VALUES)),
    # How others decide is worth most from those who are unlike oneself.
    _lead(Concern.DIRECTION, (Aspect.TRADE, Aspect.GENERATION, Aspect.VALUES)),
)
"""What a circle begins with: whom to meet first by the problem of today."""

FIRST_APPROACH: Final = Approach(leads=FIRST_LEADS)
"""What a circle begins with."""
WEIGHTS: Final = FIRST_APPROACH.weights()
"""What counts for a circle that has changed nothing."""
