"""The statements of a scan, built once: at the door every one of them counts."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Insert, Integer, String, bindparam, false, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import JSON

from organizer.checkin.models import CheckIn, FeePayment, Scan
from organizer.circles.models import Membership
from organizer.db import Code, UtcDateTime
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.roles import Right, roles_with
from organizer.domain.ticketing import CheckInMethod, ScanResult
from organizer.events.models import Event
from organizer.people.models import Person, Profile, SignIn
from organizer.registrations.models import Registration, Ticket

EVENT_ID: Final = bindparam("event_id", type_=Integer())
_DIALECTS: Final[dict[str, Callable[[Any], Any]]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_MOMENT = UtcDateTime()

_ASKED: Final[dict[str, Any]] = {
    "key": bindparam("key", type_=String(64)),
    "request_hash": bindparam("request_hash", type_=String(64)),
    "method": bindparam("method", type_=Code(CheckInMethod)),
    "door": bindparam("door", type_=String(40)),
    "facts": bindparam("facts", {}, type_=JSON()),
    "at": bindparam("at", type_=_MOMENT),
    "received_at": bindparam("received_at", type_=_MOMENT),
}
_ONCE = ["circle_id", "event_id", "key"]
_CLAIMED = (Scan.id, Scan.event_id, Scan.circle_id, Scan.by_id)


def _claim_by_sign_in(insert: Callable[[Any], Any]) -> Insert:
    source = (
        select(Event.circle_id, Event.id, Membership.person_id, *_ASKED.values(), false())
        .select_from(SignIn)
        .join(Person, Person.id == SignIn.person_id)
        .join(Membership, Membership.person_id == Person.id)
        .join(Event, Event.circle_id == Membership.circle_id)
        .where(
            *_SIGNED_IN,
            Event.public_id == bindparam("event", type_=String(22)),
            Membership.role.in_(_MAY_SCAN),
        )
    )
    columns = ["circle_id", "event_id", "by_id", *_ASKED, "offline"]
    guarded = insert(Scan).from_select(columns, source).on_conflict_do_nothing(index_elements=_ONCE)
    return guarded.returning(*_CLAIMED)  # type: ignore[no-any-return]


def _claim(insert: Callable[[Any], Any]) -> Insert:
    ids: dict[str, Any] = {name: bindparam(name) for name in ("circle_id", "event_id", "by_id")}
    guarded = insert(Scan).values(**ids, **_ASKED, offline=False)
    return guarded.on_conflict_do_nothing(index_elements=_ONCE).returning(*_CLAIMED)  # type: ignore[no-any-return]


def _arrive(insert: Callable[[Any], Any]) -> Insert:
    names = (
        "circle_id",
        "event_id",
        "registration_id",
        "scan_id",
        "method",
        "by_id",
        "door",
        "at",
        "flagged",
    )
    arriving = insert(CheckIn).values(
        **{name: bindparam(name, type_=CheckIn.__table__.c[name].type) for name in names}
    )
    # The loser of a race is handed the winner's row: this changes nothing in it.
    guarded = arriving.on_conflict_do_update(
        index_elements=["circle_id", "registration_id"],
        index_where=CheckIn.voided_at.is_(None),
        set_={"registration_id": arriving.excluded.registration_id},
    )
    return guarded.returning(CheckIn.id, CheckIn.scan_id, CheckIn.at, CheckIn.door)  # type: ignore[no-any-return]


_MAY_SCAN = sorted(roles_with(Right.SCAN))
_SIGNED_IN = (
    SignIn.reference_hash == bindparam("reference_hash", type_=String(64)),
    SignIn.ended_at.is_(None),
    SignIn.expires_at > bindparam("received_at", type_=_MOMENT),
    Person.merged_into_id.is_(None),
)

CLAIM_BY_SIGN_IN: Final = {name: _claim_by_sign_in(insert) for name, insert in _DIALECTS.items()}
"""Insert a scan's row for whoever this sign-in is, if they may scan there and the key is new. By dialect."""

CLAIM: Final = {name: _claim(insert) for name, insert in _DIALECTS.items()}
"""Insert a scan's row for a person already known to be right; nothing when the key is there. By dialect."""

ARRIVE: Final = {name: _arrive(insert) for name, insert in _DIALECTS.items()}
"""Insert the check-in that stands; gives it, or the one that was there before. By dialect."""

