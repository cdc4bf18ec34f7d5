"""The admission desk as a host sees it: who fits and why, one click a decision, and nobody else may look."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event as events
from sqlalchemy.orm import Session

from organizer.audit.service import entries
from organizer.db import Database
from organizer.domain.admission import verify_suggestion
from organizer.domain.lifecycle import EventState, RegistrationState, RegistrationStep
from organizer.domain.profiles import Challenge, Give, Wish
from organizer.domain.roles import CircleRole
from organizer.domain.vocabulary import GiveKind, Industry, Intent, Role, SizeBand, Topic
from organizer.people.models import Person
from organizer.registrations import desk
from organizer.registrations.admitting import decide
from organizer.registrations.models import Registration
from tests.factories import NOW, make_member, make_person
from tests.registrations.rooms import LEADS, MAKES, SELLS, Room, make_room

S, Step = RegistrationState, RegistrationStep
SignIn = Callable[[Person], FlaskClient]
HIRING_GIVE = {"gives": [Give(GiveKind.EXPERIENCE, "採用広報の経験", (Topic.HIRING,)).to_data()]}


@pytest.fixture
def hall(rows: Session) -> Room:
    """A room with three seats, on the app's database."""
    room = make_room(rows, capacity=3)
    rows.commit()
    return room


def _url(room: Room, rest: str = "") -> str:
    return f"/events/{room.event.public_id}/admission{rest}"


def _open(room: Room, sign_in: SignIn, rest: str = "", *, as_: Person | None = None) -> str:
    room.session.commit()
    answer = sign_in(as_ or room.host).get(_url(room, rest))
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def _chosen(one: Registration, seen: str = "applied") -> str:
    return f"{one.public_id}:{seen}"


def _post(room: Room, sign_in: SignIn, rest: str, **data: object) -> tuple[int, str, str]:
    """(status, where to, page) of a host's click."""
    room.session.commit()
    answer = sign_in(room.host).post(_url(room, rest), data=data)
    room.session.expire_all()
    return answer.status_code, answer.headers.get("Location", ""), answer.get_data(as_text=True)


