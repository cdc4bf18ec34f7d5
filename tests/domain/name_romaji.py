"""Kana in Latin letters, in the ways in which people spell them; knows nothing of how the house folds names."""

import re
from typing import Final

_ROWS: Final = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ",
    "m": "まみむめも", "r": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だぢづでど", "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ",
}  # fmt: skip
_KUNREI: Final = {
    **{sign: row + vowel for row, signs in _ROWS.items() for sign, vowel in zip(signs, "aiueo", strict=True)},
    "や": "ya", "ゆ": "yu", "よ": "yo", "わ": "wa", "を": "o", "ん": "n", "ゔ": "vu", "ぢ": "zi", "づ": "zu",
    "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o", "ゐ": "i", "ゑ": "e",
}  # fmt: skip
_HEPBURN: Final = _KUNREI | {"し": "shi", "ち": "chi", "つ": "tsu", "ふ": "fu", "じ": "ji", "ぢ": "ji"}
_FOREIGN: Final = {
    "てぃ": "ti", "でぃ": "di", "ふぁ": "fa", "ふぃ": "fi", "ふぇ": "fe", "ふぉ": "fo", "うぃ": "wi", "うぇ": "we",
    "うぉ": "wo", "ゔぃ": "vi", "ゔぁ": "va", "ゔぇ": "ve", "ちぇ": "che", "じぇ": "je", "しぇ": "she", "とぅ": "tu",
}  # fmt: skip
_SMALL: Final = {"ゃ": "a", "ゅ": "u", "ょ": "o"}
STYLES: Final = ("wapuro", "hepburn", "macron", "oh", "doubled", "kunrei", "kunrei_bar", "nihon", "passport")


def romaji(kana: str, style: str) -> str:
    """One word of hiragana in a style.

    wapuro `ootani kouhei`, hepburn `otani kohei`, macron `ōtani kōhei`, oh `ohtani kohhei`, doubled `ootani koohei`,
    kunrei `ootani syouzi`, kunrei_bar `syôzi`, nihon `tuduki`, passport as hepburn with mb, mp, tch.
    """
    latin = _letters(kana, kunrei=style in ("kunrei", "kunrei_bar", "nihon"))
    if style == "nihon":
        latin = "".join(
            {"づ": "du", "ぢ": "di"}.get(sign, "") or _letters(sign, kunrei=True) for sign in kana
        )
        return latin if not re.search("[ゃゅょっー]", kana) else romaji(kana, "kunrei")
    if style == "passport":
        latin = re.sub("n(?=[bmp])", "m", latin).replace("cch", "tch")
    return _lengths(latin, style)


def _letters(kana: str, *, kunrei: bool) -> str:
    table = _KUNREI if kunrei else _HEPBURN
    latin = ""
    place = 0
    while place < len(kana):
        sign, after = kana[place], kana[place + 1 : place + 2]
        if sign + after in _FOREIGN:
            latin, place = latin + _FOREIGN[sign + after], place + 2
        elif after in _SMALL and after:
            stem = table[sign][:-1]
            glide = "" if stem in ("sh", "ch", "j") else "y"
            latin, place = latin + stem + glide + _SMALL[after], place + 2
        elif sign == "っ":
            following = _letters(kana[place + 1 :], kunrei=kunrei)
            return latin + following[:1] + following
        elif sign == "ー":
            latin, place = latin + latin[-1:], place + 1
        else:
            latin, place = latin + table.get(sign, sign), place + 1
    return latin


def _lengths(latin: str, style: str) -> str:
    """Long o and u in a style; other vowels stay as they are."""
    match style:
        case "hepburn" | "passport":
            return re.sub("ou|oo", "o", latin).replace("uu", "u")
        case "macron":
            return re.sub("ou|oo", "ō", latin).replace("uu", "ū")
        case "kunrei_bar":
            return re.sub("ou|oo", "ô", latin).replace("uu", "û")
        case "oh":
            return re.sub("(?:ou|oo)(?![aiueo])", "oh", latin).replace("uu", "u")
        case "doubled":
            return latin.replace("ou", "oo")
    return latin
