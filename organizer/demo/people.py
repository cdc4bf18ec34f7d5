"""The people of the demo circle, read from their file and settled in."""

import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from organizer.domain.profiles import Challenge, Give, Wish
from organizer.domain.vocabulary import (
    Authority,
    GiveKind,
    Horizon,
    Industry,
    Intent,
    Region,
    Role,
    SizeBand,
    Topic,
    Value,
    known,
)
from organizer.people.models import Person
from organizer.people.passwords import hashed
from organizer.people.service import create_person
from organizer.workflows.describing import set_goals

PASSWORD = "enishi-demo"  # noqa: S105  printed at every start: the demo is for everybody to look around in


@cache
def characters() -> tuple[dict[str, Any], ...]:
    """All of them, the host first, in the order of the file."""
    text = (Path(__file__).parent / "people.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["person"])


def gives(rows: Iterable[list[str]]) -> tuple[Give, ...]:
    """The gives of a character: kind, words and topics of each."""
    return tuple(Give(GiveKind(kind), words, known(Topic, topics)) for kind, words, *topics in rows)


def wish(said: dict[str, Any]) -> Wish:
    """A wish of a character."""
    return Wish(
        said.get("words", ""),
        industries=known(Industry, said.get("industries", ())),
        sizes=known(SizeBand, said.get("sizes", ())),
        roles=known(Role, said.get("roles", ())),
        topics=known(Topic, said.get("topics", ())),
    )


def settle(session: Session, said: dict[str, Any], now: datetime) -> Person:
    """A person with everything their character says, who signs in with the demo's password."""
    person = create_person(
        session,
        said["email"],
        now=now,
        name=said["name"],
        reading=said["reading"],
        locale="ja",
        confirmed=True,
    )
    person.password_hash = _password()
    profile = person.profile
    profile.company, profile.title = said["company"], said["title"]
    profile.role, profile.authority = Role(said["role"]), Authority(said["authority"])
    profile.industry, profile.industry_words = Industry(said["industry"]), said["industry_words"]
    profile.size, profile.region = SizeBand(said["size"]), Region(said["region"])
    profile.founded_year = said["founded"]
    profile.values = [value.value for value in known(Value, said["values"])]
    profile.gives = [give.to_data() for give in gives(said["gives"])]
    challenges = (Challenge(words, known(Topic, topics)) for words, *topics in said["challenges"])
    profile.challenges = [challenge.to_data() for challenge in challenges]
    profile.wish, profile.serve = wish(said["wish"]).to_data(), wish(said["serve"]).to_data()
    profile.intents = [intent.value for intent in known(Intent, said["intents"])]
    profile.contact = {"mail": True}
    profile.updated_at = now
    set_goals(session, person, dict(zip(Horizon, said["goals"], strict=True)), now)
    return person


@cache
def _password() -> str:
    return hashed(PASSWORD)
