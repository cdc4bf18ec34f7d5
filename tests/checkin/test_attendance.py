"""Who was there by the host's word: the list typed in, the rest, parties at the door, and each taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.audit.models import AuditEntry
from organizer.checkin import attendance, parties, queries, service
from organizer.checkin.models import Absence, CheckIn, Scan
from organizer.domain.door import Attendance, Away
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.ticketing import CheckInMethod, RefusalReason
from organizer.errors import NotFound, Refused
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW

PRESENT, ABSENT, EXCUSED = Attendance


@pytest.fixture
def evening(session: Session) -> Evening:
    return make_evening(session, 4)


def mark(evening: Evening, *states: Attendance | None, now: object = NOW) -> int | None:
    marks = {
        guest.registration.public_id: state for guest, state in zip(evening.guests, states, strict=False)
    }
    return attendance.mark(evening.session, evening.event, marks, by_id=evening.owner.id, now=now)  # type: ignore[arg-type]


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


def test_long_after_the_door_has_closed_and_not_before_it_opens(evening: Evening) -> None:
    mark(evening, PRESENT, now=evening.event.ends_at + timedelta(days=3))
    assert states(evening)[0] is PRESENT
    for now, state in ((NOW - timedelta(days=1), EventState.PUBLISHED), (NOW, EventState.CANCELLED)):
        evening.event.state = state
        with pytest.raises(Refused) as refused:
            mark(evening, ABSENT, now=now)
        assert refused.value.reason is RefusalReason.NOT_YET_OPEN


def test_the_rest_is_absent_and_who_was_marked_stays(evening: Evening) -> None:
    mark(evening, PRESENT, EXCUSED)
    entry = attendance.mark_rest(evening.session, evening.event, ABSENT, by_id=evening.owner.id, now=NOW)
    assert entry is not None
    assert attendance.people_of(evening.session, entry) == 2
    assert states(evening) == [PRESENT, EXCUSED, ABSENT, ABSENT]
    assert attendance.take_back(evening.session, evening.event, entry, by_id=evening.owner.id, now=NOW)
    assert states(evening) == [PRESENT, EXCUSED, None, None]


def test_taken_back_everything_is_as_before_once(evening: Evening) -> None:
    session = evening.session
    evening.scan(evening.guests[0].code)
    mark(evening, None, EXCUSED)
    entry = mark(evening, ABSENT, PRESENT, PRESENT)
    assert entry is not None
    assert states(evening) == [ABSENT, PRESENT, PRESENT, None]
    assert attendance.take_back(session, evening.event, entry, by_id=evening.owner.id, now=NOW)
    # None for the first was a mark, too: their scan had been annulled before
    assert states(evening)[1:] == [EXCUSED, None, None]
    assert not attendance.take_back(session, evening.event, entry, by_id=evening.owner.id, now=NOW)
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act.like("attendance.%"))).all()
    assert acts.count(attendance.TAKEN_BACK) == 1


def test_a_scan_that_a_mark_annulled_counts_again_when_that_is_taken_back(evening: Evening) -> None:
    session = evening.session
    evening.scan(evening.guests[0].code)
    arrived = queries.arrivals(session, evening.event.id)
    entry = mark(evening, ABSENT)
    assert entry is not None
    assert queries.arrivals(session, evening.event.id) == {}
    assert session.scalars(select(Scan.annulled_at)).all() == [NOW]
    attendance.take_back(session, evening.event, entry, by_id=evening.owner.id, now=NOW)
    assert queries.arrivals(session, evening.event.id) == arrived
    assert session.scalars(select(Scan.annulled_at)).all() == [None]


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
    assert attendance.mark(evening.session, evening.event, marks, by_id=evening.owner.id, now=NOW) is None
    assert standing(evening.session, CheckIn) == 0
    entry = mark(evening, PRESENT)
    assert entry is not None
    with pytest.raises(NotFound):
        attendance.take_back(evening.session, other.event, entry, by_id=evening.owner.id, now=NOW)


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
