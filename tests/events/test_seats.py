"""Seat counters: caps, taking, giving back, an explicit yes beyond them."""

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizer.audit.service import entries
from organizer.events import seats
from organizer.events.models import Event, SeatCount
from tests.factories import NOW, make_circle, make_event, make_person, make_target


def an_event(session: Session, capacity: int = 2, **values: object) -> Event:
    return make_event(session, make_circle(session), capacity=capacity, **values)


def test_seats_are_taken_until_there_are_none(session: Session) -> None:
    event = an_event(session)
    assert [seats.take(session, event.id, [seats.WHOLE]) for _ in range(3)] == [[], [], [seats.WHOLE]]
    seats.release(session, event.id, [seats.WHOLE])
    assert seats.take(session, event.id, [seats.WHOLE]) == []


def test_stated_overbooking_is_part_of_the_cap(session: Session) -> None:
    event = an_event(session, capacity=20, overbooking=2)
    seats.set_caps(session, event, [])
    assert seats.counts(session, event.id)[seats.WHOLE].cap == 22


def test_all_or_none(session: Session) -> None:
    event = an_event(session, capacity=5)
    target = make_target(session, event, ceiling=1)
    seats.set_caps(session, event, [target])
    keys = [seats.WHOLE, seats.key_of(target.id)]
    assert seats.take(session, event.id, keys) == []
    assert seats.take(session, event.id, keys) == [seats.key_of(target.id)]
    assert seats.counts(session, event.id)[seats.WHOLE].taken == 1


def test_a_key_without_a_counter_has_no_limit(session: Session) -> None:
    event = an_event(session)
    assert seats.take(session, event.id, ["target:999999", seats.WHOLE]) == []


def test_a_seat_of_one_event_is_none_of_another(session: Session) -> None:
    event, other = an_event(session), an_event(session)
    seats.take(session, event.id, [seats.WHOLE])
    assert seats.counts(session, other.id)[seats.WHOLE].taken == 0


def test_nothing_is_given_back_that_was_not_taken(session: Session) -> None:
    event = an_event(session)
    seats.release(session, event.id, [seats.WHOLE])
    assert seats.counts(session, event.id)[seats.WHOLE].taken == 0


def test_a_lower_cap_stays_at_what_is_taken_and_says_so(session: Session) -> None:
    event = an_event(session, capacity=4)
    for _ in range(3):
        seats.take(session, event.id, [seats.WHOLE])
    event.capacity = 2
    assert seats.set_caps(session, event, []) == [seats.WHOLE]
    assert seats.counts(session, event.id)[seats.WHOLE].cap == 3


def test_a_host_may_say_yes_beyond_the_cap_and_that_is_noted(session: Session) -> None:
    event, host = an_event(session), make_person(session)
    for _ in range(2):
        seats.take(session, event.id, [seats.WHOLE])
    seats.raise_caps(session, event, [seats.WHOLE], by_id=host.id, now=NOW, reason="host_said_yes")
    assert seats.take(session, event.id, [seats.WHOLE]) == []
    assert seats.take(session, event.id, [seats.WHOLE]) == [seats.WHOLE]
    entry = entries(session, "event", event.id)[-1]
    assert (entry.act, entry.actor_id, entry.facts["cap"]) == ("seats.raised", host.id, 3)


def test_a_cap_with_room_is_not_raised(session: Session) -> None:
    event, host = an_event(session), make_person(session)
    seats.raise_caps(session, event, [seats.WHOLE], by_id=host.id, now=NOW, reason="x")
    assert seats.counts(session, event.id)[seats.WHOLE].cap == 2
    assert entries(session, "event", event.id) == []


@pytest.mark.parametrize("values", [{"taken": 3}, {"taken": -1}, {"cap": -1}])
def test_the_database_itself_refuses_more_than_the_cap(session: Session, values: dict[str, int]) -> None:
    event = an_event(session)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(update(SeatCount).where(SeatCount.event_id == event.id).values(**values))
