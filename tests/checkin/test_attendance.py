"""Who was there by the host's word: the list typed in, the rest, parties at the door, and each taken back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.audit.models import AuditEntry
from organizer.checkin import attendance, attendance_undo, conflicts, parties, queries, service
from organizer.checkin.annulling import annul
from organizer.checkin.callers import Caller
from organizer.checkin.models import Absence, CheckIn, Scan
from organizer.domain.door import Attendance, Away
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.ticketing import CheckInMethod, RefusalReason, ScanResult
from organizer.errors import NotFound, Refused
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW

PRESENT, ABSENT, EXCUSED = Attendance


@pytest.fixture
def evening(session: Session) -> Evening:
    return make_evening(session, 4)


def mark(evening: Evening, *states: Attendance | None, now: datetime = NOW) -> int | None:
    marks = {
        guest.registration.public_id: state for guest, state in zip(evening.guests, states, strict=False)
    }
    return attendance.mark(evening.session, evening.event, marks, by_id=evening.owner.id, now=now).entry_id


def take_back(evening: Evening, entry: int | None) -> bool:
    assert entry is not None
    return attendance_undo.take_back(
        evening.session, evening.event, entry, by_id=evening.owner.id, now=NOW + timedelta(hours=1)
    )


def states(evening: Evening) -> list[Attendance | None]:
    """How the guests stand, in their own order."""
    evening.session.expire_all()
    by_id = {line.guest.id: line.state for line in attendance.sheet(evening.session, evening.event)}
    return [by_id[guest.registration.public_id] for guest in evening.guests]


def standing(session: Session, table: type[CheckIn | Absence]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(table.voided_at.is_(None))) or 0


def test_three_states_and_none(evening: Evening) -> None:
    assert states(evening) == [None] * 4
    assert mark(evening, PRESENT, ABSENT, EXCUSED, None) is not None
    assert states(evening) == [PRESENT, ABSENT, EXCUSED, None]
    check_in = evening.session.scalars(select(CheckIn)).one()
    assert (check_in.method, check_in.at, check_in.flagged) == (
        CheckInMethod.PAPER,
        evening.event.starts_at,
        None,
    )
    assert check_in.by_id == evening.owner.id
    assert queries.present_ids(evening.session, evening.event.id) == [evening.guests[0].person.id]
    assert mark(evening, PRESENT, ABSENT, EXCUSED, None) is None, "all stood so"
    assert (standing(evening.session, CheckIn), standing(evening.session, Absence)) == (1, 2)


def test_each_state_turns_into_each_other(evening: Evening) -> None:
    for one in (*Attendance, None):
        for other in (*Attendance, None):
            mark(evening, one)
            mark(evening, other)
            assert states(evening)[0] is other, (one, other)
    assert standing(evening.session, CheckIn) + standing(evening.session, Absence) == 0


def test_long_after_the_door_has_closed(evening: Evening) -> None:
    mark(evening, PRESENT, now=evening.event.ends_at + timedelta(days=3))
    assert states(evening)[0] is PRESENT


def test_before_the_door_opens_only_word_that_somebody_cannot_come_is_noted(evening: Evening) -> None:
    earlier = NOW - timedelta(days=1)
    assert attendance.markable(evening.event, earlier) == (EXCUSED,)
    assert attendance.markable(evening.event, NOW) == (PRESENT, ABSENT, EXCUSED)
    entry = mark(evening, EXCUSED, EXCUSED, now=earlier)
    mark(evening, None, now=earlier)
    assert states(evening) == [None, EXCUSED, None, None]
    for state in (PRESENT, ABSENT):
        with pytest.raises(Refused) as refused:
            mark(evening, EXCUSED, state, now=earlier)
        assert refused.value.reason is RefusalReason.NOT_YET_OPEN
    assert states(evening) == [None, EXCUSED, None, None]
    evening.scan(evening.guests[1].code)
    assert states(evening)[1] is PRESENT, "who comes after all is let in"
    assert take_back(evening, entry)


def test_nothing_is_noted_of_an_event_that_does_not_take_place(evening: Evening) -> None:
    for state, reason in (
        (EventState.CANCELLED, RefusalReason.EVENT_CANCELLED),
        (EventState.DRAFT, RefusalReason.NOT_YET_OPEN),
    ):
        evening.event.state = state
        assert attendance.markable(evening.event, NOW) == ()
        for mark_of in (EXCUSED, None):
            with pytest.raises(Refused) as refused:
                mark(evening, mark_of)
            assert refused.value.reason is reason


def test_who_has_come_since_the_list_was_opened_is_left_as_they_stand(evening: Evening) -> None:
    """The door goes on while somebody ticks names on another screen."""
    one, two, three, four = (guest.registration.public_id for guest in evening.guests)
    seen = dict.fromkeys((one, two, three, four))
    evening.scan(evening.guests[0].code)
    mark(evening, PRESENT, EXCUSED)
    marked = attendance.mark(
        evening.session,
        evening.event,
        {one: ABSENT, two: EXCUSED, three: PRESENT, four: None},
        by_id=evening.owner.id,
        now=NOW,
        seen=seen,
    )
    assert marked.overtaken == (evening.guests[0].person.name,), "the second was meant to stand so anyway"
    assert marked.people == 1
    assert states(evening) == [PRESENT, EXCUSED, PRESENT, None]
    assert evening.session.scalars(select(Scan.annulled_at)).all() == [None]


def test_the_rest_is_absent_and_who_was_marked_stays(evening: Evening) -> None:
    mark(evening, PRESENT, EXCUSED)
    marked = attendance.mark_rest(evening.session, evening.event, ABSENT, by_id=evening.owner.id, now=NOW)
    assert (marked.people, marked.overtaken) == (2, ())
    assert states(evening) == [PRESENT, EXCUSED, ABSENT, ABSENT]
    assert take_back(evening, marked.entry_id)
    assert states(evening) == [PRESENT, EXCUSED, None, None]


def test_taken_back_everything_is_as_before_once(evening: Evening) -> None:
    session = evening.session
    evening.scan(evening.guests[0].code)
    mark(evening, None, EXCUSED)
    entry = mark(evening, ABSENT, PRESENT, PRESENT)
    assert states(evening) == [ABSENT, PRESENT, PRESENT, None]
    assert take_back(evening, entry)
    # None for the first was a mark, too: their scan had been annulled before
    assert states(evening)[1:] == [EXCUSED, None, None]
    assert not take_back(evening, entry)
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act.like("attendance.%"))).all()
    assert acts.count(attendance_undo.TAKEN_BACK) == 1


def test_a_scan_that_a_mark_annulled_counts_again_when_that_is_taken_back(evening: Evening) -> None:
    session = evening.session
    evening.scan(evening.guests[0].code)
    arrived = queries.arrivals(session, evening.event.id)
    entry = mark(evening, ABSENT)
    assert queries.arrivals(session, evening.event.id) == {}
    assert session.scalars(select(Scan.annulled_at)).all() == [NOW]
    assert take_back(evening, entry)
    assert queries.arrivals(session, evening.event.id) == arrived
    assert session.scalars(select(Scan.annulled_at)).all() == [None]


def test_who_came_by_another_way_since_stays_in_by_that_alone(evening: Evening) -> None:
    session, guest = evening.session, evening.guests[0]
    evening.scan(guest.code, "first-" * 4)
    entry = mark(evening, ABSENT)
    evening.scan(guest.code, "second-" * 4, now=NOW + timedelta(minutes=5))
    assert take_back(evening, entry)
    assert queries.arrivals(session, evening.event.id) == {guest.person.id: NOW + timedelta(minutes=5)}
    assert conflicts.number(session, evening.event.id) == 0, "nobody came in twice"
    annulled = session.scalars(select(Scan.key).where(Scan.annulled_at.is_not(None))).all()
    assert annulled == ["first-" * 4]


def test_who_was_annulled_by_hand_before_stays_so(evening: Evening) -> None:
    session, (one, two) = evening.session, evening.guests[:2]
    host = Caller(evening.owner.id, None, sees_list=True, is_host=True)
    for guest, key in ((one, "slip-" * 4), (two, "real-" * 4)):
        evening.scan(guest.code, key)
    annul(session, evening.event, "slip-" * 4, host, NOW)
    entry = mark(evening, ABSENT, ABSENT)
    assert take_back(evening, entry)
    assert states(evening)[:2] == [None, PRESENT]
    assert session.scalars(select(Scan.key).where(Scan.annulled_at.is_not(None))).all() == ["slip-" * 4]


def test_who_a_phone_let_in_does_not_become_absent_with_the_paper(evening: Evening) -> None:
    """The phone was without a network; the host had ticked the name on the list before it could tell."""
    session, (early, late) = evening.session, evening.guests[:2]
    began, device = evening.event.starts_at, evening.device(name="入口")[1]
    entry = mark(evening, PRESENT, PRESENT)
    for guest, at in ((early, began - timedelta(minutes=5)), (late, began + timedelta(minutes=5))):
        told = {"offline": True, "told": ScanResult.ADMITTED, "by": device}
        evening.scan(guest.code, at=at, **told)
    assert take_back(evening, entry)
    assert queries.arrivals(session, evening.event.id) == {
        early.person.id: began - timedelta(minutes=5),
        late.person.id: began + timedelta(minutes=5),
    }


def test_who_gave_their_place_back_meanwhile_is_not_brought_back(evening: Evening) -> None:
    evening.scan(evening.guests[0].code)
    entry = mark(evening, ABSENT)
    evening.guests[0].registration.state = RegistrationState.CANCELLED
    assert take_back(evening, entry)
    assert queries.present_ids(evening.session, evening.event.id) == []


def test_who_comes_after_all_is_present(evening: Evening) -> None:
    mark(evening, ABSENT)
    evening.scan(evening.guests[0].code)
    assert states(evening)[0] is PRESENT
    kinds = evening.session.scalars(select(Absence.kind)).all()
    assert kinds == [Away.ABSENT], "the mark stays in the rows; the arrival counts"


def test_registrations_of_others_are_passed_over(evening: Evening) -> None:
    other = make_evening(evening.session, 1)
    marks = {other.guests[0].registration.public_id: PRESENT, "nothing": PRESENT}
    declined = evening.guest(RegistrationState.DECLINED)
    marks[declined.registration.public_id] = PRESENT
    marked = attendance.mark(evening.session, evening.event, marks, by_id=evening.owner.id, now=NOW)
    assert (marked.people, marked.entry_id) == (0, None)
    assert standing(evening.session, CheckIn) == 0
    entry = mark(evening, PRESENT)
    assert entry is not None
    with pytest.raises(NotFound):
        attendance_undo.take_back(evening.session, other.event, entry, by_id=evening.owner.id, now=NOW)


class TestParties:
    def come(self, evening: Evening, ids: list[str], key: str = "k" * 32) -> parties.Party:
        return parties.check_in(evening.session, evening.event, ids, key, by=evening.staff, now=NOW)

    def test_several_are_in_at_once_and_out_again(self, evening: Evening) -> None:
        ids = [guest.registration.public_id for guest in evening.guests[:3]]
        service.check_in(evening.session, evening.event, ids[0], now=NOW, by=evening.staff)
        party = self.come(evening, ids)
        assert (party.admitted, party.already, party.refused) == (2, 1, 0)
        assert party.entry_id is not None
        again = self.come(evening, ids)
        assert again.admitted == 2, "the same press, the same answer"
        assert standing(evening.session, CheckIn) == 3
        ends = {"by": evening.staff, "device": None, "now": NOW}
        assert parties.take_back(evening.session, evening.event, party.entry_id, **ends) == 2
        assert parties.take_back(evening.session, evening.event, party.entry_id, **ends) == 0
        assert standing(evening.session, CheckIn) == 1

    def test_the_largest_party_is_taken_in_whole(self, session: Session) -> None:
        evening = make_evening(session, 60, capacity=60)
        ids = [guest.registration.public_id for guest in evening.guests]
        assert self.come(evening, [*ids, *ids]).admitted == 60

    def test_a_no_is_told_and_strangers_end_it(self, evening: Evening) -> None:
        declined = evening.guest(RegistrationState.DECLINED).registration.public_id
        known = evening.guests[0].registration.public_id
        party = self.come(evening, [known, declined])
        assert (party.admitted, party.refused, party.reason) == (1, 1, RefusalReason.NOT_ADMITTED)
        other = make_evening(evening.session, 1)
        with pytest.raises(NotFound):
            self.come(
                evening,
                [evening.guests[1].registration.public_id, other.guests[0].registration.public_id],
                "m" * 32,
            )
        assert standing(evening.session, CheckIn) == 1
        with pytest.raises(NotFound):
            parties.take_back(
                evening.session, other.event, party.entry_id or 0, by=None, device=None, now=NOW
            )
