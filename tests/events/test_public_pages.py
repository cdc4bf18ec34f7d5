"""What anybody sees: the public page, the lists, the calendar file, the share picture."""

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import icalendar
import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session

from organizer.domain.lifecycle import Admission, EventState, Mode, RegistrationState
from organizer.domain.profiles import Criterion
from organizer.domain.vocabulary import CriterionField, EventKind, Region
from organizer.people.models import Person
from tests.events.pages import a_draft, an_evening, words_of
from tests.factories import NOW, make_circle, make_event, make_person, make_registration, make_target

SignIn = Callable[[Person], FlaskClient]
EVIL = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(1)</script>",
    "{{7*191}}${7*191}",
]


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """What is asked of the database meanwhile, transaction control left out."""
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            heard.append(statement)

    engine = session.get_bind().engine
    sqlalchemy_event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        sqlalchemy_event.remove(engine, "before_cursor_execute", hear)


def structured(html: str) -> dict[str, object]:
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    found = json.loads(data)
    assert isinstance(found, dict)
    return found


def test_the_page_says_what_when_where_for_whom_and_how(rows: Session, client: FlaskClient) -> None:
    evening = an_evening(rows, description="**本音**で話す会", fee_yen=3000, capacity=20)
    make_target(
        rows, evening.event, criteria=[Criterion(CriterionField.CHALLENGE, ("hiring",), True).to_data()]
    )
    make_target(
        rows,
        evening.event,
        name="営業",
        ceiling=2,
        ceiling_only=True,
        criteria=[Criterion(CriterionField.INTENT, ("sell",), True).to_data()],
    )
    make_registration(rows, evening.event, make_person(rows), state=RegistrationState.ADMITTED)
    rows.commit()
    page = client.get(f"/e/{evening.event.public_id}")
    assert page.status_code == 200
    words = words_of(page.text)
    for said in (
        "第12回 朝の会",
        "2026年12月21日（月） 12:00–13:30",
        "丸の内ビル 5 階",
        "3,000 円（会場で）",
        "定員 20 名・残り 19 席",
        "採用に悩む方",
        "営業を主な目的とする方は 2 名まで",
        "申し込む",
    ):
        assert said in words
    assert "<strong>本音</strong>" in page.text
    assert f'href="/e/{evening.event.public_id}/apply"' in page.text


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_it_speaks_the_readers_language(rows: Session, client: FlaskClient, locale: str) -> None:
    evening = an_evening(rows, title="Kai", place="Hall", address="Street 1")
    evening.circle.name = "Kai"
    rows.commit()
    page = client.get(f"/e/{evening.event.public_id}", headers={"Accept-Language": locale})
    assert f'lang="{locale}"' in page.text
    words = words_of(page.text)
    if locale == "en":
        assert "24 of 24 seats left" in words
        assert not re.search("[぀-ヿ一-鿿]", words.replace("縁", "").replace("日本語", ""))
    else:
        left = re.sub(r"Enishi|English|Kai|Hall|Street", "", words)
        assert not re.search("[A-Za-z]{2,}", left), left


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": EventState.CANCELLED, "cancel_words": "雨のため"}, "雨のため"),
        ({"state": EventState.CLOSED}, "申込受付は終了しました"),
        ({"deadline_at": NOW - timedelta(hours=1)}, "締切"),
        ({"starts_at": NOW - timedelta(days=1)}, "終了しました"),
    ],
)
def test_where_one_cannot_apply_it_says_why(
    rows: Session, client: FlaskClient, values: dict[str, object], words: str
) -> None:
    evening = an_evening(rows, **values)
    page = client.get(f"/e/{evening.event.public_id}")
    assert page.status_code == 200
    assert words in words_of(page.text)
    assert "/apply" not in page.text


