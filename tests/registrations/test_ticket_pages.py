"""One's own registration: by the mail's link and signed in."""

import base64
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import event as sql_event
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.checkin.models import CheckIn, Scan
from organizer.config import Config
from organizer.domain.lifecycle import EventState, Mode, RegistrationState
from organizer.domain.ticketing import CheckInMethod
from organizer.events.models import Event
from organizer.mail.models import Message
from organizer.people import links
from organizer.people.models import LinkPurpose, Person
from organizer.registrations import tickets
from organizer.registrations.models import Registration, Ticket
from organizer.web.unit import App
from tests.conftest import BASE_URL
from tests.factories import NOW, make_circle, make_event, make_person, make_registration
from tests.registrations.helping import ANSWERS, NASTY, pages, read_codes, ticket_link, words_in

SignIn = Callable[[Person], FlaskClient]
ADMITTED = RegistrationState.ADMITTED
ACTS = ("", "/qr.png", "/ticket.pdf", "/event.ics", "/edit", "/cancel")


@pytest.fixture
def person(rows: Session) -> Person:
    return make_person(
        rows, name="高橋 玲子", reading="たかはし れいこ", profile={"company": "株式会社ひびき"}
    )


@pytest.fixture
def event(rows: Session) -> Event:
    return make_event(rows, make_circle(rows), fee_yen=3000, phone="03-1234-5678")


@pytest.fixture
def registration(rows: Session, event: Event, person: Person, config: Config) -> Registration:
    made = make_registration(rows, event, person, state=ADMITTED)
    tickets.issue(rows, made, NOW, config.secret_key)
    return made


@pytest.fixture
def link(rows: Session, registration: Registration) -> str:
    token = ticket_link(rows, registration)
    rows.commit()
    return f"/t/{token}"


def code_of(rows: Session, registration: Registration, config: Config) -> str:
    ticket = tickets.standing(rows, registration.id)
    assert ticket is not None
    return tickets.code_of(ticket, config.secret_key)


def state_of(rows: Session, registration: Registration) -> RegistrationState:
    rows.expire_all()
    return rows.get_one(Registration, registration.id).state


@contextmanager
def counted(app: App) -> Iterator[list[str]]:
    """The statements of a block, without transaction control."""
    statements: list[str] = []
    engine = app.extensions["enishi.database"].engine

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    sql_event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sql_event.remove(engine, "before_cursor_execute", note)


class TestTicket:
    def test_all_that_the_door_needs_is_there(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str
    ) -> None:
        answer = client.get(link)
        ticket = tickets.standing(rows, registration.id)
        assert ticket is not None
        assert answer.status_code == 200
        for words in (
            "高橋 玲子",
            "たかはし れいこ",
            "株式会社ひびき",
            "第12回 朝の会",
            str(ticket.number),
            "12月3日（木）",
        ):
            assert words in answer.text, words
        for words in (
            "丸の内ビル 5 階",
            "11:40",
            "3,000 円",
            "03-1234-5678",
            "名前を出さなければ共有してよい",
        ):
            assert words in answer.text, words
        assert answer.headers["Cache-Control"] == "no-store"

    def test_the_page_holds_the_picture_itself(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str, config: Config
    ) -> None:
        found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', client.get(link).text)
        assert found is not None
        url = f"{BASE_URL}/q/{code_of(rows, registration, config)}"
        assert base64.b64decode(found[1]).decode() == tickets.qr_svg(url)

    def test_the_picture_is_read_by_another_reader(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str, config: Config
    ) -> None:
        answer = client.get(f"{link}/qr.png")
        assert answer.mimetype == "image/png"
        assert read_codes(answer.data) == [f"{BASE_URL}/q/{code_of(rows, registration, config)}"]

    def test_the_pdf_is_read_by_another_reader(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str, config: Config
    ) -> None:
        answer = client.get(f"{link}/ticket.pdf")
        assert answer.mimetype == "application/pdf"
        (page,) = pages(answer.data)
        assert read_codes(page) == [f"{BASE_URL}/q/{code_of(rows, registration, config)}"]
        assert "高橋 玲子" in words_in(answer.data)

    def test_the_calendar_file_is_that_of_the_event(
        self, client: FlaskClient, event: Event, link: str
    ) -> None:
        answer = client.get(f"{link}/event.ics")
        (entry,) = Calendar.from_ical(answer.data).walk("VEVENT")
        assert entry["UID"].startswith(event.public_id)
        assert "attachment" in answer.headers["Content-Disposition"]

    def test_in_the_language_of_the_person(
        self, client: FlaskClient, rows: Session, person: Person, link: str
    ) -> None:
        person.locale = "en"
        rows.commit()
        text = client.get(link).text
        assert "Put it into my calendar" in text
        assert "doors open at 11:40" in text

    @pytest.mark.parametrize("act", ACTS)
    def test_a_page_takes_few_statements(self, client: FlaskClient, app: App, link: str, act: str) -> None:
        with counted(app) as statements:
            assert client.get(link + act).status_code == 200
        assert len(statements) <= 5, statements

    @pytest.mark.parametrize("words", NASTY)
    def test_no_markup_comes_from_what_was_typed(
        self, client: FlaskClient, rows: Session, person: Person, event: Event, link: str, words: str
    ) -> None:
        person.name, person.reading, person.profile.company = words[:80], words, words
        event.title, event.place, event.phone = words[:80], words, words[:20]
        rows.commit()
        for act in ("", "/edit", "/cancel"):
            text = client.get(link + act).text
            assert "<script>alert" not in text
            assert "<img src=x" not in text
            assert "<svg/onload" not in text
            assert 'href="javascript' not in text
        pdf = client.get(f"{link}/ticket.pdf").data
        assert b"/JavaScript" not in pdf
        assert b"/URI" not in pdf
        assert len(pages(pdf)) == 1
        (entry,) = Calendar.from_ical(client.get(f"{link}/event.ics").data).walk("VEVENT")
        assert str(entry["SUMMARY"]) == words[:80]


