"""The controlled words of a profile: enums whose values are stable codes, fit to be stored.

A code is never given a second meaning. Adding, splitting or dropping one raises VOCABULARY_VERSION; stored
answers keep the version they were given under, and readers drop codes they do not know.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, TypeVar

VOCABULARY_VERSION: Final = 1

E = TypeVar("E", bound=StrEnum)


class Industry(StrEnum):
    """The twenty divisions of the Japan Standard Industrial Classification."""

    AGRICULTURE_FORESTRY = "A"
    FISHERIES = "B"
    MINING = "C"
    CONSTRUCTION = "D"
    MANUFACTURING = "E"
    UTILITIES = "F"
    INFORMATION = "G"
    TRANSPORT = "H"
    TRADE = "I"
    FINANCE = "J"
    REAL_ESTATE = "K"
    PROFESSIONAL = "L"
    LODGING_FOOD = "M"
    LIVING_LEISURE = "N"
    EDUCATION = "O"
    MEDICAL_WELFARE = "P"
    COMPOUND_SERVICES = "Q"
    OTHER_SERVICES = "R"
    GOVERNMENT = "S"
    UNCLASSIFIED = "T"


class SizeBand(StrEnum):
    """Employees as a band: a figure is never asked for."""

    ONE = "1"
    UP_TO_5 = "2-5"
    UP_TO_10 = "6-10"
    UP_TO_20 = "11-20"
    UP_TO_50 = "21-50"
    UP_TO_100 = "51-100"
    UP_TO_300 = "101-300"
    OVER_300 = "301-"

    @property
    def low(self) -> int:
        """The smallest number of people in the band."""
        return int(self.value.split("-")[0])

    @property
    def high(self) -> int | None:
        """The largest number of people in the band, None where it has no upper end."""
        last = self.value.split("-")[-1]
        return int(last) if last else None

    @property
    def rank(self) -> int:
        """Place in the order of sizes, 0 for the smallest: neighbours differ by one."""
        return list(SizeBand).index(self)


def bands_between(low: int, high: int | None) -> tuple[SizeBand, ...]:
    """The bands that overlap `low` to `high` people; high None means no upper end."""
    return tuple(
        band
        for band in SizeBand
        if (band.high is None or band.high >= low) and (high is None or band.low <= high)
    )


class Role(StrEnum):
    """What a person is in the company."""

    OWNER_PRESIDENT = "owner"
    EXECUTIVE = "executive"
    SUCCESSOR = "successor"
    SOLE_PROPRIETOR = "sole"
    PROFESSIONAL = "professional"
    MANAGER = "manager"
    EMPLOYEE = "employee"


class Authority(StrEnum):
    """How far a person decides for the company."""

    DECIDES = "decides"
    SHARES = "shares"
    PROPOSES = "proposes"
    NONE = "none"


class Area(StrEnum):
    """The eight parts of the country: prefectures of one part count as near."""

    HOKKAIDO = "hokkaido"
    TOHOKU = "tohoku"
    KANTO = "kanto"
    CHUBU = "chubu"
    KINKI = "kinki"
    CHUGOKU = "chugoku"
    SHIKOKU = "shikoku"
    KYUSHU = "kyushu"


class Region(StrEnum):
    """The 47 prefectures by their JIS codes."""

    HOKKAIDO = "01"
    AOMORI = "02"
    IWATE = "03"
    MIYAGI = "04"
    AKITA = "05"
    YAMAGATA = "06"
    FUKUSHIMA = "07"
    IBARAKI = "08"
    TOCHIGI = "09"
    GUNMA = "10"
    SAITAMA = "11"
    CHIBA = "12"
    TOKYO = "13"
    KANAGAWA = "14"
    NIIGATA = "15"
    TOYAMA = "16"
    ISHIKAWA = "17"
    FUKUI = "18"
    YAMANASHI = "19"
    NAGANO = "20"
    GIFU = "21"
    SHIZUOKA = "22"
    AICHI = "23"
    MIE = "24"
    SHIGA = "25"
    KYOTO = "26"
    OSAKA = "27"
    HYOGO = "28"
    NARA = "29"
    WAKAYAMA = "30"
    TOTTORI = "31"
    SHIMANE = "32"
    OKAYAMA = "33"
    HIROSHIMA = "34"
    YAMAGUCHI = "35"
    TOKUSHIMA = "36"
    KAGAWA = "37"
    EHIME = "38"
    KOCHI = "39"
    FUKUOKA = "40"
    SAGA = "41"
    NAGASAKI = "42"
    KUMAMOTO = "43"
    OITA = "44"
    MIYAZAKI = "45"
    KAGOSHIMA = "46"
    OKINAWA = "47"

    @property
    def area(self) -> Area:
        """The part of the country; JIS codes run from north to south, so limits suffice."""
        code = int(self.value)
        return next(area for last, area in _LAST_CODE_OF_AREA if code <= last)


_LAST_CODE_OF_AREA: Final = (
    (1, Area.HOKKAIDO),
    (7, Area.TOHOKU),
    (14, Area.KANTO),
    (23, Area.CHUBU),
    (30, Area.KINKI),
    (35, Area.CHUGOKU),
    (39, Area.SHIKOKU),
    (47, Area.KYUSHU),
)


class Topic(StrEnum):
    """What a challenge or a give is about: one list for both, so that they can meet."""

    HIRING = "hiring"
    TRAINING = "training"
    RETENTION = "retention"
    LABOUR = "labour"
    LEADERSHIP = "leadership"
    SALES = "sales"
    NEW_CUSTOMERS = "new_customers"
    PRICING = "pricing"
    PR = "pr"
    BRANDING = "branding"
    WEB = "web"
    SOCIAL_MEDIA = "social_media"
    DESIGN = "design"
    IT = "it"
    DIGITAL = "digital"
    AI = "ai"
    SECURITY = "security"
    FINANCE = "finance"
    CASHFLOW = "cashflow"
    SUBSIDIES = "subsidies"
    TAX = "tax"
    LEGAL = "legal"
    INSURANCE = "insurance"
    SUCCESSION = "succession"
    M_AND_A = "m_and_a"
    STRATEGY = "strategy"
    NEW_BUSINESS = "new_business"
    PRODUCT = "product"
    PRODUCTION = "production"
    QUALITY = "quality"
    LOGISTICS = "logistics"
    PROCUREMENT = "procurement"
    OVERSEAS = "overseas"
    REAL_ESTATE = "real_estate"
    SHOP = "shop"
    ENVIRONMENT = "environment"
    HEALTH = "health"
    MINDSET = "mindset"
    COMMUNITY = "community"


class GiveKind(StrEnum):
    """In what form a person helps."""

    INFORMATION = "information"
    EXPERIENCE = "experience"
    INTRODUCTION = "introduction"
    CONSULTATION = "consultation"
    RESOURCE = "resource"


class Value(StrEnum):
    """What a company holds dear."""

    SINCERITY = "sincerity"
    CUSTOMERS = "customers"
    PEOPLE = "people"
    COMMUNITY = "community"
    CRAFT = "craft"
    BOLDNESS = "boldness"
    INNOVATION = "innovation"
    LASTING = "lasting"
    LEARNING = "learning"
    GRATITUDE = "gratitude"
    FREEDOM = "freedom"
    SUSTAINABILITY = "sustainability"


class Intent(StrEnum):
    """What a person comes for."""

    LEARN = "learn"
    PARTNER = "partner"
    SELL = "sell"
    HIRE = "hire"
    BE_ADVISED = "be_advised"


class Horizon(StrEnum):
    """How far a goal reaches: this event, 3 to 6 months, a year and more."""

    SHORT = "short"
    MIDDLE = "middle"
    LONG = "long"


class EventKind(StrEnum):
    """What sort of meetup it is."""

    STUDY = "study"
    CROSS_INDUSTRY = "cross_industry"
    MORNING = "morning"
    LUNCH = "lunch"
    ONLINE = "online"


class SharingRule(StrEnum):
    """What may be told outside."""

    OPEN = "open"
    NO_NAMES = "no_names"
    STAYS_IN_ROOM = "stays_in_room"


class Attendance(StrEnum):
    """Whether a person has come to the circle before."""

    FIRST_TIMER = "first_timer"
    REGULAR = "regular"


class CriterionField(StrEnum):
    """What of a profile a criterion looks at."""

    INDUSTRY = "industry"
    SIZE = "size"
    ROLE = "role"
    AUTHORITY = "authority"
    REGION = "region"
    CHALLENGE = "challenge"
    GIVE = "give"
    ATTENDANCE = "attendance"
    INTENT = "intent"

    @property
    def words(self) -> type[StrEnum]:
        """The enum a criterion's values are codes of."""
        return _WORDS_OF_FIELD[self]


