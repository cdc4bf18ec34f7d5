"""Giving a place back."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.audit.service import entries
from organizer.checkin.models import CheckIn
from organizer.domain.lifecycle import Actor, Admission, Barrier, EventState, RegistrationState
from organizer.domain.ticketing import CheckInMethod
from organizer.errors import Refused
from organizer.events import seats
from organizer.events.models import Event
from organizer.mail.models import Message
from organizer.registrations import tickets
from organizer.registrations.applying import apply
from organizer.registrations.cancelling import cancel
from organizer.registrations.models import Registration
from organizer.workflows.applying import attended_before, give_up, has_arrived
from tests.factories import NOW, make_circle, make_event, make_person, make_registration
from tests.registrations.helping import an_application

ADMITTED, CANCELLED = RegistrationState.ADMITTED, RegistrationState.CANCELLED
SECRET = "a secret of more than thirty-two signs"


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, make_circle(session))


@pytest.fixture
def admitted(session: Session, event: Event) -> Registration:
    return make_registration(session, event, make_person(session), state=ADMITTED)


def check_in(session: Session, registration: Registration, **values: object) -> None:
    keys = {
        "circle_id": registration.circle_id,
        "event_id": registration.event_id,
        "registration_id": registration.id,
    }
    session.add(CheckIn(**keys, method=CheckInMethod.SCAN, at=NOW, **values))
    session.flush()


def test_seat_ticket_and_state_go_together(session: Session, admitted: Registration) -> None:
    ticket = tickets.issue(session, admitted, NOW, SECRET)
    assert cancel(session, admitted, by=admitted.person, now=NOW)
    assert (admitted.state, admitted.cancelled_at, admitted.counted) == (CANCELLED, NOW, [])
    assert seats.counts(session, admitted.event_id)[seats.WHOLE].taken == 0
    assert ticket.revoked_at == NOW
    kinds = [entry.act for entry in entries(session, "registration", admitted.id)]
    assert kinds == ["registration.cancelled"]


def test_twice_frees_one_seat_and_sends_one_mail(
    session: Session, event: Event, admitted: Registration
) -> None:
    make_registration(session, event, make_person(session), state=ADMITTED)
    assert cancel(session, admitted, by=admitted.person, now=NOW)
    assert not cancel(session, admitted, by=admitted.person, now=NOW)
    assert seats.counts(session, event.id)[seats.WHOLE].taken == 1
    message = session.scalars(select(Message).where(Message.kind == "registration_cancelled")).one()
    assert message.refs == {"registration_id": admitted.id, "was": "admitted"}


def test_the_mail_says_what_the_applicant_knew(session: Session, event: Event) -> None:
    """Admitted a minute ago, but not told yet: no ticket is spoken of."""
    undecided = make_registration(
        session,
        event,
        make_person(session),
        state=ADMITTED,
        before={"state": "applied"},
        letter_due_at=NOW + timedelta(minutes=9),
    )
    cancel(session, undecided, by=undecided.person, now=NOW)
    assert session.scalars(select(Message)).one().refs["was"] == "applied"
    assert seats.counts(session, event.id)[seats.WHOLE].taken == 0


@pytest.mark.parametrize("state", [RegistrationState.APPLIED, RegistrationState.WAITLISTED])
def test_an_application_is_withdrawn_without_touching_seats(
    session: Session, event: Event, admitted: Registration, state: RegistrationState
) -> None:
    waiting = make_registration(session, event, make_person(session), state=state)
    assert cancel(session, waiting, by=waiting.person, now=NOW)
    assert seats.counts(session, event.id)[seats.WHOLE].taken == 1
    assert admitted.state is ADMITTED


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"state": EventState.CANCELLED}, Barrier.EVENT_CANCELLED),
        ({"starts_at": NOW - timedelta(hours=5), "ends_at": NOW - timedelta(hours=1)}, Barrier.EVENT_OVER),
    ],
)
def test_when_it_is_too_late(
    session: Session, event: Event, admitted: Registration, change: dict[str, object], why: Barrier
) -> None:
    for name, value in change.items():
        setattr(event, name, value)
    session.flush()
    with pytest.raises(Refused) as refused:
        cancel(session, admitted, by=admitted.person, now=NOW)
    assert refused.value.reason is why
    assert admitted.state is ADMITTED


def test_the_declined_have_nothing_to_give_back(session: Session, event: Event) -> None:
    declined = make_registration(session, event, make_person(session), state=RegistrationState.DECLINED)
    with pytest.raises(Refused) as refused:
        cancel(session, declined, by=declined.person, now=NOW)
    assert refused.value.reason is Barrier.WRONG_STATE


def test_who_has_arrived_stays(session: Session, admitted: Registration) -> None:
    check_in(session, admitted)
    assert has_arrived(session, admitted.id)
    with pytest.raises(Refused) as refused:
        give_up(session, admitted, by=admitted.person, now=NOW)
    assert refused.value.reason is Barrier.ARRIVED


def test_a_check_in_taken_back_is_none(session: Session, admitted: Registration) -> None:
    check_in(session, admitted, voided_at=NOW)
    assert not has_arrived(session, admitted.id)
    assert not attended_before(session, admitted.circle_id, admitted.person_id)
    assert give_up(session, admitted, by=admitted.person, now=NOW)


def test_who_has_come_before_is_no_first_timer(session: Session, admitted: Registration) -> None:
    check_in(session, admitted)
    assert attended_before(session, admitted.circle_id, admitted.person_id)
    assert not attended_before(session, make_circle(session).id, admitted.person_id)
    assert not attended_before(session, admitted.circle_id, make_person(session).id)


def test_a_freed_seat_goes_to_who_waits_where_the_event_says_so(session: Session) -> None:
    event = make_event(session, make_circle(session), admission=Admission.EVERYONE, capacity=2)
    made = [
        apply(session, event, make_person(session), an_application(), now=NOW, invited=False)
        for _ in range(3)
    ]
    assert made[2].state is RegistrationState.WAITLISTED
    cancel(session, made[0], by=made[0].person, now=NOW)
    session.refresh(made[2])
    assert made[2].state is ADMITTED
    assert seats.counts(session, event.id)[seats.WHOLE].taken == 2


def test_hosts_may_cancel_for_somebody(session: Session, admitted: Registration) -> None:
    host = make_person(session)
    assert cancel(session, admitted, by=host, now=NOW, actor=Actor.HOST)
    (entry,) = entries(session, "registration", admitted.id)
    assert (entry.actor_id, entry.facts["by"], entry.facts["was"]) == (host.id, "host", "admitted")
