"""Migrations, run from inside the package: no alembic.ini, no shell.

Alembic itself is imported when the schema is brought up to date: a web process that only asks where it
stands does without its weight.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from organizer.db import Database

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

HERE = Path(__file__).parent


def alembic_config(connection: Connection | None = None) -> "AlembicConfig":
    """Alembic's settings; `connection` is the one to work on."""
    from alembic.config import Config  # noqa: PLC0415  weight, see above

    settings = Config()
    settings.set_main_option("script_location", str(HERE))
    settings.attributes["connection"] = connection
    return settings


@cache
def head() -> str | None:
    """The newest revision: the number with which the last file's name begins."""
    names = sorted(path.name for path in (HERE / "versions").glob("[0-9]*.py"))
    return names[-1].partition("_")[0] if names else None


def revision_of(connection: Connection) -> str | None:
    """The revision a database stands at, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return str(found) if found else None


def is_current(connection: Connection) -> bool:
    """Whether the database has every migration."""
    return revision_of(connection) == head()


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to date, whole or not at all."""
    from alembic import command  # noqa: PLC0415  weight, see above

    with database.rebuilding() as connection:
        command.upgrade(alembic_config(connection), revision)
