"""Japanese names made comparable: one form for widths, kana, variant kanji and company forms, one key for sound."""

import re
import unicodedata

# Each group's first sign stands for all of it. What Unicode itself calls compatible is united by normalizing.
_VARIANTS = (
    "高髙 崎﨑嵜碕 辺邊邉 斉斎齋齊 沢澤 浜濱濵 桜櫻 広廣 国國 島嶋嶌 徳德 恵惠 真眞 寿壽 竜龍 滝瀧 円圓 関關 黒黑 "
    "吉𠮷 郷鄕 条條 蔵藏 栄榮 学學 会會 実實 豊豐 寛寬 曽曾 浅淺 静靜 縄繩 穂穗 万萬 与與 弥彌 礼禮 戸戶 富冨 峰峯 "
    "館舘 桑桒 槙槇 桧檜 柳栁 淵渕渊 野埜 岳嶽 荘莊 総總 済濟 来來 亜亞 塩鹽 横橫 権權 猪豬 県縣 鉄鐵 芦蘆 梅楳 釈釋 "
    "渋澁 緑綠 薫薰 顕顯 巌巖 鶴靏靍 槌鎚 柏栢 杉椙 坂阪 草艸 秋穐 清淸 青靑 瀬瀨 巣巢 増增 従從 団團 図圖 応應 "
    "聡聰 満滿 検檢 芸藝 尭堯 遥遙 涼凉 奥奧 挙擧 暁曉 将將 頼賴"
)
_VARIANT_OF = {ord(sign): group[0] for group in _VARIANTS.split() for sign in group[1:]}
_COMPANY_FORM = re.compile(
    "(?:株式|有限|合同|合資|合名|相互)会社|(?:一般|公益)?(?:社団|財団)法人|特定非営利活動法人|npo法人|社会福祉法人"
    "|医療法人(?:社団|財団)?|(?:学校|宗教|独立行政)法人|(?:税理士|弁護士|弁理士|司法書士|行政書士|社会保険労務士)法人"
    "|(?:特許業務|監査)法人|(?:農業)?協同組合|[(](?:株|有|合|同|資|名|一社|公社|一財|公財|特非|医|学|福|税|弁)[)]"
)
_COMPANY_WORD = re.compile(
    r"[\s,]+(?:co\.?,?\s*ltd|k\.?k|inc|corp|corporation|company|ltd|llc|gmbh)\.?\s*$|\bkabushiki\s*[kg]aisha\b"
)

_KANA = {
    "きゃ": "kya", "きゅ": "kyu", "きょ": "kyo", "しゃ": "sha", "しゅ": "shu", "しょ": "sho", "しぇ": "she",
    "ちゃ": "cha", "ちゅ": "chu", "ちょ": "cho", "ちぇ": "che", "にゃ": "nya", "にゅ": "nyu", "にょ": "nyo",
    "ひゃ": "hya", "ひゅ": "hyu", "ひょ": "hyo", "みゃ": "mya", "みゅ": "myu", "みょ": "myo", "りゃ": "rya",
    "りゅ": "ryu", "りょ": "ryo", "ぎゃ": "gya", "ぎゅ": "gyu", "ぎょ": "gyo", "じゃ": "ja", "じゅ": "ju",
    "じょ": "jo", "じぇ": "je", "ぢゃ": "ja", "ぢゅ": "ju", "ぢょ": "jo", "びゃ": "bya", "びゅ": "byu",
    "びょ": "byo", "ぴゃ": "pya", "ぴゅ": "pyu", "ぴょ": "pyo", "ふぁ": "fa", "ふぃ": "fi", "ふぇ": "fe",
    "ふぉ": "fo", "ゔぁ": "ba", "ゔぃ": "bi", "ゔぇ": "be", "ゔぉ": "bo", "うぃ": "wi", "うぇ": "we", "うぉ": "o",
    "てぃ": "chi", "でぃ": "ji", "とぅ": "tsu", "どぅ": "zu",
    "あ": "a", "い": "i", "う": "u", "え": "e", "お": "o", "か": "ka", "き": "ki", "く": "ku", "け": "ke",
    "こ": "ko", "さ": "sa", "し": "shi", "す": "su", "せ": "se", "そ": "so", "た": "ta", "ち": "chi", "つ": "tsu",
    "て": "te", "と": "to", "な": "na", "に": "ni", "ぬ": "nu", "ね": "ne", "の": "no", "は": "ha", "ひ": "hi",
    "ふ": "fu", "へ": "he", "ほ": "ho", "ま": "ma", "み": "mi", "む": "mu", "め": "me", "も": "mo", "や": "ya",
    "ゆ": "yu", "よ": "yo", "ら": "ra", "り": "ri", "る": "ru", "れ": "re", "ろ": "ro", "わ": "wa", "ゐ": "i",
    "ゑ": "e", "を": "o", "ん": "n", "が": "ga", "ぎ": "gi", "ぐ": "gu", "げ": "ge", "ご": "go", "ざ": "za",
    "じ": "ji", "ず": "zu", "ぜ": "ze", "ぞ": "zo", "だ": "da", "ぢ": "ji", "づ": "zu", "で": "de", "ど": "do",
    "ば": "ba", "び": "bi", "ぶ": "bu", "べ": "be", "ぼ": "bo", "ぱ": "pa", "ぴ": "pi", "ぷ": "pu", "ぺ": "pe",
    "ぽ": "po", "ゔ": "bu", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o", "ゃ": "ya", "ゅ": "yu", "ょ": "yo",
    "ゎ": "wa",
}  # fmt: skip
_KANA_SOUND = re.compile("|".join(sorted(_KANA, key=len, reverse=True)))
_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_SMALL_KE = {ord("ゕ"): "か", ord("ゖ"): "け"}
_LONG = re.compile(r"(?<=[ぁ-ゖー])[-‐‑–—―−~〜]")
_REPEATED = re.compile(r"(.)々")
_LATIN = re.compile(r"[a-z]")
_ACCENTED = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
_SEPARATORS = re.compile(r"[^\w]|_")

