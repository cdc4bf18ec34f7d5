"""How well a query meets people, as a cost: direct hits and near misses."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from organizer.domain.folding import has_kanji, is_kana, is_latin, words_of
from organizer.domain.names_index import Posting, Table
from organizer.domain.names_keys import COMPANY, Card, Forms, company_forms, forms_of

# Costs in thousands are tiers of ten (below), within them levels of two (written, text, long, short), within them how
# much of the key is left over, in thousandths.
_TIER: Final = 10_000
_THOUSAND: Final = 1_000
_LEVEL: Final = 2_000
_WRITTEN, _TEXT, _LONG, _SHORT = range(4)

# By place: full, family, given, company, turned, likely given, likely turned, likely family.
TIERS_WHOLE: Final = (0, 10, 20, 30, 0, 50, 0, 40)
_WHOLE_SHORT: Final = (0, 20, 21, 30, 0, 50, 0, 40)
_PREFIX: Final = (40, 40, 50, 60, 50, 70, 70, 70)
TIERS_INSIDE: Final = (70, 70, 70, 80, 70, 70, 70, 80)
# Latin letters in the middle of a word are there by chance more often than somebody begins to type there.
_INSIDE_LATIN: Final = (130, 130, 130, 140, 130, 130, 130, 140)
TIERS_CLOSE: Final = (90, 100, 110, 130, 90, 120, 90, 120)
_CLOSE_PREFIX: Final = (140, 140, 140, 150, 140, 150, 150, 150)

_ENOUGH = 20
"""So many who begin as typed: nobody is looked for by a middle piece."""
MISS: Final = 10**9
"""What it costs not to be hit at all."""


class Prepared:
    """People laid out to be found: their cards in the order of their readings, and tables of their keys."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self.cards = sorted(cards, key=lambda card: (card.order, card.id))
        self.names = Tables(self.cards, company=False)
        self.companies = Tables(self.cards, company=True)


class Tables:
    """The keys of names, or of companies, by their forms."""

    def __init__(self, cards: Sequence[Card], *, company: bool) -> None:
        found: dict[str, dict[str, list[Posting]]] = {
            form: defaultdict(list) for form in ("written", "text", "long", "short", "rough", "typed")
        }
        for number, card in enumerate(cards):
            for place, forms in card.keys:
                if (place == COMPANY) is company:
                    for form, string in _strings(forms):
                        found[form][string].append((number, place))
        self.written = Table(found["written"], near=False)
        self.text = Table(found["text"], near=True)
        self.long = Table(found["long"], near=False)
        self.short = Table(found["short"], near=True)
        self.rough = Table(found["rough"], near=False)
        self.typed = Table(found["typed"], near=True)


def _strings(forms: Forms) -> Iterator[tuple[str, str]]:
    if forms.written:
        yield "written", forms.written
    yield "text", forms.text
    yield "long", forms.long
    yield "short", forms.short
    for rough in forms.rough:
        yield "rough", rough
    for typed in forms.typed:
        yield "typed", typed


class Hits(dict[int, int]):
    """What each card costs that was hit, by its number."""

    @property
    def best(self) -> int:
        """The least cost of all."""
        return min(self.values(), default=MISS)

    def add(self, postings: Iterable[Posting], tiers: Sequence[int], more: int) -> None:
        """Take these in at the tier of their places."""
        for number, place in postings:
            cost = tiers[place] * _THOUSAND + more
            if cost < self.get(number, MISS):
                self[number] = cost

    def take(self, others: "Hits", more: int = 0) -> None:
        """Take others in, each at so much more."""
        for number, cost in others.items():
            if cost + more < self.get(number, MISS):
                self[number] = cost + more

    def in_order(self) -> list[int]:
        """The numbers, best first."""
        return sorted(self, key=lambda number: (self[number], number))


def short_cost(tier: int) -> int:
    """What a hit of a tier by the sound without lengths costs."""
    return tier * _THOUSAND + _SHORT * _LEVEL


def by_short_sound(cost: int) -> bool:
    """Whether a hit is no better than by the sound without lengths."""
    return cost % _TIER >= _SHORT * _LEVEL


