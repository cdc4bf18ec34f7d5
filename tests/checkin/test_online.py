"""The way into an online event: opening it is arriving, for the admitted alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.checkin.models import CheckIn
from organizer.domain.lifecycle import EventState, Mode, RegistrationState
from organizer.domain.ticketing import CheckInMethod
from organizer.people import links
from organizer.people.models import LinkPurpose, Person
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW

MEETING = "https://meet.example.jp/abc?x=1&y=2"


@pytest.fixture
def evening(rows: Session) -> Evening:
    return make_evening(rows, mode=Mode.ONLINE, online_url=MEETING)


def enter(client: FlaskClient, evening: Evening, **form: str) -> tuple[int, str]:
    evening.session.commit()
    answer = client.post(f"/e/{evening.event.public_id}/online", data=form)
    evening.session.expire_all()
    return answer.status_code, answer.text


def arrived(evening: Evening) -> list[CheckIn]:
    return list(evening.session.scalars(select(CheckIn)))


def test_an_admitted_person_arrives_once_and_is_led_on(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    sign_in(evening.guest().person)
    for _ in range(2):
        status, page = enter(client, evening)
        assert status == 200
        assert MEETING.replace("&", "&amp;") in page
        assert "出席を受け付けました" in page
    row = arrived(evening)[0]
    assert (len(arrived(evening)), row.method, row.by_id) == (1, CheckInMethod.ONLINE, None)


def test_the_ticket_link_alone_is_enough(client: FlaskClient, evening: Evening) -> None:
    guest = evening.guest()
    token = links.issue(evening.session, LinkPurpose.TICKET, guest.person.id, guest.registration.id, now=NOW)
    status, page = enter(client, evening, ticket=token)
    assert (status, MEETING.replace("&", "&amp;") in page) == (200, True)
    assert len(arrived(evening)) == 1


def test_others_get_neither_link_nor_presence(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    waiting = evening.guest(RegistrationState.WAITLISTED)
    elsewhere = make_evening(evening.session, 1, mode=Mode.ONLINE, online_url=MEETING).guests[0]
    token = links.issue(
        evening.session, LinkPurpose.TICKET, elsewhere.person.id, elsewhere.registration.id, now=NOW
    )
    assert enter(client, evening)[0] == 401
    for wrong in ("nonsense", token):
        status, page = enter(client, evening, ticket=wrong)
        assert (status, "meet.example" in page) == (404, False)
    for person in (waiting.person, elsewhere.person, evening.staff):
        sign_in(person)
        status, page = enter(client, evening)
        assert (status, "meet.example" in page) == (404, False)
    assert not arrived(evening)


def test_too_early_or_cancelled_is_said_and_shows_no_link(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    sign_in(evening.guest().person)
    evening.event.state = EventState.CANCELLED
    status, page = enter(client, evening)
    assert (status, "meet.example" in page) == (409, False)
    evening.event.state = EventState.PUBLISHED
    evening.event.starts_at, evening.event.ends_at = NOW + timedelta(days=1), NOW + timedelta(days=2)
    evening.event.doors_open_at = evening.event.starts_at
    status, page = enter(client, evening)
    assert (status, "meet.example" in page) == (409, False)
    assert not arrived(evening)


@pytest.mark.parametrize(
    "change", [{"mode": Mode.VENUE}, {"online_url": ""}, {"online_url": "javascript:alert(1)"}]
)
def test_what_is_no_online_event_has_no_way_in(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient], change: dict[str, object]
) -> None:
    sign_in(evening.guest().person)
    for name, value in change.items():
        setattr(evening.event, name, value)
    assert enter(client, evening)[0] == 404
    assert evening.session.scalar(select(func.count()).select_from(CheckIn)) == 0
