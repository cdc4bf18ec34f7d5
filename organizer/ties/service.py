"""What two people are to each other: their contacts, what each holds about the other, and what was promised."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import CompoundSelect, and_, literal, select, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizer.db import add_missing
from organizer.domain.trust import FOCUS_SIZE, ContactKind, TiePurpose
from organizer.errors import NotFound, Refused
from organizer.people.blocks import blocked
from organizer.people.models import Person
from organizer.ties.models import Contact, Goal, Insight, Promise, Tie


class TieBarrier(StrEnum):
    """Why a tie cannot be changed as asked."""

    FOCUS_FULL = "focus_full"
    NOT_YET = "not_yet"
    PROMISE_SETTLED = "promise_settled"


def ordered(a_id: int, b_id: int) -> tuple[int, int]:
    """The pair as shared rows name it: the smaller id first."""
    return (a_id, b_id) if a_id < b_id else (b_id, a_id)


def meet(
    session: Session,
    a_id: int,
    b_id: int,
    *,
    event_id: int | None,
    kind: ContactKind,
    key: str,
    at: datetime,
    by_id: int | None = None,
) -> bool:
    """Note one touch of two people under its natural key, and see that each has a tie to the other.

    Gives whether the touch is new.
    """
    return bool(meet_each(session, [(a_id, b_id)], event_id=event_id, kind=kind, key=key, at=at, by_id=by_id))


def meet_each(
    session: Session,
    pairs: Iterable[tuple[int, int]],
    *,
    event_id: int | None,
    kind: ContactKind,
    key: str,
    at: datetime,
    by_id: int | None = None,
) -> int:
    """The same touch of many pairs at once, such as all who talked at an event; gives how many touches are new."""
    both = sorted({ordered(a, b) for a, b in pairs if a != b})
    touch = {"kind": kind, "key": key, "by_id": by_id, "event_id": event_id, "at": at}
    new = add_missing(session, Contact, [{"a_id": a, "b_id": b, **touch} for a, b in both])
    directed = sorted({pair for a, b in both for pair in ((a, b), (b, a))})
    held = {"note": "", "first_event_id": event_id, "created_at": at}
    add_missing(session, Tie, [{"person_id": one, "other_id": other, **held} for one, other in directed])
    return new


def tie_between(session: Session, person_id: int, other_id: int) -> Tie | None:
    """What `person_id` holds about `other_id`, if they have met."""
    return session.scalar(select(Tie).where(Tie.person_id == person_id, Tie.other_id == other_id))


def tie_of(session: Session, person: Person, public_id: str) -> Tie:
    """A person's own tie of that public id.

    NotFound for anybody else's, and where one of the two has blocked the other.
    """
    tie = session.scalar(select(Tie).where(Tie.public_id == public_id, Tie.person_id == person.id))
    if tie is None or blocked(session, tie.person_id, tie.other_id):
        raise NotFound
    return tie


def let_go(session: Session, person_id: int, other_id: int, now: datetime) -> Tie:
    """End a tie from one side, unseen by the other: nothing prompts, seats or matches the two again.

    What still waits for the two is ended by `workflows.keeping_up.let_go`.
    """
    made = {"person_id": person_id, "other_id": other_id, "note": "", "created_at": now}
    add_missing(session, Tie, [made])
    tie = session.execute(
        select(Tie).where(Tie.person_id == person_id, Tie.other_id == other_id)
    ).scalar_one()
    tie.let_go_at, tie.rank = tie.let_go_at or now, None
    session.flush()
    return tie


def take_back(session: Session, tie: Tie) -> bool:
    """Hold on to somebody again who was let go; gives whether that changes anything."""
    changes = tie.let_go_at is not None
    tie.let_go_at = None
    session.flush()
    return changes


def let_go_pairs(session: Session, ids: Collection[int]) -> set[tuple[int, int]]:
    """The pairs (a < b) among these people of whom either has let the other go."""
    if not ids:
        return set()
    query = select(Tie.person_id, Tie.other_id).where(
        Tie.let_go_at.is_not(None), Tie.person_id.in_(ids), Tie.other_id.in_(ids)
    )
    return {ordered(one, other) for one, other in session.execute(query)}


@dataclass(frozen=True)
class Between:
    """What there is between people outside of an event, by pair of ids (a < b)."""

    let_go: frozenset[tuple[int, int]]
    """Either has let the other go."""
    contacts: Mapping[tuple[int, int], int]
    """On how many days the two have been in contact; pairs without any are left out."""


def between(session: Session, ids: Collection[int], zone: ZoneInfo) -> Between:
    """What there is between each two of these people; one statement."""
    gone = select(Tie.person_id, Tie.other_id, Tie.let_go_at, literal(0)).where(
        Tie.let_go_at.is_not(None), Tie.person_id.in_(ids), Tie.other_id.in_(ids)
    )
    touched = select(Contact.a_id, Contact.b_id, Contact.at, literal(1)).where(
        Contact.a_id.in_(ids), Contact.b_id.in_(ids)
    )
    let_go: set[tuple[int, int]] = set()
    days: dict[tuple[int, int], set[date]] = {}
    found: CompoundSelect[int, int, datetime, int] = union_all(gone, touched)
    for one, other, at, is_contact in session.execute(found):
        if is_contact:
            days.setdefault((one, other), set()).add(at.astimezone(zone).date())
        else:
            let_go.add(ordered(one, other))
    return Between(frozenset(let_go), {pair: len(on) for pair, on in days.items()})


def write_note(session: Session, tie: Tie, words: str, purpose: TiePurpose | None) -> None:
    """Keep what a person privately notes about another, and what the tie is for."""
    tie.note, tie.purpose = words, purpose
    session.flush()


def focus(session: Session, tie: Tie) -> None:
    """Put somebody on the focus list, in the first place free. Refused when five are on it."""
    if tie.rank is not None:
        return
    for _attempt in range(FOCUS_SIZE):
        taken = set(
            session.scalars(select(Tie.rank).where(Tie.person_id == tie.person_id, Tie.rank.is_not(None)))
        )
        free = next((rank for rank in range(1, FOCUS_SIZE + 1) if rank not in taken), None)
        if free is None:
            raise Refused(TieBarrier.FOCUS_FULL)
        try:
            with session.begin_nested():
                session.execute(update(Tie).where(Tie.id == tie.id).values(rank=free))
        except IntegrityError:
            continue  # the same place was taken at this very moment
        session.refresh(tie)
        return
    raise Refused(TieBarrier.FOCUS_FULL)


def unfocus(session: Session, tie: Tie) -> None:
    """Take somebody off the focus list."""
    tie.rank = None
    session.flush()


def note_contact(
    session: Session, tie: Tie, kind: ContactKind, day: date, at: datetime, now: datetime
) -> bool:
    """Note a touch that happened elsewhere on a day; `at` is an instant of it.

    Gives whether it is new: one of a kind and day counts once.
    """
    if at > now:
        raise Refused(TieBarrier.NOT_YET)
    key = f"hand:{kind.value}:{day.isoformat()}"
    return meet(
        session, tie.person_id, tie.other_id, event_id=None, kind=kind, key=key, at=at, by_id=tie.person_id
    )


def last_contact(session: Session, a_id: int, b_id: int) -> datetime | None:
    """When the two were last in touch."""
    return last_contacts(session, [ordered(a_id, b_id)]).get(ordered(a_id, b_id))


def last_contacts(session: Session, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], datetime]:
    """When each of these pairs (a < b) was last in touch; those who never were are left out."""
    if not pairs:
        return {}
    ids = {one for pair in pairs for one in pair}
    query = select(Contact.a_id, Contact.b_id, Contact.at).where(Contact.a_id.in_(ids), Contact.b_id.in_(ids))
    found: dict[tuple[int, int], datetime] = {}
    for a, b, at in session.execute(query):
        if (a, b) in pairs:
            found[a, b] = max(at, found.get((a, b), at))
    return found


def promise(
    session: Session,
    person_id: int,
    other_id: int,
    words: str,
    due_on: date | None,
    *,
    now: datetime,
    event_id: int | None = None,
) -> Promise:
    """A new promise of one person to another."""
    made = Promise(
        person_id=person_id, other_id=other_id, words=words, due_on=due_on, event_id=event_id, created_at=now
    )
    session.add(made)
    session.flush()
    return made


def promise_of(session: Session, person: Person, public_id: str) -> Promise:
    """A promise that this person made. NotFound for anybody else's."""
    query = select(Promise).where(Promise.public_id == public_id, Promise.person_id == person.id)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def keep(session: Session, promise: Promise, now: datetime) -> None:
    """The promise was kept. Saying so twice changes nothing."""
    if promise.dropped_at is not None:
        raise Refused(TieBarrier.PROMISE_SETTLED)
    promise.kept_at = promise.kept_at or now
    session.flush()


