"""What the tests of the pages share: an evening in its closing minutes, and counting statements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from organizer.db import Database
from tests.matches.rows import Evening, make_evening


@pytest.fixture
def evening(rows: Session) -> Evening:
    """Four people at an event of which ten minutes are left."""
    evening = make_evening(rows, 4)
    rows.commit()
    return evening


@pytest.fixture
def statements(database: Database) -> Callable[[], Iterator[list[str]]]:
    """Counts the SQL statements of a block: `with statements() as seen`."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
                seen.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

    return counting  # type: ignore[return-value]
