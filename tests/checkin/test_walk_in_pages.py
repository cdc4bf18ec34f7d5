"""The walk-in's page: three fields, one press; the full house, the double, and who may stand there."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.checkin import devices
from organizer.checkin.models import CheckIn
from organizer.domain.door import DeviceKind
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.events.seats import counts
from organizer.people.models import Person
from organizer.registrations.models import Registration
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW, make_circle, make_person, make_registration

KEY = "0123456789abcdef" * 2
SHE = {"name": "髙橋 玲子", "company": "株式会社ひびき", "wish": "製造業の社長", "reading": "", "key": KEY}


@pytest.fixture
def evening(rows: Session, sign_in: Callable[[Person], FlaskClient]) -> Evening:
    evening = make_evening(rows)
    sign_in(evening.staff)
    return evening


def url(evening: Evening, path: str = "") -> str:
    evening.session.commit()
    return f"/events/{evening.event.public_id}/door/walk-in{path}"


def come(client: FlaskClient, evening: Evening, **form: str):  # type: ignore[no-untyped-def]
    answer = client.post(url(evening), data=SHE | form)
    evening.session.expire_all()
    return answer


def arrived(evening: Evening) -> int:
    return (
        evening.session.scalar(select(func.count()).select_from(CheckIn).where(CheckIn.voided_at.is_(None)))
        or 0
    )


def test_three_fields_and_they_are_in(client: FlaskClient, evening: Evening) -> None:
    page = client.get(url(evening, "?name=たかはし"))
    assert page.status_code == 200
    assert 'value="たかはし"' in page.text
    answer = come(client, evening)
    assert answer.status_code == 303
    done = client.get(answer.location)
    assert "受付しました" in done.text
    assert "髙橋 玲子" in done.text
    assert re.search(r"http://localhost/claim/[\w-]{43}", done.text)
    assert "data:image/svg+xml" in done.text
    again = come(client, evening)
    assert again.location == answer.location
    assert arrived(evening) == 1


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_speaks_both_languages(client: FlaskClient, evening: Evening, language: str) -> None:
    client.post("/language", data={"locale": language})
    assert f'<html lang="{language}"' in client.get(url(evening)).text


@pytest.mark.parametrize("wrong", [{"name": " "}, {"name": "x" * 81}, {"key": "short"}, {"wish": "x" * 201}])
def test_bad_input_is_shown_again(client: FlaskClient, evening: Evening, wrong: dict[str, str]) -> None:
    answer = come(client, evening, **wrong)
    assert answer.status_code == 422
    assert "ひびき" in answer.text
    assert arrived(evening) == 0


def test_the_same_page_for_somebody_else_takes_nobody_for_another(
    client: FlaskClient, evening: Evening
) -> None:
    come(client, evening)
    answer = come(client, evening, name="鈴木 一郎")
    assert answer.status_code == 422
    fresh = re.search(r'name="key"[^>]*value="(\w+)"', answer.text)
    assert fresh is not None
    assert fresh[1] != KEY
    assert come(client, evening, name="鈴木 一郎", key=fresh[1]).status_code == 303
    assert arrived(evening) == 2


def test_who_is_expected_by_that_name_comes_first(client: FlaskClient, evening: Evening) -> None:
    guest = evening.guest(name="高橋 玲子", reading="たかはし れいこ")
    answer = come(client, evening)
    assert answer.status_code == 409
    assert f"/door/list/{guest.registration.public_id}/check-in" in answer.text
    assert arrived(evening) == 0
    assert come(client, evening, sure="yes").status_code == 303
    assert arrived(evening) == 1


def test_who_waits_for_an_answer_is_a_matter_of_the_hosts(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    person = make_person(evening.session, name="髙橋 玲子")
    make_registration(evening.session, evening.event, person, state=RegistrationState.DECLINED)
    make_registration(evening.session, evening.event, make_person(evening.session, name="髙橋 玲子"))
    sign_in(evening.owner)
    answer = come(client, evening)
    assert answer.status_code == 409
    assert answer.text.count("person-name") == 1
    sign_in(evening.staff)
    assert come(client, evening).status_code == 303


def test_a_full_house_asks_the_host(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    counts(evening.session, evening.event.id)["event"].cap = 0
    answer = come(client, evening, over="yes")
    assert answer.status_code == 409
    assert "主催" in answer.text
    assert 'name="over" type="hidden" value="yes"' in answer.text or arrived(evening) == 0
    sign_in(evening.owner)
    assert come(client, evening).status_code == 409
    assert arrived(evening) == 0
    assert come(client, evening, over="yes").status_code == 303
    assert arrived(evening) == 1


def test_taken_back_in_two_taps(client: FlaskClient, evening: Evening) -> None:
    done = come(client, evening).location
    assert client.post(f"{done}/undo").status_code == 303
    evening.session.expire_all()
    assert arrived(evening) == 0
    row = evening.session.scalars(select(Registration)).one()
    assert row.state is RegistrationState.CANCELLED
    page = client.get(done)
    assert page.status_code == 200
    assert "/claim/" not in page.text


def test_a_closed_door_says_why(client: FlaskClient, evening: Evening) -> None:
    evening.event.state = EventState.CANCELLED
    assert come(client, evening).status_code == 409
    assert arrived(evening) == 0


def test_a_door_that_is_not_open_yet_keeps_what_was_typed(client: FlaskClient, evening: Evening) -> None:
    evening.event.starts_at += timedelta(days=1)
    evening.event.ends_at += timedelta(days=1)
    evening.event.doors_open_at += timedelta(days=1)
    answer = come(client, evening)
    assert answer.status_code == 409
    assert "受付開始前です。" in answer.text
    assert f'value="{SHE["name"]}"' in answer.text
    assert arrived(evening) == 0


@pytest.mark.parametrize(
    ("kind", "status"), [(DeviceKind.STAFF, 303), (DeviceKind.GUEST, 404), (DeviceKind.KIOSK, 404)]
)
def test_a_helpers_phone_may_and_a_guests_may_not(
    client: FlaskClient, rows: Session, kind: DeviceKind, status: int
) -> None:
    evening = make_evening(rows)
    _, token = devices.make(rows, evening.event, kind, now=NOW, name="入口A", by_id=evening.owner.id)
    client.set_cookie("enishi-door", token)
    answer = come(client, evening)
    assert answer.status_code == status
    if status == 303:
        check_in = rows.scalars(select(CheckIn)).one()
        assert (check_in.door, check_in.by_id) == ("入口A", None)
        assert check_in.device_id is not None
        assert client.get(answer.location).status_code == 200
    else:
        assert client.get(url(evening)).status_code == 404
        assert arrived(evening) == 0


def test_strangers_find_nothing(
    client: FlaskClient, rows: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    evening = make_evening(rows, 1)
    assert client.get(url(evening)).status_code == 302
    assert come(client, evening).status_code == 401
    stranger = make_person(rows)
    make_circle(rows, stranger)
    for person in (stranger, evening.guests[0].person):
        sign_in(person)
        assert client.get(url(evening)).status_code == 404
        assert come(client, evening).status_code == 404
    sign_in(evening.staff)
    for path in ("/nothing", f"/{evening.guests[0].registration.public_id}"):
        assert client.get(url(evening, path)).status_code == 404
        assert client.post(url(evening, path + "/undo")).status_code == 404
