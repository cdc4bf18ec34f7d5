"""The paper list beside the rest of the world: who gives a place back, a second host, a second press."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from organizer.checkin import attendance, attendance_undo, notes
from organizer.checkin.models import CheckIn, DoorNote
from organizer.db import Database
from organizer.domain.door import Attendance
from organizer.domain.lifecycle import Barrier, RegistrationState
from organizer.errors import Refused
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.workflows.applying import give_up
from tests.checkin.rows import make_evening
from tests.factories import NOW
from tests.races.conftest import ROUNDS, assert_noticed, at_once


def make_guest(database: Database) -> tuple[int, int, int]:
    """An event that soon begins, its host, and the registration of somebody who may still give it back."""
    with database.transaction() as session:
        evening = make_evening(session, 1, starts_at=NOW + timedelta(minutes=30))
        return evening.event.id, evening.owner.id, evening.guests[0].registration.id


def race_with_a_cancellation(database: Database) -> None:
    """Somebody is marked as present while they cancel. Raises AssertionError unless one of the two succeeds."""
    event_id, host_id, registration_id = make_guest(database)

    def act(number: int) -> bool:
        with database.transaction() as session:
            whole = joinedload(Registration.event).joinedload(Event.circle)
            query = select(Registration).options(whole, joinedload(Registration.person))
            row = session.scalars(query.where(Registration.id == registration_id)).one()
            if number:
                marks = {row.public_id: Attendance.PRESENT}
                return bool(attendance.mark(session, row.event, marks, by_id=host_id, now=NOW).people)
            try:
                return give_up(session, row, by=row.person, now=NOW)
            except Refused as refused:
                if refused.reason is not Barrier.ARRIVED:
                    raise
                return False

    cancelled, marked = at_once(act, 2)
    assert cancelled is not marked
    with database.transaction(writes=False) as session:
        state = session.get_one(Registration, registration_id).state
        there = session.scalar(select(func.count()).where(CheckIn.event_id == event_id)) or 0
    assert (state is RegistrationState.CANCELLED, there) == (cancelled, int(marked))


def test_somebody_is_not_there_on_paper_and_gone_at_once(arena: Database) -> None:
    for _ in range(2 * ROUNDS):
        race_with_a_cancellation(arena)


def test_the_race_sees_marks_on_who_was_admitted_a_moment_ago(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(session: object, _event: object, marks: attendance.Marks) -> list[tuple[int, str]]:
        rows = session.execute(select(Registration.id, Registration.public_id))  # type: ignore[attr-defined]
        return [(id_, public_id) for id_, public_id in rows if public_id in marks]

    monkeypatch.setattr(attendance, "_held", held)
    assert_noticed(lambda _: race_with_a_cancellation(broken_arena))


def test_an_act_of_marking_is_taken_back_once_however_often_that_is_pressed(arena: Database) -> None:
    event_id, host_id, registration_id = make_guest(arena)
    with arena.transaction() as session:
        event = session.get_one(Event, event_id)
        marks = {session.get_one(Registration, registration_id).public_id: Attendance.PRESENT}
        entry_id = attendance.mark(session, event, marks, by_id=host_id, now=NOW).entry_id
    assert entry_id is not None

    def press(_: int) -> bool:
        with arena.transaction() as session:
            event = session.get_one(Event, event_id)
            return attendance_undo.take_back(session, event, entry_id, by_id=host_id, now=NOW)

    assert sum(at_once(press)) == 1


def test_of_notes_written_at_once_one_stands_and_none_is_refused(arena: Database) -> None:
    event_id, host_id, registration_id = make_guest(arena)

    def write(number: int) -> bool:
        with arena.transaction() as session:
            event, row = session.get_one(Event, event_id), session.get_one(Registration, registration_id)
            host = session.get_one(Person, host_id)
            return notes.write(session, event, row, f"卓{number}", by=host, now=NOW)

    assert all(at_once(write))
    with arena.transaction(writes=False) as session:
        standing = DoorNote.event_id == event_id, DoorNote.voided_at.is_(None)
        assert session.scalar(select(func.count()).where(*standing)) == 1