@contextmanager
def _statements(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            seen.append(statement)

    events.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        events.remove(database.engine, "before_cursor_execute", note)


def test_the_desk_shows_each_applicant_with_reasons(hall: Room, sign_in: SignIn) -> None:
    hall.target("採用に悩む社長", LEADS, floor=2, ceiling=3)
    hall.applies(S.ADMITTED, profile={"challenges": [Challenge("人が採れない", (Topic.HIRING,)).to_data()]})
    hall.applies(name="高橋 玲子", answers=HIRING_GIVE)
    page = _open(hall, sign_in)
    for words in (
        "この部屋のいま",
        "高橋 玲子",
        "とてもよく合う",
        "経営者・代表（希望どおり）",
        "会場の 1 名の課題「採用」に応えられる",
        "採用広報の経験",
        "あと 1 名ほしい",
        "参加を承認",
        "おすすめの 1 名を見る",
    ):
        assert words in page, words


def test_the_best_fit_comes_first(hall: Room, sign_in: SignIn) -> None:
    hall.target("社長", LEADS)
    hall.applies(name="合わない 方", profile={"role": Role.EMPLOYEE})
    hall.applies(name="合う 方")
    page = _open(hall, sign_in)
    assert page.index(">合う 方<") < page.index(">合わない 方<")


def test_what_was_said_in_confidence_is_not_on_the_desk(hall: Room, sign_in: SignIn) -> None:
    hall.applies(topic="カナリア・ここだけの話", introducer="紹介者の山田さん")
    for rest in ("", "?show=all", "/suggestion"):
        assert "カナリア" not in _open(hall, sign_in, rest)
    assert "紹介者の山田さん" in _open(hall, sign_in)


def test_no_address_stands_on_the_desk(hall: Room, sign_in: SignIn) -> None:
    one = hall.applies()
    assert one.person.email
    assert one.person.email not in _open(hall, sign_in, "?show=all")


def test_someone_kept_out_by_a_limit_is_offered_the_list_first(hall: Room, sign_in: SignIn) -> None:
    hall.target("売り込みが目的の人", SELLS, ceiling=1, ceiling_only=True)
    seller = {"intents": [Intent.SELL.value]}
    hall.applies(S.ADMITTED, profile=seller)
    one = hall.applies(profile=seller)
    page = _open(hall, sign_in)
    assert "「売り込みが目的の人」の枠は埋まっています（1 / 1）" in page
    assert "上限を超えて承認する" in page
    assert f"/admission/over/{one.public_id}" in page


@pytest.mark.parametrize("show", ["applied", "waitlisted", "admitted", "declined", "all", "nonsense"])
def test_each_list_can_be_seen_and_is_kind_when_empty(hall: Room, sign_in: SignIn, show: str) -> None:
    assert "いません" in _open(hall, sign_in, f"?show={show}")
    for state in (S.APPLIED, S.WAITLISTED, S.ADMITTED, S.DECLINED):
        hall.applies(state, name=f"{state.value} 太郎")
    page = _open(hall, sign_in, f"?show={show}")
    expected = {"all": 4}.get(show, 1)
    assert len(re.findall(r"desk-row", page)) == expected


def test_the_waiting_see_their_place_and_why_nobody_moves(hall: Room, sign_in: SignIn) -> None:
    for _ in range(3):
        hall.applies(S.ADMITTED)
    hall.applies(S.WAITLISTED)
    page = _open(hall, sign_in, "?show=waitlisted")
    assert "待ち 1 番" in page
    assert "いまは満席です。席が空きしだい、順番に繰り上がります。" in page


def test_the_desk_is_complete_in_english(hall: Room, sign_in: SignIn) -> None:
    hall.target("Presidents", LEADS, floor=2)
    give = {"gives": [Give(GiveKind.EXPERIENCE, "Hiring", (Topic.HIRING,)).to_data()]}
    for state in (S.APPLIED, S.WAITLISTED, S.ADMITTED):
        said = {"company": "Hibiki Inc", "title": "CEO", "wish": {}}
        one = hall.applies(state, name="Takahashi Reiko", profile=said, answers=give)
        one.person.reading = ""
    hall.host.locale, hall.event.title = "en", "Morning circle 12"
    for rest, words in (("?show=all", "The room now"), ("/suggestion", "Suggested attendees")):
        page = _open(hall, sign_in, rest)
        assert words in page
        main = re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])
        assert not re.findall(r"\S*[\u3040-\u30ff\u4e00-\u9fff]+\S*", main)


def test_the_desk_is_complete_in_japanese(hall: Room, sign_in: SignIn) -> None:
    hall.target("社長", LEADS, floor=2)
    hall.applies(answers=HIRING_GIVE)
    hall.applies(S.WAITLISTED)
    for rest in ("?show=all", "/suggestion", f"/over/{hall.people[0].public_id}"):
        page = _open(hall, sign_in, rest)
        main = re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])
        assert not re.findall(r"[A-Za-z]{3,}", main.replace("QR", "")), re.findall(r"[A-Za-z]{3,}", main)


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "/suggestion",
        "/over/{one}",
        "POST/decide",
        "POST/undo",
        "POST/send-now",
        "POST/target/{one}",
        "POST/over/{one}",
    ],
)
@pytest.mark.parametrize("who", ["guest", "stranger", "staff", "host of another circle"])
def test_nobody_else_may_look_or_decide(
    hall: Room, rows: Session, client: FlaskClient, sign_in: SignIn, rest: str, who: str
) -> None:
    one = hall.applies()
    person = make_person(rows)
    if who == "staff":
        make_member(rows, hall.circle, person, CircleRole.STAFF)
    if who == "host of another circle":
        person = make_room(rows).host
    rows.commit()
    browser = client if who == "guest" else sign_in(person)
    posts, path = rest.startswith("POST"), _url(hall, rest.removeprefix("POST").format(one=one.public_id))
    data = {"step": "admit", "chosen": _chosen(one), "reason": "promised", "target": "0"}
    answer = browser.post(path, data=data) if posts else browser.get(path)
    assert answer.status_code == ((401 if posts else 302) if who == "guest" else 404)
    rows.expire_all()
    assert one.state is S.APPLIED


