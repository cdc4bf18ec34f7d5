"""Somebody comes to the door who was never expected: in twenty seconds they have a place, and are in."""

import json
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from organizer.audit.service import record
from organizer.checkin import claims, walk_ins
from organizer.checkin.annulling import annul_entries
from organizer.checkin.answers import micros
from organizer.checkin.models import CheckIn, Scan
from organizer.checkin.scanning import KeyReused, door_hours
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.ticketing import CheckInMethod, RefusalReason, ScanResult
from organizer.domain.vocabulary import VOCABULARY_VERSION
from organizer.errors import NotFound, Refused
from organizer.events import seats
from organizer.events.models import Event
from organizer.events.service import domain_targets, targets_of
from organizer.people.models import Person
from organizer.people.service import create_person, domain_profile
from organizer.registrations import placing, tickets
from organizer.registrations.admitting import OverReason, full_of
from organizer.registrations.answers import application_of
from organizer.registrations.models import Registration
from organizer.tokens import digest


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What is asked of somebody at the door."""

    name: str
    company: str
    wish: str = ""
    reading: str = ""

    @property
    def request_hash(self) -> str:
        """The same for the same words."""
        return digest(json.dumps([CheckInMethod.WALK_IN, *astuple(self)]))


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who stands at the door: a member (`by_id`), a device, or both. Hosts may decide on one seat more."""

    by_id: int | None
    device_id: int | None = None
    is_host: bool = False
    door: str = ""


def walk_in(
    session: Session,
    event: Event,
    newcomer: Newcomer,
    key: str,
    keeper: Keeper,
    *,
    now: datetime,
    secret_key: str,
    over: bool = False,
) -> Registration:
    """The registration of somebody who is in from now on, with ticket and claim; the same key gives the same again.

    `over`: a host says yes to one seat more. Raises Refused (RefusalReason when the door is closed, Full with its keys
    when the house is), KeyReused for a key that came with other words; then nothing has been written.
    """
    with session.begin_nested():
        scan = _claim_key(session, event, newcomer, key, keeper, now)
        if scan.registration_id is not None:
            return _registration(session, scan.registration_id)
        scan.at = _arrived_at(event, keeper, now)
        registration = _registered(session, event, newcomer, keeper, now)
        raised = _sit(session, event, registration, keeper, over, now)
        tickets.issue(session, registration, now, secret_key)
        claims.make(session, registration, now, secret_key)
        _conclude(session, event, scan, registration, raised)
        facts = {"event": event.id, "device": keeper.device_id, "over": bool(raised)}
        _record(session, "registration.walked_in", registration, keeper.by_id, now, **facts)
    return registration


def undo(session: Session, event: Event, registration: Registration, keeper: Keeper, now: datetime) -> bool:
    """Take a walk-in back whole: check-in, place, seat and link. False once somebody has made it their own.

    Whoever claims it locks the claim first, and so does this. NotFound for registrations that are no walk-in.
    """
    if registration.source != walk_ins.SOURCE:
        raise NotFound
    claim = claims.of_registration(session, registration.id)
    if claim is not None:
        session.refresh(claim, with_for_update=True)
    session.refresh(registration, ["state", "counted", "person_id"], with_for_update=True)
    person = session.get_one(Person, registration.person_id, populate_existing=True)
    scan = walk_ins.scan_of(session, registration.id)
    unclaimed = walk_ins.is_unclaimed(registration, person)
    if registration.state is not RegistrationState.ADMITTED or not unclaimed or scan is None:
        return False
    annul_entries(session, registration.id, now=now, by_id=keeper.by_id)
    registration.state, registration.cancelled_at = RegistrationState.CANCELLED, now
    placing.give_back(session, registration)
    _lower(session, event, scan, keeper, now)
    tickets.revoke(session, registration, now, by_id=keeper.by_id)
    if claim is not None:
        claims.settle(claim, now)
    _record(session, "registration.walk_in_undone", registration, keeper.by_id, now, event=event.id)
    session.flush()
    return True