class TestStates:
    @pytest.mark.parametrize(
        ("state", "words"),
        [
            (RegistrationState.APPLIED, "お申し込みを受け付けました"),
            (RegistrationState.WAITLISTED, "キャンセル待ちに入りました"),
            (RegistrationState.DECLINED, "今回はお席をご用意できませんでした"),
            (RegistrationState.CANCELLED, "お申し込みは取り消されました"),
        ],
    )
    def test_each_says_where_one_stands(
        self,
        client: FlaskClient,
        rows: Session,
        event: Event,
        person: Person,
        state: RegistrationState,
        words: str,
    ) -> None:
        registration = make_registration(rows, event, person, state=state)
        link = f"/t/{ticket_link(rows, registration)}"
        rows.commit()
        assert words in client.get(link).text
        assert "data:image/svg" not in client.get(link).text
        assert client.get(f"{link}/qr.png").status_code == 404
        assert client.get(f"{link}/ticket.pdf").status_code == 404

    def test_nothing_is_shown_before_the_letter_may_leave(
        self,
        client: FlaskClient,
        rows: Session,
        registration: Registration,
        link: str,
        stand_still: Callable[[datetime], None],
    ) -> None:
        registration.before, registration.letter_due_at = {"state": "applied"}, NOW + timedelta(minutes=10)
        rows.commit()
        assert "参加が決まりました" not in client.get(link).text
        assert client.get(f"{link}/qr.png").status_code == 404
        stand_still(NOW + timedelta(minutes=10))
        assert client.get(f"{link}/qr.png").status_code == 200

    def test_a_ticket_still_being_made(self, client: FlaskClient, rows: Session, event: Event) -> None:
        registration = make_registration(rows, event, make_person(rows), state=ADMITTED)
        link = f"/t/{ticket_link(rows, registration)}"
        rows.commit()
        assert "チケットを準備しています" in client.get(link).text

    def test_a_cancelled_event_says_why(
        self, client: FlaskClient, rows: Session, event: Event, link: str
    ) -> None:
        event.state, event.cancelled_at, event.cancel_words = EventState.CANCELLED, NOW, "台風のため"
        rows.commit()
        text = client.get(link).text
        assert "台風のため" in text
        assert "data:image/svg" not in text

    def test_online_there_is_a_button_in_place_of_the_code(
        self, client: FlaskClient, rows: Session, event: Event, link: str
    ) -> None:
        event.mode, event.online_url = Mode.ONLINE, "https://meet.example.jp/secret"
        rows.commit()
        text = client.get(link).text
        assert "オンライン会場に入る" in text
        assert f'name="ticket" value="{link.removeprefix("/t/")}"' in text
        assert "meet.example.jp" not in text
        assert client.get(f"{link}/ticket.pdf").status_code == 404

    def test_when_it_is_over(
        self, client: FlaskClient, event: Event, link: str, stand_still: Callable[[datetime], None]
    ) -> None:
        stand_still(event.ends_at + timedelta(hours=1))
        text = client.get(link).text
        assert "この会は終了しました" in text
        assert f"{link}/cancel" not in text
        assert f"{link}/edit" not in text


