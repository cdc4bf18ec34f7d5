"""The live board: who has come, by the rows themselves; a version makes a look that finds nothing new cheap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Row,
    String,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from organizer.checkin import conflicts, devices
from organizer.checkin.models import Absence, CheckIn, Device, Scan
from organizer.checkin.queries import Counted
from organizer.circles.models import Membership
from organizer.db import UtcDateTime
from organizer.domain.door import SEES_LIST, Away
from organizer.domain.folding import fold
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.roles import Right, roles_with
from organizer.domain.vocabulary import SharingRule
from organizer.events.models import Event, TargetProfile
from organizer.people.models import Person, Profile, SignIn
from organizer.registrations.models import Registration
from organizer.tokens import digest

NEWEST = 5
PRIME = 1_000_003
"""Keeps sums of squares of ids within 64 bits."""


@dataclass(frozen=True, slots=True)
class Watched:
    """An event somebody watches, and the version of its figures: another one whenever any of them has changed."""

    event_id: int
    sharing_rule: SharingRule
    version: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What the board shows. `newest`: only of those who agreed to be listed, and of nobody where all stays in the room.

    `arrived` counts every check-in that stands, `targets` those of the admitted. `conflicts` are entries to look at.
    """

    arrived: int
    expected: int
    absent: int
    excused: int
    targets: tuple[Counted, ...]
    newest: tuple[str, ...]
    conflicts: int


@dataclass(frozen=True, slots=True)
class Awaited:
    """Somebody admitted who has not come; `away` as a host marked it, None while they may still come."""

    id: str
    name: str
    reading: str
    company: str
    away: Away | None


def watched_by(session: Session, reference: str, event: str, now: datetime) -> Watched | None:
    """The event of that public id for the browser whose sign-in has this reference; None where it may not be seen.

    One statement, and all that a look costs which finds nothing new.
    """
    asked = {"reference_hash": digest(reference), "event": event, "now": now}
    row = session.execute(_BY_SIGN_IN, asked).one_or_none()
    return None if row is None else _watched(row)


def watched_from(session: Session, token: str, event: str, now: datetime) -> tuple[Watched, Device] | None:
    """The same for a device that may see everybody, by its token; with its row."""
    asked = {"token_hash": digest(token), "event": event, "now": now}
    row = session.execute(_BY_DEVICE, asked).one_or_none()
    return None if row is None else (_watched(row), row.Device)


def watched(session: Session, event_id: int) -> Watched:
    """The same for an event that is known already."""
    return _watched(session.execute(_OF_EVENT, {"event_id": event_id}).one())


def figures(session: Session, one: Watched) -> Figures:
    """What the board shows now. Four statements, however many people there are."""
    parts = session.execute(_PARTS, {"event_id": one.event_id}).all()
    counts = session.execute(_COUNTS, {"event_id": one.event_id}).one()
    closed = one.sharing_rule is SharingRule.STAYS_IN_ROOM
    names = () if closed else session.scalars(_NEWEST, {"event_id": one.event_id}).all()
    return Figures(
        arrived=counts.arrived,
        expected=sum(row.expected for row in parts),
        absent=counts.absent,
        excused=counts.excused,
        targets=tuple(Counted(row.come, row.expected, row.name) for row in parts if row.id is not None),
        newest=tuple(names),
        conflicts=conflicts.number(session, one.event_id),
    )


def awaited(session: Session, event_id: int) -> list[Awaited]:
    """Everybody admitted who has not come, by reading. For the host's own screen alone."""
    query = (
        select(
            Registration.public_id,
            Registration.id,
            Person.name,
            Person.reading,
            Profile.company,
            Absence.kind,
        )
        .select_from(Registration)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Profile, Profile.person_id == Person.id)
        .outerjoin(CheckIn, (CheckIn.registration_id == Registration.id) & CheckIn.voided_at.is_(None))
        .outerjoin(Absence, (Absence.registration_id == Registration.id) & Absence.voided_at.is_(None))
        .where(Registration.event_id == event_id, Registration.state == RegistrationState.ADMITTED)
        .where(CheckIn.id.is_(None))
    )
    rows = sorted(session.execute(query), key=lambda row: (fold(row.reading or row.name), row.id))
    return [Awaited(row.public_id, row.name, row.reading, row.company or "", row.kind) for row in rows]


def _watched(row: Row[*tuple[Any, ...]]) -> Watched:
    told = "|".join((row.come, row.admitted, row.away, row.scans))
    return Watched(row.id, row.sharing_rule, sha256(told.encode()).hexdigest()[:20])


def _text(*parts: ColumnElement[Any]) -> ColumnElement[str]:
    """Several figures of a table as one text, so that the table is gone through once."""
    whole: ColumnElement[str] = cast(func.coalesce(parts[0], 0), String)
    for part in parts[1:]:
        whole = whole + "." + cast(func.coalesce(part, 0), String)
    return whole


