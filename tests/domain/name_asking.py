"""Ways in which somebody is asked for at a door, each with those who are meant by it."""

import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tests.domain.name_crowds import Somebody, half_width, hiragana, katakana
from tests.domain.name_romaji import STYLES, romaji

_VARIANTS: Final = (
    "高髙 崎﨑嵜 辺邉邊 斎斉齋齊 沢澤 浜濱濵 桜櫻 島嶋嶌 吉𠮷 龍竜 真眞 恵惠 広廣 国國 栄榮 関關"
)
_OTHERS: Final = {sign: group.replace(sign, "") for group in _VARIANTS.split() for sign in group}
_VOICED: Final = str.maketrans(
    "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽ", "かきくけこさしすせそたちつてとはひふへほはひふへほ"
)
_LARGE: Final = str.maketrans("ゃゅょっぁぃぅぇぉ", "やゆよつあいうえお")
_WIDE: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
_KANJI: Final = "一二三子美大太小中田村山川木本石原野藤井上下口松竹林森島崎谷沢浜"
_CALLED: Final = ("さん", "様", "さま", "社長", "氏", "先生", "ちゃん", "くん", "代表", " 様", "殿")


_WHOLE_OF: Final = {
    "written begun": "written full",
    "kana begun": "kana full",
    "company begun": "company bare",
    "romaji begun": "romaji hepburn full",
}


class Query(NamedTuple):
    """What was typed, in which way, and the ids of those who are equally meant."""

    kind: str
    text: str
    right: frozenset[int]


class _Way(NamedTuple):
    kind: str
    text: str
    faithful: bool
    """Whether the spelling says all that could be said: another's faithful one may go before a careless one."""
    means: str = ""
    """The words that tell who is meant, where more was typed than these."""


def queries(people: Sequence[Somebody], seed: int) -> list[Query]:
    """Every way to ask for every one of them, and one typo in many; in the order of the people."""
    chance = random.Random(seed)
    ways = {somebody.named.id: list(dict.fromkeys(_ways(somebody, people, chance))) for somebody in people}
    meant: dict[str, dict[int, bool]] = defaultdict(dict)
    for person_id, found in ways.items():
        for way in found:
            known = meant[_plain(way.means or way.text)]
            known[person_id] = known.get(person_id, False) or way.faithful
    clean = [
        Query(way.kind, way.text, _meant(way, meant[_plain(way.means or way.text)]) | _begun(way, ways))
        for found in ways.values()
        for way in found
    ]
    return clean + list(_typos(people, ways, meant, chance))


def _meant(way: _Way, known: dict[int, bool]) -> frozenset[int]:
    """Who else could have been meant: by a faithful spelling only those whose own it is."""
    return frozenset(person_id for person_id, faithful in known.items() if faithful or not way.faithful)


def _begun(way: _Way, ways: dict[int, list[_Way]]) -> frozenset[int]:
    """Whose name or company begins so too, if it was only begun; whose company has the same word."""
    if way.kind == "company word":
        named = {
            person_id: {word for other in found for word in other.text.split()}
            for person_id, found in ways.items()
        }
        return frozenset(person_id for person_id, words in named.items() if way.text in words)
    if not way.kind.endswith("begun"):
        return frozenset()
    start, kind = _plain(way.text), _WHOLE_OF.get(way.kind, "")
    return frozenset(
        person_id
        for person_id, found in ways.items()
        if any(other.kind == kind and _plain(other.text).startswith(start) for other in found)
    )


def _plain(text: str) -> str:
    return re.sub(r"[\s・.,'-]", "", hiragana(unicodedata.normalize("NFKC", text).lower()))


def _ways(somebody: Somebody, people: Sequence[Somebody], chance: random.Random) -> Iterator[_Way]:
    yield from _written_ways(somebody, chance)
    if somebody.spoken:
        yield from _kana_ways(somebody, chance)
        yield from _romaji_ways(somebody)
    if somebody.company:
        yield from _company_ways(somebody)
        yield from _both_ways(somebody)


