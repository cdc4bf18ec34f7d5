"""The first page: what Enishi is, or one's next event and the one thing to do."""

import itertools
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from organizer.domain.lifecycle import RegistrationState
from organizer.domain.trust import ContactKind
from organizer.matches.models import ContactConsent
from organizer.people.models import Person
from organizer.ties import service as ties
from organizer.web.first_thing import FirstThing, Standing, first_thing
from organizer.web.unit import App
from tests.factories import NOW, make_circle, make_event, make_person, make_registration
from tests.followups.rows import MORNING, make_evening, make_follow_up, make_prompted
from tests.registrations.helping import counted

SignIn = Callable[[Person], FlaskClient]
Move = Callable[[datetime], None]

IN_ORDER = (
    (FirstThing.CLOSING, {"closing_open": True}),
    (FirstThing.DOOR, {"door_tonight": True}),
    (FirstThing.TICKET, {"ticket_today": True}),
    (FirstThing.PROMPT, {"prompts": 2}),
    (FirstThing.MATCHES, {"new_matches": True}),
    (FirstThing.PROMISE, {"promises": 1}),
    (FirstThing.PROFILE, {"profile_complete": False}),
)


@pytest.mark.parametrize("many", range(len(IN_ORDER) + 1))
def test_what_passes_soonest_goes_first(many: int) -> None:
    for chosen in itertools.combinations(IN_ORDER, many):
        facts: dict[str, object] = {}
        for _, fact in chosen:
            facts |= fact
        expected = chosen[0][0] if chosen else FirstThing.NOTHING
        assert first_thing(Standing(**facts)) is expected  # type: ignore[arg-type]