def _versions(event_id: Any) -> tuple[ColumnElement[Any], ...]:
    """What changes with whatever the board shows: rows that come, are taken back or stand again, seats that move.

    Which rows stand is told by a sum over their ids, for as many may come to stand as cease to.
    """
    own = cast(Registration.id % PRIME, BigInteger)
    target = func.coalesce(Registration.target_profile_id, 0) % PRIME
    listed = func.sum(case((Registration.listed, own * own), else_=0))
    arrival = cast((CheckIn.id + func.coalesce(CheckIn.scan_id, 0)) % PRIME, BigInteger)
    mark = cast(Absence.id % PRIME, BigInteger)
    admitted = Registration.event_id == event_id, Registration.state == RegistrationState.ADMITTED
    return (
        select(_text(func.count(), func.sum(arrival * arrival)))
        .where(CheckIn.event_id == event_id, CheckIn.voided_at.is_(None))
        .scalar_subquery()
        .label("come"),
        select(_text(func.count(), func.max(Registration.id), listed, func.sum(own * target)))
        .where(*admitted)
        .scalar_subquery()
        .label("admitted"),
        select(_text(func.count(), func.sum(mark * mark)))
        .where(Absence.event_id == event_id, Absence.voided_at.is_(None))
        .scalar_subquery()
        .label("away"),
        select(_text(func.count(), func.count(case((Scan.entered, 1))), func.count(Scan.annulled_at)))
        .where(Scan.event_id == event_id)
        .scalar_subquery()
        .label("scans"),
    )


_EVENT_ID: Final = bindparam("event_id", type_=Integer())
_PUBLIC_ID: Final = bindparam("event", type_=String(22))
_NOW: Final = bindparam("now", type_=UtcDateTime())
_STANDING = (CheckIn.registration_id == Registration.id) & CheckIn.voided_at.is_(None)
_ADMITTED = (Registration.event_id == _EVENT_ID, Registration.state == RegistrationState.ADMITTED)
_OF_EVENT: Final = select(Event.id, Event.sharing_rule, *_versions(_EVENT_ID)).where(Event.id == _EVENT_ID)
_BY_SIGN_IN: Final = (
    select(Event.id, Event.sharing_rule, *_versions(Event.id))
    .select_from(SignIn)
    .join(Person, Person.id == SignIn.person_id)
    .join(Membership, Membership.person_id == Person.id)
    .join(Event, Event.circle_id == Membership.circle_id)
    .where(
        SignIn.reference_hash == bindparam("reference_hash", type_=String(64)),
        SignIn.ended_at.is_(None),
        SignIn.expires_at > _NOW,
        Person.merged_into_id.is_(None),
        Event.public_id == _PUBLIC_ID,
        Membership.role.in_(sorted(roles_with(Right.SEE_DOOR))),
    )
)
_BY_DEVICE: Final = (
    select(Event.id, Event.sharing_rule, *_versions(Event.id), Device)
    .select_from(Device)
    .join(Event, Event.id == Device.event_id)
    .where(
        Device.token_hash == bindparam("token_hash", type_=String(64)),
        or_(*(Device.kind == kind for kind in sorted(SEES_LIST))),
        devices.lives(_NOW, Right.SEE_DOOR),
        Event.public_id == _PUBLIC_ID,
    )
)
_PARTS: Final = (
    select(
        TargetProfile.id,
        TargetProfile.name,
        func.count(CheckIn.id).label("come"),
        func.count(Registration.id).label("expected"),
    )
    .select_from(Registration)
    .outerjoin(TargetProfile, TargetProfile.id == Registration.target_profile_id)
    .outerjoin(CheckIn, _STANDING)
    .where(*_ADMITTED)
    .group_by(TargetProfile.id, TargetProfile.name, TargetProfile.position)
    .order_by(TargetProfile.position, TargetProfile.id)
)


def _away(kind: Away) -> Any:
    """How many of the admitted who have not come are marked so."""
    waiting = select(CheckIn.id).where(_STANDING).exists()
    counting = select(func.count()).select_from(Absence).join(Registration)
    return counting.where(
        Absence.event_id == _EVENT_ID,
        Absence.kind == kind,
        Absence.voided_at.is_(None),
        Registration.state == RegistrationState.ADMITTED,
        ~waiting,
    ).scalar_subquery()


_COUNTS: Final = select(
    select(func.count())
    .where(CheckIn.event_id == _EVENT_ID, CheckIn.voided_at.is_(None))
    .scalar_subquery()
    .label("arrived"),
    _away(Away.ABSENT).label("absent"),
    _away(Away.EXCUSED).label("excused"),
)
_NEWEST: Final = (
    select(Person.name)
    .join(Registration, Registration.person_id == Person.id)
    .join(CheckIn, _STANDING)
    .where(CheckIn.event_id == _EVENT_ID, Registration.listed, Person.name != "")
    .order_by(CheckIn.at.desc(), CheckIn.id.desc())
    .limit(NEWEST)
)


def as_data(version: str, shown: Figures) -> dict[str, object]:
    """The figures as the API tells them."""
    targets: Sequence[Counted] = shown.targets
    return {
        "version": version,
        "arrived": shown.arrived,
        "expected": shown.expected,
        "absent": shown.absent,
        "excused": shown.excused,
        "targets": [
            {"name": part.name, "arrived": part.arrived, "expected": part.expected} for part in targets
        ],
        "newest": list(shown.newest),
        "conflicts": shown.conflicts,
    }
