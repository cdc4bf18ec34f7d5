"""Counting tries in rows."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.people.counting import count, counted, forget, forget_expired
from organizer.people.models import RateHit


def test_a_window_begins_with_its_first_count_and_ends_for_all(session: Session) -> None:
    assert [count(session, "a", 60, at) for at in (1000.0, 1030.0, 1059.9)] == [1, 2, 3]
    assert counted(session, "a", 1059.9) == (3, 1060.0)
    assert count(session, "a", 60, 1060.0) == 1
    assert counted(session, "a", 1100.0) == (1, 1120.0)


def test_keys_are_counted_apart(session: Session) -> None:
    count(session, "a", 60, 1000.0, amount=4)
    assert count(session, "b", 60, 1000.0) == 1
    assert counted(session, "c", 1000.0) == (0, 1000.0)
    forget(session, "a")
    assert count(session, "a", 60, 1000.0) == 1


def test_what_is_over_is_forgotten(session: Session) -> None:
    count(session, "old", 60, 1000.0)
    count(session, "new", 600, 1000.0)
    forget_expired(session, 1061.0)
    assert session.scalars(select(RateHit.key)).all() == ["new"]
    assert session.scalar(select(func.count()).select_from(RateHit)) == 1
