"""Deciding: seats, letters, target profiles, and undoing it all exactly."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from organizer.audit.service import entries
from organizer.domain.delivery import MessageState
from organizer.domain.lifecycle import (
    UNDO_WITHIN,
    Admission,
    Barrier,
    EventState,
    RegistrationState,
    RegistrationStep,
)
from organizer.domain.vocabulary import Industry, Intent, Role
from organizer.errors import NotFound, Refused
from organizer.events import seats
from organizer.events.models import SeatCount
from organizer.events.service import domain_targets, targets_of
from organizer.mail.models import Message
from organizer.registrations import admitting, deciding
from organizer.registrations.admitting import NO_TARGET, Full, OverReason, Seat, decide, move_to
from organizer.registrations.deciding import Wanted, decide_all, send_now, undo_all
from organizer.registrations.models import Registration
from organizer.registrations.queries import told_state
from organizer.registrations.undoing import undo
from tests.factories import NOW, make_circle, make_event, make_person, make_target
from tests.registrations.rooms import LEADS, MAKES, SELLS, Room, make_room

S, Step = RegistrationState, RegistrationStep
LATER = NOW + timedelta(minutes=1)


def _decide(room: Room, one: Registration, step: Step, **values: Any) -> admitting.Outcome:
    return decide(room.session, one, step, **({"by": room.host, "now": NOW} | values))


def test_admitting_takes_a_seat_and_posts_the_letter_for_ten_minutes_later(room: Room) -> None:
    one = room.applies()
    outcome = _decide(room, one, Step.ADMIT)
    assert (outcome.changed, one.state, one.counted) == (True, S.ADMITTED, ["event"])
    assert room.seats() == (1, 2)
    assert room.letters() == [("admitted", one.person_id, NOW + UNDO_WITHIN)]
    assert told_state(one, LATER) is S.APPLIED
    assert told_state(one, NOW + UNDO_WITHIN) is S.ADMITTED


def test_who_decided_what_is_in_the_log(room: Room) -> None:
    one = room.applies()
    _decide(room, one, Step.WAITLIST)
    entry = entries(room.session, "registration", one.id)[-1]
    assert (entry.act, entry.actor_id, entry.facts) == (
        "registration.waitlisted",
        room.host.id,
        {"was": "applied"},
    )


@pytest.mark.parametrize(("step", "state"), [(Step.WAITLIST, S.WAITLISTED), (Step.DECLINE, S.DECLINED)])
def test_waiting_and_declining_take_no_seat(room: Room, step: Step, state: RegistrationState) -> None:
    one = room.applies()
    _decide(room, one, step)
    assert (one.state, room.seats(), room.kinds()) == (state, (0, 2), [state.value])
    assert (one.waiting_since == NOW) is (state is S.WAITLISTED)


def test_a_full_event_refuses_and_writes_nothing(room: Room) -> None:
    for _ in range(2):
        room.applies(S.ADMITTED)
    one = room.applies()
    with pytest.raises(Refused) as refused:
        _decide(room, one, Step.ADMIT)
    assert refused.value.reason is Full.EVENT_FULL
    assert refused.value.facts == {"keys": ["event"]}
    assert (one.state, one.before, one.letter_due_at, room.seats(), room.kinds()) == (
        S.APPLIED,
        None,
        None,
        (2, 2),
        [],
    )


def test_the_second_yes_raises_the_cap_and_says_why_in_the_log(room: Room) -> None:
    for _ in range(2):
        room.applies(S.ADMITTED)
    one = room.applies()
    _decide(room, one, Step.ADMIT, seat=Seat(over=OverReason.SOME_WILL_CANCEL))
    assert (one.state, room.seats()) == (S.ADMITTED, (3, 3))
    raised = entries(room.session, "event", room.event.id)[-1]
    assert (raised.act, raised.facts["reason"], raised.actor_id) == (
        "seats.raised",
        "some_will_cancel",
        room.host.id,
    )


def test_the_best_target_profile_with_room_is_given(room: Room) -> None:
    makers = room.target("製造業", MAKES, ceiling=1)
    leaders = room.target("社長", LEADS, ceiling=5)
    first, second = room.applies(), room.applies()
    _decide(room, first, Step.ADMIT)
    _decide(room, second, Step.ADMIT)
    assert [first.target_profile_id, second.target_profile_id] == [makers.id, leaders.id]
    assert (room.seats(seats.key_of(makers.id)), room.seats(seats.key_of(leaders.id))) == ((1, 1), (1, 5))


def test_a_limit_counts_everybody_who_meets_it_whatever_they_are_counted_in(room: Room) -> None:
    makers = room.target("製造業", MAKES)
    limit = room.target("売り込み", SELLS, ceiling=1, ceiling_only=True)
    sellers = [room.applies(profile={"intents": [Intent.SELL.value]}) for _ in range(2)]
    _decide(room, sellers[0], Step.ADMIT)
    assert sellers[0].target_profile_id == makers.id
    with pytest.raises(Refused) as refused:
        _decide(room, sellers[1], Step.ADMIT)
    assert refused.value.reason is Full.LIMIT_REACHED
    assert refused.value.facts["keys"] == [seats.key_of(limit.id)]
    assert (room.seats(), room.seats(seats.key_of(limit.id))) == ((1, 2), (1, 1))


def test_over_a_limit_only_that_cap_is_raised(room: Room) -> None:
    limit = room.target("売り込み", SELLS, ceiling=1, ceiling_only=True)
    sellers = [room.applies(profile={"intents": [Intent.SELL.value]}) for _ in range(2)]
    _decide(room, sellers[0], Step.ADMIT)
    _decide(room, sellers[1], Step.ADMIT, seat=Seat(over=OverReason.PROMISED))
    assert (room.seats(), room.seats(seats.key_of(limit.id))) == ((2, 2), (2, 2))


def test_the_host_may_choose_the_target_profile(room: Room) -> None:
    room.target("製造業", MAKES)
    leaders = room.target("社長", LEADS)
    one, other = room.applies(), room.applies()
    _decide(room, one, Step.ADMIT, seat=Seat(leaders.id))
    _decide(room, other, Step.ADMIT, seat=Seat(NO_TARGET))
    assert (one.target_profile_id, one.target_by_host) == (leaders.id, True)
    assert (other.target_profile_id, other.target_by_host) == (None, True)


@pytest.mark.parametrize("kind", ["limit", "of another event"])
def test_nobody_is_assigned_to_a_limit_or_to_another_events_target(room: Room, kind: str) -> None:
    if kind == "limit":
        target = room.target("売り込み", SELLS, ceiling=1, ceiling_only=True)
    else:
        target = make_target(room.session, make_event(room.session, make_circle(room.session)))
    with pytest.raises(NotFound):
        _decide(room, room.applies(), Step.ADMIT, seat=Seat(target.id))


def test_moving_an_admitted_person_moves_their_count(room: Room) -> None:
    makers, leaders = room.target("製造業", MAKES, ceiling=1), room.target("社長", LEADS, ceiling=1)
    one = room.applies(S.ADMITTED)
    move_to(room.session, one, Seat(leaders.id), by=room.host, now=NOW)
    assert (one.target_profile_id, one.target_by_host) == (leaders.id, True)
    assert (room.seats(seats.key_of(makers.id))[0], room.seats(seats.key_of(leaders.id))[0]) == (0, 1)
    assert room.seats() == (1, 2)


def test_moving_into_a_full_target_profile_changes_nothing(room: Room) -> None:
    makers, leaders = room.target("製造業", MAKES, ceiling=1), room.target("社長", LEADS, ceiling=1)
    first, second = room.applies(S.ADMITTED), room.applies(S.ADMITTED)
    assert (first.target_profile_id, second.target_profile_id) == (makers.id, leaders.id)
    with pytest.raises(Refused) as refused:
        move_to(room.session, first, Seat(leaders.id), by=room.host, now=NOW)
    assert refused.value.reason is Full.TARGET_FULL
    room.session.refresh(first)
    assert first.target_profile_id == makers.id
    assert (room.seats(seats.key_of(makers.id)), room.seats()) == ((1, 1), (2, 2))


def test_only_the_admitted_can_be_moved(room: Room) -> None:
    leaders = room.target("社長", LEADS)
    with pytest.raises(Refused) as refused:
        move_to(room.session, room.applies(), Seat(leaders.id), by=room.host, now=NOW)
    assert refused.value.reason is Barrier.WRONG_STATE


def test_the_later_of_two_hosts_changes_nothing_and_can_see_who_was_first(room: Room) -> None:
    one, other_host = room.applies(), make_person(room.session)
    _decide(room, one, Step.ADMIT, seen=S.APPLIED)
    late = _decide(room, one, Step.DECLINE, seen=S.APPLIED, by=other_host, now=LATER)
    assert (late.changed, one.state, one.decided_by_id, one.decided_at) == (
        False,
        S.ADMITTED,
        room.host.id,
        NOW,
    )
    assert room.kinds() == ["admitted"]


def test_the_same_decision_twice_is_one(room: Room) -> None:
    one = room.applies()
    assert _decide(room, one, Step.ADMIT).changed
    assert not _decide(room, one, Step.ADMIT).changed
    assert (room.seats(), room.kinds()) == ((1, 2), ["admitted"])


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (EventState.CANCELLED, Barrier.EVENT_CANCELLED),
        (EventState.DRAFT, Barrier.EVENT_DRAFT),
        (EventState.CLOSED, Barrier.EVENT_OVER),
    ],
)
def test_the_event_itself_can_stand_against_it(room: Room, state: EventState, why: Barrier) -> None:
    one, room.event.state = room.applies(), state
    now = room.event.ends_at if why is Barrier.EVENT_OVER else NOW
    with pytest.raises(Refused) as refused:
        _decide(room, one, Step.ADMIT, now=now)
    assert refused.value.reason is why


def test_who_has_arrived_cannot_be_declined(room: Room) -> None:
    one = room.applies(S.ADMITTED)
    with pytest.raises(Refused) as refused:
        _decide(room, one, Step.DECLINE, arrived=True)
    assert refused.value.reason is Barrier.ARRIVED


def test_declining_the_admitted_frees_the_seat(room: Room) -> None:
    target = room.target("社長", LEADS, ceiling=2)
    one = room.applies(S.ADMITTED)
    _decide(room, one, Step.DECLINE)
    assert (room.seats(), room.seats(seats.key_of(target.id))[0]) == ((0, 2), 0)
    assert (one.target_profile_id, one.counted) == (None, [])


def test_a_decision_overtaken_by_another_is_never_told(room: Room) -> None:
    one = room.applies()
    _decide(room, one, Step.ADMIT)
    _decide(room, one, Step.DECLINE, now=LATER)
    assert room.letters() == [("declined", one.person_id, LATER + UNDO_WITHIN)]
    assert room.kinds("suppressed") == ["admitted"]
    assert told_state(one, LATER) is S.APPLIED


def test_who_knows_the_state_already_gets_no_letter_about_it(room: Room) -> None:
    one = room.applies(S.ADMITTED)
    _decide(room, one, Step.DECLINE)
    _decide(room, one, Step.ADMIT, now=LATER)
    assert (one.state, room.kinds(), room.kinds("suppressed")) == (S.ADMITTED, [], ["declined"])
    assert told_state(one, LATER) is S.ADMITTED


def _undo(room: Room, one: Registration, now: datetime = LATER, **values: Any) -> None:
    undo(room.session, one, by=room.host, now=now, **values)


def test_undo_returns_state_seat_target_and_letter(room: Room) -> None:
    target = room.target("社長", LEADS, ceiling=2)
    one = room.applies()
    _decide(room, one, Step.ADMIT)
    _undo(room, one)
    assert (one.state, one.counted, one.target_profile_id, one.decided_at) == (S.APPLIED, [], None, None)
    assert (one.before, one.letter_due_at) == (None, None)
    assert (room.seats(), room.seats(seats.key_of(target.id))) == ((0, 2), (0, 2))
    assert (room.kinds(), room.kinds("suppressed")) == ([], ["admitted"])
    assert entries(room.session, "registration", one.id)[-1].act == "registration.undone"


def test_undoing_a_yes_beyond_the_capacity_takes_the_added_seat_away(room: Room) -> None:
    for _ in range(2):
        room.applies(S.ADMITTED)
    one = room.applies()
    _decide(room, one, Step.ADMIT, seat=Seat(over=OverReason.EXTRA_SEAT))
    _undo(room, one)
    assert room.seats() == (2, 2)


def test_undoing_takes_no_seat_that_the_event_has_by_itself(room: Room) -> None:
    for _ in range(2):
        room.applies(S.ADMITTED)
    one = room.applies()
    _decide(room, one, Step.ADMIT, seat=Seat(over=OverReason.EXTRA_SEAT))
    room.event.capacity = 3
    seats.set_caps(room.session, room.event, [])
    _undo(room, one)
    assert room.seats() == (2, 3)


@pytest.mark.parametrize(
    ("minutes", "why"), [(9, None), (10, Barrier.TOO_LATE_TO_UNDO), (600, Barrier.TOO_LATE_TO_UNDO)]
)
def test_undo_is_possible_for_ten_minutes(room: Room, minutes: int, why: Barrier | None) -> None:
    one = room.applies()
    _decide(room, one, Step.ADMIT)
    now = NOW + timedelta(minutes=minutes)
    if why is None:
        _undo(room, one, now)
        assert one.state is S.APPLIED
        return
    with pytest.raises(Refused) as refused:
        _undo(room, one, now)
    assert (refused.value.reason, one.state) == (why, S.ADMITTED)


def test_a_letter_that_left_early_cannot_be_undone(room: Room) -> None:
    one = room.applies()
    _decide(room, one, Step.ADMIT)
    assert send_now(room.session, room.event, LATER) == 1
    assert room.letters() == [("admitted", one.person_id, LATER)]
    with pytest.raises(Refused) as refused:
        _undo(room, one, LATER)
    assert refused.value.reason is Barrier.ALREADY_TOLD
    assert told_state(one, LATER) is S.ADMITTED


def test_a_letter_in_flight_cannot_be_undone_and_nothing_changes(room: Room) -> None:
    one = room.applies()
    _decide(room, one, Step.ADMIT)
    room.session.execute(
        update(Message).where(Message.event_id == room.event.id).values(state=MessageState.SENDING)
    )
    with pytest.raises(Refused) as refused:
        _undo(room, one)
    assert refused.value.reason is Barrier.ALREADY_TOLD
    assert (one.state, room.seats()) == (S.ADMITTED, (1, 2))


def test_there_is_nothing_to_undo_of_what_the_applicant_did(room: Room) -> None:
    for one in (room.applies(), room.applies(S.ADMITTED)):
        with pytest.raises(Refused) as refused:
            _undo(room, one)
        assert refused.value.reason is Barrier.NOTHING_TO_UNDO


def test_an_undo_is_refused_when_another_has_taken_the_seat(room: Room) -> None:
    first, _ = room.applies(S.ADMITTED), room.applies(S.ADMITTED)
    _decide(room, first, Step.DECLINE)
    _decide(room, room.applies(), Step.ADMIT)
    with pytest.raises(Refused) as refused:
        _undo(room, first)
    assert refused.value.reason is Full.EVENT_FULL
    room.session.refresh(first)
    assert (first.state, room.seats(), room.kinds()) == (S.DECLINED, (2, 2), ["declined", "admitted"])


def _state(room: Room) -> list[object]:
    """All that a host's decisions move."""
    room.session.expire_all()
    people = room.session.scalars(
        select(Registration).where(Registration.event_id == room.event.id).order_by(Registration.id)
    )
    columns = (
        "state",
        "target_profile_id",
        "target_by_host",
        "counted",
        "waiting_since",
        "decided_at",
        "decided_by_id",
        "letter_due_at",
    )
    told = [(one.id, *(getattr(one, name) for name in columns), told_state(one, LATER)) for one in people]
    counters = room.session.execute(
        select(SeatCount.key, SeatCount.taken, SeatCount.cap)
        .where(SeatCount.event_id == room.event.id)
        .order_by(SeatCount.key)
    )
    return [*told, *map(tuple, counters), *sorted(room.letters())]


