"""The suggested admission: the best filling of the free seats, exact, with its reasons."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from organizer.domain.admission import (
    AdmitReason,
    Choice,
    FloorCause,
    Suggestion,
    UnmetFloor,
    WaitReason,
    Why,
    assign,
    ceilings_met,
    fits,
)
from organizer.domain.answers import Filling, fills
from organizer.domain.milp import Model, Solution
from organizer.domain.profiles import Profile, TargetProfile
from organizer.domain.vocabulary import Industry

_PLENTY: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class AdmissionWeights:
    """What each thing is worth, in points; a fit counts times its target's weight. Kept with a suggestion."""

    version: int
    seat: int
    """A seat filled rather than empty."""
    fit: int
    """A perfect fit to a target of weight 1."""
    helps: int
    """Each person in the room who can be helped, up to three."""
    new_industry: int
    """A trade that is not yet in the room."""
    floor: int
    """A seat missing to a floor, times the target's weight: more than all else together."""


ADMISSION_WEIGHTS_V1: Final = AdmissionWeights(1, seat=50, fit=100, helps=10, new_industry=15, floor=5000)


@dataclass(frozen=True, slots=True)
class _Desk:
    """All that is known when the suggestion is made."""

    applications: tuple[Profile, ...]
    targets: tuple[TargetProfile, ...]
    seats: int
    counted: Counter[int]
    """How many already count in each ordinary target."""
    limited: Counter[int]
    """How many already count against each limit."""
    industries: frozenset[Industry]
    fit: Mapping[int, Mapping[int, float]]
    """By application and target: the score, where the musts are met."""
    limits: Mapping[int, tuple[int, ...]]
    filling: Mapping[int, Filling]
    weights: AdmissionWeights

    @property
    def scale(self) -> int:
        """Points times this: leaves room beneath a point for the order of application."""
        return len(self.applications) + 1

    def room(self, target: TargetProfile) -> int:
        """How many more a target or limit takes."""
        before = self.limited[target.id] if target.is_ceiling else self.counted[target.id]
        return _PLENTY if target.ceiling is None else max(0, target.ceiling - before)

    def missing(self, target: TargetProfile) -> int:
        """How many a target still lacks to its floor."""
        return max(0, target.floor - self.counted[target.id])


def suggest(
    applications: Sequence[Profile],
    targets: Sequence[TargetProfile],
    capacity: int,
    admitted: Sequence[Profile] = (),
    counted: Mapping[int, int | None] | None = None,
    weights: AdmissionWeights = ADMISSION_WEIGHTS_V1,
) -> Suggestion:
    """The best admission of `applications` (in their order, which breaks ties) beside those already admitted.

    `counted` says in which target the admitted count, where that is settled. Capacity and ceilings are never
    exceeded; floors are reached wherever that is possible, else named with what stands in the way.
    """
    desk = _desk(applications, targets, capacity, admitted, counted, weights)
    taken, short, solution = _solve(desk, limits=True)
    unmet = _unmet(desk, short)
    full = _full(desk, taken)
    choices = [_choice(desk, one, taken, full) for one in desk.applications]
    return Suggestion(
        tuple(choice for choice in choices if choice.id in taken),
        tuple(choice for choice in choices if choice.id not in taken),
        unmet,
        solution.optimal,
        solution.gap,
    )


def _desk(
    applications: Sequence[Profile],
    targets: Sequence[TargetProfile],
    capacity: int,
    admitted: Sequence[Profile],
    counted: Mapping[int, int | None] | None,
    weights: AdmissionWeights,
) -> _Desk:
    settled = assign(admitted, targets, counted).values()
    return _Desk(
        tuple(applications),
        tuple(sorted(targets, key=lambda target: target.id)),
        max(0, capacity - len(admitted)),
        Counter(target for target in settled if target is not None),
        Counter(limit for one in admitted for limit in ceilings_met(one, targets)),
        frozenset(one.industry for one in admitted if one.industry is not None),
        {one.id: {fit.target_id: fit.score for fit in fits(one, targets)} for one in applications},
        {one.id: ceilings_met(one, targets) for one in applications},
        {one.id: fills(admitted, one) for one in applications},
        weights,
    )


def _solve(desk: _Desk, limits: bool) -> tuple[dict[int, int | None], Counter[int], Solution]:
    """Who is admitted into which target, and how far each floor stays short; without `limits` none of them binds."""
    model = Model()
    columns: dict[tuple[int, int | None], int] = {}
    for place, one in enumerate(desk.applications):
        for target, gain in _gains(desk, one, place).items():
            columns[one.id, target] = model.column(gain)
        model.row(0, 1, ((columns[one.id, target], 1) for target in (*desk.fit[one.id], None)))
    model.row(0, desk.seats, ((column, 1) for column in columns.values()))
    short = _targets(model, desk, columns, limits)
    _industries(model, desk, columns)
    solution = model.solve()
    if solution is None:
        raise AssertionError("admitting nobody is always possible")
    taken = {id_: target for (id_, target), column in columns.items() if solution.values[column]}
    return taken, Counter({target: solution.values[column] for target, column in short.items()}), solution


