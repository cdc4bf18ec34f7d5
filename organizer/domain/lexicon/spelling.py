"""One spelling for all ways to write a text: width, case, everyday variants, figures in kanji."""

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import Final

_DIGITS: Final = {sign: value for value, sign in enumerate("〇一二三四五六七八九")}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}
_FIGURE: Final = re.compile(
    r"[〇一二三四五六七八九十百千]+(?=[年人名代割歳才店社回億万坪台件倍周期拠本個枚箱冊食着軒]|か月|ヶ月|カ月|店舗|世代"
    r"|パーセント|ケース|ロット|セット|を過ぎ|過ぎ|を越|を超|になっ|になり|そこそこ|で(?:起業|独立|社長|会社))"
)
_SPACES: Final = re.compile(r"[ \t\u3000]+")
_LONE_SPACE: Final = re.compile(r"(?<![\x21-\x7e]) | (?![\x21-\x7e])")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The text as it is compared: NFKC, lower case, one spelling, one space between Latin words and none elsewhere."""
    return folded_once(text)


def folded_once(text: str) -> str:
    """The same for a text that is not asked for again."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = _LONE_SPACE.sub("", _SPACES.sub(" ", folded).strip())
    pattern, variants = _spellings()
    folded = pattern.sub(lambda found: variants[found.group()], folded)
    return _FIGURE.sub(lambda found: str(_figure(found.group())), folded)


def _figure(kanji: str) -> int:
    """二十 is 20, 一九 is 19."""
    if not any(sign in _TENS for sign in kanji):
        return int("".join(str(_DIGITS[sign]) for sign in kanji))
    total, digit = 0, 0
    for sign in kanji:
        if sign in _TENS:
            total, digit = total + (digit or 1) * _TENS[sign], 0
        else:
            digit = _DIGITS[sign]
    return total + digit


@lru_cache(maxsize=1)
def _spellings() -> tuple[re.Pattern[str], dict[str, str]]:
    """The variants of spelling.txt, longest first in the pattern, and what each stands for."""
    text = files("organizer.domain.lexicon").joinpath("spelling.txt").read_text(encoding="utf-8")
    variants = parse_spellings(text)
    longest_first = sorted(variants, key=lambda variant: (-len(variant), variant))
    return re.compile("|".join(map(re.escape, longest_first))), variants


def parse_spellings(text: str) -> dict[str, str]:
    """From each variant to its spelling; ValueError names the line that cannot be read."""
    variants: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        spelling, colon, rest = line.partition(":")
        names = [name.strip() for name in rest.split("|")]
        if not colon or not all(names):
            raise ValueError(f"line {number}: expected 'spelling: variant | variant'")
        variants |= {unicodedata.normalize("NFKC", name).casefold(): spelling.strip() for name in names}
    return variants
