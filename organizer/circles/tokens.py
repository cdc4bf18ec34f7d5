"""Hosts' tokens for other apps: each belongs to one member of one circle, and never does more than that member may."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Row, exists, func, or_, select, update
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.circles.models import ApiToken, Circle, Membership
from organizer.circles.refusals import CircleBarrier
from organizer.circles.service import holds
from organizer.domain.door import TokenScope
from organizer.domain.roles import Right
from organizer.errors import NotFound, Refused
from organizer.people.models import Person
from organizer.tokens import digest, new_token

PREFIX: Final = "eni_api_"
DAYS: Final = (30, 90, 365)
"""How long a token may live."""

AT_ONCE: Final = 20
"""So many living tokens a member may have in a circle."""

NOTED_EVERY: Final = timedelta(minutes=10)
RIGHT: Final = Right.MANAGE_EVENT
"""What a member must be allowed for their tokens to live."""

Listed = Row[ApiToken, str, str, bool]
"""A token, its member's name, its circle's slug, and whether it is alive."""


def make(
    session: Session, place: Membership, *, name: str, scope: TokenScope, days: int, now: datetime
) -> tuple[ApiToken, str]:
    """A new token of a member, and its text, which is kept nowhere else. Refused(TOO_MANY_TOKENS).

    `days` is one of DAYS. The circle's row is locked, so that no two at once exceed the number.
    """
    if days not in DAYS:
        raise ValueError(days)
    session.execute(select(Circle.id).where(Circle.id == place.circle_id).with_for_update())
    mine = ApiToken.circle_id == place.circle_id, ApiToken.person_id == place.person_id
    living = select(func.count()).select_from(ApiToken).where(*mine, lives(now))
    if (session.scalar(living) or 0) >= AT_ONCE:
        raise Refused(CircleBarrier.TOO_MANY_TOKENS)

    text = PREFIX + new_token()
    token = ApiToken(
        circle_id=place.circle_id,
        person_id=place.person_id,
        name=name,
        scope=scope,
        token_hash=digest(text),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(token)
    session.flush()
    _record(session, "token.made", token, place.person_id, now, scope=scope.value, days=days)
    return token, text


def lives(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """The condition under which a token opens anything: not revoked, not over, its member still in that role.

    Asked of the row with every request, so that revoking it or taking the role away counts at once.
    """
    still = exists().where(
        Membership.circle_id == ApiToken.circle_id,
        Membership.person_id == ApiToken.person_id,
        holds(RIGHT),
    )
    return (ApiToken.revoked_at.is_(None)) & (ApiToken.expires_at > now) & still


def find(session: Session, text: str, now: datetime) -> ApiToken | None:
    """The living token of that text; None when unknown, over, revoked, or its member has left or lost the role."""
    if not text.startswith(PREFIX):
        return None
    return session.scalar(select(ApiToken).where(ApiToken.token_hash == digest(text), lives(now)))


def is_to_be_noted(token: ApiToken, now: datetime) -> bool:
    """Whether it is long enough since a token was last noted as used."""
    return token.used_at is None or now - token.used_at >= NOTED_EVERY


def note_use(session: Session, text: str, now: datetime) -> None:
    """Note that the token of that text is used, if that was not noted lately."""
    lately = or_(ApiToken.used_at.is_(None), ApiToken.used_at <= now - NOTED_EVERY)
    session.execute(
        update(ApiToken).where(ApiToken.token_hash == digest(text), lately, lives(now)).values(used_at=now)
    )


def listed(session: Session, now: datetime, circle_id: int | None = None) -> Sequence[Listed]:
    """The tokens that are not revoked, of one circle or of all, newest first; those that are over for a month too."""
    query = (
        select(ApiToken, Person.name, Circle.slug, lives(now).label("alive"))
        .join(Person, Person.id == ApiToken.person_id)
        .join(Circle, Circle.id == ApiToken.circle_id)
        .where(ApiToken.revoked_at.is_(None), ApiToken.expires_at > now - timedelta(days=30))
    )
    if circle_id is not None:
        query = query.where(ApiToken.circle_id == circle_id)
    return session.execute(query.order_by(ApiToken.id.desc())).all()


def revoke(
    session: Session, public_id: str, *, now: datetime, by: Person | None = None, circle_id: int | None = None
) -> bool:
    """End a token; whether it was not ended yet. NotFound for another circle's own, where a circle is given."""
    query = select(ApiToken).where(ApiToken.public_id == public_id)
    if circle_id is not None:
        query = query.where(ApiToken.circle_id == circle_id)
    token = session.scalar(query)
    if token is None:
        raise NotFound
    ending = update(ApiToken).where(ApiToken.id == token.id, ApiToken.revoked_at.is_(None))
    if session.scalar(ending.values(revoked_at=now).returning(ApiToken.id)) is None:
        return False
    _record(session, "token.revoked", token, by.id if by else None, now)
    return True


def _record(
    session: Session, act: str, token: ApiToken, actor_id: int | None, now: datetime, **facts: str | int
) -> None:
    record(session, act, "api_token", token.id, at=now, actor_id=actor_id, circle_id=token.circle_id, **facts)