@pytest.mark.parametrize("values", [{"state": EventState.CLOSED}, {"deadline_at": NOW - timedelta(hours=1)}])
def test_no_seats_are_offered_once_nobody_can_apply(
    rows: Session, client: FlaskClient, values: dict[str, object]
) -> None:
    evening = an_evening(rows, **values)
    assert "残り" not in words_of(client.get(f"/e/{evening.event.public_id}").text)
    for address in ("/events", f"/c/{evening.circle.slug}"):
        words = words_of(client.get(address).text)
        assert evening.event.title in words
        assert "申込受付終了" in words
        assert "残り" not in words


def test_a_full_event_offers_its_waiting_list(rows: Session, client: FlaskClient) -> None:
    evening = an_evening(rows, capacity=2)
    for _ in range(2):
        make_registration(rows, evening.event, make_person(rows), state=RegistrationState.ADMITTED)
    rows.commit()
    words = words_of(client.get(f"/e/{evening.event.public_id}").text)
    assert "キャンセル待ちに申し込む" in words
    assert "定員 2 名・満席" in words


def test_by_invitation_it_says_so_and_stays_out_of_lists(rows: Session, client: FlaskClient) -> None:
    evening = an_evening(rows, admission=Admission.INVITATION)
    page = client.get(f"/e/{evening.event.public_id}")
    assert "招待された方のお申込" in page.text
    assert 'name="robots" content="noindex"' in page.text
    for path in ("/events", f"/c/{evening.circle.slug}"):
        assert evening.event.title not in client.get(path).text


def test_drafts_and_dropped_drafts_are_not_there(rows: Session, client: FlaskClient) -> None:
    for values in ({}, {"state": EventState.CANCELLED}):
        evening = a_draft(rows, **values)
        for path in ("", "/event.ics", "/share.png"):
            assert client.get(f"/e/{evening.event.public_id}{path}").status_code == 404
        assert evening.event.title not in client.get(f"/c/{evening.circle.slug}").text


@pytest.mark.parametrize(
    "path", ["/e/x", "/e/" + "a" * 22, "/e/%00" + "a" * 21, "/c/nobody", "/c/%00", "/e/x/share.png"]
)
def test_what_does_not_exist_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_link_of_an_online_event_is_on_no_public_page(
    rows: Session, client: FlaskClient, sign_in: SignIn
) -> None:
    evening = an_evening(
        rows, mode=Mode.ONLINE, place="", address="", online_url="https://meet.example/secret-room"
    )
    id_ = evening.event.public_id
    paths = [f"/e/{id_}", f"/e/{id_}/event.ics", "/events", f"/c/{evening.circle.slug}"]
    for browser in (client, sign_in(make_person(rows))):
        assert all("secret-room" not in browser.get(path).text for path in paths)
    assert structured(client.get(f"/e/{id_}").text)["location"] == {
        "@type": "VirtualLocation",
        "url": f"http://localhost/e/{id_}",
    }


def test_who_has_applied_is_told_and_led_to_the_ticket(rows: Session, sign_in: SignIn) -> None:
    evening, person = an_evening(rows), make_person(rows)
    registration = make_registration(rows, evening.event, person, state=RegistrationState.ADMITTED)
    page = sign_in(person).get(f"/e/{evening.event.public_id}")
    assert "お申し込みいただいています。" in page.text
    assert registration.public_id in page.text
    assert "主催者ページへ" not in page.text


def test_a_host_finds_the_way_back(rows: Session, sign_in: SignIn) -> None:
    evening = an_evening(rows)
    assert f'href="{evening.url}/publish"' in sign_in(evening.host).get(f"/e/{evening.event.public_id}").text


def test_seats_are_a_count_and_names_are_nowhere(rows: Session, client: FlaskClient) -> None:
    evening = an_evening(rows)
    person = make_person(rows, name="百地 三太夫", reading="ももち", profile={"company": "伊賀忍術株式会社"})
    make_registration(rows, evening.event, person, state=RegistrationState.ADMITTED)
    rows.commit()
    for path in (
        f"/e/{evening.event.public_id}",
        "/events",
        f"/c/{evening.circle.slug}",
        f"/e/{evening.event.public_id}/event.ics",
    ):
        text = client.get(path).text
        assert not any(word in text for word in ("百地", "ももち", "伊賀", person.email or "@"))


