"""Who is there, and which doors are open tonight."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from organizer.checkin import queries, service
from organizer.domain.lifecycle import EventState
from organizer.domain.ticketing import ScanResult
from organizer.errors import NotFound
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW, make_event, make_person


@pytest.fixture
def evening(session: Session) -> Evening:
    return make_evening(session, 3)


def test_presence_follows_check_ins_that_stand(evening: Evening) -> None:
    one, other, _ = evening.guests
    evening.scan(one.code)
    evening.scan(other.code, at=NOW - timedelta(minutes=4))
    assert queries.present_ids(evening.session, evening.event.id) == sorted([one.person.id, other.person.id])
    assert queries.arrivals(evening.session, evening.event.id) == {
        one.person.id: NOW,
        other.person.id: NOW - timedelta(minutes=4),
    }
    assert service.undo(evening.session, evening.event, one.registration.public_id, now=NOW, by=evening.staff)
    assert queries.present_ids(evening.session, evening.event.id) == [other.person.id]
    assert queries.counted(evening.session, evening.event.id) == queries.Counted(1, 3)


def test_somebody_is_taken_in_by_the_service(evening: Evening) -> None:
    guest = evening.guests[0]
    registration = guest.registration.public_id
    first = service.check_in(evening.session, evening.event, registration, now=NOW, by=evening.staff)
    again = service.check_in(evening.session, evening.event, registration, now=NOW, by=None)
    assert (first.result, again.result) == (ScanResult.ADMITTED, ScanResult.ALREADY)
    for wrong in ("x", "x" * 22, make_evening(evening.session, 1).guests[0].registration.public_id):
        with pytest.raises(NotFound):
            service.check_in(evening.session, evening.event, wrong, now=NOW, by=evening.staff)


def test_tonights_doors_are_those_one_may_stand_at(session: Session, evening: Evening) -> None:
    evening.scan(evening.guests[0].code)
    later = make_event(session, evening.circle, starts_at=NOW + timedelta(hours=8))
    make_event(session, evening.circle, starts_at=NOW + timedelta(days=2))
    make_event(session, evening.circle, starts_at=NOW - timedelta(hours=5))
    make_event(session, evening.circle, starts_at=NOW, state=EventState.DRAFT)
    make_event(session, evening.circle, starts_at=NOW, state=EventState.CANCELLED)
    make_evening(session)
    for person in (evening.staff, evening.owner):
        doors = queries.tonight(session, person, NOW)
        assert [(door.event.id, door.open_now) for door in doors] == [
            (evening.event.id, True),
            (later.id, False),
        ]
        assert doors[0].counted == queries.Counted(1, 3)
    assert queries.tonight(session, make_person(session), NOW) == []