def _written_ways(somebody: Somebody, chance: random.Random) -> Iterator[_Way]:
    words = somebody.written
    full, turned = "".join(words), "".join((*words[1:], words[0]))
    yield _Way("written full", full, True)
    yield _Way("written full, spaced", " ".join(words), True)
    yield _Way("written full, spaced", "　".join(words), True)
    yield _Way("written family", words[0], True)
    yield _Way("written given", words[-1], True)
    yield _Way("written turned", turned, True)
    yield _Way("written turned, spaced", " ".join((*words[1:], words[0])), True)
    yield _Way("written begun", full[: len(words[0]) + 1], True)
    yield _Way("called family", words[0] + chance.choice(_CALLED), True, words[0])
    yield _Way("called full", full + chance.choice(_CALLED), True, full)
    if full.isascii():
        yield _Way("written wide", " ".join(words).translate(_WIDE), True)
        yield _Way("written shouted", " ".join(words).upper(), True)
    for place, sign in enumerate(full):
        for other in _OTHERS.get(sign, ""):
            yield _Way("variant full", full[:place] + other + full[place + 1 :], False)
            if place < len(words[0]):
                yield _Way("variant family", words[0][:place] + other + words[0][place + 1 :], False)


def _kana_ways(somebody: Somebody, chance: random.Random) -> Iterator[_Way]:
    words = somebody.spoken
    full = "".join(words)
    yield _Way("kana full", full, True)
    yield _Way("kana full, spaced", " ".join(words), True)
    yield _Way("kana katakana", katakana(full), True)
    yield _Way("kana half-width", half_width(" ".join(words)), True)
    yield _Way("kana family", words[0], True)
    yield _Way("kana family half", half_width(words[0]), True)
    yield _Way("kana given", words[-1], True)
    yield _Way("kana turned", "".join((*words[1:], words[0])), True)
    yield _Way("kana begun", full[: len(words[0]) + 1], True)
    yield _Way("called kana", words[0] + chance.choice(_CALLED), True, words[0])
    yield _Way("called kana full", katakana(full) + chance.choice(_CALLED), True, full)
    yield _Way("called kana", katakana(words[0]) + chance.choice(_CALLED), True, words[0])
    yield _Way("kana unvoiced", full.translate(_VOICED), False)
    yield _Way("kana large", full.translate(_LARGE), False)
    short = re.sub(
        "(?<=[おこそとのほもよろごぞどぼぽょ])[うお]|(?<=[うくすつぬふむゆるぐずづぶゅ])う|ー", "", full
    )
    yield _Way("kana short", short, False)
    bars = re.sub(
        "(?<=[おこそとのほもよろごぞどぼぽょ])[うお]|(?<=[うくすつぬふむゆるぐずづぶゅ])う", "ー", full
    )
    yield _Way("kana bars", bars, False)
    yield _Way("kana hyphens", katakana(bars).replace("ー", "-"), False)
    yield _Way("kana old", full.replace("い", "ゐ").replace("え", "ゑ"), False)
    if len(words) == len(somebody.written):
        yield _Way("mixed", somebody.written[0] + "".join(words[1:]), True)
        yield _Way("mixed", somebody.written[0] + " " + katakana(words[-1]), True)
        yield _Way("mixed", words[0] + "".join(somebody.written[1:]), True)


def _romaji_ways(somebody: Somebody) -> Iterator[_Way]:
    for style in STYLES:
        words = [romaji(word, style) for word in somebody.spoken]
        faithful = style not in ("hepburn", "passport", "oh")
        kind = f"romaji {style}"
        yield _Way(f"{kind} full", " ".join(words), faithful)
        yield _Way(f"{kind} joined", "".join(words), faithful)
        yield _Way(f"{kind} turned", " ".join((*words[1:], words[0])).upper(), faithful)
        yield _Way(f"{kind} family", words[0].capitalize(), faithful)
        yield _Way(f"{kind} given", words[-1], faithful)
    words = [romaji(word, "hepburn") for word in somebody.spoken]
    yield _Way("romaji nn", " ".join(re.sub("n(?![aiueony])", "nn", word) for word in words), False)
    yield _Way("romaji apostrophe", " ".join(re.sub("n(?=[aiueoy])", "n'", word) for word in words), False)
    yield _Way("romaji cya", " ".join(_typed(word) for word in words), False)
    yield _Way("romaji jya", " ".join(re.sub("j(?=[auo])", "jy", word) for word in words), False)
    yield _Way("romaji e", " ".join(word.replace("ei", "e") for word in words), False)
    yield _Way("romaji i", " ".join(word.replace("ii", "i") for word in words), False)
    yield _Way("romaji l", " ".join(word.replace("r", "l") for word in words), False)
    yield _Way("romaji wide", " ".join(words).translate(_WIDE), False)
    yield _Way("romaji begun", f"{words[0]} {words[-1][0]}", False)


def _typed(word: str) -> str:
    return re.sub("sh(?=[auo])", "sy", re.sub("ch(?=[auo])", "cy", word)).replace("fu", "hu")


