"""The host's table plan in the browser's eyes: what it shows, what it refuses, in both languages."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event as sql_events
from sqlalchemy.orm import Session

from organizer.db import Database
from organizer.domain.rounds import PlanState
from organizer.people.blocks import block
from organizer.people.models import Person
from organizer.rounds import planning, queries, solving
from organizer.rounds.models import SeatingMark, SeatingPlan
from organizer.workflows import rounds
from tests.domain.crowds import crowd
from tests.factories import NOW, make_circle, make_person
from tests.rounds.rows import Meetup, arrive, make_draft, make_meetup, publish_plan

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def meetup(rows: Session) -> Meetup:
    return make_meetup(rows, 12)


@pytest.fixture
def host(meetup: Meetup, sign_in: SignIn) -> FlaskClient:
    return sign_in(meetup.host)


def url(meetup: Meetup, rest: str = "") -> str:
    return f"/events/{meetup.event.public_id}/rounds{rest}"


def seen(plan: SeatingPlan, **more: object) -> dict[str, object]:
    return {"generation": plan.generation, "revision": plan.revision, **more}


def draft_of(rows: Session, meetup: Meetup) -> SeatingPlan:
    plan = make_draft(rows, meetup)
    rows.commit()
    return plan


class TestShowing:
    """What stands, and what is to be done now."""

    def test_before_anything_it_offers_to_make_tables(self, host: FlaskClient, meetup: Meetup) -> None:
        page = host.get(url(meetup)).text
        assert "12 名が受付済みです" in page
        assert "組み合わせを作る" in page

    def test_nobody_there_yet(self, rows: Session, sign_in: SignIn) -> None:
        empty = make_meetup(rows, 0)
        assert "席を決める方がまだいません" in sign_in(empty.host).get(url(empty)).text

    def test_a_draft_says_how_good_it_is(self, rows: Session, host: FlaskClient, meetup: Meetup) -> None:
        plan = draft_of(rows, meetup)
        page = host.get(url(meetup)).text
        assert "席の案" in page
        assert "どこまで最善に近いかを計算しています" in page
        assert plan.score is not None
        plan.bound = round(plan.score / 0.95)
        rows.commit()
        page = host.get(url(meetup)).text
        assert re.search(r"どんな組み合わせでも届きうる上限の 9[45]\s% 以上です", page)
        assert page.count("data-seat=") == 12
        assert '<title id="grid-title">' in page

    def test_it_shows_the_round_asked_for(self, rows: Session, host: FlaskClient, meetup: Meetup) -> None:
        draft_of(rows, meetup)
        assert "ラウンド 2 の卓" in host.get(url(meetup, "?round=2")).text
        for odd in ("?round=99", "?round=x", "?round=%F0%9D%9F%99", "?pick=nobody", "?round=-1"):
            assert host.get(url(meetup, odd)).status_code == 200

    def test_each_seat_shows_what_a_change_would_bring(
        self, rows: Session, host: FlaskClient, meetup: Meetup
    ) -> None:
        draft_of(rows, meetup)
        page = host.get(url(meetup, f"?round=1&pick={meetup.people[0].public_id}")).text
        assert "選択中" in page
        assert len(re.findall(r"seat-gain", page)) == 1 + 8
        assert page.count("/1/swap?") == 8

    def test_while_it_is_made_it_says_so_and_one_can_look_again(
        self, rows: Session, host: FlaskClient, meetup: Meetup
    ) -> None:
        planning.ask(rows, meetup.event, after=0, by=meetup.host, now=NOW)
        rows.commit()
        page = host.get(url(meetup)).text
        assert "組み合わせを作っています" in page
        assert "表示を新しくする" in page

    def test_why_there_are_none(self, rows: Session, host: FlaskClient, meetup: Meetup) -> None:
        plan = planning.ask(rows, meetup.event, after=0, by=meetup.host, now=NOW)
        solving.claim(rows, "test", NOW)
        solving.give_up(rows, plan.id, "test", solving.Trouble.NO_LAWFUL_PLAN, {})
        rows.commit()
        page = host.get(url(meetup)).text
        assert "組み合わせを作れませんでした" in page
        assert "組み合わせを作る" in page, "it can be tried again"

    def test_a_late_arrival_waits_for_a_seat(self, rows: Session, host: FlaskClient, meetup: Meetup) -> None:
        publish_plan(rows, meetup)
        rounds.start(rows, meetup.event, 1, by=meetup.host, now=NOW)
        late = arrive(rows, meetup.event, crowd(5, 30)[29])
        rows.commit()
        page = host.get(url(meetup)).text
        assert "席のない方" in page
        assert "席を用意する" in page
        assert "このラウンドで卓にいない方" in page
        assert "まだ誰とも同席していない方" in page
        assert host.get(url(meetup, "/state")).json["waiting"] == [late.id]  # type: ignore[index]

    def test_a_change_is_shown_before_it_goes_out(
        self, rows: Session, host: FlaskClient, meetup: Meetup
    ) -> None:
        publish_plan(rows, meetup)
        planning.leaves(rows, meetup.event, meetup.people[0], by=meetup.host, now=NOW)
        draft_of(rows, meetup)
        page = host.get(url(meetup)).text
        assert "変更の案" in page
        assert re.search(r"変わる席は \d+ つです", page)
        assert "から外れます" in page
        assert "変更を公開する" in page

    def test_cautions_name_those_they_are_about(self, rows: Session, sign_in: SignIn) -> None:
        small = make_meetup(rows, 4)
        draft_of(rows, small)
        page = sign_in(small.host).get(url(small)).text
        assert "人数に対してラウンドが多いため" in page
        assert "さんと" in page

    def test_it_takes_eight_statements_at_most(
        self, rows: Session, host: FlaskClient, meetup: Meetup, database: Database
    ) -> None:
        publish_plan(rows, meetup)
        rounds.start(rows, meetup.event, 1, by=meetup.host, now=NOW)
        draft_of(rows, meetup)
        asked: list[str] = []
        sql_events.listen(database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        for path in ("", f"?pick={meetup.people[0].public_id}&round=2", "/state", "/2/tables/1"):
            asked.clear()
            assert host.get(url(meetup, path)).status_code == 200
            selects = [one for one in asked if one.lstrip().upper().startswith("SELECT")]
            assert len(selects) <= 8, (path, len(selects), selects)

    def test_one_table_says_why_these_people(self, rows: Session, host: FlaskClient, meetup: Meetup) -> None:
        draft_of(rows, meetup)
        page = host.get(url(meetup, "/1/tables/1")).text
        assert "この顔ぶれの理由" in page
        assert len(re.findall(r"<h3>", page)) == 6
        for wrong in ("/1/tables/9", "/9/tables/1", "/0/tables/1", "/1/tables/0"):
            assert host.get(url(meetup, wrong)).status_code == 404


class TestDoing:
    """Making, publishing, taking back, marking."""

    def test_make_asks_once(self, rows: Session, host: FlaskClient, meetup: Meetup) -> None:
        rows.commit()
        for _ in range(2):
            answer = host.post(url(meetup, "/make"), data={"after": 0, "rounds": 2, "table_size": 3})
            assert answer.status_code == 303
        plan = rows.query(SeatingPlan).one()
        assert (plan.rounds, plan.table_size, plan.state) == (2, 3, PlanState.WANTED)

    @pytest.mark.parametrize(
        "bad",
        [{}, {"after": "x"}, {"after": -1}, {"after": 0, "rounds": 99}, {"after": 0, "table_size": 1}],
    )
    def test_make_refuses_nonsense(
        self, rows: Session, host: FlaskClient, meetup: Meetup, bad: dict[str, object]
    ) -> None:
        rows.commit()
        assert host.post(url(meetup, "/make"), data=bad).status_code == 422

    def test_publish_and_take_back(self, rows: Session, host: FlaskClient, meetup: Meetup) -> None:
        plan = draft_of(rows, meetup)
        page = host.post(url(meetup, "/publish"), data=seen(plan), follow_redirects=True).text
        assert "席を公開しました" in page
        rows.expire_all()
        assert queries.published_plan(rows, meetup.event.id) is not None
        page = host.post(url(meetup, "/unpublish"), follow_redirects=True).text
        assert "公開を取り消し、案に戻しました" in page

    @pytest.mark.parametrize("act", ["/publish", "/discard"])
    def test_a_plan_must_be_named(self, rows: Session, host: FlaskClient, meetup: Meetup, act: str) -> None:
        draft_of(rows, meetup)
        assert host.post(url(meetup, act), data={}).status_code == 422

    def test_the_wrong_state_is_a_conflict(self, rows: Session, host: FlaskClient, meetup: Meetup) -> None:
        rows.commit()
        gone = {"generation": 1, "revision": 0}
        assert host.post(url(meetup, "/publish"), data=gone).status_code == 409
        assert host.post(url(meetup, "/revise"), data={"after": 0}).status_code == 409
        assert host.get(url(meetup, "/1/swap?one=a&other=b")).status_code == 409
        publish_plan(rows, meetup)
        rounds.start(rows, meetup.event, 1, by=meetup.host, now=NOW)
        rows.commit()
        assert host.post(url(meetup, "/unpublish")).status_code == 409

    def test_discard_puts_the_draft_away(self, rows: Session, host: FlaskClient, meetup: Meetup) -> None:
        plan = draft_of(rows, meetup)
        page = host.post(url(meetup, "/discard"), data=seen(plan), follow_redirects=True).text
        assert "案をやめました" in page

    def test_revise_makes_a_draft_of_what_is_published(
        self, rows: Session, host: FlaskClient, meetup: Meetup
    ) -> None:
        publish_plan(rows, meetup)
        rows.commit()
        page = host.post(url(meetup, "/revise"), data={"after": 1}, follow_redirects=True).text
        assert "変更の案" in page
        assert "席が変わる方はいません" in page
        assert host.post(url(meetup, "/revise"), data={}).status_code == 422

    def test_she_is_not_coming(self, rows: Session, host: FlaskClient, meetup: Meetup) -> None:
        publish_plan(rows, meetup)
        rows.commit()
        who = meetup.people[0]
        page = host.post(url(meetup, f"/people/{who.public_id}/leaves"), follow_redirects=True).text
        assert "これからのラウンドから外しました" in page
        assert "組み合わせを作っています" in page
        assert rows.query(SeatingMark).one().last_round == 0
        page = host.post(url(meetup, f"/people/{who.public_id}/returns"), follow_redirects=True).text
        assert "これからのラウンドに戻りました" in page
        rows.expire_all()
        assert rows.query(SeatingMark).one().last_round is None

    def test_a_mark_is_kept(self, rows: Session, host: FlaskClient, meetup: Meetup) -> None:
        who = meetup.people[0]
        rows.commit()
        path = url(meetup, f"/people/{who.public_id}")
        assert "いつも座る卓の番号" in host.get(path).text
        said = {"table": 2, "first_round": 2, "last_round": 3}
        page = host.post(path, data=said, follow_redirects=True).text
        assert "いつも卓 2" in page
        assert "ラウンド 2 から" in page
        again = host.get(path).text
        assert re.search(r'name="table"[^>]*value="2"', again)
        assert host.post(path, data={"table": 0}).status_code == 422
        assert host.post(path, data={"table": "x"}).status_code == 422
        host.post(path, data={"table": "", "first_round": "", "last_round": ""})
        rows.expire_all()
        mark = rows.query(SeatingMark).one()
        assert (mark.table_number, mark.first_round, mark.last_round) == (None, 1, None)

    def test_only_people_of_this_event(self, rows: Session, host: FlaskClient, meetup: Meetup) -> None:
        stranger = make_person(rows)
        rows.commit()
        for rest in ("", "/leaves", "/returns"):
            path = url(meetup, f"/people/{stranger.public_id}{rest}")
            assert host.post(path, data={}).status_code == 404
        assert host.get(url(meetup, f"/people/{stranger.public_id}")).status_code == 404


class TestSwapping:
    """Two change places: seen before, done by a form."""

    def pair(self, rows: Session, meetup: Meetup, plan: SeatingPlan) -> tuple[Person, Person]:
        tables = queries.tables_in(rows, plan.id, 1)
        by_id = {person.id: person for person in meetup.people}
        return by_id[tables[1][0]], by_id[tables[2][0]]

    def test_it_is_shown_and_done(self, rows: Session, host: FlaskClient, meetup: Meetup) -> None:
        plan = draft_of(rows, meetup)
        one, other = self.pair(rows, meetup, plan)
        path = url(meetup, f"/1/swap?one={one.public_id}&other={other.public_id}")
        page = host.get(path).text
        assert "ラウンド 1 で入れ替えますか" in page
        assert re.search(r"会全体で \d+ 点|会全体の価値は変わりません", page)
        said = host.get(path, headers={"Accept": "application/json"}).json
        assert said is not None
        assert said["lawful"] is True
        form = seen(plan, one=one.public_id, other=other.public_id)
        done = host.post(url(meetup, "/1/swap"), data=form, follow_redirects=True).text
        assert "入れ替えました" in done
        rows.expire_all()
        assert one.id in queries.tables_in(rows, plan.id, 1)[2]
        assert host.post(url(meetup, "/1/swap"), data=form).status_code == 409, "the page is an old one now"

    def test_rules_are_said_without_saying_whose(
        self, rows: Session, host: FlaskClient, meetup: Meetup
    ) -> None:
        plan = make_draft(rows, meetup)
        one, other = self.pair(rows, meetup, plan)
        beside = next(person for person in queries.tables_in(rows, plan.id, 1)[2] if person != other.id)
        block(rows, beside, one.id, NOW)
        rows.commit()
        path = url(meetup, f"/1/swap?one={one.public_id}&other={other.public_id}")
        page = host.get(path).text
        assert "この入れ替えは決まりに触れます" in page
        assert "ブロック" not in page
        assert ">入れ替える</button>" not in page
        form = seen(plan, one=one.public_id, other=other.public_id)
        assert host.post(url(meetup, "/1/swap"), data=form).status_code == 409

    def test_nonsense_is_refused(self, rows: Session, host: FlaskClient, meetup: Meetup) -> None:
        plan = draft_of(rows, meetup)
        one, other = self.pair(rows, meetup, plan)
        assert host.get(url(meetup, "/1/swap")).status_code == 404
        assert (
            host.get(url(meetup, f"/9/swap?one={one.public_id}&other={other.public_id}")).status_code == 404
        )
        assert host.get(url(meetup, f"/1/swap?one={one.public_id}&other={one.public_id}")).status_code == 404
        assert host.post(url(meetup, "/1/swap"), data={}).status_code == 422
        nobody = seen(plan, one="x" * 22, other=other.public_id)
        assert host.post(url(meetup, "/1/swap"), data=nobody).status_code == 404


GETS = ["", "/state", "/1/swap", "/1/tables/1", "/people/{person}"]
POSTS = [
    "/make",
    "/revise",
    "/discard",
    "/publish",
    "/unpublish",
    "/people/{person}",
    "/people/{person}/leaves",
    "/people/{person}/returns",
    "/1/swap",
]


def paths(meetup: Meetup, rest: list[str]) -> list[str]:
    return [url(meetup, one.format(person=meetup.people[0].public_id)) for one in rest]


def test_strangers_see_nothing(rows: Session, meetup: Meetup, sign_in: SignIn) -> None:
    other = make_person(rows)
    make_circle(rows, owner=other)
    draft_of(rows, meetup)
    client = sign_in(other)
    assert {client.get(path).status_code for path in paths(meetup, GETS)} == {404}
    assert {client.post(path).status_code for path in paths(meetup, POSTS)} == {404}


def test_helpers_run_the_clock_but_make_no_plan(rows: Session, meetup: Meetup, sign_in: SignIn) -> None:
    draft_of(rows, meetup)
    client = sign_in(meetup.helper)
    assert client.get(url(meetup, "/state")).status_code == 200
    mine = [path for path in paths(meetup, GETS) if not path.endswith("/state")]
    assert {client.get(path).status_code for path in mine} == {404}
    assert {client.post(path).status_code for path in paths(meetup, POSTS)} == {404}


def test_who_is_not_signed_in_signs_in_first(rows: Session, meetup: Meetup, client: FlaskClient) -> None:
    rows.commit()
    assert {client.get(path).status_code for path in paths(meetup, GETS)} == {302}
    assert {client.post(path).status_code for path in paths(meetup, POSTS)} == {401}


@pytest.mark.parametrize("stage", ["nothing", "draft", "published", "change"])
def test_every_stage_speaks_english_too(rows: Session, meetup: Meetup, host: FlaskClient, stage: str) -> None:
    if stage == "draft":
        make_draft(rows, meetup)
    if stage in ("published", "change"):
        publish_plan(rows, meetup)
    if stage == "change":
        planning.leaves(rows, meetup.event, meetup.people[0], by=meetup.host, now=NOW)
        make_draft(rows, meetup)
    rows.commit()
    host.post("/language", data={"locale": "en"})
    page = host.get(url(meetup)).text
    assert "Seating" in page
    told = re.sub(r"さんか \d+こ|参加 \d+子|しゅさい はなこ|日本語|朝の会|会社\d+|単独\d+", "", page)
    assert not re.search(r"[ぁ-ん]", told)


@pytest.mark.parametrize("stage", ["nothing", "wanted", "draft", "published", "late", "left"])
def test_page_and_state_agree_on_what_stands(
    rows: Session, meetup: Meetup, host: FlaskClient, stage: str
) -> None:
    """Or a page would be fetched anew for ever, or never."""
    if stage == "wanted":
        planning.ask(rows, meetup.event, after=0, by=meetup.host, now=NOW)
    if stage == "draft":
        make_draft(rows, meetup)
    if stage in ("published", "late", "left"):
        publish_plan(rows, meetup)
    if stage == "late":
        rounds.start(rows, meetup.event, 1, by=meetup.host, now=NOW)
        arrive(rows, meetup.event, crowd(5, 30)[29])
    if stage == "left":
        planning.leaves(rows, meetup.event, meetup.people[0], by=meetup.host, now=NOW)
    rows.commit()
    said = host.get(url(meetup, "/state")).json
    assert said is not None
    assert f'data-key="{said["key"]}"' in host.get(url(meetup)).text
