"""Migrations and models agree, on both databases, and every earlier state can be upgraded."""

from collections.abc import Iterator
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


def test_a_migration_is_whole_or_not_at_all(empty: Database) -> None:
    def cut_short() -> None:
        with empty.transaction() as session:
            command.upgrade(alembic_config(session.connection()), "head")
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
