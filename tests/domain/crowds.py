"""Rooms full of people who speak like people, and desks full of applications: the same ones for the same seed."""

from random import Random
from typing import Any

from organizer.domain.fit import History
from organizer.domain.profiles import Challenge, Criterion, Give, Profile, TargetProfile, Wish
from organizer.domain.vocabulary import (
    Attendance,
    Authority,
    CriterionField,
    GiveKind,
    Industry,
    Intent,
    Region,
    Role,
    SizeBand,
    Topic,
    Value,
)

Pair = tuple[int, int]

_TRADES = (
    (Industry.MANUFACTURING, "金属加工"),
    (Industry.MANUFACTURING, "食品製造"),
    (Industry.CONSTRUCTION, "住宅リフォーム"),
    (Industry.TRADE, "食材の卸"),
    (Industry.INFORMATION, "受託開発"),
    (Industry.INFORMATION, "ウェブ制作"),
    (Industry.TRANSPORT, "地場の運送"),
    (Industry.LODGING_FOOD, "居酒屋三店"),
    (Industry.PROFESSIONAL, "税理士事務所"),
    (Industry.PROFESSIONAL, "デザイン事務所"),
    (Industry.FINANCE, "信用金庫"),
    (Industry.MEDICAL_WELFARE, "訪問介護"),
    (Industry.EDUCATION, "学習塾"),
    (Industry.REAL_ESTATE, "不動産管理"),
    (Industry.LIVING_LEISURE, "美容室"),
)
_GIVES = (
    ("採用広報の経験を話せます", Topic.HIRING),
    ("高校の先生とのつながりをご紹介します", Topic.HIRING),
    ("決算書の読み方をお教えします", Topic.FINANCE),
    ("信用金庫で融資審査をしていました", Topic.CASHFLOW),
    ("補助金の申請書を見ます", Topic.SUBSIDIES),
    ("事業承継を終えたばかりの経験", Topic.SUCCESSION),
    ("ECの立ち上げをしました", Topic.WEB),
    ("工場の見える化を自社でやりました", Topic.PRODUCTION),
    ("値上げ交渉の進め方", Topic.PRICING),
    ("管理職研修の講師ができます", Topic.TRAINING),
    ("海外販路のつてがあります", Topic.OVERSEAS),
    ("試作品を一個から作ります", Topic.PRODUCT),
    ("飲食店の内装をします", None),
    ("会社案内やロゴのデザイン", Topic.DESIGN),
    ("就業規則の見直しを手伝えます", Topic.LABOUR),
    ("倉庫の空きスペースをお貸しできます", Topic.LOGISTICS),
    ("生成AIで事務を減らした話", Topic.AI),
    ("取引先の社長をご紹介できます", Topic.NEW_CUSTOMERS),
)
_NEEDS = (
    ("人が採れない", Topic.HIRING),
    ("若手がすぐ辞めてしまう", Topic.RETENTION),
    ("給料日が来るのが怖い", Topic.CASHFLOW),
    ("値上げを言い出せない", Topic.PRICING),
    ("跡継ぎが決まらない", Topic.SUCCESSION),
    ("下請けから抜け出したい", Topic.NEW_CUSTOMERS),
    ("紙とファックスが減らない", Topic.DIGITAL),
    ("教わる暇がないと言われる", Topic.TRAINING),
    ("不良率が下がらない", Topic.QUALITY),
    ("段取り替えに時間がかかる", Topic.PRODUCTION),
    ("知ってもらえない", Topic.PR),
    ("営業できる人がいない", Topic.SALES),
    ("次の事業の柱がほしい", Topic.NEW_BUSINESS),
    ("幹部が育たない", Topic.LEADERSHIP),
    ("相談できる相手がいない", Topic.MINDSET),
    ("配送費が上がって苦しい", Topic.LOGISTICS),
)
_WISHES = (
    Wish("製造業の社長で採用に困っている方"),
    Wish("同じくらいの規模の経営者", sizes=(SizeBand.UP_TO_20, SizeBand.UP_TO_50)),
    Wish("", industries=(Industry.LODGING_FOOD, Industry.TRADE)),
    Wish("事業承継を経験した方", topics=(Topic.SUCCESSION,)),
    Wish("銀行や信用金庫の方", industries=(Industry.FINANCE,)),
    Wish("", roles=(Role.OWNER_PRESIDENT, Role.EXECUTIVE), topics=(Topic.NEW_CUSTOMERS,)),
    Wish("士業の先生", roles=(Role.PROFESSIONAL,)),
    Wish("現場の改善を続けている工場の方", industries=(Industry.MANUFACTURING,)),
    Wish("デジタル化で苦労した話を聞かせてくれる方", topics=(Topic.DIGITAL,)),
    Wish("地元で長く商売をしている方"),
)
_TODAYS = (
    "採用のヒントを一つ持ち帰る",
    "試作を頼める会社を見つけたい",
    "値上げの話を誰かとしたい",
    "新しいお客さまの入口",
    "",
    "",
)
_OPENINGS = ("", "うちは", "正直、", "去年から", "地元で", "十年来、", "いま", "この春から")


def crowd(seed: int, people: int = 60) -> list[Profile]:
    """The people of a room, ids from 1 on; hardly two of them say anything in quite the same words."""
    chance = Random(seed)
    return [_person(chance, id_) for id_ in range(1, people + 1)]


