"""The book of ties on the page: one's own alone, and what one does with it."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.domain.trust import ContactKind, TiePurpose
from organizer.domain.vocabulary import Horizon
from organizer.followups.models import FollowUp
from organizer.matches.models import Again, ContactConsent
from organizer.people import blocks
from organizer.people.models import Person
from organizer.ties import service
from organizer.ties.models import Contact, Goal, Insight, Promise, Tie
from organizer.web.unit import App
from tests.factories import NOW, make_person
from tests.followups.rows import Evening, make_evening, make_follow_up
from tests.registrations.helping import counted

SignIn = Callable[[Person], FlaskClient]
CANARY = "誰にも見せない言葉"


@pytest.fixture
def evening(rows: Session) -> Evening:
    made = make_evening(rows, 3)
    rows.commit()
    return made


def seen(browser: FlaskClient, path: str) -> str:
    """A page without the tokens of its forms, which differ each time."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", browser.get(path).text)


def tie_of(rows: Session, one: Person, other: Person) -> Tie:
    tie = service.tie_between(rows, one.id, other.id)
    assert tie is not None
    return tie


@pytest.fixture
def tie(rows: Session, evening: Evening) -> Tie:
    """What the middle one holds about the first."""
    return tie_of(rows, evening.people[1], evening.people[0])


@pytest.fixture
def browser(sign_in: SignIn, evening: Evening) -> FlaskClient:
    return sign_in(evening.people[1])


# the book


def test_the_book_shows_those_one_has_met(browser: FlaskClient, evening: Evening) -> None:
    page = browser.get("/ties")
    assert page.status_code == 200
    assert all(person.name in page.text for person in (evening.people[0], evening.people[2]))
    assert "接点 1（信頼まで 5〜7）" in page.text
    assert evening.host.name not in page.text


def test_an_empty_book_says_how_it_begins(sign_in: SignIn, rows: Session) -> None:
    assert "最初のご縁は、会の場から" in sign_in(make_person(rows)).get("/ties").text


def test_the_book_in_english(sign_in: SignIn, rows: Session, evening: Evening) -> None:
    evening.people[1].locale = "en"
    page = sign_in(evening.people[1]).get("/ties")
    assert "1 contact of the 5–7 that trust takes" in page.text


def test_the_book_is_filtered(browser: FlaskClient, rows: Session, evening: Evening, tie: Tie) -> None:
    first, _, third = evening.people
    service.focus(rows, tie)
    service.promise(rows, tie.person_id, third.id, "資料を送る", date(2026, 12, 3), now=NOW)
    rows.commit()
    focus, promises = browser.get("/ties?show=focus").text, browser.get("/ties?show=promises").text
    assert (first.name in focus, third.name in focus) == (True, False)
    assert (first.name in promises, third.name in promises) == (False, True)
    assert first.name not in browser.get("/ties?show=cooling").text
    assert first.name in browser.get("/ties?show=nonsense").text


def test_who_was_blocked_is_in_no_book(
    browser: FlaskClient, rows: Session, evening: Evening, tie: Tie
) -> None:
    blocks.block(rows, evening.people[0].id, evening.people[1].id, NOW)
    rows.commit()
    assert evening.people[0].name not in browser.get("/ties").text
    assert browser.get(f"/ties/{tie.public_id}").status_code == 404
    assert browser.post(f"/ties/{tie.public_id}/let-go").status_code == 404


@pytest.mark.parametrize("people", [2, 12])
def test_no_page_asks_more_than_eight_times(app: App, sign_in: SignIn, rows: Session, people: int) -> None:
    evening = make_evening(rows, people)
    me, other = evening.people[:2]
    service.meet_each(
        rows,
        [(me.id, one.id) for one in evening.people[1:]],
        event_id=None,
        kind=ContactKind.CALL,
        key="c",
        at=NOW,
    )
    for one in evening.people[1:]:
        make_follow_up(rows, me, one, due_at=NOW, event_id=evening.event.id)
    prompt = rows.scalars(select(FollowUp)).first()
    assert prompt is not None
    rows.commit()
    browser = sign_in(me)
    tie = tie_of(rows, me, other)
    for path in ("/ties", f"/ties/{tie.public_id}", "/insights", "/prompts", f"/prompts/{prompt.public_id}"):
        with counted(app) as statements:
            assert browser.get(path).status_code == 200
        assert len(statements) <= 8, f"{path}: {len(statements)}"


