"""Who runs a circle: roles, and the owner who always remains."""

import pytest
from sqlalchemy.orm import Session

from organizer.audit.service import entries
from organizer.circles import invitations, members
from organizer.circles.models import Circle, CircleInvitation, Membership
from organizer.circles.refusals import CircleBarrier
from organizer.circles.service import member
from organizer.domain.delivery import MessageState, NotifyChoice
from organizer.domain.roles import CircleRole
from organizer.errors import NotFound, Refused
from organizer.mail.models import Message
from organizer.people.models import Person
from tests.factories import NOW, make_circle, make_member, make_person

SECRET = "s" * 40


def place_of(session: Session, person: Person, circle: Circle) -> Membership:
    place = member(session, person, circle.id)
    assert place is not None
    return place


def invite(
    session: Session, place: Membership, email: str, role: CircleRole = CircleRole.STAFF
) -> CircleInvitation:
    return invitations.invite(session, place, email, role, locale="ja", now=NOW, secret_key=SECRET)


def test_a_role_is_changed_and_audited(session: Session) -> None:
    owner, host = make_person(session), make_person(session)
    circle = make_circle(session, owner)
    place = make_member(session, circle, host, CircleRole.HOST)
    members.change_role(session, place, CircleRole.STAFF, by=owner, now=NOW)
    assert place.role is CircleRole.STAFF
    [entry] = entries(session, "person", host.id)
    assert (entry.act, entry.actor_id, entry.facts) == (
        "member.role_changed",
        owner.id,
        {"was": "host", "role": "staff"},
    )


def test_the_last_owner_stays(session: Session) -> None:
    owner = make_person(session)
    circle = make_circle(session, owner)
    place = place_of(session, owner, circle)
    for act in (
        lambda: members.end(session, place, by=owner, now=NOW),
        lambda: members.change_role(session, place, CircleRole.HOST, by=owner, now=NOW),
    ):
        with pytest.raises(Refused) as no:
            act()
        assert no.value.reason is CircleBarrier.LAST_OWNER
    assert place_of(session, owner, circle).role is CircleRole.OWNER


def test_with_a_second_owner_the_first_may_go(session: Session) -> None:
    owner, other = make_person(session), make_person(session)
    circle = make_circle(session, owner)
    make_member(session, circle, other, CircleRole.OWNER)
    members.end(session, place_of(session, owner, circle), by=owner, now=NOW)
    assert member(session, owner, circle.id) is None
    with pytest.raises(Refused):
        members.end(session, place_of(session, other, circle), by=other, now=NOW)


def test_a_place_is_looked_up_in_its_own_circle(session: Session) -> None:
    owner = make_person(session)
    circle, other = make_circle(session, owner), make_circle(session, make_person(session))
    assert members.member_by_public_id(session, circle, owner.public_id).person is owner
    with pytest.raises(NotFound):
        members.member_by_public_id(session, other, owner.public_id)


def test_each_host_chooses_the_news(session: Session) -> None:
    owner = make_person(session)
    place = place_of(session, owner, make_circle(session, owner))
    members.choose_news(session, place, NotifyChoice.AT_ONCE, NOW)
    assert place.notify is NotifyChoice.AT_ONCE


def test_an_invitation_is_taken_up_once_by_its_address(session: Session) -> None:
    owner, guest, other = (
        make_person(session),
        make_person(session, email="g@example.jp"),
        make_person(session),
    )
    circle = make_circle(session, owner)
    invitation = invite(session, place_of(session, owner, circle), "G@example.jp", CircleRole.HOST)
    with pytest.raises(Refused) as no:
        invitations.accept(session, invitation, other, NOW)
    assert no.value.reason is CircleBarrier.OTHER_ADDRESS
    assert invitations.accept(session, invitation, guest, NOW) is circle
    assert place_of(session, guest, circle).role is CircleRole.HOST
    with pytest.raises(Refused) as no:
        invitations.accept(session, invitation, guest, NOW)
    assert no.value.reason is CircleBarrier.INVITATION_OVER


