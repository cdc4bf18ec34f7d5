"""The floor: the least Flask and SQLAlchemy Core app that makes a scan's checks. Ours is measured against it.

The same tables, the same decision, one transaction of four statements, on the same engine (SQLite with its queue for
writers). Who asks is known as there: by a device's token, with one lookup by its hash, or by the same signed cookie and
the same token against forged requests. No house around it: no rooms, no languages, no headers, no limits.
"""

import hmac
import os
from datetime import datetime
from typing import Any

from flask import Flask, Response, abort, jsonify, request, session
from sqlalchemy import Connection, Row, bindparam, func, insert, null, select
from sqlalchemy.dialects import postgresql, sqlite

from organizer.checkin.models import CheckIn, Device, FeePayment, Scan
from organizer.circles.models import Membership
from organizer.clock import follow, now
from organizer.db import Database
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.roles import Right, roles_with
from organizer.domain.ticketing import (
    CheckInMethod,
    EventFacts,
    ScanResult,
    TicketFacts,
    decide,
    door_times,
    find_code,
)
from organizer.events.models import Event
from organizer.people.models import Person, Profile, SignIn
from organizer.registrations.models import Registration, Ticket
from organizer.tokens import digest

EVENT = ("id", "circle_id", "state", "starts_at", "ends_at", "fee_yen")
WHO = (
    select(
        Membership.person_id,
        null().label("device_id"),
        *(Event.__table__.c[name] for name in EVENT),
    )
    .select_from(SignIn)
    .join(Person, Person.id == SignIn.person_id)
    .join(Membership, Membership.person_id == Person.id)
    .join(Event, Event.circle_id == Membership.circle_id)
    .where(
        SignIn.reference_hash == bindparam("reference"),
        SignIn.ended_at.is_(None),
        SignIn.expires_at > bindparam("now"),
    )
    .where(Person.merged_into_id.is_(None), Event.public_id == bindparam("event"))
    .where(Membership.role.in_(sorted(roles_with(Right.SCAN))))
)
DEVICE = (
    select(
        Device.person_id,
        Device.id.label("device_id"),
        *(Event.__table__.c[name] for name in EVENT),
    )
    .select_from(Device)
    .join(Event, Event.id == Device.event_id)
    .where(
        Device.token_hash == bindparam("token"),
        Device.revoked_at.is_(None),
        Device.expires_at > bindparam("now"),
        Event.public_id == bindparam("event"),
    )
)
SEEN = (
    select(
        Ticket.event_id,
        Ticket.revoked_at,
        Ticket.number,
        Registration.id,
        Registration.public_id,
        Registration.state,
        Registration.first_time,
        Registration.introducer,
        Person.name,
        Person.reading,
        Profile.company,
        CheckIn.at.label("first_at"),
        CheckIn.door.label("first_door"),
        FeePayment.id.label("payment"),
        select(func.count())
        .where(CheckIn.event_id == Ticket.event_id, CheckIn.voided_at.is_(None))
        .correlate(Ticket)
        .scalar_subquery()
        .label("arrived"),
        select(func.count())
        .where(Registration.event_id == Ticket.event_id, Registration.state == RegistrationState.ADMITTED)
        .correlate(Ticket)
        .scalar_subquery()
        .label("expected"),
    )
    .select_from(Ticket)
    .join(Registration, Registration.id == Ticket.registration_id)
    .join(Person, Person.id == Registration.person_id)
    .outerjoin(Profile, Profile.person_id == Person.id)
    .outerjoin(CheckIn, (CheckIn.registration_id == Registration.id) & CheckIn.voided_at.is_(None))
    .outerjoin(FeePayment, (FeePayment.registration_id == Registration.id) & FeePayment.voided_at.is_(None))
    .where(Ticket.code_hash == bindparam("code"))
)


def create_app() -> Flask:
    """The floor's app, on the database the environment names."""
    follow(os.environ.get("ORGANIZER_NOW"))
    app = Flask(__name__)
    app.secret_key = os.environ["ORGANIZER_SECRET_KEY"]
    app.config["SESSION_COOKIE_NAME"] = "enishi"
    database = Database(os.environ["ORGANIZER_DATABASE_URL"])
    engine = database.engine.execution_options(writes=True)

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    @app.post("/api/v1/events/<event>/scans")
    def scan(event: str) -> Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token and not _is_ours():
            abort(400)
        body = request.get_json()
        key, code, door = body["key"], find_code(body["code"]), body.get("door", "")
        happened = datetime.fromisoformat(body["at"]) if "at" in body else None
        if not isinstance(key, str) or not isinstance(door, str) or code is None:
            abort(422)
        with engine.begin() as connection:
            at = now()
            place = _place(connection, event, token, at)
            return jsonify(_scan(connection, place, key, code, (happened or at, at), door))

    return app


def _is_ours() -> bool:
    return hmac.compare_digest(request.headers.get("X-CSRFToken", ""), session.get("csrf_token", ""))


def _place(connection: Connection, event: str, token: str, at: datetime) -> Row[Any]:
    asked = {"now": at, "event": event}
    if token:
        place = connection.execute(DEVICE, asked | {"token": digest(token)}).one_or_none()
    else:
        place = connection.execute(WHO, asked | {"reference": digest(session["_user_id"])}).one_or_none()
    if place is None:
        abort(404)
    return place


def _scan(
    connection: Connection, place: Row[Any], key: str, code: str, times: tuple[datetime, datetime], door: str
) -> dict[str, Any]:
    at, received = times
    seen = connection.execute(SEEN, {"code": digest(code)}).one_or_none()
    ticket = seen and TicketFacts(
        seen.event_id, seen.state, seen.revoked_at is not None, seen.first_at, seen.first_door or ""
    )
    decision = decide(
        ticket, EventFacts(place.id, place.state, *door_times(place.starts_at, place.ends_at)), at
    )
    ids = {
        "circle_id": place.circle_id,
        "event_id": place.id,
        "by_id": place.person_id,
        "device_id": place.device_id,
        "method": CheckInMethod.SCAN,
        "at": at,
    }
    if decision.result is ScanResult.ADMITTED and seen:
        made = (
            _guarded(connection, CheckIn)
            .values(registration_id=seen.id, door=door, **ids)
            .returning(CheckIn.id)
        )
        if connection.execute(made.on_conflict_do_nothing()).one_or_none() is None:
            abort(409)
    told = {
        "key": key,
        "request_hash": digest(code),
        "result": decision.result,
        "reason": decision.reason,
        "received_at": received,
    }
    kept = _guarded(connection, Scan).values(
        registration_id=seen.id if seen else None, door=door, facts={}, offline=False, **told, **ids
    )
    connection.execute(kept.on_conflict_do_nothing())
    return {
        "result": decision.result,
        "reason": decision.reason,
        "registration": seen and _card(seen, place.fee_yen),
    }


def _guarded(connection: Connection, table: type[CheckIn] | type[Scan]) -> Any:
    dialects = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    return dialects.get(connection.dialect.name, insert)(table)


def _card(seen: Row[Any], fee: int) -> dict[str, Any]:
    return {
        "id": seen.public_id,
        "name": seen.name,
        "reading": seen.reading,
        "company": seen.company,
        "first_time": seen.first_time,
        "introducer": seen.introducer,
        "fee_due": 0 if seen.payment else fee,
        "number": seen.number,
        "count": [seen.arrived + 1, seen.expected],
    }