@pytest.mark.parametrize(
    ("step", "state", "words"),
    [
        ("admit", S.ADMITTED, "さんの参加を承認しました。お知らせは 10 分後に送られます。"),
        ("waitlist", S.WAITLISTED, "さんに待っていただきます。"),
        ("decline", S.DECLINED, "さんの参加をお断りします。"),
    ],
)
def test_one_click_decides_and_offers_to_undo(
    hall: Room, sign_in: SignIn, step: str, state: RegistrationState, words: str
) -> None:
    one = hall.applies()
    status, where, _ = _post(hall, sign_in, "/decide?show=applied", step=step, chosen=_chosen(one))
    assert (status, one.state) == (303, state)
    page = sign_in(hall.host).get(where).get_data(as_text=True)
    assert words in page
    undo = re.search(r'action="(/events/[^"]+/admission/undo\?decision=[^"]+)"', page)
    assert undo is not None
    assert sign_in(hall.host).post(undo[1].replace("&amp;", "&")).status_code == 303
    hall.session.expire_all()
    assert one.state is S.APPLIED


def test_everybody_ticked_is_decided_at_once(hall: Room, sign_in: SignIn) -> None:
    three = [hall.applies() for _ in range(3)]
    status, _, _ = _post(hall, sign_in, "/decide", step="admit", chosen=[_chosen(one) for one in three])
    assert status == 303
    assert {one.state for one in three} == {S.ADMITTED}


def test_of_many_those_without_a_seat_are_named(hall: Room, sign_in: SignIn) -> None:
    four = [hall.applies(name=f"申込 {n}郎") for n in range(4)]
    _, where, _ = _post(hall, sign_in, "/decide", step="admit", chosen=[_chosen(one) for one in four])
    page = sign_in(hall.host).get(where).get_data(as_text=True)
    assert "3 名の参加を承認しました。" in page
    assert "申込 3郎さんはそのままです。このイベントは満席です。" in page


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"step": "admit"},
        {"step": "promote", "chosen": "x"},
        {"step": "admit", "chosen": "../../etc:applied"},
        {"step": "admit", "chosen": "A" * 22 + ":nonsense"},
        {"step": "admit", "chosen": ["A" * 22 + ":applied"] * 400},
        {"step": "admit", "chosen": "A" * 22 + ":applied:" + "9" * 40},
    ],
)
def test_what_no_page_of_ours_sends_is_refused(hall: Room, sign_in: SignIn, data: dict[str, object]) -> None:
    one = hall.applies()
    status, _, page = _post(hall, sign_in, "/decide", **data)
    assert (status, one.state) == (422, S.APPLIED)
    assert "お選びください" in page or "選択" in page or "banner-stop" in page


def test_a_registration_of_another_event_is_not_found(hall: Room, rows: Session, sign_in: SignIn) -> None:
    elsewhere = make_room(rows).applies()
    status, _, _ = _post(hall, sign_in, "/decide", step="admit", chosen=_chosen(elsewhere))
    assert (status, elsewhere.state) == (404, S.APPLIED)
    assert sign_in(hall.host).get(_url(hall, f"/over/{elsewhere.public_id}")).status_code == 404
    assert sign_in(hall.host).get(_url(hall, "/over/nothing")).status_code == 404


def test_the_later_of_two_hosts_is_told_what_the_other_did(
    hall: Room, rows: Session, sign_in: SignIn
) -> None:
    one, other = hall.applies(name="高橋 玲子"), make_person(rows, name="鈴木 一")
    make_member(rows, hall.circle, other)
    decide(rows, one, Step.DECLINE, by=other, now=NOW)
    status, _, page = _post(hall, sign_in, "/decide", step="admit", chosen=_chosen(one))
    assert (status, one.state) == (409, S.DECLINED)
    assert "高橋 玲子さんは 鈴木 一さんがすでに決めています（お断り）。変更はしていません。" in page


def test_without_a_seat_the_host_is_asked_once_more(hall: Room, sign_in: SignIn) -> None:
    for _ in range(3):
        hall.applies(S.ADMITTED)
    one = hall.applies(name="高橋 玲子")
    status, _, page = _post(hall, sign_in, "/decide", step="admit", chosen=_chosen(one))
    assert (status, one.state) == (409, S.APPLIED)
    assert "満席です（3 / 3）" in page
    assert "それでも 高橋 玲子さんの参加を承認できます" in page


