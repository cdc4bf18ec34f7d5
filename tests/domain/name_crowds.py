"""Crowds of people to be searched for: many of one name, variant kanji, readings in any width or none at all."""

import random
from dataclasses import dataclass
from typing import TypeVar

from organizer.domain.names import Named
from tests.domain.name_lists import (
    ABROAD,
    COMPANY_HEADS,
    COMPANY_TAILS,
    FORMS_AFTER,
    FORMS_BEFORE,
    FORMS_LATIN,
    GIVEN,
    SURNAMES,
    entries,
    pairs,
)

T = TypeVar("T")

_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}
_HALF = dict(
    zip(
        "ァアィイゥウェエォオカキクケコサシスセソタチッツテトナニヌネノハヒフヘホマミムメモャヤュユョヨラリルレロワヲンー",
        "ｧｱｨｲｩｳｪｴｫｵｶｷｸｹｺｻｼｽｾｿﾀﾁｯﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓｬﾔｭﾕｮﾖﾗﾘﾙﾚﾛﾜｦﾝｰ",
        strict=True,
    )
)
_VOICED = dict(zip("ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ", "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎｳ", strict=True))
_HALF |= {sign: bare + "ﾞ" for sign, bare in _VOICED.items()}
_HALF |= {sign: bare + "ﾟ" for sign, bare in zip("パピプペポ", "ﾊﾋﾌﾍﾎ", strict=True)}


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as they are, beside what they wrote: the parts of the name and of its reading in hiragana."""

    named: Named
    written: tuple[str, ...]
    spoken: tuple[str, ...]
    """Empty where nobody could know it from what was written."""
    company: str
    """Without its legal form."""


def katakana(text: str) -> str:
    """Hiragana as katakana."""
    return text.translate(_KATAKANA)


def half_width(text: str) -> str:
    """Kana as half-width katakana."""
    return "".join(_HALF.get(sign, sign) for sign in katakana(text))


def hiragana(text: str) -> str:
    """Katakana as hiragana."""
    return "".join(chr(ord(sign) - 0x60) if "ァ" <= sign <= "ヶ" else sign for sign in text)


def crowd(size: int, seed: int, half: int | None = None) -> list[Somebody]:
    """`size` people of different name and company; half 0 and 1 share no name, given name or company word."""
    chance = random.Random(seed)
    surnames, given = _half(pairs(SURNAMES), half), _half(pairs(GIVEN), half)
    abroad = _half(entries(ABROAD), half)
    people = [_from_abroad(number, text, chance, half) for number, text in enumerate(abroad[: size // 10], 1)]
    known = {(somebody.named.name, somebody.named.company) for somebody in people}
    while len(people) < size:
        somebody = _at_home(len(people) + 1, surnames, given, chance, half)
        if (somebody.named.name, somebody.named.company) not in known:
            known.add((somebody.named.name, somebody.named.company))
            people.append(somebody)
    return people


def _half(choices: list[T], half: int | None) -> list[T]:
    return choices if half is None else choices[half::2]


def _from_abroad(number: int, text: str, chance: random.Random, half: int | None) -> Somebody:
    written, _, spoken = text.partition("/")
    company, bare = _company("", chance, half)
    words = tuple(written.replace("・", " ").split())
    return Somebody(Named(number, written, spoken, company), words, tuple(hiragana(spoken).split()), bare)


def _at_home(
    number: int,
    surnames: list[tuple[tuple[str, ...], str]],
    given: list[tuple[tuple[str, ...], str]],
    chance: random.Random,
    half: int | None,
) -> Somebody:
    """Somebody with a Japanese name; the first surnames of the list are the most common."""
    ways, family_reading = surnames[int(len(surnames) * chance.random() ** 1.5)]
    (first, *_), first_reading = chance.choice(given)
    family = chance.choice(ways)
    company, bare = _company(family, chance, half)
    reading, spoken = f"{family_reading} {first_reading}", (family_reading, first_reading)
    match chance.randrange(20):
        case 0:
            reading, spoken = "", ()
        case 1:
            reading = half_width(reading)
        case 2 | 3:
            reading = katakana(reading)
        case 4:
            reading = reading.replace(" ", "")
        case 5:
            reading = katakana(reading).replace(" ", "　")
    name = family + chance.choice(("", " ", " ", " ", " ", "　", "　")) + first
    return Somebody(Named(number, name, reading, company), (family, first), spoken, bare)


def _company(family: str, chance: random.Random, half: int | None) -> tuple[str, str]:
    """A company as somebody writes it, and without its legal form; one in twelve has none."""
    if chance.random() < 1 / 12:
        return "", ""
    heads, tails = _half(entries(COMPANY_HEADS), half), _half(entries(COMPANY_TAILS), half)
    head = family if family and chance.random() < 0.2 else chance.choice(heads)
    if head[0].isascii():
        bare = head + chance.choice(("", f" {chance.choice(('Design', 'Lab', 'Partners', 'Tech'))}"))
        return bare + chance.choice(FORMS_LATIN), bare
    bare = head + ("・" if chance.random() < 0.05 else "") + chance.choice(tails)
    match chance.randrange(5):
        case 0:
            return bare, bare
        case 1 | 2:
            return chance.choice(FORMS_BEFORE) + bare, bare
        case _:
            return bare + chance.choice(FORMS_AFTER), bare
