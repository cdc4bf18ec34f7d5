"""The house's way with its database: who only reads never writes, and what is refused leaves nothing behind."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from organizer.db import Database, ReadOnly, add_missing, after_commit
from organizer.people.models import Block, Person, RateHit
from tests.factories import NOW, make_person

STATEMENTS = {
    "insert": insert(RateHit).values(key="k", hits=1, expires_at=0.0),
    "update": update(Person).values(name="x"),
    "delete": delete(Person),
}


@pytest.mark.parametrize("kind", STATEMENTS)
def test_who_only_reads_sends_no_writing_statement(both_databases: Database, kind: str) -> None:
    with both_databases.session(writes=False) as session, pytest.raises(ReadOnly):
        session.execute(STATEMENTS[kind])


def test_who_only_reads_changes_no_row(both_databases: Database) -> None:
    with both_databases.session(writes=False) as session:
        session.add(RateHit(key="k", hits=1, expires_at=0.0))
        with pytest.raises(ReadOnly):
            session.flush()


def test_only_what_is_missing_is_added(session: Session) -> None:
    one, other, third = (make_person(session) for _ in range(3))
    session.flush()
    pair = {"person_id": one.id, "other_id": other.id, "created_at": NOW}
    assert add_missing(session, Block, []) == 0
    assert add_missing(session, Block, [pair]) == 1
    assert add_missing(session, Block, [pair, pair | {"other_id": third.id}]) == 1
    assert session.scalar(select(func.count()).select_from(Block).where(Block.person_id == one.id)) == 2


def test_a_row_that_points_to_nothing_ends_a_rebuilding(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'rebuilt.db'}")
    with database.rebuilding() as connection:
        connection.exec_driver_sql("CREATE TABLE one (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE other (one_id INTEGER REFERENCES one (id))")
    astray = "INSERT INTO other VALUES (7)"
    with (
        pytest.raises(ValueError, match="a row of other points to no one"),
        database.rebuilding() as connection,
    ):
        connection.exec_driver_sql(astray)
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(text(astray))
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM other").scalar() == 0
    database.dispose()


def test_an_instant_needs_its_zone(session: Session) -> None:
    with pytest.raises(StatementError, match="time zone"):
        session.execute(update(Person).values(created_at=datetime(2026, 12, 11, 7, 0)))  # noqa: DTZ001


def test_what_waits_for_the_commit_is_dropped_with_it(sqlite_database: Database) -> None:
    called: list[str] = []

    def break_off() -> None:
        with sqlite_database.transaction() as session:
            after_commit(session, lambda: called.append("never"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    with sqlite_database.transaction() as session:
        after_commit(session, lambda: called.append("after"))
        assert not called
    assert called == ["after"]


@pytest.mark.parametrize("writes", [False, True])
def test_every_connection_waits_for_the_disk(
    sqlite_database: Database, postgres_database: Database, writes: bool
) -> None:
    """What was answered survives a cut of the power: read off several living connections, whatever the server says."""
    for database in (sqlite_database, postgres_database):
        engine = database.engine.execution_options(writes=writes)
        for _ in range(3):
            with engine.connect() as one, database.engine.connect() as other:
                for connection in (one, other):
                    assert _settings(database, connection) == _DURABLE[database.sqlite]


_DURABLE = {True: {"synchronous": 2, "journal_mode": "wal"}, False: {"synchronous_commit": "on"}}


def _settings(database: Database, connection: Connection) -> dict[str, object]:
    """What a connection says of its own way of writing; SQLite's FULL is 2."""
    ask = "PRAGMA {}" if database.sqlite else "SHOW {}"
    return {name: connection.exec_driver_sql(ask.format(name)).scalar() for name in _DURABLE[database.sqlite]}


def test_the_server_of_these_tests_does_not(postgres_database: Database) -> None:
    """Else what is read off the connections would prove nothing."""
    with postgres_database.engine.connect() as connection:
        said = connection.exec_driver_sql(
            "SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit'"
        ).scalar()
    assert said == "off"