def test_the_second_yes_needs_a_reason_and_is_kept(hall: Room, sign_in: SignIn) -> None:
    for _ in range(3):
        hall.applies(S.ADMITTED)
    one = hall.applies()
    status, _, page = _post(hall, sign_in, f"/over/{one.public_id}")
    assert (status, one.state) == (422, S.APPLIED)
    assert "理由をお選びください。" in page
    status, _, _ = _post(hall, sign_in, f"/over/{one.public_id}", reason="promised")
    assert (status, one.state, hall.seats()) == (303, S.ADMITTED, (4, 4))
    assert entries(hall.session, "event", hall.event.id)[-1].facts["reason"] == "promised"


def test_an_event_that_is_over_takes_no_decision(hall: Room, sign_in: SignIn) -> None:
    one = hall.applies()
    hall.event.state = EventState.CANCELLED
    status, _, page = _post(hall, sign_in, "/decide", step="admit", chosen=_chosen(one))
    assert (status, one.state) == (409, S.APPLIED)
    assert "中止" in page


def test_undo_of_nothing_is_refused_kindly(hall: Room, sign_in: SignIn) -> None:
    status, _, page = _post(hall, sign_in, "/undo?decision=nothing")
    assert status == 409
    assert "元に戻せる操作はありません。" in page


def test_undo_too_late_is_refused(
    hall: Room, sign_in: SignIn, stand_still: Callable[[datetime], None]
) -> None:
    one = hall.applies()
    outcome = decide(hall.session, one, Step.ADMIT, by=hall.host, now=NOW)
    stand_still(NOW + timedelta(minutes=11))
    status, _, _ = _post(hall, sign_in, f"/undo?decision={outcome.decision}")
    assert (status, one.state) == (409, S.ADMITTED)


def test_letters_can_leave_at_once(hall: Room, sign_in: SignIn) -> None:
    one = hall.applies()
    decide(hall.session, one, Step.ADMIT, by=hall.host, now=NOW)
    assert "1 通のお知らせがまだ送られずに待っています" in _open(hall, sign_in)
    status, _, _ = _post(hall, sign_in, "/send-now")
    assert (status, hall.letters()) == (303, [("admitted", one.person_id, NOW)])
    assert _post(hall, sign_in, "/send-now")[0] == 409


def test_one_choice_moves_somebody_to_another_target_profile(hall: Room, sign_in: SignIn) -> None:
    hall.target("製造業", MAKES)
    leaders = hall.target("社長", LEADS)
    one = hall.applies(S.ADMITTED)
    assert "数える枠" in _open(hall, sign_in, "?show=admitted")
    status, _, _ = _post(hall, sign_in, f"/target/{one.public_id}", target=leaders.id)
    assert (status, one.target_profile_id) == (303, leaders.id)
    status, _, _ = _post(hall, sign_in, f"/target/{one.public_id}", target="0")
    assert (status, one.target_profile_id) == (303, None)
    for nonsense in ("999999", "x", ""):
        assert _post(hall, sign_in, f"/target/{one.public_id}", target=nonsense)[0] == 422


def test_moving_into_a_full_target_profile_is_refused(hall: Room, sign_in: SignIn) -> None:
    makers, leaders = hall.target("製造業", MAKES, ceiling=1), hall.target("社長", LEADS, ceiling=1)
    first, _ = hall.applies(S.ADMITTED), hall.applies(S.ADMITTED)
    status, _, page = _post(hall, sign_in, f"/target/{first.public_id}", target=leaders.id)
    assert (status, first.target_profile_id) == (409, makers.id)
    assert "この枠には空きがありません。" in page


def test_the_suggestion_is_admitted_with_one_button(hall: Room, sign_in: SignIn) -> None:
    makers = hall.target("製造業", MAKES, floor=3)
    for number in range(4):
        hall.applies(
            name=f"申込 {number}郎",
            profile={"industry": Industry.MANUFACTURING if number else Industry.FINANCE},
        )
    page = _open(hall, sign_in, "/suggestion")
    assert "「製造業」がまだ足りない" in page
    assert "この 3 名の参加を承認する" in page
    assert "より合う方で席が埋まる" in page
    chosen = re.findall(r'name="chosen"\s+value="([^"]+)"', page)
    status, _, _ = _post(hall, sign_in, "/suggestion", step="admit", chosen=chosen)
    assert status == 303
    inside = [one for one in hall.people if one.state is S.ADMITTED]
    assert [one.target_profile_id for one in inside] == [makers.id] * 3
    assert hall.people[0].state is S.APPLIED


