"""What an applicant says: for this event (`Application`), of themself (`About`), and what they agree to."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from organizer.domain.profiles import Challenge, Give, Wish
from organizer.domain.vocabulary import (
    Authority,
    GiveKind,
    Industry,
    Intent,
    Region,
    Role,
    SizeBand,
    Topic,
    known,
    known_one,
)
from organizer.domain.words import topics_in
from organizer.people.models import ConsentKind, Person

Typed = Mapping[str, Any]
GIVES = 3
NO_WISH = Wish()


@dataclass(frozen=True, slots=True)
class Agreement:
    """That the applicant agreed to certain words: `version` is their hash, `locale` the language they were read in."""

    kind: ConsentKind
    version: str
    locale: str


@dataclass(frozen=True, slots=True)
class Application:
    """What is new for one event."""

    gives: tuple[Give, ...] = ()
    wish: Wish = NO_WISH
    today: str = ""
    topic: str = ""
    """To discuss in confidence: for one's own table only."""
    introducer: str = ""
    listed: bool = True
    """Others of this event may see the person listed."""
    copy_to: str = ""
    """The address of a secretary, who gets the mails in copy."""
    agreements: tuple[Agreement, ...] = ()

    def to_answers(self) -> dict[str, Any]:
        """What `Registration.answers` holds, in the shape of `domain.profiles.Profile`."""
        return {
            "gives": [give.to_data() for give in self.gives],
            "wish": self.wish.to_data(),
            "today": self.today,
        }


@dataclass(frozen=True, slots=True)
class About:
    """The essentials of a profile, as an applicant gives them."""

    name: str = ""
    reading: str = ""
    company: str = ""
    title: str = ""
    role: Role | None = None
    authority: Authority | None = None
    industry: Industry | None = None
    size: SizeBand | None = None
    region: Region | None = None
    intents: tuple[Intent, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    """Each is one topic, or one in own words."""


def application_of(typed: Typed) -> Application:
    """The application in the fields of the form, or in a draft that kept them; codes unknown by now are dropped."""
    gives = (_give(typed, row) for row in range(1, GIVES + 1))
    return Application(
        gives=tuple(give for give in gives if give is not None),
        wish=Wish(
            _text(typed, "wish_words"),
            industries=known(Industry, typed.get("wish_industries") or ()),
            roles=known(Role, typed.get("wish_roles") or ()),
            topics=_tags(_text(typed, "wish_words")),
        ),
        today=_text(typed, "today"),
        topic=_text(typed, "topic"),
        introducer=_text(typed, "introducer"),
        listed=bool(typed.get("listed")),
        copy_to=_text(typed, "copy_to"),
        agreements=tuple(
            Agreement(ConsentKind(kind), version, typed.get("agreed_in") or "ja")
            for kind, version in (typed.get("agreed") or {}).items()
        ),
    )


def about_of(typed: Typed) -> About:
    """The essentials of the profile in the fields of the form."""
    topics = [Challenge(tags=(topic,)) for topic in known(Topic, typed.get("challenge_topics") or ())]
    words = _text(typed, "challenge_words")
    return About(
        name=_text(typed, "name"),
        reading=_text(typed, "reading"),
        company=_text(typed, "company"),
        title=_text(typed, "title"),
        role=known_one(Role, typed.get("role")),
        authority=known_one(Authority, typed.get("authority")),
        industry=known_one(Industry, typed.get("industry")),
        size=known_one(SizeBand, typed.get("size")),
        region=known_one(Region, typed.get("region")),
        intents=known(Intent, typed.get("intents") or ()),
        challenges=(*topics, *([Challenge(words=words)] if words else [])),
    )


def typed_application(gives: tuple[Give, ...], wish: Wish) -> dict[str, Any]:
    """The form's fields for gives and a wish said before: what the form is filled in with."""
    typed: dict[str, Any] = {
        "wish_words": wish.words,
        "wish_industries": [one.value for one in wish.industries],
        "wish_roles": [one.value for one in wish.roles],
    }
    for row, give in enumerate(gives[:GIVES], start=1):
        typed |= {f"give{row}_kind": give.kind.value, f"give{row}_words": give.words}
    return typed


def typed_about(person: Person) -> dict[str, Any]:
    """The form's fields for what a person's profile says already. The profile must be loaded."""
    said = person.profile
    challenges = [Challenge.from_data(row) for row in said.challenges]
    coded = {name: getattr(said, name) for name in ("role", "authority", "industry", "size", "region")}
    return {
        "name": person.name,
        "reading": person.reading,
        "company": said.company,
        "title": said.title,
        **{name: member.value if member else "" for name, member in coded.items()},
        "intents": list(said.intents),
        "challenge_topics": [tag.value for challenge in challenges for tag in challenge.tags],
        "challenge_words": next((challenge.words for challenge in challenges if challenge.words), ""),
    }


def has_essentials(person: Person) -> bool:
    """Whether the profile says enough to be chosen by: then it need only be confirmed. The profile must be loaded."""
    said = person.profile
    return all((person.name, said.company, said.role, said.industry, said.size, said.region))


def version_of(words: str) -> str:
    """The version of words somebody agrees to: their hash."""
    return hashlib.sha256(words.encode()).hexdigest()


def _give(typed: Typed, row: int) -> Give | None:
    words = _text(typed, f"give{row}_words")
    kind = known_one(GiveKind, typed.get(f"give{row}_kind")) or GiveKind.INFORMATION
    return Give(kind, words, _tags(words)) if words else None


def _tags(words: str) -> tuple[Topic, ...]:
    """The topics that free words speak of, in the vocabulary's order."""
    found = topics_in(words)
    return tuple(topic for topic in Topic if topic in found)


def _text(typed: Typed, name: str) -> str:
    return str(typed.get(name) or "")
