"""The queue that carries knocks between processes: Redis where it is configured, else a file of its own in
the data folder.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from organizer.config import Config
from organizer.jobs.knock import knock, ring_with

if TYPE_CHECKING:
    from huey import Huey


def connect_at_first_knock(config: Config) -> None:
    """Let this process knock; the queue, and the drivers of every database it could use, are loaded when it
    first does.
    """

    def ring() -> None:
        connect(config)
        knock()

    ring_with(ring)


def connect(config: Config, work: Callable[[], object] | None = None) -> "Huey":
    """Let this process knock; in the worker, `work` is what a knock has done there."""
    from huey import RedisHuey, SqliteHuey  # noqa: PLC0415  weight, see above

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