@pytest.mark.parametrize("seed", range(12))
def test_every_decision_undone_leaves_everything_as_it_was(session: Session, seed: int) -> None:
    chance = random.Random(seed)
    room = make_room(session, capacity=3)
    room.target("製造業", MAKES, ceiling=2)
    room.target("社長", LEADS, ceiling=2)
    room.target("売り込み", SELLS, ceiling=1, ceiling_only=True)
    room.applies(S.ADMITTED)
    for state in (S.APPLIED, S.APPLIED, S.APPLIED, S.WAITLISTED, S.DECLINED):
        said = {
            "industry": chance.choice([Industry.MANUFACTURING, Industry.FINANCE]),
            "role": chance.choice([Role.OWNER_PRESIDENT, Role.EMPLOYEE]),
            "intents": [chance.choice([Intent.SELL, Intent.LEARN]).value],
        }
        room.applies(state, profile=said)
    trail, now = list[tuple[Registration, list[object]]](), NOW
    for _ in range(14):
        now += timedelta(seconds=20)
        one, step = chance.choice(room.people), chance.choice([Step.ADMIT, Step.WAITLIST, Step.DECLINE])
        before = _state(room)
        over = chance.choice([None, OverReason.EXTRA_SEAT])
        try:
            outcome = _decide(room, one, step, now=now, seat=Seat(over=over))
        except Refused:
            assert _state(room) == before
            continue
        if outcome.changed:
            trail.append((one, before))
    assert trail
    for one, before in reversed(trail):
        undo(room.session, one, by=room.host, now=now)
        assert _state(room) == before