# one tie


def test_a_tie_shows_its_thread(browser: FlaskClient, evening: Evening, tie: Tie) -> None:
    page = browser.get(f"/ties/{tie.public_id}")
    assert page.status_code == 200
    for words in (evening.people[0].name, evening.event.title, "お礼を伝える"):
        assert words in page.text


def test_a_tie_is_its_persons_alone(
    sign_in: SignIn, client: FlaskClient, rows: Session, evening: Evening, tie: Tie
) -> None:
    assert client.get(f"/ties/{tie.public_id}").status_code == 302
    assert client.post(f"/ties/{tie.public_id}/let-go").status_code == 401
    other = sign_in(evening.people[0])
    assert other.get(f"/ties/{tie.public_id}").status_code == 404
    for act in ("note", "focus", "contact", "let-go", "hold-on", "promise"):
        assert other.post(f"/ties/{tie.public_id}/{act}").status_code == 404
    rows.expire_all()
    assert tie.let_go_at is None


def test_a_note_is_kept(browser: FlaskClient, rows: Session, tie: Tie) -> None:
    data = {"note": "紹介は山本さん", "purpose": TiePurpose.COUNSEL.value}
    assert browser.post(f"/ties/{tie.public_id}/note", data=data).status_code == 303
    rows.expire_all()
    assert (tie.note, tie.purpose) == ("紹介は山本さん", TiePurpose.COUNSEL)
    assert browser.post(f"/ties/{tie.public_id}/note", data={"note": "", "purpose": ""}).status_code == 303
    rows.expire_all()
    assert (tie.note, tie.purpose) == ("", None)


@pytest.mark.parametrize("data", [{"note": "長" * 2001}, {"note": "x", "purpose": "money"}])
def test_a_note_that_is_not_as_expected(
    browser: FlaskClient, rows: Session, tie: Tie, data: dict[str, str]
) -> None:
    answer = browser.post(f"/ties/{tie.public_id}/note", data=data)
    assert answer.status_code == 422
    assert data["note"] in answer.text
    rows.expire_all()
    assert tie.note == ""


def test_the_focus_list_on_the_page(browser: FlaskClient, rows: Session, tie: Tie) -> None:
    browser.post(f"/ties/{tie.public_id}/focus", data={"on": "1"})
    rows.expire_all()
    assert tie.rank == 1
    browser.post(f"/ties/{tie.public_id}/focus", data={"on": "0"})
    rows.expire_all()
    assert tie.rank is None


def test_a_sixth_on_the_focus_list_is_told_why(browser: FlaskClient, rows: Session, tie: Tie) -> None:
    for rank in range(1, 6):
        person = make_person(rows)
        rows.add(Tie(person_id=tie.person_id, other_id=person.id, rank=rank, created_at=NOW))
    rows.commit()
    answer = browser.post(f"/ties/{tie.public_id}/focus", data={"on": "1"})
    assert answer.status_code == 409
    assert "すでに五人です" in answer.text


def test_a_contact_is_added_and_moves_the_next_prompt(
    browser: FlaskClient, rows: Session, evening: Evening, tie: Tie
) -> None:
    waiting = make_follow_up(rows, evening.people[1], evening.people[0], due_at=NOW + timedelta(days=9))
    rows.commit()
    answer = browser.post(f"/ties/{tie.public_id}/contact", data={"kind": "meal", "day": "2026-11-30"})
    assert answer.status_code == 303
    assert "食事" in browser.get(answer.location).text
    rows.expire_all()
    assert waiting.due_at > NOW + timedelta(days=80)


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "meal", "day": "2026-12-24"},
        {"kind": "meal", "day": "1999-12-31"},
        {"kind": "meal", "day": "gestern"},
        {"kind": "event", "day": "2026-11-30"},
        {"kind": "dance", "day": "2026-11-30"},
        {},
    ],
)
def test_a_contact_that_cannot_be(
    browser: FlaskClient, rows: Session, tie: Tie, data: dict[str, str]
) -> None:
    before = len(rows.scalars(select(Contact)).all())
    assert browser.post(f"/ties/{tie.public_id}/contact", data=data).status_code == 422
    assert len(rows.scalars(select(Contact)).all()) == before


