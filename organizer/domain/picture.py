"""What a host sees of a plan: for each person whom they meet and how far it serves them, and what to be told of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from organizer.domain.gathering import Tables
from organizer.domain.seatable import Seatable
from organizer.domain.seating.judge import Verdict, judge, meetings
from organizer.domain.seating.room import Pair, Plan, Room

POORLY: Final = 0.45
"""Whose share is below this fares worse than a host would want."""
WELL: Final = 0.7
MOST_POORLY: Final = 5


class Served(StrEnum):
    """How far a plan serves somebody, of what is possible for them."""

    WELL = "well"
    FAIRLY = "fairly"
    POORLY = "poorly"


class Caution(StrEnum):
    """What a host should know of a plan before it goes out."""

    REPEATS_CERTAIN = "repeats_certain"
    """So few people in so many rounds cannot but meet somebody twice."""
    REPEATS = "repeats"
    COLLEAGUES = "colleagues"
    """No lawful plan was found that keeps those of one company apart."""
    POORLY_SERVED = "poorly_served"
    NOT_INTRODUCED = "not_introduced"
    SMALL_TABLE = "small_table"
    """A table of two."""
    NOT_LAWFUL = "not_lawful"
    """Something has changed since: the plan breaks a rule now."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One caution, with the people and pairs (by id) it is about."""

    caution: Caution
    people: tuple[int, ...] = ()
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One person's evening: the table of each round (0: none), how many new people and wishes each brings."""

    person: int
    tables: tuple[int, ...]
    new: tuple[int, ...]
    """People met for the first time tonight, by round."""
    wished: tuple[int, ...]
    """Those of them whom this person wants to meet, by round."""
    again: tuple[int, ...]
    """People met before tonight, by round."""
    wants: int
    """How many of those who are there this person wants to meet."""
    share: float
    """How far the plan serves them, of what is possible; 0 to 1."""

    @property
    def met(self) -> int:
        """How many different people they meet."""
        return sum(self.new)

    @property
    def wishes(self) -> int:
        """How many of those they want to meet they do."""
        return sum(self.wished)


@dataclass(frozen=True)
class Picture:
    """A plan as its host sees it. `met` and `wanted` are pairs of ids; a wish is (who, whom)."""

    lines: tuple[Line, ...]
    verdict: Verdict
    met: Mapping[Pair, int]
    wanted: frozenset[Pair]
    notices: tuple[Notice, ...]

    @property
    def wishes(self) -> tuple[int, int]:
        """How many wishes are met, of how many."""
        return sum(line.wishes for line in self.lines), sum(line.wants for line in self.lines)


def picture(seatable: Seatable, tables: Tables, *, relaxed: bool = False, introduced: bool = True) -> Picture:
    """What a plan of these ids is for everybody in it."""
    room, plan = seatable.room, seatable.numbered(tables)
    verdict = judge(room, plan)
    shares = _by_id(seatable, verdict)
    met: dict[Pair, int] = {}
    for (a, b), times in meetings(plan).items():
        pair = _pair(seatable.ids[a], seatable.ids[b])
        met[pair] = met.get(pair, 0) + times
    wanted = frozenset(
        (seatable.ids[one], seatable.ids[other])
        for one, others in enumerate(room.wants)
        for other in others
        if seatable.ids[one] != seatable.ids[other]
    )
    lines = tuple(_line(person, tables, wanted, shares[person]) for person in sorted(set(seatable.ids)))
    notices = tuple(_notices(seatable, plan, verdict, lines, met, relaxed, introduced))
    return Picture(lines, verdict, met, wanted, notices)


def _by_id(seatable: Seatable, verdict: Verdict) -> dict[int, float]:
    """The share of each person; of two numbers of one person, the better."""
    shares: dict[int, float] = {}
    for person, share in zip(seatable.ids, verdict.shares, strict=True):
        shares[person] = max(share, shares.get(person, 0.0))
    return shares


def _line(person: int, tables: Tables, wanted: frozenset[Pair], share: float) -> Line:
    mine, seen = [], set[int]()
    new, wished, again = [], [], []
    for round_ in tables:
        at, people = _table_of(person, round_)
        others = set(people) - {person}
        mine.append(at)
        new.append(len(others - seen))
        wished.append(sum((person, other) in wanted for other in others - seen))
        again.append(len(others & seen))
        seen |= others
    wants = sum(one == person for one, _other in wanted)
    return Line(person, tuple(mine), tuple(new), tuple(wished), tuple(again), wants, round(share, 4))


def _table_of(person: int, tables: Sequence[Sequence[int]]) -> tuple[int, Sequence[int]]:
    """The number (from 1) of a person's table and who sits there; 0 and nobody where there is none."""
    found = ((number, people) for number, people in enumerate(tables, start=1) if person in people)
    return next(found, (0, ()))


def _notices(
    seatable: Seatable,
    plan: Plan,
    verdict: Verdict,
    lines: Sequence[Line],
    met: Mapping[Pair, int],
    relaxed: bool,
    introduced: bool,
) -> Iterable[Notice]:
    room = seatable.room
    twice = tuple(sorted(pair for pair, times in met.items() if times > 1))
    if not verdict.lawful:
        yield Notice(Caution.NOT_LAWFUL)
    if twice:
        certain = _repeats_are_certain(room)
        yield Notice(Caution.REPEATS_CERTAIN if certain else Caution.REPEATS, pairs=twice)
    if relaxed:
        yield Notice(Caution.COLLEAGUES)
    if not introduced:
        yield Notice(Caution.NOT_INTRODUCED)
    if any(len(people) == 2 for tables in plan[room.from_round :] for people in tables):
        yield Notice(Caution.SMALL_TABLE)
    poorly = sorted((line.share, line.person) for line in lines if line.share < POORLY and line.met)
    if poorly:
        yield Notice(Caution.POORLY_SERVED, people=tuple(person for _, person in poorly[:MOST_POORLY]))


def _repeats_are_certain(room: Room) -> bool:
    """Whether somebody has more seats beside them in the evening than there are other people."""
    return any(
        sum(
            min(sizes) - 1
            for number, sizes in enumerate(room.tables)
            if sizes and room.is_there(person, number)
        )
        > room.n - 1
        for person in range(room.n)
    )


def _pair(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)
