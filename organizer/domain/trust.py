"""How far a tie has grown, what would do it good next, and how the whole of a person's ties is balanced."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

TRUST_FROM = 5
TRUST_TO = 7
"""It takes five to seven contacts until there is trust."""

FOCUS_SIZE = 5
"""How many people one can deepen at a time."""

RHYTHM_DAYS = 91

_PROMISE_NEAR = timedelta(days=3)


class ContactKind(StrEnum):
    """One touch between two people."""

    EVENT = "event"
    MEETING = "meeting"
    MESSAGE = "message"
    CALL = "call"
    INTRODUCTION = "introduction"
    MEAL = "meal"
    WORK = "work"  # something done together


class TieStage(StrEnum):
    """What two people are to each other: only met, connected, or in a relationship of trust."""

    ACQUAINTANCE = "acquaintance"
    CONNECTION = "connection"
    RELATIONSHIP = "relationship"


class Growth(StrEnum):
    """The same as one would say it of a field."""

    SOWN = "sown"
    SPROUTED = "sprouted"
    GROWN = "grown"
    BEARING = "bearing"


class Warmth(StrEnum):
    """Whether the last contact is within the tie's rhythm."""

    WARM = "warm"
    COOLING = "cooling"
    COLD = "cold"


class TiePurpose(StrEnum):
    """What a tie is for."""

    SALES = "sales"
    HIRING = "hiring"
    PRODUCT = "product"
    COUNSEL = "counsel"
    SUPPORT = "support"