def test_letting_go_is_one_tap_and_one_tap_back(
    browser: FlaskClient, rows: Session, evening: Evening, tie: Tie
) -> None:
    answer = browser.post(f"/ties/{tie.public_id}/let-go")
    assert (answer.status_code, answer.location) == (303, "/ties")
    page = browser.get("/ties")
    assert f"/ties/{tie.public_id}/hold-on" in page.text
    assert evening.people[0].name not in browser.get("/ties").text
    assert evening.people[0].name in browser.get("/ties?show=let_go").text
    assert browser.post(f"/ties/{tie.public_id}/hold-on").status_code == 303
    rows.expire_all()
    assert tie.let_go_at is None


def test_letting_go_shows_nowhere_on_the_others_side(
    sign_in: SignIn, rows: Session, evening: Evening, tie: Tie
) -> None:
    first, middle, _ = evening.people
    theirs = tie_of(rows, first, middle)
    paths = ("/ties", f"/ties/{theirs.public_id}", "/prompts", "/")
    before = [seen(sign_in(first), path) for path in paths]
    sign_in(middle).post(f"/ties/{tie.public_id}/let-go", follow_redirects=True)
    assert [seen(sign_in(first), path) for path in paths] == before


def test_promises_are_written_kept_given_up_and_opened(browser: FlaskClient, rows: Session, tie: Tie) -> None:
    data = {"words": "資料を送る", "due_on": "2026-12-08"}
    assert browser.post(f"/ties/{tie.public_id}/promise", data=data).status_code == 303
    made = rows.scalars(select(Promise)).one()
    assert (made.words, made.due_on) == ("資料を送る", date(2026, 12, 8))
    assert rows.scalars(select(FollowUp.promise_id)).one() == made.id
    for said, state in (("kept", True), ("open", False), ("dropped", False)):
        assert browser.post(f"/promises/{made.public_id}", data={"said": said}).status_code == 303
        rows.expire_all()
        assert (made.kept_at is not None) is state
    assert made.dropped_at is not None
    assert browser.post(f"/promises/{made.public_id}", data={"said": "kept"}).status_code == 409
    assert browser.post(f"/promises/{made.public_id}", data={"said": "??"}).status_code == 303


def test_a_promise_needs_words(browser: FlaskClient, rows: Session, tie: Tie) -> None:
    for data in ({"words": " "}, {"words": "約" * 201}, {"words": "x", "due_on": "soon"}):
        assert browser.post(f"/ties/{tie.public_id}/promise", data=data).status_code == 422
    assert rows.scalars(select(Promise)).all() == []


def test_another_persons_promise_is_not_there(
    sign_in: SignIn, rows: Session, evening: Evening, tie: Tie
) -> None:
    made = service.promise(rows, tie.person_id, tie.other_id, CANARY, None, now=NOW)
    rows.commit()
    assert (
        sign_in(evening.people[0]).post(f"/promises/{made.public_id}", data={"said": "kept"}).status_code
        == 404
    )


def test_contact_data_is_seen_when_both_wish_it(
    browser: FlaskClient, rows: Session, evening: Evening, tie: Tie
) -> None:
    first, middle, _ = evening.people
    url = f"/ties/{tie.public_id}"
    assert f"/people/{first.public_id}/exchange" in browser.get(url).text
    rows.add(ContactConsent(person_id=first.id, other_id=middle.id, at=NOW))
    rows.commit()
    one_sided = browser.get(url).text
    assert first.email not in one_sided
    assert f"/people/{first.public_id}/exchange" in one_sided, "as if nothing had happened"
    rows.add(ContactConsent(person_id=middle.id, other_id=first.id, at=NOW))
    rows.commit()
    assert first.email in browser.get(url).text


