"""The live board: figures from the rows, a version that moves with each of them, names only of those who agreed."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event as listening
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from organizer.checkin import attendance, attendance_undo, board, devices, service
from organizer.checkin.annulling import annul
from organizer.checkin.board import Figures
from organizer.checkin.callers import Caller
from organizer.checkin.models import Absence, Scan
from organizer.checkin.queries import Counted
from organizer.db import Database
from organizer.domain.door import Attendance, Away, DeviceKind
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.ticketing import CheckInMethod, Flag, ScanResult
from organizer.domain.vocabulary import SharingRule
from organizer.people.models import Person
from tests.checkin.rows import Evening, Guest, make_evening
from tests.factories import NOW, make_circle, make_person, make_target


def shown(evening: Evening) -> Figures:
    evening.session.flush()
    return board.figures(evening.session, board.watched(evening.session, evening.event.id))


def version(evening: Evening) -> str:
    evening.session.flush()
    return board.watched(evening.session, evening.event.id).version


def away(evening: Evening, guest: Guest, kind: Away) -> Absence:
    ids = {"circle_id": evening.circle.id, "event_id": evening.event.id}
    row = Absence(**ids, registration_id=guest.registration.id, kind=kind, at=NOW)
    evening.session.add(row)
    return row


def test_it_counts_by_target_and_names_the_newest_who_agreed(session: Session) -> None:
    evening = make_evening(session, capacity=60)
    makers = make_target(session, evening.event, name="製造業の決裁者")
    others = make_target(session, evening.event, name="士業", position=1)
    one = evening.guest(name="見える 人", registration={"target_profile_id": makers.id})
    two = evening.guest(name="見えない 人", registration={"target_profile_id": makers.id, "listed": False})
    evening.guest(name="まだの 人", registration={"target_profile_id": others.id})
    late = evening.guest(name="目標なしの 人")
    evening.guest(RegistrationState.WAITLISTED)
    for minute, guest in enumerate((one, two, late)):
        evening.scan(guest.code, now=NOW + timedelta(minutes=minute))
    found = shown(evening)
    assert (found.arrived, found.expected) == (3, 4)
    assert found.targets == (Counted(2, 2, "製造業の決裁者"), Counted(0, 1, "士業"))
    assert found.newest == ("目標なしの 人", "見える 人")
    assert (found.absent, found.excused, found.conflicts) == (0, 0, 0)


def test_no_more_than_five_are_named_and_nobody_where_all_stays_in_the_room(session: Session) -> None:
    evening = make_evening(session, 7)
    for minute, guest in enumerate(evening.guests):
        evening.scan(guest.code, now=NOW + timedelta(minutes=minute))
    assert list(shown(evening).newest) == [guest.person.name for guest in evening.guests[:1:-1]]
    evening.event.sharing_rule = SharingRule.STAYS_IN_ROOM
    assert shown(evening).newest == ()


def test_who_is_away_and_who_may_still_come(session: Session) -> None:
    evening = make_evening(session, 4)
    here, ill, gone, late = evening.guests
    evening.scan(here.code)
    away(evening, ill, Away.EXCUSED)
    away(evening, gone, Away.ABSENT)
    away(evening, here, Away.ABSENT)
    found = shown(evening)
    assert (found.absent, found.excused) == (1, 1)
    waiting = {one.id: one.away for one in board.awaited(session, evening.event.id)}
    assert waiting == {
        ill.registration.public_id: Away.EXCUSED,
        gone.registration.public_id: Away.ABSENT,
        late.registration.public_id: None,
    }


def test_every_change_moves_the_version_and_nothing_else_does(session: Session) -> None:
    evening = make_evening(session, 3)
    one, two, three = evening.guests
    target = make_target(session, evening.event)
    seen = [version(evening)]
    assert version(evening) == seen[0]

    def moved() -> bool:
        seen.append(version(evening))
        return seen[-1] != seen[-2]

    evening.scan(one.code)
    assert moved()
    service.undo(session, evening.event, one.registration.public_id, now=NOW, by=evening.owner)
    assert moved()
    evening.scan(one.code)
    assert moved()
    absence = away(evening, two, Away.ABSENT)
    assert moved()
    absence.voided_at = NOW
    assert moved()
    two.registration.target_profile_id = target.id
    assert moved()
    one.registration.listed = False
    assert moved()
    three.registration.state = RegistrationState.CANCELLED
    assert moved()
    evening.guest()
    assert moved()
    other = make_evening(session, 1)
    other.scan(other.guests[0].code)
    assert not moved()


def test_as_many_that_come_to_stand_as_cease_to_move_the_version_too(session: Session) -> None:
    """An act of marking that is taken back ends one mark, and lets another stand again."""
    evening = make_evening(session, 1)
    one = evening.guests[0]
    by = {"by_id": evening.owner.id, "now": NOW}
    attendance.mark(session, evening.event, {one.registration.public_id: Attendance.ABSENT}, **by)
    second = attendance.mark(session, evening.event, {one.registration.public_id: Attendance.EXCUSED}, **by)
    before = version(evening)
    assert (shown(evening).absent, shown(evening).excused) == (0, 1)
    assert second.entry_id is not None
    attendance_undo.take_back(session, evening.event, second.entry_id, **by)
    assert (shown(evening).absent, shown(evening).excused) == (1, 0)
    assert version(evening) != before


def test_an_entry_annulled_beside_the_one_that_counts_moves_the_version(session: Session) -> None:
    evening = make_evening(session, 1)
    late = {"offline": True, "told": ScanResult.ADMITTED}
    for minute, name in enumerate(("入口", "裏口")):
        device = evening.device(name=name)[1]
        at = NOW - timedelta(minutes=5 - minute)
        evening.scan(evening.guests[0].code, f"key-{minute}-" * 4, at=at, by=device, **late)
    assert shown(evening).conflicts == 1
    before = version(evening)
    host = Caller(evening.owner.id, None, sees_list=True, is_host=True)
    annul(session, evening.event, "key-1-" * 4, host, NOW)
    assert (shown(evening).arrived, shown(evening).conflicts) == (1, 0)
    assert version(evening) != before


def test_entries_to_look_at_are_counted(session: Session) -> None:
    evening = make_evening(session, 3)
    one, two, three = evening.guests
    for guest in (one, two, three):
        evening.scan(guest.code)
    session.query(Scan).update({"entered": True})
    session.query(Scan).filter_by(registration_id=three.registration.id).update({"flagged": Flag.CANCELLED})
    session.add(
        Scan(
            circle_id=evening.circle.id,
            event_id=evening.event.id,
            key="k" * 32,
            request_hash="h",
            method=CheckInMethod.SCAN,
            registration_id=two.registration.id,
            result=ScanResult.ALREADY,
            facts={},
            entered=True,
            offline=True,
            at=NOW,
            received_at=NOW,
        )
    )
    assert shown(evening).conflicts == 2


def test_a_look_that_finds_nothing_new_is_one_statement(both_databases: Database, session: Session) -> None:
    evening = make_evening(session, 2)
    session.flush()
    told: list[str] = []
    listening.listen(session.connection(), "before_cursor_execute", lambda *sent: told.append(sent[2]))
    one = board.watched_by(session, evening.reference, evening.event.public_id, NOW)
    assert one is not None
    assert len(told) == 1
    assert one == board.watched(session, evening.event.id)
    stranger = make_evening(session)
    assert board.watched_by(session, stranger.reference, evening.event.public_id, NOW) is None
    assert board.watched_by(session, "nothing", evening.event.public_id, NOW) is None
    later = NOW + timedelta(days=60)
    assert board.watched_by(session, evening.reference, evening.event.public_id, later) is None


def test_a_device_looks_with_one_statement_if_it_may_see_everybody(
    both_databases: Database, session: Session
) -> None:
    evening = make_evening(session, 2)
    known, token = devices.make(session, evening.event, DeviceKind.STAFF, now=NOW)
    _, guests = devices.make(session, evening.event, DeviceKind.GUEST, now=NOW)
    here = evening.event.public_id
    session.flush()
    told: list[str] = []
    listening.listen(session.connection(), "before_cursor_execute", lambda *sent: told.append(sent[2]))
    assert board.watched_from(session, token, here, NOW) == (board.watched(session, evening.event.id), known)
    assert len(told) == 2
    assert board.watched_from(session, guests, here, NOW) is None
    assert board.watched_from(session, token, make_evening(session).event.public_id, NOW) is None
    assert board.watched_from(session, token, here, NOW + timedelta(days=60)) is None
    devices.revoke(session, evening.event, known.public_id, by=evening.staff, now=NOW)
    assert board.watched_from(session, token, here, NOW) is None


@pytest.fixture
def evening(rows: Session, sign_in: Callable[[Person], FlaskClient]) -> Evening:
    evening = make_evening(rows, capacity=60)
    sign_in(evening.staff)
    return evening


def get(client: FlaskClient, evening: Evening, query: str = "", **headers: str) -> TestResponse:
    evening.session.commit()
    return client.get(f"/api/v1/events/{evening.event.public_id}/counts{query}", headers=headers)


def told(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 200
    found = json.loads(answer.data)
    assert isinstance(found, dict)
    return found


def test_it_is_sent_only_when_it_has_changed(client: FlaskClient, evening: Evening) -> None:
    target = make_target(evening.session, evening.event, name="製造業の決裁者")
    shown_guest = evening.guest(name="名札 見子", registration={"target_profile_id": target.id})
    hidden = evening.guest(name="名札 隠子", registration={"listed": False})
    first = get(client, evening)
    body = told(first)
    assert body == {
        "version": body["version"],
        "arrived": 0,
        "expected": 2,
        "absent": 0,
        "excused": 0,
        "targets": [{"name": "製造業の決裁者", "arrived": 0, "expected": 1}],
        "newest": [],
        "conflicts": 0,
    }
    tag = first.headers["ETag"]
    for same in (
        get(client, evening, **{"If-None-Match": tag}),
        get(client, evening, f"?since={body['version']}"),
    ):
        assert (same.status_code, same.data) == (304, b"")
        assert same.headers["ETag"] == tag
        assert "Set-Cookie" not in same.headers
    for guest in (shown_guest, hidden):
        evening.scan(guest.code)
    second = told(get(client, evening, **{"If-None-Match": tag}))
    assert (second["arrived"], second["newest"]) == (2, ["名札 見子"])
    assert told(get(client, evening, f"?since={body['version']}"))["version"] == second["version"]
    assert told(get(client, evening, "?since=nothing")) == second


def test_devices_of_staff_watch_and_those_of_guests_do_not(client: FlaskClient, evening: Evening) -> None:
    tokens = {}
    for kind in (DeviceKind.STAFF, DeviceKind.GUEST):
        _, tokens[kind] = devices.make(evening.session, evening.event, kind, now=NOW)
    client.delete_cookie("enishi")
    staff = {"Authorization": f"Bearer {tokens[DeviceKind.STAFF]}"}
    first = get(client, evening, **staff)
    assert first.status_code == 200
    assert get(client, evening, **staff, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert get(client, evening, Authorization=f"Bearer {tokens[DeviceKind.GUEST]}").status_code == 404
    assert get(client, evening, Authorization="Bearer eni_door_nothing").status_code == 401
    assert get(client, evening).status_code == 401


def test_strangers_watch_nothing(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    guest, stranger = evening.guest(), make_person(evening.session)
    make_circle(evening.session, stranger)
    for person in (guest.person, stranger):
        sign_in(person)
        assert get(client, evening).status_code == 404
        assert client.get(f"/events/{evening.event.public_id}/board").status_code == 404


def test_the_hall_never_names_who_has_not_come(client: FlaskClient, evening: Evening) -> None:
    evening.guest(name="来た 人")
    evening.guest(name="まだの 人")
    absent = evening.guest(name="欠席の 人")
    away(evening, absent, Away.EXCUSED)
    evening.scan(evening.guests[0].code)
    evening.session.commit()
    path = f"/events/{evening.event.public_id}/board"
    hall, host = client.get(path).text, client.get(f"{path}?view=host").text
    assert "来た 人" in hall
    assert "まだの" not in hall
    assert "欠席の" not in hall
    assert host.index("まだの 人") < host.index("欠席の 人")
    assert "連絡のある欠席" in host
    assert "来た 人" not in host
    client.post("/language", data={"locale": "en"})
    assert "Not here yet" in client.get(f"{path}?view=host").text


def test_an_empty_board_stands(client: FlaskClient, evening: Evening) -> None:
    evening.session.commit()
    for query in ("", "?view=host"):
        assert client.get(f"/events/{evening.event.public_id}/board{query}").status_code == 200
    assert told(get(client, evening))["expected"] == 0