def test_machines_read_the_same(rows: Session, client: FlaskClient) -> None:
    evening = an_evening(rows, fee_yen=3000, description="**本音**で")
    page = client.get(f"/e/{evening.event.public_id}").text
    data = structured(page)
    assert (data["@type"], data["name"], data["description"]) == ("Event", "第12回 朝の会", "本音で")
    assert data["startDate"] == "2026-12-21T12:00:00+09:00"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert data["remainingAttendeeCapacity"] == 24
    offers = data["offers"]
    assert isinstance(offers, dict)
    assert (offers["price"], offers["priceCurrency"]) == (3000, "JPY")
    url = f"http://localhost/e/{evening.event.public_id}"
    assert f'<link rel="canonical" href="{url}">' in page
    assert f'<meta property="og:image" content="{url}/share.png">' in page


@pytest.mark.parametrize("evil", EVIL)
def test_what_people_write_is_text_everywhere(
    rows: Session, client: FlaskClient, sign_in: SignIn, evil: str
) -> None:
    evening = an_evening(rows, title=evil, description=evil, place=evil, address=evil, cancel_words=evil)
    evening.circle.name, evening.circle.description = evil, evil
    make_target(rows, evening.event, name=evil)
    rows.commit()
    id_ = evening.event.public_id
    texts = [client.get(path).text for path in (f"/e/{id_}", "/events", f"/c/{evening.circle.slug}")]
    host = sign_in(evening.host)
    texts += [
        host.get(f"{evening.url}/{path}").text for path in ("edit", "targets", "publish", "invited", "cancel")
    ]
    for text in texts:
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "1337$1337" not in words_of(text)
    assert structured(texts[0])["name"] == evil
    (entry,) = icalendar.Calendar.from_ical(client.get(f"/e/{id_}/event.ics").data).walk("VEVENT")
    assert entry["SUMMARY"] == evil
    assert client.get(f"/e/{id_}/share.png").status_code == 200


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_links_in_descriptions_lead_to_the_web_alone(rows: Session, client: FlaskClient, link: str) -> None:
    evening = an_evening(rows, description=f"[ここ]({link}) [そこ](https://example.jp)")
    page = client.get(f"/e/{evening.event.public_id}").text
    assert f'href="{link}' not in page
    assert 'href="https://example.jp"' in page


