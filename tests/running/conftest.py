"""What the commands need: a house that the environment names, and a umask that is given back."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from organizer.db import Database
from tests import databases
from tests.factories import NOW


@pytest.fixture(autouse=True)
def own_umask() -> Iterator[None]:
    """The command narrows the process's umask; a test process gets its own back."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A migrated database that the command's environment names."""
    url = databases.sqlite(tmp_path / "enishi.db")
    settings = {"ENV": "test", "DATA_DIR": str(tmp_path), "DATABASE_URL": url, "NOW": NOW.isoformat()}
    for name, value in settings.items():
        monkeypatch.setenv(f"ORGANIZER_{name}", value)
    database = Database(url)
    yield database
    database.dispose()
