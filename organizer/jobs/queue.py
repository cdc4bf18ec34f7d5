"""The queue that carries knocks between processes: Redis where it is configured, else a file of its own in the data folder."""

from collections.abc import Callable

from huey import Huey, RedisHuey, SqliteHuey

from organizer.config import Config
from organizer.jobs.knock import ring_with


def connect(config: Config, work: Callable[[], object] | None = None) -> Huey:
    """Let this process knock; in the worker, `work` is what a knock has done there."""
    if config.redis_url:
        knocks: Huey = RedisHuey("enishi", url=config.redis_url, results=False)
    else:
        config.data_dir.mkdir(parents=True, exist_ok=True)
        knocks = SqliteHuey("enishi", filename=str(config.data_dir / "queue.db"), results=False)

    def sweep() -> None:
        if work is not None:
            work()

    ring_with(knocks.task(name="sweep")(sweep))
    return knocks
