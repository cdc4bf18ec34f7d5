"""Checking oneself in: in time, by the one table, known by sign-in, by the ticket's phone or by number and reading."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_hex
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.checkin import devices, self_entry
from organizer.checkin.models import CheckIn
from organizer.config import Config
from organizer.domain.door import DeviceKind
from organizer.domain.lifecycle import EventState, Mode, RegistrationState
from organizer.domain.ticketing import CheckInMethod, RefusalReason, ScanResult
from organizer.people import links
from organizer.people.models import LinkPurpose, Person
from organizer.registrations import phones, tickets
from tests.checkin.rows import Evening, Guest, make_evening
from tests.factories import NOW, make_person
from tests.rounds.tables import publish

SignIn = Callable[[Person], FlaskClient]
Move = Callable[[datetime], None]
SECRET = "s" * 40


@pytest.mark.parametrize(
    "said",
    [
        "たかはし れいこ",
        "タカハシレイコ",
        "ﾀｶﾊｼ ﾚｲｺ",
        "takahashi reiko",
        "TAKAHASI REIKO",
        "高橋玲子",
        "髙橋　玲子",
    ],
)
def test_a_number_and_a_name_however_it_is_written(session: Session, said: str) -> None:
    evening = make_evening(session)
    guest = evening.guest(name="髙橋 玲子", reading="たかはし れいこ")
    found = self_entry.of_number_and_reading(session, evening.event, str(guest.ticket.number), said)
    assert found is not None
    assert found.id == guest.registration.id


@pytest.mark.parametrize("said", ["", " ", "たかはし", "れいこ", "むらかみ けんた", "・"])
def test_a_wrong_or_short_name_is_nobodys(session: Session, said: str) -> None:
    evening = make_evening(session)
    guest = evening.guest(name="高橋 玲子", reading="たかはし れいこ")
    nameless = evening.guest(name="", reading="")
    for one in (guest, nameless):
        assert self_entry.of_number_and_reading(session, evening.event, str(one.ticket.number), said) is None


@pytest.mark.parametrize("number", ["", "123", "12345", "１２３４", "abcd", "-123", "9" * 4])
def test_a_number_that_is_none_finds_nobody(session: Session, number: str) -> None:
    evening = make_evening(session)
    evening.guest(name="高橋 玲子", reading="たかはし れいこ").ticket.number = 1234
    session.flush()
    assert self_entry.of_number_and_reading(session, evening.event, number, "たかはし れいこ") is None


def test_the_number_of_another_event_or_of_an_old_ticket_is_none(session: Session) -> None:
    evening, other = make_evening(session), make_evening(session)
    guest = other.guest(name="高橋 玲子", reading="たかはし れいこ")
    old = evening.guest(name="村上 健太", reading="むらかみ けんた")
    old.ticket.revoked_at = NOW
    session.flush()
    for one in (guest, old):
        assert self_entry.of_number(session, evening.event, str(one.ticket.number)) is None


def test_a_phones_pass_is_for_one_registration_at_one_event_and_ends_with_its_ticket(
    session: Session,
) -> None:
    evening, other = make_evening(session), make_evening(session)
    guest, second = evening.guest(), evening.guest()
    kept = phones.pass_of(guest.registration, guest.ticket, SECRET)
    found = phones.find(session, evening.event, kept, SECRET)
    assert found is not None
    assert found.id == guest.registration.id
    assert phones.find(session, other.event, kept, SECRET) is None
    assert phones.find(session, evening.event, kept, "another secret") is None
    stolen = f"{second.registration.public_id}.{kept.partition('.')[2]}"
    for made_up in (stolen, "", ".", kept[:-1], f"{guest.registration.public_id}.", "x" * 200):
        assert phones.find(session, evening.event, made_up, SECRET) is None
    tickets.reissue(session, guest.registration, NOW, SECRET, by_id=None)
    assert phones.find(session, evening.event, kept, SECRET) is None


def test_what_the_door_would_say_follows_the_one_table(session: Session) -> None:
    evening = make_evening(session)
    event = evening.event
    assert self_entry.foresee(session, event, None, NOW).decision.result is ScanResult.ADMITTED
    early = self_entry.foresee(session, event, None, NOW - timedelta(hours=3))
    assert early.decision.reason is RefusalReason.NOT_YET_OPEN
    late = self_entry.foresee(session, event, None, event.ends_at + timedelta(hours=2))
    assert late.decision.reason is RefusalReason.EVENT_OVER
    gone = evening.guest(RegistrationState.CANCELLED).registration
    assert self_entry.foresee(session, event, gone, NOW).decision.reason is RefusalReason.CANCELLED
    guest = evening.guest()
    evening.scan(guest.code)
    seen = self_entry.foresee(session, event, guest.registration, NOW).decision
    assert (seen.result, seen.first_at) == (ScanResult.ALREADY, NOW)


# The pages


@pytest.fixture
def evening(rows: Session) -> Evening:
    return make_evening(rows)


@pytest.fixture
def guest(evening: Evening) -> Guest:
    guest = evening.guest(name="高橋 玲子", reading="たかはし れいこ")
    evening.session.commit()
    return guest


@pytest.fixture
def here(evening: Evening) -> str:
    return f"/s/{evening.event.public_id}"


@pytest.fixture
def photographed(evening: Evening, config: Config, rows: Session) -> Callable[[], str]:
    """The address that the tablet shows at a moment."""
    rows.commit()

    def take(moment: datetime = NOW) -> str:
        return f"/s/{evening.event.public_id}/{self_entry.code(evening.event, moment, config.secret_key)}"

    return take


@pytest.fixture
def phone(client: FlaskClient, guest: Guest, photographed: Callable[[], str], here: str) -> FlaskClient:
    """A phone that nobody knows, which has just scanned the tablet's code."""
    opened = client.get(photographed())
    assert (opened.status_code, opened.location) == (302, here)
    return client


