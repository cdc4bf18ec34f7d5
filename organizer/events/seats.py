"""Seats: counters that the database itself keeps within their caps."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.events.models import Event, SeatCount, TargetProfile

WHOLE = "event"


def key_of(target_id: int) -> str:
    """The key of a target profile's counter."""
    return f"target:{target_id}"


def set_caps(session: Session, event: Event, targets: Iterable[TargetProfile]) -> list[str]:
    """Make or move the counters of an event: capacity with overbooking, and each target profile's ceiling.

    Gives the keys whose cap could not be lowered that far, because more seats are taken; those stay at what is taken.
    """
    wanted = {WHOLE: event.capacity + event.overbooking}
    wanted |= {key_of(target.id): target.ceiling for target in targets if target.ceiling is not None}
    counters = {row.key: row for row in session.scalars(_locked(event.id)).all()}
    short = []
    for key, cap in wanted.items():
        counter = counters.get(key)
        if counter is None:
            session.add(SeatCount(circle_id=event.circle_id, event_id=event.id, key=key, taken=0, cap=cap))
            continue
        if counter.taken > cap:
            short.append(key)
        counter.cap = max(cap, counter.taken)
    for key in counters.keys() - wanted.keys():
        session.delete(counters[key])
    session.flush()
    return short


def take(session: Session, event_id: int, keys: Iterable[str]) -> list[str]:
    """Take one seat in each counter of these keys, all or none; gives the keys that are full (empty: taken).

    A key without a counter has no limit. Counters are locked in the order of their ids.
    """
    counters = session.scalars(_locked(event_id, keys)).all()
    full = [counter.key for counter in counters if counter.taken >= counter.cap]
    if full:
        return full
    for counter in counters:
        guard = SeatCount.id == counter.id, SeatCount.taken < SeatCount.cap
        taken = session.execute(
            update(SeatCount).where(*guard).values(taken=SeatCount.taken + 1),
            execution_options={"synchronize_session": False},
        ).rowcount  # type: ignore[attr-defined]
        assert taken == 1, "the counter is locked"
        session.expire(counter)
    return []


def release(session: Session, event_id: int, keys: Iterable[str]) -> None:
    """Give one seat back in each counter of these keys."""
    for counter in session.scalars(_locked(event_id, keys)).all():
        session.execute(
            update(SeatCount)
            .where(SeatCount.id == counter.id, SeatCount.taken > 0)
            .values(taken=SeatCount.taken - 1),
            execution_options={"synchronize_session": False},
        )
        session.expire(counter)


def raise_caps(
    session: Session, event: Event, keys: Iterable[str], *, by_id: int, now: datetime, reason: str
) -> None:
    """Make room for one more in counters that are full: a host's explicit second yes, which leaves an audit entry."""
    for counter in session.scalars(_locked(event.id, keys)).all():
        if counter.taken >= counter.cap:
            counter.cap = counter.taken + 1
            facts = {"key": counter.key, "cap": counter.cap, "reason": reason}
            record(
                session,
                "seats.raised",
                "event",
                event.id,
                at=now,
                actor_id=by_id,
                circle_id=event.circle_id,
                **facts,
            )
    session.flush()


def lower_caps(
    session: Session, event: Event, least: Mapping[str, int], *, by_id: int, now: datetime
) -> None:
    """Take back one seat that a host had added in each of these counters; never below `least` or what is taken."""
    for counter in session.scalars(_locked(event.id, least)).all():
        if counter.cap > max(least[counter.key], counter.taken):
            counter.cap -= 1
            facts = {"key": counter.key, "cap": counter.cap}
            record(
                session,
                "seats.lowered",
                "event",
                event.id,
                at=now,
                actor_id=by_id,
                circle_id=event.circle_id,
                **facts,
            )
    session.flush()


def set_taken(session: Session, event_id: int, taken: Mapping[str, int]) -> None:
    """Say anew how many seats are taken in these counters; a cap below that follows, for nobody loses a seat."""
    for counter in session.scalars(_locked(event_id, taken)).all():
        counter.taken, counter.cap = taken[counter.key], max(counter.cap, taken[counter.key])
    session.flush()


def counts(session: Session, event_id: int) -> dict[str, SeatCount]:
    """The counters of an event by key."""
    return {row.key: row for row in session.scalars(_of(event_id)).all()}


def _of(event_id: int, keys: Iterable[str] | None = None) -> Select[SeatCount]:
    query = select(SeatCount).where(SeatCount.event_id == event_id).order_by(SeatCount.id)
    return query if keys is None else query.where(SeatCount.key.in_(list(keys)))


def _locked(event_id: int, keys: Iterable[str] | None = None) -> Select[SeatCount]:
    # A row this session has seen before is read anew: what others took while we waited for the lock counts.
    return _of(event_id, keys).with_for_update().execution_options(populate_existing=True)