def test_many_at_once_have_one_undo(room: Room) -> None:
    three = [room.applies() for _ in range(3)]
    taken = decide_all(
        room.session, room.event, [Wanted(one) for one in three], Step.ADMIT, by=room.host, now=NOW
    )
    assert [one.id for one in taken.done] == [one.id for one in three[:2]]
    assert [(one.id, refused.reason) for one, refused in taken.refused] == [(three[2].id, Full.EVENT_FULL)]
    back = undo_all(room.session, room.event, taken.decision, by=room.host, now=LATER)
    assert len(back.done) == 2
    assert {one.state for one in three} == {S.APPLIED}
    assert room.seats() == (0, 2)


def test_one_undo_leaves_other_decisions_alone(room: Room) -> None:
    one, other = room.applies(), room.applies()
    first = decide_all(room.session, room.event, [Wanted(one)], Step.DECLINE, by=room.host, now=NOW)
    decide_all(room.session, room.event, [Wanted(other)], Step.DECLINE, by=room.host, now=NOW)
    undo_all(room.session, room.event, first.decision, by=room.host, now=LATER)
    assert (one.state, other.state) == (S.APPLIED, S.DECLINED)
    with pytest.raises(Refused):
        undo_all(room.session, room.event, first.decision, by=room.host, now=LATER)