# Kunrei, Nihon and everyday spellings, in the order in which they are brought to one; the last two are what kana
# need as well.
_SPELLINGS = tuple(
    (re.compile(pattern), spelling)
    for pattern, spelling in (
        (r"l", "r"),
        (r"v", "b"),
        (r"[sc]y([auo])", r"SH\1"),
        (r"ty([auo])", r"ch\1"),
        (r"(?:zy|jy|dy)([auo])", r"j\1"),
        (r"si", "shi"),
        (r"ti", "chi"),
        (r"tu", "tsu"),
        (r"(?<![sc])hu", "fu"),
        (r"zi|di", "ji"),
        (r"dzu|du", "zu"),
        (r"wo", "o"),
        (r"tch", "cch"),
        (r"m(?=[bmp])", "n"),
        (r"([ou])h(?![aiueo])", r"\1\1"),
        (r"ou", "oo"),
    )
)
_DOUBLED = re.compile(r"([aiueon])\1+")
_VOWEL_BEFORE_BAR = re.compile(r"([aiueo])ー+")
_SOKUON = re.compile(r"っ+([a-z])")


def fold(text: str) -> str:
    """One form of a name for all ways to write it: width, case, kana, variant kanji; spaces and marks are dropped."""
    return _SEPARATORS.sub("", _without_accents(_base(text)))


def fold_company(text: str) -> str:
    """The folded name of a company without its legal form (株式会社, ㈱, Co., Ltd.), unless that is all there is."""
    return fold(_bare_company(text)) or fold(text)


def words_of(text: str) -> list[str]:
    """The parts of a name that spaces or middle dots keep apart, as they were written."""
    return [word for word in re.split(r"[\s・･,，、]+", text) if fold(word)]


def sound(text: str) -> str:
    """How a name sounds, in one Latin spelling with long vowels doubled; kanji, which have no one sound, stay.

    たかはし, takahashi and TAKAHASI agree; so do おおの, ohno, oono and ōno, but not おの.
    """
    written = _with_long_vowels(_base(text))
    spelt = _KANA_SOUND.sub(lambda kana: _KANA[kana.group()], written)
    spelt = _SOKUON.sub(r"\1\1", spelt).replace("っ", "")
    spelt = _VOWEL_BEFORE_BAR.sub(r"\1\1", spelt)
    spelt = _SEPARATORS.sub("", spelt).replace("ー", "")
    for pattern, spelling in _SPELLINGS if _LATIN.search(written) else _SPELLINGS[-2:]:
        spelt = pattern.sub(spelling, spelt)
    return spelt.lower()


def company_sound(text: str) -> str:
    """How a company's name sounds, without its legal form."""
    return sound(_bare_company(text)) or sound(text)


def short_sound(sound: str) -> str:
    """A sound without the length of its vowels and of ん, which people leave out: おおの and おの agree."""
    return _DOUBLED.sub(r"\1", sound)


def has_kanji(text: str) -> bool:
    """Whether a folded text holds signs that have no one sound."""
    return any(sign > "ヿ" for sign in text)


def is_kana(text: str) -> bool:
    """Whether a folded text is kana throughout."""
    return bool(text) and all("ぁ" <= sign <= "ヿ" for sign in text)


def _base(text: str) -> str:
    """The text in one width and case, with hiragana for katakana and one kanji for all its variants."""
    narrow = unicodedata.normalize("NFKC", text).casefold().translate(_VARIANT_OF)
    plain = narrow.translate(_HIRAGANA).translate(_SMALL_KE)
    return _REPEATED.sub(r"\1\1", _LONG.sub("ー", plain))


def _bare_company(text: str) -> str:
    narrow = unicodedata.normalize("NFKC", text).casefold().translate(_VARIANT_OF)
    return _COMPANY_WORD.sub(" ", _COMPANY_FORM.sub(" ", narrow))


def _without_accents(text: str) -> str:
    """Latin letters without their marks. Voiced kana keep theirs: they are put together again."""
    if not _ACCENTED.search(text):
        return text
    bare = (sign for sign in unicodedata.normalize("NFD", text) if not "\u0300" <= sign <= "\u036f")
    return unicodedata.normalize("NFC", "".join(bare))


def _with_long_vowels(text: str) -> str:
    """Latin letters without their marks, the vowel doubled where the mark was a bar or a circumflex."""
    if not _ACCENTED.search(text):
        return text
    apart = re.sub("([aiueo])[\u0302\u0304]", r"\1\1", unicodedata.normalize("NFD", text))
    return _without_accents(apart)