def _claim_key(
    session: Session, event: Event, newcomer: Newcomer, key: str, keeper: Keeper, now: datetime
) -> Scan:
    """The entry of this key in the log: the key comes first, and tells a repeated press from a new person."""
    scan = Scan(
        circle_id=event.circle_id,
        event_id=event.id,
        key=key,
        request_hash=newcomer.request_hash,
        method=CheckInMethod.WALK_IN,
        by_id=keeper.by_id,
        device_id=keeper.device_id,
        door=keeper.door,
        at=now,
        received_at=now,
    )
    try:
        with session.begin_nested():
            session.add(scan)
    except IntegrityError:
        told = session.scalars(select(Scan).where(Scan.event_id == event.id, Scan.key == key)).one()
        if told.request_hash != newcomer.request_hash or told.registration_id is None:
            raise KeyReused from None
        return told
    return scan


def _arrived_at(event: Event, keeper: Keeper, now: datetime) -> datetime:
    """Now, while the door is open; a host may add afterwards who was there, and they came when it began."""
    opens, closes = door_hours(event.starts_at, event.ends_at, event.doors_open_at)
    if event.state is EventState.CANCELLED:
        raise Refused(RefusalReason.EVENT_CANCELLED)
    if event.state is EventState.DRAFT or now < opens:
        raise Refused(RefusalReason.NOT_YET_OPEN)
    if now < closes:
        return now
    if not keeper.is_host:
        raise Refused(RefusalReason.EVENT_OVER)
    return event.starts_at


def _registered(
    session: Session, event: Event, newcomer: Newcomer, keeper: Keeper, now: datetime
) -> Registration:
    """The person and their registration, which has no seat yet."""
    person = create_person(session, None, now=now, name=newcomer.name, reading=newcomer.reading)
    person.profile.company = newcomer.company
    registration = Registration(
        circle_id=event.circle_id,
        event_id=event.id,
        person_id=person.id,
        state=RegistrationState.ADMITTED,
        answers=application_of({"wish_words": newcomer.wish}).to_answers(),
        profile=domain_profile(person, first_timer=True).to_data(),
        vocabulary_version=VOCABULARY_VERSION,
        listed=False,
        first_time=True,
        counted=[],
        applied_at=now,
        decided_at=now,
        decided_by_id=keeper.by_id,
        source=walk_ins.SOURCE,
    )
    registration.person, registration.event = person, event
    session.add(registration)
    session.flush()
    return registration


def _sit(
    session: Session, event: Event, registration: Registration, keeper: Keeper, over: bool, now: datetime
) -> list[str]:
    """Take a seat, or make one where a host says so; gives the counters it was made in."""
    targets = domain_targets(targets_of(session, event.id))
    full, raised = placing.take_best(session, registration, targets), list[str]()
    if full and over and keeper.is_host and keeper.by_id is not None:
        reason = OverReason.EXTRA_SEAT.value
        seats.raise_caps(session, event, full, by_id=keeper.by_id, now=now, reason=reason)
        raised, full = full, placing.take_best(session, registration, targets)
    if full:
        raise Refused(full_of(full, placing.always(registration, targets)), keys=full)
    session.flush()
    return raised


def _conclude(
    session: Session, event: Event, scan: Scan, registration: Registration, raised: list[str]
) -> None:
    """Write the arrival, and into the log what came of the scan."""
    check_in = CheckIn(
        circle_id=event.circle_id,
        event_id=event.id,
        registration_id=registration.id,
        scan_id=scan.id,
        method=CheckInMethod.WALK_IN,
        by_id=scan.by_id,
        device_id=scan.device_id,
        door=scan.door,
        at=scan.at,
    )
    session.add(check_in)
    session.flush()
    scan.registration_id, scan.result, scan.entered = registration.id, ScanResult.ADMITTED, True
    scan.facts = {"at": micros(scan.at), "raised": raised}
    session.flush()


def _lower(session: Session, event: Event, scan: Scan, keeper: Keeper, now: datetime) -> None:
    raised = scan.facts.get("raised") or []
    by_id = keeper.by_id if keeper.by_id is not None else scan.by_id
    if raised and by_id is not None:
        placing.lower_caps(session, event, raised, by_id=by_id, now=now)


def _registration(session: Session, registration_id: int) -> Registration:
    query = select(Registration).options(joinedload(Registration.person).joinedload(Person.profile))
    return session.scalars(query.where(Registration.id == registration_id)).one()


def _record(
    session: Session, act: str, row: Registration, by_id: int | None, now: datetime, **facts: object
) -> None:
    known = {name: fact for name, fact in facts.items() if fact is not None}
    record(session, act, "registration", row.id, at=now, actor_id=by_id, circle_id=row.circle_id, **known)
