"""Finding a person at the door by kanji, kana, romaji or company, with a typo."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from organizer.domain.folding import (
    bare_company,
    doubles,
    fold,
    fold_company,
    is_kana,
    narrow,
    sound,
    trimmed,
    words_of,
)
from organizer.domain.names_data import HONORIFIC, PARTING
from organizer.domain.names_hits import Hits, Prepared, by_short_sound
from organizer.domain.names_joint import Question, is_initial, joint_hits
from organizer.domain.names_keys import Named, card_of

__all__ = [
    "LONGEST_QUERY",
    "Named",
    "Prepared",
    "fold",
    "fold_company",
    "prepare",
    "rank",
]

LONGEST_QUERY = 80

_HONORIFIC = re.compile(HONORIFIC)
_PARTING = re.compile(PARTING)
_OH_BEFORE_VOWEL = re.compile("oh(?=[aiueo])")
_OTHERWISE = 1000
"""What a hit by another reading of the query costs more: less than one level."""
_EXACT_AT_MOST = 40_000
_GOOD_AT_MOST = 70_000
_FEW = 5


def prepare(people: Iterable[Named]) -> Prepared:
    """These people laid out for `rank`; kept, so that asking for the same people again costs next to nothing."""
    return _prepared(tuple(sorted(Named._make(person) for person in people)))


@lru_cache(maxsize=4)
def _prepared(people: tuple[Named, ...]) -> Prepared:
    return Prepared([card_of(person) for person in people])


def rank(query: str, people: Iterable[Named] | Prepared) -> list[int]:
    """The ids of those who are meant by `query`, best first; ties in the order of the reading, then the id.

    A whole name goes before its beginning, that before a part of it; names before companies. Where nobody's
    name or company is just what was typed, several words, a slip of a finger or of an ear are looked for.
    """
    room = people if isinstance(people, Prepared) else prepare(people)
    attempts = [attempt for attempt in _attempts(trimmed(query[:LONGEST_QUERY])) if fold(attempt[0])]
    asked, hits = Question(room), Hits()
    for typed, more in attempts:
        if not _has_initial(typed):
            hits.take(asked.direct(typed), more)
    if hits.best >= _EXACT_AT_MOST:
        # The last attempt is the one most taken apart: if its words are all hit, the others need no look.
        for typed, more in reversed(attempts):
            joint = joint_hits(asked, typed)
            hits.take(joint, more)
            if joint.best < _EXACT_AT_MOST:
                break
    if attempts and _may_be_a_slip(attempts[0][0], hits):
        for typed, more in attempts:
            hits.take(asked.close(typed), more)
    return [room.cards[number].id for number in hits.in_order()]


def _may_be_a_slip(typed: str, hits: Hits) -> bool:
    """Whether nobody is hit well; few are, by a beginning; or only by losing a doubled letter (takaashi, しいづか)."""
    best = hits.best
    if best >= _GOOD_AT_MOST or (best >= _EXACT_AT_MOST and len(hits) < _FEW):
        return True
    return by_short_sound(best) and doubles(sound(typed))


def _has_initial(typed: str) -> bool:
    """Whether one of several words is an initial: `k. ono` is no `kono`."""
    words = words_of(narrow(typed).replace(".", " "))
    return len(words) > 1 and any(map(is_initial, words))


def _attempts(typed: str) -> Iterator[tuple[str, int]]:
    """What was typed, and its other readings.

    Without さん, 様 or the like; the words on a card apart; the family name after the company's の; oh for a long o.
    """
    yield typed, 0
    plain = narrow(typed)
    bare = _HONORIFIC.sub(r"\1", plain)
    if bare != plain:
        yield bare, _OTHERWISE
    joined = bare_company(bare)
    apart = trimmed(_PARTING.sub(" ", joined))
    if apart != joined:
        yield apart, _OTHERWISE
    place = bare.rfind("の", 1, -1)
    if place > 1 or (place > 0 and not is_kana(bare[0])):
        yield f"{bare[:place]} {bare[place + 1 :]}", _OTHERWISE
    if "oh" in bare:
        yield _OH_BEFORE_VOWEL.sub("oo", bare), _OTHERWISE
