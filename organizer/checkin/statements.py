"""The statements of a scan, built once: at the door every one of them counts."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Insert,
    Integer,
    Select,
    String,
    bindparam,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import JSON

from organizer.checkin import devices, headcount
from organizer.checkin.headcount import ENOUGH, EVENT_ID
from organizer.checkin.models import CheckIn, Device, DoorNote, FeePayment, Scan
from organizer.circles import tokens
from organizer.circles.models import ApiToken, Membership
from organizer.circles.service import holds
from organizer.db import Code, UtcDateTime
from organizer.domain.door import DeviceKind, TokenScope
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.roles import Right
from organizer.domain.ticketing import CheckInMethod, Flag, ScanResult
from organizer.events.models import Event
from organizer.people.models import Person, Profile, SignIn
from organizer.registrations.models import Registration, Ticket


class Means(StrEnum):
    """By what a caller at the door is known."""

    SIGN_IN = "sign_in"
    DEVICE = "device"
    TOKEN = "token"  # noqa: S105  a word, no secret


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
    "offline": bindparam("offline", type_=Boolean()),
    "confirmed": bindparam("confirmed", type_=Boolean()),
}
_WHO = ("circle_id", "event_id", "by_id", "device_id")
_ONCE = ["circle_id", "event_id", "key"]
_CLAIMED = (Scan.id, Scan.event_id, Scan.circle_id, Scan.by_id, Scan.device_id)
_NOW = bindparam("received_at", type_=_MOMENT)
_EVENT = bindparam("event", type_=String(22))
_MAY_SCAN = holds(Right.SCAN)
_SIGNED_IN = (
    SignIn.reference_hash == bindparam("secret_hash", type_=String(64)),
    SignIn.ended_at.is_(None),
    SignIn.expires_at > _NOW,
    Person.merged_into_id.is_(None),
)
_DEVICE = Device.token_hash == bindparam("secret_hash", type_=String(64)), devices.lives(_NOW)
_TOKEN = ApiToken.token_hash == bindparam("secret_hash", type_=String(64)), tokens.lives(_NOW)


def _claim_for(source: Any) -> Callable[[Callable[[Any], Any]], Insert]:
    """An INSERT of the scan's row for whom `source` finds; it gives the four ids of `_WHO`."""

    def build(insert: Callable[[Any], Any]) -> Insert:
        asked = source.add_columns(*_ASKED.values())
        guarded = insert(Scan).from_select([*_WHO, *_ASKED], asked)
        return guarded.on_conflict_do_nothing(index_elements=_ONCE).returning(*_CLAIMED)  # type: ignore[no-any-return]

    return build


def _claim(insert: Callable[[Any], Any]) -> Insert:
    ids: dict[str, Any] = {name: bindparam(name) for name in _WHO}
    guarded = insert(Scan).values(**ids, **_ASKED)
    return guarded.on_conflict_do_nothing(index_elements=_ONCE).returning(*_CLAIMED)  # type: ignore[no-any-return]


def arriving(insert: Callable[[Any], Any]) -> Any:
    """An INSERT of the check-in of somebody who is admitted at this instant, with nothing said of a second one."""
    given = ("scan_id", "method", "by_id", "device_id", "door", "at", "flagged")
    columns = CheckIn.__table__.c
    # Who cancels at this instant holds the row: we wait for them, and then nobody is admitted any more.
    admitted = (
        select(
            Registration.circle_id,
            Registration.event_id,
            Registration.id,
            *(bindparam(name, type_=columns[name].type) for name in given),
        )
        .where(
            Registration.id == bindparam("registration_id", type_=Integer()),
            Registration.state == RegistrationState.ADMITTED,
        )
        .with_for_update(read=True)
    )
    return insert(CheckIn).from_select(["circle_id", "event_id", "registration_id", *given], admitted)


