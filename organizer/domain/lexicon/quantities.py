"""Sizes, ages, years, sales and lots that a text names, as ranges that can be held against one another."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from math import inf
from typing import Final


class Measure(Enum):
    """What a figure counts."""

    PEOPLE = "people"
    AGE = "age"
    YEARS = "years"
    """Since the company was founded."""
    SALES = "sales"
    """In yen a year."""
    SHOPS = "shops"
    LOT = "lot"
    """Pieces of one order."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A range of one measure, both ends included; `firm` where a limit is named and not only a size."""

    measure: Measure
    low: float
    high: float
    firm: bool


LARGE: Final = 300
"""From this many people on a size tells of another world: it is firm."""
MOST_A_HEAD: Final = 1e8
"""Yen a year that one person hardly sells."""
LEAST_A_HEAD: Final = 4e6
_FIGURE: Final = r"(?P<figure>\d[\d,.]*)(?P<unit>千万|百万|億|兆|万|千)?"
_LIMIT: Final = (
    r"(?:の(?:会社|小さな|町工場|方))?"
    r"(?P<limit>以上|以下|以内|未満|まで|より上|を超え|超|を過ぎ|過ぎ|を越え|規模|限定|だけ|のみ"
    r"|専門|専用|向け|から(?!し|来|やって)|前後|程度|くらい|ぐらい|ほど|弱|強|台)?"
)
_TO: Final = r"(?:(?P<first>\d[\d,]*)(?:人|名|代|歳|年|億円?|店舗?)?(?:から|[~〜\-–ー]))?"
_NOT_STAFF: Final = (
    r"(?!目|前|当|あた|も来|もい|しか来|辞|で暮|親方|称|刺|分|ほど辞|くらい辞|来|月に|に1|"
    r"採|応募|入っ|入れ|辞め|以上採|紹介|育て|会って|独り|乗り|ずつ|がかり|の子|の生徒|"
    r"の客)"
)
_PATTERNS: Final = (
    (Measure.PEOPLE, re.compile(_TO + _FIGURE + r"(?:人|名)" + _NOT_STAFF + _LIMIT)),
    (Measure.AGE, re.compile(_TO + r"(?P<figure>\d{2})(?P<decade>代|歳|才)" + _LIMIT)),
    (Measure.AGE, re.compile(
        r"(?<![\d年])(?P<figure>[3-9]\d)(?P<limit>を過ぎ|過ぎ|を越え|を超え)?(?=(?:て|た|"
        r"になっ|になり|に手が|で(?:起業|独立|社長|現役|会社|店|始め)|の手習い))")),
    (
        Measure.YEARS,
        re.compile(
            r"(?:創業|設立|開業|起業|独立|創立|会社を(?:始めて|作って|興して))(?:から|して|後|し|以来|が)?"
            + _TO + r"(?P<figure>\d+)(?:年目|周年|年)(?:の)?" + _LIMIT
        ),
    ),
    (Measure.SALES, re.compile(r"(?:年商|売上高?|年間売上)が?" + _TO + _FIGURE + r"円?(?:を)?" + _LIMIT)),
    (Measure.SHOPS, re.compile(_TO + r"(?P<figure>\d+)(?:店舗|店)(?!目|長)(?:の)?" + _LIMIT)),
    (Measure.LOT, re.compile(_FIGURE + (
        r"(?:個|本|枚|箱|部|冊|着|ケース|セット|ロット|食)(?!目|あた|当|社|上|限)"
    ) + _LIMIT)),
)  # fmt: skip
_UNITS: Final = {"千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "億": 1e8, "兆": 1e12}
_SAID: Final = (
    (Measure.PEOPLE, re.compile(
        "ひとり社長|ひとり親方|1人で(?:やって|営|経営|会社)|ひとりで(?:やって|営|会社)"
        "|私(?:1人|ひとり)|私だけ|(?:と|も)私だけ"
    ), 1, 3),
    (Measure.PEOPLE, re.compile("個人事業主|フリーランス|自営業|個人商店|個人店|マイクロ法人|ワンオペ"), 1, 5),
    (Measure.PEOPLE, re.compile(
        "夫婦(?:2人|ふたり|だけ)|家族(?:だけ|で(?:やって|営))|ふたりだけ"
        "|2人だけ|3人だけ|社員(?:は)?(?:いない|ゼロ|なし)"
    ), 1, 6),
    (Measure.PEOPLE, re.compile(
        "(?:おばちゃん|パート|事務員|社員|私|俺|わし|自分|妻)(?:1人|ひとり)(?!ひとり|1人)"
    ), 1, 6),
    (Measure.PEOPLE, re.compile("数人|2、3人|3、4人|4、5人|10人足らず|10人以下"), 1, 10),
    (Measure.PEOPLE, re.compile(
        "数百人|何百人|数千人|何千人|数万人|千人規模|全国チェーン|グローバル企業"
        "|一流企業|メガバンク"
    ), 300, inf),
    (Measure.PEOPLE, re.compile(
        "家族経営|家族だけで|小さな(?:会社|店|工場|事務所)|零細|小規模"
        "|小さい(?:会社|店)|町の(?:会社|小さな)|町工場向け"
    ), 1, 30),
    (Measure.PEOPLE, re.compile(
        "(?:大企業|大手企業|上場企業|上場会社|大手の(?:方|人|会社))(?!ではな|でな|じゃな|をやめ|を辞め|に2|から|以外|出身|に勤)"
        "|上場子会社|一部上場|東証|上場(?:して|した|企業)|大手(?:専門|のみ|限定|だけ|向け)"
    ), 300, inf),
    (Measure.PEOPLE, re.compile("大企業(?:ではな|でな|じゃな|以外)"), 1, 299),
    (Measure.YEARS, re.compile(
        "(?:創業|起業|開業|独立|設立)(?:した|し)?(?:ばかり|たて|まもな|間もな|直後)"
    ), 0, 3),
    (Measure.YEARS, re.compile("100年企業|老舗"), 50, inf),
    (Measure.AGE, re.compile("赤ちゃん|赤ん坊|乳幼児|園児|幼児|未就学|ベビー"), 0, 6),
    (Measure.AGE, re.compile("小学生|児童|小中学生|キッズ|子ども(?:向け|たち|の習)"), 4, 15),
    (Measure.AGE, re.compile("中学生"), 12, 15),
    (Measure.AGE, re.compile("高校生|高校在学"), 15, 18),
    (Measure.AGE, re.compile(
        "大学生|大学院生|学生(?:起業|代表|向け|団体|サークル|の)|新卒|卒業したて"
        "|新成人|専門学校生"
    ), 18, 25),
    (Measure.AGE, re.compile("アラサー"), 27, 33),
    (Measure.AGE, re.compile("アラフォー|ミドル"), 37, 49),
    (Measure.AGE, re.compile("アラフィフ|中高年"), 45, 64),
    (Measure.AGE, re.compile("還暦|アラ還"), 58, 64),
    (Measure.AGE, re.compile("古希|喜寿|傘寿|米寿|後期高齢"), 70, 99),
    (Measure.AGE, re.compile("z世代|ゆとり世代|平成生まれ"), 15, 37),
    (Measure.AGE, re.compile("団塊|昭和生まれ|昭和(?:1|2|3|10|20|30)年代"), 50, 99),
    (Measure.AGE, re.compile("(?:20|ハタチ|はたち)(?:歳)?そこそこ"), 18, 24),
    (Measure.AGE, re.compile(
        "シニア|シルバー|高齢(?:者|の方|に)|年配|定年(?:後|退職|した|を迎)"
        "|再雇用|年金暮らし|お年寄り|老後|隠居|老人"
    ), 60, 99),
    (Measure.AGE, re.compile(
        "若い(?:経営|社長|後継|方|人|会社|社員)|平均年齢が若|若手(?:経営|社長|の社長|の経営|$|に会|と)"
    ), 18, 42),
)  # fmt: skip
_OVER: Final = frozenset(("以上", "より上", "を超え", "超", "強", "を過ぎ", "過ぎ", "を越え", "から"))
_UNDER: Final = frozenset(("以下", "以内", "未満", "まで", "弱"))
_ABOUT: Final = frozenset(("前後", "程度", "くらい", "ぐらい", "ほど", "台", ""))


@lru_cache(maxsize=4096)
def amounts(folded: str) -> tuple[Amount, ...]:
    """Every amount that a folded text names, in order of measures."""
    named = [
        *_written(folded),
        *(Amount(measure, low, high, firm=True) for measure, said, low, high in _SAID if said.search(folded)),
    ]
    if not any(one.measure is Measure.PEOPLE for one in named):
        named += [implied for one in named for implied in _people_implied(one)]
    return tuple(named)


def _people_implied(one: Amount) -> Iterator[Amount]:
    """About how many people there must be for such sales or so many shops."""
    if one.measure is Measure.SALES:
        yield Amount(Measure.PEOPLE, one.low / MOST_A_HEAD, one.high / LEAST_A_HEAD, firm=True)
    if one.measure is Measure.SHOPS:
        yield Amount(Measure.PEOPLE, 2 * one.low, inf, firm=True)


def _written(folded: str) -> Iterator[Amount]:
    for measure, pattern in _PATTERNS:
        for found in pattern.finditer(folded):
            yield _amount(measure, found.groupdict())


def _amount(measure: Measure, found: dict[str, str | None]) -> Amount:
    unit = _UNITS.get(found.get("unit") or "", 1)
    figure = _number(found["figure"]) * unit
    first = _number(found["first"]) * unit if found.get("first") else figure
    last = figure + 9 if found.get("decade") == "代" else figure
    limit = found.get("limit") or ""
    if limit in _OVER:
        return Amount(measure, first, inf, firm=True)
    if limit in _UNDER:
        return Amount(measure, 0 if first == figure else first, last, firm=True)
    firm = limit not in _ABOUT or first != figure or (measure is Measure.PEOPLE and figure >= LARGE)
    return Amount(measure, first, last, firm)


def _number(written: str | None) -> float:
    digits = (written or "0").replace(",", "").rstrip(".")
    return float(digits) if digits.count(".") < 2 else 0.0


def agreement(asked: tuple[Amount, ...], said: tuple[Amount, ...]) -> float | None:
    """How well what is said lies in what is asked for: the worst of all measures in [0, 1], None if none is shared."""
    if not asked or not said:
        return None
    degrees = [
        max(_overlap(_widened(one), other) for one in asked if one.measure is measure for other in said
            if other.measure is measure)
        for measure in Measure
        if any(one.measure is measure for one in asked) and any(one.measure is measure for one in said)
    ]  # fmt: skip
    return min(degrees) if degrees else None


def _widened(asked: Amount) -> Amount:
    """A size named as an example stands for sizes around it, an age for a few years around it."""
    if asked.measure is Measure.AGE:
        return (
            asked
            if asked.high > asked.low
            else Amount(asked.measure, asked.low - 7, asked.high + 7, firm=True)
        )
    if asked.firm and asked.high > asked.low:
        return asked
    return Amount(asked.measure, asked.low * 0.4, asked.high * 2.5, firm=False)


def _overlap(asked: Amount, said: Amount) -> float:
    if said.low <= asked.high and asked.low <= said.high:
        return 1.0
    low, high = (said.low, asked.high) if said.low > asked.high else (asked.low, said.high)
    return 0.5 if high > 0 and low <= high * 1.25 else 0.0
