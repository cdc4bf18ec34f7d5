"""Which applications fill the seats best, under floors, ceilings, limits and capacity.

The words: an ordinary target profile counts those assigned to it; a limit (`is_ceiling`) counts everybody who
meets it. `organizer.domain.suggestion` seeks the best answer; here are its parts, and the judge.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from organizer.domain.bands import FitBand
from organizer.domain.profiles import Profile, TargetProfile
from organizer.domain.targets import Fit, fit_target, meets_all


class AdmitReason(StrEnum):
    """Why somebody is suggested."""

    FITS_TARGET = "fits_target"
    FILLS_FLOOR = "fills_floor"
    ANSWERS_ROOM = "answers_room"
    WIDENS_ROOM = "widens_room"
    SEAT_FREE = "seat_free"


class WaitReason(StrEnum):
    """Why somebody is left to wait."""

    SEATS_TAKEN = "seats_taken"
    CEILING_REACHED = "ceiling_reached"
    TARGETS_FULL = "targets_full"


class FloorCause(StrEnum):
    """Why a floor cannot be reached."""

    TOO_FEW_FIT = "too_few_fit"
    CEILINGS = "ceilings"
    SEATS = "seats"


class SuggestionFault(StrEnum):
    """What can be wrong with a suggestion."""

    NOT_EVERYBODY_ONCE = "not_everybody_once"
    OVER_CAPACITY = "over_capacity"
    OVER_CEILING = "over_ceiling"
    OVER_LIMIT = "over_limit"
    DOES_NOT_FIT = "does_not_fit"
    FLOOR_NOT_NAMED = "floor_not_named"


@dataclass(frozen=True, slots=True)
class Why:
    """One reason for admitting or waiting; `target_id` and `ids` (people in the room) where it speaks of them."""

    kind: AdmitReason | WaitReason
    target_id: int | None = None
    ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """What is suggested for one application: the target it would count in (None: none), its fit there, and why."""

    id: int
    target_id: int | None
    score: float
    reasons: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class UnmetFloor:
    """A target that stays short of people, by how many, and what stands in the way."""

    target_id: int
    missing: int
    cause: FloorCause


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Whom to admit and whom to let wait, in the order of application."""

    admit: tuple[Choice, ...]
    wait: tuple[Choice, ...]
    unmet_floors: tuple[UnmetFloor, ...] = ()
    optimal: bool = True
    gap: float = 0.0
    """How far the suggestion may be from the best there is: 0 when proved."""


def ordinary(targets: Sequence[TargetProfile]) -> tuple[TargetProfile, ...]:
    """The targets people are counted in, by id."""
    return tuple(sorted((one for one in targets if not one.is_ceiling), key=lambda one: one.id))


def ceilings_met(profile: Profile, targets: Sequence[TargetProfile]) -> tuple[int, ...]:
    """The ids of the limits that count this person."""
    return tuple(sorted(one.id for one in targets if one.is_ceiling and meets_all(profile, one)))


def fits(profile: Profile, targets: Sequence[TargetProfile]) -> tuple[Fit, ...]:
    """The ordinary targets whose musts the profile meets and which it fits at least in part, the best first."""
    found = (fit_target(profile, target) for target in ordinary(targets))
    good = (fit for fit in found if fit.meets_musts and fit.band is not FitBand.POOR)
    return tuple(sorted(good, key=lambda fit: (-fit.score, fit.target_id)))


def assign(
    admitted: Sequence[Profile],
    targets: Sequence[TargetProfile],
    pinned: Mapping[int, int | None] | None = None,
) -> dict[int, int | None]:
    """The target each admitted person counts in: the best fit with room, first come first served, None for none.

    `pinned` holds what a host has decided (None: counts in no target); it stands even over a ceiling.
    """
    known_ids = {target.id for target in ordinary(targets)}
    decided = {id_: target for id_, target in (pinned or {}).items() if target is None or target in known_ids}
    counted: dict[int, int | None] = {one.id: decided[one.id] for one in admitted if one.id in decided}
    taken = Counter(target for target in counted.values() if target is not None)
    room = {target.id: target.ceiling for target in ordinary(targets)}
    for profile in admitted:
        if profile.id in counted:
            continue
        free = (
            fit.target_id
            for fit in fits(profile, targets)
            if _has_room(room[fit.target_id], taken[fit.target_id])
        )
        counted[profile.id] = best = next(free, None)
        if best is not None:
            taken[best] += 1
    return counted


def _has_room(ceiling: int | None, taken: int) -> bool:
    return ceiling is None or taken < ceiling


def verify_suggestion(
    suggestion: Suggestion,
    applications: Sequence[Profile],
    targets: Sequence[TargetProfile],
    capacity: int,
    admitted: Sequence[Profile] = (),
    counted: Mapping[int, int | None] | None = None,
) -> tuple[SuggestionFault, ...]:
    """Everything wrong with a suggestion; what the host has already let go over a ceiling is no fault of it."""
    profiles = {one.id: one for one in applications}
    chosen = [one.id for one in (*suggestion.admit, *suggestion.wait)]
    before = Counter(assign(admitted, targets, counted).values())
    seats = Counter(one.target_id for one in suggestion.admit)
    limited_before = Counter(limit for one in admitted for limit in ceilings_met(one, targets))
    limited = Counter(limit for one in suggestion.admit for limit in ceilings_met(profiles[one.id], targets))
    short = {one.id for one in ordinary(targets) if before[one.id] + seats[one.id] < one.floor}
    faults = {
        SuggestionFault.NOT_EVERYBODY_ONCE: sorted(chosen) != sorted(profiles),
        SuggestionFault.OVER_CAPACITY: len(suggestion.admit) > max(0, capacity - len(admitted)),
        SuggestionFault.OVER_CEILING: any(_over(one, before, seats) for one in ordinary(targets)),
        SuggestionFault.OVER_LIMIT: any(
            _over(one, limited_before, limited) for one in targets if one.is_ceiling
        ),
        SuggestionFault.DOES_NOT_FIT: any(
            one.target_id not in {None, *(fit.target_id for fit in fits(profiles[one.id], targets))}
            for one in suggestion.admit
        ),
        SuggestionFault.FLOOR_NOT_NAMED: short != {floor.target_id for floor in suggestion.unmet_floors},
    }
    return tuple(fault for fault, found in faults.items() if found)


def _over(target: TargetProfile, before: Counter[Any], added: Counter[Any]) -> bool:
    """Whether the suggestion itself takes a target over its ceiling."""
    count, more = before[target.id], added[target.id]
    return target.ceiling is not None and more > 0 and count + more > target.ceiling