def test_an_exchange_without_anything_to_hand_over_is_an_exchange(
    browser: FlaskClient, rows: Session, evening: Evening, tie: Tie
) -> None:
    first, middle, _ = evening.people
    first.profile.contact = {"mail": False}
    for one, other in ((first, middle), (middle, first)):
        rows.add(ContactConsent(person_id=one.id, other_id=other.id, at=NOW))
    rows.commit()
    page = browser.get(f"/ties/{tie.public_id}").text
    assert "連絡先を交換しました" in page
    assert f"/people/{first.public_id}/exchange" not in page


def test_private_words_are_read_by_nobody_else(
    sign_in: SignIn, rows: Session, evening: Evening, tie: Tie
) -> None:
    """A note, a rank, a promise, an insight and a one-sided "again" of one person are on no page of the others."""
    first, middle, _ = evening.people
    service.write_note(rows, tie, CANARY, None)
    service.focus(rows, tie)
    service.promise(rows, middle.id, first.id, CANARY, None, now=NOW)
    service.write_insight(rows, middle.id, evening.event.id, CANARY, NOW)
    theirs = tie_of(rows, first, middle)
    make_follow_up(rows, first, middle, due_at=NOW, event_id=evening.event.id)
    rows.commit()
    paths = ("/", "/ties", f"/ties/{theirs.public_id}", "/insights", "/prompts")
    before = [seen(sign_in(first), path) for path in paths]
    assert not [page for page in before if CANARY in page]
    rows.add(Again(event_id=evening.event.id, person_id=middle.id, other_id=first.id, at=NOW))
    rows.commit()
    assert [seen(sign_in(first), path) for path in paths] == before
    for path in ("/", "/ties", "/insights", "/host", f"/events/{evening.event.public_id}/after"):
        assert CANARY not in sign_in(evening.host).get(path).text


# insights and goals


def test_insights_are_asked_again(browser: FlaskClient, rows: Session, evening: Evening) -> None:
    middle, event = evening.people[1], evening.event
    service.write_insight(rows, middle.id, event.id, "決めないことを決める", NOW)
    rows.commit()
    assert "決めないことを決める" in browser.get("/insights").text
    data = {f"{event.public_id}-today_words": "いまは早く決める"}
    assert browser.post(f"/insights/{event.public_id}", data=data).status_code == 303
    assert "いまは早く決める" in browser.get("/insights").text
    long = {f"{event.public_id}-today_words": "長" * 401}
    assert browser.post(f"/insights/{event.public_id}", data=long).status_code == 422


def test_an_insight_is_its_persons_alone(
    sign_in: SignIn, client: FlaskClient, rows: Session, evening: Evening
) -> None:
    service.write_insight(rows, evening.people[1].id, evening.event.id, CANARY, NOW)
    rows.commit()
    assert client.get("/insights").status_code == 302
    assert client.post(f"/insights/{evening.event.public_id}").status_code == 401
    other = sign_in(evening.people[0])
    assert other.post(f"/insights/{evening.event.public_id}", data={}).status_code == 404
    assert CANARY not in other.get("/insights").text
    assert rows.scalars(select(Insight.today_words)).one() == ""


def test_goals_come_forward(browser: FlaskClient, rows: Session, evening: Evening) -> None:
    middle = evening.people[1]
    rows.add(Goal(person_id=middle.id, horizon=Horizon.SHORT, words="相談相手を三人", updated_at=NOW))
    rows.commit()
    assert "相談相手を三人" in browser.get("/insights").text
    assert browser.post("/goals/short", data={"short-progress": "50"}).status_code == 303
    assert browser.post("/goals/short", data={"short-progress": "51"}).status_code == 422
    assert browser.post("/goals/long", data={"long-progress": "50"}).status_code == 404
    assert rows.scalars(select(Goal.progress)).one() == 50


def test_no_insight_yet_says_when_it_comes(sign_in: SignIn, rows: Session) -> None:
    page = sign_in(make_person(rows)).get("/insights")
    assert "学びはまだありません" in page.text
    assert "目的はまだ書かれていません" in page.text
