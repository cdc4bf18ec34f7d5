"""The ticket on paper, with names that are hard on fonts and margins."""

import pytest
from flask_babel import force_locale
from sqlalchemy.orm import Session

from organizer.domain.lifecycle import Mode, RegistrationState
from organizer.registrations import pdf, tickets
from organizer.registrations.models import Registration
from organizer.web import paper
from organizer.web.unit import App
from tests.factories import NOW, make_circle, make_event, make_person, make_registration
from tests.registrations.helping import pages, read_codes, words_in

URL = "https://enishi.example.jp/q/0123456789ABCDEFGHJKMNPQRS"
SECRET = "a secret of more than thirty-two signs"


@pytest.fixture
def registration(rows: Session) -> Registration:
    event = make_event(rows, make_circle(rows))
    return make_registration(rows, event, make_person(rows), state=RegistrationState.ADMITTED)


def drawn(app: App, rows: Session, registration: Registration, locale: str = "ja") -> bytes:
    ticket = tickets.issue(rows, registration, NOW, SECRET)
    with app.test_request_context(), force_locale(locale):
        return pdf.ticket(registration, ticket, URL)


@pytest.mark.parametrize(
    ("name", "company"),
    [
        ("勘解由小路 アレクサンドリア・マリア・テレジア・フォン・ハプスブルク三世", "株式会社" + "長" * 56),
        ("髙橋 﨑子", "槗本𠮷野製作所"),
        ("Bartholomew Featherstonehaugh-Cholmondeley the Younger", "Consolidated Amalgamated Industries"),
        ("", ""),
        ("名" * 80, "社" * 120),
    ],
)
def test_one_page_whose_code_can_be_read(
    app: App, rows: Session, registration: Registration, name: str, company: str
) -> None:
    registration.person.name, registration.person.profile.company = name, company
    registration.event.title = "題" * 80
    registration.event.address = "東京都千代田区" * 20
    (page,) = pages(drawn(app, rows, registration))
    assert read_codes(page) == [URL]


def test_in_both_languages(app: App, rows: Session, registration: Registration) -> None:
    registration.event.phone = "03-1234-5678"
    assert "受付" in words_in(drawn(app, rows, registration))
    english = words_in(drawn(app, rows, registration, "en"))
    assert "On the day: 03-1234-5678" in english
    assert "Sharing rule: " in english


def test_the_same_ticket_is_the_same_file(app: App, rows: Session, registration: Registration) -> None:
    assert drawn(app, rows, registration) == drawn(app, rows, registration)


def test_an_online_ticket_names_no_place(app: App, rows: Session, registration: Registration) -> None:
    registration.event.mode = Mode.ONLINE
    assert registration.event.place not in words_in(drawn(app, rows, registration))


def test_what_no_face_can_draw_is_seen_to_be_missing() -> None:
    assert paper.printable("辻\U000e0100さん", "plain") == "辻さん"
    assert paper.printable("\U0001f600 a", "bold") == "〓 a"
    assert paper.printable("髙\u3000橋\n玲子", "plain").split() == ["髙", "橋", "玲子"]


def test_lines_break_at_spaces_where_there_are_any() -> None:
    assert paper.broken("one two three", "plain", 10, 45, 3) == ["one two", "three"]
    assert paper.broken("あいうえおかきくけこ", "plain", 10, 50, 3) == ["あいうえお", "かきくけこ"]
    assert paper.broken("あいうえおかきくけこ", "plain", 10, 50, 1)[0].endswith("…")
    assert paper.broken("", "plain", 10, 50, 2) == []
