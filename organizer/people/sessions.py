"""Signed-in browsers: starting, finding, listing and ending them."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from organizer.people.models import Person, SignIn
from organizer.tokens import digest, new_token

LASTS = timedelta(days=30)
IDLE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=10)


def start(
    session: Session, person: Person, way: str, user_agent: str, now: datetime, *, idles_out: bool = False
) -> tuple[SignIn, str]:
    """A new sign-in of `person` and the reference for its cookie, which is kept nowhere else.

    It lasts thirty days; one that `idles_out` ends after twelve hours without being used, too.
    """
    reference = new_token()
    sign_in = SignIn(
        reference_hash=digest(reference),
        person_id=person.id,
        way=way,
        browser=describe_browser(user_agent),
        created_at=now,
        seen_at=now,
        expires_at=now + (IDLE if idles_out else LASTS),
    )
    session.add(sign_in)
    session.flush()
    return sign_in, reference


def find(session: Session, reference: str, now: datetime) -> tuple[SignIn, Person] | None:
    """The living sign-in of a reference, person and profile loaded; None when ended, expired or unknown."""
    query = (
        select(SignIn, Person)
        .join(Person, Person.id == SignIn.person_id)
        .options(joinedload(Person.profile))
        .where(SignIn.reference_hash == digest(reference), SignIn.ended_at.is_(None), SignIn.expires_at > now)
        .where(Person.merged_into_id.is_(None))
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    sign_in, person = row
    return sign_in, person


def is_to_be_noted(sign_in: SignIn, now: datetime) -> bool:
    """Whether it is long enough since a sign-in was last noted as used."""
    return now - sign_in.seen_at > SEEN_EVERY


def note_use(session: Session, sign_in_id: int, now: datetime) -> None:
    """Note that a sign-in is being used, which puts off its end if it is one that idles out."""
    sign_in = session.get(SignIn, sign_in_id)
    if sign_in is None or sign_in.ended_at is not None:
        return
    sign_in.seen_at = now
    last = sign_in.created_at + LASTS
    if sign_in.expires_at < last:
        sign_in.expires_at = min(now + IDLE, last)


def living(session: Session, person_id: int, now: datetime) -> Sequence[SignIn]:
    """The browsers in which a person is signed in, last seen first."""
    query = select(SignIn).where(
        SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.expires_at > now
    )
    return session.scalars(query.order_by(SignIn.seen_at.desc(), SignIn.id.desc())).all()


def end(
    session: Session, person_id: int, now: datetime, *, public_id: str | None = None, but: int | None = None
) -> int:
    """End one sign-in of a person (`public_id`), or all, or all `but` the row of that id; gives how many."""
    ending = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    if public_id is not None:
        ending = ending.where(SignIn.public_id == public_id)
    if but is not None:
        ending = ending.where(SignIn.id != but)
    return session.execute(ending.values(ended_at=now)).rowcount  # type: ignore[attr-defined, no-any-return]


_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Mac OS X", "Mac"),
    ("Windows", "Windows"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    (r"Edg", "Edge"),
    (r"Firefox|FxiOS", "Firefox"),
    (r"Chrome|CriOS|Chromium", "Chrome"),
    (r"Safari", "Safari"),
)


def describe_browser(user_agent: str) -> str:
    """`Safari · iPhone`: enough to know one's own device again."""
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    browser = next((name for mark, name in _BROWSERS if re.search(mark, user_agent)), "")
    return " · ".join(part for part in (browser, system) if part)
