"""The shapes every solver speaks: a person's profile, a wish, and a target profile of a host.

All are frozen, and round-trip through plain JSON data. What a person said in confidence is in none of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

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
    known,
    known_one,
)

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Give:
    """Something a person can offer, in a kind, own words and tags."""

    kind: GiveKind
    words: str = ""
    tags: tuple[Topic, ...] = ()

    def to_data(self) -> Data:
        """Plain data, fit for JSON."""
        return {"kind": self.kind.value, "words": self.words, "tags": _codes(self.tags)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The give that `to_data` wrote; a kind no longer known becomes INFORMATION."""
        kind = known_one(GiveKind, data.get("kind")) or GiveKind.INFORMATION
        return cls(kind, _text(data, "words"), known(Topic, _list(data, "tags")))


@dataclass(frozen=True, slots=True)
class Challenge:
    """Something a person struggles with, in own words and tags."""

    words: str = ""
    tags: tuple[Topic, ...] = ()

    def to_data(self) -> Data:
        """Plain data, fit for JSON."""
        return {"words": self.words, "tags": _codes(self.tags)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The challenge that `to_data` wrote."""
        return cls(_text(data, "words"), known(Topic, _list(data, "tags")))


@dataclass(frozen=True, slots=True)
class Wish:
    """A kind of person: whom somebody wants to meet, or can serve best. Empty fields ask for nothing."""

    words: str = ""
    industries: tuple[Industry, ...] = ()
    sizes: tuple[SizeBand, ...] = ()
    roles: tuple[Role, ...] = ()
    topics: tuple[Topic, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.industries or self.sizes or self.roles or self.topics)

    def to_data(self) -> Data:
        """Plain data, fit for JSON."""
        return {
            "words": self.words,
            "industries": _codes(self.industries),
            "sizes": _codes(self.sizes),
            "roles": _codes(self.roles),
            "topics": _codes(self.topics),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The wish that `to_data` wrote."""
        return cls(
            _text(data, "words"),
            known(Industry, _list(data, "industries")),
            known(SizeBand, _list(data, "sizes")),
            known(Role, _list(data, "roles")),
            known(Topic, _list(data, "topics")),
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person says of themself for one event. None and empty mean: not said.

    Reasons point into `gives` and `challenges` by index, so their order is part of the data.
    """

    id: int
    industry: Industry | None = None
    industry_words: str = ""
    size: SizeBand | None = None
    role: Role | None = None
    authority: Authority | None = None
    region: Region | None = None
    founded_year: int | None = None
    values: tuple[Value, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    gives: tuple[Give, ...] = ()
    wish: Wish = Wish()
    """Whom I want to meet."""
    serve: Wish = Wish()
    """Whom I can serve best."""
    intents: tuple[Intent, ...] = ()
    company: str = ""
    """A folded key: two profiles with the same one, not empty, are colleagues."""
    first_timer: bool | None = None
    today: str = ""
    """What I want from this event, in own words."""

    @property
    def attendance(self) -> Attendance | None:
        """First-timer or regular, None where it is not known."""
        if self.first_timer is None:
            return None
        return Attendance.FIRST_TIMER if self.first_timer else Attendance.REGULAR

    @property
    def challenge_topics(self) -> tuple[Topic, ...]:
        """The tags of all challenges, without repeats, in their order."""
        return tuple(dict.fromkeys(tag for challenge in self.challenges for tag in challenge.tags))

    @property
    def give_topics(self) -> tuple[Topic, ...]:
        """The tags of all gives, without repeats, in their order."""
        return tuple(dict.fromkeys(tag for give in self.gives for tag in give.tags))

    def to_data(self) -> Data:
        """Plain data, fit for JSON."""
        return {
            "id": self.id,
            "industry": _code(self.industry),
            "industry_words": self.industry_words,
            "size": _code(self.size),
            "role": _code(self.role),
            "authority": _code(self.authority),
            "region": _code(self.region),
            "founded_year": self.founded_year,
            "values": _codes(self.values),
            "challenges": [challenge.to_data() for challenge in self.challenges],
            "gives": [give.to_data() for give in self.gives],
            "wish": self.wish.to_data(),
            "serve": self.serve.to_data(),
            "intents": _codes(self.intents),
            "company": self.company,
            "first_timer": self.first_timer,
            "today": self.today,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The profile that `to_data` wrote, also under an older vocabulary: unknown codes are dropped."""
        return cls(
            id=int(data["id"]),
            industry=known_one(Industry, data.get("industry")),
            industry_words=_text(data, "industry_words"),
            size=known_one(SizeBand, data.get("size")),
            role=known_one(Role, data.get("role")),
            authority=known_one(Authority, data.get("authority")),
            region=known_one(Region, data.get("region")),
            founded_year=data.get("founded_year"),
            values=known(Value, _list(data, "values")),
            challenges=tuple(Challenge.from_data(item) for item in _list(data, "challenges")),
            gives=tuple(Give.from_data(item) for item in _list(data, "gives")),
            wish=Wish.from_data(data.get("wish") or {}),
            serve=Wish.from_data(data.get("serve") or {}),
            intents=known(Intent, _list(data, "intents")),
            company=_text(data, "company"),
            first_timer=data.get("first_timer"),
            today=_text(data, "today"),
        )


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing a host looks for: any of `values` (codes of `field.words`), as a must or a wish."""

    field: CriterionField
    values: tuple[str, ...]
    must: bool = False

    def to_data(self) -> Data:
        """Plain data, fit for JSON."""
        return {"field": self.field.value, "values": [str(value) for value in self.values], "must": self.must}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self | None:
        """The criterion that `to_data` wrote, or None where nothing of it is known any more."""
        field = known_one(CriterionField, data.get("field"))
        values = known(field.words, _list(data, "values")) if field else ()
        if field is None or not values:
            return None
        return cls(field, tuple(value.value for value in values), bool(data.get("must")))


@dataclass(frozen=True, slots=True)
class TargetProfile:
    """One kind of attendee, with the seats meant for it.

    An ordinary target counts the registrations assigned to it, from `floor` to `ceiling` (None: no limit).
    With `is_ceiling` nobody is assigned to it: it limits how many in the room meet all its criteria, whatever
    target they are counted in. A limit without criteria limits nobody.
    """

    id: int
    name: str
    criteria: tuple[Criterion, ...] = ()
    floor: int = 0
    ceiling: int | None = None
    weight: int = 1
    """1 (nice to have) to 5 (what the evening is for)."""
    is_ceiling: bool = False

    def to_data(self) -> Data:
        """Plain data, fit for JSON."""
        return {
            "id": self.id,
            "name": str(self.name),
            "criteria": [criterion.to_data() for criterion in self.criteria],
            "floor": self.floor,
            "ceiling": self.ceiling,
            "weight": self.weight,
            "is_ceiling": self.is_ceiling,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The target profile that `to_data` wrote; criteria that are no longer known are dropped."""
        criteria = (Criterion.from_data(item) for item in _list(data, "criteria"))
        return cls(
            id=int(data["id"]),
            name=_text(data, "name"),
            criteria=tuple(criterion for criterion in criteria if criterion is not None),
            floor=int(data.get("floor") or 0),
            ceiling=data.get("ceiling"),
            weight=int(data.get("weight") or 1),
            is_ceiling=bool(data.get("is_ceiling")),
        )


def _code(member: StrEnum | None) -> str | None:
    return member.value if member is not None else None


def _codes(members: tuple[StrEnum, ...]) -> list[str]:
    return [member.value for member in members]


def _text(data: Mapping[str, Any], key: str) -> str:
    return str(data.get(key) or "")


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    return list(data.get(key) or ())
