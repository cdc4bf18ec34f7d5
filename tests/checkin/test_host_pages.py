"""The hosts' pages of the door: attendance, notes, the log of scans; parties on the list."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.audit.models import AuditEntry
from organizer.checkin import devices
from organizer.checkin.models import Absence, CheckIn, DoorNote, Scan
from organizer.domain.door import Away, DeviceKind
from organizer.domain.lifecycle import EventState, RunState
from organizer.matches.models import MatchRun
from organizer.people.models import Person
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW, make_circle, make_person

KEY = "0123456789abcdef" * 2
PAGES = ["/attendance", "/scans"]


@pytest.fixture
def evening(rows: Session, sign_in: Callable[[Person], FlaskClient]) -> Evening:
    evening = make_evening(rows, 3)
    sign_in(evening.owner)
    return evening


def url(evening: Evening, path: str) -> str:
    evening.session.commit()
    return f"/events/{evening.event.public_id}{path}"


def press(client: FlaskClient, evening: Evening, path: str, **form: object):  # type: ignore[no-untyped-def]
    answer = client.post(url(evening, path), data=form)
    evening.session.expire_all()
    return answer


def came(evening: Evening) -> int:
    standing = select(func.count()).select_from(CheckIn).where(CheckIn.voided_at.is_(None))
    return evening.session.scalar(standing) or 0


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("guests", [0, 3])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_each_page_in_both_languages_empty_and_full(
    client: FlaskClient,
    rows: Session,
    sign_in: Callable[[Person], FlaskClient],
    page: str,
    guests: int,
    language: str,
) -> None:
    evening = make_evening(rows, guests)
    for guest in evening.guests[:2]:
        evening.scan(guest.code)
    sign_in(evening.owner)
    client.post("/language", data={"locale": language})
    answer = client.get(url(evening, page))
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    if guests:
        assert evening.guests[0].person.name in answer.text


@pytest.mark.parametrize("page", [*PAGES, "/door/list/{}/note"])
def test_helpers_and_strangers_find_no_page_of_the_hosts(
    client: FlaskClient, rows: Session, sign_in: Callable[[Person], FlaskClient], page: str
) -> None:
    evening = make_evening(rows, 1)
    path = page.format(evening.guests[0].registration.public_id)
    assert client.get(url(evening, path)).status_code == 302
    stranger = make_person(rows)
    make_circle(rows, stranger)
    for person in (stranger, evening.staff, evening.guests[0].person):
        sign_in(person)
        assert client.get(url(evening, path)).status_code == 404
        for act in (path, "/attendance/rest", "/attendance/1/undo", "/scans.csv", "/scans/x/annul"):
            if act != "/scans":
                assert press(client, evening, act).status_code == 404, (person.id, act)
    assert came(evening) == 0


def test_the_list_on_paper_typed_in_and_taken_back(client: FlaskClient, evening: Evening) -> None:
    one, two, three = (guest.registration.public_id for guest in evening.guests)
    marks = {f"state-{one}": "present", f"state-{two}": "excused", f"state-{three}": "", "state-x": "present"}
    page = client.post(url(evening, "/attendance"), data=marks, follow_redirects=True)
    assert page.status_code == 200
    assert len(re.findall(r'value="(?:present|absent|excused)" checked', page.text)) == 2
    evening.session.expire_all()
    assert came(evening) == 1
    assert press(client, evening, "/attendance/rest").status_code == 303
    assert evening.session.scalar(select(func.count()).select_from(Absence)) == 2
    undo = re.findall(r'action="(/events/[^"]+/attendance/\d+/undo)"', page.text)
    assert undo
    assert client.post(undo[0]).status_code == 303
    evening.session.expire_all()
    assert came(evening) == 0
    assert client.post(undo[0], follow_redirects=True).status_code == 200
    assert press(client, evening, "/attendance", **{f"state-{one}": "nonsense"}).status_code == 303
    assert came(evening) == 0


def test_who_comes_while_the_list_is_open_is_not_marked_away_by_it(
    client: FlaskClient, evening: Evening
) -> None:
    one, two, three = (guest.registration.public_id for guest in evening.guests)
    opened = client.get(url(evening, "/attendance")).text
    sent = dict(re.findall(r'name="(seen-[^"]+)" value="([^"]*)"', opened))
    assert sent == {f"seen-{who}": "" for who in (one, two, three)}
    evening.scan(evening.guests[0].code)
    evening.scan(evening.guests[1].code)
    sent |= {f"state-{one}": "", f"state-{two}": "absent", f"state-{three}": "absent"}
    page = client.post(url(evening, "/attendance"), data=sent, follow_redirects=True).text
    assert f"そのままにしました：{evening.guests[1].person.name}" in page
    assert "1 名の出欠を記録しました" in page
    assert came(evening) == 2


def test_before_the_door_opens_who_let_know_is_noted(
    client: FlaskClient, evening: Evening, stand_still: Callable[[datetime], None]
) -> None:
    who = evening.guests[0].registration.public_id
    stand_still(evening.event.doors_open_at - timedelta(hours=5))
    page = client.get(url(evening, "/attendance")).text
    assert 'value="excused"' in page
    assert 'value="present"' not in page
    assert "/attendance/rest" not in page
    assert press(client, evening, "/attendance", **{f"state-{who}": "excused"}).status_code == 303
    for early in ("present", "absent"):
        assert press(client, evening, "/attendance", **{f"state-{who}": early}).status_code == 409
    assert press(client, evening, "/attendance/rest").status_code == 409
    kinds = evening.session.scalars(select(Absence.kind).where(Absence.voided_at.is_(None))).all()
    assert kinds == [Away.EXCUSED]
    evening.event.state = EventState.CANCELLED
    assert "出欠の記録はありません" in client.get(url(evening, "/attendance")).text
    assert press(client, evening, "/attendance", **{f"state-{who}": ""}).status_code == 409


def test_what_marking_changes_is_said_plainly(client: FlaskClient, evening: Evening) -> None:
    before = client.get(url(evening, "/attendance")).text
    assert "マッチはまだつくられていません" in before
    ids = {"circle_id": evening.circle.id, "event_id": evening.event.id}
    run = MatchRun(**ids, generation=1, state=RunState.PUBLISHED, weights_version=1, work={}, made_at=NOW)
    evening.session.add(run)
    after = client.get(url(evening, "/attendance")).text
    assert "マッチは変わりません" in after


def test_a_note_from_the_list_and_from_the_attendees(client: FlaskClient, evening: Evening) -> None:
    who = evening.guests[0].registration.public_id
    path = f"/door/list/{who}/note"
    assert client.get(url(evening, path)).status_code == 200
    answer = press(client, evening, path, words="VIP、\n席は卓1")
    assert answer.location.endswith("/door/list")
    page = client.get(answer.location).text
    assert "VIP、 席は卓1" in page
    assert press(client, evening, path, words="x" * 121).status_code == 422
    back = press(client, evening, path + f"?next=/events/{evening.event.public_id}/attendees", words="")
    assert back.location.endswith("/attendees")
    assert press(client, evening, path + "?next=https://evil.example/", words="卓2").location.endswith(
        "/door/list"
    )
    standing = select(DoorNote.words).where(DoorNote.voided_at.is_(None))
    assert evening.session.scalars(standing).all() == ["卓2"]
    assert client.get(url(evening, "/door/list/nobody/note")).status_code == 404


def test_a_party_is_in_at_once_and_out_again(client: FlaskClient, evening: Evening) -> None:
    ids = [guest.registration.public_id for guest in evening.guests]
    answer = press(client, evening, "/door/list/check-in", key=KEY, who=ids)
    assert answer.status_code == 303
    assert came(evening) == 3
    page = client.get(answer.location).text
    undo = re.search(r'action="(/events/[^"]+/door/list/party/\d+/undo)"', page)
    assert undo
    assert client.post(undo[1]).status_code == 303
    evening.session.expire_all()
    assert came(evening) == 0
    assert press(client, evening, "/door/list/check-in", key=KEY).status_code == 303
    assert press(client, evening, "/door/list/check-in", key="short", who=ids).status_code == 422
    assert press(client, evening, "/door/list/check-in", key=KEY, who=["x"]).status_code == 404
    assert press(client, evening, "/door/list/party/999999/undo").status_code == 404
    assert came(evening) == 0


def test_a_helpers_device_uses_the_list_and_a_guests_does_not(client: FlaskClient, rows: Session) -> None:
    evening = make_evening(rows, 1)
    who = evening.guests[0].registration.public_id
    for kind, status in ((DeviceKind.GUEST, 404), (DeviceKind.STAFF, 200)):
        _, token = devices.make(rows, evening.event, kind, now=NOW, by_id=evening.owner.id)
        client.set_cookie("enishi-door", token)
        assert client.get(url(evening, "/door/list")).status_code == status
        assert client.get(url(evening, "/attendance")).status_code == 302
    assert press(client, evening, f"/door/list/{who}/check-in", key=KEY).status_code == 303
    assert came(evening) == 1
    assert rows.scalars(select(CheckIn.device_id)).one() is not None
    assert press(client, evening, f"/door/list/{who}/undo").status_code == 303
    assert came(evening) == 0


def test_the_log_in_parts_annulled_and_as_a_file(client: FlaskClient, evening: Evening) -> None:
    evening.guests[0].person.name = "=HYPERLINK(1)"
    evening.scan(evening.guests[0].code)
    evening.scan("no such code")
    page = client.get(url(evening, "/scans"))
    assert "=HYPERLINK(1)" in page.text
    assert client.get(url(evening, "/scans?part=refused")).text.count("scan-row") == 1
    assert client.get(url(evening, "/scans?part=nonsense")).status_code == 404
    assert client.get(url(evening, "/scans?page=99&device=x&door=y")).status_code == 200
    key = evening.session.scalars(select(Scan.key).where(Scan.entered)).one()
    assert press(client, evening, f"/scans/{key}/annul").status_code == 303
    assert came(evening) == 0
    assert press(client, evening, f"/scans/{key}/annul").status_code == 303
    assert press(client, evening, "/scans/unknown/annul").status_code == 404
    file = press(client, evening, "/scans.csv")
    assert file.status_code == 200
    assert file.data.startswith("\ufeff".encode())
    assert "'=HYPERLINK(1)" in file.text
    assert len(file.text.strip().split("\r\n")) == 3
    exported = evening.session.scalars(select(AuditEntry).where(AuditEntry.act == "scans.exported")).one()
    assert (exported.actor_id, exported.facts["count"]) == (evening.owner.id, 2)


def test_the_search_that_finds_nobody_leads_to_the_walk_in(client: FlaskClient, evening: Evening) -> None:
    page = client.get(url(evening, "/door/list?q=ゆきのした")).text
    assert re.search(r"/door/walk-in\?name=", page)


def test_what_contradicts_itself_stands_above_with_both_times_and_doors(
    client: FlaskClient, evening: Evening
) -> None:
    assert "要確認 1 件" not in client.get(url(evening, "/scans")).text
    row = evening.guests[0].registration
    for number, door in enumerate(("正面", "裏口")):
        device, _ = devices.make(evening.session, evening.event, DeviceKind.STAFF, now=NOW, name=door)
        evening.session.add(
            Scan(
                circle_id=evening.circle.id,
                event_id=evening.event.id,
                key=f"{number:032}",
                request_hash="h",
                method="scan",
                registration_id=row.id,
                device_id=device.id,
                door=door,
                result="admitted",
                entered=True,
                offline=True,
                flagged="cancelled" if number else None,
                facts={},
                at=NOW,
                received_at=NOW,
            )
        )
    evening.session.flush()
    page = client.get(url(evening, "/scans")).text
    assert "要確認 1 件" in page
    assert "二つの端末が同じチケットの方を通しました" in page
    above = page[page.index("to-look-at") : page.index("scan-filter")]
    assert "正面" in above
    assert "裏口" in above
    assert press(client, evening, f"/scans/{1:032}/annul").status_code == 303
    assert "要確認 1 件" not in client.get(url(evening, "/scans")).text
