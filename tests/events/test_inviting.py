"""Invited addresses and their mails."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.domain.lifecycle import Admission, Barrier, EventState
from organizer.errors import NotFound, Refused
from organizer.events import inviting
from organizer.events.inviting import InvitingLimit
from organizer.events.models import Event
from organizer.mail.models import Message
from organizer.people.models import Person
from tests.factories import NOW, make_circle, make_event, make_person


def by_invitation(session: Session, **values: object) -> tuple[Person, Event]:
    host = make_person(session, locale="en")
    circle = make_circle(session, host, sender_name="朝の会", sender_address="東京都千代田区")
    return host, make_event(session, circle, **({"admission": Admission.INVITATION} | values))


def mails(session: Session) -> list[Message]:
    return list(
        session.scalars(select(Message).where(Message.kind == "event_invitation").order_by(Message.id))
    )


def test_an_address_is_written_down_once_however_it_is_written(session: Session) -> None:
    host, event = by_invitation(session)
    assert (
        inviting.invite(session, event, ["A@Example.jp", "a@example.jp", "b@example.jp"], by=host, now=NOW)
        == 2
    )
    assert inviting.invite(session, event, ["ａ@example.jp"], by=host, now=NOW) == 0
    assert inviting.is_invited(session, event.id, " a@EXAMPLE.jp")
    assert not inviting.is_invited(session, event.id, "c@example.jp")
    assert mails(session) == [], "writing down sends nothing"


def test_invitations_leave_once(session: Session) -> None:
    host, event = by_invitation(session)
    inviting.invite(session, event, ["a@example.jp", "b@example.jp"], by=host, now=NOW)
    assert inviting.send_invitations(session, event, by=host, now=NOW) == 2
    assert inviting.send_invitations(session, event, by=host, now=NOW) == 0
    inviting.invite(session, event, ["c@example.jp"], by=host, now=NOW)
    assert inviting.send_invitations(session, event, by=host, now=NOW) == 1
    assert [(mail.address, mail.locale) for mail in mails(session)] == [
        ("a@example.jp", "en"),
        ("b@example.jp", "en"),
        ("c@example.jp", "en"),
    ]
    assert all("example" not in str(mail.refs) for mail in mails(session))


def test_who_is_put_back_on_the_list_gets_no_second_mail(session: Session) -> None:
    host, event = by_invitation(session)
    inviting.invite(session, event, ["a@example.jp"], by=host, now=NOW)
    inviting.send_invitations(session, event, by=host, now=NOW)
    inviting.disinvite(session, event, inviting.invited(session, event.id)[0].id, by=host, now=NOW)
    assert not inviting.is_invited(session, event.id, "a@example.jp")
    inviting.invite(session, event, ["a@example.jp"], by=host, now=NOW)
    assert inviting.send_invitations(session, event, by=host, now=NOW) == 0
    assert len(mails(session)) == 1


@pytest.mark.parametrize("values", [{"sender_name": ""}, {"sender_address": ""}])
def test_without_a_sender_no_invitation_leaves(session: Session, values: dict[str, str]) -> None:
    host, event = by_invitation(session)
    for name, value in values.items():
        setattr(event.circle, name, value)
    inviting.invite(session, event, ["a@example.jp"], by=host, now=NOW)
    with pytest.raises(Refused) as refused:
        inviting.send_invitations(session, event, by=host, now=NOW)
    assert refused.value.reason is InvitingLimit.NO_SENDER
    assert mails(session) == []


@pytest.mark.parametrize(
    ("values", "barrier"),
    [
        ({"state": EventState.DRAFT}, Barrier.EVENT_DRAFT),
        ({"state": EventState.CLOSED}, Barrier.APPLICATIONS_CLOSED),
        ({"deadline_at": NOW - timedelta(hours=1)}, Barrier.DEADLINE_PASSED),
    ],
)
def test_invitations_leave_only_while_one_can_apply(
    session: Session, values: dict[str, object], barrier: Barrier
) -> None:
    host, event = by_invitation(session, **values)
    inviting.invite(session, event, ["a@example.jp"], by=host, now=NOW)
    with pytest.raises(Refused) as refused:
        inviting.send_invitations(session, event, by=host, now=NOW)
    assert refused.value.reason is barrier


def test_an_address_of_another_event_cannot_be_taken_off(session: Session) -> None:
    host, event = by_invitation(session)
    other = make_event(session, event.circle)
    inviting.invite(session, other, ["a@example.jp"], by=host, now=NOW)
    with pytest.raises(NotFound):
        inviting.disinvite(session, event, inviting.invited(session, other.id)[0].id, by=host, now=NOW)


def test_there_is_an_end_to_how_many(session: Session) -> None:
    host, event = by_invitation(session)
    with pytest.raises(Refused) as refused:
        inviting.invite(session, event, [f"a{n}@example.jp" for n in range(501)], by=host, now=NOW)
    assert refused.value.reason is InvitingLimit.TOO_MANY_INVITED
    assert inviting.count_invited(session, event.id) == 0