def test_an_unconfirmed_address_takes_nothing_up(session: Session) -> None:
    owner, guest = make_person(session), make_person(session, email_confirmed_at=None)
    invitation = invite(session, place_of(session, owner, make_circle(session, owner)), guest.email or "")
    with pytest.raises(Refused):
        invitations.accept(session, invitation, guest, NOW)


def test_a_week_is_the_end(session: Session) -> None:
    owner, guest = make_person(session), make_person(session)
    place = place_of(session, owner, make_circle(session, owner))
    invitation = invite(session, place, guest.email or "")
    late = NOW + invitations.GOOD_FOR
    assert not invitations.is_open(invitation, late)
    with pytest.raises(Refused):
        invitations.accept(session, invitation, guest, late)
    again = invitations.invite(
        session, place, guest.email or "", CircleRole.STAFF, locale="ja", now=late, secret_key=SECRET
    )
    assert invitations.open_invitations(session, place.circle_id, late) == [again]


def test_one_invitation_at_a_time_and_none_to_members(session: Session) -> None:
    owner = make_person(session)
    place = place_of(session, owner, make_circle(session, owner))
    invite(session, place, "g@example.jp")
    with pytest.raises(Refused) as no:
        invite(session, place, "G@example.jp")
    assert no.value.reason is CircleBarrier.ALREADY_INVITED
    with pytest.raises(Refused) as no:
        invite(session, place, owner.email or "")
    assert no.value.reason is CircleBarrier.ALREADY_MEMBER


def test_hosts_invite_door_staff_only(session: Session) -> None:
    host = make_person(session)
    place = make_member(session, make_circle(session, make_person(session)), host, CircleRole.HOST)
    assert invite(session, place, "s@example.jp").role is CircleRole.STAFF
    with pytest.raises(Refused) as no:
        invite(session, place, "o@example.jp", CircleRole.OWNER)
    assert no.value.reason is CircleBarrier.NOT_YOURS_TO_GIVE


def test_an_invitation_taken_back_is_over(session: Session) -> None:
    owner, guest = make_person(session), make_person(session)
    place = place_of(session, owner, make_circle(session, owner))
    invitation = invite(session, place, guest.email or "")
    invitations.withdraw(session, place, invitation.public_id, NOW)
    with pytest.raises(Refused):
        invitations.accept(session, invitation, guest, NOW)
    with pytest.raises(NotFound):
        invitations.withdraw(session, place, invitation.public_id, NOW)


def test_a_higher_role_is_taken_and_a_lower_one_takes_nothing_away(session: Session) -> None:
    owner, staff, host = (make_person(session) for _ in range(3))
    circle = make_circle(session, owner)
    place = place_of(session, owner, circle)
    up = invite(session, place, staff.email or "", CircleRole.HOST)
    down = invite(session, place, host.email or "", CircleRole.STAFF)
    make_member(session, circle, staff, CircleRole.STAFF)
    make_member(session, circle, host, CircleRole.HOST)
    invitations.accept(session, up, staff, NOW)
    invitations.accept(session, down, host, NOW)
    assert place_of(session, staff, circle).role is CircleRole.HOST
    assert place_of(session, host, circle).role is CircleRole.HOST


def test_thirty_invitations_a_day_and_three_mails_to_a_stranger(session: Session) -> None:
    owner = make_person(session)
    circles = [make_circle(session, owner) for _ in range(5)]
    for circle in circles:
        invite(session, place_of(session, owner, circle), "stranger@example.jp")
    states = [message.state for message in session.query(Message).filter_by(kind="circle_invitation")]
    assert states.count(MessageState.QUEUED) == 3
    place = place_of(session, owner, circles[0])
    for number in range(29):
        invite(session, place, f"g{number}@example.jp")
    with pytest.raises(Refused) as no:
        invite(session, place, "one-more@example.jp")
    assert no.value.reason is CircleBarrier.TOO_MANY_INVITED