def direct_hits(room: Prepared, typed: str) -> Hits:
    """Who is hit by a whole key or its beginning; where these are few, by a middle piece too."""
    hits = Hits()
    asked = ((room.names, _unjoined(typed)), (room.companies, company_forms(typed)))
    hits.add(room.companies.written.find(asked[1][1].written), TIERS_WHOLE, _WRITTEN)
    _begin(room.names.written, asked[0][1].written, _WRITTEN, hits)
    for tables, forms in asked:
        _beginnings(tables, forms, hits)
    if len(hits) < _ENOUGH:
        for tables, forms in asked:
            _middles(tables, forms, hits)
    return hits


def _unjoined(typed: str) -> Forms:
    """The forms of a name; without the short sound if a vowel was lost where two words meet (`shoji i`).

    Who types the plain kanji may mean any of its variants; who types a rare one means that.
    """
    forms = forms_of(typed)
    if forms.written == forms.text:
        forms = forms._replace(written="")
    if sum(len(forms_of(word).short) for word in words_of(typed)) != len(forms.short):
        return forms._replace(short="")
    return forms


def _beginnings(tables: Tables, forms: Forms, hits: Hits) -> None:
    _begin(tables.text, forms.text, _TEXT, hits)
    _begin(tables.long, forms.long, _LONG, hits)
    if len(forms.short) != 1 or forms.short == forms.text:
        _begin(tables.short, forms.short, _SHORT, hits)
    else:
        hits.add(tables.short.find(forms.short), _WHOLE_SHORT, _SHORT * _LEVEL)


def _begin(table: Table, typed: str, level: int, hits: Hits) -> None:
    if not typed:
        return
    whole = _WHOLE_SHORT if level == _SHORT else TIERS_WHOLE
    for string, postings in table.beginning(typed):
        tiers = whole if string == typed else _PREFIX
        hits.add(postings, tiers, level * _LEVEL + _rest(typed, string))


def _middles(tables: Tables, forms: Forms, hits: Hits) -> None:
    """A kana is two letters, and these stand in the middle of many another: within a name only kana are looked for."""
    if len(forms.text) > 1 or has_kanji(forms.text):
        _hold(tables.text, forms.text, _TEXT, hits)
    if not is_kana(forms.text):
        if len(forms.long) > 2 or has_kanji(forms.long):
            _hold(tables.long, forms.long, _LONG, hits)
        if len(forms.short) > 2 or has_kanji(forms.short):
            _hold(tables.short, forms.short, _SHORT, hits)


def _hold(table: Table, typed: str, level: int, hits: Hits) -> None:
    for string, postings in table.holding(typed):
        tiers = _INSIDE_LATIN if is_latin(typed) else TIERS_INSIDE
        hits.add(postings, tiers, level * _LEVEL + _rest(typed, string))


def _rest(typed: str, string: str) -> int:
    """How much of the string is left over, in thousandths."""
    return max(0, len(string) - len(typed)) * 999 // (len(string) or 1)


def close_hits(room: Prepared, typed: str) -> Hits:
    """Who would be hit if one sign had been left out, doubled, changed or swapped, or by a rough ear."""
    hits = Hits()
    for tables, forms in ((room.names, forms_of(typed)), (room.companies, company_forms(typed))):
        _roughly(tables.rough, forms, hits)
        slips = [(tables.text, forms.text, _TEXT), (tables.short, forms.short, _SHORT)]
        if not is_kana(forms.text):
            slips += [
                (table, typed, _LONG) for typed in forms.typed for table in (tables.typed, tables.short)
            ]
        for table, string, level in dict.fromkeys(slips):
            _slip(table, string, level, hits)
    return hits


def _roughly(table: Table, forms: Forms, hits: Hits) -> None:
    """Kana that sound roughly so are as good as it gets; letters are more often a slip of the finger."""
    level = _SHORT if is_latin(forms.text) else _WRITTEN
    for rough in forms.rough:
        if len(rough) > 2:
            for string, postings in table.beginning(rough):
                tiers = TIERS_CLOSE if string == rough else _CLOSE_PREFIX
                hits.add(postings, tiers, level * _LEVEL + _rest(rough, string))


def _slip(table: Table, typed: str, level: int, hits: Hits) -> None:
    if len(typed) < (4 if is_latin(typed) else 3):
        return
    for string, postings, whole in table.near(typed):
        hits.add(postings, TIERS_CLOSE if whole else _CLOSE_PREFIX, level * _LEVEL + _rest(typed, string))
