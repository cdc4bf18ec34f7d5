"""An example that shows what weights do: one person with a problem of today, six others, and who comes first."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from organizer.domain.concerns import Concern
from organizer.domain.fit import Meeting, both_ways, meeting
from organizer.domain.profiles import Challenge, Give, Profile
from organizer.domain.readings import read
from organizer.domain.vocabulary import (
    Authority,
    GiveKind,
    Industry,
    Intent,
    Region,
    Role,
    SizeBand,
    Topic,
    Value,
)
from organizer.domain.weights import ASPECTS, Aspect, Weights


class Figure(StrEnum):
    """Somebody the person of the example might meet."""

    WINNER = "winner"
    """Of the same trade, has solved the problem."""
    SOLVER = "solver"
    """Of another trade, has solved the problem."""
    FELLOW = "fellow"
    """Of another trade and the same size, has the same problem."""
    OPENER = "opener"
    """Knows people, and introduces them."""
    HEIR = "heir"
    """Has taken over an old company and holds the same dear."""
    SELLER = "seller"
    """Comes to sell a solution."""


PROBLEM_OF: Final = {
    Concern.MAKING: Topic.QUALITY,
    Concern.SELLING: Topic.NEW_CUSTOMERS,
    Concern.BEING_KNOWN: Topic.PR,
    Concern.PEOPLE: Topic.HIRING,
    Concern.MONEY: Topic.CASHFLOW,
    Concern.DIGITAL: Topic.DIGITAL,
    Concern.SUCCESSION: Topic.SUCCESSION,
    Concern.DIRECTION: Topic.NEW_BUSINESS,
}
"""The problem of today that stands for each concern."""

_TOLD: Final = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure in its place, with the aspects that speak for the meeting, strongest first; perhaps none."""

    figure: Figure
    worth: int
    by: tuple[Aspect, ...]


def illustrate(weights: Weights, concern: Concern) -> tuple[Shown, ...]:
    """The figures in the order in which they would be brought together with the person of the example."""
    asker = read(_asker(PROBLEM_OF[concern]))
    shown = [_show(figure, meeting(asker, read(one), weights)) for figure, one in _others(concern).items()]
    return tuple(sorted(shown, key=lambda one: -one.worth))


def _show(figure: Figure, met: Meeting) -> Shown:
    lifts = {aspect: met.there.lift(aspect) + met.back.lift(aspect) for aspect in ASPECTS}
    speaking = sorted((aspect for aspect in ASPECTS if lifts[aspect] > 0), key=lambda one: -lifts[one])
    return Shown(figure, both_ways(met.there, met.back), tuple(speaking[:_TOLD]))


def _asker(problem: Topic) -> Profile:
    """The owner of a middle-sized maker."""
    return Profile(
        1,
        Industry.MANUFACTURING,
        size=SizeBand.UP_TO_50,
        role=Role.OWNER_PRESIDENT,
        authority=Authority.DECIDES,
        region=Region.TOKYO,
        founded_year=1990,
        values=(Value.CRAFT, Value.PEOPLE),
        challenges=(Challenge(tags=(problem,)),),
        gives=(Give(GiveKind.EXPERIENCE, tags=(Topic.PRODUCT,)),),
        intents=(Intent.LEARN,),
    )


def _others(concern: Concern) -> dict[Figure, Profile]:
    problem = PROBLEM_OF[concern]
    solved, asked = Give(GiveKind.EXPERIENCE, tags=(problem,)), Challenge(tags=(problem,))
    maker = replace(_asker(problem), id=2, values=(), challenges=(), intents=())
    opener = Give(GiveKind.INTRODUCTION, tags=(Topic.NEW_CUSTOMERS,))
    return {
        Figure.WINNER: replace(maker, size=SizeBand.UP_TO_100, gives=(solved,)),
        Figure.SOLVER: replace(maker, industry=Industry.INFORMATION, size=SizeBand.UP_TO_20, gives=(solved,)),
        Figure.FELLOW: replace(
            maker, industry=Industry.LODGING_FOOD, challenges=(asked,), gives=(Give(GiveKind.EXPERIENCE),)
        ),
        Figure.OPENER: replace(
            maker, industry=Industry.FINANCE, size=SizeBand.OVER_300, role=Role.MANAGER, gives=(opener,)
        ),
        Figure.HEIR: replace(
            maker,
            industry=Industry.CONSTRUCTION,
            role=Role.SUCCESSOR,
            founded_year=1930,
            values=(Value.CRAFT, Value.PEOPLE),
            gives=(Give(GiveKind.EXPERIENCE, tags=(Topic.SUCCESSION, Topic.LEADERSHIP)),),
        ),
        Figure.SELLER: replace(
            maker,
            industry=Industry.OTHER_SERVICES,
            role=Role.EMPLOYEE,
            gives=(Give(GiveKind.CONSULTATION, tags=(problem,)),),
            intents=(Intent.SELL,),
        ),
    }
