"""Changing and cancelling an event: who is told, once, and of what."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.audit.service import entries
from organizer.domain.delivery import MessageState
from organizer.domain.lifecycle import Barrier, EventState, RegistrationState
from organizer.errors import Refused
from organizer.events import schedule
from organizer.events.contents import of
from organizer.events.models import Event
from organizer.jobs.models import Task, TaskState
from organizer.mail.models import Message
from organizer.mail.outbox import post
from organizer.people.models import Person
from organizer.workflows import cancelling
from tests.factories import NOW, make_circle, make_event, make_person, make_registration

STATES = list(RegistrationState)


def full_house(session: Session) -> tuple[Person, Event, dict[RegistrationState, Person]]:
    host = make_person(session)
    event = make_event(session, make_circle(session, host), starts_at=NOW + timedelta(days=10))
    people = {state: make_person(session) for state in STATES}
    for state, person in people.items():
        make_registration(session, event, person, state=state)
    schedule.plan_work(session, event, NOW)
    return host, event, people


def told(session: Session, kind: str) -> dict[int | None, MessageState]:
    return {row.person_id: row.state for row in session.scalars(select(Message).where(Message.kind == kind))}


def test_a_new_place_is_told_to_the_admitted_alone(session: Session) -> None:
    host, event, people = full_house(session)
    written = replace(of(event), place="大手町ビル")
    assert cancelling.change_event(session, event, written, by=host, now=NOW) == 1
    assert set(told(session, "event_changed")) == {people[RegistrationState.ADMITTED].id}


def test_a_new_title_is_told_to_nobody(session: Session) -> None:
    host, event, _ = full_house(session)
    assert cancelling.change_event(session, event, replace(of(event), title="別の題"), by=host, now=NOW) == 0
    assert told(session, "event_changed") == {}


def test_a_change_is_told_once_and_the_next_takes_its_place(session: Session) -> None:
    host, event, people = full_house(session)
    cancelling.change_event(session, event, replace(of(event), place="一"), by=host, now=NOW)
    cancelling.tell_of_change(session, event, host, NOW)
    query = select(Message).where(Message.kind == "event_changed").order_by(Message.id)
    assert len(session.scalars(query).all()) == 1
    cancelling.change_event(session, event, replace(of(event), place="二"), by=host, now=NOW)
    rows = session.scalars(query.execution_options(populate_existing=True)).all()
    assert [(row.refs["sequence"], row.state) for row in rows] == [
        (1, MessageState.SUPPRESSED),
        (2, MessageState.QUEUED),
    ]
    assert {row.person_id for row in rows} == {people[RegistrationState.ADMITTED].id}


def test_cancelling_tells_everyone_who_reckons_with_it(session: Session) -> None:
    host, event, people = full_house(session)
    assert cancelling.cancel_event(session, event, host, "会場の都合です", NOW) == 3
    live = {RegistrationState.APPLIED, RegistrationState.WAITLISTED, RegistrationState.ADMITTED}
    assert set(told(session, "event_cancelled")) == {people[state].id for state in live}
    assert (event.state, event.cancelled_at, event.cancel_words) == (
        EventState.CANCELLED,
        NOW,
        "会場の都合です",
    )
    assert "会場" not in str([entry.facts for entry in entries(session, "event", event.id)])


def test_cancelling_drops_what_was_planned_and_posted(session: Session) -> None:
    host, event, people = full_house(session)
    later = NOW + timedelta(minutes=10)
    admitted = people[RegistrationState.ADMITTED]
    mail = post(session, "admitted", now=NOW, due_at=later, person_id=admitted.id, event_id=event.id)
    cancelling.cancel_event(session, event, host, "", NOW)
    session.refresh(mail)
    assert (mail.state, mail.reason) == (MessageState.SUPPRESSED, "event_cancelled")
    states = session.scalars(select(Task.state).where(Task.subject_id == event.id)).all()
    assert set(states) == {TaskState.DROPPED}
    assert len(states) == 5


def test_who_was_about_to_be_declined_hears_of_the_cancelling(session: Session) -> None:
    host, event, people = full_house(session)
    person = make_person(session)
    make_registration(
        session, event, person, state=RegistrationState.DECLINED, letter_due_at=NOW + timedelta(minutes=5)
    )
    cancelling.cancel_event(session, event, host, "", NOW)
    assert person.id in told(session, "event_cancelled")
    assert people[RegistrationState.DECLINED].id not in told(session, "event_cancelled")


def test_cancelling_twice_tells_once(session: Session) -> None:
    host, event, _ = full_house(session)
    cancelling.cancel_event(session, event, host, "", NOW)
    with pytest.raises(Refused) as refused:
        cancelling.cancel_event(session, event, host, "", NOW)
    assert refused.value.reason is Barrier.EVENT_CANCELLED
    assert len(told(session, "event_cancelled")) == 3


def test_what_is_over_cannot_be_cancelled_but_an_old_draft_can_be_dropped(session: Session) -> None:
    host, event, _ = full_house(session)
    with pytest.raises(Refused) as refused:
        cancelling.cancel_event(session, event, host, "", event.ends_at)
    assert refused.value.reason is Barrier.EVENT_OVER
    draft = make_event(session, event.circle, state=EventState.DRAFT, published_at=None)
    assert cancelling.cancel_event(session, draft, host, "", draft.ends_at + timedelta(days=1)) == 0
    assert draft.state is EventState.CANCELLED