def histories(seed: int, people: int = 60, share: float = 0.1) -> dict[Pair, History]:
    """What some of the pairs of a room have behind them."""
    chance = Random(seed)
    pairs = [(a, b) for a in range(1, people + 1) for b in range(a + 1, people + 1)]
    return {
        pair: History(
            chance.randint(0, 3), chance.randint(0, 2), chance.random() < 0.4, chance.random() < 0.2
        )
        for pair in pairs
        if chance.random() < share
    }


def desk(
    seed: int, applications: int = 200, targets: int = 8, capacity: int = 60
) -> tuple[list[Profile], list[TargetProfile], int, list[Profile]]:
    """Applications, target profiles, seats and people already admitted of one event.

    The targets overlap, compete for the same people and mostly cannot all be filled: two of them are limits.
    """
    chance = Random(seed)
    everybody = crowd(seed, applications + 8)
    wanted = [_target(chance, id_) for id_ in range(1, targets - 1)]
    sells = Criterion(CriterionField.INTENT, (Intent.SELL.value,), must=True)
    wanted.append(TargetProfile(targets - 1, "営業目的", (sells,), ceiling=3, is_ceiling=True))
    wanted.append(
        TargetProfile(targets, "士業", (_criterion(chance, CriterionField.ROLE),), ceiling=9, is_ceiling=True)
    )
    return everybody[8:], wanted, capacity, everybody[:8]


def awkward_desk(
    seed: int, applications: int = 200, targets: int = 8
) -> tuple[list[Profile], list[TargetProfile], int, list[Profile]]:
    """The same made as hard as hosts can: everybody fits nearly everything, floors ask for more than there are seats.

    Half of the targets are limits that cross one another and leave few alike.
    """
    chance = Random(seed)
    everybody = crowd(seed, applications + 24)
    wanted: list[TargetProfile] = []
    for id_ in range(1, targets + 1):
        is_ceiling = id_ % 2 == 0
        field = chance.choice((CriterionField.ROLE, CriterionField.SIZE, CriterionField.INTENT))
        members = chance.sample(list(field.words), chance.randint(2, 4))
        criterion = Criterion(field, tuple(member.value for member in members), must=chance.random() < 0.2)
        low = 0 if is_ceiling else chance.randint(5, 15)
        high = chance.randint(4, 14) if is_ceiling else low + chance.randint(0, 3)
        wanted.append(
            TargetProfile(id_, f"枠{id_}", (criterion,), low, high, chance.randint(1, 3), is_ceiling)
        )
    return everybody[24:], wanted, chance.randint(40, 70), everybody[:24]


def _person(chance: Random, id_: int) -> Profile:
    industry, words = chance.choice(_TRADES)
    return Profile(
        id=id_,
        industry=industry,
        industry_words=words,
        size=_maybe(chance, SizeBand),
        role=chance.choice([Role.OWNER_PRESIDENT, *Role]),
        authority=_maybe(chance, Authority),
        region=_maybe(chance, [Region.TOKYO, Region.KANAGAWA, Region.SAITAMA]),
        founded_year=chance.choice([None, chance.randint(1900, 2026)]),
        values=tuple(chance.sample(list(Value), chance.randint(0, 3))),
        challenges=tuple(_need(chance) for _ in range(chance.randint(1, 3))),
        gives=tuple(_give(chance) for _ in range(3)),
        wish=_wish(chance),
        serve=_wish(chance) if chance.random() < 0.5 else Wish(),
        intents=tuple(chance.sample(list(Intent), chance.randint(0, 2))),
        company=f"会社{id_ // 2}" if chance.random() < 0.1 else f"単独{id_}",
        first_timer=chance.random() < 0.5,
        today=_said(chance, chance.choice(_TODAYS)),
    )


def _need(chance: Random) -> Challenge:
    words, topic = chance.choice(_NEEDS)
    return Challenge(_said(chance, words), (topic,) if chance.random() < 0.6 else ())


def _give(chance: Random) -> Give:
    words, topic = chance.choice(_GIVES)
    tags = (topic,) if topic is not None and chance.random() < 0.6 else ()
    return Give(chance.choice(list(GiveKind)), _said(chance, words), tags)


def _wish(chance: Random) -> Wish:
    chosen = chance.choice(_WISHES)
    words = _said(chance, chosen.words)
    return Wish(words, chosen.industries, chosen.sizes, chosen.roles, chosen.topics)


def _said(chance: Random, words: str) -> str:
    """The words as one of many people would begin them."""
    number = chance.randint(2, 60)
    ending = chance.choice(["", f"({number}名です)", f"。{number}年目です", "。よろしくお願いします"])
    return f"{chance.choice(_OPENINGS)}{words}{ending}" if words else ""


def _maybe(chance: Random, members: Any) -> Any:
    return chance.choice([None, *members, *members])


def _target(chance: Random, id_: int) -> TargetProfile:
    fields = chance.sample(list(CriterionField), chance.randint(1, 3))
    floor = chance.randint(0, 12)
    ceiling = chance.choice([None, floor + chance.randint(0, 6)])
    criteria = tuple(_criterion(chance, field) for field in fields)
    return TargetProfile(id_, f"枠{id_}", criteria, floor, ceiling, chance.randint(1, 5))


def _criterion(chance: Random, field: CriterionField) -> Criterion:
    members = [Attendance.FIRST_TIMER] if field is CriterionField.ATTENDANCE else list(field.words)
    values = chance.sample(members, min(len(members), chance.randint(1, 4)))
    return Criterion(field, tuple(value.value for value in values), chance.random() < 0.4)