def _gains(desk: _Desk, one: Profile, place: int) -> dict[int | None, int]:
    """What admitting somebody into each target, or into none, is worth; the earlier of two equals is worth more."""
    worth, weight = desk.weights, {target.id: target.weight for target in desk.targets}
    person = worth.seat + worth.helps * min(3, len(desk.filling[one.id].helps))
    points: dict[int | None, int] = {None: person}
    for target, score in desk.fit[one.id].items():
        points[target] = person + round(worth.fit * weight[target] * score)
    earlier = len(desk.applications) - place
    return {target: gain * desk.scale + earlier for target, gain in points.items()}


def _targets(
    model: Model, desk: _Desk, columns: Mapping[tuple[int, int | None], int], limits: bool
) -> dict[int, int]:
    """The rows of targets and limits; a column per floor for what it lacks."""
    short: dict[int, int] = {}
    for target in desk.targets:
        if target.is_ceiling:
            counted = [(column, 1) for (id_, _), column in columns.items() if target.id in desk.limits[id_]]
            if limits:
                model.row(0, desk.room(target), counted)
            continue
        inside = [(column, 1) for (_, seat), column in columns.items() if seat == target.id]
        model.row(0, desk.room(target), inside)
        if missing := desk.missing(target):
            penalty = desk.weights.floor * target.weight * desk.scale
            short[target.id] = model.column(-penalty, upper=missing)
            model.row(missing, _PLENTY, [*inside, (short[target.id], 1)])
    return short


def _industries(model: Model, desk: _Desk, columns: Mapping[tuple[int, int | None], int]) -> None:
    """A column per trade that would be new in the room: gained once, however many come."""
    trades: dict[Industry, set[int]] = {}
    for one in desk.applications:
        if one.industry is not None and one.industry not in desk.industries:
            trades.setdefault(one.industry, set()).add(one.id)
    for people in trades.values():
        new = model.column(desk.weights.new_industry * desk.scale)
        coming = [(column, 1) for (id_, _), column in columns.items() if id_ in people]
        model.row(0, _PLENTY, [*coming, (new, -1)])


def _unmet(desk: _Desk, short: Mapping[int, int]) -> tuple[UnmetFloor, ...]:
    """The floors that stay short, each with what keeps it: too few people, a limit, or the seats and other targets."""
    fitting = Counter(target for scores in desk.fit.values() for target in scores)
    lacking = [target for target in desk.targets if short[target.id]]
    too_few = {target.id for target in lacking if fitting[target.id] < desk.missing(target)}
    # What is still short when no limit binds is short of seats; asked only where the people would be there.
    still = _solve(desk, limits=False)[1] if len(too_few) < len(lacking) else Counter[int]()
    return tuple(
        UnmetFloor(
            target.id,
            short[target.id],
            FloorCause.TOO_FEW_FIT
            if target.id in too_few
            else FloorCause.SEATS
            if still[target.id]
            else FloorCause.CEILINGS,
        )
        for target in lacking
    )


def _full(desk: _Desk, taken: Mapping[int, int | None]) -> frozenset[int]:
    """The targets and limits that take nobody more once the suggested are admitted."""
    seats = Counter(taken.values())
    limited = Counter(limit for id_ in taken for limit in desk.limits[id_])
    return frozenset(
        target.id
        for target in desk.targets
        if (limited if target.is_ceiling else seats)[target.id] >= desk.room(target)
    )


def _choice(desk: _Desk, one: Profile, taken: Mapping[int, int | None], full: frozenset[int]) -> Choice:
    """What is suggested for one application, with its reasons."""
    if one.id in taken:
        target = taken[one.id]
        score = desk.fit[one.id][target] if target is not None else 0.0
        return Choice(one.id, target, score, _why_admit(desk, one, target))
    best = next(iter(desk.fit[one.id]), None)
    return Choice(one.id, best, desk.fit[one.id].get(best or 0, 0.0), _why_wait(desk, one, full))


def _why_admit(desk: _Desk, one: Profile, target_id: int | None) -> tuple[Why, ...]:
    """The reasons for admitting, strongest first; a free seat only where there is no other."""
    filling, reasons = desk.filling[one.id], []
    target = next((target for target in desk.targets if target.id == target_id), None)
    if target is not None and desk.missing(target):
        reasons.append(Why(AdmitReason.FILLS_FLOOR, target.id))
    if target is not None:
        reasons.append(Why(AdmitReason.FITS_TARGET, target.id))
    if filling.helps:
        reasons.append(Why(AdmitReason.ANSWERS_ROOM, ids=filling.helps))
    if filling.new_industry:
        reasons.append(Why(AdmitReason.WIDENS_ROOM))
    return tuple(reasons) or (Why(AdmitReason.SEAT_FREE),)


def _why_wait(desk: _Desk, one: Profile, full: frozenset[int]) -> tuple[Why, ...]:
    """The reasons for waiting: a limit reached, targets full, or seats taken by those who fit better."""
    reached = tuple(Why(WaitReason.CEILING_REACHED, limit) for limit in desk.limits[one.id] if limit in full)
    if reached:
        return reached
    fitting = desk.fit[one.id]
    if fitting and full.issuperset(fitting):
        return tuple(Why(WaitReason.TARGETS_FULL, target) for target in fitting)
    return (Why(WaitReason.SEATS_TAKEN),)
