"""Alembic's entry: works on the connection it is given, in that connection's transaction."""

from typing import Literal

from alembic import context
from sqlalchemy.engine import Connection

from organizer.db import Code, UtcDateTime
from organizer.models import metadata


def plain_type(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Our own column types as what they are in the database: a migration must not depend on code that moves on."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Code):
        return "sa.String(length=40)"
    return False


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=plain_type,
    transaction_per_migration=False,
    transactional_ddl=False,
)
context.run_migrations()
