"""Taking scans back: by who made them or a host; the row stays, and an entry that is left counts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from organizer.audit.models import AuditEntry
from organizer.checkin import conflicts, service
from organizer.checkin.annulling import NotYours, annul
from organizer.checkin.callers import Caller
from organizer.checkin.models import CheckIn, Device, Scan
from organizer.domain.ticketing import ScanResult
from organizer.errors import NotFound
from organizer.people.models import Person
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW

ONE, OTHER = "1" * 32, "2" * 32


@pytest.fixture
def evening(session: Session) -> Evening:
    return make_evening(session, 1)


def by(device: Device | None = None, person: Person | None = None, is_host: bool = False) -> Caller:
    return Caller(person.id if person else None, device, sees_list=True, is_host=is_host)


def standing(session: Session) -> list[tuple[Any, str]]:
    rows = session.execute(select(CheckIn.at, CheckIn.door).where(CheckIn.voided_at.is_(None)))
    return [(at, door) for at, door in rows]


def test_the_device_that_made_it_takes_it_back(evening: Evening) -> None:
    session, guest = evening.session, evening.guests[0]
    device, credential = evening.device()
    answer = evening.scan(guest.code, ONE, by=credential)
    assert annul(session, evening.event, ONE, by(device), NOW)
    assert not annul(session, evening.event, ONE, by(device), NOW)
    assert standing(session) == []
    row = session.scalars(select(Scan)).one()
    assert (row.result, row.annulled_at) == (ScanResult.ADMITTED, NOW)
    assert evening.scan(guest.code, ONE, by=credential) == answer
    assert standing(session) == []
    assert evening.scan(guest.code, OTHER, by=credential).result is ScanResult.ADMITTED
    acts = session.scalars(select(AuditEntry).where(AuditEntry.act == "scan.annulled")).all()
    assert [(act.subject_id, act.facts["device"]) for act in acts] == [(row.id, device.id)]


def test_nobody_else_does_but_a_host(evening: Evening) -> None:
    session = evening.session
    _, credential = evening.device()
    other, _ = evening.device()
    evening.scan(evening.guests[0].code, ONE, by=credential)
    for stranger in (by(other), by(person=evening.staff)):
        with pytest.raises(NotYours):
            annul(session, evening.event, ONE, stranger, NOW)
    for odd in ("x" * 32, ""):
        with pytest.raises(NotFound):
            annul(session, evening.event, odd, by(is_host=True), NOW)
    with pytest.raises(NotFound):
        annul(session, make_evening(session).event, ONE, by(is_host=True), NOW)
    assert len(standing(session)) == 1
    assert annul(session, evening.event, ONE, by(person=evening.owner, is_host=True), NOW)
    assert standing(session) == []


def test_a_member_takes_back_what_they_scanned_without_a_device(evening: Evening) -> None:
    evening.scan(evening.guests[0].code, ONE)
    with pytest.raises(NotYours):
        annul(evening.session, evening.event, ONE, by(person=evening.guests[0].person), NOW)
    assert annul(evening.session, evening.event, ONE, by(person=evening.staff), NOW)


def test_the_entry_that_is_left_counts(evening: Evening) -> None:
    session, code = evening.session, evening.guests[0].code
    (one, first), (other, second) = evening.device(), evening.device()
    at = NOW - timedelta(minutes=5)
    evening.scan(code, ONE, by=first, door="A", at=at, offline=True)
    evening.scan(code, OTHER, by=second, door="B", at=at + timedelta(minutes=2), offline=True)
    assert conflicts.number(session, evening.event.id) == 1
    annul(session, evening.event, ONE, by(one), NOW)
    assert standing(session) == [(at + timedelta(minutes=2), "B")]
    assert conflicts.number(session, evening.event.id) == 0
    annul(session, evening.event, OTHER, by(other), NOW)
    assert standing(session) == []


def test_undoing_takes_every_entry_back(evening: Evening) -> None:
    session, guest = evening.session, evening.guests[0]
    (_, first), (_, second) = evening.device(), evening.device()
    at = NOW - timedelta(minutes=5)
    evening.scan(guest.code, ONE, by=first, at=at, offline=True)
    evening.scan(guest.code, OTHER, by=second, at=at, offline=True)
    device, _ = evening.device()
    registration = guest.registration.public_id
    assert service.undo(session, evening.event, registration, now=NOW, by=None, device=device)
    assert not service.undo(session, evening.event, registration, now=NOW, by=evening.staff)
    assert standing(session) == []
    assert conflicts.conflicts(session, evening.event.id) == []
    act = session.scalars(select(AuditEntry).where(AuditEntry.act == "check_in.undone")).one()
    assert (act.actor_id, act.facts["device"]) == (None, device.id)


def test_a_refusal_is_taken_back_without_further_ado(evening: Evening) -> None:
    evening.scan("0" * 26, ONE)
    assert annul(evening.session, evening.event, ONE, by(is_host=True), NOW)


def delete(client: FlaskClient, evening: Evening, key: str, token: str = "") -> TestResponse:
    evening.session.commit()
    url = f"/api/v1/events/{evening.event.public_id}/scans/{key}"
    answer = client.delete(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    evening.session.expire_all()
    return answer


def test_by_the_api(client: FlaskClient, rows: Session, sign_in: Callable[[Person], FlaskClient]) -> None:
    evening = make_evening(rows, 1)
    (_, first), (_, second) = evening.device(), evening.device()
    evening.scan(evening.guests[0].code, ONE, by=first)
    assert delete(client, evening, ONE).status_code == 401
    assert delete(client, evening, ONE, second.secret).status_code == 403
    assert delete(client, evening, "9" * 32, first.secret).status_code == 404
    answer = delete(client, evening, ONE, first.secret)
    assert answer.json == {"annulled": True, "count": {"arrived": 0, "expected": 1}}
    assert delete(client, evening, ONE, first.secret).json == answer.json | {"annulled": False}
    evening.scan(evening.guests[0].code, OTHER, by=first)
    sign_in(evening.staff)
    assert delete(client, evening, OTHER).status_code == 403
    sign_in(evening.owner)
    assert delete(client, evening, OTHER).json == answer.json
