"""What is known of how names are written and spelt: the tables behind folding, shared with the browser.

Patterns are written so that Python and a browser read them alike: no look-behind, classes spelt out.
`static/js/door/names-data.js` is made from here by `make names`.
"""

import json
import sys
from collections.abc import Mapping
from typing import Final

from organizer.domain.names_surnames import COMPANY_WORDS, SURNAMES

# Each group's first sign stands for all of it. What Unicode itself calls compatible is united by normalizing.
VARIANTS: Final = (
    "高髙 崎﨑嵜碕 辺邊邉 斉斎齋齊 沢澤 浜濱濵 桜櫻 広廣 国國 島嶋嶌 徳德 恵惠 真眞 寿壽 竜龍 滝瀧 円圓 関關 黒黑 "
    "吉𠮷 郷鄕 条條 蔵藏 栄榮 学學 会會 実實 豊豐 寛寬 曽曾 浅淺 静靜 縄繩 穂穗 万萬 与與 弥彌 礼禮 富冨 峰峯 "
    "館舘 桑桒 槙槇 桧檜 柳栁 淵渕渊 野埜 岳嶽 荘莊 総總 済濟 来來 亜亞 塩鹽 横橫 権權 猪豬 県縣 鉄鐵 芦蘆 梅楳 釈釋 "
    "渋澁 緑綠 薫薰 顕顯 巌巖 鶴靏靍 槌鎚 柏栢 杉椙 坂阪 草艸 秋穐 清淸 青靑 瀬瀨 巣巢 増增 従從 団團 図圖 応應 "
    "聡聰 満滿 検檢 芸藝 尭堯 遥遙 涼凉 奥奧 挙擧 暁曉 将將 頼賴 凛凜 晋晉 穣穰 郎郞 鴎鷗 蛍螢 剣劍劔 児兒 彦彥 衛衞 "
    "鶏鷄 瑶瑤 亘亙 慎愼 鎮鎭 伝傳 仏佛 弁辨辯瓣 対對 当當 点點 画畫 楽樂 歓歡 乗乘 収收 経經 継繼 続續 変變 恋戀 "
    "湾灣 読讀 駅驛 帯帶 双雙 糸絲 台臺 体體 医醫 号號 旧舊 覚覺 誉譽 気氣 帰歸 両兩 灯燈 称稱 証證 嬢孃 譲讓 醸釀 "
    "浄淨 数數 専專 戦戰 銭錢 禅禪 壮壯 装裝 属屬 弾彈 昼晝 庁廳 聴聽 稲稻 独獨 拝拜 麦麥 発發 姫姬 並竝 宝寶 薬藥 "
    "予豫 余餘 様樣 楼樓 亀龜 鴬鶯 侠俠 醤醬 薮藪 篭籠 莱萊 桝枡 売賣 労勞 写寫 竃竈 舗舖 萌萠 飲飮 歯齒 "
    "戸戶 陥陷 鯵鰺 祇祗 壷壺 諌諫 焔焰 噛嚙 掴摑 繋繫 蝉蟬 騨驒 箪簞 填塡 顛顚 祷禱 涛濤 嘘噓 菟莵 茎莖 径徑 騎驥"
)

LETTERS: Final = {
    "ß": "ss", "ς": "σ", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ŋ": "n",
    "ħ": "h", "ʼ": "", "ゕ": "か", "ゖ": "け", "ヷ": "ゔぁ", "ヸ": "ゔぃ", "ヹ": "ゔぇ", "ヺ": "ゔぉ",
}  # fmt: skip
"""Small letters and kana that normalizing leaves as they are; read after small letters are made, before hiragana."""

BARS: Final = "([ぁ-ゖー])[-‐‑‒–—―−~〜]+"
"""What is typed for ー after a kana."""

DROPPED: Final = (
    "[\\u0000-\\u002f\\u003a-\\u0040\\u005b-\\u0060\\u007b-\\u00bf\\u00d7\\u00f7\\u02b9-\\u036f\\u1ab0-\\u1aff"
    "\\u1dc0-\\u1dff\\u2000-\\u2bff\\u2e00-\\u2e7f\\u2ff0-\\u3004\\u3008-\\u3020\\u302a-\\u3030\\u3036\\u3037"
    "\\u303d-\\u3040\\u3097-\\u309c\\u30a0\\u30fb\\ud800-\\uf8ff\\ufe00-\\ufe6f\\ufeff\\uffe0-\\uffff"
    "\\U0001f000-\\U0001faff\\U000e0000-\\U000e01ef]+"
)
"""Spaces, punctuation, marks, signs of no script: no part of a folded name."""

WORD_BREAKS: Final = (
    "[\\u0009-\\u000d \\u00a0\\u1680\\u2000-\\u200b\\u2028\\u2029\\u202f\\u205f\\u3000・･,，、/／|｜]+"
)

EDGES: Final = f"^{WORD_BREAKS}|{WORD_BREAKS}$"

COMPANY_FORM: Final = (
    "(?:株式|有限|合同|合資|合名|相互)会社|(?:一般|公益)?(?:社団|財団)法人|特定非営利活動法人|npo法人|社会福祉法人"
    "|医療法人(?:社団|財団)?|(?:学校|宗教|独立行政)法人|(?:税理士|弁護士|弁理士|司法書士|行政書士|社会保険労務士)法人"
    "|(?:特許業務|監査)法人|(?:農業)?協同組合|[(〔\\[](?:株|有|合|同|資|名|一社|公社|一財|公財|特非|医|学|福|税|弁)[)〕\\]]"
)
COMPANY_WORD: Final = (
    "[ ,]+(?:co\\.?,? *ltd|k\\.? ?k|inc|corp|corporation|company|limited|ltd|llc|llp|gmbh|s\\.?a|pte\\.? *ltd)\\.? *$"
    "|(?:^| )(?:kabushiki|yugen|godo|goudou|yuugen) ?[kg]aisha(?: |$)"
)

