"""Everything that stands in a database, to see whether something has changed it."""

import hashlib
import re
from typing import Any

from sqlalchemy import Table
from sqlalchemy.engine import Connection

from organizer.models import metadata

WRITTEN_ON_POSTGRES = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::int FROM pg_stat_xact_user_tables"


def contents(connection: Connection, without: str = "(?!)") -> dict[str, list[tuple[Any, ...]]]:
    """All rows by table as the driver gives them, in the order of their ids; `without` the columns that match."""
    hidden, raw = re.compile(without), _raw(connection)
    return {
        table.name: [tuple(row) for row in raw.execute(_all_of(table, hidden)).fetchall()]
        for table in metadata.sorted_tables
    }


def snapshot(connection: Connection) -> dict[str, str]:
    """A digest of each table's rows."""
    return {
        name: hashlib.sha256(repr(rows).encode(errors="surrogatepass")).hexdigest()
        for name, rows in contents(connection).items()
    }


def written(connection: Connection) -> int:
    """How many rows this connection's transaction has ever written, those undone since among them."""
    raw = _raw(connection)
    if connection.dialect.name == "sqlite":
        return int(raw.total_changes)
    return int(raw.execute(WRITTEN_ON_POSTGRES).fetchone()[0] or 0)


def _raw(connection: Connection) -> Any:
    """The driver's own connection: to read everything is a matter of milliseconds there."""
    return connection.connection.driver_connection


def _all_of(table: Table, hidden: re.Pattern[str]) -> str:
    shown = [column for column in table.columns if not hidden.fullmatch(column.name)]
    keys = [column for column in table.primary_key if column in shown] or shown
    columns, order = (", ".join(f'"{column.name}"' for column in some) for some in (shown, keys))
    return f'SELECT {columns} FROM "{table.name}" ORDER BY {order}'