def by_number(guest: Guest, **values: str) -> dict[str, str]:
    known = {"number": str(guest.ticket.number), "reading": "たかはし れいこ", "key": token_hex(16)}
    return known | values


def arrivals(rows: Session) -> list[CheckInMethod]:
    rows.expire_all()
    return list(rows.scalars(select(CheckIn.method).where(CheckIn.voided_at.is_(None))))


def test_by_number_and_reading_one_is_in(phone: FlaskClient, rows: Session, guest: Guest, here: str) -> None:
    assert "チケットの番号" in phone.get(here).text
    sent = phone.post(here, data=by_number(guest))
    assert (sent.status_code, sent.location) == (303, f"{here}/done")
    done = phone.get(sent.location).text
    for words in ("受付しました", "高橋 玲子さん", "会費 3,000 円は受付で"):
        assert words in done
    assert arrivals(rows) == [CheckInMethod.SELF]
    again = phone.post(here, data=by_number(guest))
    assert again.status_code == 303
    assert "すでに受付が済んでいました" in phone.get(again.location).text
    assert len(arrivals(rows)) == 1


def test_two_people_with_one_phone_are_both_in(
    phone: FlaskClient, rows: Session, evening: Evening, guest: Guest, here: str
) -> None:
    partner = evening.guest(name="高橋 一郎", reading="たかはし いちろう")
    rows.commit()
    phone.post(here, data=by_number(guest))
    assert "ご一緒の方" in phone.get(f"{here}/done").text
    second = {"number": str(partner.ticket.number), "reading": "たかはし いちろう", "key": token_hex(16)}
    assert phone.post(here, data=second).status_code == 303
    assert "高橋 一郎" in phone.get(f"{here}/done").text
    assert len(arrivals(rows)) == 2


def test_taken_back_at_the_desk_it_is_asked_again(
    phone: FlaskClient, rows: Session, guest: Guest, here: str
) -> None:
    phone.post(here, data=by_number(guest))
    rows.scalars(select(CheckIn)).one().voided_at = NOW
    rows.commit()
    assert phone.get(f"{here}/done").location == here
    assert phone.get(here).status_code == 200


def test_pressed_twice_it_is_one_scan(phone: FlaskClient, rows: Session, guest: Guest, here: str) -> None:
    data = by_number(guest)
    assert [phone.post(here, data=data).status_code for _ in range(2)] == [303, 303]
    assert "どうぞお入りください" in phone.get(f"{here}/done").text
    assert phone.post(here, data=data | {"number": "0000"}).status_code == 422
    assert len(arrivals(rows)) == 1


def test_a_wrong_number_and_a_wrong_reading_are_answered_the_same(
    phone: FlaskClient, rows: Session, guest: Guest, here: str
) -> None:
    other = "9999" if guest.ticket.number != 9999 else "9998"
    key = token_hex(16)
    wrong_number = phone.post(here, data=by_number(guest, number=other, key=key))
    wrong_reading = phone.post(here, data=by_number(guest, reading="むらかみ けんた", key=key))
    assert wrong_number.status_code == wrong_reading.status_code == 422
    told = [
        re.sub(r'(name="csrf_token" )?value="[^"]*"', "", answer.text)
        for answer in (wrong_number, wrong_reading)
    ]
    assert told[0] == told[1]
    assert "番号とお名前が合いません" in told[0]
    assert arrivals(rows) == []


