"""Japanese names made comparable: one form for widths, kana, variant kanji and company forms, one key for sound."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from organizer.domain import names_data as data

_VARIANT_OF = {ord(sign): group[0] for group in data.VARIANTS.split() for sign in group[1:]}
_HIRAGANA = {code: code - 0x60 for code in (*range(ord("ァ"), ord("ヶ") + 1), ord("ヽ"), ord("ヾ"))}
_LETTERS = str.maketrans(data.LETTERS)
_LARGE = str.maketrans(data.LARGE)
_SMALL_KE = {ord("ゕ"): "か", ord("ゖ"): "け"}
_BARS = re.compile(data.BARS)
_REPEATING = re.compile("[々ゝゞ]")
_REPEATED = re.compile("([^ ])[々ゝ]")
_REPEATED_VOICED = re.compile("([かきくけこさしすせそたちつてとはひふへほ])ゞ")
_DROPPED = re.compile(data.DROPPED)
_WORD_BREAKS = re.compile(data.WORD_BREAKS)
_EDGES = re.compile(data.EDGES)
_COMPANY_FORM = re.compile(data.COMPANY_FORM)
_COMPANY_WORD = re.compile(data.COMPANY_WORD)
_LEGAL_WORDS = frozenset(data.LEGAL_WORDS.split())
_KANA_SOUND = re.compile("|".join(sorted(data.KANA, key=len, reverse=True)))
_LATIN = re.compile("[a-z]")
_ACCENTED = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
_MARKS = re.compile("[\u0300-\u036f]")
_LONG_MARKS = re.compile("([aiueo])[\u0302\u0304]")
_DOUBLED = re.compile(r"([aiueon])\1+")
_DOUBLES = re.compile("aa|ii|ee|nn")
_VOWEL_BEFORE_BAR = re.compile("([aiueo])ー+")
_SOKUON = re.compile("っ+([a-z])")
_UNFINISHED_H = re.compile("[ぁ-ゖー]h$")


def _compiled(rules: Iterable[tuple[str, str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), spelling) for pattern, spelling in rules)


_SPELLINGS = _compiled(data.SPELLINGS)
_LENGTHS = _compiled(data.LENGTHS)
_ROUGHLY = _compiled(data.ROUGHLY)
_KUNREI = _compiled(data.KUNREI)


def fold(text: str) -> str:
    """One form of a name for all ways to write it: width, case, kana, variant kanji; spaces and marks are dropped."""
    return _closed(_without_accents(_base(text)))


def as_written(text: str) -> str:
    """The same, but every variant kanji stays itself: 髙橋 and 高橋 differ."""
    return _closed(_without_accents(_hiragana(narrow(text))))


def unrepeated(text: str) -> str:
    """The same as `fold`, but with 々 for what it repeats."""
    plain = narrow(text).translate(_VARIANT_OF).translate(_HIRAGANA).translate(_SMALL_KE)
    return _closed(_without_accents(plain))


def with_large_kana(folded: str) -> str:
    """A folded text as it is typed by who finds no small kana."""
    return folded.translate(_LARGE)


def fold_company(text: str) -> str:
    """The folded name of a company without its legal form (株式会社, ㈱, Co., Ltd.), unless that is all there is."""
    return fold(bare_company(text)) or fold(text)


def bare_company(text: str) -> str:
    """A company's name in one width, without its legal form; empty if that is all there is."""
    plain = trimmed(narrow(text)).translate(_VARIANT_OF)
    return _COMPANY_WORD.sub(" ", _COMPANY_FORM.sub(" ", plain)).strip(" ,")


def is_legal_form(word: str) -> bool:
    """Whether a word says only what kind of company it is."""
    return not _COMPANY_FORM.sub("", narrow(word)) or fold(word) in _LEGAL_WORDS


def trimmed(text: str) -> str:
    """Without spaces and the like at either end."""
    return _EDGES.sub("", text)


def words_of(text: str) -> list[str]:
    """The parts of a name that spaces, commas or middle dots keep apart, as they were written."""
    return [word for word in _WORD_BREAKS.split(text) if fold(word)]


