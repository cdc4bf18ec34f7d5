"""One person's closing: talks, wishes to meet again, and that they leave no trace."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.checkin.models import CheckIn
from organizer.domain.lifecycle import EventState
from organizer.errors import NotFound, Refused
from organizer.matches import closing
from organizer.matches.closing import ClosingBarrier
from organizer.matches.models import Again, Closing, Encounter, Talk
from organizer.matches.places import answered, open_closing, others_listed, place_of
from organizer.people.blocks import block
from tests.factories import NOW, make_event, make_person, make_registration
from tests.matches.rows import LATER, arrive, make_evening, make_guest


def count(session: Session, table: type[object]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_others_are_those_who_were_there_and_agreed(session: Session) -> None:
    evening = make_evening(session, 3)
    hidden = make_guest(session, 7)
    arrive(session, evening.event, hidden, listed=False)
    absent = make_guest(session, 8)
    make_registration(session, evening.event, absent)
    me, *others = evening.people
    assert {other.id for other in others_listed(session, evening.event.id, me.id)} == {
        one.id for one in others
    }


def test_the_others_come_by_reading(session: Session) -> None:
    evening = make_evening(session, 1)
    for name in ("わたなべ", "あおき", "すずき"):
        arrive(session, evening.event, make_guest(session, 3, reading=name))
    me = evening.people[0]
    readings = [other.reading for other in others_listed(session, evening.event.id, me.id)]
    assert readings == ["あおき", "すずき", "わたなべ"]


@pytest.mark.parametrize("who", [0, 1])
def test_a_block_hides_both_from_each_other(session: Session, who: int) -> None:
    evening = make_evening(session, 3)
    me, other, third = evening.people
    pair = (me, other) if who == 0 else (other, me)
    block(session, pair[0].id, pair[1].id, NOW)
    assert [one.id for one in others_listed(session, evening.event.id, me.id)] == [third.id]


def test_one_talk_makes_one_encounter_whoever_says_so(session: Session) -> None:
    evening = make_evening(session, 2)
    a, b = evening.people
    met = closing.save_talks(session, evening.place(session, b), {a.id}, NOW)
    again = closing.save_talks(session, evening.place(session, a), {b.id}, NOW)
    assert met == {(a.id, b.id)} == again
    rows = session.execute(select(Encounter.a_id, Encounter.b_id)).all()
    assert rows == [(a.id, b.id)]


def test_a_talk_taken_back_by_both_is_no_encounter(session: Session) -> None:
    evening = make_evening(session, 2)
    a, b = evening.people
    closing.save_talks(session, evening.place(session, a), {b.id}, NOW)
    closing.save_talks(session, evening.place(session, b), {a.id}, NOW)
    closing.save_talks(session, evening.place(session, a), set(), NOW)
    assert count(session, Encounter) == 1
    closing.save_talks(session, evening.place(session, b), set(), NOW)
    assert count(session, Encounter) == count(session, Talk) == 0


def test_who_is_not_on_the_list_is_passed_over(session: Session) -> None:
    evening = make_evening(session, 3)
    me, blocked, other = evening.people
    block(session, blocked.id, me.id, NOW)
    stranger = make_person(session)
    chosen = {blocked.id, stranger.id, other.id, me.id, 999_999}
    closing.save_talks(session, evening.place(session, me), chosen, NOW)
    closing.save_agains(session, evening.place(session, me), chosen, NOW)
    assert closing.talked_with(session, evening.event.id, me.id) == {other.id}
    assert closing.wanted_again(session, evening.event.id, me.id) == {other.id}


def test_again_by_one_gives_nothing_to_tell(session: Session) -> None:
    evening = make_evening(session, 2)
    a, b = evening.people
    assert closing.save_agains(session, evening.place(session, a), {b.id}, NOW) == set()


def test_again_by_both_gives_the_pair(session: Session) -> None:
    evening = make_evening(session, 2)
    a, b = evening.people
    closing.save_agains(session, evening.place(session, a), {b.id}, NOW)
    assert closing.save_agains(session, evening.place(session, b), {a.id}, NOW) == {(a.id, b.id)}


def test_again_taken_back_is_gone(session: Session) -> None:
    evening = make_evening(session, 2)
    a, b = evening.people
    closing.save_agains(session, evening.place(session, a), {b.id}, NOW)
    closing.save_agains(session, evening.place(session, a), set(), NOW)
    assert count(session, Again) == 0
    assert closing.save_agains(session, evening.place(session, b), {a.id}, NOW) == set()


def test_a_wish_towards_somebody_unseen_for_now_stays_as_it_is(session: Session) -> None:
    evening = make_evening(session, 3)
    me, other, third = evening.people
    closing.save_agains(session, evening.place(session, me), {other.id}, NOW)
    block(session, other.id, me.id, NOW)
    closing.save_agains(session, evening.place(session, me), {third.id}, NOW)
    assert closing.wanted_again(session, evening.event.id, me.id) == {other.id, third.id}


def test_finishing_twice_keeps_the_first_time(session: Session) -> None:
    evening = make_evening(session, 2)
    place = evening.place(session, evening.people[0])
    assert closing.finish(session, place, NOW)
    assert not closing.finish(session, place, LATER)
    assert session.scalars(select(Closing.finished_at)).all() == [NOW]


def test_only_those_present_are_counted_as_having_answered(session: Session) -> None:
    evening = make_evening(session, 3)
    closing.finish(session, evening.place(session, evening.people[0]), NOW)
    make_registration(session, evening.event, make_person(session))
    done = answered(session, evening.event.id)
    assert (done.finished, done.present) == (1, 3)


def test_it_opens_a_quarter_of_an_hour_before_the_end(session: Session) -> None:
    evening = make_evening(session, 2)
    place = evening.place(session, evening.people[0])
    assert closing.barrier(place, NOW - timedelta(minutes=6)) is ClosingBarrier.NOT_OPEN_YET
    assert closing.barrier(place, NOW - timedelta(minutes=5)) is None


def test_it_closes_two_weeks_after_the_event(session: Session) -> None:
    evening = make_evening(session, 2)
    place = evening.place(session, evening.people[0])
    late = evening.event.ends_at + timedelta(days=14, seconds=1)
    assert closing.barrier(place, late) is None
    with pytest.raises(Refused) as refused:
        closing.save_talks(session, place, {evening.people[1].id}, late)
    assert refused.value.reason is ClosingBarrier.TOO_LATE
    assert count(session, Talk) == 0


def test_who_was_not_there_is_told_so(session: Session) -> None:
    evening = make_evening(session, 2)
    session.query(CheckIn).first().voided_at = NOW  # type: ignore[union-attr]
    session.flush()
    assert closing.barrier(evening.place(session, evening.people[0]), NOW) is ClosingBarrier.NOT_PRESENT


def test_a_cancelled_event_has_no_closing(session: Session) -> None:
    evening = make_evening(session, 2, state=EventState.CANCELLED)
    assert closing.barrier(evening.place(session, evening.people[0]), NOW) is ClosingBarrier.EVENT_CANCELLED


def test_strangers_have_no_place(session: Session) -> None:
    evening = make_evening(session, 2)
    for person in (make_person(session), evening.host):
        with pytest.raises(NotFound):
            place_of(session, person.id, evening.event.public_id)
    for event_id in ("no", "x" * 22):
        with pytest.raises(NotFound):
            place_of(session, evening.people[0].id, event_id)


def test_the_first_page_knows_an_open_closing(session: Session) -> None:
    evening = make_evening(session, 2)
    me = evening.people[0]
    far = make_event(session, evening.circle)
    make_registration(session, far, me)
    assert open_closing(session, me.id, NOW - timedelta(minutes=30)) is None
    assert open_closing(session, me.id, NOW) is evening.event
    closing.finish(session, evening.place(session, me), NOW)
    assert open_closing(session, me.id, NOW) is None
