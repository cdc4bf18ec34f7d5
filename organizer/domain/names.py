"""Finding a person at the door by kanji, kana, romaji or company, with a typo."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from organizer.domain.folding import (
    company_sound,
    fold,
    fold_company,
    has_kanji,
    is_kana,
    short_sound,
    sound,
    words_of,
)

__all__ = ["LONGEST_QUERY", "Named", "fold", "fold_company", "query_keys", "rank", "search_key"]

LONGEST_QUERY = 80

_HONORIFIC = re.compile(r"(?<=.)(?:さん|さま|様|氏|先生|社長)$")
_SCRIPTS = re.compile(r"[ぁ-ゖー]+|[0-9a-z]+|[^ぁ-ゖー0-9a-z]+")
_TYPO_FROM = {"sound": 4, "kana": 3, "kanji": 3}

_FULL, _FAMILY, _GIVEN, _COMPANY = range(4)
# How good a hit is, best first; a place of the name (full, family, given, company) by the way of the hit.
_EXACT = {_FULL: 0, _FAMILY: 1, _GIVEN: 2, _COMPANY: 3}
_PREFIX = {_FULL: 4, _FAMILY: 4, _GIVEN: 5, _COMPANY: 6}
_INSIDE = {_FULL: 7, _FAMILY: 7, _GIVEN: 7, _COMPANY: 8}
_TYPO = {_FULL: 9, _FAMILY: 9, _GIVEN: 10, _COMPANY: 12}
_TYPO_PREFIX = 11

Hit = tuple[int, bool, float]
"""A tier from 0 (best), whether only the short sound agrees, and how much of the key is left over."""


_MISS: Hit = (99, False, 0.0)
_GOOD: Hit = (_INSIDE[_FULL], False, 0.0)


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who can be found; the id is the caller's."""

    id: int
    name: str
    reading: str = ""
    company: str = ""


@dataclass(frozen=True, slots=True)
class _Key:
    """One way to write somebody's name or company: as folded text, as sound, and as sound without lengths."""

    place: int
    text: str
    long: str
    short: str


