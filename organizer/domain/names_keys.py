"""The ways in which a person may be asked for: whole name, turned name, its parts and the company, in every form."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from organizer.domain.folding import (
    as_written,
    bare_company,
    fold,
    has_kanji,
    is_kana,
    kunrei,
    letters,
    rough_sound,
    short_sound,
    sound,
    unrepeated,
    with_large_kana,
    words_of,
)
from organizer.domain.names_surnames import COMPANY_WORDS, SURNAMES

FULL, FAMILY, GIVEN, COMPANY, TURNED, LIKELY_GIVEN, LIKELY_TURNED, LIKELY_FAMILY = range(8)
"""Where in a person a key comes from: turned is the given name before the family name.

Where a name has no space in it and begins with no surname that is known, any of its ends is likely to be the
given name; where it has no reading, the usual ones of its surname are likely.
"""

_LONGEST_UNPARTED = 16
_LONGEST_SURNAME = 4
_SIZES = (4, 3, 2, 1)
_HIRAGANA = "".join(chr(code) for code in range(ord("ぁ"), ord("ゖ") + 1))
_NEVER_FIRST = "ぁぃぅぇぉっゃゅょゎんー々"


class Named(NamedTuple):
    """Somebody who can be found; the id is the caller's."""

    id: int
    name: str
    reading: str = ""
    company: str = ""


class Forms(NamedTuple):
    """One text in every form in which it is compared."""

    written: str
    """With its variant kanji, empty where it has no kanji; of a company, with its legal form."""
    text: str
    long: str
    short: str
    rough: tuple[str, ...]
    """By a rough ear, and the same of its kana with large ones for small; none where it has kanji."""
    typed: tuple[str, ...]
    """The letters by which it is typed, lengths and all, in Hepburn and Kunrei; of kanji, with 々 unrepeated."""


class Card(NamedTuple):
    """A person's keys by their place, and the sound by which people are sorted."""

    id: int
    order: str
    keys: tuple[tuple[int, Forms], ...]


@lru_cache(maxsize=32768)
def forms_of(text: str) -> Forms:
    """A name, or a company without its legal form, in every form."""
    folded, long = fold(text), sound(text)
    short = short_sound(long)
    kanji = has_kanji(folded)
    return Forms(
        as_written(text) if kanji else "",
        folded,
        long,
        short,
        () if kanji else _rough(folded, short),
        _typed(text, kanji=kanji),
    )


def _rough(folded: str, short: str) -> tuple[str, ...]:
    large = with_large_kana(folded)
    if large == folded:
        return (rough_sound(short),)
    return tuple(dict.fromkeys((rough_sound(short), rough_sound(short_sound(sound(large))))))


def _typed(text: str, *, kanji: bool) -> tuple[str, ...]:
    if kanji:
        return (unrepeated(text),) if "々" in text else ()
    hepburn = letters(text)
    return tuple(dict.fromkeys((hepburn, kunrei(hepburn))))


def company_forms(text: str) -> Forms:
    """A company in every form, without its legal form unless that is all there is."""
    bare = bare_company(text)
    return forms_of(bare if fold(bare) else text)._replace(written=as_written(text))


@lru_cache(maxsize=8192)
def card_of(person: Named) -> Card:
    """All ways to ask for a person."""
    name, reading = parted(person.name or ""), parted(person.reading or "")
    family = name[0] if len(name) > 1 else ""
    if len(reading) == 1 and family:
        reading = _parted_after(reading[0], readings_of(family))
    keys = [*_name_keys(name), *_name_keys(reading)]
    if not reading:
        keys += [(LIKELY_FAMILY, forms_of(likely)) for word in name for likely in readings_of(word)]
        keys += [(LIKELY_FAMILY, forms_of(likely)) for word in name for likely in surnames_read(word)]
    if person.company and fold(person.company):
        keys.append((COMPANY, company_forms(person.company)))
        keys += [(COMPANY, forms_of(word)) for word in _company_words(bare_company(person.company))]
    return Card(person.id, sound(person.reading or person.name), tuple(dict.fromkeys(keys)))


def _company_words(bare: str) -> Iterator[str]:
    """The later words of a company, and how it is read as a whole, if every word in it is known."""
    yield from words_of(bare)[1:]
    folded = fold(bare)
    read, place = "", 0
    while has_kanji(folded) and place < len(folded):
        length = next((size for size in _SIZES if folded[place : place + size] in _word_readings()), 0)
        if not length and has_kanji(folded[place]):
            return
        piece = folded[place : place + (length or 1)]
        read, place = read + (_word_readings()[piece] if length else piece), place + len(piece)
    if read:
        yield read


def parted(text: str) -> list[str]:
    """The words of a name; where it is one word of kanji that begins with a known surname, this and the rest."""
    words = words_of(text)
    folded = fold(text) if len(words) == 1 else ""
    if not has_kanji(folded):
        return words
    for length in range(min(_LONGEST_SURNAME, len(folded) - 1), 0, -1):
        if folded[:length] in _readings():
            written = as_written(text)
            return [written[:length], written[length:]]
    return words


def readings_of(family: str) -> Sequence[str]:
    """How a surname is usually read."""
    return _readings().get(fold(family), ())


def surnames_read(family: str) -> Sequence[str]:
    """The surnames that are usually read so, in kana or Latin letters."""
    return _surnames().get(forms_of(family).short, ())


@cache
def _readings() -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for family, reading in _entries(SURNAMES):
        found[family].append(reading)
    return found


@cache
def _word_readings() -> Mapping[str, str]:
    """One reading for each word of a company or surname."""
    return {word: readings[0] for word, readings in _readings().items()} | dict(_entries(COMPANY_WORDS))


def _entries(text: str) -> Iterator[tuple[str, str]]:
    for entry in text.split():
        written = entry.rstrip(_HIRAGANA)
        yield fold(written), entry[len(written) :]


@cache
def _surnames() -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for family, readings in _readings().items():
        for reading in readings:
            found[short_sound(sound(reading))].append(family)
    return found


def _parted_after(reading: str, families: Iterable[str]) -> list[str]:
    folded = fold(reading)
    for family in families:
        if folded.startswith(family) and folded != family:
            return [family, folded[len(family) :]]
    return [reading]


def _name_keys(words: Sequence[str]) -> Iterator[tuple[int, Forms]]:
    if not words:
        return
    yield FULL, forms_of("".join(words))
    if len(words) == 1:
        yield from _unparted_keys(fold(words[0]))
        return
    yield TURNED, forms_of("".join((*words[1:], words[0])))
    yield FAMILY, forms_of(words[0])
    yield from ((GIVEN, forms_of(word)) for word in words[1:])
    if len(words) > 2:
        yield TURNED, forms_of("".join(reversed(words)))
        yield FULL, forms_of(words[0] + words[-1])


def _unparted_keys(folded: str) -> Iterator[tuple[int, Forms]]:
    """Where the given name begins nobody knows: anywhere, but not with a small kana or within Latin letters."""
    if len(folded) > _LONGEST_UNPARTED or not (is_kana(folded) or has_kanji(folded)):
        return
    for place in range(1, len(folded)):
        given = folded[place:]
        if given[0] not in _NEVER_FIRST and not (given[0].isascii() and folded[place - 1].isascii()):
            yield LIKELY_GIVEN, forms_of(given)
            yield LIKELY_TURNED, forms_of(given + folded[:place])
