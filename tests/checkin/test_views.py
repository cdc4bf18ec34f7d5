"""The door's pages: scanner, list on screen and on paper, board, trying the phone."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.checkin.models import CheckIn, FeePayment
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.people.models import Person
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW, make_circle, make_person, make_target

KEY = "0123456789abcdef" * 2
PAGES = ["/door", "/door/try", "/door/list", "/door/list.pdf", "/board"]


@pytest.fixture
def evening(rows: Session, sign_in: Callable[[Person], FlaskClient]) -> Evening:
    evening = make_evening(rows)
    sign_in(evening.staff)
    return evening


def url(evening: Evening, path: str) -> str:
    evening.session.commit()
    return f"/events/{evening.event.public_id}{path}"


def press(client: FlaskClient, evening: Evening, path: str, **form: str) -> tuple[int, str]:
    """The status of a press and the page that follows."""
    answer = client.post(url(evening, path), data=form)
    evening.session.expire_all()
    return answer.status_code, client.get(url(evening, "/door/list")).text


@pytest.mark.parametrize("page", PAGES)
def test_each_page_works_for_staff_in_both_languages(
    client: FlaskClient, evening: Evening, page: str
) -> None:
    evening.guest(name="高橋 玲子", reading="たかはし れいこ")
    answer = client.get(url(evening, page))
    assert answer.status_code == 200
    english = client.get(url(evening, page), headers={"Accept-Language": "en"})
    assert english.status_code == 200
    if not page.endswith(".pdf"):
        assert '<html lang="ja"' in answer.text
        client.post("/language", data={"locale": "en"})
        assert '<html lang="en"' in client.get(url(evening, page)).text


@pytest.mark.parametrize("page", PAGES)
def test_strangers_and_guests_find_no_page(
    client: FlaskClient, rows: Session, sign_in: Callable[[Person], FlaskClient], page: str
) -> None:
    evening = make_evening(rows, 1)
    rows.commit()
    assert client.get(url(evening, page)).status_code == 302
    stranger = make_person(rows)
    make_circle(rows, stranger)
    for person in (stranger, evening.guests[0].person):
        sign_in(person)
        assert client.get(url(evening, page)).status_code == 404
    assert client.get("/events/nothing-of-the-kind/door").status_code == 404


def test_the_list_is_in_the_order_of_readings_with_the_admitted_alone(
    client: FlaskClient, evening: Evening
) -> None:
    for name, reading in (
        ("渡辺 一", "わたなべ はじめ"),
        ("相川 二", "あいかわ じ"),
        ("ガードナー 三", "がーどなー さん"),
    ):
        evening.guest(name=name, reading=reading)
    evening.guest(RegistrationState.WAITLISTED, name="待機 太郎")
    page = client.get(url(evening, "/door/list")).text
    names = re.findall(r'class="person-name">([^<]+)<', page)
    assert names == ["相川 二", "ガードナー 三", "渡辺 一"]


def test_who_came_although_cancelled_is_counted_as_on_the_board(
    client: FlaskClient, evening: Evening
) -> None:
    evening.guest()
    gone = evening.guest()
    evening.scan(gone.code)
    gone.registration.state = RegistrationState.CANCELLED
    for path in ("/door/list", "/board"):
        page = re.sub(r"<[^>]+>|\s", "", client.get(url(evening, path)).text)
        assert re.search(r"1/1", page), path


def test_without_script_a_person_is_found_taken_in_and_taken_back(
    client: FlaskClient, evening: Evening
) -> None:
    guest = evening.guest(name="高橋 玲子", reading="たかはし れいこ")
    evening.guest(name="村上 健太", reading="むらかみ けんた", profile={"company": "村上精工"})
    page = client.get(url(evening, "/door/list?q=takahashi")).text
    assert "高橋 玲子" in page
    assert "村上 健太" not in page
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    base = f"/door/list/{guest.registration.public_id}"
    status, after = press(client, evening, f"{base}/check-in", key=key[1])
    assert status == 303
    assert "高橋 玲子さんの受付をしました" in after
    assert f'action="{url(evening, base)}/undo"' in after
    status, after = press(client, evening, f"{base}/check-in", key=KEY)
    assert "受付済み" in after
    status, after = press(client, evening, f"{base}/undo")
    assert (status, "受付を取り消しました" in after) == (303, True)
    assert evening.session.scalar(select(func.count()).where(CheckIn.voided_at.is_(None))) == 0
    status, after = press(client, evening, f"{base}/undo")
    assert "取り消す受付はありませんでした" in after


def test_a_press_sent_twice_is_one_arrival(client: FlaskClient, evening: Evening) -> None:
    guest = evening.guest()
    for _ in range(2):
        _, after = press(client, evening, f"/door/list/{guest.registration.public_id}/check-in", key=KEY)
        assert "受付をしました" in after
    assert evening.session.scalar(select(func.count()).select_from(CheckIn)) == 1


@pytest.mark.parametrize(
    "form", [{}, {"key": "short"}, {"key": "x" * 65}, {"key": "no spaces in keys, please!"}]
)
def test_a_press_without_a_right_key_is_broken(
    client: FlaskClient, evening: Evening, form: dict[str, str]
) -> None:
    guest = evening.guest()
    answer = client.post(url(evening, f"/door/list/{guest.registration.public_id}/check-in"), data=form)
    assert answer.status_code == 422
    assert evening.session.scalar(select(func.count()).select_from(CheckIn)) == 0


def test_a_key_for_two_people_is_broken(client: FlaskClient, evening: Evening) -> None:
    one, other = evening.guest(), evening.guest()
    press(client, evening, f"/door/list/{one.registration.public_id}/check-in", key=KEY)
    answer = client.post(
        url(evening, f"/door/list/{other.registration.public_id}/check-in"), data={"key": KEY}
    )
    assert answer.status_code == 422
    assert evening.session.scalar(select(func.count()).select_from(CheckIn)) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": EventState.CANCELLED}, "中止"),
        ({"starts_at": NOW + timedelta(days=3), "ends_at": NOW + timedelta(days=4)}, "受付開始前です"),
    ],
)
def test_a_press_at_the_wrong_time_says_why(
    client: FlaskClient, evening: Evening, change: dict[str, object], words: str
) -> None:
    guest = evening.guest()
    for name, value in change.items():
        setattr(evening.event, name, value)
    if "starts_at" in change:
        evening.event.doors_open_at = evening.event.starts_at
    _, after = press(client, evening, f"/door/list/{guest.registration.public_id}/check-in", key=KEY)
    assert words in after
    assert evening.session.scalar(select(func.count()).select_from(CheckIn)) == 0


def test_the_fee_is_noted_and_taken_back_without_script(client: FlaskClient, evening: Evening) -> None:
    guest = evening.guest()
    evening.scan(guest.code)
    base = f"/door/list/{guest.registration.public_id}"
    _, after = press(client, evening, f"{base}/fee")
    assert "会費をいただきました：3,000 円" in after
    press(client, evening, f"{base}/fee-back")
    standing = select(func.count()).select_from(FeePayment).where(FeePayment.voided_at.is_(None))
    assert evening.session.scalar(standing) == 0


def test_people_of_other_events_cannot_be_pressed(client: FlaskClient, evening: Evening) -> None:
    other = make_evening(evening.session, 1).guests[0].registration.public_id
    for act in ("check-in", "undo", "fee", "fee-back"):
        answer = client.post(url(evening, f"/door/list/{other}/{act}"), data={"key": KEY})
        assert answer.status_code == 404, act
    assert evening.session.scalar(select(func.count()).select_from(CheckIn)) == 0


def test_presses_of_strangers_do_nothing(
    client: FlaskClient, rows: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    evening = make_evening(rows, 1)
    base = url(evening, f"/door/list/{evening.guests[0].registration.public_id}")
    stranger = make_person(rows)
    for act in ("check-in", "undo", "fee", "fee-back"):
        assert client.post(f"{base}/{act}", data={"key": KEY}).status_code == 401
    sign_in(stranger)
    for act in ("check-in", "undo", "fee", "fee-back"):
        assert client.post(f"{base}/{act}", data={"key": KEY}).status_code == 404
    assert rows.scalar(select(func.count()).select_from(CheckIn)) == 0


def test_an_empty_door_says_what_will_be_here(client: FlaskClient, evening: Evening) -> None:
    assert "まだ参加予定の方がいません" in client.get(url(evening, "/door/list")).text
    evening.guest()
    assert "見つかりませんでした" in client.get(url(evening, "/door/list?q=zzzz")).text
    assert client.get(url(evening, "/door/list?q=" + "あ" * 200)).status_code == 200
    assert client.get(url(evening, "/door/list?q=%00%ff")).status_code == 200


def test_staff_see_the_door_and_hosts_the_whole_way(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    assert 'class="way"' not in client.get(url(evening, "/door/list")).text
    sign_in(evening.owner)
    assert 'class="way"' in client.get(url(evening, "/door/list")).text


def test_the_paper_holds_every_name(
    client: FlaskClient, rows: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    evening = make_evening(rows, capacity=60)
    sign_in(evening.staff)
    for number in range(45):
        evening.guest(name=f"𠮷野 {number}子", reading=f"よしの {number}")
    evening.guest(name="髙橋 玲子", profile={"company": "株式会社" + "長い" * 28})
    evening.scan(evening.guests[0].code)
    answer = client.get(url(evening, "/door/list.pdf"))
    assert answer.mimetype == "application/pdf"
    paper = pypdfium2.PdfDocument(io.BytesIO(answer.data))
    assert len(paper) == 3
    text = "".join(page.get_textpage().get_text_bounded() for page in paper)
    assert "髙橋 玲子" in text
    assert all(f"野 {number}子" in text for number in range(45))
    paper.close()


def test_the_board_names_only_those_who_agreed(client: FlaskClient, evening: Evening) -> None:
    target = make_target(evening.session, evening.event, name="製造業の決裁者")
    evening.guest(name="見える 人", registration={"target_profile_id": target.id})
    evening.guest(name="見えない 人", registration={"listed": False})
    evening.guest(name="まだの 人")
    for guest in evening.guests[:2]:
        evening.scan(guest.code)
    page = client.get(url(evening, "/board")).text
    assert "見える 人" in page
    assert "見えない 人" not in page
    assert "まだの 人" not in page
    assert "製造業の決裁者" in page
    assert 'class="scheme-dark"' in page


def test_hostile_names_stay_text(client: FlaskClient, evening: Evening) -> None:
    evening.guest(name="<script>alert(1)</script>", profile={"company": "\"><img src=x onerror='alert(1)'>"})
    evening.scan(evening.guests[0].code)
    for page in ("/door", "/door/list", "/board"):
        text = client.get(url(evening, page)).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
