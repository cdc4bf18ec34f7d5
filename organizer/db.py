"""The database: its base class and types, and the one place where a transaction begins and commits."""

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Engine,
    MetaData,
    String,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_TIMEOUT_MS = 10_000


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database. Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Code(TypeDecorator[StrEnum]):
    """A member of an enum, kept as its text. Pair it with `one_of` where the set is closed."""

    impl = String
    cache_ok = True

    def __init__(self, enum: type[StrEnum]) -> None:
        super().__init__(40)
        self.enum = enum

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.enum(value)


def one_of(column: str, enum: type[StrEnum]) -> CheckConstraint:
    """A check that `column` holds a member of `enum`."""
    members = ", ".join(f"'{member.value}'" for member in enum)
    return CheckConstraint(f"{column} IN ({members})", name=f"{column}_known")


class ReadOnly(Exception):
    """A page that only shows tried to write."""


class Database:
    """The engine and its two kinds of session: one that reads, one that writes.

    On SQLite a writer first takes its place in a queue of ours (a file lock, across processes), then says
    BEGIN IMMEDIATE:
    waiting there is fair and quick, while SQLite's own busy handler sleeps and starves.
    """

    def __init__(self, url: str, pool_size: int = 10) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url, pool_size) if self.sqlite else _postgres_engine(url, pool_size)
        self._writing = self.engine.execution_options(writes=True)

    def session(self, writes: bool) -> Session:
        """A new session, of which the caller is the owner: commit, roll back and close it."""
        if writes:
            return Session(self._writing, expire_on_commit=False)
        session = Session(self.engine, expire_on_commit=False)
        self.refuse_writes(session)
        return session

    @staticmethod
    def refuse_writes(session: Session) -> None:
        """Have a session raise ReadOnly instead of writing."""
        session.info["reads_only"] = True
        event.listen(session, "before_flush", _refuse_writes)
        event.listen(session, "do_orm_execute", _refuse_statements)

    @contextmanager
    def transaction(self, writes: bool = True) -> Iterator[Session]:
        """A session that commits when the block ends, and rolls back when it raises."""
        session = self.session(writes)
        try:
            yield session
            session.commit()
            run_after_commit(session)
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()

    @contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """A connection in whose one transaction tables may be rebuilt.

        SQLite can change a table only by making it anew: its foreign keys then rest, so that dropping the old table
        touches no row that points to it, and are all checked before the commit.
        """
        with self._writing.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            if self.sqlite:
                raw.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
                    astray = connection.exec_driver_sql("PRAGMA foreign_key_check") if self.sqlite else None
                    for table, _row, parent, _key in astray or ():
                        raise ValueError(f"a row of {table} points to no {parent}")
            finally:
                if self.sqlite:
                    raw.execute("PRAGMA foreign_keys=ON")

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def add_missing(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert those of `rows` that no unique key refuses; gives how many are new.

    The rows are locked in their order: sort them where two transactions may bring the same ones.
    """
    if not rows:
        return 0
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    adding = insert(table.__table__).values(rows).on_conflict_do_nothing()  # type: ignore[arg-type]
    added = session.execute(adding.execution_options(preserve_rowcount=True))
    return added.rowcount  # type: ignore[attr-defined, no-any-return]


def after_commit(session: Session, act: Callable[[], None]) -> None:
    """Have `act` called once this transaction has been committed; never when it was rolled back."""
    session.info.setdefault("after_commit", []).append(act)


def run_after_commit(session: Session) -> None:
    """Call what waited for the commit. Only the owners of a transaction call this."""
    for act in session.info.pop("after_commit", []):
        act()


def _refuse_writes(session: Session, *_: object) -> None:
    if session.new or session.deleted or any(session.is_modified(row) for row in session.dirty):
        raise ReadOnly("a session that only reads was asked to write")


def _refuse_statements(asked: ORMExecuteState) -> None:
    if asked.is_insert or asked.is_update or asked.is_delete:
        raise ReadOnly("a session that only reads was asked to write")


def _postgres_engine(url: str, pool_size: int) -> Engine:
    plain = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(
        plain, pool_size=pool_size, max_overflow=10, pool_pre_ping=False, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        """Whatever the server says: what was answered has reached its disk."""
        connection.execute("SET synchronous_commit = on")
        connection.commit()

    return engine


def _sqlite_engine(url: str, pool_size: int) -> Engine:
    path = make_url(url).database
    if not path or path == ":memory:":
        raise ValueError("SQLite needs a file: threads and processes share it")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=10,
        hide_parameters=True,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000},
    )
    queue = f"{path}.queue"

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN would be a deferred one
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        record.info["queue"] = os.open(queue, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):
            record = connection.connection._connection_record
            assert record is not None
            fcntl.flock(record.info["queue"], fcntl.LOCK_EX)
            record.info["queued"] = True
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    @event.listens_for(engine, "checkin")
    def _checkin(_connection: Any, record: Any) -> None:
        if record.info.pop("queued", False):
            fcntl.flock(record.info["queue"], fcntl.LOCK_UN)

    @event.listens_for(engine, "close")
    def _close(_connection: Any, record: Any) -> None:
        descriptor = record.info.pop("queue", None)
        if descriptor is not None:
            os.close(descriptor)

    return engine
