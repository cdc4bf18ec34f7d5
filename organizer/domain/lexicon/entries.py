"""What the lexicon is made of: entries, the expressions that name them, and how near they are."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from organizer.domain.vocabulary import Industry, Role, Topic

Subject = Topic | Industry | Role | None

NOT: Final = "\N{NOT SIGN}"
"""Stands at the end of a piece for all ways to say not of what stands before."""
NONE: Final = "\N{EMPTY SET}"
"""Stands at the end of a piece for all ways to say that there is none of it."""
ENDINGS: Final = "*" + NOT + NONE
"""What may stand behind a piece that is looked for: the word goes on, or is denied."""
OF_TOPIC: Final = 0.75
"""How near a concept is to the one that stands for its whole topic."""
STEP: Final = 0.7
"""What it costs that only a third concept stands between two."""
OWN_TOPIC: Final = 0.42
"""How near two concepts of one topic are where nothing else is said."""
NEXT_TOPIC: Final = 0.15
"""How near concepts of two neighbouring topics are."""


class Kind(Enum):
    """What sort of thing a name of the lexicon stands for."""

    CONCEPT = "concept"
    TRADE = "trade"
    ROLE = "role"
    MARK = "mark"
    PLACE = "place"
    NOTHING = "nothing"


class Side(Enum):
    """Who says an expression: anybody, who needs help, or who can help."""

    BOTH = "both"
    NEED = "needs"
    GIVE = "gives"


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of an expression: which entry, said by whom, how surely in (0, 1]."""

    name: str
    kind: Kind
    side: Side
    surety: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of the lexicon, with what is said of it."""

    name: str
    kind: Kind
    subject: Subject
    general: bool = False
    """Whether it stands for its whole topic or division."""
    weight: float = 1.0
    """How much it tells: vague concepts tell less."""
    near: dict[str, float] = field(default_factory=dict)
    helps: dict[str, float] = field(default_factory=dict)
    parents: dict[str, float] = field(default_factory=dict)
    against: dict[str, float] = field(default_factory=dict)
    """What somebody cannot be at once."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What must follow the first piece of an expression, each within GAP_LENGTH signs."""

    rest: tuple[str, ...]
    sense: Sense


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries by name, and all expressions by their first piece."""

    entries: dict[str, Entry]
    words: dict[str, tuple[Sense, ...]]
    patterns: dict[str, tuple[Pattern, ...]]
    lengths: dict[str, tuple[int, ...]]
    """By the first two signs, or the only one: how long the pieces are that begin so, longest first."""
    neighbours: dict[str, dict[str, float]]
    """By concept, those that are near it, whichever of the two says so."""
    near_topics: frozenset[frozenset[Topic]]
    """Topics of which help with one is often help with the other."""
    kin_topics: frozenset[frozenset[Topic]]
    """These and all that have something to do with one another."""
    expressions: int
    """How many expressions were written, before their variants."""

    def of_kind(self, kind: Kind) -> tuple[Entry, ...]:
        """The entries of one kind, in the order of the files."""
        return tuple(entry for entry in self.entries.values() if entry.kind is kind)

    def nearness(self, one: str, other: str) -> float:
        """How near two concepts are, in [0, 1]: what is said of them, by one between them, or by their topics."""
        if one == other:
            return 1.0
        mine, its = self.neighbours[one], self.neighbours[other]
        said = mine.get(other, 0.0)
        between = [mine[name] * its[name] for name in mine if name in its]
        return max(
            said, STEP * max(between, default=0.0) if not said else 0.0, self._by_topics(one, other, said)
        )

    def _by_topics(self, one: str, other: str, said: float) -> float:
        mine, its = self.entries[one], self.entries[other]
        if said or not isinstance(mine.subject, Topic) or not isinstance(its.subject, Topic):
            return 0.0
        if mine.subject is its.subject:
            return OF_TOPIC if mine.general or its.general else OWN_TOPIC
        return NEXT_TOPIC if frozenset((mine.subject, its.subject)) in self.kin_topics else 0.0
