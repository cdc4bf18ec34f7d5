"""The hall screen: who sits where, what the clock says, and whether the names fit."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from organizer.domain.roles import CircleRole
from organizer.domain.rounds import RoundState
from organizer.domain.talk import plan_prompts
from organizer.people.models import Person
from organizer.rounds import hall as halls
from organizer.rounds import hall_layout, queries
from organizer.rounds.hall import Phase
from organizer.rounds.models import Round
from organizer.web.labels import label
from organizer.web.unit import App
from tests.factories import NOW, make_circle, make_member, make_person
from tests.registrations.helping import NASTY, counted
from tests.rounds import tables
from tests.rounds.rows import Meetup, make_meetup

SignIn = Callable[[Person], FlaskClient]
LEFT = timedelta(minutes=7, seconds=42)


@pytest.fixture
def meetup(rows: Session) -> Meetup:
    meetup = make_meetup(rows, 0)
    names = ["高橋 玲子", "村上 健太", "小林 さやか", "渡邉 大輔", "鈴木 一郎", "井上 誠"]
    readings = [
        "たかはし れいこ",
        "むらかみ けんた",
        "こばやし さやか",
        "わたなべ だいすけ",
        "すずき いちろう",
        "いのうえ まこと",
    ]
    for name, reading in zip(names, readings, strict=True):
        meetup.people.append(tables.come(rows, meetup.event, name, reading).person)
    a, b, c, d, e, f = meetup.people
    tables.publish(
        rows, meetup.event, [[[a, b, c], [d, e, f]], [[a, d, e], [b, c, f]], [[a, f], [b, d], [c, e]]]
    )
    rows.commit()
    return meetup


def path(meetup: Meetup, page: str = "hall") -> str:
    return f"/events/{meetup.event.public_id}/{page}"


def evening(session: Session, meetup: Meetup) -> halls.Evening:
    session.expire_all()
    return halls.evening_of(session, meetup.event)


def test_the_phases_of_an_evening(rows: Session, meetup: Meetup) -> None:
    other = make_meetup(rows, 4)
    assert halls.evening_of(rows, other.event).phase is Phase.WAITING
    assert evening(rows, meetup).phase is Phase.READY
    tables.run(rows, meetup.event, 1, left=LEFT)
    running = evening(rows, meetup)
    assert running.phase is Phase.RUNNING
    assert running.now
    assert running.next
    assert running.shown
    assert (running.now.number, running.next.number, running.shown.number) == (1, 2, 1)
    tables.end(rows, meetup.event, 1)
    between = evening(rows, meetup)
    assert between.phase is Phase.BETWEEN
    assert between.shown
    assert between.shown.number == 2
    tables.end(rows, meetup.event, 3)
    assert evening(rows, meetup).phase is Phase.OVER
    assert evening(rows, meetup).shown is None


def test_the_key_changes_with_all_that_is_shown(rows: Session, meetup: Meetup) -> None:
    keys = [evening(rows, meetup).key]
    tables.run(rows, meetup.event, 1, left=LEFT)
    keys.append(evening(rows, meetup).key)
    row = rows.query(Round).filter_by(event_id=meetup.event.id, number=1).one()
    row.prompt = "none"
    rows.flush()
    keys.append(evening(rows, meetup).key)
    row.state, row.ends_at, row.left_seconds = RoundState.PAUSED, None, 100
    row.version += 1
    rows.flush()
    keys.append(evening(rows, meetup).key)
    plan = queries.published_plan(rows, meetup.event.id)
    assert plan is not None
    plan.revision += 1
    rows.flush()
    keys.append(evening(rows, meetup).key)
    assert len(set(keys)) == len(keys)
    assert evening(rows, meetup).key == keys[-1]


def test_tables_and_names_are_in_the_order_one_looks_for_them(rows: Session, meetup: Meetup) -> None:
    shown = evening(rows, meetup)
    assert shown.plan is not None
    seats, faces = queries.seats_of(rows, shown.plan.id), queries.faces(rows, meetup.event.id)
    one, two = halls.tables_of(seats, faces, 1)
    assert [face.name for face in one.people] == ["小林 さやか", "高橋 玲子", "村上 健太"]
    assert (one.number, two.number) == (1, 2)
    placed = halls.placed_of(seats, faces, None, shown.next)
    assert [one.face.reading[0] for one in placed] == ["い", "こ", "す", "た", "む", "わ"]
    assert [one.next for one in placed] == [2, 1, 2, 1, 1, 2]
    assert [one.face.name for one in halls.meant(placed, "たかはし")] == ["高橋 玲子"]
    assert [one.face.name for one in halls.meant(placed, "watanabe")] == ["渡邉 大輔"]
    assert halls.meant(placed, "いない人") == []


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_before_the_first_round_it_says_where_to_go(
    meetup: Meetup, sign_in: SignIn, rows: Session, locale: str
) -> None:
    client = sign_in(meetup.host)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = locale
    meetup.host.locale = locale
    rows.commit()
    page = client.get(path(meetup)).text
    assert {"ja": "お名前を探して、お席へどうぞ", "en": "Find your name, and please take your seat"}[
        locale
    ] in page
    assert all(person.name in page for person in meetup.people)
    assert ">10:00<" in page
    assert path(meetup, "rounds/1/start") in page


def test_while_a_round_is_on_it_shows_its_tables_its_question_and_the_clock(
    meetup: Meetup, sign_in: SignIn, rows: Session
) -> None:
    tables.run(rows, meetup.event, 2, left=LEFT)
    client = sign_in(meetup.helper)
    page = client.get(path(meetup)).text
    with client.application.test_request_context(headers={"Accept-Language": "ja"}):
        question = str(label(plan_prompts(meetup.event.kind, 3, meetup.event.public_id)[1]))
    assert question in page
    assert ">7:42<" in page
    assert "ラウンド 2 / 3" in page
    assert path(meetup, "rounds/2/pause") in page
    assert path(meetup, "rounds/2/minute") in page
    assert path(meetup, "rounds/3/start") in page, "at its end the next can begin"


def test_the_last_round_points_nowhere_else(meetup: Meetup, sign_in: SignIn, rows: Session) -> None:
    tables.run(rows, meetup.event, 3, left=LEFT)
    page = sign_in(meetup.helper).get(path(meetup)).text
    assert 'data-view="names"' not in page
    assert "/start" not in page


def test_a_paused_round_can_be_resumed(meetup: Meetup, sign_in: SignIn, rows: Session) -> None:
    row = tables.run(rows, meetup.event, 1, left=LEFT)
    row.state, row.ends_at, row.left_seconds = RoundState.PAUSED, None, 125
    page = sign_in(meetup.helper).get(path(meetup)).text
    assert ">2:05<" in page
    assert path(meetup, "rounds/1/resume") in page


def test_after_the_last_round_and_before_any_tables(meetup: Meetup, sign_in: SignIn, rows: Session) -> None:
    tables.end(rows, meetup.event, 3)
    client = sign_in(meetup.host)
    assert "すべてのラウンドが終わりました" in client.get(path(meetup)).text
    other = make_meetup(rows, 3)
    client = sign_in(other.host)
    page = client.get(path(other)).text
    assert "お席は、まもなく発表します" in page
    assert "参加" not in page, "nobody is named before there is a seat"


def test_only_those_with_a_seat_are_named(meetup: Meetup, sign_in: SignIn, rows: Session) -> None:
    tables.come(rows, meetup.event, "遅刻 太郎", "ちこく たろう")
    page = sign_in(meetup.host).get(path(meetup)).text
    assert "遅刻 太郎" not in page


def test_somebodys_table_is_found_by_name(meetup: Meetup, sign_in: SignIn, rows: Session) -> None:
    tables.run(rows, meetup.event, 1, left=LEFT)
    page = sign_in(meetup.helper).get(path(meetup) + "?q=わたなべ").text
    found = page[page.index('class="hall-found"') :]
    found = found[: found.index("</ul>")]
    assert "渡邉 大輔" in found
    assert "いまは 卓 2" in found
    assert "次は 卓 1" in found
    assert "見つかりませんでした" in sign_in(meetup.helper).get(path(meetup) + "?q=だれか").text


@pytest.mark.parametrize("address", ["hall", "timer", "hall/state"])
def test_strangers_and_attendees_see_nothing(
    meetup: Meetup, sign_in: SignIn, rows: Session, client: FlaskClient, address: str
) -> None:
    assert client.get(path(meetup, address)).status_code == 302
    other = make_person(rows)
    make_member(rows, make_circle(rows), other, CircleRole.OWNER)
    assert sign_in(other).get(path(meetup, address)).status_code == 404
    assert sign_in(meetup.people[0]).get(path(meetup, address)).status_code == 404
    assert sign_in(meetup.helper).get(path(meetup, address)).status_code == 200
    assert client.get(f"/events/{'x' * 22}/{address}").status_code == 404


def test_staff_are_not_sent_to_pages_that_are_not_theirs(meetup: Meetup, sign_in: SignIn) -> None:
    plan = f'href="{path(meetup, "rounds")}"'
    assert plan not in sign_in(meetup.helper).get(path(meetup)).text
    assert plan in sign_in(meetup.host).get(path(meetup)).text


def test_the_state_says_when_the_round_ends_and_costs_nothing_while_it_stays(
    meetup: Meetup, sign_in: SignIn, rows: Session, stand_still: Callable[[datetime], None]
) -> None:
    tables.run(rows, meetup.event, 2, left=LEFT)
    client = sign_in(meetup.helper)
    answer = client.get(path(meetup, "hall/state"))
    said = answer.get_json()
    assert (said["phase"], said["round"], said["state"]) == ("running", 2, "running")
    assert said["ends_at"] == int((NOW + LEFT).timestamp() * 1000)
    assert (said["arrived"], said["expected"]) == (6, 6)
    assert int(answer.headers["X-Now"]) == int(NOW.timestamp() * 1000)
    stand_still(NOW + timedelta(minutes=3))
    again = client.get(path(meetup, "hall/state"), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert int(again.headers["X-Now"]) == int((NOW + timedelta(minutes=3)).timestamp() * 1000)
    tables.run(rows, meetup.event, 2, left=LEFT + timedelta(minutes=1))
    rows.commit()
    more = client.get(path(meetup, "hall/state"), headers={"If-None-Match": answer.headers["ETag"]})
    assert more.status_code == 200
    assert more.get_json()["key"] != said["key"]


def test_the_page_knows_the_same_key_as_the_state(meetup: Meetup, sign_in: SignIn, rows: Session) -> None:
    tables.run(rows, meetup.event, 2, left=LEFT)
    client = sign_in(meetup.helper)
    key = client.get(path(meetup, "hall/state")).get_json()["key"]
    assert key in client.get(path(meetup)).text
    assert key in client.get(path(meetup, "timer")).text


def test_the_question_is_changed_from_the_screen(meetup: Meetup, sign_in: SignIn, rows: Session) -> None:
    client = sign_in(meetup.helper)
    target = path(meetup, "rounds/1/prompt")
    turn = evening(rows, meetup).prompts[1]
    answer = client.post(target, data={"prompt": "none", "back": "timer"})
    assert (answer.status_code, answer.location) == (303, path(meetup, "timer"))
    assert evening(rows, meetup).prompts[1] is None
    quiet = client.post(target, data={"prompt": ""}, headers={"Accept": "application/json"})
    assert (quiet.status_code, quiet.text) == (204, "")
    assert evening(rows, meetup).prompts[1] is turn
    assert client.post(target, data={"prompt": "nonsense"}).status_code == 409
    assert client.post(path(meetup, "rounds/9/prompt"), data={"prompt": ""}).status_code == 404
    assert sign_in(meetup.people[0]).post(target, data={"prompt": "none"}).status_code == 404


def test_nasty_names_are_only_names(rows: Session, sign_in: SignIn) -> None:
    meetup = make_meetup(rows, 0)
    people = [tables.come(rows, meetup.event, name).person for name in NASTY]
    tables.publish(rows, meetup.event, [[people]])
    page = sign_in(meetup.host).get(path(meetup)).text
    for name in NASTY:
        assert name not in page or "<" not in name
    assert "49" not in page.split("hall-stage")[1].split("</div>")[0]


def test_the_room_asks_as_often_for_sixty_as_for_six(app: App, rows: Session, sign_in: SignIn) -> None:
    asked = []
    for people in (6, 60):
        meetup = make_meetup(rows, people)
        tables.publish(rows, meetup.event, tables.turning(meetup.people, 3, 4))
        tables.run(rows, meetup.event, 1, left=LEFT)
        client = sign_in(meetup.host)
        with counted(app) as statements:
            assert client.get(path(meetup)).status_code == 200
        with counted(app) as polled:
            assert client.get(path(meetup, "hall/state")).status_code == 200
        asked.append((len(statements), len(polled)))
    assert asked[0] == asked[1]
    assert asked[0][0] <= 8
    assert asked[0][1] <= 5


def test_the_words_of_the_script_are_all_there(meetup: Meetup, sign_in: SignIn) -> None:
    page = sign_in(meetup.host).get(path(meetup)).text
    raw = page.split('data-words="')[1].split('"')[0].replace("&#34;", '"')
    words = json.loads(raw)
    assert words["offline"].startswith("通信が切れています")
    assert all(words.values())


@given(count=st.integers(1, 90), people=st.integers(2, 12))
def test_tables_always_fit_their_page(count: int, people: int) -> None:
    layout = hall_layout.lay_tables(count, people)
    size = layout.size / 10
    rows = -(-layout.per_page // layout.columns)
    high = (
        rows * (people * hall_layout.TABLE_LINE * size + hall_layout.TABLE_FRAME)
        + (rows - 1) * hall_layout.GAP
    )
    assert high <= hall_layout.HIGH + 1e-6
    assert hall_layout.SMALLEST <= size <= hall_layout.LARGEST
    assert layout.room >= hall_layout.NAME_WIDE - 1e-6
    assert 1 <= layout.columns <= 8


@given(count=st.integers(1, 300))
def test_lists_of_names_always_fit_their_page(count: int) -> None:
    layout = hall_layout.lay_names(count)
    rows = -(-layout.per_page // layout.columns)
    assert rows * hall_layout.NAME_LINE * layout.size / 10 <= hall_layout.HIGH + 1e-6
    assert layout.size / 10 >= hall_layout.SMALLEST
    assert layout.room >= 6


def test_sixty_are_seen_on_one_page() -> None:
    assert hall_layout.lay_tables(15, 4).per_page == 15
    assert hall_layout.lay_tables(10, 6).per_page == 10
    assert hall_layout.lay_names(60).per_page == 60
    assert hall_layout.lay_tables(75, 4).per_page < 75


def test_long_names_are_set_smaller_before_they_are_broken() -> None:
    assert hall_layout.squeeze("高橋 玲子", 6.5) == ""
    assert hall_layout.squeeze("長谷川 さやか", 6.0) == "85"
    assert hall_layout.squeeze("勅使河原 さやか", 6.0) == "70"
    assert hall_layout.squeeze("Bartholomew Featherstonehaugh", 6.0) == "two"


def test_pages_are_as_even_as_they_go() -> None:
    assert [len(page) for page in halls.pages_of(range(31), 15)] == [11, 11, 9]
    assert halls.pages_of([], 15) == []