WHY_NOT: Final = (
    select(
        Event.id.label("event_id"),
        *(Scan.__table__.c[name] for name in ("request_hash", "registration_id", "result")),
    )
    .add_columns(Scan.reason, Scan.facts)
    .select_from(SignIn)
    .join(Person, Person.id == SignIn.person_id)
    .outerjoin(Membership, (Membership.person_id == Person.id) & Membership.role.in_(_MAY_SCAN))
    .outerjoin(Event, (Event.circle_id == Membership.circle_id) & (Event.public_id == bindparam("event")))
    .outerjoin(
        Scan,
        (Scan.circle_id == Event.circle_id) & (Scan.event_id == Event.id) & (Scan.key == bindparam("key")),
    )
    .where(*_SIGNED_IN)
    .order_by(Event.id.is_(None))
    .limit(1)
)
"""Why no row was inserted: no row here (not signed in), no event (a stranger), or the scan that had the key before."""

TOLD: Final = select(Scan.request_hash, Scan.registration_id, Scan.result, Scan.reason, Scan.facts).where(
    Scan.circle_id == bindparam("circle_id"), Scan.event_id == EVENT_ID, Scan.key == bindparam("key")
)
"""What was answered to a key."""

ARRIVED: Final = (
    select(func.count()).where(CheckIn.event_id == EVENT_ID, CheckIn.voided_at.is_(None)).scalar_subquery()
)
EXPECTED: Final = (
    select(func.count())
    .where(Registration.event_id == EVENT_ID, Registration.state == RegistrationState.ADMITTED)
    .scalar_subquery()
)

_STANDING = (CheckIn.registration_id == Registration.id) & CheckIn.voided_at.is_(None)
_PAID = (FeePayment.registration_id == Registration.id) & FeePayment.voided_at.is_(None)
_PERSON = (
    Registration.public_id,
    Registration.first_time,
    Registration.introducer,
    Person.name,
    Person.reading,
    Profile.company,
    Ticket.number,
)
_SEEN: Final[Any] = select(
    Event.state.label("event_state"),
    Event.starts_at,
    Event.ends_at,
    Event.doors_open_at,
    Event.fee_yen,
    Registration.id.label("registration_id"),
    Registration.state,
    Ticket.event_id.label("ticket_event_id"),
    Ticket.revoked_at,
    CheckIn.id.label("first_id"),
    CheckIn.at.label("first_at"),
    CheckIn.door.label("first_door"),
    FeePayment.id.label("payment_id"),
    ARRIVED.label("arrived"),
    EXPECTED.label("expected"),
    *_PERSON,
).where(Event.id == EVENT_ID)


def _with_person(seen: Any) -> Any:
    people = seen.outerjoin(Person, Person.id == Registration.person_id).outerjoin(
        Profile, Profile.person_id == Person.id
    )
    return people.outerjoin(CheckIn, _STANDING).outerjoin(FeePayment, _PAID)


SEE_BY_CODE: Final = _with_person(
    _SEEN.select_from(Event)
    .outerjoin(Ticket, Ticket.code_hash == bindparam("code_hash"))
    .outerjoin(Registration, (Registration.id == Ticket.registration_id) & (Ticket.event_id == Event.id))
)
"""All that must be known to decide on a code; of another event's ticket no more than that it is one."""

SEE_BY_REGISTRATION: Final = _with_person(
    _SEEN.select_from(Event)
    .outerjoin(
        Registration,
        (Registration.public_id == bindparam("registration")) & (Registration.event_id == Event.id),
    )
    .outerjoin(Ticket, (Ticket.registration_id == Registration.id) & Ticket.revoked_at.is_(None))
)
"""The same for somebody found by name; there need be no ticket."""

RECALL: Final = (
    select(CheckIn.at.label("first_at"), CheckIn.door.label("first_door"), *_PERSON)
    .select_from(Registration)
    .join(Person, Person.id == Registration.person_id)
    .outerjoin(Profile, Profile.person_id == Person.id)
    .outerjoin(Ticket, (Ticket.registration_id == Registration.id) & Ticket.revoked_at.is_(None))
    .outerjoin(CheckIn, CheckIn.id == bindparam("first_id"))
    .where(Registration.id == bindparam("registration_id"))
)
"""What an answer told once is rendered from again, beside its facts."""

CONCLUDE: Final = (
    update(Scan)
    .where(Scan.id == bindparam("scan_id"))
    .values(
        registration_id=bindparam("registration_id"),
        result=bindparam("result", type_=Code(ScanResult)),
        reason=bindparam("reason"),
        facts=bindparam("facts", type_=JSON()),
    )
)
"""Write into the scan's row what was decided."""
