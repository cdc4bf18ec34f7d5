"""The host's pages of an event, as a browser meets them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.domain.lifecycle import Admission, EventState, RegistrationState
from organizer.domain.roles import CircleRole
from organizer.events.models import Event
from organizer.mail.models import Message
from organizer.people.models import Person
from tests.events.pages import FORM, a_draft, an_evening
from tests.factories import NOW, make_event, make_member, make_person, make_registration

SignIn = Callable[[Person], FlaskClient]


def test_a_first_event_begins_with_its_kind(rows: Session, sign_in: SignIn) -> None:
    evening = an_evening(rows)
    page = sign_in(evening.host).get(f"/circles/{evening.circle.slug}/events/new")
    assert page.status_code == 200
    assert "どんな会を開きますか" in page.text
    assert page.text.count("?kind=") == 5
    assert "前回を写してつくる" in page.text


def test_the_form_comes_filled_with_what_is_usual(rows: Session, sign_in: SignIn) -> None:
    evening = an_evening(rows)
    page = sign_in(evening.host).get(f"/circles/{evening.circle.slug}/events/new?kind=lunch")
    assert 'value="12:00"' in page.text
    assert 'value="2026-12-29"' in page.text
    assert "15 人に 1 人ほどは来られなくなります" in page.text


def test_a_draft_is_saved_and_the_way_goes_on(rows: Session, sign_in: SignIn) -> None:
    evening = an_evening(rows)
    answer = sign_in(evening.host).post(f"/circles/{evening.circle.slug}/events/new", data=FORM)
    event = rows.scalars(select(Event).where(Event.title == "第13回 朝の会")).one()
    assert (answer.status_code, answer.location) == (303, f"/events/{event.public_id}/targets")
    assert event.state is EventState.DRAFT
    assert event.starts_at == datetime(2026, 12, 21, 22, 30, tzinfo=UTC)
    assert event.doors_open_at == event.starts_at - timedelta(minutes=20)
    assert event.deadline_at == datetime(2026, 12, 21, 11, 0, tzinfo=UTC)
    assert (event.fee_yen, event.promotes, event.holds_matches) == (3000, True, False)


BAD = [
    ({"title": ""}, "イベントの名前をご記入ください。"),
    ({"title": "あ" * 81}, "80"),
    ({"kind": "<b>"}, "選択肢が正しくありません"),
    ({"date": "2026-02-31"}, "開催日"),
    ({"date": "2026-11-30"}, "この日時はもう過ぎています。"),
    ({"date": "9999-12-31"}, "3 年先までの日をお選びください。"),
    ({"end": "06:30"}, "開始より後の時刻をご記入ください。"),
    ({"deadline": "2026-12-23T10:00"}, "開始より前の日時をご記入ください。"),
    ({"deadline": "0001-01-01T00:00"}, "3 年先までの日をお選びください。"),
    ({"doors": "12:00"}, "開始より前の時刻をご記入ください。"),
    ({"capacity": "1"}, "2 から 300 までの数字でご記入ください。"),
    ({"capacity": "many"}, "2 から 300 までの数字でご記入ください。"),
    ({"fee_yen": "-1"}, "0 から 1,000,000 までの数字でご記入ください。"),
    ({"overbooking": "99999999999999999999"}, "0 から 50 までの数字でご記入ください。"),
    ({"online_url": "javascript:alert(1)"}, "https:// から始まるリンク全体をご記入ください。"),
    ({"phone": "<script>"}, "数字と「+」「-」だけでご記入ください。"),
    ({"admission": ""}, "1 つ"),
]


@pytest.mark.parametrize(("wrong", "words"), BAD)
def test_a_mistake_is_told_at_its_field_and_nothing_is_lost(
    rows: Session, sign_in: SignIn, wrong: dict[str, str], words: str
) -> None:
    evening = an_evening(rows)
    before = len(rows.scalars(select(Event)).all())
    page = sign_in(evening.host).post(
        f"/circles/{evening.circle.slug}/events/new", data=FORM | {"place": "心のこもった会場"} | wrong
    )
    assert page.status_code == 422
    (name,) = wrong
    assert f'id="{name}-error"' in page.text
    assert "心のこもった会場" in page.text
    if words != "1 つ":
        assert words in page.text
    rows.expire_all()
    assert len(rows.scalars(select(Event)).all()) == before


def test_full_width_digits_are_digits(rows: Session, sign_in: SignIn) -> None:
    evening = an_evening(rows)
    data = FORM | {"capacity": "３０", "fee_yen": "１，５００"}
    assert (
        sign_in(evening.host).post(f"/circles/{evening.circle.slug}/events/new", data=data).status_code == 303
    )
    event = rows.scalars(select(Event).where(Event.title == "第13回 朝の会")).one()
    assert (event.capacity, event.fee_yen) == (30, 1500)


def test_what_nobody_asked_for_is_not_written(rows: Session, sign_in: SignIn) -> None:
    evening = an_evening(rows)
    data = FORM | {
        "state": "published",
        "circle_id": "1",
        "sequence": "9",
        "published_at": "2026-01-01",
        "id": "1",
    }
    sign_in(evening.host).post(f"/circles/{evening.circle.slug}/events/new", data=data)
    event = rows.scalars(select(Event).where(Event.title == "第13回 朝の会")).one()
    assert (event.state, event.circle_id, event.sequence) == (EventState.DRAFT, evening.circle.id, 0)


def test_a_draft_is_changed_and_goes_on_to_the_people(rows: Session, sign_in: SignIn) -> None:
    evening = a_draft(rows)
    client = sign_in(evening.host)
    assert "第12回 朝の会" in client.get(f"{evening.url}/edit").text
    answer = client.post(f"{evening.url}/edit", data=FORM)
    assert answer.location == f"{evening.url}/targets"
    rows.expire_all()
    assert evening.event.title == "第13回 朝の会"


def test_a_published_event_that_moves_tells_the_admitted_once(rows: Session, sign_in: SignIn) -> None:
    evening = an_evening(rows)
    person = make_person(rows)
    make_registration(rows, evening.event, person, state=RegistrationState.ADMITTED)
    make_registration(rows, evening.event, make_person(rows))
    client = sign_in(evening.host)
    for _ in range(2):
        answer = client.post(f"{evening.url}/edit", data=FORM, follow_redirects=False)
        assert answer.location == f"{evening.url}/publish"
    mails = rows.scalars(select(Message).where(Message.kind == "event_changed")).all()
    assert [mail.person_id for mail in mails] == [person.id]
    assert "1 名に、変更をメールでお知らせします" in client.get(f"{evening.url}/publish").text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"place": ""}, "place"), ({"mode": "online"}, "online_url"), ({"capacity": "2"}, "capacity")],
)
def test_a_published_event_keeps_what_it_has_promised(
    rows: Session, sign_in: SignIn, wrong: dict[str, str], field: str
) -> None:
    evening = an_evening(rows)
    for _ in range(3):
        make_registration(rows, evening.event, make_person(rows), state=RegistrationState.ADMITTED)
    page = sign_in(evening.host).post(f"{evening.url}/edit", data=FORM | wrong)
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text


def test_before_publishing_stands_what_the_public_will_see(rows: Session, sign_in: SignIn) -> None:
    evening = a_draft(rows, description="**本音**で話す会です")
    page = sign_in(evening.host).get(f"{evening.url}/publish")
    assert page.status_code == 200
    assert "<strong>本音</strong>" in page.text
    assert "必要なことはすべてそろっています。" in page.text
    assert "参加してほしい人を決めておくと" in page.text


def test_one_button_publishes(rows: Session, sign_in: SignIn) -> None:
    evening = a_draft(rows)
    client = sign_in(evening.host)
    answer = client.post(f"{evening.url}/publish", follow_redirects=True)
    assert "公開しました。" in answer.text
    assert f"http://localhost/e/{evening.event.public_id}" in answer.text
    rows.expire_all()
    assert evening.event.state is EventState.PUBLISHED
    assert client.post(f"{evening.url}/publish").status_code == 409


def test_what_is_missing_is_said_and_nothing_is_published(rows: Session, sign_in: SignIn) -> None:
    evening = a_draft(rows, place="")
    page = sign_in(evening.host).post(f"{evening.url}/publish")
    assert page.status_code == 422
    assert "会場名がまだありません。" in page.text
    rows.expire_all()
    assert evening.event.state is EventState.DRAFT


def test_closing_can_be_taken_back(rows: Session, sign_in: SignIn) -> None:
    evening = an_evening(rows)
    client = sign_in(evening.host)
    page = client.post(f"{evening.url}/close", follow_redirects=True)
    assert "申込の受付を終了しました。" in page.text
    assert f'action="{evening.url}/reopen"' in page.text
    rows.expire_all()
    assert evening.event.state is EventState.CLOSED
    assert client.post(f"{evening.url}/close").status_code == 409
    client.post(f"{evening.url}/reopen")
    rows.expire_all()
    assert evening.event.state is EventState.PUBLISHED


def test_a_copy_leads_to_its_contents(rows: Session, sign_in: SignIn) -> None:
    evening = an_evening(rows)
    answer = sign_in(evening.host).post(f"{evening.url}/copy")
    copied = rows.scalars(select(Event).where(Event.copied_from_id == evening.event.id)).one()
    assert answer.location == f"/events/{copied.public_id}/edit"
    assert copied.title == "第13回 朝の会"


def test_cancelling_asks_first_and_wants_a_word(rows: Session, sign_in: SignIn) -> None:
    evening = an_evening(rows)
    person = make_person(rows)
    make_registration(rows, evening.event, person)
    client = sign_in(evening.host)
    asked = client.get(f"{evening.url}/cancel")
    assert "あとから取り消すことはできません" in asked.text
    page = client.post(f"{evening.url}/cancel", data={"words": "　 "})
    assert page.status_code == 422
    assert "申し込んだ方へのひとことをご記入ください。" in page.text
    rows.expire_all()
    assert evening.event.state is EventState.PUBLISHED
    page = client.post(f"{evening.url}/cancel", data={"words": "会場の都合です"}, follow_redirects=True)
    assert "1 名にメールでお知らせします" in page.text
    rows.expire_all()
    assert (evening.event.state, evening.event.cancel_words) == (EventState.CANCELLED, "会場の都合です")
    assert client.post(f"{evening.url}/cancel", data={"words": "再び"}).status_code == 409
    assert client.get(f"{evening.url}/cancel").status_code == 409
    assert client.get(f"{evening.url}/edit").status_code == 409


def test_a_draft_is_dropped_without_a_word(rows: Session, sign_in: SignIn) -> None:
    evening = a_draft(rows)
    page = sign_in(evening.host).post(f"{evening.url}/cancel", follow_redirects=True)
    assert "申込はまだありませんでした" in page.text
    rows.expire_all()
    assert evening.event.state is EventState.CANCELLED


GETS = ["edit", "publish", "cancel", "targets", "targets/new", "invited"]
POSTS = [
    "edit",
    "publish",
    "close",
    "reopen",
    "copy",
    "cancel",
    "targets/new",
    "targets/typical",
    "invited",
    "invited/send",
]


@pytest.mark.parametrize("path", GETS)
def test_who_is_not_signed_in_signs_in_first(rows: Session, client: FlaskClient, path: str) -> None:
    evening = an_evening(rows)
    answer = client.get(f"{evening.url}/{path}")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")


@pytest.mark.parametrize("path", POSTS)
def test_who_is_not_signed_in_changes_nothing(rows: Session, client: FlaskClient, path: str) -> None:
    evening = an_evening(rows)
    assert client.post(f"{evening.url}/{path}", data=FORM).status_code == 401


@pytest.mark.parametrize("who", ["stranger", "staff", "other host"])
def test_to_anybody_else_there_is_no_such_event(rows: Session, sign_in: SignIn, who: str) -> None:
    evening, other = an_evening(rows), an_evening(rows)
    person = other.host if who == "other host" else make_person(rows)
    if who == "staff":
        make_member(rows, evening.circle, person, CircleRole.STAFF)
    client = sign_in(person)
    answers = [client.get(f"{evening.url}/{path}") for path in GETS]
    answers += [client.post(f"{evening.url}/{path}", data=FORM) for path in POSTS]
    answers.append(client.get(f"/circles/{evening.circle.slug}/events/new?kind=morning"))
    answers.append(client.post(f"/circles/{evening.circle.slug}/events/new", data=FORM))
    assert {answer.status_code for answer in answers} == {404}
    assert all("第12回" not in answer.text for answer in answers)
    rows.expire_all()
    assert (evening.event.state, evening.event.title) == (EventState.PUBLISHED, "第12回 朝の会")


def test_a_cohost_may_do_what_the_owner_may(rows: Session, sign_in: SignIn) -> None:
    evening, cohost = an_evening(rows), make_person(rows)
    make_member(rows, evening.circle, cohost)
    client = sign_in(cohost)
    assert {client.get(f"{evening.url}/{path}").status_code for path in GETS} == {200}


@pytest.mark.parametrize("state", list(EventState))
@pytest.mark.parametrize("locale", ["ja", "en"])
def test_the_hosts_page_stands_in_every_state_and_language(
    rows: Session, sign_in: SignIn, state: EventState, locale: str
) -> None:
    evening = an_evening(rows, state=state, admission=Admission.INVITATION, cancel_words="雨です")
    evening.host.locale = locale
    page = sign_in(evening.host).get(f"{evening.url}/publish")
    assert page.status_code == 200
    assert ("公開" if locale == "ja" else "Publishing") in page.text


def test_an_event_that_is_over_offers_the_next(rows: Session, sign_in: SignIn) -> None:
    evening = an_evening(rows, starts_at=NOW - timedelta(days=2))
    client = sign_in(evening.host)
    page = client.get(f"{evening.url}/publish")
    assert "次の回も、これを写してすぐにつくれます" in page.text
    assert "開催を中止する" not in page.text
    assert client.get(f"{evening.url}/edit").status_code == 409
    assert client.post(f"{evening.url}/edit", data=FORM).status_code == 409
    assert client.post(f"{evening.url}/copy").status_code == 303


def test_times_are_those_of_the_circle(rows: Session, sign_in: SignIn) -> None:
    evening = a_draft(rows)
    evening.circle.time_zone = "America/New_York"
    rows.commit()
    client = sign_in(evening.host)
    client.post(f"{evening.url}/edit", data=FORM)
    rows.expire_all()
    assert evening.event.starts_at == datetime(2026, 12, 22, 12, 30, tzinfo=UTC)
    page = client.get(f"{evening.url}/edit")
    assert 'value="07:30"' in page.text
    assert "America/New_York" in page.text


def test_the_way_shows_where_we_are(rows: Session, sign_in: SignIn) -> None:
    evening = an_evening(rows)
    draft = make_event(rows, evening.circle, state=EventState.DRAFT, published_at=None)
    client = sign_in(evening.host)
    page = client.get(f"/events/{draft.public_id}/targets")
    assert page.text.count("way-done") == 1
    assert page.text.count("way-now") == 1
    page = client.get(f"{evening.url}/targets")
    assert page.text.count("way-done") == 2
