"""An evening before it is seated, in the words of the house: who is there when, and what is known of each two.

Everything is by the ids of people; `domain.seatable` turns it into the numbers that the seating works with.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from typing import Any, Self

from organizer.domain.fit import WEIGHTS, History, Weights
from organizer.domain.profiles import Profile
from organizer.domain.seating.room import Pair

Tables = tuple[tuple[tuple[int, ...], ...], ...]
"""Rounds of tables of the ids of people."""


@dataclass(frozen=True, slots=True)
class Attendee:
    """One person of the evening; rounds and tables from 0. `last` before `first`: is in no coming round."""

    profile: Profile
    first: int
    last: int
    table: int | None = None
    """Sits at this table in every coming round."""

    @property
    def id(self) -> int:
        """The person's id."""
        return self.profile.id

    def to_data(self) -> dict[str, Any]:
        """Plain data, fit for JSON."""
        return {
            "profile": self.profile.to_data(),
            "first": self.first,
            "last": self.last,
            "table": self.table,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The attendee that `to_data` wrote."""
        return cls(Profile.from_data(data["profile"]), data["first"], data["last"], data["table"])


@dataclass(frozen=True)
class Gathering:
    """Everything that is known of an evening before it is seated; pairs are (smaller id, larger id)."""

    attendees: tuple[Attendee, ...]
    """By id; also those who have left, as long as `begun` names them."""
    rounds: int
    table_size: int
    weights: Weights = WEIGHTS
    histories: Mapping[Pair, History] = field(default_factory=dict)
    sat_before: Mapping[Pair, int] = field(default_factory=dict)
    """At how many earlier evenings two sat together."""
    going_on: frozenset[Pair] = frozenset()
    """Both said that they want to meet again."""
    barred: frozenset[Pair] = frozenset()
    """May never share a table."""
    introductions: tuple[Pair, ...] = ()
    """(who introduces, newcomer): beside each other in the first round."""
    published: Tables = ()
    """What everybody has seen, if anything."""
    begun: int = 0
    """How many rounds have begun: they stay as they are published."""
    known: Mapping[Pair, int] = field(default_factory=dict)
    """Affinities that were worked out before, under the same weights."""
    known_wants: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """Whom each person wants to meet, as worked out before; good as long as nobody has joined since."""

    @property
    def expected(self) -> int:
        """How many people are there for a round that is still to begin."""
        return sum(max(one.first, self.begun) <= one.last for one in self.attendees)

    def to_data(self) -> dict[str, Any]:
        """Plain data, fit for JSON."""
        return {
            "attendees": [one.to_data() for one in self.attendees],
            "rounds": self.rounds,
            "table_size": self.table_size,
            "weights": self.weights.to_data(),
            "histories": history_rows(self.histories),
            "sat_before": _triples(self.sat_before),
            "going_on": sorted(map(list, self.going_on)),
            "barred": sorted(map(list, self.barred)),
            "introductions": [list(pair) for pair in self.introductions],
            "published": [[list(people) for people in tables] for tables in self.published],
            "begun": self.begun,
            "known": _triples(self.known),
            "known_wants": [[one, *others] for one, others in sorted(self.known_wants.items())],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The gathering that `to_data` wrote."""
        return cls(
            attendees=tuple(map(Attendee.from_data, data["attendees"])),
            rounds=data["rounds"],
            table_size=data["table_size"],
            weights=Weights.from_data(data["weights"]),
            histories=histories_of(data["histories"]),
            sat_before={(a, b): times for a, b, times in data["sat_before"]},
            going_on=frozenset((a, b) for a, b in data["going_on"]),
            barred=frozenset((a, b) for a, b in data["barred"]),
            introductions=tuple((a, b) for a, b in data["introductions"]),
            published=tuple(tuple(tuple(people) for people in tables) for tables in data["published"]),
            begun=data["begun"],
            known={(a, b): worth for a, b, worth in data["known"]},
            known_wants={one: tuple(others) for one, *others in data["known_wants"]},
        )


def history_rows(histories: Mapping[Pair, History]) -> list[list[int]]:
    """What each two have behind them, fit for JSON."""
    return [[*pair, *map(int, astuple(history))] for pair, history in sorted(histories.items())]


def histories_of(rows: Iterable[Sequence[int]]) -> dict[Pair, History]:
    """The histories that `history_rows` wrote."""
    return {
        (a, b): History(meetings, matches, bool(talked), bool(mutual), *rest)
        for a, b, meetings, matches, talked, mutual, *rest in rows
    }


def _triples(counts: Mapping[Pair, int]) -> list[list[int]]:
    return [[*pair, count] for pair, count in sorted(counts.items())]