@lru_cache(maxsize=16384)
def sound(text: str) -> str:
    """How a name sounds, in one Latin spelling with long vowels doubled; kanji, which have no one sound, stay.

    たかはし, takahashi and TAKAHASI agree; so do おおの, ohno, oono and ōno, but not おの.
    """
    written = _with_long_vowels(_base(text))
    if _UNFINISHED_H.search(written):
        return sound(written[:-1]) + "h"  # of おおのは, not the h of ohno
    spelt = _spelt(written)
    for pattern, spelling in (*_SPELLINGS, *_LENGTHS) if _LATIN.search(written) else _LENGTHS:
        spelt = pattern.sub(spelling, spelt)
    return spelt.lower()


def letters(text: str) -> str:
    """How a name is typed in Latin letters, lengths and all: `katou`. Of Latin letters only l and v change."""
    return _spelt(_without_accents(_base(text))).replace("l", "r").replace("v", "b")


def kunrei(letters: str) -> str:
    """Hepburn's letters in Kunrei, where a slip of one letter stays one: `matsui` is `matui`."""
    for pattern, spelling in _KUNREI:
        letters = pattern.sub(spelling, letters)
    return letters


def short_sound(sound: str) -> str:
    """A sound without the length of its vowels and of ん, which people leave out: おおの and おの agree."""
    return _DOUBLED.sub(r"\1", sound)


def doubles(sound: str) -> bool:
    """Whether a sound has a doubled letter that is seldom a long vowel."""
    return bool(_DOUBLES.search(sound))


def rough_sound(short: str) -> str:
    """A short sound without what people mishear or leave out: voicing, small kana, doubled consonants."""
    for pattern, spelling in _ROUGHLY:
        short = pattern.sub(spelling, short)
    return short


def narrow(text: str) -> str:
    """The text in one width and in small letters, spaces and all."""
    # Letter by letter: whether a sigma ends a word is no matter here.
    return unicodedata.normalize("NFKC", text).lower().translate(_LETTERS)


def has_kanji(text: str) -> bool:
    """Whether a folded text holds signs that have no one sound."""
    return any(sign > "ヿ" for sign in text)


def is_kana(text: str) -> bool:
    """Whether a folded text is kana throughout."""
    return bool(text) and all("ぁ" <= sign <= "ヿ" for sign in text)


def is_latin(text: str) -> bool:
    """Whether a folded text begins with a Latin letter."""
    return "a" <= text[:1] <= "z"


def _hiragana(text: str) -> str:
    plain = _BARS.sub(r"\1ー", text.translate(_HIRAGANA).translate(_SMALL_KE))
    if not _REPEATING.search(plain):
        return plain
    plain = _REPEATED.sub(r"\1\1", plain)
    return _REPEATED_VOICED.sub(lambda found: found[1] + chr(ord(found[1]) + 1), plain)


def _base(text: str) -> str:
    """The text in one width and case, with hiragana for katakana and one kanji for all its variants."""
    return _hiragana(narrow(text).translate(_VARIANT_OF))


def _closed(text: str) -> str:
    """Without spaces, punctuation and marks."""
    return unicodedata.normalize("NFKC", _DROPPED.sub("", text))


def _spelt(written: str) -> str:
    """Kana in Latin letters, as they are written; the rest stays."""
    spelt = _KANA_SOUND.sub(lambda kana: data.KANA[kana.group()], written)
    spelt = _SOKUON.sub(r"\1\1", spelt).replace("っ", "")
    spelt = _VOWEL_BEFORE_BAR.sub(r"\1\1", spelt)
    return _closed(spelt).replace("ー", "")


def _without_accents(text: str) -> str:
    """Latin letters without their marks. Voiced kana keep theirs: they are put together again."""
    if not _ACCENTED.search(text):
        return text
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text)))


def _with_long_vowels(text: str) -> str:
    """Latin letters without their marks, the vowel doubled where the mark was a bar or a circumflex."""
    if not _ACCENTED.search(text):
        return text
    return _without_accents(_LONG_MARKS.sub(r"\1\1", unicodedata.normalize("NFD", text)))
