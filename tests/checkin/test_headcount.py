"""How many have come of how many: exact as long as they could all sit, then a second old at most."""

import pytest
from sqlalchemy import event as listening
from sqlalchemy.orm import Session

from organizer.checkin import headcount
from organizer.checkin.headcount import ENOUGH, SECONDS
from tests.checkin.rows import Evening, make_evening


@pytest.fixture
def evening(session: Session) -> Evening:
    evening = make_evening(session, 3)
    evening.scan(evening.guests[0].code)
    return evening


def test_what_a_scan_saw_is_told_without_another_look(evening: Evening) -> None:
    connection = evening.session.connection()
    sent: list[str] = []
    listening.listen(connection, "before_cursor_execute", lambda *given: sent.append(given[2]))
    assert headcount.told(connection, evening.event.id, (1, 3)) == (1, 3)
    assert sent == []


def test_a_crowd_is_counted_once_a_second(evening: Evening) -> None:
    session, id_, clock = evening.session, evening.event.id, [100.0]

    def told(come: int, admitted: int) -> tuple[int, int]:
        return headcount.told(session.connection(), id_, (come, admitted), lambda: clock[0])

    assert told(ENOUGH, ENOUGH) == (1, 3)
    assert told(7, ENOUGH) == (7, 3)
    evening.scan(evening.guests[1].code)
    evening.guest()
    assert told(ENOUGH, ENOUGH) == (1, 3)
    clock[0] += SECONDS + 0.1
    assert told(ENOUGH, ENOUGH) == (2, 4)
    assert headcount.exactly(session.connection(), id_) == (2, 4)