class TestLinks:
    @pytest.mark.parametrize("act", ACTS)
    def test_an_unknown_link_opens_nothing(
        self, client: FlaskClient, registration: Registration, act: str
    ) -> None:
        assert registration.id
        for token in ("x", "a" * 43, str(registration.id), registration.public_id):
            assert client.get(f"/t/{token}{act}").status_code == 404

    @pytest.mark.parametrize("act", ["/edit", "/cancel", "/reissue"])
    def test_nor_does_it_change_anything(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str, act: str
    ) -> None:
        assert client.post(f"/t/{'a' * 43}{act}", data=ANSWERS).status_code == 404
        assert (
            client.post(f"{link[:-1]}{'a' if link[-1] != 'a' else 'b'}{act}", data=ANSWERS).status_code == 404
        )
        assert state_of(rows, registration) is ADMITTED
        assert rows.scalar(select(func.count()).select_from(Ticket)) == 1

    @pytest.mark.parametrize("purpose", [one for one in LinkPurpose if one is not LinkPurpose.TICKET])
    def test_a_link_for_something_else_is_no_ticket(
        self, client: FlaskClient, rows: Session, registration: Registration, purpose: LinkPurpose
    ) -> None:
        token = links.issue(rows, purpose, registration.person_id, registration.id, now=NOW)
        rows.commit()
        assert client.get(f"/t/{token}").status_code == 404
        assert client.post(f"/t/{token}/cancel").status_code == 404
        assert state_of(rows, registration) is ADMITTED

    def test_a_link_of_another_person_opens_nothing(
        self, client: FlaskClient, rows: Session, registration: Registration
    ) -> None:
        token = links.issue(rows, LinkPurpose.TICKET, make_person(rows).id, registration.id, now=NOW)
        rows.commit()
        assert client.get(f"/t/{token}").status_code == 404

    def test_it_ends_fourteen_days_after_the_event(
        self, client: FlaskClient, event: Event, link: str, stand_still: Callable[[datetime], None]
    ) -> None:
        stand_still(event.ends_at + timedelta(days=14))
        assert client.get(link).status_code == 200
        stand_still(event.ends_at + timedelta(days=14, seconds=1))
        assert client.get(link).status_code == 404

    def test_a_revoked_link_opens_nothing(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str
    ) -> None:
        links.revoke(rows, LinkPurpose.TICKET, registration.id, NOW)
        rows.commit()
        assert client.get(link).status_code == 404

    def test_looking_changes_nothing(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str
    ) -> None:
        for act in (*ACTS, "/reissue"):
            for method in (client.get, client.head, client.options):
                assert method(link + act).status_code in (200, 405)
        assert state_of(rows, registration) is ADMITTED
        for table in (Message, CheckIn, Scan):
            assert rows.scalar(select(func.count()).select_from(table)) == 0
        assert rows.scalars(select(Ticket)).one().revoked_at is None


class TestMine:
    def test_the_same_page_signed_in(
        self, sign_in: SignIn, person: Person, registration: Registration
    ) -> None:
        client = sign_in(person)
        text = client.get(f"/me/tickets/{registration.public_id}").text
        assert "data:image/svg" in text
        assert f"/me/tickets/{registration.public_id}/cancel" in text
        for act in ACTS:
            assert client.get(f"/me/tickets/{registration.public_id}{act}").status_code == 200, act

    @pytest.mark.parametrize("act", ACTS)
    def test_somebody_elses_is_not_there(
        self, sign_in: SignIn, rows: Session, registration: Registration, act: str
    ) -> None:
        assert sign_in(make_person(rows)).get(f"/me/tickets/{registration.public_id}{act}").status_code == 404

    def test_nobody_else_cancels_it(self, sign_in: SignIn, rows: Session, registration: Registration) -> None:
        client = sign_in(make_person(rows))
        for act in ("cancel", "edit", "reissue"):
            assert client.post(f"/me/tickets/{registration.public_id}/{act}", data=ANSWERS).status_code == 404
        assert state_of(rows, registration) is ADMITTED

    def test_not_signed_in_one_signs_in_first(
        self, client: FlaskClient, rows: Session, registration: Registration
    ) -> None:
        rows.commit()
        answer = client.get(f"/me/tickets/{registration.public_id}")
        assert answer.status_code == 302
        assert "/sign-in?next=" in answer.location
        assert client.post(f"/me/tickets/{registration.public_id}/cancel").status_code == 401
        assert state_of(rows, registration) is ADMITTED

    def test_cancelling_and_changing_work_here_too(
        self, sign_in: SignIn, rows: Session, person: Person, registration: Registration
    ) -> None:
        client = sign_in(person)
        mine = f"/me/tickets/{registration.public_id}"
        assert client.post(f"{mine}/edit", data=ANSWERS).status_code == 303
        assert client.post(f"{mine}/reissue").status_code == 303
        assert client.post(f"{mine}/cancel").status_code == 303
        assert state_of(rows, registration) is RegistrationState.CANCELLED


