"""Migrations and models agree, on both databases, and every earlier state can be upgraded."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from organizer.db import Code, Database, UtcDateTime
from organizer.migrations import alembic_config, head, is_current, upgrade
from organizer.models import metadata
from tests import services

DAY = datetime(2026, 4, 10, 12, tzinfo=UTC)
_HERE = {"circle_id": 1, "event_id": 1}
BEFORE_THE_DOOR: list[tuple[str, dict[str, object]]] = [
    (
        "circle",
        {"id": 1, "slug": "asa", "name": "朝の会", "description": "", "time_zone": "Asia/Tokyo"}
        | {"sharing_rule": "open", "created_at": DAY}
        | dict.fromkeys(("sender_name", "sender_address", "sender_contact", "privacy_notice"), ""),
    ),
    (
        "event",
        {"id": 1, "public_id": "e" * 22, "circle_id": 1, "state": "published", "title": "朝の会", "mode": "venue"}
        | dict.fromkeys(("description", "place", "address", "online_url", "phone", "cancel_words"), "")
        | dict.fromkeys(("starts_at", "doors_open_at", "deadline_at", "created_at"), DAY)
        | {"ends_at": DAY + timedelta(hours=2), "kind": "morning", "admission": "approval"}
        | {"waiting_order": "by_fit", "sharing_rule": "open", "capacity": 20, "overbooking": 0, "fee_yen": 0}
        | {"rounds": 4, "round_minutes": 10, "table_size": 4, "sequence": 0}
        | {"promotes": True, "holds_matches": False},
    ),
    (
        "person",
        {"id": 1, "public_id": "p" * 22, "name": "", "reading": "", "phone": "", "locale": "ja"}
        | {"prompt_hour": 9, "search_key": "", "created_at": DAY},
    ),
    (
        "registration",
        {"id": 1, "public_id": "r" * 22, "person_id": 1, "state": "admitted", "target_by_host": False} | _HERE
        | dict.fromkeys(("counted", "answers", "profile"), "[]")
        | {"vocabulary_version": 1, "introducer": "", "topic": "", "copy_to": "", "applied_at": DAY}
        | {"listed": True, "first_time": True},
    ),
    (
        "scan",
        {"id": 1, "key": "k" * 32, "request_hash": "h", "method": "scan", "door": "", "result": "admitted"} | _HERE
        | {"facts": "{}", "offline": False, "at": DAY, "received_at": DAY, "registration_id": 1},
    ),
    (
        "check_in",
        {"id": 1, "registration_id": 1, "scan_id": 1, "method": "scan", "door": "", "at": DAY} | _HERE,
    ),
]  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[Database]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield database
        database.dispose()
        return
    with services.postgres(worker_id) as url:
        database = Database(url)
        yield database
        database.dispose()


def _differs(
    _context: object, _inspected: object, _column: object, _found: object, kind: object
) -> bool | None:
    """Our own types are text and timestamps in the database, and nothing to compare."""
    return False if isinstance(kind, Code | UtcDateTime) else None


def _live_through_the_door(empty: Database) -> None:
    """An evening of the time before the door, brought up to date."""
    upgrade(empty, "0003")
    with empty.transaction() as session:
        for table, row in BEFORE_THE_DOOR:
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join(f":{name}" for name in row)
            session.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), row)
    upgrade(empty)


def test_models_and_migrations_agree(empty: Database) -> None:
    upgrade(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": _differs})
        differences = compare_metadata(context, metadata)
    assert not differences


def test_upgrades_every_earlier_state(empty: Database) -> None:
    revisions = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()]
    for revision in reversed(revisions):
        upgrade(empty, revision)
        with empty.engine.connect() as connection:
            assert MigrationContext.configure(connection).get_current_revision() == revision
    with empty.engine.connect() as connection:
        assert is_current(connection)
        assert head() == revisions[0]


def test_a_second_upgrade_changes_nothing(empty: Database) -> None:
    upgrade(empty)
    upgrade(empty)
    with empty.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) == set(metadata.tables) | {"alembic_version"}


def test_rows_that_point_to_a_rebuilt_table_stay(empty: Database) -> None:
    """SQLite rebuilds a table to change it; dropping the old one must not reach the rows that point to it."""
    _live_through_the_door(empty)
    with empty.engine.connect() as connection:
        found = connection.execute(text("SELECT scan_id, device_id, at FROM check_in")).one()
        entered = connection.execute(text("SELECT entered FROM scan")).scalar()
        legal_name = connection.execute(text("SELECT legal_name FROM circle")).scalar()
    assert (found.scan_id, found.device_id, bool(entered), legal_name) == (1, None, True, "")


def test_a_step_back_knows_what_the_words_of_today_were(empty: Database) -> None:
    _live_through_the_door(empty)
    with empty.transaction() as session:
        session.execute(text("UPDATE scan SET method = 'kiosk'"))
        session.execute(text("UPDATE check_in SET method = 'walk_in'"))
    with empty.rebuilding() as connection:
        command.downgrade(alembic_config(connection), "0003")
    with empty.engine.connect() as connection:
        methods = [
            connection.execute(text(f"SELECT method FROM {table}")).scalar() for table in ("scan", "check_in")
        ]
    assert methods == ["search", "search"]
    upgrade(empty)


def test_a_migration_is_whole_or_not_at_all(empty: Database) -> None:
    def cut_short() -> None:
        with empty.rebuilding() as connection:
            command.upgrade(alembic_config(connection), "head")
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        cut_short()
    with empty.engine.connect() as connection:
        assert inspect(connection).get_table_names() == []


def test_guards_stand_in_the_database(empty: Database) -> None:
    upgrade(empty)
    with empty.engine.connect() as connection:
        names = {
            index["name"] for table in metadata.tables for index in inspect(connection).get_indexes(table)
        }
        checks = connection.execute(text("SELECT 1")).scalar()
    assert checks == 1
    assert {
        "uq_registration_live",
        "uq_check_in_standing",
        "uq_ticket_standing",
        "uq_fee_payment_standing",
    } <= names
