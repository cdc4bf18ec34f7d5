"""The waiting list: its order, who moves up and when, and why nobody does."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.circles.models import Exclusion
from organizer.domain.lifecycle import (
    UNDO_WITHIN,
    EventState,
    RegistrationState,
    RegistrationStep,
    WaitingOrder,
)
from organizer.domain.vocabulary import Industry, Intent, Role
from organizer.errors import Refused
from organizer.events import contents, seats
from organizer.jobs.models import Task, TaskState
from organizer.jobs.tasks import DOERS
from organizer.registrations import jobs, waiting
from organizer.registrations.admitting import OverReason, Seat, decide
from organizer.registrations.cancelling import cancel
from organizer.registrations.deciding import SEAT_FREED, Wanted, decide_all, send_now, undo_all
from organizer.registrations.models import Promotion, Registration
from organizer.registrations.waiting import Standstill, place_of, promote_into, promote_into_new
from organizer.workflows.cancelling import change_event
from tests.factories import NOW
from tests.registrations.rooms import LEADS, MAKES, SELLS, Room, make_room

S, Step = RegistrationState, RegistrationStep
assert jobs


def _full_room(session: Session, **values: object) -> Room:
    room = make_room(session, **({"capacity": 2} | values))
    for _ in range(room.event.capacity):
        room.applies(S.ADMITTED)
    return room


def _cancel(room: Room, one: Registration) -> None:
    assert cancel(room.session, one, by=one.person, now=NOW)


def test_a_cancellation_moves_the_first_up_and_tells_them_at_once(session: Session) -> None:
    room = _full_room(session, waiting_order=WaitingOrder.BY_APPLICATION)
    first, second = room.applies(S.WAITLISTED), room.applies(S.WAITLISTED)
    _cancel(room, room.people[0])
    assert (first.state, second.state, room.seats()) == (S.ADMITTED, S.WAITLISTED, (2, 2))
    assert ("promoted", first.person_id, NOW) in room.letters()
    promotion = session.scalars(select(Promotion)).one()
    assert (promotion.freed_id, promotion.promoted_id) == (room.people[0].id, first.id)


def test_one_freed_seat_moves_one_up_however_often_it_is_asked(session: Session) -> None:
    room = _full_room(session)
    for _ in range(3):
        room.applies(S.WAITLISTED)
    freed = room.people[0]
    _cancel(room, freed)
    room.event.capacity = 9
    seats.set_caps(session, room.event, [])
    assert promote_into(session, room.event, freed, NOW) is None
    assert [one.state for one in room.people[2:]].count(S.ADMITTED) == 1


@pytest.mark.parametrize(
    ("order", "expected"), [(WaitingOrder.BY_FIT, [1, 2, 0]), (WaitingOrder.BY_APPLICATION, [0, 1, 2])]
)
def test_the_order_is_the_one_the_event_states(
    session: Session, order: WaitingOrder, expected: list[int]
) -> None:
    room = make_room(session, waiting_order=order)
    room.target("製造業", MAKES)
    other = {"industry": Industry.FINANCE}
    waits = [room.applies(S.WAITLISTED, profile=said) for said in (other, {}, {})]
    assert [one.id for one in waiting.rank(session, room.event)] == [waits[place].id for place in expected]


def test_where_the_host_promotes_by_hand_nobody_moves(session: Session) -> None:
    room = _full_room(session, promotes=False)
    waits = room.applies(S.WAITLISTED)
    _cancel(room, room.people[0])
    assert (waits.state, room.seats()) == (S.WAITLISTED, (1, 2))
    assert "promoted" not in room.kinds()


def test_who_is_kept_out_by_a_limit_is_passed_over(session: Session) -> None:
    room = _full_room(session, waiting_order=WaitingOrder.BY_APPLICATION)
    room.target("売り込み", SELLS, ceiling=0, ceiling_only=True)
    seller = room.applies(S.WAITLISTED, profile={"intents": [Intent.SELL.value]})
    second = room.applies(S.WAITLISTED)
    _cancel(room, room.people[0])
    assert (seller.state, second.state) == (S.WAITLISTED, S.ADMITTED)


def test_who_is_excluded_from_the_circle_does_not_move_up(session: Session) -> None:
    room = _full_room(session)
    waits = room.applies(S.WAITLISTED)
    session.add(
        Exclusion(circle_id=room.circle.id, person_id=waits.person_id, by_id=room.host.id, created_at=NOW)
    )
    session.flush()
    _cancel(room, room.people[0])
    assert waits.state is S.WAITLISTED


def test_who_waited_without_being_told_yet_hears_only_the_good_news(session: Session) -> None:
    room = _full_room(session)
    one = room.applies()
    decide(session, one, Step.WAITLIST, by=room.host, now=NOW)
    _cancel(room, room.people[0])
    assert [kind for kind, person, _ in room.letters() if person == one.person_id] == ["promoted"]


def test_who_moved_up_and_was_put_back_moves_only_by_hand(session: Session) -> None:
    room = _full_room(session)
    one = room.applies(S.WAITLISTED)
    _cancel(room, room.people[0])
    assert one.state is S.ADMITTED
    decide(session, one, Step.DECLINE, by=room.host, now=NOW)
    decide(session, one, Step.WAITLIST, by=room.host, now=NOW)
    _cancel(room, room.people[1])
    assert one.state is S.WAITLISTED


@pytest.mark.parametrize("gone", ["cancelled", "over"])
def test_nobody_moves_up_into_an_event_that_is_no_more(session: Session, gone: str) -> None:
    room = _full_room(session)
    room.applies(S.WAITLISTED)
    if gone == "cancelled":
        room.event.state = EventState.CANCELLED
    now = NOW if gone == "cancelled" else room.event.ends_at
    seats.release(session, room.event.id, ["event"])
    assert promote_into_new(session, room.event, 1, now) == []


def test_more_capacity_moves_up_as_many_as_there_are_new_seats(session: Session) -> None:
    room = _full_room(session, doors_open_at=NOW + timedelta(days=2))
    waits = [room.applies(S.WAITLISTED) for _ in range(3)]
    written = contents.of(room.event)
    wider = type(written)(**{name: getattr(written, name) for name in contents.FIELDS} | {"capacity": 4})
    change_event(session, room.event, wider, by=room.host, now=NOW)
    assert [one.state for one in waits].count(S.ADMITTED) == 2
    assert room.seats() == (4, 4)


def _work(room: Room, now: object) -> list[bool]:
    done = []
    query = select(Task).where(Task.name == SEAT_FREED, Task.state == TaskState.WAITING, Task.due_at <= now)
    for task in room.session.scalars(query):
        done.append(DOERS[task.name](room.session, task, task.due_at))
        task.state = TaskState.DONE
    room.session.flush()
    return done


def test_a_seat_the_host_has_freed_goes_on_once_that_stands(session: Session) -> None:
    room = _full_room(session)
    waits = room.applies(S.WAITLISTED)
    decide_all(session, room.event, [Wanted(room.people[0])], Step.DECLINE, by=room.host, now=NOW)
    assert (_work(room, NOW), waits.state) == ([], S.WAITLISTED)
    assert _work(room, NOW + UNDO_WITHIN) == [True]
    assert (waits.state, room.seats()) == (S.ADMITTED, (2, 2))


def test_a_seat_goes_on_at_once_when_the_host_sends_now(session: Session) -> None:
    room = _full_room(session)
    waits = room.applies(S.WAITLISTED)
    decide_all(session, room.event, [Wanted(room.people[0])], Step.DECLINE, by=room.host, now=NOW)
    send_now(session, room.event, NOW)
    assert _work(room, NOW) == [True]
    assert waits.state is S.ADMITTED


def test_a_seat_taken_back_in_time_goes_nowhere(session: Session) -> None:
    room = _full_room(session)
    waits = room.applies(S.WAITLISTED)
    taken = decide_all(session, room.event, [Wanted(room.people[0])], Step.DECLINE, by=room.host, now=NOW)
    undo_all(session, room.event, taken.decision, by=room.host, now=NOW)
    assert _work(room, NOW + UNDO_WITHIN) == [False]
    assert (waits.state, room.people[0].state, room.seats()) == (S.WAITLISTED, S.ADMITTED, (2, 2))


def test_an_undone_admission_gives_its_seat_to_who_came_meanwhile(session: Session) -> None:
    room = make_room(session, capacity=2)
    room.applies(S.ADMITTED)
    earlier = room.applies(S.WAITLISTED)
    taken = decide_all(session, room.event, [Wanted(room.applies())], Step.ADMIT, by=room.host, now=NOW)
    meanwhile = room.applies(S.WAITLISTED, waiting_since=NOW + timedelta(minutes=1))
    undo_all(session, room.event, taken.decision, by=room.host, now=NOW + timedelta(minutes=2))
    assert (earlier.state, meanwhile.state) == (S.WAITLISTED, S.ADMITTED)


def test_an_undone_admission_from_the_list_leaves_the_list_alone(session: Session) -> None:
    room = make_room(session, capacity=2)
    waits = [room.applies(S.WAITLISTED) for _ in range(2)]
    taken = decide_all(session, room.event, [Wanted(waits[0])], Step.ADMIT, by=room.host, now=NOW)
    undo_all(session, room.event, taken.decision, by=room.host, now=NOW)
    assert [one.state for one in waits] == [S.WAITLISTED, S.WAITLISTED]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, Standstill.NO_SEAT_FREE),
        ({"promotes": False}, Standstill.FULL_HOST_DECIDES),
        ({"state": EventState.CANCELLED}, Standstill.EVENT_CANCELLED),
    ],
)
def test_nobodys_rank_is_silent(session: Session, change: dict[str, object], why: Standstill) -> None:
    room = _full_room(session, waiting_order=WaitingOrder.BY_APPLICATION)
    waits = [room.applies(S.WAITLISTED) for _ in range(2)]
    for name, value in change.items():
        setattr(room.event, name, value)
    session.flush()
    place = place_of(session, waits[1], NOW)
    assert place is not None
    assert (place.rank, place.of, place.why) == (2, 2, why)


def test_other_reasons_why_nobody_moves(session: Session) -> None:
    room = make_room(session, capacity=2)
    room.target("売り込み", SELLS, ceiling=0, ceiling_only=True)
    seller = room.applies(S.WAITLISTED, profile={"intents": [Intent.SELL.value]})
    other = room.applies(S.WAITLISTED)
    whys = [place_of(session, one, NOW) for one in (seller, other)]
    assert [place.why for place in whys if place] == [Standstill.KIND_FULL, Standstill.HOST_DECIDES]
    late = place_of(session, other, room.event.ends_at)
    assert late is not None
    assert late.why is Standstill.EVENT_OVER
    assert place_of(session, room.applies(), NOW) is None


def test_the_promoted_are_counted_where_they_fit_best_with_room(session: Session) -> None:
    room = make_room(session, capacity=2)
    leaders = room.target("社長", LEADS, ceiling=1)
    makers = room.target("製造業", MAKES, ceiling=2)
    first, _ = room.applies(S.ADMITTED), room.applies(S.ADMITTED, profile={"role": Role.EMPLOYEE})
    assert first.target_profile_id == leaders.id
    waits = room.applies(S.WAITLISTED)
    _cancel(room, room.people[1])
    assert (waits.state, waits.target_profile_id) == (S.ADMITTED, makers.id)


def test_over_the_seats_somebody_may_be_taken_from_the_list(session: Session) -> None:
    room = _full_room(session)
    waits = room.applies(S.WAITLISTED)
    with pytest.raises(Refused):
        decide(session, waits, Step.ADMIT, by=room.host, now=NOW)
    decide(session, waits, Step.ADMIT, by=room.host, now=NOW, seat=Seat(over=OverReason.PROMISED))
    assert (waits.state, waits.waiting_since, room.seats()) == (S.ADMITTED, None, (3, 3))


def test_who_cancels_before_hearing_of_the_refusal_frees_the_seat_at_once(session: Session) -> None:
    room = _full_room(session)
    waits, one = room.applies(S.WAITLISTED), room.people[0]
    decide_all(session, room.event, [Wanted(one)], Step.DECLINE, by=room.host, now=NOW)
    _cancel(room, one)
    assert (one.state, waits.state, room.seats()) == (S.CANCELLED, S.ADMITTED, (2, 2))
    assert _work(room, NOW + UNDO_WITHIN) == [False]


def test_who_has_heard_of_the_refusal_has_nothing_to_cancel(session: Session) -> None:
    room = make_room(session)
    one = room.applies()
    decide(session, one, Step.DECLINE, by=room.host, now=NOW)
    with pytest.raises(Refused):
        cancel(session, one, by=one.person, now=NOW + UNDO_WITHIN)
