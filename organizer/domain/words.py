"""How near two free texts are in meaning, by a lexicon a host can read: organizer/domain/lexicon.txt.

No model and no learned numbers: two texts are near when they name the same concept, the same topic or
neighbouring topics, however they word it; characters they share add a little.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Final

from organizer.domain.vocabulary import Industry, Role, Topic, known_one

SAME_CONCEPT: Final = 0.85
SAME_TOPIC: Final = 0.7
NEAR_TOPIC: Final = 0.5
SHARED_CHARACTERS: Final = 0.3
"""The most that shared characters alone can say: the same word often goes with another need."""

_CLAUSES: Final = re.compile(r"[。.、,!?;:/|\n]+")
_REFUSAL: Final = re.compile(
    r"お断り|断って|断わ|受けない|受けません|お受けでき|受け付けて(い)?(ない|ません)|引き受け(ない|ません)|対象外|ご遠慮|遠慮し"
    r"|扱いません|扱わない|扱って(い)?(ない|ません)|しておりません|(対応|相談)(は)?(していません|しません|できません)"
    r"|\bno\b(?!-)|\bnot\b|\bexcept\b|\bdon't\b|\bnever\b"
)
_LATIN: Final = re.compile(r"[a-z0-9][a-z0-9 &+'.*-]*")


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning of the lexicon: of a topic, a trade or a position."""

    subject: Topic | Industry | Role
    name: str
    expressions: tuple[str, ...]
    latin: re.Pattern[str] | None

    def is_in(self, text: str) -> bool:
        """Whether the folded text says it in any of its wordings."""
        if any(expression in text for expression in self.expressions):
            return True
        return self.latin is not None and self.latin.search(text) is not None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All concepts, and which topics are neighbours."""

    concepts: tuple[Concept, ...]
    near: frozenset[frozenset[Topic]] = field(default_factory=frozenset)


def relevance(left: str, right: str) -> float:
    """How well a give or a wish (left) meets a challenge or a profile (right), in [0, 1].

    Clauses of `left` that decline something (〜は受けない) count for nothing; `right` may complain freely.
    """
    offered, needed = _without_refusals(fold(left)), fold(right)
    if not offered or not needed:
        return 0.0
    meant = _nearness(_concepts_in(offered), _concepts_in(needed))
    shared = _shared_characters(offered, needed)
    return round(
        min(1.0, max(meant + (1 - SAME_CONCEPT) * shared * (meant > 0), SHARED_CHARACTERS * shared)), 4
    )


# People are compared with everybody in the room: each text is looked through once, not once a pair.
@lru_cache(maxsize=4096)
def topics_in(text: str) -> frozenset[Topic]:
    """The topics a text speaks of, leaving out what it declines."""
    found = _concepts_in(_without_refusals(fold(text)))
    return frozenset(concept.subject for concept in found if isinstance(concept.subject, Topic))


@lru_cache(maxsize=4096)
def trades_in(text: str) -> frozenset[Industry]:
    """The trades a text names, leaving out what it declines."""
    found = _concepts_in(_without_refusals(fold(text)))
    return frozenset(concept.subject for concept in found if isinstance(concept.subject, Industry))


@lru_cache(maxsize=4096)
def roles_in(text: str) -> frozenset[Role]:
    """The positions a text names, leaving out what it declines."""
    found = _concepts_in(_without_refusals(fold(text)))
    return frozenset(concept.subject for concept in found if isinstance(concept.subject, Role))


def topics_near(left: Topic, right: Topic) -> bool:
    """Whether help with one topic is often help with the other, too."""
    return left is right or frozenset((left, right)) in lexicon().near


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The text as it is compared: NFKC, lower case, one space between Latin words and none elsewhere."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub(r"[ \t\u3000]+", " ", folded).strip()
    return re.sub(r"(?<![\x21-\x7e]) | (?![\x21-\x7e])", "", folded)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon of the package, read once."""
    return parse_lexicon(files(__package__).joinpath("lexicon.txt").read_text(encoding="utf-8"))