def test_floors_that_stay_short_are_named(hall: Room, sign_in: SignIn) -> None:
    hall.target("製造業", MAKES, floor=3)
    hall.applies()
    assert "「製造業」があと 2 名足りません。合う方の申込がまだ足りません。" in _open(
        hall, sign_in, "/suggestion"
    )


def test_the_suggestion_stands_before_its_judge(hall: Room) -> None:
    hall.target("製造業", MAKES, floor=1, ceiling=2)
    hall.target("売り込み", SELLS, ceiling=1, ceiling_only=True)
    hall.applies(S.ADMITTED)
    for number in range(8):
        intents = [Intent.SELL.value] if number % 2 else [Intent.LEARN.value]
        hall.applies(S.WAITLISTED if number % 3 else S.APPLIED, profile={"intents": intents})
    room = desk.read(hall.session, hall.event, NOW)
    found = desk.suggestion(room)
    inside, waits = room.of([S.ADMITTED]), room.of([S.APPLIED, S.WAITLISTED])
    counted = {one.registration.id: one.registration.target_profile_id for one in inside}
    applications = [one.profile for one in waits]
    people = [one.profile for one in inside]
    assert len(found.admit) == 2
    assert verify_suggestion(found, applications, room.targets, 3, people, counted) == ()


def test_the_mix_counts_the_room(hall: Room) -> None:
    for industry, size in (
        (Industry.FINANCE, SizeBand.ONE),
        (Industry.FINANCE, None),
        (Industry.TRADE, SizeBand.ONE),
    ):
        hall.applies(S.ADMITTED, profile={"industry": industry, "size": size, "intents": [Intent.SELL.value]})
    hall.applies(profile={"industry": Industry.CONSTRUCTION})
    mix = desk.read(hall.session, hall.event, NOW).mix
    assert mix.industry == [(Industry.FINANCE, 2), (Industry.TRADE, 1)]
    assert mix.size == [(SizeBand.ONE, 2), (None, 1)]
    assert (mix.sellers, mix.people) == (3, 3)


def test_expected_arrivals_are_told(hall: Room, sign_in: SignIn) -> None:
    for _ in range(3):
        hall.applies(S.ADMITTED)
    assert "当日お越しになるのは、おおよそ 3 名の見込みです。" in _open(hall, sign_in)


@pytest.mark.parametrize("rest", ["?show=all", "/suggestion"])
def test_the_number_of_statements_does_not_grow(
    hall: Room, database: Database, sign_in: SignIn, rest: str
) -> None:
    hall.target("社長", LEADS, ceiling=3)
    counts = []
    for number in (2, 12):
        for place in range(number):
            state = S.ADMITTED if hall.seats()[0] < 2 and place < 2 else S.APPLIED
            hall.applies(
                state, answers=HIRING_GIVE | {"wish": Wish("社長").to_data()}, decided_by_id=hall.host.id
            )
        hall.session.commit()
        browser = sign_in(hall.host)
        with _statements(database) as seen:
            assert browser.get(_url(hall, rest)).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


def test_user_text_stays_text(hall: Room, sign_in: SignIn) -> None:
    hall.applies(name="<script>alert(1)</script>", introducer="<b>x</b>")
    page = _open(hall, sign_in)
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


def test_profiles_at_the_desk_are_those_of_the_application(hall: Room) -> None:
    one = hall.applies()
    one.person.profile.role = Role.EMPLOYEE
    hall.session.flush()
    found = desk.read(hall.session, hall.event, NOW).applicants[0].profile
    assert replace(found, id=0).role is Role.OWNER_PRESIDENT


def test_who_waits_sees_their_place_and_why_nobody_moves(hall: Room, sign_in: SignIn) -> None:
    for _ in range(3):
        hall.applies(S.ADMITTED)
    hall.applies(S.WAITLISTED)
    waits = hall.applies(S.WAITLISTED)
    hall.session.commit()
    page = sign_in(waits.person).get(f"/me/tickets/{waits.public_id}").get_data(as_text=True)
    assert "ただいま、2 名中 2 番目にお待ちいただいています。" in page
    assert "いまは満席です。" in page