@dataclass(frozen=True, slots=True)
class _Card:
    """A person's keys, the same in one text for a quick first look, and the sound they are sorted by."""

    id: int
    keys: tuple[_Key, ...]
    blob: str
    order: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was typed, as the name of a person and as that of a company."""

    name: _Key
    company: _Key

    def of(self, key: _Key) -> _Key:
        """What to hold against a key."""
        return self.company if key.place == _COMPANY else self.name

    def forms(self) -> tuple[str, ...]:
        """What any direct hit has to contain one of."""
        forms = (self.name.text, self.name.short, self.company.text, self.company.short)
        return tuple(form for form in dict.fromkeys(forms) if form)


def search_key(name: str, reading: str = "", company: str = "") -> str:
    """What a column keeps of a person so that `LIKE` finds them by any of `query_keys`."""
    sounds = (sound(text) for text in (name, reading))
    parts = [fold(name), fold(reading), *sounds, fold_company(company), company_sound(company)]
    shorts = [short_sound(part) for part in parts]
    return "|".join(dict.fromkeys(part for part in (*parts, *shorts) if part))


def query_keys(query: str) -> tuple[str, ...]:
    """What to look for within `search_key`: any of these found will do. Typos are found by `rank` alone."""
    keys = _key(_FULL, query[:LONGEST_QUERY])
    company = fold_company(query[:LONGEST_QUERY])
    return tuple(dict.fromkeys(key for key in (keys.text, keys.long, keys.short, company) if key))


def rank(query: str, people: Iterable[Named]) -> list[int]:
    """The ids of those who are meant by `query`, best first; ties in the order of the reading, then the id.

    A whole name goes before its beginning, that before a part of it; names before companies; where nothing is
    hit, one typo is forgiven.
    """
    cards = [_card(person.id, person.name, person.reading, person.company) for person in people]
    for attempt in _attempts(query[:LONGEST_QUERY].strip()):
        hits = _hits(attempt, cards)
        if hits:
            order = {card.id: (hits[card.id], card.order, card.id) for card in cards if card.id in hits}
            return sorted(order, key=order.__getitem__)
    return []


def _attempts(typed: str) -> Iterator[str]:
    """What was typed, then the same without さん, 様 or the like."""
    if fold(typed):
        yield typed
        bare = _HONORIFIC.sub("", typed)
        if bare != typed and fold(bare):
            yield bare


def _hits(typed: str, cards: Sequence[_Card]) -> dict[int, Hit]:
    """Who is hit directly; when nobody is by more than a middle piece, by several words or with a typo too."""
    asked = _Asked(_key(_FULL, typed), _company_key(typed))
    found = _direct_hits(asked, cards)
    if any(hit < _GOOD for hit in found.values()):
        return found
    for more in (_words_hits(_parts(typed), cards), _typo_hits(asked, cards)):
        for person_id, hit in more.items():
            found[person_id] = min(hit, found.get(person_id, _MISS))
    return found


def _direct_hits(asked: _Asked, cards: Sequence[_Card]) -> dict[int, Hit]:
    forms = asked.forms()
    likely = (card for card in cards if any(form in card.blob for form in forms))
    hits = ((card.id, min(_hit(asked.of(key), key) for key in card.keys)) for card in likely)
    return {person_id: hit for person_id, hit in hits if hit < _MISS}


def _hit(query: _Key, key: _Key) -> Hit:
    """How well a query meets a key: by its text, else by its sound, else by its sound without lengths."""
    hit = _compare(query.text, key.text, key.place, loose=False, inside=True)
    if hit is not None and hit[0] <= _EXACT[_COMPANY]:
        return hit
    # A kana is two letters, and these stand in the middle of many another: within a name only kana are looked for.
    inside = not is_kana(query.text)
    by_long = _compare(query.long, key.long, key.place, loose=False, inside=inside)
    by_short = _compare(query.short, key.short, key.place, loose=True, inside=inside)
    return min((found for found in (hit, by_long, by_short) if found is not None), default=_MISS)


def _compare(query: str, key: str, place: int, *, loose: bool, inside: bool) -> Hit | None:
    if not query or not key:
        return None
    if query == key:
        return _EXACT[place], loose, 0.0
    rest = 1 - len(query) / len(key)
    if key.startswith(query):
        return _PREFIX[place], loose, rest
    if not inside or (len(query) == 1 and not has_kanji(query)):
        return None
    return (_INSIDE[place], loose, rest) if query in key else None


def _words_hits(parts: Sequence[str], cards: Sequence[_Card]) -> dict[int, Hit]:
    """Who is hit by each of several words; the worst of them counts."""
    if len(parts) < 2:
        return {}
    each = [_direct_hits(_Asked(_key(_FULL, part), _company_key(part)), cards) for part in parts]
    everywhere = set.intersection(*(set(hits) for hits in each))
    worst = {person_id: max(hits[person_id] for hits in each) for person_id in everywhere}
    return {person_id: (hit[0], True, hit[2]) for person_id, hit in worst.items()}


def _typo_hits(asked: _Asked, cards: Sequence[_Card]) -> dict[int, Hit]:
    """Who would be hit if one sign had been left out, doubled, changed or swapped with the next."""
    found: dict[int, Hit] = {}
    for form in ("text", "short"):
        for query, company in ((asked.name, False), (asked.company, True)):
            typed = getattr(query, form)
            if len(typed) < _least(typed):
                continue
            keys = [
                (card.id, key.place, written)
                for card in cards
                for key in card.keys
                if (key.place == _COMPANY) is company and (written := getattr(key, form))
            ]
            for person_id, hit in _one_typo(typed, keys):
                found[person_id] = min(hit, found.get(person_id, _MISS))
    return found


def _one_typo(typed: str, keys: Sequence[tuple[int, int, str]]) -> Iterator[tuple[int, Hit]]:
    """Which of (id, place, written) are one typo away, as a whole or in their beginning."""
    whole = [written for _, _, written in keys]
    for index in _near(typed, whole):
        person_id, place, _ = keys[index]
        yield person_id, (_TYPO[place], True, 0.0)
    for length in (len(typed), len(typed) + 1):
        for index in _near(typed, [written[:length] for written in whole]):
            person_id, _, written = keys[index]
            yield person_id, (_TYPO_PREFIX, True, 1 - len(typed) / (len(written) + 1))


def _near(typed: str, choices: Sequence[str]) -> list[int]:
    """The places of the choices at most one typo away."""
    near = process.extract(typed, choices, scorer=OSA.distance, processor=None, score_cutoff=1, limit=None)
    return [index for _, _, index in near]


def _least(query: str) -> int:
    """How long a query has to be for a typo to be forgiven: short ones would meet half the room."""
    script = "kanji" if has_kanji(query) else "kana" if is_kana(query) else "sound"
    return _TYPO_FROM[script]


def _parts(typed: str) -> list[str]:
    """The words of a query, or where it has no spaces the stretches of one script (高橋けんじ)."""
    words = words_of(typed)
    return words if len(words) > 1 else _SCRIPTS.findall(fold(typed))


@lru_cache(maxsize=8192)
def _card(person_id: int, name: str, reading: str, company: str) -> _Card:
    """All ways to ask for a person."""
    keys = [key for text in dict.fromkeys((name, reading)) for key in _name_keys(text)]
    if fold(company):
        keys.append(_company_key(company))
        keys += [_company_key(word) for word in words_of(company)[1:]]
    blob = "|".join(form for key in keys for form in (key.text, key.short) if form)
    return _Card(person_id, tuple(keys), blob, sound(reading or name))


def _name_keys(text: str) -> Iterator[_Key]:
    words = words_of(text)
    if words:
        yield _key(_FULL, "".join(words))
    if len(words) > 1:
        yield _key(_FULL, "".join(reversed(words)))
        yield _key(_FAMILY, words[0])
        yield from (_key(_GIVEN, word) for word in words[1:])


@lru_cache(maxsize=8192)
def _key(place: int, text: str) -> _Key:
    long = sound(text)
    return _Key(place, fold(text), long, short_sound(long))


@lru_cache(maxsize=8192)
def _company_key(text: str) -> _Key:
    long = company_sound(text)
    return _Key(_COMPANY, fold_company(text), long, short_sound(long))