def test_a_browser_that_has_the_page_is_told_so_in_a_word(rows: Session, client: FlaskClient) -> None:
    evening = an_evening(rows)
    url = f"/e/{evening.event.public_id}"
    first = client.get(url)
    assert first.headers["Cache-Control"] == "private, no-cache"
    tag = {"If-None-Match": first.headers["ETag"]}
    again = client.get(url, headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(url, headers=tag | {"Accept-Language": "en"}).status_code == 200
    make_registration(rows, evening.event, make_person(rows), state=RegistrationState.ADMITTED)
    rows.commit()
    assert client.get(url, headers=tag).status_code == 200


def test_the_page_asks_the_database_four_times_at_most(rows: Session, sign_in: SignIn) -> None:
    evening, person = an_evening(rows), make_person(rows)
    client = sign_in(person)
    counted = []
    for _ in range(2):
        for _ in range(5):
            make_registration(rows, evening.event, make_person(rows), state=RegistrationState.ADMITTED)
            make_target(rows, evening.event)
        rows.commit()
        with statements(rows) as heard:
            assert client.get(f"/e/{evening.event.public_id}").status_code == 200
        counted.append(len(heard))
    assert counted[0] == counted[1] <= 4


def test_lists_and_host_pages_stay_within_their_statements(rows: Session, sign_in: SignIn) -> None:
    evening = an_evening(rows)
    for _ in range(8):
        make_event(rows, evening.circle)
        make_target(rows, evening.event)
    client = sign_in(evening.host)
    paths = [
        "/events",
        f"/c/{evening.circle.slug}",
        *(f"{evening.url}/{end}" for end in ("edit", "publish", "targets", "invited")),
    ]
    for path in paths:
        with statements(rows) as heard:
            assert client.get(path).status_code == 200
        assert len(heard) <= 8, (path, heard)


def test_the_list_shows_what_is_to_come_soonest_first(rows: Session, client: FlaskClient) -> None:
    circle = make_circle(rows, slug="ichiran")
    make_event(rows, circle, title="あとの会", starts_at=NOW + timedelta(days=9))
    make_event(rows, circle, title="さきの会", starts_at=NOW + timedelta(days=3), state=EventState.CLOSED)
    make_event(rows, circle, title="おわった会", starts_at=NOW - timedelta(days=3))
    make_event(rows, circle, title="やめた会", state=EventState.CANCELLED)
    rows.commit()
    words = words_of(client.get("/events").text)
    assert words.index("さきの会") < words.index("あとの会")
    assert "おわった会" not in words
    assert "やめた会" not in words
    of_circle = words_of(client.get("/c/ichiran").text)
    assert of_circle.index("あとの会") < of_circle.index("おわった会")
    assert "やめた会" not in of_circle


def test_the_list_can_be_narrowed_by_region_and_kind(rows: Session, client: FlaskClient) -> None:
    circle = make_circle(rows)
    make_event(rows, circle, title="大阪の昼", region=Region.OSAKA, kind=EventKind.LUNCH)
    make_event(rows, circle, title="東京の朝")
    rows.commit()
    for query, there, gone in (
        ("region=27", "大阪の昼", "東京の朝"),
        ("kind=morning", "東京の朝", "大阪の昼"),
    ):
        words = words_of(client.get(f"/events?{query}").text)
        assert there in words
        assert gone not in words
    nothing = client.get("/events?region=01&kind=study").text
    assert "この条件のイベントは、まだありません" in nothing
    for odd in (
        "region=99&kind=%00",
        "page=-1",
        "page=x",
        "page=99999999999999999999",
        "region=27&region=13",
    ):
        assert client.get(f"/events?{odd}").status_code == 200


def test_a_long_list_has_pages(rows: Session, client: FlaskClient) -> None:
    circle = make_circle(rows)
    for number in range(23):
        make_event(rows, circle, title=f"会その{number:02}", starts_at=NOW + timedelta(days=2 + number))
    rows.commit()
    first, second = client.get("/events").text, client.get("/events?page=2").text
    assert "会その19" in first
    assert "会その20" not in first
    assert "会その20" in second
    assert 'rel="next"' in first
    assert 'rel="prev"' in second


def test_with_no_events_the_pages_say_what_to_do(rows: Session, client: FlaskClient) -> None:
    make_circle(rows, slug="hajimete", name="はじめての会")
    rows.commit()
    assert "いま公開中のイベントはありません" in client.get("/events").text
    assert "次のイベントは準備中です" in client.get("/c/hajimete").text
    english = client.get("/c/hajimete", headers={"Accept-Language": "en"}).text
    assert "The next event is not announced yet" in english


def test_the_calendar_file_is_one(rows: Session, client: FlaskClient) -> None:
    evening = an_evening(rows)
    answer = client.get(f"/e/{evening.event.public_id}/event.ics")
    assert answer.mimetype == "text/calendar"
    (entry,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert entry.decoded("DTSTART") == evening.event.starts_at
    assert entry["URL"] == f"http://localhost/e/{evening.event.public_id}"
    again = client.get(
        f"/e/{evening.event.public_id}/event.ics", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


def test_the_share_picture_is_a_picture_drawn_once(rows: Session, client: FlaskClient) -> None:
    evening = an_evening(rows)
    url = f"/e/{evening.event.public_id}/share.png"
    answer = client.get(url)
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert client.get(url, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    evening.event.title = "別の名前の会"
    rows.commit()
    fresh = client.get(url, headers={"If-None-Match": answer.headers["ETag"]})
    assert (fresh.status_code, fresh.data != answer.data) == (200, True)