def parse_lexicon(text: str) -> Lexicon:
    """The lexicon written in `text`; ValueError names the line that cannot be read."""
    concepts: list[Concept] = []
    near: set[frozenset[Topic]] = set()
    subject: Topic | Industry | Role | None = None
    for number, line in _lines(text):
        if line.startswith("["):
            subject = _subject(line.strip("[]"), number)
        elif subject is not None:
            concepts.append(_concept(subject, line, number))
        else:
            near.add(_neighbours(line, number))
    return Lexicon(tuple(concepts), frozenset(near))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line.strip()


def _subject(header: str, number: int) -> Topic | Industry | Role | None:
    """What a section is about; None stands for the list of neighbours."""
    if header == "near":
        return None
    kind, _, code = header.rpartition(" ")
    subject: Topic | Industry | Role | None
    if kind == "industry":
        subject = known_one(Industry, code)
    elif kind == "role":
        subject = known_one(Role, code)
    else:
        subject = known_one(Topic, code)
    if subject is None:
        raise ValueError(f"line {number}: no such section: [{header}]")
    return subject


def _concept(subject: Topic | Industry | Role, line: str, number: int) -> Concept:
    name, colon, rest = line.partition(":")
    expressions = [fold(expression) for expression in rest.split("|")]
    if not colon or not all(expressions):
        raise ValueError(f"line {number}: expected 'concept: expression | expression'")
    latin = [expression for expression in expressions if _LATIN.fullmatch(expression)]
    other = tuple(expression for expression in expressions if expression not in latin)
    return Concept(subject, name.strip(), other, _whole_words(latin))


def _whole_words(expressions: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for Latin expressions at word edges: PR must not be found in "improve"."""
    bodies = [
        re.escape(expression.rstrip("*")) + ("[a-z-]*" if expression.endswith("*") else "")
        for expression in expressions
    ]
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(bodies)})(?![a-z0-9])") if bodies else None


def _neighbours(line: str, number: int) -> frozenset[Topic]:
    pair = frozenset(topic for code in line.split() if (topic := known_one(Topic, code)) is not None)
    if len(pair) != 2:
        raise ValueError(f"line {number}: expected two topics")
    return pair


@lru_cache(maxsize=4096)
def _without_refusals(folded: str) -> str:
    return " ".join(clause for clause in _CLAUSES.split(folded) if clause and not _REFUSAL.search(clause))


@lru_cache(maxsize=4096)
def _concepts_in(folded: str) -> tuple[Concept, ...]:
    return tuple(concept for concept in lexicon().concepts if concept.is_in(folded))


def _nearness(offered: tuple[Concept, ...], needed: tuple[Concept, ...]) -> float:
    """The nearest that any meaning of one comes to any of the other."""
    best = 0.0
    for mine in offered:
        for other in needed:
            if mine is other:
                return SAME_CONCEPT
            if mine.subject == other.subject and type(mine.subject) is type(other.subject):
                best = max(best, SAME_TOPIC)
            elif _are_near_topics(mine, other):
                best = max(best, NEAR_TOPIC)
    return best


def _are_near_topics(mine: Concept, other: Concept) -> bool:
    return (
        isinstance(mine.subject, Topic)
        and isinstance(other.subject, Topic)
        and topics_near(mine.subject, other.subject)
    )


def _shared_characters(left: str, right: str) -> float:
    """Share of the shorter text's pieces that the other has, too, in [0, 1]."""
    mine, other = _pieces(left), _pieces(right)
    return len(mine & other) / min(len(mine), len(other)) if mine and other else 0.0


@lru_cache(maxsize=4096)
def _pieces(folded: str) -> frozenset[str]:
    """Pairs of neighbouring Japanese characters, and whole Latin words of three letters or more."""
    runs = re.findall(r"[^\W\x00-\x7f]+", folded)
    words = re.findall(r"[a-z0-9]{3,}", folded)
    return frozenset(words) | {run[i : i + 2] for run in runs for i in range(len(run) - 1)}
