"""What the code on a badge opens, and to whom."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from organizer.checkin.cards import card_for
from organizer.config import Config
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.vocabulary import SharingRule
from organizer.people import blocks, links
from organizer.people.models import LinkPurpose, Person
from organizer.registrations import tickets
from tests.checkin.rows import Evening, Guest, make_evening
from tests.checkin.test_badges import said
from tests.factories import NOW, make_circle, make_person
from tests.sprays.walking import settled

ADMITTED = RegistrationState.ADMITTED


def opens(evening: Evening, viewer: Person, guest: Guest, now: datetime = NOW) -> bool:
    evening.session.flush()
    found = card_for(evening.session, viewer.id, guest.registration.public_id, now)
    assert found is None or found.id == guest.registration.id
    return found is not None


def test_those_at_the_same_event_see_it_and_others_do_not(session: Session) -> None:
    evening, other = make_evening(session, 2, capacity=60), make_evening(session, 1)
    one, two = evening.guests
    waiting = evening.guest(RegistrationState.WAITLISTED)
    assert opens(evening, two.person, one)
    assert opens(evening, one.person, one)
    assert opens(evening, evening.owner, one)
    assert not opens(evening, evening.staff, one)
    assert not opens(evening, other.guests[0].person, one)
    assert not opens(evening, other.owner, one)
    assert not opens(evening, waiting.person, one)
    assert not opens(evening, two.person, waiting)
    for code in ("", "x" * 22, one.registration.public_id[:-1], "\x00" * 22, one.person.public_id):
        assert card_for(session, two.person.id, code, NOW) is None


def test_who_does_not_wish_to_be_listed_is_not_shown(session: Session) -> None:
    evening = make_evening(session, 2)
    one, two = evening.guests
    one.registration.listed = False
    assert not opens(evening, two.person, one)
    assert opens(evening, two.person, two)
    assert opens(evening, evening.owner, one)


@pytest.mark.parametrize("either", [0, 1])
def test_a_block_of_either_side_closes_both_cards(session: Session, either: int) -> None:
    evening = make_evening(session, 2)
    one, two = evening.guests
    ids = one.person.id, two.person.id
    blocks.block(session, ids[either], ids[1 - either], NOW)
    assert not opens(evening, two.person, one)
    assert not opens(evening, one.person, two)


@pytest.mark.parametrize(
    ("rule", "open_for"),
    [
        (SharingRule.OPEN, timedelta(days=14)),
        (SharingRule.NO_NAMES, timedelta(days=14)),
        (SharingRule.STAYS_IN_ROOM, timedelta(hours=3)),
    ],
)
def test_what_stays_in_the_room_closes_with_it(
    session: Session, rule: SharingRule, open_for: timedelta
) -> None:
    evening = make_evening(session, 2, sharing_rule=rule)
    one, two = evening.guests
    last = evening.event.ends_at + open_for
    assert opens(evening, two.person, one, last)
    assert not opens(evening, two.person, one, last + timedelta(seconds=1))


def test_a_cancelled_event_or_place_opens_nothing(session: Session) -> None:
    evening = make_evening(session, 2)
    one, two = evening.guests
    two.registration.state = RegistrationState.CANCELLED
    assert not opens(evening, two.person, one)
    two.registration.state = ADMITTED
    evening.event.state = EventState.CANCELLED
    assert not opens(evening, two.person, one)


@pytest.fixture
def evening(rows: Session) -> Evening:
    evening = make_evening(rows, capacity=60)
    evening.guest(name="髙橋 玲子", registration=said("採用広報の経験") | {"topic": "秘密の相談"})
    evening.guest(name="村上 健太")
    return evening


def url(evening: Evening, guest: Guest) -> str:
    evening.session.commit()
    return f"/p/{guest.registration.public_id}"


def test_the_page_shows_what_the_badge_shows(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    one, two = evening.guests
    sign_in(two.person)
    page = client.get(url(evening, one)).text
    for words in (
        "髙橋 玲子",
        "採用広報の経験",
        "製造業の社長",
        "資金繰り",
        "名前を出さなければ共有してよい",
    ):
        assert words in page
    assert "秘密の相談" not in page
    assert one.person.email not in page
    client.post("/language", data={"locale": "en"})
    assert "Would like to meet" in client.get(url(evening, one)).text


def test_nobody_learns_whether_a_code_is_anybodys(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    """To a browser that is not signed in every code looks the same; so do, signed in, blocks, strangers and nobody."""
    one, two = evening.guests
    evening.session.commit()
    unknown, real = ("AbCdEfGhIjKlMnOpQrStUv", one.registration.public_id)
    pages = [client.get(f"/p/{code}") for code in (unknown, real)]
    assert [page.status_code for page in pages] == [200, 200]
    assert settled(pages[0].text.replace(unknown, real)) == settled(pages[1].text)
    assert "サインイン" in pages[0].text
    assert f"next=/p/{real}" in pages[1].text
    stranger = make_person(evening.session)
    make_circle(evening.session, stranger)
    blocks.block(evening.session, one.person.id, two.person.id, NOW)
    for person in (stranger, two.person):
        sign_in(person)
        pages = [client.get(f"/p/{code}") for code in (unknown, real)]
        assert [page.status_code for page in pages] == [404, 404]
        assert settled(pages[0].text.replace(unknown, real)) == settled(pages[1].text)
        assert "髙橋" not in pages[1].text


def test_a_phone_that_has_opened_the_ticket_needs_no_sign_in(
    client: FlaskClient, evening: Evening, config: Config
) -> None:
    one, two = evening.guests
    other = make_evening(evening.session, 1)
    two.ticket.revoked_at = NOW
    standing = tickets.issue(evening.session, two.registration, NOW, config.secret_key)
    token = links.issue(evening.session, LinkPurpose.TICKET, two.person.id, two.registration.id, now=NOW)
    evening.session.commit()
    assert "サインイン" in client.get(url(evening, one)).text
    client.get(f"/t/{token}")
    assert "髙橋 玲子" in client.get(url(evening, one)).text
    assert "田中" not in client.get(url(other, other.guests[0])).text
    blocks.block(evening.session, one.person.id, two.person.id, NOW)
    closed = client.get(url(evening, one))
    assert (closed.status_code, "髙橋" in closed.text) == (200, False)
    blocks.unblock(evening.session, one.person.id, two.person.id)
    standing.revoked_at = NOW
    assert "髙橋" not in client.get(url(evening, one)).text
