"""Several words at once: family and given name, name and company, an initial; each hits a part of somebody."""

from collections.abc import Sequence
from typing import Final

from organizer.domain.folding import fold, has_kanji, is_latin, is_legal_form, words_of
from organizer.domain.names_hits import (
    MISS,
    TIERS_CLOSE,
    TIERS_INSIDE,
    TIERS_WHOLE,
    Hits,
    Prepared,
    close_hits,
    direct_hits,
    short_cost,
)
from organizer.domain.names_index import WHOLE, slip
from organizer.domain.names_keys import COMPANY, LIKELY_GIVEN, Card, forms_of

_JOINT: Final = 6_000
"""What it costs to be hit by several words instead of one."""
# By place, as in names_hits: the T of T. Takanashi is Tooru's rather than one more Takanashi's own.
_INITIAL: Final = (90, 70, 50, 90, 90, 70, 90, 80)


class Question:
    """One question to a room, in whatever words: what one of them hits is looked up once."""

    def __init__(self, room: Prepared) -> None:
        self.room = room
        self._direct: dict[str, Hits] = {}
        self._close: dict[str, Hits] = {}

    def direct(self, typed: str) -> Hits:
        """As `direct_hits`; not to be changed."""
        if typed not in self._direct:
            self._direct[typed] = direct_hits(self.room, typed)
        return self._direct[typed]

    def close(self, typed: str) -> Hits:
        """As `close_hits`; not to be changed."""
        if typed not in self._close:
            self._close[typed] = close_hits(self.room, typed)
        return self._close[typed]

    def near(self, found: Hits, typed: str) -> Hits:
        """What was found, and what is close."""
        hits = Hits(found)
        hits.take(self.close(typed))
        return hits


def is_initial(word: str) -> bool:
    """Whether a word is a single Latin letter, with or without its dot."""
    folded = fold(word)
    return len(folded) == 1 and is_latin(folded)


def _initial_hits(room: Prepared, word: str) -> Hits:
    hits = Hits()
    letter = forms_of(word).long
    for tables in (room.names, room.companies):
        for _, postings in tables.long.beginning(letter):
            hits.add(postings, _INITIAL, 0)
    return hits


def joint_hits(asked: Question, typed: str) -> Hits:
    """Who is hit by each of several words, be they apart or joined: family and given name, name and company."""
    words = [word for word in words_of(typed) if not is_legal_form(word)] or words_of(typed)
    if len(words) < 2:
        return _joined_hits(asked.room, typed)
    each = [_initial_hits(asked.room, word) if is_initial(word) else asked.direct(word) for word in words]
    hits = _all_hit(each)
    if not hits:
        hits = _joined_hits(asked.room, typed)
        near = [asked.near(found, word) for found, word in zip(each, words, strict=True)]
        hits.take(_all_hit(near) or _in_two(asked, words))
    return hits


def _in_two(asked: Question, words: Sequence[str]) -> Hits:
    """The same with the words put together as two, wherever one ends."""
    hits = Hits()
    for place in range(1, len(words) if len(words) > 2 else 1):
        parts = "".join(words[:place]), "".join(words[place:])
        hits.take(_all_hit([asked.near(asked.direct(part), part) for part in parts]))
    return hits


def _all_hit(each: Sequence[Hits]) -> Hits:
    """Those whom every word hits: the worst of its costs, then all of them."""
    hits = Hits()
    for number in set.intersection(*(set(found) for found in each)):
        costs = [found[number] for found in each]
        hits[number] = max(costs) + sum(costs) // 32 + _JOINT
    return hits


def _joined_hits(room: Prepared, typed: str) -> Hits:
    """Who is hit by a whole key and, by what is before or after it, by another."""
    hits = Hits()
    short = forms_of(typed).short
    for place in range(1, len(short)):
        head, tail = short[:place], short[place:]
        for whole, other in ((head, tail), (tail, head)):
            for number, at in (*room.names.short.find(whole), *room.companies.short.find(whole)):
                cost = _other_key(room.cards[number], at, whole, other)
                if cost < hits.get(number, MISS):
                    hits[number] = cost
    return hits


def _other_key(card: Card, whole_at: int, whole: str, other: str) -> int:
    """How well what is left of a query meets another key of somebody, of whom one place was hit whole."""
    best = MISS
    unlikely = whole_at == LIKELY_GIVEN and has_kanji(whole) == has_kanji(other)
    for place, forms in card.keys:
        if place != whole_at and not (unlikely and place != COMPANY):
            if forms.short == other:
                best = min(best, TIERS_WHOLE[place])
            elif forms.short.startswith(other) and (len(other) > 2 or has_kanji(other)):
                best = min(best, TIERS_INSIDE[place])
            elif len(other) > 3 and slip(other, forms.short) == WHOLE:
                best = min(best, TIERS_CLOSE[place])
    return best if best == MISS else short_cost(max(best, TIERS_WHOLE[whole_at]))
