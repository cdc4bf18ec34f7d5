"""Afterwards, for the host: counts, held matches with reasons, and never who wants to meet whom again."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.domain.lifecycle import EventState, RunState
from organizer.domain.roles import CircleRole
from organizer.matches import closing
from organizer.matches.models import Again, Match, MatchRun, Reveal
from organizer.people.blocks import block
from organizer.people.models import Person
from organizer.ties.service import let_go
from organizer.workflows.closing import make_matches
from tests.factories import NOW, make_event, make_member, make_person
from tests.matches.rows import LATER, Evening, make_evening

SignIn = Callable[[Person], FlaskClient]
POSTS = ["/make", "/send", "/x/remove", "/x/restore", "/add"]


def url(evening: Evening, act: str = "") -> str:
    return f"/events/{evening.event.public_id}/after{act}"


def standing(rows: Session, evening: Evening) -> list[Match]:
    rows.expire_all()
    query = select(Match).where(Match.event_id == evening.event.id, Match.removed_at.is_(None))
    return list(rows.scalars(query.order_by(Match.id)))


@pytest.fixture
def held(rows: Session, sign_in: SignIn) -> Evening:
    """Five people, their matches held, the host signed in."""
    evening = make_evening(rows, 5, holds_matches=True)
    make_matches(rows, evening.event.id, LATER)
    sign_in(evening.host)
    return evening


def test_before_the_closing_the_page_says_what_will_be(
    client: FlaskClient, evening: Evening, sign_in: SignIn, stand_still: Callable[[datetime], None]
) -> None:
    sign_in(evening.host)
    stand_still(NOW - timedelta(hours=1))
    page = client.get(url(evening))
    assert page.status_code == 200
    assert "ここでマッチがつくられます" in page.text
    assert f'href="/events/{evening.event.public_id}/door"' in page.text
    assert client.post(url(evening, "/make")).status_code == 409


def test_before_the_doors_open_the_next_step_is_to_choose_who_comes(
    client: FlaskClient, evening: Evening, sign_in: SignIn, stand_still: Callable[[datetime], None]
) -> None:
    sign_in(evening.host)
    stand_still(evening.event.doors_open_at - timedelta(days=2))
    page = client.get(url(evening)).text
    assert "参加者選びを開く" in page
    assert f'href="/events/{evening.event.public_id}/admission"' in page


def test_it_counts_who_has_answered_and_says_no_name(
    client: FlaskClient, rows: Session, evening: Evening, sign_in: SignIn
) -> None:
    me = evening.people[0]
    closing.finish(rows, evening.place(rows, me), NOW)
    sign_in(evening.host)
    page = client.get(url(evening)).text
    assert re.search(r"1\s*(<[^>]*>\s*)*/\s*4", page)
    assert all(person.name not in page for person in evening.people)


def test_the_button_makes_them_once(
    client: FlaskClient, rows: Session, evening: Evening, sign_in: SignIn
) -> None:
    sign_in(evening.host)
    for _ in range(2):
        assert client.post(url(evening, "/make")).status_code == 303
    assert rows.scalars(select(MatchRun.state)).all() == [RunState.PUBLISHED]
    page = client.get(url(evening)).text
    assert "お届けしました" in page
    assert all(person.name not in page for person in evening.people)


def test_held_matches_are_shown_with_reasons(client: FlaskClient, rows: Session, held: Evening) -> None:
    page = client.get(url(held)).text
    assert page.count("pair-card") == len(standing(rows, held))
    assert "さんの課題『" in page
    assert "あなた" not in page.partition("<main")[2]
    assert all(person.name in page for person in held.people)


@pytest.mark.parametrize("path", ["", "/add"])
def test_the_pages_speak_english(client: FlaskClient, held: Evening, path: str) -> None:
    client.post("/language", data={"locale": "en"})
    page = client.get(url(held, path), query_string={"for": held.people[0].public_id}).text
    said = re.sub(r"たなか \d+ろう|しゅさい はなこ|日本語|朝の会|経験|悩み", "", page)
    assert not re.search(r"[ぁ-ん]", said)


def test_a_pair_is_taken_off_and_put_back(client: FlaskClient, rows: Session, held: Evening) -> None:
    match = standing(rows, held)[0]
    before = len(standing(rows, held))
    answer = client.post(url(held, f"/{match.public_id}/remove"), follow_redirects=True)
    assert "この組を外しました" in answer.text
    assert url(held, f"/{match.public_id}/restore") in answer.text
    assert len(standing(rows, held)) == before - 1
    client.post(url(held, f"/{match.public_id}/restore"))
    assert len(standing(rows, held)) == before


def test_a_proposal_is_added_once(client: FlaskClient, rows: Session, held: Evening) -> None:
    match = standing(rows, held)[0]
    pair = {person.id: person for person in held.people}
    one, other = pair[match.a_id], pair[match.b_id]
    client.post(url(held, f"/{match.public_id}/remove"))
    page = client.get(url(held, "/add"), query_string={"for": one.public_id}).text
    assert other.name in page
    for _ in range(2):
        sent = client.post(url(held, "/add"), data={"one": one.public_id, "other": other.public_id})
        assert sent.status_code == 303
    assert len([row for row in standing(rows, held) if {row.a_id, row.b_id} == {one.id, other.id}]) == 1


def test_three_at_most_are_proposed_and_none_beyond_the_cap(
    client: FlaskClient, rows: Session, sign_in: SignIn
) -> None:
    evening = make_evening(rows, 9, holds_matches=True)
    make_matches(rows, evening.event.id, LATER)
    sign_in(evening.host)
    full = evening.people[0]
    query = {"for": full.public_id}
    assert "ほかの候補はありません" in client.get(url(evening, "/add"), query_string=query).text
    for match in standing(rows, evening):
        client.post(url(evening, f"/{match.public_id}/remove"))
    assert client.get(url(evening, "/add"), query_string=query).text.count("<article") == 3


@pytest.mark.parametrize("way", ["block", "let_go"])
def test_who_may_not_meet_cannot_be_added_and_nothing_says_why(
    client: FlaskClient, rows: Session, held: Evening, way: str
) -> None:
    a, b = held.people[:2]
    act = block if way == "block" else let_go
    act(rows, a.id, b.id, NOW)
    rows.commit()
    for match in standing(rows, held):
        client.post(url(held, f"/{match.public_id}/remove"))
    page = client.get(url(held, "/add"), query_string={"for": a.public_id}).text
    assert b.name not in page
    refused = client.post(url(held, "/add"), data={"one": a.public_id, "other": b.public_id})
    nobody = client.post(url(held, "/add"), data={"one": a.public_id, "other": "nobody"})
    assert (refused.status_code, refused.text) == (nobody.status_code, nobody.text)
    assert refused.status_code == 404


def test_sent_they_are_gone_from_the_hosts_eyes(client: FlaskClient, rows: Session, held: Evening) -> None:
    match = standing(rows, held)[0]
    page = client.post(url(held, "/send"), follow_redirects=True).text
    assert "お届けしました" in page
    assert all(person.name not in page for person in held.people)
    assert client.post(url(held, f"/{match.public_id}/remove")).status_code == 409
    assert client.post(url(held, f"/{match.public_id}/restore")).status_code == 409
    assert client.get(url(held, "/add"), query_string={"for": held.people[0].public_id}).status_code == 409
    pair = {"one": held.people[0].public_id, "other": held.people[1].public_id}
    assert client.post(url(held, "/add"), data=pair).status_code in (303, 409)
    assert client.post(url(held, "/send")).status_code == 303


@pytest.mark.parametrize(("people", "words"), [(0, "受付の記録がありません"), (1, "参加は 1 名でした")])
def test_an_empty_list_is_explained(
    client: FlaskClient, rows: Session, sign_in: SignIn, people: int, words: str
) -> None:
    evening = make_evening(rows, people)
    make_matches(rows, evening.event.id, LATER)
    sign_in(evening.host)
    assert words in client.get(url(evening)).text


def test_two_who_may_not_meet_are_an_empty_list(client: FlaskClient, rows: Session, sign_in: SignIn) -> None:
    evening = make_evening(rows, 2)
    block(rows, evening.people[0].id, evening.people[1].id, NOW)
    make_matches(rows, evening.event.id, LATER)
    sign_in(evening.host)
    page = client.get(url(evening)).text
    assert "組み合わせられる方がいませんでした" in page
    assert "ブロック" not in page


def test_the_door_is_for_those_who_decide(
    client: FlaskClient, rows: Session, held: Evening, sign_in: SignIn
) -> None:
    staff = make_person(rows)
    make_member(rows, held.circle, staff, CircleRole.STAFF)
    for person in (staff, make_person(rows), held.people[0]):
        sign_in(person)
        assert client.get(url(held)).status_code == 404
        assert client.get(url(held, "/add")).status_code == 404
        for act in POSTS:
            assert client.post(url(held, act)).status_code == 404
    client.post("/sign-out")
    assert client.get(url(held)).location.startswith("/sign-in?next=")
    assert all(client.post(url(held, act)).status_code == 401 for act in POSTS)


def test_another_events_pair_is_not_found(client: FlaskClient, rows: Session, held: Evening) -> None:
    other = make_event(rows, held.circle, starts_at=NOW - timedelta(hours=1))
    rows.commit()
    match = standing(rows, held)[0]
    assert client.post(f"/events/{other.public_id}/after/{match.public_id}/remove").status_code == 404
    assert client.post(url(held, "/nothing/remove")).status_code == 404


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CANCELLED])
def test_the_wrong_state_makes_nothing(
    client: FlaskClient, rows: Session, evening: Evening, sign_in: SignIn, state: EventState
) -> None:
    evening.event.state = state
    sign_in(evening.host)
    assert client.get(url(evening)).status_code == (404 if state is EventState.DRAFT else 200)
    assert client.post(url(evening, "/make")).status_code == 409
    assert rows.scalars(select(MatchRun.id)).all() == []


def test_the_mutual_wishes_are_a_rough_figure_in_a_large_room_only(
    client: FlaskClient, rows: Session, sign_in: SignIn
) -> None:
    for people, shown in ((4, False), (9, True)):
        evening = make_evening(rows, people)
        ids = [person.id for person in evening.people]
        for a, b in pairwise(ids[:4]):
            for one, other in ((a, b), (b, a)):
                rows.add(Again(event_id=evening.event.id, person_id=one, other_id=other, at=NOW))
        rows.flush()
        make_matches(rows, evening.event.id, LATER)
        assert len(rows.scalars(select(Reveal).where(Reveal.event_id == evening.event.id)).all()) == 3
        sign_in(evening.host)
        assert ("3 組以上が" in client.get(url(evening)).text) is shown


@pytest.mark.parametrize("path", ["", "/add"])
def test_no_page_takes_more_than_eight_statements(
    client: FlaskClient, rows: Session, sign_in: SignIn, statements: Callable[[], object], path: str
) -> None:
    counts = []
    for people in (3, 9):
        evening = make_evening(rows, people, holds_matches=True)
        make_matches(rows, evening.event.id, LATER)
        sign_in(evening.host)
        with statements() as seen:  # type: ignore[attr-defined]
            page = client.get(url(evening, path), query_string={"for": evening.people[0].public_id})
        assert page.status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8