_WORDS_OF_FIELD: Final[dict[CriterionField, type[StrEnum]]] = {
    CriterionField.INDUSTRY: Industry,
    CriterionField.SIZE: SizeBand,
    CriterionField.ROLE: Role,
    CriterionField.AUTHORITY: Authority,
    CriterionField.REGION: Region,
    CriterionField.CHALLENGE: Topic,
    CriterionField.GIVE: Topic,
    CriterionField.ATTENDANCE: Attendance,
    CriterionField.INTENT: Intent,
}


class TypicalTarget(StrEnum):
    """Names of the target profiles a host can begin with."""

    DECISION_MAKERS = "decision_makers"
    SMALL_OWNERS = "small_owners"
    GROWING_COMPANIES = "growing_companies"
    SUCCESSORS = "successors"
    PROFESSIONALS = "professionals"
    PEOPLE_TO_LEARN_FROM = "people_to_learn_from"
    HIRING_STRUGGLES = "hiring_struggles"
    DIGITAL_NEWCOMERS = "digital_newcomers"
    PARTNER_SEEKERS = "partner_seekers"
    FIRST_TIMERS = "first_timers"
    REGULARS = "regulars"
    SELLERS_LIMIT = "sellers_limit"


def known(words: type[E], codes: Iterable[object]) -> tuple[E, ...]:
    """The members for `codes`, in their order, without repeats and without codes of another version."""
    members = (known_one(words, code) for code in codes)
    return tuple(dict.fromkeys(member for member in members if member is not None))


def known_one(words: type[E], code: object) -> E | None:
    """The member for `code`, or None where this version has none."""
    return words(code) if isinstance(code, str) and code in words._value2member_map_ else None
