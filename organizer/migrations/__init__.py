"""Migrations, run from inside the package: no alembic.ini, no shell."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from organizer.db import Database

HERE = Path(__file__).parent


def alembic_config(connection: Connection | None = None) -> AlembicConfig:
    """Alembic's settings; `connection` is the one to work on."""
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(HERE))
    settings.attributes["connection"] = connection
    return settings


@cache
def head() -> str | None:
    """The newest revision."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def revision_of(connection: Connection) -> str | None:
    """The revision a database stands at, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def is_current(connection: Connection) -> bool:
    """Whether the database has every migration."""
    return revision_of(connection) == head()


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to date, whole or not at all."""
    with database.transaction() as session:
        command.upgrade(alembic_config(session.connection()), revision)
