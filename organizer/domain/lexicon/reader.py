"""The lexicon as data: reading its files, with every line that cannot be read named."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Final

from organizer.domain.lexicon.entries import (
    ENDINGS,
    NONE,
    NOT,
    Entry,
    Kind,
    Lexicon,
    Pattern,
    Sense,
    Side,
    Subject,
)
from organizer.domain.lexicon.spelling import folded_once
from organizer.domain.vocabulary import Industry, Role, Topic, known_one

GAP: Final = "..."
"""What stands for a few signs between two pieces, as … is folded."""
HINT: Final = 0.55
"""What an expression is worth that only hints at its concept (written ~so)."""
FILES: Final = (
    "people", "company", "customers", "money", "making", "self", "trades", "persons", "colloquial", "phrases", "topics",
)  # fmt: skip
_PLAIN_SECTIONS: Final = {
    "marks": Kind.MARK,
    "places": Kind.PLACE,
    "nothing": Kind.NOTHING,
    "roles": Kind.ROLE,
}
_SUBJECT_SECTIONS: Final = {
    "industry": (Industry, Kind.TRADE),
    "role": (Role, Kind.ROLE),
    "": (Topic, Kind.CONCEPT),
}
_EXPECTED: Final = "expected 'name: expression | expression'"


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon of the package, read once."""
    folder = files("organizer.domain.lexicon")
    return parse_lexicon(
        (f"{name}.txt", folder.joinpath(f"{name}.txt").read_text(encoding="utf-8")) for name in FILES
    )


def parse_lexicon(texts: Iterable[tuple[str, str]]) -> Lexicon:
    """The lexicon written in `texts`, each with its file's name; ValueError names file and line that cannot be read."""
    return _Parser().parse(texts)


