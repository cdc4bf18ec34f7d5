"""Signed-in browsers as rows."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.people import sessions
from organizer.people.models import Person, SignIn
from tests.factories import NOW, make_person

Move = Callable[[datetime], None]


def test_the_reference_is_kept_as_a_hash(session: Session) -> None:
    person = make_person(session)
    row, reference = sessions.start(session, person, "link", "", NOW)
    assert reference not in row.reference_hash
    assert sessions.find(session, reference, NOW) == (row, person)
    assert sessions.find(session, reference + "x", NOW) is None


def test_an_attendee_stays_for_thirty_days(session: Session) -> None:
    _, reference = sessions.start(session, make_person(session), "link", "", NOW)
    assert sessions.find(session, reference, NOW + timedelta(days=30, seconds=-1)) is not None
    assert sessions.find(session, reference, NOW + timedelta(days=30)) is None


def test_a_host_stays_while_at_work_and_thirty_days_at_most(session: Session) -> None:
    row, reference = sessions.start(session, make_person(session), "link", "", NOW, idles_out=True)
    assert sessions.find(session, reference, NOW + timedelta(hours=12)) is None
    at = NOW
    while sessions.find(session, reference, at + timedelta(hours=11)) is not None:
        at += timedelta(hours=11)
        sessions.note_use(session, row.id, at)
    assert timedelta(days=29) < at - NOW < timedelta(days=30)


def test_an_ended_sign_in_is_not_used_again(session: Session) -> None:
    person = make_person(session)
    row, reference = sessions.start(session, person, "link", "", NOW)
    assert sessions.end(session, person.id, NOW) == 1
    session.expire_all()
    sessions.note_use(session, row.id, NOW + timedelta(hours=1))
    assert row.seen_at == NOW
    assert sessions.find(session, reference, NOW) is None


def test_looking_at_pages_counts_as_use(
    sign_in: Callable[[Person], FlaskClient], rows: Session, stand_still: Move
) -> None:
    client = sign_in(make_person(rows))
    for minutes in (5, 20):
        stand_still(NOW + timedelta(minutes=minutes))
        assert client.get("/me/account").status_code == 200
    rows.expire_all()
    assert rows.scalar(select(SignIn.seen_at)) == NOW + timedelta(minutes=20)


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile Safari/537.36", "Chrome · Android"),
        ("curl/8", ""),
    ],
)
def test_a_browser_is_shown_by_family_and_system(agent: str, shown: str) -> None:
    assert sessions.describe_browser(agent) == shown


def test_founding_a_circle_gives_a_new_reference(
    sign_in: Callable[[Person], FlaskClient], rows: Session
) -> None:
    client = sign_in(make_person(rows))
    with client.session_transaction() as cookie:
        before = cookie["_user_id"]
    client.post("/circles/new", data={"name": "会", "region": "", "sharing_rule": "no_names"})
    with client.session_transaction() as cookie:
        after = cookie["_user_id"]
    assert before != after
    assert client.get("/host").status_code == 200
    assert rows.scalars(select(SignIn.ended_at).order_by(SignIn.id)).all() == [NOW, None]
