"""Making and changing a circle, and the door to it."""

import pytest
from sqlalchemy.orm import Session

from organizer.audit.service import entries
from organizer.circles import founding
from organizer.circles.founding import CircleContents
from organizer.circles.models import Exclusion
from organizer.circles.refusals import CircleBarrier
from organizer.circles.service import circle_of, circles_of, excluded, hosts_of, member, members_of
from organizer.domain.roles import CircleRole, Right
from organizer.domain.vocabulary import Region, SharingRule
from organizer.errors import NotFound, Refused
from tests.factories import NOW, make_circle, make_member, make_person


def test_who_founds_a_circle_owns_it(session: Session) -> None:
    person = make_person(session)
    circle = founding.found(session, person, CircleContents("丸の内 朝の会", region=Region.TOKYO), NOW)
    place = member(session, person, circle.id)
    assert place is not None
    assert place.role is CircleRole.OWNER
    assert circle.slug.startswith("kai-")
    assert circle.sharing_rule is SharingRule.NO_NAMES
    assert [entry.act for entry in entries(session, "circle", circle.id)] == ["circle.founded"]


def test_a_name_in_addresses_is_given_once(session: Session) -> None:
    person = make_person(session)
    first = founding.found(session, person, CircleContents("一", slug="asa"), NOW)
    with pytest.raises(Refused) as no:
        founding.found(session, person, CircleContents("二", slug="asa"), NOW)
    assert no.value.reason is CircleBarrier.SLUG_TAKEN
    second = founding.found(session, person, CircleContents("二", slug="yoru"), NOW)
    with pytest.raises(Refused):
        founding.change(session, second, person, CircleContents("二", slug="asa"), NOW)
    assert [place.circle for place in circles_of(session, person)] == [first, second]


def test_a_change_is_audited_by_what_changed(session: Session) -> None:
    person = make_person(session)
    circle = founding.found(session, person, CircleContents("一", slug="asa"), NOW)
    founding.change(session, circle, person, CircleContents("一の会", sender_contact="03-1234-5678"), NOW)
    assert (circle.name, circle.slug) == ("一の会", "asa")
    assert entries(session, "circle", circle.id)[-1].facts == {"fields": ["name", "sender_contact"]}


@pytest.mark.parametrize(
    ("role", "right", "opens"),
    [
        (CircleRole.OWNER, Right.MANAGE_CIRCLE, True),
        (CircleRole.HOST, Right.MANAGE_CIRCLE, False),
        (CircleRole.HOST, Right.MANAGE_EVENT, True),
        (CircleRole.STAFF, Right.MANAGE_EVENT, False),
        (CircleRole.STAFF, Right.SCAN, True),
        (None, Right.SCAN, False),
    ],
)
def test_the_door_opens_by_role_and_is_not_there_otherwise(
    session: Session, role: CircleRole | None, right: Right, opens: bool
) -> None:
    circle, person = make_circle(session, make_person(session)), make_person(session)
    if role is not None:
        make_member(session, circle, person, role)
    if opens:
        assert circle_of(session, person, circle.slug, right) is circle
    else:
        with pytest.raises(NotFound):
            circle_of(session, person, circle.slug, right)


def test_ones_place_in_one_circle_opens_no_other(session: Session) -> None:
    person, theirs = make_person(session), make_circle(session, make_person(session))
    make_circle(session, person)
    with pytest.raises(NotFound):
        circle_of(session, person, theirs.slug, Right.SCAN)


def test_hosts_are_those_who_decide(session: Session) -> None:
    owner, host, staff = (make_person(session) for _ in range(3))
    circle = make_circle(session, owner)
    make_member(session, circle, staff, CircleRole.STAFF)
    make_member(session, circle, host, CircleRole.HOST)
    assert [place.person for place in hosts_of(session, circle.id)] == [owner, host]
    assert [place.person for place in members_of(session, circle.id)] == [owner, host, staff]


def test_the_excluded_are_known_by_circle(session: Session) -> None:
    owner, guest = make_person(session), make_person(session)
    circle, other = make_circle(session, owner), make_circle(session, owner)
    session.add(Exclusion(circle_id=circle.id, person_id=guest.id, by_id=owner.id, created_at=NOW))
    session.flush()
    assert excluded(session, circle.id) == {guest.id}
    assert excluded(session, other.id) == set()
