"""Reading events in the shape a page wants them: each page a fixed number of statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session, contains_eager

from organizer.circles.models import Circle, Membership
from organizer.domain.lifecycle import Admission, Barrier, EventState, may_apply
from organizer.domain.roles import CircleRole
from organizer.domain.vocabulary import EventKind, Region
from organizer.errors import NotFound
from organizer.events.models import Event, SeatCount, TargetProfile
from organizer.events.seats import WHOLE
from organizer.events.service import is_public_id

PER_PAGE = 20
OPEN = (EventState.PUBLISHED, EventState.CLOSED)


@dataclass(frozen=True)
class Listed:
    """An event (circle loaded) with its seats; `role` is that of the reader in its circle, if any."""

    event: Event
    taken: int
    cap: int
    role: CircleRole | None = None

    @property
    def left(self) -> int:
        """Seats that can still be given away, never more than the stated capacity."""
        return max(0, min(self.event.capacity, self.cap - self.taken))

    def barrier(self, now: datetime) -> Barrier | None:
        """Why nobody can apply now, invited or not; None while applications are taken."""
        event = self.event
        return may_apply(
            event.state,
            event.admission,
            deadline=event.deadline_at,
            ends_at=event.ends_at,
            now=now,
            invited=True,
        )


def look_at(session: Session, public_id: str, reader_id: int | None) -> Listed:
    """A published event with its seats, for its public page. NotFound for drafts. One statement."""
    if not is_public_id(public_id):
        raise NotFound
    query = (
        _listed()
        .add_columns(Membership.role)
        .outerjoin(
            Membership,
            and_(Membership.circle_id == Event.circle_id, Membership.person_id == (reader_id or 0)),
        )
        .where(Event.public_id == public_id, Event.state != EventState.DRAFT, Event.published_at.is_not(None))
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    event, taken, cap, role = row
    return Listed(event, taken, cap, role)


def seats_of(session: Session, event: Event) -> Listed:
    """An event that is at hand, with its seats."""
    counter = session.scalar(select(SeatCount).where(SeatCount.event_id == event.id, SeatCount.key == WHOLE))
    return Listed(
        event, counter.taken if counter else 0, counter.cap if counter else event.capacity + event.overbooking
    )


def coming_up(
    session: Session,
    now: datetime,
    *,
    region: Region | None = None,
    kind: EventKind | None = None,
    page: int = 1,
) -> tuple[list[Listed], bool]:
    """What anybody may find: open events to come, soonest first, and whether there is a further page."""
    query = _listed().where(
        Event.state.in_(OPEN), Event.ends_at > now, Event.admission != Admission.INVITATION
    )
    query = _narrowed(query, region, kind).order_by(Event.starts_at, Event.id)
    rows = session.execute(query.offset((page - 1) * PER_PAGE).limit(PER_PAGE + 1)).all()
    return [_as_listed(row) for row in rows[:PER_PAGE]], len(rows) > PER_PAGE


def of_circle(
    session: Session,
    circle_id: int,
    now: datetime,
    *,
    region: Region | None = None,
    kind: EventKind | None = None,
) -> tuple[list[Listed], list[Listed]]:
    """A circle's public events: those to come, soonest first, and the last ones that have been."""
    query = _listed().where(
        Event.circle_id == circle_id, Event.state.in_(OPEN), Event.admission != Admission.INVITATION
    )
    query = _narrowed(query, region, kind)
    ahead = session.execute(
        query.where(Event.ends_at > now).order_by(Event.starts_at, Event.id).limit(100)
    ).all()
    past = query.where(Event.ends_at <= now).order_by(Event.starts_at.desc(), Event.id.desc()).limit(10)
    return [_as_listed(row) for row in ahead], [_as_listed(row) for row in session.execute(past)]


def find_circle(session: Session, slug: str) -> Circle | None:
    """The circle of that slug, as anybody may see it."""
    return session.scalar(select(Circle).where(Circle.slug == slug)) if slug.isprintable() else None


def hosted(session: Session, circle_ids: Collection[int], now: datetime, past: int = 20) -> list[Listed]:
    """Every event of these circles that is not over, soonest first, then the last that were. For their hosts."""
    if not circle_ids:
        return []
    query = _listed().where(Event.circle_id.in_(circle_ids))
    ahead = session.execute(query.where(Event.ends_at > now).order_by(Event.starts_at, Event.id)).all()
    gone = query.where(Event.ends_at <= now).order_by(Event.starts_at.desc(), Event.id.desc()).limit(past)
    return [_as_listed(row) for row in ahead] + [_as_listed(row) for row in session.execute(gone)]


def made_after(session: Session, circle_id: int, event_id: int, limit: int) -> list[Listed]:
    """A circle's events in the order they were made, drafts too, from the one after that id on. For its hosts."""
    query = _listed().where(Event.circle_id == circle_id, Event.id > event_id)
    return [_as_listed(row) for row in session.execute(query.order_by(Event.id).limit(limit))]


def last_of_circle(session: Session, circle_id: int) -> Event | None:
    """The circle's newest event, from which the next one takes its habits."""
    query = select(Event).where(Event.circle_id == circle_id, Event.state != EventState.CANCELLED)
    return session.scalar(query.order_by(Event.created_at.desc(), Event.id.desc()).limit(1))


def target_count(session: Session, event_id: int) -> int:
    """How many target profiles an event has."""
    query = select(func.count()).select_from(TargetProfile).where(TargetProfile.event_id == event_id)
    return session.scalar(query) or 0


def regions_open(session: Session, now: datetime) -> Sequence[Region]:
    """The regions in which an event is to come, from north to south."""
    query = select(Event.region).where(
        Event.state.in_(OPEN),
        Event.ends_at > now,
        Event.admission != Admission.INVITATION,
        Event.region.is_not(None),
    )
    return [
        region for region in session.scalars(query.distinct().order_by(Event.region)) if region is not None
    ]


def _as_listed(row: Row[Event, int, int]) -> Listed:
    event, taken, cap = row
    return Listed(event, taken, cap)


def _listed() -> Select[Event, int, int]:
    seats = and_(SeatCount.event_id == Event.id, SeatCount.key == WHOLE)
    return (
        select(
            Event,
            func.coalesce(SeatCount.taken, 0),
            func.coalesce(SeatCount.cap, Event.capacity + Event.overbooking),
        )
        .join(Event.circle)
        .options(contains_eager(Event.circle))
        .outerjoin(SeatCount, seats)
    )


def _narrowed(
    query: Select[Event, int, int], region: Region | None, kind: EventKind | None
) -> Select[Event, int, int]:
    if region is not None:
        query = query.where(Event.region == region)
    return query if kind is None else query.where(Event.kind == kind)