def _company_ways(somebody: Somebody) -> Iterator[_Way]:
    company, written = somebody.company, somebody.named.company
    yield _Way("company as written", written, True)
    yield _Way("company bare", company, True)
    for form in ("株式会社", "㈱", "(株)", "（株）", "株式会社 "):
        yield _Way("company form before", form + company, False)
        yield _Way("company form after", company + form, False)
    if len(company) >= 4:
        yield _Way("company begun", company[: max(3, len(company) * 2 // 3)], True)
    yield _Way("company half", half_width(company), False)
    kana = re.match("[ぁ-んァ-ヶー]+", company)
    if kana and kana.group() == company.replace("・", ""):
        word = hiragana(kana.group())
        for style in ("wapuro", "hepburn", "kunrei"):
            yield _Way("company romaji", romaji(word, style), False)
    elif kana and len(kana.group()) >= 3:
        yield _Way("company romaji head", romaji(hiragana(kana.group()), "hepburn"), False)
    if company.isascii():
        yield _Way("company latin", company.lower(), False)
        yield _Way("company latin", company.upper().replace(" ", ""), False)
        yield _Way("company latin", company.translate(_WIDE), False)
        yield _Way("company word", company.split()[-1], False)


def _both_ways(somebody: Somebody) -> Iterator[_Way]:
    family = somebody.written[0]
    yield _Way("family and company", f"{family} {somebody.company}", True)
    yield _Way("company and family", f"{somebody.named.company} {family}", True)
    yield _Way("company and family, joined", f"{somebody.company}{family}", True)
    yield _Way("family of company", f"{somebody.company}の{family}さん", False)
    yield _Way("full and company", f"{''.join(somebody.written)} {somebody.company}", True)
    if somebody.spoken:
        yield _Way("kana and company", f"{somebody.spoken[0]} {somebody.company}", False)
        yield _Way("romaji and company", f"{romaji(somebody.spoken[0], 'hepburn')} {somebody.company}", False)


def _typos(
    people: Sequence[Somebody],
    ways: dict[int, list[_Way]],
    meant: dict[str, dict[int, bool]],
    chance: random.Random,
) -> Iterator[Query]:
    """One sign wrong, missing, doubled or swapped; whoever is one sign away by the same way is meant as well."""
    by_kind: dict[str, tuple[list[int], list[str]]] = defaultdict(lambda: ([], []))
    for person_id, found in ways.items():
        for way in found:
            by_kind[way.kind][0].append(person_id)
            by_kind[way.kind][1].append(_plain(way.text))
    for somebody in people:
        for kind, text in _to_mistype(somebody):
            typed = _mistyped(text, chance)
            ids, texts = by_kind[kind]
            near = process.extract(_plain(typed), texts, scorer=OSA.distance, score_cutoff=1, limit=None)
            right = {ids[place] for _, _, place in near} | set(meant.get(_plain(typed), ()))
            yield Query(f"typo {kind}", typed, frozenset(right | {somebody.named.id}))


def _to_mistype(somebody: Somebody) -> Iterator[tuple[str, str]]:
    """What a typo is made in: whatever is long enough that it can be told from chance."""
    if len("".join(somebody.written)) >= 4:
        yield "written full", "".join(somebody.written)
    if somebody.spoken:
        yield "kana full", "".join(somebody.spoken)
        if len(somebody.spoken[0]) >= 4:
            yield "kana family", somebody.spoken[0]
        for style in ("hepburn", "wapuro", "kunrei"):
            words = [romaji(word, style) for word in somebody.spoken]
            yield f"romaji {style} joined", "".join(words)
            yield f"romaji {style} full", " ".join(words)
            if len(words[0]) >= 6:
                yield f"romaji {style} family", words[0]
    if len(somebody.company) >= 5:
        yield "company bare", somebody.company
    if somebody.company and len(somebody.written[0]) >= 2:
        yield "full and company", f"{''.join(somebody.written)} {somebody.company}"


def _mistyped(text: str, chance: random.Random) -> str:
    """One sign changed, left out, doubled or swapped with its neighbour."""
    while True:
        place = chance.randrange(len(text))
        before, sign, after = text[:place], text[place], text[place + 1 :]
        match chance.randrange(4):
            case 0:
                typed = before + _another(sign, chance) + after
            case 1:
                typed = before + after
            case 2:
                typed = before + sign + sign + after
            case _:
                typed = before + after[:1] + sign + after[1:]
        if sign != " " and _plain(typed) != _plain(text):
            return typed


def _another(sign: str, chance: random.Random) -> str:
    if sign.isascii():
        return chance.choice("abcdefghijklmnopqrstuvwxyz")
    if "ぁ" <= sign <= "ヿ":
        return chance.choice(
            "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわん"
        )
    return chance.choice(_KANJI)
