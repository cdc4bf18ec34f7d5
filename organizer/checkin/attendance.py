"""Who was there, by the host's word: the paper list typed in, the rest marked absent, who let know beforehand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.checkin import late
from organizer.checkin.annulling import annul_entries
from organizer.checkin.models import Absence, CheckIn, Scan
from organizer.checkin.queries import OPEN_STATES, Guest, guests
from organizer.checkin.scanning import door_hours
from organizer.db import add_missing
from organizer.domain.door import Attendance, Away
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.ticketing import CheckInMethod, RefusalReason
from organizer.errors import Refused
from organizer.events.models import Event
from organizer.registrations.models import Registration

MARKED = "attendance.marked"
Marks = Mapping[str, Attendance | None]
"""How people are to stand, by the registration's public id; None: not marked."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the list and how they stand; None where nobody has said."""

    guest: Guest
    state: Attendance | None


@dataclass(slots=True)
class Changes:
    """What an act has done, by row id, so that it can be taken back exactly; `people`: by their registrations."""

    check_ins: list[int] = field(default_factory=list)
    absences: list[int] = field(default_factory=list)
    voided_check_ins: list[int] = field(default_factory=list)
    voided_absences: list[int] = field(default_factory=list)
    annulled: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)

    def to_data(self) -> dict[str, Any]:
        """Plain data for the log."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Marked:
    """What came of an act: how many stand otherwise now, and the log entry by which it can be taken back, if any do.

    `overtaken`: the names of those who were left, for they stood otherwise by then than who marked them had seen.
    """

    people: int
    entry_id: int | None
    overtaken: tuple[str, ...] = ()


def sheet(session: Session, event: Event) -> list[Line]:
    """Everybody admitted by reading, with how they stand. Two statements."""
    standing = select(Absence.registration_id, Absence.kind).where(
        Absence.event_id == event.id, Absence.voided_at.is_(None)
    )
    away = {id_: Attendance(kind.value) for id_, kind in session.execute(standing)}
    return [
        Line(guest, Attendance.PRESENT if guest.arrived_at else away.get(guest.row_id))
        for guest in guests(session, event)
    ]


def markable(event: Event, now: datetime) -> tuple[Attendance, ...]:
    """How people can be marked by now: before the door opens only as away with notice. None of no event to be held."""
    if event.state not in OPEN_STATES:
        return ()
    opens, _ = door_hours(event.starts_at, event.ends_at, event.doors_open_at)
    return tuple(Attendance) if now >= opens else (Attendance.EXCUSED,)


def mark(
    session: Session, event: Event, marks: Marks, *, by_id: int, now: datetime, seen: Marks | None = None
) -> Marked:
    """Have these people stand as said; `seen` is how they stood for who said so, if they looked.

    Who is marked present came when the event began, whenever that is said: the list on paper is the host's word, and
    asks for no hours and no ticket. Registrations of other events are passed over. Raises Refused where somebody
    cannot be marked so yet.
    """
    _check(event, marks.values(), now)
    changes, held = Changes(), _held(session, event, marks)
    overtaken = {} if seen is None else _overtaken(session, event, marks, seen)
    for id_, public_id in held:
        if public_id not in overtaken:
            _stand(session, event, id_, marks[public_id], changes, by_id=by_id, now=now)
    if not changes.people:
        return Marked(0, None, tuple(overtaken.values()))
    about = {"actor_id": by_id, "circle_id": event.circle_id}
    entry = record(session, MARKED, "event", event.id, at=now, **about, **changes.to_data())
    session.flush()
    return Marked(len(changes.people), entry.id, tuple(overtaken.values()))


def mark_rest(session: Session, event: Event, state: Attendance, *, by_id: int, now: datetime) -> Marked:
    """The same for everybody of whom nobody has said anything yet."""
    rest = {line.guest.id: state for line in sheet(session, event) if line.state is None}
    return mark(session, event, rest, by_id=by_id, now=now, seen=dict.fromkeys(rest))


def _check(event: Event, states: Iterable[Attendance | None], now: datetime) -> None:
    possible = markable(event, now)
    if event.state is EventState.CANCELLED:
        raise Refused(RefusalReason.EVENT_CANCELLED)
    if not possible or not {*states} <= {*possible, None}:
        raise Refused(RefusalReason.NOT_YET_OPEN)


def _held(session: Session, event: Event, marks: Marks) -> Sequence[tuple[int, str]]:
    """The admitted registrations among these, held until the commit: nobody gives theirs back meanwhile."""
    query = (
        select(Registration.id, Registration.public_id)
        .where(Registration.event_id == event.id, Registration.public_id.in_(list(marks)))
        .where(Registration.state == RegistrationState.ADMITTED)
        .order_by(Registration.id)
        .with_for_update(key_share=True)
    )
    return [(id_, public_id) for id_, public_id in session.execute(query)]


def _overtaken(session: Session, event: Event, marks: Marks, seen: Marks) -> dict[str, str]:
    """Of whom something else has been said, or who has come, since they were seen: names by public id."""
    now = {line.guest.id: line for line in sheet(session, event)}
    return {
        one: now[one].guest.name
        for one, wanted in marks.items()
        if one in now and now[one].state not in (seen.get(one), wanted)
    }


def _stand(
    session: Session,
    event: Event,
    registration_id: int,
    state: Attendance | None,
    changes: Changes,
    *,
    by_id: int,
    now: datetime,
) -> None:
    """Have one person stand so, and note what that took."""
    mine = {"circle_id": event.circle_id, "event_id": event.id, "registration_id": registration_id}
    before = _count(changes)
    kept = None if state in (None, Attendance.PRESENT) else Away(state.value)
    changes.voided_absences += _void_absences(session, registration_id, kept, now)
    if state is Attendance.PRESENT:
        row = {**mine, "method": CheckInMethod.PAPER, "by_id": by_id, "door": "", "at": event.starts_at}
        if add_missing(session, CheckIn, [row]):
            changes.check_ins += standing(session, CheckIn, registration_id)
    else:
        counting = select(Scan.id).where(Scan.registration_id == registration_id, late.COUNTS)
        changes.annulled += session.scalars(counting)
        voided = annul_entries(session, registration_id, now=now, by_id=by_id)
        changes.voided_check_ins += [] if voided is None else [voided]
        away: dict[str, Any] = {**mine, "kind": kept, "by_id": by_id, "at": now}
        if kept is not None and add_missing(session, Absence, [away]):
            changes.absences += standing(session, Absence, registration_id)
    if _count(changes) != before:
        changes.people.append(registration_id)


def standing(session: Session, table: type[CheckIn | Absence], registration_id: int) -> Sequence[int]:
    """The row that stands for a registration, if one does."""
    query = select(table.id).where(table.registration_id == registration_id, table.voided_at.is_(None))
    return session.scalars(query).all()


def _count(changes: Changes) -> int:
    return sum(map(len, changes.to_data().values()))


def _void_absences(session: Session, registration_id: int, but: Away | None, now: datetime) -> list[int]:
    voiding = update(Absence).where(Absence.registration_id == registration_id, Absence.voided_at.is_(None))
    if but is not None:
        voiding = voiding.where(Absence.kind != but)
    return list(session.scalars(voiding.values(voided_at=now).returning(Absence.id)))
