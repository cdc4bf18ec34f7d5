"""The list a phone keeps to decide alone: who may come in, known by the hash of the ticket's code."""

import base64
import hashlib
import json
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Row, exists, or_, select
from sqlalchemy.orm import Session

from organizer.checkin.devices import AFTERWARDS
from organizer.checkin.headcount import EVENT_ID
from organizer.checkin.models import CheckIn, Device, DoorNote, FeePayment
from organizer.checkin.scanning import door_hours
from organizer.domain.folding import fold
from organizer.domain.lifecycle import RegistrationState
from organizer.events.models import Event
from organizer.people.models import Person, Profile
from organizer.registrations.models import Registration, Ticket
from organizer.registrations.tickets import code_of

IV_BYTES = 12
Listed = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class DoorList:
    """The list, and its version: another one whenever anything in it has changed."""

    version: str
    event: dict[str, Any]
    device: dict[str, Any] | None
    wipe_at: datetime
    people: Sequence[dict[str, Any]]


def people_of(table: ColumnElement[Any]) -> Any:
    """The statement that reads everybody admitted, and whoever else holds a ticket, by event; `table` as in a scan."""
    has_ticket = exists().where(Ticket.registration_id == Registration.id)
    return (
        select(
            Registration.id.label("row_id"),
            Registration.public_id,
            Registration.state,
            Registration.first_time,
            Registration.introducer,
            Person.name,
            Person.reading,
            Profile.company,
            FeePayment.id.label("payment_id"),
            CheckIn.at,
            CheckIn.door,
            DoorNote.words.label("note"),
            table.label("table_number"),
        )
        .select_from(Registration)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Profile, Profile.person_id == Person.id)
        .outerjoin(CheckIn, (CheckIn.registration_id == Registration.id) & CheckIn.voided_at.is_(None))
        .outerjoin(
            FeePayment, (FeePayment.registration_id == Registration.id) & FeePayment.voided_at.is_(None)
        )
        .outerjoin(DoorNote, (DoorNote.registration_id == Registration.id) & DoorNote.voided_at.is_(None))
        .where(Registration.event_id == EVENT_ID)
        .where(or_(Registration.state == RegistrationState.ADMITTED, has_ticket))
    )


def door_list(
    session: Session, event: Event, device: Device | None, people: Any, *, sees_list: bool, secret_key: str
) -> DoorList:
    """The list for one caller. Two statements, however many people.

    Who may not see it gets cards that are sealed, each with a key that only the ticket's own code gives.
    """
    rows = session.execute(people, {"event_id": event.id}).all()
    tickets: dict[int, list[Ticket]] = defaultdict(list)
    for ticket in session.scalars(select(Ticket).where(Ticket.event_id == event.id).order_by(Ticket.id)):
        tickets[ticket.registration_id].append(ticket)
    listed = sorted(rows, key=lambda row: (fold(row.reading or row.name), row.row_id))
    plain = [
        _card(row, tickets[row.row_id], event.fee_yen) | _standing(row, tickets[row.row_id]) for row in listed
    ]
    about = _event(event)
    known = _device(device) if device else None
    version = _version([about, known, sees_list, plain])
    if not sees_list:
        plain = [
            _standing(row, tickets[row.row_id]) | _sealed(row, tickets[row.row_id], event, secret_key)
            for row in listed
        ]
    wipe_at = device.expires_at if device else event.ends_at + AFTERWARDS
    return DoorList(version, about, known, wipe_at, plain)


def _device(device: Device) -> dict[str, Any]:
    return {"id": device.public_id, "kind": device.kind.value, "name": device.name}


def _event(event: Event) -> dict[str, Any]:
    opens, closes = door_hours(event.starts_at, event.ends_at, event.doors_open_at)
    return {
        "id": event.public_id,
        "title": event.title,
        "state": event.state.value,
        "opens_at": opens.isoformat(),
        "closes_at": closes.isoformat(),
        "fee_yen": event.fee_yen,
        "time_zone": event.circle.time_zone,
    }


def _card(row: Listed, tickets: Sequence[Ticket], fee: int) -> dict[str, Any]:
    """What names somebody; as in a scan's answer."""
    return {
        "id": row.public_id,
        "name": row.name,
        "reading": row.reading,
        "company": row.company or "",
        "number": next((ticket.number for ticket in tickets if ticket.revoked_at is None), None),
        "first_time": row.first_time,
        "introducer": row.introducer,
        "fee_due": _fee_due(row, fee),
        "table": row.table_number,
        "note": row.note or "",
    }


def _standing(row: Listed, tickets: Sequence[Ticket]) -> dict[str, Any]:
    """What is decided by; it names nobody."""
    return {
        "state": row.state.value,
        "first_at": row.at.isoformat() if row.at else None,
        "first_door": row.door or None,
        "tickets": [
            {"hash": ticket.code_hash, "revoked": ticket.revoked_at is not None} for ticket in tickets
        ],
    }


def _fee_due(row: Listed, fee: int) -> int:
    return 0 if row.payment_id or row.state is not RegistrationState.ADMITTED else fee


def _sealed(row: Listed, tickets: Sequence[Ticket], event: Event, secret_key: str) -> dict[str, Any]:
    """The card for whoever has the code of the standing ticket; None of those who have none."""
    due = _fee_due(row, event.fee_yen)
    standing = next((ticket for ticket in tickets if ticket.revoked_at is None), None)
    try:
        code = code_of(standing, secret_key) if standing else None
    except ValueError:  # sealed under another secret: this phone asks the server for this one
        code = None
    if code is None:
        return {"fee_due": due, "sealed": None}
    card = json.dumps(_card(row, tickets, event.fee_yen), ensure_ascii=False).encode()
    iv = secrets.token_bytes(IV_BYTES)
    data = AESGCM(card_key(code)).encrypt(iv, card, None)
    parts = {"iv": base64.b64encode(iv).decode(), "data": base64.b64encode(data).decode()}
    return {"fee_due": due, "sealed": parts}


def card_key(code: str) -> bytes:
    """The key of a sealed card, from its ticket's code."""
    return hashlib.sha256(b"enishi card\0" + code.encode()).digest()


def _version(facts: object) -> str:
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()[:32]