LEGAL_WORDS: Final = (
    "inc co ltd llc llp kk corp corporation gmbh limited company pte plc sa sarl srl ag bv pty"
)

HONORIFIC: Final = (
    "([^ ]) ?(?:さん|さま|様|氏|先生|社長|会長|専務|常務|部長|課長|店長|所長|院長|代表取締役|代表|ちゃん|くん|君"
    "|殿|御中|[ -](?:san|sama|sensei|kun|chan|dono))$|^(?:mr|mrs|ms|miss|dr|prof)\\.? +"
)
"""How one is called; looked for in the normalized text. What stands before is put back."""

PARTING: Final = (
    "[.()\\[\\]{}<>〔〕【】「」『』〈〉《》]|(?:^| )(?:(?:代表)?取締役|執行役員|代表(?:社員|理事)?|理事長?|副?社長|会長"
    "|専務|常務|部長|課長|店長|所長|院長|ceo|coo|cto|cfo)+(?= |$)"
)
"""What parts the words on a card beside spaces: brackets, the dot of an initial, a title between company and name."""

KANA: Final = {
    "きゃ": "kya", "きゅ": "kyu", "きょ": "kyo", "しゃ": "sha", "しゅ": "shu", "しょ": "sho", "しぇ": "she",
    "ちゃ": "cha", "ちゅ": "chu", "ちょ": "cho", "ちぇ": "che", "にゃ": "nya", "にゅ": "nyu", "にょ": "nyo",
    "ひゃ": "hya", "ひゅ": "hyu", "ひょ": "hyo", "みゃ": "mya", "みゅ": "myu", "みょ": "myo", "りゃ": "rya",
    "りゅ": "ryu", "りょ": "ryo", "ぎゃ": "gya", "ぎゅ": "gyu", "ぎょ": "gyo", "じゃ": "ja", "じゅ": "ju",
    "じょ": "jo", "じぇ": "je", "ぢゃ": "ja", "ぢゅ": "ju", "ぢょ": "jo", "びゃ": "bya", "びゅ": "byu",
    "びょ": "byo", "ぴゃ": "pya", "ぴゅ": "pyu", "ぴょ": "pyo", "ふぁ": "fa", "ふぃ": "fi", "ふぇ": "fe",
    "ふぉ": "fo", "ふゅ": "fu", "ゔぁ": "ba", "ゔぃ": "bi", "ゔぇ": "be", "ゔぉ": "bo", "ゔゅ": "byu", "うぃ": "wi",
    "うぇ": "we", "うぉ": "o", "てぃ": "chi", "でぃ": "ji", "とぅ": "tsu", "どぅ": "zu", "てゅ": "chu", "でゅ": "ju",
    "つぁ": "tsa", "つぃ": "tsi", "つぇ": "tse", "つぉ": "tso", "くぁ": "kwa", "くぃ": "kwi", "くぇ": "kwe",
    "くぉ": "kwo", "ぐぁ": "gwa", "いぇ": "ie",
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
"""The sound of one or two hiragana."""

LARGE: Final = dict(zip("ぁぃぅぇぉっゃゅょゎ", "あいうえおつやゆよわ", strict=True))
"""The kana that are typed where small ones should be."""

SPELLINGS: Final = (
    ("l", "r"),
    ("v", "b"),
    ("ph", "f"),
    ("ck|q", "k"),
    ("c(?=[auo])", "k"),
    ("sh|sy(?=[auo])", "S"),
    ("ch|[ct]y(?=[auo])", "C"),
    ("(?:zy|jy|dy)(?=[auo])", "j"),
    ("si", "shi"),
    ("ti", "chi"),
    ("tu", "tsu"),
    ("hu", "fu"),
    ("zi|di", "ji"),
    ("dzu|du", "zu"),
    ("wo", "o"),
    ("S", "sh"),
    ("C", "ch"),
    ("tch", "cch"),
)
"""Kunrei, Nihon and everyday spellings of Latin letters, in the order in which they are brought to one."""

LENGTHS: Final = (("m(?=[bmp])", "n"), ("([ou])h(?![aiueo])", r"\1\1"), ("ou", "oo"))
"""The same for what kana need as well."""

KUNREI: Final = (
    ("shi", "si"),
    ("chi", "ti"),
    ("tsu", "tu"),
    ("fu", "hu"),
    ("ji", "zi"),
    ("sh", "sy"),
    ("ch", "ty"),
    ("j", "zy"),
)

ROUGHLY: Final = (
    ("iy(?=[auo])", "y"),
    ("tsu", "su"),
    ("(sh|ch|j)y", r"\1"),
    ("(sh|ch|j)ie", r"\1e"),
    ("fu(?=[aieo])", "f"),
    ("ei", "e"),
    ("ye", "e"),
    ("g", "k"),
    ("[zj]", "s"),
    ("d", "t"),
    ("[bpf]", "h"),
    ("sh", "s"),
    ("([a-z])\\1+", r"\1"),
)
"""What people mishear, misread or leave out: voicing, small kana, doubled letters; read after the short sound."""


def tables() -> Mapping[str, object]:
    """All of it by name, as the browser is told."""
    own = {name: value for name, value in globals().items() if name.isupper()}
    return own | {"SURNAMES": SURNAMES, "COMPANY_WORDS": COMPANY_WORDS}


def script() -> str:
    """The module of the browser, whole."""
    lines = ["/* Made from organizer/domain/names_data.py; not to be changed by hand. */", ""]
    for name, value in tables().items():
        lines.append(f"export const {name} = {json.dumps(value, ensure_ascii=False)};")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(script())
