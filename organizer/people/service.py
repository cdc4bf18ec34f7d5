"""People: found by their address, made when one first proves to be theirs, read as the solvers read them."""

import unicodedata
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from organizer.domain import profiles as domain
from organizer.domain.names import fold_company
from organizer.domain.vocabulary import Intent, Value, known
from organizer.people.models import Person, Profile


def fold_address(text: str) -> str:
    """A mail address as it is compared: NFKC, lower case, without spaces around it."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def find_by_address(session: Session, email: str) -> Person | None:
    """Whose address this is, with the profile loaded."""
    query = select(Person).options(joinedload(Person.profile))
    return session.scalar(
        query.where(Person.email_folded == fold_address(email), Person.merged_into_id.is_(None))
    )


def create_person(
    session: Session,
    email: str | None,
    *,
    now: datetime,
    name: str = "",
    reading: str = "",
    locale: str = "ja",
    confirmed: bool = False,
) -> Person:
    """A new person with an empty profile; when the address was somebody's a moment earlier, that person."""
    person = Person(
        email=email.strip() if email else None,
        email_folded=fold_address(email) if email else None,
        email_confirmed_at=now if confirmed else None,
        name=name,
        reading=reading,
        locale=locale,
        created_at=now,
        profile=Profile(values=[], challenges=[], gives=[], wish={}, serve={}, intents=[], contact={}),
    )
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError:
        existing = find_by_address(session, email) if email else None
        if existing is None:
            raise
        return existing
    return person


def people_by_id(session: Session, ids: Collection[int]) -> dict[int, Person]:
    """The people of these ids, profiles loaded."""
    if not ids:
        return {}
    query = select(Person).options(joinedload(Person.profile)).where(Person.id.in_(ids))
    return {person.id: person for person in session.scalars(query)}


def find_by_public_id(session: Session, public_id: str) -> Person | None:
    """The person of a public id, profile loaded."""
    query = select(Person).options(joinedload(Person.profile))
    return session.scalar(query.where(Person.public_id == public_id, Person.merged_into_id.is_(None)))


def domain_profile(
    person: Person,
    *,
    first_timer: bool | None = None,
    gives: tuple[domain.Give, ...] | None = None,
    wish: domain.Wish | None = None,
    today: str = "",
) -> domain.Profile:
    """A person's profile in the shape every solver speaks.

    `gives`, `wish` and `today` are those of one event, where given. The profile must be loaded.
    """
    said = person.profile
    return domain.Profile(
        id=person.id,
        industry=said.industry,
        industry_words=said.industry_words,
        size=said.size,
        role=said.role,
        authority=said.authority,
        region=said.region,
        founded_year=said.founded_year,
        values=known(Value, said.values),
        challenges=tuple(domain.Challenge.from_data(row) for row in said.challenges),
        gives=tuple(domain.Give.from_data(row) for row in said.gives) if gives is None else gives,
        wish=domain.Wish.from_data(said.wish) if wish is None else wish,
        serve=domain.Wish.from_data(said.serve),
        intents=known(Intent, said.intents),
        company=fold_company(said.company),
        first_timer=first_timer,
        today=today,
    )
