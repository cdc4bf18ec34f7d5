"""One's own table on one's own phone: kind words wherever one stands, and nothing that is another table's."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from organizer.checkin.models import CheckIn
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.rounds import PlanState
from organizer.domain.vocabulary import Industry, Topic
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.rounds import queries
from organizer.rounds.models import SeatingMark
from organizer.web.unit import App
from tests.factories import NOW, make_person, make_registration
from tests.registrations.helping import counted, ticket_link
from tests.rounds import tables
from tests.rounds.rows import Meetup, make_meetup

SignIn = Callable[[Person], FlaskClient]
LEFT = timedelta(minutes=6, seconds=30)
SECRETS = ["後継者のことで迷っています", "幹部が辞めそうです", "銀行に何と言うか", "値上げが怖いのです"]


@pytest.fixture
def meetup(rows: Session) -> Meetup:
    """Four people, two tables of two, two rounds: with the second, then with the third of them."""
    meetup = make_meetup(rows, 0)
    gives = ["採用広報の経験", "値上げの進め方", "補助金の探し方", "商標の相談"]
    names = ["高橋 玲子", "村上 健太", "小林 さやか", "渡邉 大輔"]
    topics = [Topic.HIRING, Topic.PRICING, Topic.SUBSIDIES, Topic.LEGAL]
    for place, name in enumerate(names):
        said = tables.helps_with(topics[place], gives[place], topics[(place + 1) % 4], list(Industry)[place])
        meetup.people.append(
            tables.come(
                rows,
                meetup.event,
                name,
                "よみ",
                topic=SECRETS[place],
                profile={"company": f"{name[:2]}商店", **said},
            ).person
        )
    a, b, c, d = meetup.people
    tables.publish(rows, meetup.event, [[[a, b], [c, d]], [[c, d], [a, b]], [[a, c], [b, d]]])
    rows.commit()
    return meetup


def address(meetup: Meetup) -> str:
    return f"/e/{meetup.event.public_id}/table"


def registration(rows: Session, meetup: Meetup, place: int = 0) -> Registration:
    person = meetup.people[place]
    return rows.query(Registration).filter_by(event_id=meetup.event.id, person_id=person.id).one()


def look(meetup: Meetup, sign_in: SignIn, place: int = 0) -> str:
    answer = sign_in(meetup.people[place]).get(address(meetup))
    assert answer.status_code == 200
    return answer.text


def test_my_table_who_sits_there_why_and_what_they_can_give(
    rows: Session, meetup: Meetup, sign_in: SignIn
) -> None:
    tables.run(rows, meetup.event, 1, left=LEFT)
    page = look(meetup, sign_in)
    assert ">卓 1<" in page
    assert ">6:30<" in page
    assert "ラウンド 1 / 3" in page
    assert "次は 卓 2" in page
    assert "村上 健太" in page
    assert "村上商店" in page
    assert "値上げの進め方" in page, "what the other can give"
    assert "村上さんの『値上げの進め方』が役立ちます" in page, "why these two"
    assert "この卓の問い" in page
    assert "小林" not in page
    assert "渡邉" not in page


def test_my_introduction_is_made_of_what_i_said(rows: Session, meetup: Meetup, sign_in: SignIn) -> None:
    mine = registration(rows, meetup)
    mine.answers = {"today": "値上げの話を聞きたい", "gives": mine.profile["gives"]}
    page = look(meetup, sign_in)
    card = page[page.index('class="table-card"') :]
    for said in ("高橋 玲子", "高橋商店", "代表取締役", "値上げの話を聞きたい", "採用広報の経験"):
        assert said in card


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4])
def test_what_is_said_in_confidence_is_seen_by_this_table_in_this_round_alone(
    rows: Session, meetup: Meetup, sign_in: SignIn, number: int
) -> None:
    """Number 0: before the first round; 4: after the last."""
    if number == 4:
        tables.end(rows, meetup.event, 3)
    elif number:
        tables.run(rows, meetup.event, number, left=LEFT)
    partners = {1: {0: 1, 1: 0, 2: 3, 3: 2}, 2: {0: 1, 1: 0, 2: 3, 3: 2}, 3: {0: 2, 2: 0, 1: 3, 3: 1}}
    for viewer in range(4):
        page = look(meetup, sign_in, viewer)
        seen = {place for place in range(4) if SECRETS[place] in page} - {viewer}
        assert seen == ({partners[number][viewer]} if number in partners else set())


def test_neither_host_nor_staff_nor_hall_see_what_is_said_in_confidence(
    rows: Session, meetup: Meetup, sign_in: SignIn
) -> None:
    tables.run(rows, meetup.event, 1, left=LEFT)
    for person in (meetup.host, meetup.helper):
        client = sign_in(person)
        assert client.get(address(meetup)).status_code == 404
        for page in ("hall", "timer", "hall/state", "rounds/state"):
            text = client.get(f"/events/{meetup.event.public_id}/{page}").text
            assert not any(secret in text for secret in SECRETS)


def test_between_the_rounds_it_says_where_to_go_and_who_will_be_there(
    rows: Session, meetup: Meetup, sign_in: SignIn
) -> None:
    tables.end(rows, meetup.event, 2)
    page = look(meetup, sign_in)
    assert "卓 1 へどうぞ" in page
    assert "小林 さやか" in page
    assert "村上 健太" not in page
    assert "まもなく始まります" in page


def test_who_does_not_wish_to_be_listed_is_a_name_alone(
    rows: Session, meetup: Meetup, sign_in: SignIn
) -> None:
    tables.run(rows, meetup.event, 1, left=LEFT)
    registration(rows, meetup, 1).listed = False
    page = look(meetup, sign_in)
    assert "村上 健太" in page
    assert "村上商店" not in page
    assert "値上げの進め方" not in page


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("このイベントは開催中止になりました", "called off"),
        ("お席はお返しいただきました", "gave back"),
        ("まだ確定していません", "applied"),
        ("まずは受付へ", "not arrived"),
        ("お席をご用意しています", "no seat"),
        ("途中でお帰りと", "leaves"),
        ("次のラウンドまで、ひと息", "sits out"),
        ("すべてのラウンドが終わりました", "rounds over"),
        ("この会は終わりました", "event over"),
    ],
)
def test_wherever_one_stands_there_are_kind_words(
    rows: Session,
    meetup: Meetup,
    sign_in: SignIn,
    stand_still: Callable[[datetime], None],
    words: str,
    change: str,
) -> None:
    event, mine = meetup.event, registration(rows, meetup)
    if change == "called off":
        event.state = EventState.CANCELLED
    elif change == "gave back":
        mine.state = RegistrationState.CANCELLED
    elif change == "applied":
        mine.state = RegistrationState.APPLIED
    elif change == "not arrived":
        rows.query(CheckIn).filter_by(registration_id=mine.id).update({"voided_at": NOW})
    elif change in ("no seat", "leaves", "sits out"):
        unseat(rows, meetup, but=2 if change == "sits out" else None)
        tables.run(rows, event, 1, left=LEFT)
        if change == "leaves":
            mark = {"first_round": 1, "last_round": 0, "at": NOW}
            rows.add(
                SeatingMark(circle_id=event.circle_id, event_id=event.id, person_id=mine.person_id, **mark)
            )
    else:
        tables.end(rows, event, 3)
        if change == "event over":
            stand_still(event.ends_at + timedelta(minutes=1))
    page = look(meetup, sign_in)
    assert words in page
    assert ("村上 健太" in page) is (change == "sits out")
    assert not any(secret in page for secret in SECRETS[1:])


def unseat(rows: Session, meetup: Meetup, but: int | None) -> None:
    """Another plan is published, without the first of the people; with `but` they sit in that round."""
    a, b, c, d = meetup.people
    published = queries.published_plan(rows, meetup.event.id)
    assert published is not None
    published.state = PlanState.SUPERSEDED
    rows.flush()
    plan = [[[b], [c, d]] for _ in range(3)]
    if but is not None:
        plan[but - 1] = [[a, b], [c, d]]
    tables.publish(rows, meetup.event, plan, generation=2)


def test_before_any_tables_are_set(rows: Session, sign_in: SignIn) -> None:
    meetup = make_meetup(rows, 3)
    page = look(meetup, sign_in)
    assert "卓は、まもなく決まります" in page


def test_a_round_that_runs_over_is_still_on(
    rows: Session, meetup: Meetup, sign_in: SignIn, stand_still: Callable[[datetime], None]
) -> None:
    late = meetup.event.ends_at + timedelta(minutes=5)
    tables.run(rows, meetup.event, 3, left=LEFT, now=late)
    stand_still(late)
    assert ">6:30<" in look(meetup, sign_in)
    stand_still(meetup.event.ends_at + timedelta(hours=4))
    assert "この会は終わりました" in look(meetup, sign_in), (
        "a clock that nobody stopped shows no names for ever"
    )


def test_the_link_of_the_ticket_opens_the_same_page(
    rows: Session, meetup: Meetup, client: FlaskClient
) -> None:
    tables.run(rows, meetup.event, 1, left=LEFT)
    token = ticket_link(rows, registration(rows, meetup))
    rows.commit()
    answer = client.get(f"/t/{token}/table")
    assert answer.status_code == 200
    assert "村上 健太" in answer.text
    assert f"/t/{token}/table/state" in answer.text
    state = client.get(f"/t/{token}/table/state")
    assert state.get_json()["key"] in answer.text
    assert client.get(f"/t/{'x' * 43}/table").status_code == 404


def test_strangers_see_nothing(rows: Session, meetup: Meetup, sign_in: SignIn, client: FlaskClient) -> None:
    assert client.get(address(meetup)).status_code == 302
    other = make_person(rows)
    for page in (address(meetup), f"{address(meetup)}/state", "/e/nonsense/table", f"/e/{'x' * 22}/table"):
        assert sign_in(other).get(page).status_code == 404


def test_of_two_registrations_the_live_one_counts(rows: Session, meetup: Meetup, sign_in: SignIn) -> None:
    person = meetup.people[0]
    make_registration(rows, meetup.event, person, state=RegistrationState.CANCELLED)
    tables.run(rows, meetup.event, 1, left=LEFT)
    assert ">卓 1<" in look(meetup, sign_in)


def test_the_state_changes_when_the_table_does_and_costs_nothing_else(
    rows: Session, meetup: Meetup, sign_in: SignIn
) -> None:
    client = sign_in(meetup.people[0])
    first = client.get(f"{address(meetup)}/state")
    same = client.get(f"{address(meetup)}/state", headers={"If-None-Match": first.headers["ETag"]})
    assert same.status_code == 304
    assert "X-Now" in same.headers
    unseat(rows, meetup, but=2)
    rows.commit()
    assert client.get(f"{address(meetup)}/state").get_json()["key"] != first.get_json()["key"]


def test_in_english(rows: Session, meetup: Meetup, sign_in: SignIn) -> None:
    meetup.people[0].locale = "en"
    tables.run(rows, meetup.event, 1, left=LEFT)
    page = look(meetup, sign_in)
    assert "Table 1" in page
    assert "In confidence, for this table only" in page


def test_it_asks_as_often_at_a_table_of_twelve_as_at_one_of_two(
    app: App, rows: Session, sign_in: SignIn
) -> None:
    asked = []
    for people in (2, 12):
        meetup = make_meetup(rows, people)
        tables.publish(rows, meetup.event, [[meetup.people]])
        tables.run(rows, meetup.event, 1, left=LEFT)
        client = sign_in(meetup.people[0])
        with counted(app) as page:
            assert client.get(address(meetup)).status_code == 200
        with counted(app) as state:
            assert client.get(f"{address(meetup)}/state").status_code == 200
        asked.append((len(page), len(state)))
    assert asked[0] == asked[1]
    assert asked[0][0] <= 8
    assert asked[0][1] <= 5


def test_the_way_to_it_stands_on_ticket_start_page_and_closing_once_the_doors_are_open(
    rows: Session, meetup: Meetup, sign_in: SignIn, stand_still: Callable[[datetime], None]
) -> None:
    mine, event = registration(rows, meetup), meetup.event
    client = sign_in(meetup.people[0])
    token = ticket_link(rows, mine)
    rows.commit()
    places = {
        "/": address(meetup),
        f"/me/tickets/{mine.public_id}": address(meetup),
        f"/t/{token}": f"/t/{token}/table",
    }
    for page, link in places.items():
        assert f'href="{link}"' in client.get(page).text
    stand_still(event.doors_open_at - timedelta(minutes=1))
    for page, link in places.items():
        assert f'href="{link}"' not in client.get(page).text
    stand_still(event.ends_at - timedelta(minutes=5))
    closing = f"/events/{event.public_id}/closing"
    assert f'href="{address(meetup)}"' in client.get(closing).text
    assert f'href="{closing}"' in client.get(address(meetup)).text
    stand_still(event.ends_at + timedelta(minutes=5))
    assert f'href="{address(meetup)}"' not in client.get(closing).text