def _arrive(insert: Callable[[Any], Any]) -> Insert:
    new = arriving(insert)
    # The loser of a race is handed the winner's row: this changes nothing in it.
    guarded = new.on_conflict_do_update(
        index_elements=["circle_id", "registration_id"],
        index_where=CheckIn.voided_at.is_(None),
        set_={"registration_id": new.excluded.registration_id},
    )
    return guarded.returning(CheckIn.id, CheckIn.scan_id, CheckIn.at, CheckIn.door)  # type: ignore[no-any-return]


def _by_dialect(build: Callable[[Callable[[Any], Any]], Insert]) -> dict[str, Insert]:
    return {name: build(insert) for name, insert in _DIALECTS.items()}


_BY_SIGN_IN = (
    select(Event.circle_id, Event.id, Membership.person_id, null().cast(Integer()))
    .select_from(SignIn)
    .join(Person, Person.id == SignIn.person_id)
    .join(Membership, Membership.person_id == Person.id)
    .join(Event, Event.circle_id == Membership.circle_id)
    .where(*_SIGNED_IN, Event.public_id == _EVENT, _MAY_SCAN)
)
_BY_DEVICE = (
    select(Device.circle_id, Device.event_id, Device.person_id, Device.id)
    .join(Event, Event.id == Device.event_id)
    .where(*_DEVICE, Event.public_id == _EVENT, Device.kind != DeviceKind.KIOSK)
)
_BY_TOKEN = (
    select(Event.circle_id, Event.id, ApiToken.person_id, null().cast(Integer()))
    .select_from(ApiToken)
    .join(Event, Event.circle_id == ApiToken.circle_id)
    .where(*_TOKEN, ApiToken.scope == TokenScope.DOOR, Event.public_id == _EVENT)
)
CLAIM_BY: Final[dict[Means, dict[str, Insert]]] = {
    Means.SIGN_IN: _by_dialect(_claim_for(_BY_SIGN_IN)),
    Means.DEVICE: _by_dialect(_claim_for(_BY_DEVICE)),
    Means.TOKEN: _by_dialect(_claim_for(_BY_TOKEN)),
}
"""Insert a scan's row for whoever has this secret, if they may scan there and the key is new. By dialect."""

CLAIM: Final = _by_dialect(_claim)
"""Insert a scan's row for a caller already known to be right; nothing when the key is there. By dialect."""

ARRIVE: Final = _by_dialect(_arrive)
"""Insert the check-in of somebody who is admitted at this instant; gives it, or the one that stood before. By dialect.

Nothing where the registration is not admitted any more.
"""

_TOLD = (
    Scan.id,
    Scan.request_hash,
    Scan.registration_id,
    Scan.result,
    Scan.reason,
    Scan.facts,
    Scan.card,
    Scan.entered,
    Scan.annulled_at,
)


def _why_not(source: Any, scope: Any) -> Select[Any]:
    """One row for a living secret: with the event it may scan at, if it is this one, and the scan that had the key."""
    told = (Scan.circle_id == Event.circle_id) & (Scan.event_id == Event.id) & (Scan.key == bindparam("key"))
    return (  # type: ignore[no-any-return]
        source.add_columns(Event.id.label("event_id"), scope.label("scope"), *_TOLD)
        .outerjoin(Scan, told)
        .order_by(Event.id.is_(None))
        .limit(1)
    )