def test_what_another_host_did_meanwhile_is_told_apart(room: Room) -> None:
    one, other = room.applies(), room.applies()
    _decide(room, one, Step.DECLINE)
    wanted = [Wanted(one, seen=S.APPLIED), Wanted(other, seen=S.APPLIED)]
    taken = decide_all(room.session, room.event, wanted, Step.ADMIT, by=room.host, now=LATER)
    assert ([x.id for x in taken.overtaken], [x.id for x in taken.done]) == ([one.id], [other.id])


def test_registrations_of_other_events_are_not_found(room: Room) -> None:
    elsewhere = make_room(room.session).applies()
    with pytest.raises(NotFound):
        deciding.find(room.session, room.event, [room.applies().public_id, elsewhere.public_id])


def test_open_admission_takes_a_seat_while_there_is_one(session: Session) -> None:
    room = make_room(session, capacity=2, admission=Admission.EVERYONE)
    came = [room.applies(S.WAITLISTED) for _ in range(3)]
    targets = domain_targets(targets_of(session, room.event.id))
    assert [admitting.admit_at_once(session, one, targets, NOW) for one in came[:1]] == [False]  # others wait
    session.delete(came.pop())
    session.delete(came.pop())
    session.flush()
    assert admitting.admit_at_once(session, came[0], targets, NOW)
    assert (came[0].state, came[0].waiting_since, room.seats()) == (S.ADMITTED, None, (1, 2))


def test_open_admission_overtakes_only_who_could_not_move_anyway(session: Session) -> None:
    room = make_room(session, capacity=5, admission=Admission.EVERYONE)
    room.target("売り込み", SELLS, ceiling=0, ceiling_only=True)
    room.applies(S.WAITLISTED, profile={"intents": [Intent.SELL.value]})
    newcomer = room.applies(S.WAITLISTED)
    targets = domain_targets(targets_of(session, room.event.id))
    assert admitting.admit_at_once(session, newcomer, targets, NOW)


def test_the_log_holds_codes_only(room: Room) -> None:
    one = room.applies(name="秘密 太郎")
    _decide(room, one, Step.ADMIT)
    for entry in entries(room.session, "registration", one.id):
        assert "秘密" not in repr(entry.facts)