class _Parser:
    """Gathers entries line by line, then looks whether every name that is spoken of exists."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.words: dict[str, tuple[Sense, ...]] = {}
        self.patterns: dict[str, tuple[Pattern, ...]] = {}
        self.near_topics: set[frozenset[Topic]] = set()
        self.kin_topics: set[frozenset[Topic]] = set()
        self.pairs = self.near_topics
        self.senses: dict[Sense, Sense] = {}
        self.meanings: dict[tuple[Sense, ...], tuple[Sense, ...]] = {}
        self.mentioned: list[tuple[str, str]] = []
        self.count = 0
        self.kind: Kind | None = None
        self.subject: Subject = None
        self.group = ""
        self.more = False
        self.place = ""

    def parse(self, texts: Iterable[tuple[str, str]]) -> Lexicon:
        for name, text in texts:
            for number, line in _lines(text):
                self.place = f"{name}, line {number}"
                self._read(line)
            self.kind, self.subject = None, None
        self._check_names()
        return Lexicon(
            self.entries,
            self.words,
            self.patterns,
            _lengths((*self.words, *self.patterns)),
            self._neighbours_of_all(),
            frozenset(self.near_topics),
            frozenset(self.near_topics | self.kin_topics),
            self.count,
        )

    def _check_names(self) -> None:
        """Every name that is spoken of exists."""
        for name, place in self.mentioned:
            if name not in self.entries:
                raise ValueError(f"{place}: nothing is named {name!r}")

    def _neighbours_of_all(self) -> dict[str, dict[str, float]]:
        near: dict[str, dict[str, float]] = {name: {} for name in self.entries}
        for name, entry in self.entries.items():
            for other, degree in entry.near.items():
                near[name][other] = max(degree, near[name].get(other, 0.0))
                near[other][name] = near[name][other] = max(near[name][other], near[other].get(name, 0.0))
        return near

    def _error(self, expected: str) -> ValueError:
        return ValueError(f"{self.place}: {expected}")

    def _read(self, line: str) -> None:
        if line.startswith("["):
            self._section(line.strip("[]"))
        elif self.kind is None and not self.more:
            self._neighbours(line)
        else:
            self._line(line)

    def _section(self, header: str) -> None:
        """What the lines below are about; no kind stands for the list of neighbours."""
        self.kind, self.subject, self.group = _PLAIN_SECTIONS.get(header), None, ""
        self.more = header == "more"
        self.pairs = self.near_topics if header == "near" else self.kin_topics
        if self.kind is not None or header in ("near", "kin", "more"):
            return
        word, _, code = header.rpartition(" ")
        enum, self.kind = _SUBJECT_SECTIONS.get(word, (None, None))
        subject = known_one(enum, code) if enum is not None else None
        if not isinstance(subject, Topic | Industry | Role):
            raise self._error(f"no such section: [{header}]")
        self.subject = subject

    def _line(self, line: str) -> None:
        head, colon, rest = line.partition(":")
        name, _, verb = head.strip().partition(" ")
        if not colon or not name:
            raise self._error(_EXPECTED)
        general, name, weight = name.startswith("*"), name.lstrip("*"), 1.0
        if verb.startswith("="):
            weight, verb = self._degree(verb[1:]), ""
        self._say(self._entry(name, general, weight), verb, rest)

    def _entry(self, name: str, general: bool, weight: float) -> Entry:
        """The entry of a name, made where the section does not only say more of others."""
        entry = self.entries.get(name)
        if entry is None:
            if self.kind is None:
                raise self._error(f"nothing is named {name!r}")
            entry = self._add(Entry(name, self.kind, self.subject, general, weight))
        elif not self.more and (entry.kind, entry.subject) != (self.kind, self.subject):
            raise self._error(f"{name!r} already stands in another section")
        return entry

    def _add(self, entry: Entry) -> Entry:
        """A new entry; a trade below a star belongs to it."""
        if entry.kind is Kind.TRADE:
            if entry.general:
                self.group = entry.name
            elif self.group:
                entry.parents[self.group] = 1.0
        self.entries[entry.name] = entry
        return entry

    def _say(self, entry: Entry, verb: str, rest: str) -> None:
        match verb:
            case "":
                self._expressions(entry, Side.BOTH, rest)
            case "needs" | "gives":
                self._expressions(entry, Side(verb), rest)
            case "near":
                entry.near.update(self._degrees(rest))
            case "helps":
                entry.helps.update(self._degrees(rest))
            case "in":
                entry.parents.update(self._degrees(rest))
            case "against":
                entry.against.update(self._degrees(rest))
            case _:
                raise self._error(f"{verb!r} is none of: needs, gives, near, helps, in, against, =0.5")

    def _degrees(self, rest: str) -> dict[str, float]:
        degrees: dict[str, float] = {}
        for item in rest.split(","):
            name, _, degree = item.strip().partition(" ")
            if not name:
                raise self._error("expected 'name 0.5, name 0.5'")
            self.mentioned.append((name, self.place))
            degrees[name] = self._degree(degree) if degree else 1.0
        return degrees

    def _degree(self, written: str) -> float:
        try:
            degree = float(written)
        except ValueError:
            degree = 0.0
        if not 0 < degree <= 1:
            raise self._error(f"{written.strip()!r} is no degree between 0 and 1")
        return degree

    def _neighbours(self, line: str) -> None:
        pair = frozenset(topic for code in line.split() if (topic := known_one(Topic, code)) is not None)
        if len(pair) != 2:
            raise self._error("expected two topics")
        self.pairs.add(pair)

    def _expressions(self, entry: Entry, side: Side, rest: str) -> None:
        sure, hint = self._sense(entry, side, 1.0), self._sense(entry, side, HINT)
        for written in folded_once(rest).split("|"):
            expression = written.strip()
            sense = sure
            if expression.startswith("~"):
                expression, sense = expression[1:], hint
            first, *others = [stem(piece.strip()) for piece in expression.split(GAP)]
            if not first or not all(others):
                raise self._error(_EXPECTED)
            self.count += 1
            if others:
                self.patterns[first] = (*self.patterns.get(first, ()), Pattern(tuple(others), sense))
            else:
                self._add_sense(first, sense)

    def _add_sense(self, word: str, sense: Sense) -> None:
        """One more meaning of a word; words of the same meanings share them, which saves much memory."""
        meant = self.words.get(word, ())
        if sense not in meant:
            both = (*meant, sense)
            self.words[word] = self.meanings.setdefault(both, both)

    def _sense(self, entry: Entry, side: Side, surety: float) -> Sense:
        sense = Sense(entry.name, entry.kind, side, surety)
        return self.senses.setdefault(sense, sense)


def stem(piece: str) -> str:
    """How a piece is looked for: 採れない as 採れ¬, 時間がない as 時間∅, both ends standing for all forms of not."""
    if not piece.endswith("ない"):
        return piece
    bare = piece[:-2]
    return bare[:-1] + NONE if bare.endswith(("が", "も", "は")) else bare + NOT if bare else NONE


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line.strip()


def _lengths(pieces: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """By their first two signs, or their only one, the lengths of the pieces that begin so, longest first."""
    lengths: dict[str, tuple[int, ...]] = {}
    once: dict[tuple[int, ...], tuple[int, ...]] = {}
    for piece in pieces:
        bare = piece.rstrip(ENDINGS)
        known = lengths.get(bare[:2], ())
        if len(bare) not in known:
            ordered = tuple(sorted((*known, len(bare)), reverse=True))
            lengths[bare[:2]] = once.setdefault(ordered, ordered)
    return lengths