WHY_NOT: Final[dict[Means, Select[Any]]] = {
    Means.SIGN_IN: _why_not(
        select()
        .select_from(SignIn)
        .join(Person, Person.id == SignIn.person_id)
        .outerjoin(Membership, (Membership.person_id == Person.id) & _MAY_SCAN)
        .outerjoin(Event, (Event.circle_id == Membership.circle_id) & (Event.public_id == _EVENT))
        .where(*_SIGNED_IN),
        literal(TokenScope.DOOR.value),
    ),
    Means.DEVICE: _why_not(
        select()
        .select_from(Device)
        .outerjoin(
            Event,
            (Event.id == Device.event_id) & (Event.public_id == _EVENT) & (Device.kind != DeviceKind.KIOSK),
        )
        .where(*_DEVICE),
        literal(TokenScope.DOOR.value),
    ),
    Means.TOKEN: _why_not(
        select()
        .select_from(ApiToken)
        .outerjoin(Event, (Event.circle_id == ApiToken.circle_id) & (Event.public_id == _EVENT))
        .where(*_TOKEN),
        ApiToken.scope,
    ),
}
"""Why no row was inserted: no row here (a secret that is dead), no event (a stranger), another scope, or the scan that
had the key before."""

TOLD: Final = select(*_TOLD).where(
    Scan.circle_id == bindparam("circle_id"), Scan.event_id == EVENT_ID, Scan.key == bindparam("key")
)
"""What was answered to a key."""

_STANDING = (CheckIn.registration_id == Registration.id) & CheckIn.voided_at.is_(None)
_PAID = (FeePayment.registration_id == Registration.id) & FeePayment.voided_at.is_(None)
_NOTED = (DoorNote.registration_id == Registration.id) & DoorNote.voided_at.is_(None)
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
    Ticket.number,
    CheckIn.at.label("first_at"),
    CheckIn.door.label("first_door"),
    FeePayment.id.label("payment_id"),
    DoorNote.words.label("note"),
    Registration.public_id,
    Registration.first_time,
    Registration.introducer,
    Person.name,
    Person.reading,
    Profile.company,
    headcount.arrived(ENOUGH).label("arrived"),
    headcount.expected(ENOUGH).label("expected"),
).where(Event.id == EVENT_ID)


@dataclass(frozen=True, slots=True)
class Seeing:
    """All that must be known to decide, in one statement; of another event's ticket no more than that it is one.

    `by_registration` is for somebody found by name, who need have no ticket.
    """

    by_code: Any
    by_registration: Any


def seeing(table: ColumnElement[Any] | None = None) -> Seeing:
    """The two statements; `table` gives the number of the table at which a registration's person is to sit, or NULL."""
    seen = _SEEN.add_columns((null().cast(Integer()) if table is None else table).label("table_number"))
    by_ticket = seen.select_from(Event).outerjoin(Ticket, Ticket.code_hash == bindparam("code_hash"))
    by_name = seen.select_from(Event).outerjoin(
        Registration,
        (Registration.public_id == bindparam("registration")) & (Registration.event_id == Event.id),
    )
    return Seeing(
        _with_person(
            by_ticket.outerjoin(
                Registration, (Registration.id == Ticket.registration_id) & (Ticket.event_id == Event.id)
            )
        ),
        _with_person(
            by_name.outerjoin(
                Ticket, (Ticket.registration_id == Registration.id) & Ticket.revoked_at.is_(None)
            )
        ),
    )


def _with_person(seen: Any) -> Any:
    people = seen.outerjoin(Person, Person.id == Registration.person_id).outerjoin(
        Profile, Profile.person_id == Person.id
    )
    people = people.outerjoin(CheckIn, _STANDING).outerjoin(FeePayment, _PAID)
    return people.outerjoin(DoorNote, _NOTED)


CONCLUDE: Final = (
    update(Scan)
    .where(Scan.id == bindparam("scan_id"))
    .values(
        registration_id=bindparam("registration_id"),
        result=bindparam("result", type_=Code(ScanResult)),
        reason=bindparam("reason"),
        facts=bindparam("facts", type_=JSON()),
        card=bindparam("card", type_=JSON(none_as_null=True)),
        entered=bindparam("entered"),
        flagged=bindparam("flagged", type_=Code(Flag)),
    )
)
"""Write into the scan's row what was decided."""

SCAN: Final = select(*_CLAIMED).where(Scan.id == bindparam("scan_id"))
"""The ids of a scan that is there already."""
