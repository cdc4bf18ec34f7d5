"""Who was there, by the host's word: the paper list typed in, the rest marked absent, and each act taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from organizer.audit.models import AuditEntry
from organizer.audit.service import record
from organizer.checkin import late
from organizer.checkin.annulling import annul_entries
from organizer.checkin.models import Absence, CheckIn, Scan
from organizer.checkin.queries import Guest, guests
from organizer.checkin.scanning import door_hours
from organizer.db import add_missing
from organizer.domain.door import Attendance, Away
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.ticketing import CheckInMethod, RefusalReason
from organizer.errors import NotFound, Refused
from organizer.events.models import Event
from organizer.registrations.models import Registration

MARKED, TAKEN_BACK = "attendance.marked", "attendance.taken_back"
Marks = Mapping[str, Attendance | None]
"""How people are to stand, by the registration's public id; None: not marked."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the list and how they stand; None where nobody has said."""

    guest: Guest
    state: Attendance | None


@dataclass(slots=True)
class Changes:
    """What an act has done, by row id, so that it can be taken back exactly."""

    check_ins: list[int] = field(default_factory=list)
    absences: list[int] = field(default_factory=list)
    voided_check_ins: list[int] = field(default_factory=list)
    voided_absences: list[int] = field(default_factory=list)
    annulled: list[int] = field(default_factory=list)
    people: int = 0

    def to_data(self) -> dict[str, Any]:
        """Plain data for the log."""
        return {name: getattr(self, name) for name in self.__slots__}


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


def has_begun(event: Event, now: datetime) -> bool:
    """Whether the door has been open, so that somebody can have been there."""
    opens, _ = door_hours(event.starts_at, event.ends_at, event.doors_open_at)
    return event.state in (EventState.PUBLISHED, EventState.CLOSED) and now >= opens


def mark(session: Session, event: Event, marks: Marks, *, by_id: int, now: datetime) -> int | None:
    """Have these people stand as said; gives the log entry by which it can be taken back, None when all stood so.

    Who is marked present came when the event began, whenever that is said: the list on paper is the host's word, and
    asks for no hours and no ticket. Registrations of other events are passed over. Raises Refused before that.
    """
    if not has_begun(event, now):
        raise Refused(RefusalReason.NOT_YET_OPEN)
    changes = Changes()
    for id_, public_id in _held(session, event, marks):
        _stand(session, event, id_, marks[public_id], changes, by_id=by_id, now=now)
    return _note(session, event, MARKED, changes.to_data(), by_id, now) if changes.people else None


def mark_rest(session: Session, event: Event, state: Attendance, *, by_id: int, now: datetime) -> int | None:
    """The same for everybody of whom nobody has said anything yet."""
    rest = {line.guest.id: state for line in sheet(session, event) if line.state is None}
    return mark(session, event, rest, by_id=by_id, now=now)


def people_of(session: Session, entry_id: int) -> int:
    """How many people an act of marking was about."""
    return int(session.get_one(AuditEntry, entry_id).facts["people"])


def take_back(session: Session, event: Event, entry_id: int, *, by_id: int, now: datetime) -> bool:
    """Have everybody of an act stand as before, as far as nothing newer stands; once. NotFound for other entries."""
    entry = session.get(AuditEntry, entry_id)
    if entry is None or (entry.act, entry.subject, entry.subject_id) != (MARKED, "event", event.id):
        raise NotFound
    session.execute(select(Registration.id).where(Registration.event_id == event.id).with_for_update())
    done = select(AuditEntry).where(AuditEntry.act == TAKEN_BACK, AuditEntry.subject_id == event.id)
    if any(one.facts.get("entry") == entry_id for one in session.scalars(done)):
        return False
    facts = entry.facts
    _void(session, CheckIn, facts["check_ins"], now)
    _void(session, Absence, facts["absences"], now)
    for table, ids in ((CheckIn, facts["voided_check_ins"]), (Absence, facts["voided_absences"])):
        for id_ in ids:
            _let_stand(session, table, id_)
    scans = update(Scan).where(Scan.id.in_(facts["annulled"]))
    session.execute(scans.values(annulled_at=None, annulled_by_id=None))
    _note(session, event, TAKEN_BACK, {"entry": entry_id}, by_id, now)
    session.expire_all()
    return True


def _held(session: Session, event: Event, marks: Marks) -> Sequence[tuple[int, str]]:
    """The admitted registrations among these, held in the order of their ids."""
    query = (
        select(Registration.id, Registration.public_id)
        .where(Registration.event_id == event.id, Registration.public_id.in_(list(marks)))
        .where(Registration.state == RegistrationState.ADMITTED)
        .order_by(Registration.id)
    )
    found = [(id_, public_id) for id_, public_id in session.execute(query)]
    for id_, _ in found:
        late.hold(session.connection(), id_)
    return found


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
            changes.check_ins += _standing(session, CheckIn, registration_id)
    else:
        entered = Scan.registration_id == registration_id, Scan.entered, Scan.annulled_at.is_(None)
        scans = list(session.scalars(select(Scan.id).where(*entered)))
        voided = annul_entries(session, registration_id, now=now, by_id=by_id)
        changes.annulled += scans
        changes.voided_check_ins += [] if voided is None else [voided]
        if kept is not None and add_missing(
            session, Absence, [{**mine, "kind": kept, "by_id": by_id, "at": now}]
        ):
            changes.absences += _standing(session, Absence, registration_id)
    changes.people += _count(changes) != before


def _count(changes: Changes) -> int:
    return sum(len(rows) for rows in changes.to_data().values() if isinstance(rows, list))


def _void_absences(session: Session, registration_id: int, but: Away | None, now: datetime) -> list[int]:
    voiding = update(Absence).where(Absence.registration_id == registration_id, Absence.voided_at.is_(None))
    if but is not None:
        voiding = voiding.where(Absence.kind != but)
    return list(session.scalars(voiding.values(voided_at=now).returning(Absence.id)))


def _standing(session: Session, table: type[CheckIn | Absence], registration_id: int) -> list[int]:
    query = select(table.id).where(table.registration_id == registration_id, table.voided_at.is_(None))
    return list(session.scalars(query))


def _void(session: Session, table: type[CheckIn | Absence], ids: Sequence[int], now: datetime) -> None:
    session.execute(update(table).where(table.id.in_(ids), table.voided_at.is_(None)).values(voided_at=now))


def _let_stand(session: Session, table: type[CheckIn | Absence], id_: int) -> None:
    """Have a row stand again, unless another stands in its place by now."""
    registration_id = session.scalars(select(table.registration_id).where(table.id == id_)).one()
    if not _standing(session, table, registration_id):
        again: dict[str, None] = {"voided_at": None} | ({"voided_by_id": None} if table is CheckIn else {})
        session.execute(update(table).where(table.id == id_).values(**again))


def _note(session: Session, event: Event, act: str, facts: dict[str, Any], by_id: int, now: datetime) -> int:
    record(session, act, "event", event.id, at=now, actor_id=by_id, circle_id=event.circle_id, **facts)
    session.flush()
    newest = select(AuditEntry.id).where(AuditEntry.act == act, AuditEntry.subject_id == event.id)
    return session.scalars(newest.order_by(AuditEntry.id.desc()).limit(1)).one()
