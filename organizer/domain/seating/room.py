"""A room to be seated: who is there in which rounds, at which tables, and what speaks for and against a meeting.

People are numbered 0 … n-1, rounds 0 … rounds-1, the tables of a round 0 … in the order of their sizes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, Self

Pair = tuple[int, int]
Plan = tuple[tuple[tuple[int, ...], ...], ...]
"""Rounds of tables of people, each table in ascending order."""

GOING_ON: Final = 80
"""Points for the meeting of two who both want to go on."""
PAST: Final = 60
"""Points lost for each earlier evening at which two who now meet sat together."""
REPEAT: Final = 300
"""Points lost for each two rounds in which the same two share a table."""
MOVED: Final = 100
"""Points lost for each published seat that changes, unless the room says otherwise."""
WANTS: Final = (0, 120, 180, 210, 220)
"""Points for a person by how many of those they want to meet they do meet; more than four count as four."""


@dataclass(frozen=True)
class Room:
    """One evening to be seated; all values are whole numbers."""

    present: tuple[Pair, ...]
    """First and last round of each person, both included."""
    tables: tuple[tuple[int, ...], ...]
    """Sizes of the tables of each round; their sum is the number of people there."""
    affinity: tuple[tuple[int, ...], ...]
    """Square and symmetric: what the meeting of two is worth, once, however often they meet (0 to 100)."""
    companies: tuple[int, ...]
    """Number of each person's company: two of one never share a table."""
    wants: tuple[tuple[int, ...], ...]
    """Whom each person wants to meet; the other need not want it."""
    blocked: frozenset[Pair] = frozenset()
    going_on: frozenset[Pair] = frozenset()
    """Two who have met before and both want to go on: their meeting again is welcome."""
    history: Mapping[Pair, int] = field(default_factory=dict)
    """How often two sat together at earlier evenings; all pairs are (smaller, larger)."""
    fixed: tuple[tuple[int, int, int], ...] = ()
    """(person, round, table): seats that are given."""
    beside: tuple[tuple[int, int, int], ...] = ()
    """(person, person, round): two who share a table in that round, an introducer and a newcomer."""
    from_round: int = 0
    """The first round that may still change; earlier ones stay exactly as published."""
    published: Plan | None = None
    """What everybody has seen. It may name people who have left, and lacks those who came late."""
    moved_cost: int = MOVED

    @property
    def n(self) -> int:
        """The number of people."""
        return len(self.present)

    @property
    def rounds(self) -> int:
        """The number of rounds."""
        return len(self.tables)

    def is_there(self, person: int, number: int) -> bool:
        """Whether a person has a seat in a round."""
        first, last = self.present[person]
        return first <= number <= last

    def people_in(self, number: int) -> tuple[int, ...]:
        """Who has a seat in a round, in ascending order."""
        return tuple(person for person in range(self.n) if self.is_there(person, number))

    @cached_property
    def unlawful(self) -> frozenset[Pair]:
        """Pairs that may not share a table: blocked, or of one company."""
        colleagues: dict[int, list[int]] = {}
        for person, company in enumerate(self.companies):
            colleagues.setdefault(company, []).append(person)
        same = {(a, b) for people in colleagues.values() for a in people for b in people if a < b}
        return self.blocked | same

    @cached_property
    def value(self) -> tuple[tuple[int, ...], ...]:
        """What the first meeting of two is worth beside wishes: affinity, going on, and what is past; symmetric."""
        rows = [list(row) for row in self.affinity]
        for a, b in self.going_on:
            rows[a][b] += GOING_ON
            rows[b][a] += GOING_ON
        for (a, b), times in self.history.items():
            if (a, b) not in self.going_on:
                rows[a][b] -= PAST * times
                rows[b][a] -= PAST * times
        return tuple(tuple(row) for row in rows)

    def published_tables(self) -> Iterator[tuple[int, int, int]]:
        """(person, round, table) of each published seat that may still change and whose person is there."""
        for number in range(self.from_round, self.rounds if self.published else 0):
            for table, people in enumerate((self.published or ())[number]):
                yield from (
                    (person, number, table)
                    for person in people
                    if person < self.n and self.is_there(person, number)
                )

    def without_company_rule(self) -> Self:
        """The same room in which colleagues may share a table, though it counts as much against it as a repeat."""
        people = range(self.n)
        same = {
            (a, b) for a in people for b in range(a + 1, self.n) if self.companies[a] == self.companies[b]
        }
        cost = REPEAT // PAST
        history = {**self.history, **{pair: self.history.get(pair, 0) + cost for pair in same}}
        return replace(self, companies=tuple(people), history=history, going_on=self.going_on - same)

    def to_data(self) -> dict[str, Any]:
        """Plain data, fit for JSON, in the form of `meetup-bench/1`."""
        data: dict[str, Any] = {
            "format": FORMAT,
            "n": self.n,
            "rounds": self.rounds,
            "people": [
                {"company": company, "present": list(present), "wants": list(wants)}
                for company, present, wants in zip(self.companies, self.present, self.wants, strict=True)
            ],
            "tables": [list(sizes) for sizes in self.tables],
            "blocked": [list(pair) for pair in sorted(self.blocked)],
            "continue": [list(pair) for pair in sorted(self.going_on)],
            "history": [[*pair, times] for pair, times in sorted(self.history.items())],
            "fixed": [list(seat) for seat in self.fixed],
            "beside": [list(one) for one in self.beside],
            "affinity": [list(row[person + 1 :]) for person, row in enumerate(self.affinity[:-1])],
            "moved_cost": self.moved_cost,
        }
        if self.published is not None:
            plan = [[list(people) for people in tables] for tables in self.published]
            data["replan"] = {"from_round": self.from_round, "published": plan}
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The room that `to_data` wrote, or any sound evening in that form."""
        people, replan = data["people"], data.get("replan") or {}
        published = replan.get("published")
        return cls(
            present=tuple((one["present"][0], one["present"][1]) for one in people),
            tables=tuple(tuple(sizes) for sizes in data["tables"]),
            affinity=square(data["affinity"], len(people)),
            companies=tuple(one["company"] for one in people),
            wants=tuple(tuple(sorted(set(one["wants"]))) for one in people),
            blocked=frozenset(_pair(a, b) for a, b in data.get("blocked", ())),
            going_on=frozenset(_pair(a, b) for a, b in data.get("continue", ())),
            history={_pair(a, b): times for a, b, times in data.get("history", ())},
            fixed=tuple((person, number, table) for person, number, table in data.get("fixed", ())),
            beside=tuple((a, b, number) for a, b, number in data.get("beside", ())),
            from_round=replan.get("from_round", 0),
            published=None if published is None else as_plan(published),
            moved_cost=data.get("moved_cost", MOVED),
        )


FORMAT: Final = "meetup-bench/1"


def as_plan(rounds: Sequence[Sequence[Sequence[int]]]) -> Plan:
    """Rounds of tables of people as a plan, each table sorted."""
    return tuple(tuple(tuple(sorted(people)) for people in tables) for tables in rounds)


def square(rows: Sequence[Sequence[int]], n: int) -> tuple[tuple[int, ...], ...]:
    """The symmetric matrix of an upper triangle of n - 1 rows, with zeros on its diagonal."""
    full = [[0] * n for _ in range(n)]
    for one, row in enumerate(rows):
        for other, value in enumerate(row, start=one + 1):
            full[one][other] = full[other][one] = value
    return tuple(tuple(row) for row in full)


def _pair(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)
