"""What must lie ready before the first request: the data folder, the schema, the demo circle, the browser parts."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from organizer import migrations
from organizer.clock import follow
from organizer.config import Config
from organizer.db import Database
from organizer.running.plainly import Unusable
from organizer.web import assets


def prepare(config: Config) -> bool:
    """Make the data folder and bring the schema up to date. Whether the database was empty before."""
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(config.database_url)
    try:
        with database.transaction(writes=False) as session:
            revision = migrations.revision_of(session.connection())
        if revision != migrations.head():
            migrations.upgrade(database)
    finally:
        database.dispose()
    return revision is None


@contextmanager
def at_hand(*, writes: bool) -> Iterator[Session]:
    """A transaction in the database that the environment names, by its clock. Unusable where nothing is set up."""
    config = Config.from_environ(os.environ)
    follow(config.now)
    database = Database(config.database_url)
    try:
        with database.transaction(writes=writes) as session:
            if not migrations.is_current(session.connection()):
                raise Unusable("the database is not set up, or not up to date: organizer setup")
            yield session
    finally:
        database.dispose()


def demo_sign_ins(config: Config, environ: Mapping[str, str], fresh: bool) -> str:
    """Who of the demo circle can sign in, a line each; the circle is loaded into each database once.

    A process of its own loads it, so that this one stays small, and the next start is quick.
    """
    if not config.development:
        return ""
    database = hashlib.sha256(config.database_url.encode()).hexdigest()[:8]
    note = config.data_dir / f"demo-{database}.txt"
    if fresh or not note.is_file():
        command = [sys.executable, "-m", "organizer.cli", "demo"]
        done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=True)
        note.write_text(done.stdout, encoding="utf-8")
    return note.read_text(encoding="utf-8")


def missing_parts() -> list[str]:
    """The browser parts and fonts that this installation lacks, by their names."""
    parts = {
        "barcode-detector": Path(assets.folder("static"), "vendor", "barcode-detector", "zxing_reader.wasm"),
        "Noto Sans JP": Path(__file__).parents[1] / "fonts" / "NotoSansJP-Regular.ttf",
    }
    return [name for name, path in parts.items() if not path.is_file()]