class TestChanging:
    def test_the_form_holds_what_was_said(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str
    ) -> None:
        registration.topic, registration.introducer, registration.listed = "後継者のこと", "村上さん", False
        registration.answers = {
            "today": "考え方を聞きたい",
            "gives": [{"kind": "resource", "words": "会議室"}],
        }
        rows.commit()
        text = client.get(f"{link}/edit").text
        for words in ("後継者のこと", "村上さん", "考え方を聞きたい", 'value="会議室"'):
            assert words in text
        assert re.search(r'<input[^>]*id="listed"[^>]*>', text)
        assert not re.search(r'<input[^>]*checked[^>]*id="listed"', text)

    def test_what_is_sent_is_kept(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str
    ) -> None:
        answer = client.post(f"{link}/edit", data=ANSWERS)
        assert (answer.status_code, answer.location) == (303, link)
        rows.expire_all()
        kept = rows.get_one(Registration, registration.id)
        assert kept.answers["today"] == ANSWERS["today"]
        assert [give["words"] for give in kept.answers["gives"]] == [
            ANSWERS["give1_words"],
            ANSWERS["give2_words"],
        ]

    def test_bad_input_changes_nothing(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str
    ) -> None:
        answer = client.post(f"{link}/edit", data=ANSWERS | {"give1_words": "", "today": "x" * 201})
        assert answer.status_code == 422
        assert ANSWERS["wish_words"] in answer.text
        rows.expire_all()
        assert rows.get_one(Registration, registration.id).answers == {}

    def test_after_the_event_nothing_is_changed(
        self,
        client: FlaskClient,
        rows: Session,
        registration: Registration,
        event: Event,
        link: str,
        stand_still: Callable[[datetime], None],
    ) -> None:
        stand_still(event.ends_at)
        assert client.get(f"{link}/edit").status_code == 409
        assert client.post(f"{link}/edit", data=ANSWERS).status_code == 409
        rows.expire_all()
        assert rows.get_one(Registration, registration.id).answers == {}


class TestCancelling:
    def test_asked_once_then_done(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str
    ) -> None:
        asked = client.get(f"{link}/cancel")
        assert "参加を取りやめますか" in asked.text
        assert state_of(rows, registration) is ADMITTED
        assert client.post(f"{link}/cancel").location == link
        assert state_of(rows, registration) is RegistrationState.CANCELLED
        assert tickets.standing(rows, registration.id) is None
        assert "お申し込みは取り消されました" in client.get(link).text

    def test_pressed_twice_is_once(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str
    ) -> None:
        for _ in range(2):
            assert client.post(f"{link}/cancel").status_code == 303
        assert rows.scalars(select(Message.kind)).all() == ["registration_cancelled"]
        assert "すでに取り消されています" in client.get(f"{link}/cancel").text

    def test_who_has_arrived_cannot(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str
    ) -> None:
        keys = {"circle_id": registration.circle_id, "event_id": registration.event_id}
        rows.add(CheckIn(**keys, registration_id=registration.id, method=CheckInMethod.SCAN, at=NOW))
        rows.commit()
        assert client.post(f"{link}/cancel").status_code == 409
        assert state_of(rows, registration) is ADMITTED


class TestRenewing:
    def test_the_page_shows_the_new_code_at_once(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str, config: Config
    ) -> None:
        old = code_of(rows, registration, config)
        assert client.post(f"{link}/reissue").location == link
        rows.expire_all()
        new = code_of(rows, registration, config)
        assert new != old
        assert read_codes(client.get(f"{link}/qr.png").data) == [f"{BASE_URL}/q/{new}"]
        assert rows.scalars(select(Message.kind)).all() == ["ticket"]

    def test_where_there_is_none_there_is_nothing_to_renew(
        self, client: FlaskClient, rows: Session, event: Event
    ) -> None:
        registration = make_registration(rows, event, make_person(rows))
        token = ticket_link(rows, registration)
        rows.commit()
        assert client.post(f"/t/{token}/reissue").status_code == 404


def test_the_code_opened_by_a_camera_says_nothing_and_does_nothing(
    client: FlaskClient, rows: Session, registration: Registration, config: Config, link: str
) -> None:
    known = client.get(f"/q/{code_of(rows, registration, config)}")
    unknown = client.get("/q/0123456789ABCDEFGHJKMNPQRS")
    assert link
    assert known.status_code == 200
    assert known.text.replace(code_of(rows, registration, config), "") == unknown.text.replace(
        "0123456789ABCDEFGHJKMNPQRS", ""
    )
    assert "高橋" not in known.text
    assert "受付でこの画面をお見せください" in known.text
    for table in (CheckIn, Scan):
        assert rows.scalar(select(func.count()).select_from(table)) == 0