def test_tries_at_one_number_are_few(phone: FlaskClient, rows: Session, guest: Guest, here: str) -> None:
    codes = [phone.post(here, data=by_number(guest, reading=f"だれか {n}")).status_code for n in range(8)]
    assert codes == [422] * 6 + [429] * 2
    assert phone.post(here, data=by_number(guest)).status_code == 429
    assert arrivals(rows) == []


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda number: " " * 60 + number, id="behind many spaces"),
        pytest.param(lambda number: " ".join(number), id="spaced"),
        pytest.param(lambda number: "".join(chr(0xFF10 + int(sign)) for sign in number), id="full width"),
        pytest.param(lambda number: "".join(chr(0x0660 + int(sign)) for sign in number), id="arabic"),
        pytest.param(lambda number: f"{number[:3]}{chr(0x1D7CE + int(number[3]))}", id="mixed"),
    ],
)
def test_a_number_is_one_number_however_it_is_written(
    phone: FlaskClient, guest: Guest, here: str, written: Callable[[str], str]
) -> None:
    number = str(guest.ticket.number)
    for n in range(6):
        assert phone.post(here, data=by_number(guest, reading=f"だれか {n}")).status_code == 422
    tried = by_number(guest, reading="だれか 7", number=written(number))
    assert phone.post(here, data=tried).status_code == 429


def test_a_signed_in_person_needs_one_press(
    sign_in: SignIn, rows: Session, guest: Guest, photographed: Callable[[], str], here: str
) -> None:
    client = sign_in(guest.person)
    client.get(photographed())
    page = client.get(here).text
    assert "高橋 玲子さん、ようこそ" in page
    assert 'name="number"' not in page
    assert 'name="number"' in client.get(f"{here}?other=1").text
    key = re.search(r'name="key" type="hidden" value="(\w+)"', page)
    assert key is not None
    assert client.post(here, data={"key": key[1]}).status_code == 303
    assert arrivals(rows) == [CheckInMethod.SELF]
    assert client.get(here).location == f"{here}/done"
    with client.session_transaction() as cookie:
        del cookie["came"]
    assert "受付済みです" in client.get(here).text


def test_the_phone_on_which_the_ticket_was_opened_is_known_and_opens_nothing_else(
    client: FlaskClient,
    rows: Session,
    evening: Evening,
    config: Config,
    photographed: Callable[[], str],
    here: str,
) -> None:
    person = make_person(rows, name="村上 健太")
    guest = evening.guest(name="x")
    guest.registration.person_id = person.id
    ticket = tickets.reissue(rows, guest.registration, NOW, config.secret_key, by_id=None)
    token = links.issue(rows, LinkPurpose.TICKET, person.id, guest.registration.id, now=NOW)
    rows.commit()
    opened = client.get(f"/t/{token}")
    cookie = next(line for line in opened.headers.getlist("Set-Cookie") if line.startswith("enishi-ticket="))
    assert {"HttpOnly", f"Path={here}", "SameSite=Lax"} <= set(cookie.split("; "))
    assert ticket.code_hash not in cookie
    client.get(photographed())
    assert "村上 健太さん、ようこそ" in client.get(here).text
    assert client.get("/ties").status_code == 302
    assert client.get(f"/events/{evening.event.public_id}/door/list").status_code == 302
    assert client.post(here, data={"key": token_hex(16)}).status_code == 303
    assert arrivals(rows) == [CheckInMethod.SELF]


@pytest.mark.parametrize("later", [90, 91, 3600])
def test_a_photograph_sent_to_a_friend_is_useless(
    client: FlaskClient,
    rows: Session,
    guest: Guest,
    stand_still: Move,
    photographed: Callable[[], str],
    here: str,
    later: int,
) -> None:
    address = photographed()
    stand_still(NOW + timedelta(seconds=later))
    assert client.get(address).location == here
    stale = client.get(here)
    assert (stale.status_code, "コードが変わりました" in stale.text) == (410, True)
    assert client.post(here, data=by_number(guest)).status_code == 410
    assert arrivals(rows) == []


def test_opened_in_time_there_are_three_minutes_for_typing_and_no_more(
    phone: FlaskClient, rows: Session, guest: Guest, stand_still: Move, here: str
) -> None:
    stand_still(NOW + timedelta(minutes=2, seconds=59))
    assert phone.get(here).status_code == 200
    stand_still(NOW + timedelta(minutes=3))
    assert phone.post(here, data=by_number(guest)).status_code == 410
    assert arrivals(rows) == []


def test_a_page_is_sent_by_the_phone_that_opened_it_alone(
    phone: FlaskClient, rows: Session, guest: Guest, here: str
) -> None:
    friend = phone.application.test_client()
    assert friend.get(here).status_code == 410
    assert friend.post(here, data=by_number(guest)).status_code == 410
    assert friend.get(f"{here}/done").location == f"{here}?other=1"
    assert arrivals(rows) == []


