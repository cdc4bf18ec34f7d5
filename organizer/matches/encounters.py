"""Who has met whom: at one table in a round that has ended, or because one of them says that they talked."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from organizer.events.models import Event
from organizer.matches.models import Again, Encounter
from organizer.matches.queries import Pair


def note_sat(session: Session, event: Event, pairs: Iterable[Pair], now: datetime) -> int:
    """Note one more round at one table for each of these pairs (a < b); gives how many they are."""
    return _note(session, event, pairs, now, talked=False)


def note_talked(session: Session, event: Event, pairs: Iterable[Pair], now: datetime) -> int:
    """Note for each of these pairs (a < b) that one of them says they talked."""
    return _note(session, event, pairs, now, talked=True)


def evenings_before(session: Session, event: Event, ids: Collection[int]) -> Counter[Pair]:
    """At how many other events each two of these people met, by pair."""
    query = select(Encounter.a_id, Encounter.b_id).where(
        Encounter.event_id != event.id, Encounter.a_id.in_(ids), Encounter.b_id.in_(ids)
    )
    return Counter((a, b) for a, b in session.execute(query))


def mutual_before(session: Session, event: Event, ids: Collection[int]) -> set[Pair]:
    """The pairs (a < b) of these people who both, after one other event, wanted to meet again.

    What one alone wants is not seen.
    """
    back = aliased(Again)
    both = and_(
        back.event_id == Again.event_id,
        back.person_id == Again.other_id,
        back.other_id == Again.person_id,
    )
    query = (
        select(Again.person_id, Again.other_id)
        .join(back, both)
        .where(Again.event_id != event.id, Again.person_id < Again.other_id)
        .where(Again.person_id.in_(ids), Again.other_id.in_(ids))
    )
    return {(a, b) for a, b in session.execute(query)}


def _note(session: Session, event: Event, pairs: Iterable[Pair], now: datetime, *, talked: bool) -> int:
    """One statement; its rows are locked in the order of the pairs, so that two such acts never wait for each other."""
    facts = {"talked": talked, "sat": 0 if talked else 1, "at": now}
    where = {"circle_id": event.circle_id, "event_id": event.id}
    rows = [{"a_id": a, "b_id": b, **where, **facts} for a, b in sorted(set(pairs))]
    if not rows:
        return 0
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    noting = insert(Encounter).values(rows)
    more = {"talked": True} if talked else {"sat": Encounter.sat + 1}
    session.execute(
        noting.on_conflict_do_update(index_elements=["circle_id", "event_id", "a_id", "b_id"], set_=more)
    )
    return len(rows)
