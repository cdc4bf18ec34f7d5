"""The fee is noted once, by whoever took it; the day's money adds up."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.audit.models import AuditEntry
from organizer.checkin import devices, fees
from organizer.checkin.models import FeePayment
from organizer.checkin.money import Purse, Takings, money_of
from organizer.domain.door import DeviceKind, PaymentWay
from organizer.domain.lifecycle import RegistrationState
from organizer.errors import NotFound
from organizer.people.models import Person
from tests.checkin.rows import Evening, Guest, make_evening
from tests.factories import NOW, make_circle, make_person


def standing(session: Session) -> int:
    query = select(func.count()).select_from(FeePayment).where(FeePayment.voided_at.is_(None))
    return session.scalar(query) or 0


def take(evening: Evening, guest: Guest, **values: object) -> int:
    asked = {"now": NOW, "by_id": evening.staff.id} | values
    return fees.take_fee(evening.session, evening.event, guest.registration.public_id, **asked)  # type: ignore[arg-type]


def test_however_often_it_is_pressed_the_first_note_counts(session: Session) -> None:
    evening = make_evening(session, 1)
    guest = evening.guests[0]
    assert take(evening, guest) == 3000
    evening.event.fee_yen = 5000
    assert take(evening, guest, way=PaymentWay.BEFOREHAND, by_id=evening.owner.id) == 3000
    paid = fees.payment_of(session, guest.registration.id)
    assert paid is not None
    assert (paid.yen, paid.way, paid.by_id, paid.at) == (3000, PaymentWay.CASH, evening.staff.id, NOW)
    assert standing(session) == 1
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act.like("fee.%"))).all()
    assert acts == ["fee.taken"]


def test_nothing_is_owed_without_a_fee_or_a_place(session: Session) -> None:
    evening = make_evening(session, fee_yen=0)
    assert take(evening, evening.guest()) == 0
    with_fee = make_evening(session)
    assert take(with_fee, with_fee.guest(RegistrationState.WAITLISTED)) == 0
    with pytest.raises(NotFound):
        take(with_fee, evening.guests[0])
    assert standing(session) == 0


def test_a_note_taken_back_can_be_made_again(session: Session) -> None:
    evening = make_evening(session, 1)
    guest = evening.guests[0]
    key = guest.registration.public_id
    take(evening, guest)
    assert fees.give_fee_back(session, evening.event, key, now=NOW, by_id=None)
    assert not fees.give_fee_back(session, evening.event, key, now=NOW, by_id=None)
    assert take(evening, guest, way=PaymentWay.BEFOREHAND) == 3000
    paid = fees.payment_of(session, guest.registration.id)
    assert paid is not None
    assert paid.way is PaymentWay.BEFOREHAND


def test_many_are_noted_at_once_and_taken_back_together(session: Session) -> None:
    evening = make_evening(session, 4, capacity=60)
    other = make_evening(session, 1)
    waiting = evening.guest(RegistrationState.WAITLISTED)
    take(evening, evening.guests[0])
    ids = [guest.registration.public_id for guest in [*evening.guests[:3], waiting, other.guests[0]]]
    ticked = [*ids, "x" * 22, "", ids[1]]
    by_id = evening.owner.id
    assert fees.note_beforehand(session, evening.event, ticked, now=NOW, by_id=by_id) == 2
    assert fees.note_beforehand(session, evening.event, ticked, now=NOW, by_id=by_id) == 0
    assert fees.note_beforehand(session, evening.event, [], now=NOW, by_id=by_id) == 0
    assert money_of(session, evening.event).beforehand == Takings(2, 6000)
    later = NOW + timedelta(minutes=1)
    assert fees.take_back_noted(session, evening.event, later, now=later, by_id=by_id) == 0
    assert fees.take_back_noted(session, evening.event, NOW, now=later, by_id=evening.staff.id) == 0
    assert fees.take_back_noted(session, evening.event, NOW, now=later, by_id=by_id) == 2
    assert money_of(session, evening.event).cash == Takings(1, 3000)


def test_the_money_adds_up_by_the_hands_it_came_into(session: Session) -> None:
    evening = make_evening(session, 6, capacity=60)
    event, guests = evening.event, evening.guests
    desk, _ = devices.make(session, event, DeviceKind.STAFF, now=NOW, name="入口A")
    unnamed, _ = devices.make(session, event, DeviceKind.GUEST, now=NOW)
    take(evening, guests[0], by_id=None, device_id=desk.id)
    take(evening, guests[1], by_id=None, device_id=desk.id)
    take(evening, guests[2], by_id=None, device_id=unnamed.id)
    take(evening, guests[3])
    take(evening, guests[4], way=PaymentWay.BEFOREHAND)
    evening.scan(guests[5].code)
    guests[3].registration.state = RegistrationState.CANCELLED
    session.flush()
    money = money_of(session, event)
    assert (money.cash, money.beforehand) == (Takings(4, 12000), Takings(1, 3000))
    assert (money.due, money.due_inside) == (Takings(1, 3000), Takings(1, 3000))
    assert money.by_purse == [
        (Purse("入口A", DeviceKind.STAFF), Takings(2, 6000)),
        (Purse("", DeviceKind.GUEST), Takings(1, 3000)),
        (Purse(person="受付 花子"), Takings(1, 3000)),
    ]
    assert sum(takings.yen for _, takings in money.by_purse) == money.cash.yen
    gone = next(line for line in money.lines if not line.expected)
    assert (gone.row_id, gone.yen, gone.due) == (guests[3].registration.id, 3000, 0)


@pytest.fixture
def evening(rows: Session, sign_in: Callable[[Person], FlaskClient]) -> Evening:
    evening = make_evening(rows, 3, capacity=60)
    sign_in(evening.owner)
    return evening


def url(evening: Evening, path: str) -> str:
    evening.session.commit()
    return f"/events/{evening.event.public_id}{path}"


def test_the_page_shows_who_owes_and_takes_a_list_of_transfers(client: FlaskClient, evening: Evening) -> None:
    one, two, _three = evening.guests
    evening.scan(one.code)
    page = client.get(url(evening, "/fees")).text
    assert "9,000 円" in page
    assert "1 名が、まだお支払いになっていません" in page
    ticked = [one.registration.public_id, two.registration.public_id]
    answer = client.post(url(evening, "/fees/paid"), data={"paid": ticked}, follow_redirects=True)
    assert "2 名のお支払いを記録しました" in answer.text
    undo = next(part for part in answer.text.split('"') if "/fees/paid/" in part)
    after = client.post(undo, follow_redirects=True).text
    assert "2 件の記録を取り消しました" in after
    assert standing(evening.session) == 0
    assert "印が付いていません" in client.post(url(evening, "/fees/paid"), follow_redirects=True).text


def test_a_press_on_the_page_leads_back_to_it(client: FlaskClient, evening: Evening) -> None:
    base = f"/door/list/{evening.guests[0].registration.public_id}"
    taken = client.post(url(evening, f"{base}/fee"), data={"way": "beforehand", "to": "fees"})
    assert taken.headers["Location"].endswith("/fees")
    paid = evening.session.scalars(select(FeePayment)).one()
    assert (paid.way, paid.by_id) == (PaymentWay.BEFOREHAND, evening.owner.id)
    back = client.post(url(evening, f"{base}/fee-back?to=fees"))
    assert back.headers["Location"].endswith("/fees")
    assert "取り消されています" in client.post(url(evening, f"{base}/fee-back"), follow_redirects=True).text
    assert client.post(url(evening, f"{base}/fee"), data={"way": "card"}).status_code == 422
    assert standing(evening.session) == 0


def test_the_file_holds_what_the_page_shows(client: FlaskClient, evening: Evening) -> None:
    evening.guests[0].person.name = "=1+1"
    take(evening, evening.guests[0])
    answer = client.post(url(evening, "/fees.csv"))
    text = answer.data.decode("utf-8-sig")
    assert answer.mimetype == "text/csv"
    assert text.count("\r\n") == 4
    assert '"\'=1+1"' in text
    assert '"3000","現金"' in text
    assert evening.session.scalar(select(AuditEntry.facts).where(AuditEntry.act == "fees.exported")) == {
        "count": 3
    }


def test_the_file_has_the_day_of_the_event_where_it_is_held_and_its_times(
    client: FlaskClient, evening: Evening
) -> None:
    """A breakfast in Tokyo begins on the day before in Greenwich."""
    evening.event.starts_at = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
    take(evening, evening.guests[0], now=datetime(2026, 11, 21, 15, 5, 9, tzinfo=UTC))
    for path, name in (("/fees.csv", "fees"), ("/scans.csv", "scans"), ("/attendees.csv", "attendees")):
        answer = client.post(url(evening, path))
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}-20261122.csv"'
    assert '"2026-11-22 00:05:09"' in client.post(url(evening, "/fees.csv")).data.decode()


def test_an_event_without_a_fee_says_so(client: FlaskClient, evening: Evening) -> None:
    evening.event.fee_yen = 0
    assert "会費のないイベントです" in client.get(url(evening, "/fees")).text
    client.post("/language", data={"locale": "en"})
    assert "This event takes no fee" in client.get(url(evening, "/fees")).text


def test_the_money_is_the_hosts_alone(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    stranger = make_person(evening.session)
    make_circle(evening.session, stranger)
    posts = ("/fees/paid", "/fees/paid/0/undo", "/fees.csv")
    for person in (evening.staff, stranger, evening.guests[0].person):
        sign_in(person)
        assert client.get(url(evening, "/fees")).status_code == 404
        assert [client.post(url(evening, path)).status_code for path in posts] == [404] * 3
    sign_in(evening.owner)
    assert client.post(url(evening, f"/fees/paid/{10**30}/undo")).status_code == 404
    client.delete_cookie("enishi")
    assert client.get(url(evening, "/fees")).status_code == 302
    assert [client.post(url(evening, path)).status_code for path in posts] == [401] * 3


def test_a_paired_phone_takes_it_on_the_page_and_by_the_api(client: FlaskClient, evening: Evening) -> None:
    desk, token = devices.make(evening.session, evening.event, DeviceKind.STAFF, now=NOW, name="入口A")
    guest_phone, guest_token = devices.make(evening.session, evening.event, DeviceKind.GUEST, now=NOW)
    one, two, three = (guest.registration.public_id for guest in evening.guests)
    client.delete_cookie("enishi")
    client.set_cookie("enishi-door", token)
    assert client.post(url(evening, f"/door/list/{one}/fee")).status_code == 303
    assert client.get(url(evening, f"/receipts/{one}")).status_code == 200
    assert client.get(url(evening, "/fees")).status_code == 302
    client.set_cookie("enishi-door", guest_token)
    assert client.post(url(evening, f"/door/list/{two}/fee")).status_code == 404
    assert client.get(url(evening, f"/receipts/{one}")).status_code == 404
    assert client.get(url(evening, "/badges")).status_code == 404
    client.delete_cookie("enishi-door")
    api = f"/api/v1/events/{evening.event.public_id}/check-ins/{{}}/fee"
    bearer = {"Authorization": f"Bearer {guest_token}"}
    asked = {"taken": True, "way": "beforehand"}
    assert client.post(api.format(two), json=asked, headers=bearer).json == {"fee_taken": 3000}
    assert client.post(api.format(three), json={"taken": True}, headers=bearer).json == {"fee_taken": 3000}
    assert client.post(api.format(three), json={"taken": False}, headers=bearer).json == {"fee_taken": 0}
    noted = evening.session.scalars(select(FeePayment).order_by(FeePayment.id)).all()
    assert [(row.device_id, row.by_id) for row in noted] == [
        (desk.id, None),
        (guest_phone.id, None),
        (guest_phone.id, None),
    ]
    money = money_of(evening.session, evening.event)
    assert money.by_purse == [(Purse("入口A", DeviceKind.STAFF), Takings(1, 3000))]
