"""Counting how often something was tried in a window of time, in rows that every process sees."""

from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from organizer.people.models import RateHit


def count(session: Session, key: str, window: float, at: float, amount: int = 1) -> int:
    """How often `key` was counted in its window, this time included.

    A window of `window` seconds begins with its first count; `at` is in seconds since 1970.
    One statement, so that two at once count as two.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    fresh = insert(RateHit).values(key=key, hits=amount, expires_at=at + window)
    over = RateHit.expires_at <= at
    counting = fresh.on_conflict_do_update(
        index_elements=[RateHit.key],
        set_={
            "hits": case((over, amount), else_=RateHit.hits + amount),
            "expires_at": case((over, at + window), else_=RateHit.expires_at),
        },
    )
    return session.execute(counting.returning(RateHit.hits)).scalar_one()


def counted(session: Session, key: str, at: float) -> tuple[int, float]:
    """How often `key` was counted in its present window, and when that ends (`at` when there is none)."""
    query = select(RateHit.hits, RateHit.expires_at).where(RateHit.key == key, RateHit.expires_at > at)
    row = session.execute(query).one_or_none()
    return (row.hits, row.expires_at) if row else (0, at)


def forget(session: Session, key: str) -> None:
    """Begin anew for one key."""
    session.execute(delete(RateHit).where(RateHit.key == key))


def forget_expired(session: Session, at: float) -> None:
    """Drop the rows whose window is over."""
    session.execute(delete(RateHit).where(RateHit.expires_at <= at))
