"""The clock's buttons, for host and helpers, with and without script; and what every page looks at."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from organizer.domain.rounds import RoundState
from organizer.people.models import Person
from organizer.rounds import planning, queries
from organizer.rounds.models import Round
from organizer.workflows import rounds
from tests.factories import NOW, make_circle, make_person
from tests.rounds.rows import Meetup, make_meetup, publish_plan

SignIn = Callable[[Person], FlaskClient]
Move = Callable[[datetime], None]
ACTS = ["start", "pause", "resume", "minute", "take-back", "end"]


@pytest.fixture
def meetup(rows: Session) -> Meetup:
    made = make_meetup(rows, 8)
    publish_plan(rows, made)
    return made


@pytest.fixture
def helper(meetup: Meetup, sign_in: SignIn) -> FlaskClient:
    return sign_in(meetup.helper)


def url(meetup: Meetup, rest: str) -> str:
    return f"/events/{meetup.event.public_id}/rounds{rest}"


def first(rows: Session, meetup: Meetup) -> Round:
    rows.expire_all()
    return queries.rounds_of(rows, meetup.event.id)[0]


def test_the_helper_runs_a_round_without_script(
    rows: Session, helper: FlaskClient, meetup: Meetup, stand_still: Move
) -> None:
    expected = {
        "start": RoundState.RUNNING,
        "pause": RoundState.PAUSED,
        "resume": RoundState.RUNNING,
        "take-back": RoundState.PLANNED,
    }
    for act, state in expected.items():
        answer = helper.post(url(meetup, f"/1/{act}"), data={"back": "timer"})
        assert answer.status_code == 303
        assert answer.location.endswith("/timer")
        assert first(rows, meetup).state is state
    helper.post(url(meetup, "/1/start"), data={})
    stand_still(NOW + timedelta(minutes=10))
    assert helper.post(url(meetup, "/1/end"), data={}).location.endswith("/rounds")
    assert first(rows, meetup).state is RoundState.ENDED


def test_a_script_gets_the_new_state(rows: Session, helper: FlaskClient, meetup: Meetup) -> None:
    said = helper.post(url(meetup, "/1/start"), headers={"Accept": "application/json"}).json
    assert said is not None
    assert [one["state"] for one in said["rounds"]] == ["running", "planned", "planned"]
    assert said["rounds"][0]["ends_at"] == (NOW + timedelta(minutes=10)).isoformat()
    assert [one["seconds"] for one in said["rounds"]] == [None, 600, 600]


def test_two_clicks_add_one_minute(rows: Session, helper: FlaskClient, meetup: Meetup) -> None:
    helper.post(url(meetup, "/1/start"))
    for _ in range(2):
        assert helper.post(url(meetup, "/1/minute"), data={"version": 1}).status_code == 303
    assert first(rows, meetup).ends_at == NOW + timedelta(minutes=11)
    for bad in ({}, {"version": "x"}, {"version": -1}):
        assert helper.post(url(meetup, "/1/minute"), data=bad).status_code == 422


def test_what_cannot_be_is_a_conflict(rows: Session, helper: FlaskClient, meetup: Meetup) -> None:
    assert helper.post(url(meetup, "/1/pause")).status_code == 409
    assert helper.post(url(meetup, "/2/start")).status_code == 409
    page = helper.post(url(meetup, "/2/start")).text
    assert "ラウンドは順に始めます" in page
    assert helper.post(url(meetup, "/9/start")).status_code == 404
    said = helper.post(url(meetup, "/1/end"), headers={"Accept": "application/json"})
    assert said.status_code == 409


def test_before_anything_is_published_nothing_runs(rows: Session, sign_in: SignIn) -> None:
    bare = make_meetup(rows)
    client = sign_in(bare.host)
    assert {client.post(url(bare, f"/1/{act}"), data={"version": 0}).status_code for act in ACTS} == {409}


def test_strangers_and_guests_touch_nothing(
    rows: Session, meetup: Meetup, sign_in: SignIn, client: FlaskClient
) -> None:
    rows.commit()
    answers = {client.post(url(meetup, f"/1/{act}"), data={"version": 0}).status_code for act in ACTS}
    assert answers == {401}
    other = make_person(rows)
    make_circle(rows, owner=other)
    stranger = sign_in(other)
    answers = {stranger.post(url(meetup, f"/1/{act}"), data={"version": 0}).status_code for act in ACTS}
    assert answers == {404}
    assert stranger.get(url(meetup, "/state")).status_code == 404
    assert first(rows, meetup).state is RoundState.PLANNED


def test_the_state_is_told_once(
    rows: Session, helper: FlaskClient, meetup: Meetup, stand_still: Move
) -> None:
    helper.post(url(meetup, "/1/start"))
    answer = helper.get(url(meetup, "/state"))
    assert answer.json is not None
    assert (answer.json["plan"], answer.json["published"], answer.json["waiting"]) == (None, 1, [])
    tag = answer.headers["ETag"]
    stand_still(NOW + timedelta(minutes=3))
    again = helper.get(url(meetup, "/state"), headers={"If-None-Match": tag})
    assert (again.status_code, again.text) == (304, ""), "the seconds that pass change nothing"
    helper.post(url(meetup, "/1/pause"))
    assert helper.get(url(meetup, "/state"), headers={"If-None-Match": tag}).status_code == 200


def test_a_wanted_plan_is_in_the_state(rows: Session, helper: FlaskClient, meetup: Meetup) -> None:
    planning.ask(rows, meetup.event, after=1, by=meetup.host, now=NOW)
    rows.commit()
    said = helper.get(url(meetup, "/state")).json
    assert said is not None
    assert (said["plan"]["state"], said["plan"]["generation"]) == ("wanted", 2)


def test_the_back_of_nobody_is_the_plan(rows: Session, helper: FlaskClient, meetup: Meetup) -> None:
    answer = helper.post(url(meetup, "/1/start"), data={"back": "https://elsewhere.example"})
    assert answer.location.endswith("/rounds")
    rounds.end(rows, meetup.event, 1, by=meetup.host, now=NOW)