def test_a_code_opens_its_own_event_alone(
    client: FlaskClient, rows: Session, photographed: Callable[[], str]
) -> None:
    other = make_evening(rows).event.public_id
    rows.commit()
    client.get(f"/s/{other}/{photographed().rpartition('/')[2]}")
    assert client.get(f"/s/{other}").status_code == 410
    assert client.get(f"/s/{other}/" + "x" * 16).location == f"/s/{other}"
    assert client.get(f"/s/{other}").status_code == 410


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": EventState.CANCELLED}, "中止になりました"),
        ({"starts_at": NOW + timedelta(hours=5), "ends_at": NOW + timedelta(hours=6),
          "doors_open_at": NOW + timedelta(hours=4)}, "受付はこれからです"),
        ({"starts_at": NOW - timedelta(hours=6), "ends_at": NOW - timedelta(hours=5)}, "この会は終了しました"),
    ],
)  # fmt: skip
def test_when_it_is_not_possible_the_page_says_why(
    phone: FlaskClient,
    rows: Session,
    evening: Evening,
    guest: Guest,
    here: str,
    change: dict[str, object],
    words: str,
) -> None:
    for name, value in change.items():
        setattr(evening.event, name, value)
    rows.commit()
    shown = phone.get(here)
    assert words in shown.text
    assert "<form" not in shown.text.partition("<main")[2]
    sent = phone.post(here, data=by_number(guest))
    assert sent.status_code == 409
    assert words in sent.text
    assert arrivals(rows) == []


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RegistrationState.CANCELLED, "参加登録は取り消されています"),
        (RegistrationState.WAITLISTED, "ご参加は、まだ確定していません"),
    ],
)
def test_who_has_no_place_is_led_to_the_desk(
    sign_in: SignIn,
    rows: Session,
    evening: Evening,
    photographed: Callable[[], str],
    here: str,
    state: RegistrationState,
    words: str,
) -> None:
    client = sign_in(evening.guest(state).person)
    client.get(photographed())
    assert words in client.get(here).text
    assert client.post(here, data={"key": token_hex(16)}).status_code == 409
    assert arrivals(rows) == []


def test_the_table_is_told_once_tables_are_published(
    phone: FlaskClient, rows: Session, evening: Evening, guest: Guest, here: str
) -> None:
    others = [evening.guest().person for _ in range(2)]
    publish(rows, evening.event, [[[guest.person, *others]]])
    rows.commit()
    phone.post(here, data=by_number(guest))
    assert re.search(r"卓</span> <strong>1</strong>", phone.get(f"{here}/done").text)


def test_online_events_and_drafts_have_no_tablet(
    client: FlaskClient, rows: Session, here: str, evening: Evening
) -> None:
    evening.event.mode = Mode.ONLINE
    rows.commit()
    assert client.get(here).status_code == 404
    assert client.get("/s/" + "x" * 22).status_code == 404


def test_the_tablet_shows_the_code_and_the_next_one(
    sign_in: SignIn, evening: Evening, rows: Session, stand_still: Move
) -> None:
    client = sign_in(evening.staff)
    path = f"/events/{evening.event.public_id}/self"
    page = client.get(path)
    assert "このコードは 30 秒ごとに変わります" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    first = client.get(f"{path}/code").json
    assert first is not None
    assert first["left_ms"] == 30_000
    assert first["picture"] in page.text
    stand_still(NOW + timedelta(seconds=29))
    assert client.get(f"{path}/code").json == first | {"left_ms": 1000}
    stand_still(NOW + timedelta(seconds=30))
    assert client.get(f"{path}/code").json["picture"] != first["picture"]  # type: ignore[index]


@pytest.mark.parametrize("kind", [DeviceKind.STAFF, DeviceKind.GUEST])
def test_a_paired_tablet_may_show_it(
    client: FlaskClient, rows: Session, evening: Evening, kind: DeviceKind
) -> None:
    _, token = devices.make(rows, evening.event, kind, now=NOW)
    other = make_evening(rows).event.public_id
    rows.commit()
    client.set_cookie("enishi-door", token)
    assert client.get(f"/events/{evening.event.public_id}/self").status_code == 200
    assert client.get(f"/events/{other}/self").status_code == 404


def test_strangers_see_no_code(sign_in: SignIn, rows: Session, evening: Evening, client: FlaskClient) -> None:
    path = f"/events/{evening.event.public_id}/self"
    rows.commit()
    assert urlsplit(client.get(path).location).path == "/sign-in"
    stranger = sign_in(make_person(rows))
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"{path}/code").status_code == 404


def test_it_speaks_english_too(
    client: FlaskClient, guest: Guest, photographed: Callable[[], str], here: str
) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.get(photographed())
    assert "The number on your ticket" in client.get(here).text
    client.post(here, data=by_number(guest))
    assert "You are in now" in client.get(f"{here}/done").text
