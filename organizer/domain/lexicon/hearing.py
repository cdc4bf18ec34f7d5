"""What is named in one text, and where: every expression of the lexicon that occurs in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from organizer.domain.lexicon.entries import ENDINGS, NONE, NOT, Kind, Lexicon, Pattern, Sense
from organizer.domain.lexicon.reader import lexicon
from organizer.domain.lexicon.spelling import fold

GAP_LENGTH: Final = 9
"""How many signs may stand between the pieces of an expression."""
ENDS: Final = frozenset("。!?;\n/|")
"""Signs that end a sentence or a part of a profile; no expression reaches across."""
SHORT_KANA: Final = 3
"""Katakana words up to this length are only found whole: リース is not in リリース."""

ENGLISH: Final = frozenset(("it",))
"""Abbreviations that are English words as well: beside other Latin words they are not meant."""

_ENDINGS: Final = {
    NOT: re.compile(
        r"な(?:い|く|か[っろ]|き[ゃれ]|さ)|ず(?![つっ])|ませ|ぬ|ん(?![でだ])|んくて|て(?:い|お)?(?:な[いくか]|ませ|りませ)|れな"
    ),
    NONE: re.compile(r"[がはもの]{0,2}(?:な(?:い|く|し|か[っろ])|ありませ|ゼロ|なさ)"),
}
"""By the end of a piece, what has to follow it."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One expression found at text[start:end], with one of its senses."""

    start: int
    end: int
    sense: Sense
    whole: bool = True
    """Whether it was found in one piece: only then it hides what lies within it."""

    @property
    def name(self) -> str:
        """The entry that is meant."""
        return self.sense.name


@dataclass(frozen=True, slots=True)
class Heard:
    """A folded text with all that it names, in order."""

    text: str
    mentions: tuple[Mention, ...]

    def of_kind(self, *kinds: Kind) -> tuple[Mention, ...]:
        """The mentions of some kinds."""
        return tuple(mention for mention in self.mentions if mention.sense.kind in kinds)

    def marks(self, *names: str) -> tuple[Mention, ...]:
        """The grammar words of some names."""
        return tuple(mention for mention in self.mentions if mention.name in names)


@lru_cache(maxsize=4096)
def hear(text: str) -> Heard:
    """What a text names; of two expressions of which one lies within the other, only the longer counts."""
    folded = fold(text)
    found = list(every_mention(folded, lexicon()))
    words = [mention for mention in found if mention.sense.kind is not Kind.MARK]
    louder = [mention for mention in found if mention.sense.kind in (Kind.NOTHING, Kind.MARK)]
    kept = [
        mention
        for mention in found
        if mention.sense.kind is not Kind.NOTHING
        and not any(_covers(other, mention) for other in (words if _can_be_hidden(mention) else louder))
    ]
    return Heard(folded, tuple(sorted(kept, key=lambda one: (one.start, one.end, one.name))))


def _can_be_hidden(mention: Mention) -> bool:
    return mention.whole and mention.sense.kind is not Kind.MARK


def _covers(longer: Mention, shorter: Mention) -> bool:
    """Whether one mention lies within another that means something else."""
    return (
        longer.whole
        and longer.start <= shorter.start
        and shorter.end <= longer.end
        and longer.end - longer.start > shorter.end - shorter.start
        and longer.name != shorter.name
    )


def every_mention(text: str, known: Lexicon) -> Iterator[Mention]:
    """Every expression of a lexicon that occurs in a folded text, those within longer ones too."""
    words_of, patterns_of, lengths_of = known.words.get, known.patterns.get, known.lengths.get
    for start, sign in enumerate(text):
        pair = text[start : start + 2]
        for length in (*lengths_of(pair, ()), *(lengths_of(sign, ()) if len(pair) > 1 else ())):
            piece = text[start : start + length]
            if len(piece) < length:
                continue
            for ending in ("", "*") if piece.isascii() else ("", NOT, NONE):
                key = piece + ending
                senses, patterns = words_of(key, ()), patterns_of(key, ())
                if senses or patterns:
                    end = _end(text, start, key)
                    if end:
                        yield from (Mention(start, end, sense) for sense in senses)
                        yield from _continued(text, start, end, patterns)


def _continued(text: str, start: int, end: int, patterns: tuple[Pattern, ...]) -> Iterator[Mention]:
    """The patterns of which all further pieces follow, each close behind the one before."""
    if not patterns:
        return
    limit = next((place for place in range(end, len(text)) if text[place] in ENDS), len(text))
    for pattern in patterns:
        place = end
        for piece in pattern.rest:
            place = _follows(text, place, limit, piece)
            if not place:
                break
        else:
            yield Mention(start, place, pattern.sense, whole=False)


def _follows(text: str, place: int, limit: int, piece: str) -> int:
    """Where a piece ends that begins within GAP_LENGTH signs, 0 where none does."""
    bare = piece.rstrip(ENDINGS)
    last = min(limit, place + GAP_LENGTH + len(bare))
    if not bare:
        found_none = _ENDINGS[piece].search(text, place, last)
        return found_none.end() if found_none else 0
    found = text.find(bare, place, last)
    while found >= 0:
        end = _end(text, found, piece)
        if end:
            return end
        found = text.find(bare, found + 1, last)
    return 0


def _end(text: str, start: int, key: str) -> int:
    """Where the expression ends that begins at `start`, 0 where it is no word there or is not denied as it should."""
    bare = key.rstrip(ENDINGS)
    end = start + len(bare)
    if key[-1] in _ENDINGS:
        denied = _ENDINGS[key[-1]].match(text, end)
        return denied.end() if denied else 0
    return end if _is_whole(text, start, end, key) else 0


def _is_whole(text: str, start: int, end: int, key: str) -> bool:
    """Whether a Latin word, or a short katakana word, is not a piece of a longer one."""
    if _is_latin(text[start]) and start and _is_latin(text[start - 1]):
        return False
    if _is_latin(text[end - 1]) and not key.endswith("*") and end < len(text) and _is_latin(text[end]):
        return False
    if key in ENGLISH and (text[start - 1 : start] == " " or text[end : end + 1] == " "):
        return False
    if end - start > SHORT_KANA or not all("ァ" <= sign <= "ー" for sign in key):
        return True
    return not (_is_kana(text, start - 1) or _is_kana(text, end))


def _is_latin(sign: str) -> bool:
    return "a" <= sign <= "z" or "0" <= sign <= "9"


def _is_kana(text: str, place: int) -> bool:
    return 0 <= place < len(text) and "ァ" <= text[place] <= "ー"