def drop(session: Session, promise: Promise, now: datetime) -> None:
    """The promise is given up. Saying so twice changes nothing."""
    if promise.kept_at is not None:
        raise Refused(TieBarrier.PROMISE_SETTLED)
    promise.dropped_at = promise.dropped_at or now
    session.flush()


def reopen(session: Session, promise: Promise) -> None:
    """Take back that a promise was kept or given up."""
    promise.kept_at = promise.dropped_at = None
    session.flush()


def open_promises(session: Session, person_id: int, other_id: int | None = None) -> list[Promise]:
    """What a person still owes (to one other, or to all), the nearest date first; those without a date last."""
    query = select(Promise).where(
        Promise.person_id == person_id, Promise.kept_at.is_(None), Promise.dropped_at.is_(None)
    )
    if other_id is not None:
        query = query.where(Promise.other_id == other_id)
    return list(session.scalars(query.order_by(Promise.due_on.is_(None), Promise.due_on, Promise.id)))


def write_insight(
    session: Session, person_id: int, event_id: int, words: str, now: datetime
) -> Insight | None:
    """Keep what a person takes home from an event, over what was there; without words nothing is kept."""
    mine = and_(Insight.person_id == person_id, Insight.event_id == event_id)
    if not words:
        kept = session.scalar(select(Insight).where(mine))
        if kept is not None:
            session.delete(kept)
            session.flush()
        return None
    add_missing(
        session,
        Insight,
        [{"person_id": person_id, "event_id": event_id, "words": words, "at": now, "today_words": ""}],
    )
    insight = session.scalars(select(Insight).where(mine)).one()
    insight.words = words
    session.flush()
    return insight


def look_back(session: Session, insight: Insight, words: str, now: datetime) -> None:
    """Keep how a person would decide today, beside what they took home then."""
    insight.today_words, insight.today_at = words, now if words else None
    session.flush()


def advance(session: Session, goal: Goal, percent: int, now: datetime) -> None:
    """Keep how far a goal has come, 0 to 100."""
    goal.progress, goal.updated_at = percent, now
    session.flush()
