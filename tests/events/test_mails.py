"""The letters about an event itself, as they really leave: composed by the worker, read as bytes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.config import Config
from organizer.domain.delivery import MessageState
from organizer.domain.lifecycle import Admission, EventState, Mode, RegistrationState
from organizer.events import inviting
from organizer.events.contents import of
from organizer.events.models import Event
from organizer.mail.models import Message
from organizer.people.models import Person
from organizer.web.unit import App
from organizer.workflows import cancelling
from tests.conftest import BASE_URL
from tests.factories import NOW, make_circle, make_event, make_person, make_registration
from tests.registrations.helping import NASTY, letters, part_of, text_of

ADMITTED = RegistrationState.ADMITTED


@pytest.fixture
def host(rows: Session) -> Person:
    return make_person(rows)


@pytest.fixture
def event(rows: Session, host: Person) -> Event:
    circle = make_circle(
        rows, host, name="朝の会", slug="asa", sender_name="朝の会事務局", sender_address="東京都千代田区"
    )
    return make_event(rows, circle, starts_at=NOW + timedelta(days=10))


@pytest.fixture
def guest(rows: Session, event: Event) -> Person:
    person = make_person(rows, name="高橋 玲子", email="reiko@example.jp")
    make_registration(rows, event, person, state=ADMITTED, copy_to="hisho@example.jp")
    rows.commit()
    return person


def moved_to(rows: Session, event: Event, host: Person, **values: object) -> None:
    cancelling.change_event(rows, event, replace(of(event), **values), by=host, now=NOW)
    rows.commit()


def entry_of(letter: object) -> tuple[str, object]:
    calendar = Calendar.from_ical(part_of(letter, "text/calendar").get_content())  # type: ignore[arg-type]
    (entry,) = calendar.walk("VEVENT")
    return calendar["METHOD"], entry


def test_a_change_says_until_now_and_from_now_on(
    rows: Session, app: App, config: Config, event: Event, host: Person, guest: Person
) -> None:
    later = {
        name: getattr(event, name) + timedelta(days=1, hours=1)
        for name in ("starts_at", "ends_at", "doors_open_at")
    }
    moved_to(rows, event, host, place="大手町ビル 3 階", **later)
    (letter,) = letters(app, config)
    assert letter["Subject"] == "第12回 朝の会：日時・場所の変更"
    assert (letter["To"], letter["Cc"]) == ("reiko@example.jp", "hisho@example.jp")
    for kind in ("plain", "html"):
        words = text_of(letter, kind)
        for said in (
            "高橋 玲子 様",
            "12月11日（金）12:00–13:30",
            "12月12日（土）13:00–14:30",
            "丸の内ビル 5 階",
            "大手町ビル 3 階",
            f"{BASE_URL}/t/",
        ):
            assert said in words, (kind, said)
    method, entry = entry_of(letter)
    assert (method, entry["SEQUENCE"], entry["UID"]) == ("REQUEST", 1, f"{event.public_id}@enishi")  # type: ignore[index]
    assert str(entry["ATTENDEE"]) == "mailto:reiko@example.jp"  # type: ignore[index]


def test_two_changes_before_the_mail_leaves_are_one_letter_from_the_first_to_the_last(
    rows: Session, app: App, config: Config, event: Event, host: Person, guest: Person
) -> None:
    moved_to(rows, event, host, place="まちがえた会場")
    moved_to(rows, event, host, place="大手町ビル")
    (letter,) = letters(app, config)
    words = text_of(letter)
    assert "これまで：丸の内ビル 5 階" in words
    assert "これから：大手町ビル" in words
    assert "まちがえた" not in words
    moved_to(rows, event, host, place="日比谷ビル")
    second = letters(app, config)[-1]
    assert "これまで：大手町ビル" in text_of(second)
    assert entry_of(second)[1]["SEQUENCE"] == 3  # type: ignore[index]


def test_a_new_link_is_told_and_not_shown(
    rows: Session, app: App, config: Config, event: Event, host: Person, guest: Person
) -> None:
    event.mode, event.online_url = Mode.ONLINE, "https://meet.example/old"
    rows.commit()
    moved_to(rows, event, host, online_url="https://meet.example/new")
    (letter,) = letters(app, config)
    assert "参加用のリンクが変わりました" in text_of(letter)
    assert b"meet.example" not in letter.as_bytes()
    assert "meet.example" not in text_of(letter) + text_of(letter, "html")


@pytest.mark.parametrize("state", [RegistrationState.CANCELLED, RegistrationState.DECLINED])
def test_who_has_given_the_place_back_meanwhile_hears_nothing(
    rows: Session,
    app: App,
    config: Config,
    event: Event,
    host: Person,
    guest: Person,
    state: RegistrationState,
) -> None:
    registration = make_registration(rows, event, make_person(rows), state=ADMITTED)
    moved_to(rows, event, host, place="大手町ビル")
    registration.state = state
    rows.commit()
    assert [letter["To"] for letter in letters(app, config)] == ["reiko@example.jp"]
    rows.expire_all()
    mails = rows.scalars(select(Message).where(Message.kind == "event_changed").order_by(Message.id)).all()
    assert [mail.state for mail in mails] == [MessageState.SENT, MessageState.SUPPRESSED]


def test_a_change_of_an_event_that_is_cancelled_at_once_is_not_told(
    rows: Session, app: App, config: Config, event: Event, host: Person, guest: Person
) -> None:
    moved_to(rows, event, host, place="大手町ビル")
    cancelling.cancel_event(rows, event, host, "雨のため", NOW)
    rows.commit()
    (letter,) = letters(app, config)
    assert letter["Subject"] == "第12回 朝の会：開催中止のお知らせ"


def test_cancelling_clears_the_calendar_and_brings_the_hosts_words(
    rows: Session, app: App, config: Config, event: Event, host: Person, guest: Person
) -> None:
    applicant = make_person(rows, email="hanako@example.jp", locale="en")
    make_registration(rows, event, applicant)
    cancelling.cancel_event(rows, event, host, "会場が使えなくなりました。\n来月あらためて。", NOW)
    rows.commit()
    first, second = letters(app, config)
    assert "会場が使えなくなりました。\n来月あらためて。" in text_of(first)
    assert "予定表からも外れます" in text_of(first)
    method, entry = entry_of(first)
    assert (method, entry["STATUS"], entry["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)  # type: ignore[index]
    assert second["To"] == "hanako@example.jp"
    assert "does not take place" in text_of(second)
    assert "予定表" not in text_of(second), "who had no place has nothing in the calendar"
    assert [part.get_content_type() for part in second.walk()].count("text/calendar") == 0


def test_an_invitation_says_who_sends_it_and_how_to_refuse(
    rows: Session, app: App, config: Config, event: Event, host: Person
) -> None:
    event.admission = Admission.INVITATION
    inviting.invite(rows, event, ["invited@example.jp"], by=host, now=NOW)
    inviting.send_invitations(rows, event, by=host, now=NOW)
    rows.commit()
    (letter,) = letters(app, config)
    assert (letter["To"], letter["Subject"]) == ("invited@example.jp", "第12回 朝の会：ご招待")
    assert letter["From"].addresses[0].display_name == "朝の会事務局"
    for kind in ("plain", "html"):
        words = text_of(letter, kind)
        for said in (
            "朝の会事務局",
            "東京都千代田区",
            "今後のご案内が不要な場合",
            f"{BASE_URL}/e/{event.public_id}",
        ):
            assert said in words, (kind, said)


@pytest.mark.parametrize("why", ["taken off the list", "closed", "deadline"])
def test_an_invitation_that_no_longer_holds_does_not_leave(
    rows: Session, app: App, config: Config, event: Event, host: Person, why: str
) -> None:
    event.admission = Admission.INVITATION
    inviting.invite(rows, event, ["invited@example.jp"], by=host, now=NOW)
    inviting.send_invitations(rows, event, by=host, now=NOW)
    if why == "taken off the list":
        inviting.disinvite(rows, event, inviting.invited(rows, event.id)[0].id, by=host, now=NOW)
    elif why == "closed":
        event.state = EventState.CLOSED
    else:
        event.deadline_at = NOW - timedelta(minutes=1)
    rows.commit()
    assert letters(app, config) == []


@pytest.mark.parametrize("nasty", NASTY)
def test_what_people_write_is_text_in_letters_too(
    rows: Session, app: App, config: Config, event: Event, host: Person, guest: Person, nasty: str
) -> None:
    event.title, event.circle.name, guest.name = nasty[:80], nasty[:60], nasty[:80]
    rows.commit()
    moved_to(rows, event, host, place=nasty, address=nasty)
    (letter,) = letters(app, config)
    html = text_of(letter, "html")
    assert "<script" not in html
    assert "onerror=alert(1)>" not in html.replace("&gt;", "")
    assert '<a href="javascript' not in html
    assert nasty in text_of(letter)
    assert nasty[:8] in letter["Subject"]


@pytest.mark.parametrize("kind", ["event_changed", "event_cancelled", "event_invitation"])
@pytest.mark.parametrize("locale", ["ja", "en"])
def test_a_subject_is_short_and_begins_with_the_title(
    rows: Session, app: App, config: Config, event: Event, host: Person, guest: Person, kind: str, locale: str
) -> None:
    event.title = "とても長い名前のイベントで四十文字を超えるときの見え方を確かめるためのものですよ"
    guest.locale = host.locale = locale
    rows.commit()
    if kind == "event_changed":
        moved_to(rows, event, host, place="大手町ビル")
    elif kind == "event_cancelled":
        cancelling.cancel_event(rows, event, host, "", NOW)
    else:
        inviting.invite(rows, event, ["invited@example.jp"], by=host, now=NOW)
        inviting.send_invitations(rows, event, by=host, now=NOW)
    rows.commit()
    (letter,) = letters(app, config)
    subject = str(letter["Subject"])
    assert subject.startswith("とても長い名前のイベント")
    assert sum(2 if ord(char) > 0xFF else 1 for char in subject) <= 60
