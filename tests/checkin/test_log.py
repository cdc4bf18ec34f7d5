"""The log of scans and the notes for the door, as rows and as hosts read them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.audit.models import AuditEntry
from organizer.checkin import devices, log, notes
from organizer.checkin.log import Wanted
from organizer.checkin.models import DoorNote, Scan
from organizer.domain.door import DeviceKind, LogPart
from organizer.domain.ticketing import CheckInMethod, Flag, RefusalReason, ScanResult
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW


@pytest.fixture
def evening(session: Session) -> Evening:
    return make_evening(session, 2)


def scan(evening: Evening, number: int, **values: object) -> Scan:
    row = Scan(
        circle_id=evening.circle.id,
        event_id=evening.event.id,
        key=f"key-{number:028}",
        request_hash="h",
        method=CheckInMethod.SCAN,
        facts={},
        **({"at": NOW + timedelta(seconds=number), "received_at": NOW + timedelta(minutes=9)} | values),
    )
    evening.session.add(row)
    evening.session.flush()
    return row


@pytest.fixture
def scans(evening: Evening) -> list[Scan]:
    """One of each sort."""
    ids = {"registration_id": evening.guests[0].registration.id}
    device, _ = devices.make(evening.session, evening.event, DeviceKind.GUEST, now=NOW, name="裏口の電話")
    return [
        scan(
            evening, 1, **ids, result=ScanResult.ADMITTED, entered=True, by_id=evening.staff.id, door="正面"
        ),
        scan(evening, 2, result=ScanResult.REFUSED, reason=RefusalReason.UNKNOWN_CODE, device_id=device.id),
        scan(
            evening, 3, **ids, result=ScanResult.ALREADY, offline=True, flagged=Flag.CANCELLED, entered=True
        ),
        scan(
            evening,
            4,
            **ids,
            result=ScanResult.ADMITTED,
            entered=True,
            annulled_at=NOW,
            annulled_by_id=evening.owner.id,
        ),
    ]


def keys(evening: Evening, **wanted: object) -> list[str]:
    return [line.key[-1] for line in log.page(evening.session, evening.event, Wanted(**wanted), 1).lines]  # type: ignore[arg-type]


def test_every_scan_stands_there_with_what_is_known(evening: Evening, scans: list[Scan]) -> None:
    newest, _, refused, first = log.page(evening.session, evening.event, Wanted(), 1).lines
    guest = evening.guests[0]
    assert (first.name, first.by, first.door, first.result) == (
        guest.person.name,
        "受付 花子",
        "正面",
        "admitted",
    )
    assert first.registration == guest.registration.public_id
    assert (first.at, first.received_at) == (scans[0].at, scans[0].received_at)
    assert (refused.registration, refused.name, refused.device, refused.device_kind, refused.reason) == (
        None,
        "",
        "裏口の電話",
        DeviceKind.GUEST,
        RefusalReason.UNKNOWN_CODE,
    )
    assert (newest.annulled_at, newest.annulled_by) == (NOW, evening.owner.name)


@pytest.mark.usefixtures("scans")
def test_parts_doors_and_devices(evening: Evening) -> None:
    parts = {part: keys(evening, part=part) for part in LogPart}
    assert parts == {
        LogPart.ALL: ["4", "3", "2", "1"],
        LogPart.ENTERED: ["3", "1"],
        LogPart.REFUSED: ["2"],
        LogPart.OFFLINE: ["3"],
        LogPart.FLAGGED: ["3"],
        LogPart.ANNULLED: ["4"],
    }
    ((device, name, kind),) = log.devices(evening.session, evening.event.id)
    assert (name, kind) == ("裏口の電話", DeviceKind.GUEST)
    assert keys(evening, device=device) == ["2"]
    assert log.doors(evening.session, evening.event.id) == ["正面"]
    assert keys(evening, door="正面") == ["1"]
    assert keys(evening, door="nowhere") == []


def test_pages_and_only_this_event(evening: Evening) -> None:
    other = make_evening(evening.session, 0)
    scan(other, 9)
    for number in range(log.PAGE + 3):
        scan(evening, number)
    first, second, beyond = (log.page(evening.session, evening.event, Wanted(), n) for n in (1, 2, 99))
    assert (len(first.lines), len(second.lines), first.total, first.last) == (log.PAGE, 3, log.PAGE + 3, 2)
    assert beyond.number == 2
    assert beyond.lines == second.lines
    assert len(list(log.lines(evening.session, evening.event, Wanted()))) == log.PAGE + 3


def test_a_note_is_replaced_and_never_changed(evening: Evening) -> None:
    session, event, row = evening.session, evening.event, evening.guests[0].registration
    owner = evening.owner
    assert notes.note_of(session, row.id) == ""
    assert notes.write(session, event, row, "VIP、席は卓1", by=owner, now=NOW)
    assert not notes.write(session, event, row, "VIP、席は卓1", by=owner, now=NOW)
    assert notes.write(session, event, row, "卓2", by=owner, now=NOW)
    assert notes.notes_of(session, event.id) == {row.id: "卓2"}
    assert notes.write(session, event, row, "", by=owner, now=NOW)
    assert notes.notes_of(session, event.id) == {}
    assert session.scalar(select(func.count()).select_from(DoorNote)) == 2
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act.like("door_note.%"))).all()
    assert sorted(acts) == ["door_note.taken_away", "door_note.written", "door_note.written"]
    facts = session.scalars(select(AuditEntry.facts).where(AuditEntry.act == "door_note.written")).all()
    assert all("VIP" not in str(one) for one in facts)
