"""What must lie ready before the first request: the data folder, the schema, the demo circle, the browser parts."""

from pathlib import Path

from organizer import demo, migrations
from organizer.config import Config
from organizer.db import Database
from organizer.running import words
from organizer.web import assets

SignIn = tuple[str, str, str]


def prepare(config: Config) -> None:
    """Make the data folder and bring the schema up to date; say so when browser parts are missing."""
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(config.database_url)
    try:
        migrations.upgrade(database)
    finally:
        database.dispose()
    missing = missing_parts()
    if missing:
        words.say_parts_missing(missing)


def sign_ins(config: Config) -> list[SignIn]:
    """Name, address and password of the demo's people, loaded on the first start; none outside development."""
    return list(demo.load(config)) if config.development else []


def missing_parts() -> list[str]:
    """The browser parts and fonts that this installation lacks, by their names."""
    parts = {
        "barcode-detector": Path(assets.folder("static"))
        / "vendor"
        / "barcode-detector"
        / "zxing_reader.wasm",
        "Noto Sans JP": Path(__file__).parents[1] / "fonts" / "NotoSansJP-Regular.ttf",
    }
    return [name for name, path in parts.items() if not path.is_file()]
