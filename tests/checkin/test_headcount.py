"""How many have come of how many: exact as long as they could all sit, then a second old at most."""

import re

import pytest
from sqlalchemy import event as listening
from sqlalchemy import text
from sqlalchemy.orm import Session

from organizer.checkin import headcount
from organizer.checkin.headcount import ENOUGH, SECONDS
from organizer.checkin.scanning import PLAIN
from organizer.db import Database
from organizer.tokens import digest
from tests.bench.crowd import make_hall
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


def test_postgres_keeps_its_plan_for_every_event(postgres_database: Database) -> None:
    """One for all costs no more than one for this event alone: else each scan would be planned anew."""
    with postgres_database.engine.connect() as connection:
        session = Session(connection)
        make_hall(session, 1000)
        connection.execute(text("ANALYZE registration"))
        connection.execute(text("SET LOCAL enable_seqscan = off"))  # as where there are many such events
        evening = make_evening(session, 2)
        given = {"event_id": evening.event.id, "code_hash": digest(evening.guests[0].code)}
        query = PLAIN.by_code.compile(dialect=connection.dialect)
        names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", str(query))))
        numbered = re.sub(r"%\((\w+)\)s", lambda name: f"${names.index(name[1]) + 1}", str(query))
        values = ", ".join(f"'{(query.params | given)[name]}'" for name in names)
        connection.exec_driver_sql(f"PREPARE seen AS {numbered}")
        cost = {}
        for mode in ("force_generic_plan", "force_custom_plan"):
            connection.exec_driver_sql(f"SET LOCAL plan_cache_mode = {mode}")
            plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) EXECUTE seen ({values})").scalar_one()
            cost[mode] = plan[0]["Plan"]["Total Cost"]
        connection.exec_driver_sql("DEALLOCATE seen")
        connection.rollback()
        assert cost["force_generic_plan"] <= cost["force_custom_plan"]
