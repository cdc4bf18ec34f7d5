"""Changing what a person says of themself, one section at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.domain.profiles import Challenge, Give, Wish
from organizer.domain.vocabulary import (
    VOCABULARY_VERSION,
    Authority,
    Industry,
    Intent,
    Region,
    Role,
    SizeBand,
    Topic,
    Value,
)
from organizer.people.models import Person


@dataclass(frozen=True)
class About:
    """The person and the company."""

    name: str
    reading: str = ""
    company: str = ""
    title: str = ""
    role: Role | None = None
    authority: Authority | None = None
    industry: Industry | None = None
    industry_words: str = ""
    size: SizeBand | None = None
    founded_year: int | None = None
    region: Region | None = None


@dataclass(frozen=True)
class Thoughts:
    """What one holds dear, struggles with, and comes for."""

    values: Sequence[Value]
    value_words: str
    challenges: Sequence[Topic]
    challenge_words: Sequence[str]
    intents: Sequence[Intent]


def say_name(
    session: Session, person: Person, *, name: str, reading: str, company: str, now: datetime
) -> None:
    """Who somebody new is."""
    person.name, person.reading, person.profile.company = name, reading, company
    _changed(session, person, "welcome", now)


def say_about(session: Session, person: Person, about: About, now: datetime) -> None:
    """Take in what a person says of themself and the company."""
    person.name, person.reading = about.name, about.reading
    said = person.profile
    said.company, said.title = about.company, about.title
    said.role, said.authority = about.role, about.authority
    said.industry, said.industry_words = about.industry, about.industry_words
    said.size, said.founded_year, said.region = about.size, about.founded_year, about.region
    _changed(session, person, "about", now)


def say_thoughts(session: Session, person: Person, thoughts: Thoughts, now: datetime) -> None:
    """Take in values, challenges and intents; a challenge is one topic, or words of one's own."""
    said = person.profile
    said.values = [value.value for value in thoughts.values]
    said.value_words = thoughts.value_words
    topics = [Challenge(tags=(topic,)) for topic in thoughts.challenges]
    own = [Challenge(words=words) for words in thoughts.challenge_words if words]
    said.challenges = [challenge.to_data() for challenge in topics + own]
    said.intents = [intent.value for intent in thoughts.intents]
    _changed(session, person, "thoughts", now)


def say_gives(session: Session, person: Person, gives: Sequence[Give], now: datetime) -> None:
    """Take in the standing gives; those without words are left out."""
    person.profile.gives = [give.to_data() for give in gives if give.words]
    _changed(session, person, "gives", now)


def say_wishes(session: Session, person: Person, wish: Wish, serve: Wish, now: datetime) -> None:
    """Take in whom a person wants to meet, and whom they can serve best."""
    person.profile.wish, person.profile.serve = wish.to_data(), serve.to_data()
    _changed(session, person, "wishes", now)


def say_contact(
    session: Session,
    person: Person,
    *,
    mail: bool,
    phone: str,
    share_phone: bool,
    line: str,
    web: str,
    now: datetime,
) -> None:
    """Take in what is handed over when contact data is exchanged."""
    person.phone = phone
    person.profile.contact = {"mail": mail, "phone": share_phone, "line": line, "web": web}
    _changed(session, person, "contact", now)


def _changed(session: Session, person: Person, section: str, now: datetime) -> None:
    person.profile.vocabulary_version = VOCABULARY_VERSION
    person.profile.updated_at = now
    record(session, "profile.changed", "person", person.id, at=now, actor_id=person.id, section=section)
