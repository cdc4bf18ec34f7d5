"""Target profiles that a host can begin with, for each kind of event."""

from dataclasses import replace
from enum import StrEnum
from typing import Final

from organizer.domain.profiles import Criterion, TargetProfile
from organizer.domain.vocabulary import (
    Attendance,
    Authority,
    CriterionField,
    EventKind,
    Intent,
    Role,
    Topic,
    TypicalTarget,
    bands_between,
)


def typical_targets(kind: EventKind) -> tuple[TargetProfile, ...]:
    """Target profiles to begin with, numbered from 1; each name is the code of a TypicalTarget."""
    return tuple(replace(_TARGETS[name], id=number) for number, name in enumerate(_OF_KIND[kind], start=1))


def _any_of(field: CriterionField, *values: StrEnum, must: bool = True) -> Criterion:
    return Criterion(field, tuple(value.value for value in values), must)


_DECIDING = _any_of(CriterionField.AUTHORITY, Authority.DECIDES, Authority.SHARES)
_OWNING = _any_of(CriterionField.ROLE, Role.OWNER_PRESIDENT, Role.SOLE_PROPRIETOR)
_SMALL = _any_of(CriterionField.SIZE, *bands_between(1, 10), must=False)
_GROWING = _any_of(CriterionField.SIZE, *bands_between(11, 50), must=False)
_SUCCEEDING = _any_of(CriterionField.ROLE, Role.SUCCESSOR)
_QUALIFIED = _any_of(CriterionField.ROLE, Role.PROFESSIONAL)
_HAS_LESSONS = _any_of(CriterionField.GIVE, Topic.STRATEGY, Topic.DIGITAL, Topic.HIRING, Topic.SALES)
_SHORT_OF_PEOPLE = _any_of(CriterionField.CHALLENGE, Topic.HIRING, Topic.RETENTION)
_NEW_TO_DIGITAL = _any_of(CriterionField.CHALLENGE, Topic.DIGITAL, Topic.IT, Topic.AI)
_SEEKS_PARTNER = _any_of(CriterionField.INTENT, Intent.PARTNER)
_FIRST_TIME = _any_of(CriterionField.ATTENDANCE, Attendance.FIRST_TIMER)
_COMES_AGAIN = _any_of(CriterionField.ATTENDANCE, Attendance.REGULAR)
_SELLS = _any_of(CriterionField.INTENT, Intent.SELL)


def _target(
    name: TypicalTarget, *criteria: Criterion, floor: int = 0, ceiling: int | None = None, weight: int = 1
) -> tuple[TypicalTarget, TargetProfile]:
    is_ceiling = name is TypicalTarget.SELLERS_LIMIT
    return name, TargetProfile(0, name.value, criteria, floor, ceiling, weight, is_ceiling)


_TARGETS: Final = dict(
    (
        _target(TypicalTarget.DECISION_MAKERS, _DECIDING, floor=4, weight=3),
        _target(TypicalTarget.SMALL_OWNERS, _OWNING, _SMALL, floor=3, weight=2),
        _target(TypicalTarget.GROWING_COMPANIES, _DECIDING, _GROWING, floor=3, weight=3),
        _target(TypicalTarget.SUCCESSORS, _SUCCEEDING, floor=1),
        _target(TypicalTarget.PROFESSIONALS, _QUALIFIED, ceiling=4),
        _target(TypicalTarget.PEOPLE_TO_LEARN_FROM, _HAS_LESSONS, floor=2, weight=2),
        _target(TypicalTarget.HIRING_STRUGGLES, _SHORT_OF_PEOPLE, _DECIDING, floor=2, weight=2),
        _target(TypicalTarget.DIGITAL_NEWCOMERS, _NEW_TO_DIGITAL, _DECIDING, floor=2, weight=2),
        _target(TypicalTarget.PARTNER_SEEKERS, _SEEKS_PARTNER, _DECIDING, floor=3, weight=3),
        _target(TypicalTarget.FIRST_TIMERS, _FIRST_TIME, floor=3),
        _target(TypicalTarget.REGULARS, _COMES_AGAIN, floor=4),
        _target(TypicalTarget.SELLERS_LIMIT, _SELLS, ceiling=2),
    )
)
_OF_KIND: Final = {
    EventKind.STUDY: (
        TypicalTarget.HIRING_STRUGGLES,
        TypicalTarget.DIGITAL_NEWCOMERS,
        TypicalTarget.PEOPLE_TO_LEARN_FROM,
        TypicalTarget.SELLERS_LIMIT,
    ),
    EventKind.CROSS_INDUSTRY: (
        TypicalTarget.GROWING_COMPANIES,
        TypicalTarget.PARTNER_SEEKERS,
        TypicalTarget.SMALL_OWNERS,
        TypicalTarget.PROFESSIONALS,
        TypicalTarget.SELLERS_LIMIT,
    ),
    EventKind.MORNING: (
        TypicalTarget.DECISION_MAKERS,
        TypicalTarget.SUCCESSORS,
        TypicalTarget.FIRST_TIMERS,
        TypicalTarget.REGULARS,
        TypicalTarget.SELLERS_LIMIT,
    ),
    EventKind.LUNCH: (
        TypicalTarget.SMALL_OWNERS,
        TypicalTarget.FIRST_TIMERS,
        TypicalTarget.SELLERS_LIMIT,
    ),
    EventKind.ONLINE: (
        TypicalTarget.DECISION_MAKERS,
        TypicalTarget.PEOPLE_TO_LEARN_FROM,
        TypicalTarget.SELLERS_LIMIT,
    ),
}
