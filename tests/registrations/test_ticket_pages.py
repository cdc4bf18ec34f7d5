"""One's own registration: by the mail's link and signed in."""

import base64
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.checkin.models import CheckIn, Scan
from organizer.config import Config
from organizer.domain.lifecycle import EventState, Mode, RegistrationState
from organizer.domain.ticketing import CheckInMethod
from organizer.events.models import Event, SeatCount
from organizer.people.models import Person
from organizer.registrations import tickets
from organizer.registrations.models import Registration
from organizer.web.unit import App
from tests.conftest import BASE_URL
from tests.factories import NOW, make_person, make_registration
from tests.registrations.helping import NASTY, code_of, counted, pages, read_codes, ticket_link, words_in
from tests.sprays.walking import settled

SignIn = Callable[[Person], FlaskClient]
ADMITTED = RegistrationState.ADMITTED
ACTS = ("", "/qr.png", "/ticket.pdf", "/event.ics", "/edit", "/cancel")


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
        url = f"{BASE_URL}/q/{code_of(rows, registration, config.secret_key)}"
        assert base64.b64decode(found[1]).decode() == tickets.qr_svg(url)

    def test_the_picture_is_read_by_another_reader(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str, config: Config
    ) -> None:
        answer = client.get(f"{link}/qr.png")
        assert answer.mimetype == "image/png"
        assert read_codes(answer.data) == [f"{BASE_URL}/q/{code_of(rows, registration, config.secret_key)}"]

    def test_the_pdf_is_read_by_another_reader(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str, config: Config
    ) -> None:
        answer = client.get(f"{link}/ticket.pdf")
        assert answer.mimetype == "application/pdf"
        (page,) = pages(answer.data)
        assert read_codes(page) == [f"{BASE_URL}/q/{code_of(rows, registration, config.secret_key)}"]
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
            (RegistrationState.APPLIED, "お申込を受け付けました"),
            (RegistrationState.WAITLISTED, "キャンセル待ちに入りました"),
            (RegistrationState.DECLINED, "今回はお席をご用意できませんでした"),
            (RegistrationState.CANCELLED, "お申込は取り消されました"),
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

    @pytest.mark.parametrize(
        ("locale", "rank", "why"),
        [
            ("ja", "2 名中 2 番目にお待ちいただいています", "いまは満席です。"),
            ("en", "You are number 2 of 2 on the waiting list.", "No seat is free."),
        ],
    )
    def test_who_waits_reads_their_rank_and_why_nobody_moves(
        self,
        client: FlaskClient,
        rows: Session,
        event: Event,
        person: Person,
        locale: str,
        rank: str,
        why: str,
    ) -> None:
        counter = rows.scalars(select(SeatCount).where(SeatCount.event_id == event.id)).one()
        counter.taken = counter.cap
        first = {"waiting_since": NOW, "applied_at": NOW - timedelta(hours=1)}
        make_registration(rows, event, make_person(rows), state=RegistrationState.WAITLISTED, **first)
        mine = make_registration(rows, event, person, state=RegistrationState.WAITLISTED, waiting_since=NOW)
        person.locale = locale
        link = f"/t/{ticket_link(rows, mine)}"
        rows.commit()
        text = client.get(link).text
        assert rank in text
        assert why in text

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


class TestAfterwards:
    """The closing and the matches are one tap away from the ticket, for those who were there."""

    def _arrives(self, rows: Session, registration: Registration) -> None:
        rows.add(
            CheckIn(
                circle_id=registration.circle_id,
                event_id=registration.event_id,
                registration_id=registration.id,
                method=CheckInMethod.SCAN,
                at=NOW,
            )
        )
        rows.commit()

    def test_from_a_quarter_of_an_hour_before_the_end_the_link_leads_on(
        self,
        client: FlaskClient,
        rows: Session,
        registration: Registration,
        link: str,
        stand_still: Callable[[datetime], None],
    ) -> None:
        self._arrives(rows, registration)
        ends = registration.event.ends_at
        stand_still(ends - timedelta(minutes=16))
        assert f"{link}/closing" not in client.get(link).text
        stand_still(ends - timedelta(minutes=15))
        text = client.get(link).text
        assert f'href="{link}/closing"' in text
        assert "今日を 1 分でふりかえる" in text
        assert f"{link}/matches" not in text
        assert "ふりかえり" in client.get(f"{link}/closing").text, "where six digits are asked for"
        stand_still(ends + timedelta(hours=3))
        over = client.get(link).text
        assert f'href="{link}/closing"' in over
        assert f'href="{link}/matches"' in over
        assert "ご参加ありがとうございました" in over

    def test_signed_in_it_leads_straight_on(
        self,
        rows: Session,
        registration: Registration,
        sign_in: SignIn,
        stand_still: Callable[[datetime], None],
    ) -> None:
        self._arrives(rows, registration)
        browser = sign_in(registration.person)
        stand_still(registration.event.ends_at + timedelta(minutes=5))
        text = browser.get(f"/me/tickets/{registration.public_id}").text
        assert f'href="/events/{registration.event.public_id}/closing"' in text
        assert f'href="/e/{registration.event.public_id}/matches"' in text

    def test_who_was_not_there_is_not_thanked_for_it(
        self, client: FlaskClient, event: Event, link: str, stand_still: Callable[[datetime], None]
    ) -> None:
        stand_still(event.ends_at + timedelta(hours=1))
        text = client.get(link).text
        assert f"{link}/closing" not in text
        assert "ご参加ありがとうございました" not in text
        assert "またの機会にお待ちしております" in text

    def test_in_english(
        self,
        client: FlaskClient,
        rows: Session,
        registration: Registration,
        link: str,
        stand_still: Callable[[datetime], None],
    ) -> None:
        registration.person.locale = "en"
        self._arrives(rows, registration)
        stand_still(registration.event.ends_at + timedelta(hours=1))
        text = client.get(link).text
        assert "Look back on today, in one minute" in text
        assert "Your matches" in text


def test_the_code_opened_by_a_camera_says_nothing_and_does_nothing(
    client: FlaskClient, rows: Session, registration: Registration, config: Config, link: str
) -> None:
    known = client.get(f"/q/{code_of(rows, registration, config.secret_key)}")
    unknown = client.get("/q/0123456789ABCDEFGHJKMNPQRS")
    assert link
    assert known.status_code == 200
    own = settled(known.text.replace(code_of(rows, registration, config.secret_key), ""))
    assert own == settled(unknown.text.replace("0123456789ABCDEFGHJKMNPQRS", ""))
    assert "高橋" not in known.text
    assert "受付でこの画面をお見せください" in known.text
    for table in (CheckIn, Scan):
        assert rows.scalar(select(func.count()).select_from(table)) == 0
