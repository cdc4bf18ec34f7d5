"""A profile in one line, as `words.relevance` reads it: trade／role／people／own words, of which any may be missing."""

from collections.abc import Iterable
from typing import Final

from organizer.domain.profiles import Challenge, Give, Profile
from organizer.domain.vocabulary import Industry, Role, SizeBand, Topic

BETWEEN: Final = "／"

_TRADES: Final = {
    Industry.AGRICULTURE_FORESTRY: "農業",
    Industry.FISHERIES: "漁業",
    Industry.MINING: "鉱業",
    Industry.CONSTRUCTION: "建設業",
    Industry.MANUFACTURING: "製造業",
    Industry.UTILITIES: "電力・ガス",
    Industry.INFORMATION: "情報通信業",
    Industry.TRANSPORT: "運送業",
    Industry.TRADE: "卸売・小売",
    Industry.FINANCE: "金融",
    Industry.REAL_ESTATE: "不動産",
    Industry.PROFESSIONAL: "専門サービス",
    Industry.LODGING_FOOD: "宿泊・飲食",
    Industry.LIVING_LEISURE: "生活サービス",
    Industry.EDUCATION: "教育",
    Industry.MEDICAL_WELFARE: "医療・福祉",
    Industry.COMPOUND_SERVICES: "協同組合",
    Industry.OTHER_SERVICES: "サービス業",
    Industry.GOVERNMENT: "役所",
}
_ROLES: Final = {
    Role.OWNER_PRESIDENT: "社長",
    Role.EXECUTIVE: "役員",
    Role.SUCCESSOR: "後継者",
    Role.SOLE_PROPRIETOR: "個人事業主",
    Role.PROFESSIONAL: "専門職",
    Role.MANAGER: "部長",
    Role.EMPLOYEE: "社員",
}


_TOPICS: Final = {
    Topic.HIRING: "採用",
    Topic.TRAINING: "人材育成",
    Topic.RETENTION: "社員の定着",
    Topic.LABOUR: "労務",
    Topic.LEADERSHIP: "組織づくり",
    Topic.SALES: "営業",
    Topic.NEW_CUSTOMERS: "新規開拓",
    Topic.PRICING: "値上げ",
    Topic.PR: "広報",
    Topic.BRANDING: "ブランドづくり",
    Topic.WEB: "ホームページ",
    Topic.SOCIAL_MEDIA: "SNS",
    Topic.DESIGN: "デザイン",
    Topic.IT: "ITシステム",
    Topic.DIGITAL: "デジタル化",
    Topic.AI: "生成AI",
    Topic.SECURITY: "情報セキュリティ",
    Topic.FINANCE: "融資",
    Topic.CASHFLOW: "資金繰り",
    Topic.SUBSIDIES: "補助金",
    Topic.TAX: "税務",
    Topic.LEGAL: "法務",
    Topic.INSURANCE: "保険",
    Topic.SUCCESSION: "事業承継",
    Topic.M_AND_A: "M&A",
    Topic.STRATEGY: "経営計画",
    Topic.NEW_BUSINESS: "新規事業",
    Topic.PRODUCT: "商品開発",
    Topic.PRODUCTION: "生産改善",
    Topic.QUALITY: "品質管理",
    Topic.LOGISTICS: "物流",
    Topic.PROCUREMENT: "仕入れ",
    Topic.OVERSEAS: "海外展開",
    Topic.REAL_ESTATE: "物件探し",
    Topic.SHOP: "店舗運営",
    Topic.ENVIRONMENT: "省エネ",
    Topic.HEALTH: "健康経営",
    Topic.MINDSET: "経営の悩み",
    Topic.COMMUNITY: "地域づくり",
}


def line_of(profile: Profile) -> str:
    """The profile in one line; what somebody wants from today is no part of what they are."""
    parts = (
        profile.industry_words or (_TRADES.get(profile.industry, "") if profile.industry else ""),
        _ROLES[profile.role] if profile.role is not None else "",
        _people(profile.size) if profile.size is not None else "",
        *(challenge_words(one) for one in profile.challenges),
        *(give_words(one) for one in profile.gives),
    )
    said = [part.replace(BETWEEN, "、").replace("/", "、") for part in parts if part]
    return BETWEEN.join(said) + (BETWEEN if len(said) == 1 else "")


def challenge_words(challenge: Challenge) -> str:
    """What somebody struggles with: in own words, else the words for its tags."""
    if challenge.words or not challenge.tags:
        return challenge.words
    return f"{_named(challenge.tags)}に困っています"


def give_words(give: Give) -> str:
    """What somebody can give: in own words, else the words for its tags."""
    if give.words or not give.tags:
        return give.words
    return f"{_named(give.tags)}の相談に乗れます"


def _named(topics: Iterable[Topic]) -> str:
    return "と".join(_TOPICS[topic] for topic in topics)


def _people(size: SizeBand) -> str:
    """A number of people in the middle of a band."""
    return f"{(size.low + (size.high or 2 * size.low)) // 2}名"
