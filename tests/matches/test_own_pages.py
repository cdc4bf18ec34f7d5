"""One's own matches: people with reasons, contact data when both say so, and not this person."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.domain.lifecycle import EventState
from organizer.matches.models import ContactConsent, Match
from organizer.matches.places import newest_matches
from organizer.people import links
from organizer.people.blocks import block
from organizer.people.models import LinkPurpose, Person, SignInRequest
from organizer.registrations.queries import live_registration
from organizer.ties.models import Tie
from organizer.ties.service import let_go
from organizer.workflows.closing import make_matches
from tests.factories import NOW, make_person
from tests.matches.rows import LATER, Evening, arrive, make_evening, make_guest

SignIn = Callable[[Person], FlaskClient]


def url(evening: Evening) -> str:
    return f"/e/{evening.event.public_id}/matches"


@pytest.fixture
def matched(rows: Session, evening: Evening) -> Evening:
    """The evening with its matches out: each with each."""
    make_matches(rows, evening.event.id, LATER)
    rows.commit()
    return evening


@pytest.fixture
def me(matched: Evening, sign_in: SignIn) -> Person:
    sign_in(matched.people[0])
    return matched.people[0]


def test_my_matches_stand_there_with_reasons(client: FlaskClient, matched: Evening, me: Person) -> None:
    page = client.get(url(matched))
    assert page.status_code == 200
    assert page.text.count("<article") == 3
    for other in matched.people[1:]:
        assert other.name in page.text
        assert other.email not in page.text
    assert "課題『" in page.text
    assert "はじめの一歩" in page.text


def test_they_speak_english_too(client: FlaskClient, matched: Evening, me: Person) -> None:
    client.post("/language", data={"locale": "en"})
    page = client.get(url(matched)).text
    assert "Your matches" in page
    assert "can help with" in page
    said = re.sub(r"たなか \d+ろう|日本語|朝の会|経験|悩み", "", page)
    assert not re.search(r"[ぁ-ん]", said)


def test_before_they_are_out_the_page_says_when(
    client: FlaskClient, evening: Evening, sign_in: SignIn
) -> None:
    sign_in(evening.people[0])
    page = client.get(url(evening)).text
    assert "まだ届いていません" in page
    assert "12月1日（火）20:00" in page


def test_held_matches_are_nobodys_yet(client: FlaskClient, rows: Session, sign_in: SignIn) -> None:
    evening = make_evening(rows, 3, holds_matches=True)
    make_matches(rows, evening.event.id, LATER)
    sign_in(evening.people[0])
    page = client.get(url(evening)).text
    assert "まだ届いていません" in page
    assert evening.people[1].name not in page


def test_without_a_match_the_page_is_kind(client: FlaskClient, rows: Session, sign_in: SignIn) -> None:
    evening = make_evening(rows, 1)
    make_matches(rows, evening.event.id, LATER)
    sign_in(evening.people[0])
    assert "マッチはありませんでした" in client.get(url(evening)).text


def test_others_find_no_page(client: FlaskClient, rows: Session, matched: Evening, sign_in: SignIn) -> None:
    assert client.get(url(matched)).location.startswith("/sign-in?next=")
    for person in (make_person(rows), matched.host):
        sign_in(person)
        assert client.get(url(matched)).status_code == 404
        assert client.post(f"/people/{matched.people[0].public_id}/exchange").status_code == 404
        assert client.post(f"{url(matched)}/{matched.people[0].public_id}/let-go").status_code == 404


def test_who_is_not_signed_in_presses_nothing(client: FlaskClient, matched: Evening) -> None:
    other = matched.people[1].public_id
    assert client.post(f"/people/{other}/exchange").status_code == 401
    assert client.post(f"{url(matched)}/{other}/let-go").status_code == 401


def test_a_cancelled_event_says_so(client: FlaskClient, rows: Session, matched: Evening, me: Person) -> None:
    matched.event.state = EventState.CANCELLED
    rows.commit()
    assert client.get(url(matched)).status_code == 409
    assert client.post(f"{url(matched)}/{matched.people[1].public_id}/let-go").status_code == 409


@pytest.mark.parametrize("who", [0, 1])
def test_a_block_takes_the_pair_from_both_pages(
    client: FlaskClient, rows: Session, matched: Evening, sign_in: SignIn, who: int
) -> None:
    pair = matched.people[:2]
    block(rows, pair[who].id, pair[1 - who].id, NOW)
    for person, other in (pair, pair[::-1]):
        sign_in(person)
        page = client.get(url(matched)).text
        assert other.name not in page
        assert page.count("<article") == 2
        assert client.post(f"/people/{other.public_id}/exchange").status_code == 404


def test_contact_data_shows_when_both_have_pressed(
    client: FlaskClient, rows: Session, matched: Evening, sign_in: SignIn
) -> None:
    a, b = matched.people[:2]
    press = {"next": url(matched)}
    sign_in(a)
    answer = client.post(f"/people/{b.public_id}/exchange", data=press, follow_redirects=True)
    assert answer.request.path == url(matched)
    assert "交換の希望を預かりました" in answer.text
    assert b.email not in answer.text
    sign_in(b)
    before = client.get(url(matched)).text
    assert a.email not in before
    assert "交換の希望" not in before
    both = client.post(f"/people/{a.public_id}/exchange", data=press, follow_redirects=True).text
    assert a.email in both
    sign_in(a)
    assert b.email in client.get(url(matched)).text
    assert rows.scalar(select(func.count(ContactConsent.id))) == 2


def test_what_is_shown_is_what_each_chose(
    client: FlaskClient, rows: Session, matched: Evening, sign_in: SignIn
) -> None:
    a, b = matched.people[:2]
    b.profile.contact = {"mail": False, "line": "tanaka-line"}
    for one, other in ((a, b), (b, a)):
        rows.add(ContactConsent(person_id=one.id, other_id=other.id, at=NOW))
    sign_in(a)
    page = client.get(url(matched)).text
    assert "tanaka-line" in page
    assert b.email not in page


def test_a_yes_can_be_taken_back_until_both_have_said_it(
    client: FlaskClient, rows: Session, matched: Evening, sign_in: SignIn
) -> None:
    a, b = matched.people[:2]
    sign_in(a)
    client.post(f"/people/{b.public_id}/exchange")
    client.post(f"/people/{b.public_id}/exchange", data={"take_back": "1"})
    assert rows.scalars(select(ContactConsent.id)).all() == []
    client.post(f"/people/{b.public_id}/exchange")
    rows.add(ContactConsent(person_id=b.id, other_id=a.id, at=NOW))
    rows.commit()
    client.post(f"/people/{b.public_id}/exchange", data={"take_back": "1"})
    assert rows.scalar(select(func.count(ContactConsent.id))) == 2


def test_one_goes_nowhere_else_after_a_press(client: FlaskClient, matched: Evening, me: Person) -> None:
    answer = client.post(
        f"/people/{matched.people[1].public_id}/exchange", data={"next": "https://evil.example/"}
    )
    assert answer.location == "/"


def test_the_offer_of_the_other_changes_no_page(
    client: FlaskClient, rows: Session, matched: Evening, me: Person
) -> None:
    def page() -> str:
        return re.sub(r'name="csrf_token" value="[^"]*"', "", client.get(url(matched)).text)

    before = page()
    for other in matched.people[1:]:
        rows.add(ContactConsent(person_id=other.id, other_id=me.id, at=NOW))
    rows.commit()
    assert page() == before


def test_not_this_person_is_unseen_by_them(
    client: FlaskClient, rows: Session, matched: Evening, sign_in: SignIn
) -> None:
    a, b = matched.people[:2]
    sign_in(b)
    before = re.sub(r'value="[^"]*"', "", client.get(url(matched)).text)
    sign_in(a)
    answer = client.post(f"{url(matched)}/{b.public_id}/let-go", follow_redirects=True)
    assert "お相手には知らされません" in answer.text
    assert answer.text.count("<article") == 2
    assert rows.scalars(select(Tie.let_go_at).where(Tie.person_id == a.id, Tie.other_id == b.id)).one() == NOW
    sign_in(b)
    assert re.sub(r'value="[^"]*"', "", client.get(url(matched)).text) == before


def test_who_let_me_go_does_not_show(
    client: FlaskClient, rows: Session, matched: Evening, me: Person
) -> None:
    let_go(rows, matched.people[1].id, me.id, NOW)
    rows.commit()
    assert client.get(url(matched)).text.count("<article") == 3


def test_the_first_page_knows_of_new_matches(rows: Session, matched: Evening) -> None:
    me = matched.people[0]
    assert newest_matches(rows, me.id, LATER) is matched.event
    assert newest_matches(rows, me.id, LATER + timedelta(days=15)) is None
    assert newest_matches(rows, matched.host.id, LATER) is None


def test_the_page_takes_eight_statements_at_most(
    client: FlaskClient, rows: Session, sign_in: SignIn, statements: Callable[[], object]
) -> None:
    counts = []
    for people in (2, 8):
        evening = make_evening(rows, people)
        make_matches(rows, evening.event.id, LATER)
        sign_in(evening.people[0])
        with statements() as seen:  # type: ignore[attr-defined]
            assert client.get(url(evening)).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


def test_from_the_tickets_link_six_digits_lead_in(
    client: FlaskClient, rows: Session, matched: Evening, stand_still: Callable[[datetime], None]
) -> None:
    me = matched.people[0]
    registration = live_registration(rows, matched.event.id, me.id)
    assert registration is not None
    token = links.issue(rows, LinkPurpose.TICKET, me.id, registration.id, now=NOW)
    rows.commit()
    for page, path in (("closing", f"/events/{matched.event.public_id}/closing"), ("matches", url(matched))):
        enter = client.get(f"/t/{token}/{page}")
        assert enter.status_code == 200
        assert matched.people[1].name not in enter.text
        sent = client.post(f"/t/{token}/{page}")
        assert sent.status_code == 303
        assert sent.location.startswith("/sign-in/wait/")
        asked = rows.scalars(select(SignInRequest).order_by(SignInRequest.id.desc())).first()
        assert asked is not None
        assert (asked.email, asked.next_path) == (me.email, path)
    assert client.get(f"/t/{'x' * 43}/closing").status_code == 404
    assert client.get(f"/t/{token}/else").status_code == 404


def test_who_is_signed_in_goes_straight_on(
    client: FlaskClient, rows: Session, matched: Evening, sign_in: SignIn
) -> None:
    me, other = matched.people[:2]
    registration = live_registration(rows, matched.event.id, me.id)
    assert registration is not None
    token = links.issue(rows, LinkPurpose.TICKET, me.id, registration.id, now=NOW)
    sign_in(me)
    assert client.get(f"/t/{token}/matches").location == url(matched)
    sign_in(other)
    assert client.get(f"/t/{token}/matches").status_code == 200


def test_a_match_added_by_the_host_reads_like_any_other(
    client: FlaskClient, rows: Session, matched: Evening, me: Person
) -> None:
    row = rows.scalars(select(Match).where(Match.a_id == me.id)).first()
    assert row is not None
    before = client.get(url(matched)).text
    row.added_by_id = matched.host.id
    rows.commit()
    after = client.get(url(matched)).text
    assert re.sub(r'value="[^"]*"', "", before) == re.sub(r'value="[^"]*"', "", after)


def test_an_unlisted_guest_is_matched_too(rows: Session, evening: Evening) -> None:
    shy = make_guest(rows, 7)
    arrive(rows, evening.event, shy, listed=False)
    make_matches(rows, evening.event.id, LATER)
    query = select(func.count(Match.id)).where((Match.a_id == shy.id) | (Match.b_id == shy.id))
    assert rows.scalar(query)