def test_a_guest_reads_what_it_is_in_japanese(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "名刺百枚より、続くご縁を三つ。" in page.text
    assert "サインイン" in page.text


def test_a_guest_reads_what_it_is_in_english(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept-Language": "en"})
    assert "Not a hundred business cards" in page.text
    assert 'lang="en"' in page.text


def test_a_guest_sees_the_next_events_and_no_names(client: FlaskClient, rows: Session) -> None:
    circle = make_circle(rows)
    for number in range(5):
        event = make_event(
            rows, circle, title=f"第{number}回 朝の会", starts_at=NOW + timedelta(days=5 + number)
        )
        make_registration(rows, event, make_person(rows, name="申込 太郎"), state=RegistrationState.ADMITTED)
    rows.commit()
    page = client.get("/")
    assert [f"第{number}回" in page.text for number in range(5)] == [True, True, True, False, False]
    assert "申込 太郎" not in page.text


def test_a_guests_page_asks_little(app: App, client: FlaskClient, rows: Session) -> None:
    with counted(app) as statements:
        client.get("/")
    assert len(statements) <= 2


def test_somebody_new_is_led_to_the_profile(sign_in: SignIn, rows: Session) -> None:
    page = sign_in(make_person(rows, name="新人 太郎")).get("/")
    assert "新人 太郎さん、こんにちは" in page.text
    assert "プロフィールを仕上げる" in page.text


def test_the_ticket_is_one_tap_away_on_the_day(sign_in: SignIn, rows: Session) -> None:
    me = make_person(rows)
    event = make_event(rows, make_circle(rows), starts_at=NOW + timedelta(hours=4))
    registration = make_registration(rows, event, me, state=RegistrationState.ADMITTED)
    page = sign_in(me).get("/")
    assert page.text.count("チケットを見せる") == 1
    assert f"/me/tickets/{registration.public_id}" in page.text


def test_an_undecided_application_is_not_a_ticket(sign_in: SignIn, rows: Session) -> None:
    me = make_person(rows)
    make_registration(rows, make_event(rows, make_circle(rows)), me)
    page = sign_in(me).get("/")
    assert "チケットを見せる" not in page.text
    assert "第12回 朝の会" in page.text


def test_a_decision_is_not_seen_before_its_mail(sign_in: SignIn, rows: Session) -> None:
    me = make_person(rows)
    event = make_event(rows, make_circle(rows), starts_at=NOW + timedelta(hours=4))
    state = {
        "state": RegistrationState.ADMITTED,
        "before": {"state": "applied"},
        "letter_due_at": NOW + timedelta(minutes=10),
    }
    make_registration(rows, event, me, **state)
    assert "チケットを見せる" not in sign_in(me).get("/").text


def test_the_closing_goes_before_everything(sign_in: SignIn, rows: Session) -> None:
    ends = NOW + timedelta(minutes=10)
    evening = make_prompted(rows, starts_at=NOW - timedelta(minutes=80), ends_at=ends)
    make_follow_up(rows, *evening.people, due_at=NOW)
    page = sign_in(evening.people[0]).get("/")
    assert "一分で、今日の会の締めくくりを" in page.text
    assert f"/events/{evening.event.public_id}/closing" in page.text


def test_the_morning_after_it_is_the_prompt(sign_in: SignIn, rows: Session, stand_still: Move) -> None:
    evening = make_prompted(rows, 3)
    middle = evening.people[1]
    stand_still(MORNING)
    page = sign_in(middle).get("/")
    assert "下書きを用意しました" in page.text
    assert "2 名の方がひとことを待っています" in page.text


def test_a_promise_that_is_near(sign_in: SignIn, rows: Session) -> None:
    one, other = make_person(rows), make_person(rows, name="約束 花子")
    ties.meet(rows, one.id, other.id, event_id=None, kind=ContactKind.CALL, key="c", at=NOW)
    ties.promise(rows, one.id, other.id, "資料を送る", date(2026, 12, 3), now=NOW)
    page = sign_in(one).get("/")
    assert "約束 花子さんとの約束" in page.text
    assert "資料を送る" in page.text


def test_new_matches_are_shown(sign_in: SignIn, rows: Session) -> None:
    evening = make_evening(rows, ends_at=NOW - timedelta(hours=13), starts_at=NOW - timedelta(hours=15))
    page = sign_in(evening.people[0]).get("/")
    assert "マッチが届いています" in page.text
    assert f"/e/{evening.event.public_id}/matches" in page.text


def test_who_offered_first_is_told_of_the_exchange(rows: Session, sign_in: SignIn, stand_still: Move) -> None:
    one, other = make_evening(rows).people
    tie = ties.tie_between(rows, one.id, other.id)
    assert tie is not None
    stand_still(MORNING)
    rows.add(ContactConsent(person_id=one.id, other_id=other.id, at=NOW))
    rows.commit()
    told = "と連絡先を交換しました"
    assert told not in sign_in(one).get("/").text
    assert told not in sign_in(other).get("/").text, "an offer is not seen before one has made one's own"
    rows.add(ContactConsent(person_id=other.id, other_id=one.id, at=NOW + timedelta(hours=1)))
    rows.commit()
    page = sign_in(one).get("/").text
    assert f"{other.name}さん{told}" in page
    assert f'href="/ties/{tie.public_id}"' in page
    assert told not in sign_in(other).get("/").text, "who said yes last has seen it at once"
    stand_still(MORNING + timedelta(days=4))
    assert told not in sign_in(one).get("/").text


def test_a_host_finds_tonights_door(sign_in: SignIn, rows: Session) -> None:
    host = make_person(rows)
    event = make_event(rows, make_circle(rows, host), starts_at=NOW + timedelta(hours=6))
    page = sign_in(host).get("/")
    assert f"/events/{event.public_id}/door" in page.text
    stranger = sign_in(make_person(rows)).get("/")
    assert f"/events/{event.public_id}/door" not in stranger.text


@pytest.mark.parametrize("people", [2, 14])
def test_it_asks_no_more_than_eight_times(app: App, sign_in: SignIn, rows: Session, people: int) -> None:
    evening = make_evening(rows, people)
    host = evening.host
    pairs = [(host.id, one.id) for one in evening.people]
    ties.meet_each(rows, pairs, event_id=None, kind=ContactKind.CALL, key="c", at=NOW)
    for one in evening.people:
        make_follow_up(rows, host, one, due_at=NOW)
        ties.promise(rows, host.id, one.id, "資料", date(2026, 12, 2), now=NOW)
        event = make_event(rows, evening.circle, starts_at=NOW + timedelta(hours=2))
        make_registration(rows, event, host, state=RegistrationState.ADMITTED)
    browser = sign_in(host)
    with counted(app) as statements:
        assert browser.get("/").status_code == 200
    assert len(statements) <= 8, "\n".join(statements)


def test_in_english_every_word_is_english(sign_in: SignIn, rows: Session) -> None:
    me = make_person(rows, name="Reiko", reading="", locale="en", profile={"company": "ACME"})
    page = sign_in(me).get("/")
    assert "Hello, Reiko" in page.text
    body = page.text.split("<main")[1].split("</main>")[0]
    assert not [char for char in body if "\u3040" <= char <= "\u30ff"]
