"""The letters to applicants, as they really leave: composed by the worker, read as bytes."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.config import Config
from organizer.domain.delivery import MessageState
from organizer.domain.lifecycle import EventState, Mode, RegistrationState
from organizer.events.models import Event
from organizer.mail.models import Message
from organizer.people.models import LinkPurpose, MailLink, Person
from organizer.registrations import tickets
from organizer.registrations.applying import tell_anew
from organizer.registrations.cancelling import cancel
from organizer.registrations.letters import post
from organizer.registrations.mails import short_title
from organizer.registrations.models import Registration, Ticket
from organizer.tokens import digest
from organizer.web.unit import App
from tests.conftest import BASE_URL
from tests.factories import NOW, make_circle, make_event, make_person, make_registration
from tests.registrations.helping import NASTY, letters, pages, part_of, read_codes, text_of, words_in

ADMITTED, APPLIED = RegistrationState.ADMITTED, RegistrationState.APPLIED
STATES = {
    "applied": APPLIED,
    "waitlisted": RegistrationState.WAITLISTED,
    "admitted": ADMITTED,
    "declined": RegistrationState.DECLINED,
    "registration_cancelled": RegistrationState.CANCELLED,
    "ticket": ADMITTED,
}


@pytest.fixture
def person(rows: Session) -> Person:
    return make_person(
        rows, name="高橋 玲子", email="reiko@example.jp", profile={"company": "株式会社ひびき"}
    )


@pytest.fixture
def event(rows: Session) -> Event:
    circle = make_circle(rows, name="朝の会", sender_name="朝の会 事務局", sender_contact="office@example.jp")
    return make_event(rows, circle, fee_yen=3000, phone="03-1234-5678")


@pytest.fixture
def admitted(rows: Session, event: Event, person: Person) -> Registration:
    made = make_registration(rows, event, person, state=ADMITTED)
    post(rows, made, "admitted", NOW)
    rows.commit()
    return made


def link_in(words: str) -> str:
    found = re.search(rf"{BASE_URL}/t/([\w-]{{43}})", words)
    assert found is not None
    return found[1]


class TestTicket:
    def test_it_carries_picture_pdf_link_and_calendar(
        self, rows: Session, app: App, config: Config, admitted: Registration, event: Event
    ) -> None:
        (letter,) = letters(app, config)
        ticket = rows.scalars(select(Ticket)).one()
        url = f"{BASE_URL}/q/{tickets.code_of(ticket, config.secret_key)}"
        assert letter["Subject"] == "第12回 朝の会：チケットをお届けします"
        assert letter["To"] == "reiko@example.jp"
        assert letter["From"].addresses[0].display_name == "朝の会"
        picture = part_of(letter, "image/png")
        assert picture["Content-ID"] == "<qr>"
        assert 'src="cid:qr"' in text_of(letter, "html")
        assert read_codes(picture.get_content()) == [url]
        pdf = part_of(letter, "application/pdf").get_content()
        (page,) = pages(pdf)
        assert read_codes(page) == [url]
        assert "高橋 玲子" in words_in(pdf)
        calendar = part_of(letter, "text/calendar")
        assert calendar.get_filename() == "event.ics"
        (entry,) = Calendar.from_ical(calendar.get_content()).walk("VEVENT")
        assert entry["UID"].startswith(event.public_id)
        for words in (
            "高橋 玲子 様",
            str(ticket.number),
            "3,000 円",
            "03-1234-5678",
            "受付 11:40 から",
            "お席をお待ちの方",
        ):
            assert words in text_of(letter), words

    def test_the_link_is_made_then_and_kept_as_a_hash(
        self, rows: Session, app: App, config: Config, admitted: Registration
    ) -> None:
        assert rows.scalars(select(MailLink)).all() == []
        (letter,) = letters(app, config)
        token = link_in(text_of(letter))
        assert link_in(text_of(letter, "html")) == token
        (kept,) = rows.scalars(select(MailLink)).all()
        assert (kept.token_hash, kept.purpose, kept.subject_id) == (
            digest(token),
            LinkPurpose.TICKET,
            admitted.id,
        )
        assert token not in str(rows.scalars(select(Message)).one().refs)
        assert app.test_client().get(f"/t/{token}").status_code == 200

    def test_the_code_stands_in_no_letter_as_text(
        self, app: App, config: Config, rows: Session, admitted: Registration
    ) -> None:
        assert admitted.id
        (letter,) = letters(app, config)
        code = tickets.code_of(rows.scalars(select(Ticket)).one(), config.secret_key)
        assert code not in text_of(letter) + text_of(letter, "html")

    def test_sent_twice_it_is_one_ticket(
        self, rows: Session, app: App, config: Config, admitted: Registration
    ) -> None:
        letters(app, config)
        ticket = rows.scalars(select(Ticket)).one()
        tell_anew(rows, admitted, ticket, NOW)
        tell_anew(rows, admitted, ticket, NOW)
        rows.commit()
        first, second = letters(app, config)
        assert second["Subject"] == "第12回 朝の会：新しいチケットです"
        assert read_codes(part_of(first, "image/png").get_content()) == read_codes(
            part_of(second, "image/png").get_content()
        )
        assert link_in(text_of(first)) != link_in(text_of(second))

    def test_online_there_is_no_code_but_the_way_in(
        self, rows: Session, app: App, config: Config, admitted: Registration, event: Event
    ) -> None:
        event.mode, event.online_url = Mode.ONLINE, "https://meet.example.jp/secret"
        rows.commit()
        (letter,) = letters(app, config)
        assert admitted.id
        assert [part.get_content_type() for part in letter.iter_attachments()] == ["text/calendar"]
        assert "meet.example.jp" not in letter.as_string()
        assert "チケットのページからお入りください" in text_of(letter)

    def test_in_english(
        self, rows: Session, app: App, config: Config, admitted: Registration, person: Person
    ) -> None:
        person.locale = "en"
        rows.commit()
        (letter,) = letters(app, config)
        assert admitted.id
        assert letter["Subject"] == "第12回 朝の会: your ticket"
        assert "Dear 高橋 玲子," in text_of(letter)
        assert "Please show this at the door" in words_in(part_of(letter, "application/pdf").get_content())

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (lambda one: setattr(one, "state", APPLIED), "no_longer_true"),
            (lambda one: setattr(one.event, "state", EventState.CANCELLED), "event_cancelled"),
            (lambda one: setattr(one.event, "ends_at", NOW - timedelta(hours=1)), "too_late"),
        ],
    )
    def test_what_is_no_longer_so_is_not_sent(
        self, rows: Session, app: App, config: Config, admitted: Registration, change: object, reason: str
    ) -> None:
        admitted.event.starts_at = NOW - timedelta(hours=3)
        change(admitted)  # type: ignore[operator]
        rows.commit()
        assert letters(app, config) == []
        rows.expire_all()
        message = rows.scalars(select(Message)).one()
        assert (message.state, message.reason) == (MessageState.SUPPRESSED, reason)
        assert rows.scalars(select(Ticket)).all() == []


def test_a_place_given_back_leaves_the_calendar(
    rows: Session,
    app: App,
    config: Config,
    admitted: Registration,
    stand_still: Callable[[datetime], None],
) -> None:
    letters(app, config)
    stand_still(NOW + timedelta(hours=1))
    cancel(rows, admitted, by=admitted.person, now=NOW)
    rows.commit()
    ticket, farewell = letters(app, config)
    calendar = part_of(farewell, "text/calendar")
    parsed = Calendar.from_ical(calendar.get_content())
    (entry,) = parsed.walk("VEVENT")
    (before,) = Calendar.from_ical(part_of(ticket, "text/calendar").get_content()).walk("VEVENT")
    assert (parsed["METHOD"], entry["STATUS"]) == ("CANCEL", "CANCELLED")
    assert entry["UID"] == before["UID"]
    assert (int(entry["SEQUENCE"]), entry["DTSTAMP"].dt) > (int(before["SEQUENCE"]), before["DTSTAMP"].dt)
    assert calendar.get_param("method") == "CANCEL"


def test_a_withdrawn_application_has_no_calendar_to_leave(
    rows: Session, app: App, config: Config, event: Event, person: Person
) -> None:
    waiting = make_registration(rows, event, person)
    cancel(rows, waiting, by=person, now=NOW)
    rows.commit()
    (letter,) = letters(app, config)
    assert list(letter.iter_attachments()) == []


@pytest.mark.parametrize("kind", STATES)
@pytest.mark.parametrize("locale", ["ja", "en"])
def test_every_letter_has_its_words_in_both_languages(
    rows: Session, app: App, config: Config, event: Event, person: Person, kind: str, locale: str
) -> None:
    person.locale = locale
    registration = make_registration(rows, event, person, state=STATES[kind], copy_to="hisho@example.jp")
    post(rows, registration, kind, NOW, was="applied")
    rows.commit()
    (letter,) = letters(app, config)
    subject, plain, html = str(letter["Subject"]), text_of(letter), text_of(letter, "html")
    width = sum(1 if char.isascii() else 2 for char in subject)
    assert subject.startswith("第12回 朝の会")
    assert width <= 60
    assert letter["Cc"] == "hisho@example.jp"
    for words in ("高橋 玲子", "第12回 朝の会", "朝の会 事務局", "office@example.jp"):
        assert words in plain
        assert words in html
    assert f'lang="{locale}"' in html
    assert "%(" not in plain + html + subject
    assert ("Dear" in plain) == (locale == "en")
    assert html.count("display:inline-block;background:#1F4E79") <= 1


@pytest.mark.parametrize(
    "words", [*NASTY, "a\r\nBcc: all@example.jp", "b\nSubject: other", "\u202egnp.exe", "名" * 80]
)
def test_names_slip_nothing_into_heads_bodies_or_files(
    rows: Session, app: App, config: Config, admitted: Registration, event: Event, person: Person, words: str
) -> None:
    person.name, person.reading, person.profile.company = words[:80], words[:80], words
    event.title, event.place, event.circle.name = words[:80], words, words[:60]
    rows.commit()
    (letter,) = letters(app, config)
    assert admitted.id
    for name in ("From", "To", "Subject", "Date", "Message-ID"):
        assert len(letter.get_all(name, [])) == 1, name
    assert letter["Bcc"] is None
    assert letter["To"] == "reiko@example.jp"
    html = text_of(letter, "html")
    for markup in ("<script>alert", "<img src=x", "<svg/onload", 'href="javascript'):
        assert markup not in html
    lines = part_of(letter, "text/calendar").get_content()
    text = lines.decode() if isinstance(lines, bytes) else lines
    assert not re.search(r"^(Bcc|Subject)", text, re.MULTILINE)
    (entry,) = Calendar.from_ical(text).walk("VEVENT")
    assert "example.jp" in str(entry["ATTENDEE"])
    assert len(pages(part_of(letter, "application/pdf").get_content())) == 1


def test_a_long_title_leaves_room_for_what_the_letter_is_about() -> None:
    assert short_title("第12回 朝の会") == "第12回 朝の会"
    assert short_title("経営者のための採用広報研究会と朝食の集い") == "経営者のための採用広報研究会と朝…"
    assert short_title("a" * 40) == "a" * 32 + "…"