class PromiseState(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    OVERDUE = "overdue"
    KEPT = "kept"
    DROPPED = "dropped"


class NextStep(StrEnum):
    """What would do a tie good next: what is owed first, then from a small gift up to a steady rhythm."""

    KEEP_PROMISE = "keep_promise"
    SAY_THANKS = "say_thanks"
    SHARE_SOMETHING = "share_something"
    MEET_AGAIN = "meet_again"
    WORK_TOGETHER = "work_together"
    INTRODUCE = "introduce"
    KEEP_RHYTHM = "keep_rhythm"
    GET_IN_TOUCH = "get_in_touch"


class LedgerKind(StrEnum):
    """What is paid into trust, or taken from it."""

    GAVE = "gave"
    THANKED = "thanked"
    KEPT_PROMISE = "kept_promise"
    INTRODUCED = "introduced"
    ASKED = "asked"
    BROKE_PROMISE = "broke_promise"


class PortfolioPlace(StrEnum):
    """What a person of the focus list is to one's own company."""

    SAME_TRADE = "same_trade"
    OTHER_TRADE = "other_trade"
    CUSTOMER = "customer"


class Openness(StrEnum):
    """How open one's network is to people unlike each other."""

    NARROW = "narrow"
    MIXED = "mixed"
    OPEN = "open"


_WEIGHT = {
    ContactKind.MESSAGE: 0.5,
    ContactKind.CALL: 1.0,
    ContactKind.EVENT: 1.0,
    ContactKind.INTRODUCTION: 1.5,
    ContactKind.MEETING: 1.5,
    ContactKind.MEAL: 2.0,
    ContactKind.WORK: 2.5,
}
_TIME_TOGETHER = frozenset({ContactKind.MEETING, ContactKind.MEAL, ContactKind.WORK})
_CONNECTED_FROM = 1.5
_TRUSTED_FROM = 5.0
_POINTS = {
    LedgerKind.GAVE: 2,
    LedgerKind.THANKED: 1,
    LedgerKind.KEPT_PROMISE: 2,
    LedgerKind.INTRODUCED: 3,
    LedgerKind.ASKED: -2,
    LedgerKind.BROKE_PROMISE: -4,
}
_SHAPE = {PortfolioPlace.SAME_TRADE: 1, PortfolioPlace.OTHER_TRADE: 2, PortfolioPlace.CUSTOMER: 1}
_TOO_FEW = 3
_MIXED_FROM = 0.4
_OPEN_FROM = 0.7


@dataclass(frozen=True, slots=True)
class Touch:
    """One contact of a tie; `day` in the person's zone."""

    kind: ContactKind
    day: date


@dataclass(frozen=True, slots=True)
class Balance:
    """The trust paid in and taken out, both as positive points."""

    paid_in: int
    taken_out: int

    @property
    def total(self) -> int:
        """What is left; below zero more was asked than given."""
        return self.paid_in - self.taken_out


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The focus list by what its people are to one, what its default shape lacks, and the places left."""

    have: Mapping[PortfolioPlace, int]
    missing: tuple[PortfolioPlace, ...]
    room: int


def contacts_so_far(touches: Iterable[Touch]) -> int:
    """How many contacts count towards the five to seven: one a day, whatever passed on it."""
    return len({touch.day for touch in touches})


def weight(touches: Iterable[Touch]) -> float:
    """What the contacts weigh together: the weightiest of each day; time and work shared more than words."""
    days: dict[date, float] = {}
    for touch in touches:
        days[touch.day] = max(days.get(touch.day, 0.0), _WEIGHT[touch.kind])
    return sum(days.values())


def stage(touches: Sequence[Touch]) -> TieStage:
    """What two people are to each other. Messages alone, however many, never make a relationship."""
    weighs = weight(touches)
    together = any(touch.kind in _TIME_TOGETHER for touch in touches)
    if contacts_so_far(touches) >= TRUST_FROM and weighs >= _TRUSTED_FROM and together:
        return TieStage.RELATIONSHIP
    if contacts_so_far(touches) >= 2 and weighs >= _CONNECTED_FROM:
        return TieStage.CONNECTION
    return TieStage.ACQUAINTANCE


def growth(touches: Sequence[Touch], fruits: int = 0) -> Growth:
    """How a tie has grown; `fruits`: what came of it, as its person says (a deal, a hire, good counsel)."""
    stands = stage(touches)
    worked = any(touch.kind is ContactKind.WORK for touch in touches)
    if stands is not TieStage.ACQUAINTANCE and (fruits > 0 or (stands is TieStage.RELATIONSHIP and worked)):
        return Growth.BEARING
    if stands is TieStage.RELATIONSHIP:
        return Growth.GROWN
    return Growth.SPROUTED if contacts_so_far(touches) >= 2 else Growth.SOWN


def warmth(touches: Iterable[Touch], today: date, every_days: int = RHYTHM_DAYS) -> Warmth:
    """Whether a tie is kept up in its rhythm: cooling from one interval without contact on, cold from two."""
    last = max((touch.day for touch in touches), default=None)
    if last is None:
        return Warmth.COLD
    silent = (today - last).days
    if silent <= every_days:
        return Warmth.WARM
    return Warmth.COOLING if silent <= 2 * every_days else Warmth.COLD


def next_step(
    touches: Sequence[Touch], today: date, *, promise_on: date | None = None, every_days: int = RHYTHM_DAYS
) -> NextStep:
    """What would do the tie good next; `promise_on`: the date of the nearest promise still open."""
    if promise_on is not None and promise_on - today <= _PROMISE_NEAR:
        return NextStep.KEEP_PROMISE
    days = contacts_so_far(touches)
    if days >= 2 and warmth(touches, today, every_days) is not Warmth.WARM:
        return NextStep.GET_IN_TOUCH
    if days <= 1:
        return NextStep.SAY_THANKS
    kinds = {touch.kind for touch in touches}
    if days == 2 and not kinds & _TIME_TOGETHER:
        return NextStep.SHARE_SOMETHING
    if not kinds & _TIME_TOGETHER:
        return NextStep.MEET_AGAIN
    if ContactKind.WORK not in kinds:
        return NextStep.WORK_TOGETHER
    return NextStep.KEEP_RHYTHM if ContactKind.INTRODUCTION in kinds else NextStep.INTRODUCE


def promise_state(due_on: date | None, today: date, *, kept: bool, dropped: bool) -> PromiseState:
    """Where a promise stands; its own day is still in time, and what was kept late was kept."""
    if kept:
        return PromiseState.KEPT
    if dropped:
        return PromiseState.DROPPED
    return PromiseState.OVERDUE if due_on is not None and due_on < today else PromiseState.OPEN


def balance(entries: Iterable[LedgerKind]) -> Balance:
    """The trust balance of a tie, seen from one side."""
    points = [_POINTS[entry] for entry in entries]
    return Balance(sum(p for p in points if p > 0), -sum(p for p in points if p < 0))


def place(own_trade: str | None, trade: str | None, purpose: TiePurpose | None) -> PortfolioPlace:
    """What somebody is to one's own company: a customer by the tie's purpose, else by trade."""
    if purpose is TiePurpose.SALES:
        return PortfolioPlace.CUSTOMER
    same = trade is not None and trade == own_trade
    return PortfolioPlace.SAME_TRADE if same else PortfolioPlace.OTHER_TRADE


def portfolio(focus: Iterable[PortfolioPlace]) -> Portfolio:
    """The focus list beside its default shape: one of the same trade, two of others, one customer."""
    have = Counter(focus)
    missing = tuple(kind for kind, wanted in _SHAPE.items() for _ in range(wanted - have[kind]))
    return Portfolio(
        {kind: have[kind] for kind in PortfolioPlace}, missing, max(0, FOCUS_SIZE - have.total())
    )


def diversity(ties: Sequence[Sequence[Hashable | None]]) -> float | None:
    """How likely two of one's ties differ, in [0, 1], the mean over traits (industry, size, region, role).

    None while there are fewer than three ties with anything known: too few to say.
    """
    shares = [share for trait in zip(*ties, strict=True) if (share := _unlike(trait)) is not None]
    return sum(shares) / len(shares) if shares else None


def openness(ties: Sequence[Sequence[Hashable | None]]) -> Openness | None:
    """The word for the diversity of one's ties."""
    measure = diversity(ties)
    if measure is None:
        return None
    if measure < _MIXED_FROM:
        return Openness.NARROW
    return Openness.OPEN if measure >= _OPEN_FROM else Openness.MIXED


def _unlike(values: Iterable[Hashable | None]) -> float | None:
    """The share of pairs that differ (Gini–Simpson, without bias for few); unknown values are left out."""
    counts = Counter(value for value in values if value is not None)
    total = counts.total()
    if total < _TOO_FEW:
        return None
    return 1 - sum(count * (count - 1) for count in counts.values()) / (total * (total - 1))
