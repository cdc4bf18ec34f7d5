"""The closing's pages: three steps with one thumb, saved at once, the same whatever others have chosen."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.checkin.models import CheckIn
from organizer.domain.lifecycle import EventState
from organizer.matches.models import Again, Closing, Talk
from organizer.people.blocks import block
from organizer.people.models import Person
from organizer.ties.models import Insight, Promise
from organizer.workflows.closing import make_matches
from tests.factories import NOW, make_person
from tests.matches.rows import Evening, arrive, make_guest
from tests.rounds import tables

SignIn = Callable[[Person], FlaskClient]


def url(evening: Evening, act: str = "") -> str:
    return f"/events/{evening.event.public_id}/closing{act}"


def plain(page: str) -> str:
    """A page without what differs at every answer: tokens, and whose ids stand in it."""
    page = re.sub(r'name="csrf_token" value="[^"]*"', "", page)
    return re.sub(r'p-[\w-]{22}|value="[\w-]{22}"', "", page)


@pytest.fixture
def me(evening: Evening, sign_in: SignIn) -> Person:
    sign_in(evening.people[0])
    return evening.people[0]


def test_it_is_gone_through_in_three_steps(
    client: FlaskClient, rows: Session, evening: Evening, me: Person
) -> None:
    other = evening.people[1]
    first = client.get(url(evening))
    assert first.status_code == 200
    assert "お話しした人は？" in first.text
    assert other.name in first.text
    assert me.name not in re.sub(r"<header.*?</header>", "", first.text, flags=re.S)
    second = client.post(url(evening, "/talked"), data={"people": [other.public_id]}, follow_redirects=True)
    assert "もう一度お話ししたい人は？" in second.text
    assert "相手に知らされるのは、おたがいに選んだときだけです。" in second.text
    third = client.post(url(evening, "/again"), data={"people": [other.public_id]}, follow_redirects=True)
    assert "持ち帰ることは？" in third.text
    due = (NOW + timedelta(days=7)).date().isoformat()
    assert f'value="{due}"' in third.text
    kept = {
        "to": other.public_id,
        "words": "採用ページの例を 3 つ送る",
        "due_on": due,
        "insight": "小さく試す",
    }
    done = client.post(url(evening, "/keep"), data=kept, follow_redirects=True)
    assert "おつかれさまでした" in done.text
    assert "採用ページの例を 3 つ送る" in done.text
    rows.expire_all()
    assert (
        rows.scalars(select(Talk.other_id)).all() == rows.scalars(select(Again.other_id)).all() == [other.id]
    )
    assert rows.scalars(select(Promise.words)).one() == kept["words"]
    assert rows.scalars(select(Insight.words)).one() == kept["insight"]


def test_each_step_is_saved_at_once_and_can_be_returned_to(
    client: FlaskClient, rows: Session, evening: Evening, me: Person
) -> None:
    other = evening.people[2]
    client.post(url(evening, "/talked"), data={"people": [other.public_id]})
    assert rows.scalars(select(Talk.other_id)).all() == [other.id]
    assert "もう一度お話ししたい人は？" in client.get(url(evening)).text
    again = client.get(url(evening, "?step=1")).text
    assert re.search(rf'value="{other.public_id}"\s+checked', again)
    client.post(url(evening, "/talked"), data={})
    rows.expire_all()
    assert rows.scalars(select(Talk.other_id)).all() == []


def test_those_talked_with_come_first_in_the_second_step(
    client: FlaskClient, evening: Evening, me: Person
) -> None:
    talked, other = evening.people[3], evening.people[1]
    client.post(url(evening, "/talked"), data={"people": [talked.public_id]})
    page = client.get(url(evening, "?step=2")).text
    before, _, folded = page.partition('<details class="pick-more"')
    assert talked.public_id in before
    assert other.public_id in folded
    assert other.public_id not in before


def test_those_one_sat_with_come_first_in_the_first_step(
    client: FlaskClient, rows: Session, evening: Evening, me: Person
) -> None:
    beside, others = evening.people[1], evening.people[2:]
    plan = [[[me, beside], list(others)]]
    tables.publish(rows, evening.event, plan)
    rows.commit()
    assert '<details class="pick-more"' not in client.get(url(evening)).text, "no round has begun yet"
    tables.run(rows, evening.event, 1, left=timedelta(minutes=5))
    rows.commit()
    before, _, folded = client.get(url(evening)).text.partition('<details class="pick-more"')
    assert beside.public_id in before
    assert all(other.public_id in folded and other.public_id not in before for other in others)


@pytest.mark.parametrize("step", ["1", "2", "3"])
def test_each_step_speaks_english_too(client: FlaskClient, evening: Evening, me: Person, step: str) -> None:
    client.post("/language", data={"locale": "en"})
    page = client.get(url(evening, f"?step={step}")).text
    heads = {"1": "Whom did you talk with?", "2": "talk with again?", "3": "What do you take home?"}
    assert heads[step] in page
    assert not re.search(r"[ぁ-ん]", re.sub(r"たなか \d+ろう|日本語|朝の会", "", page))


@pytest.mark.parametrize("act", ["/talked", "/again"])
def test_ids_of_nobody_there_are_passed_over(
    client: FlaskClient, rows: Session, evening: Evening, me: Person, act: str
) -> None:
    stranger = make_person(rows)
    rows.commit()
    answer = client.post(url(evening, act), data={"people": [stranger.public_id, "nobody", "", "x" * 5000]})
    assert answer.status_code == 303
    assert rows.scalars(select(Talk.id)).all() == rows.scalars(select(Again.id)).all() == []


@pytest.mark.parametrize("act", ["/talked", "/again"])
def test_too_many_are_refused(client: FlaskClient, evening: Evening, me: Person, act: str) -> None:
    answer = client.post(url(evening, act), data={"people": [f"{n}" for n in range(301)]})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "bad",
    [
        {"words": "例を送る"},
        {"to": "{other}"},
        {"to": "nobody", "words": "例を送る"},
        {"to": "{other}", "words": "あ" * 201},
        {"to": "{other}", "words": "例を送る", "due_on": "2026-11-30"},
        {"to": "{other}", "words": "例を送る", "due_on": "2028-01-01"},
        {"to": "{other}", "words": "例を送る", "due_on": "いつか"},
        {"insight": "あ" * 401},
    ],
)
def test_a_bad_third_step_is_shown_again(
    client: FlaskClient, rows: Session, evening: Evening, me: Person, bad: dict[str, str]
) -> None:
    other = evening.people[1].public_id
    sent = {key: value.format(other=other) for key, value in bad.items()}
    answer = client.post(url(evening, "/keep"), data=sent)
    assert answer.status_code == 422
    assert "入力した内容は残っています" in answer.text or "banner-stop" in answer.text
    assert rows.scalars(select(Closing.id)).all() == rows.scalars(select(Promise.id)).all() == []


def test_an_empty_third_step_is_fine(
    client: FlaskClient, rows: Session, evening: Evening, me: Person
) -> None:
    assert client.post(url(evening, "/keep"), data={}).status_code == 303
    assert rows.scalars(select(Closing.finished_at)).all() == [NOW]


def test_who_is_not_signed_in_comes_back_after_it(client: FlaskClient, evening: Evening) -> None:
    answer = client.get(url(evening))
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")
    for act in ("/talked", "/again", "/keep"):
        assert client.post(url(evening, act)).status_code == 401


def test_strangers_and_hosts_find_no_page(
    client: FlaskClient, rows: Session, evening: Evening, sign_in: SignIn
) -> None:
    for person in (make_person(rows), evening.host):
        sign_in(person)
        assert client.get(url(evening)).status_code == 404
        for act in ("/talked", "/again", "/keep"):
            assert client.post(url(evening, act)).status_code == 404


@pytest.mark.parametrize(
    ("moment", "words"),
    [(NOW - timedelta(minutes=6), "15 分前に開きます"), (NOW, "受付の記録がありません"), (NOW, "開催中止")],
)
def test_the_wrong_time_is_said_in_words(
    client: FlaskClient,
    rows: Session,
    evening: Evening,
    me: Person,
    stand_still: Callable[[datetime], None],
    moment: datetime,
    words: str,
) -> None:
    if "受付" in words:
        rows.query(CheckIn).update({"voided_at": NOW})
    if "中止" in words:
        evening.event.state = EventState.CANCELLED
    rows.commit()
    stand_still(moment)
    for answer in (
        client.get(url(evening)),
        client.post(url(evening, "/talked")),
        client.post(url(evening, "/keep")),
    ):
        assert answer.status_code == 409
        assert words in answer.text


def test_after_two_weeks_it_can_only_be_read(
    client: FlaskClient, rows: Session, evening: Evening, me: Person, stand_still: Callable[[datetime], None]
) -> None:
    other = evening.people[1]
    client.post(url(evening, "/talked"), data={"people": [other.public_id]})
    stand_still(evening.event.ends_at + timedelta(days=15))
    page = client.get(url(evening, "?step=1"))
    assert page.status_code == 200
    assert other.name in page.text
    assert "<form class=" not in page.text.partition("<main")[2].partition("</main")[0]
    assert client.post(url(evening, "/talked"), data={}).status_code == 409
    rows.expire_all()
    assert rows.scalars(select(Talk.other_id)).all() == [other.id]


def test_alone_one_can_still_write_down_what_one_takes_home(
    client: FlaskClient, rows: Session, evening: Evening, sign_in: SignIn
) -> None:
    rows.query(CheckIn).update({"voided_at": NOW})
    alone = make_guest(rows, 9)
    arrive(rows, evening.event, alone)
    sign_in(alone)
    assert "お名前を出している方が、ほかにいません" in client.get(url(evening)).text
    assert client.post(url(evening, "/keep"), data={"insight": "ひとつ"}).status_code == 303


def test_the_answer_is_the_same_whatever_the_other_has_chosen(
    client: FlaskClient, rows: Session, evening: Evening, me: Person
) -> None:
    """Blocked, absent, never answered, and wanting me: no page, status or redirect tells them apart."""
    me_id, (blocked, absent, silent, *_), seen = me.id, [make_guest(rows, 6 + n) for n in range(3)], set()
    wanting = evening.people[1]
    for person in (blocked, silent):
        arrive(rows, evening.event, person)
    block(rows, blocked.id, me_id, NOW)
    rows.add(Again(event_id=evening.event.id, person_id=wanting.id, other_id=me_id, at=NOW))
    rows.commit()
    for other in (blocked, absent, silent, wanting):
        answer = client.post(url(evening, "/again"), data={"people": [other.public_id]})
        seen.add((answer.status_code, answer.location, answer.text))
    assert len(seen) == 1
    page = client.get(url(evening, "?step=1")).text
    assert blocked.public_id not in page
    assert blocked.name not in page


def test_a_wish_towards_me_changes_no_page(
    client: FlaskClient, rows: Session, evening: Evening, me: Person
) -> None:
    pages = [url(evening, f"?step={n}") for n in (1, 2, 3)] + [f"/e/{evening.event.public_id}/matches", "/"]
    before = [plain(client.get(page).text) for page in pages]
    for other in evening.people[1:]:
        rows.add(Again(event_id=evening.event.id, person_id=other.id, other_id=me.id, at=NOW))
    rows.commit()
    assert [plain(client.get(page).text) for page in pages] == before


def test_what_is_mutual_is_shown_to_both_and_stays(
    client: FlaskClient, rows: Session, evening: Evening, sign_in: SignIn
) -> None:
    a, b = evening.people[:2]
    make_matches(rows, evening.event.id, NOW)
    sign_in(a)
    client.post(url(evening, "/again"), data={"people": [b.public_id]})
    assert "おたがいに、もう一度" not in client.get(f"/e/{evening.event.public_id}/matches").text
    sign_in(b)
    client.post(url(evening, "/again"), data={"people": [a.public_id]})
    for person, other in ((a, b), (b, a)):
        sign_in(person)
        assert "おたがいに、もう一度" in client.get(f"/e/{evening.event.public_id}/matches").text
        step = client.get(url(evening, "?step=2")).text
        assert re.search(rf'value="{other.public_id}"\s+checked\s+disabled', step)


@pytest.mark.parametrize("page", ["?step=1", "?step=2", "?step=3", ""])
def test_no_page_takes_more_than_eight_statements(
    client: FlaskClient,
    rows: Session,
    evening: Evening,
    me: Person,
    statements: Callable[[], object],
    page: str,
) -> None:
    client.post(url(evening, "/talked"), data={"people": [evening.people[1].public_id]})
    client.post(url(evening, "/keep"), data={"insight": "ひとつ"})
    with statements() as few:  # type: ignore[attr-defined]
        client.get(url(evening, page))
    for n in range(10):
        arrive(rows, evening.event, make_guest(rows, n))
    rows.commit()
    with statements() as many:  # type: ignore[attr-defined]
        client.get(url(evening, page))
    assert 0 < len(few) == len(many) <= 8
