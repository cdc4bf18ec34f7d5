"""The command line of the web server."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

GRACE_SECONDS = 5
WORKER = "organizer.running.worker.PatientWorker"


@dataclass(frozen=True)
class WebServer:
    """How gunicorn serves: `bind` is HOST:PORT or fd://NUMBER; certificate and key together, or neither."""

    bind: str
    workers: int = 2
    threads: int = 8
    certificate: Path | None = None
    key: Path | None = None

    def command(self) -> list[str]:
        """The words to run. There is no access log: addresses of pages can hold what opens them."""
        words = [sys.executable, "-m", "gunicorn", "organizer:create_app()", "--name", "enishi"]
        words += ["--config", "python:organizer.running.preload"]
        words += ["--bind", self.bind, "--worker-class", WORKER]
        words += ["--workers", str(self.workers), "--threads", str(self.threads)]
        words += ["--graceful-timeout", str(GRACE_SECONDS), "--timeout", "60", "--keep-alive", "5"]
        words += ["--no-control-socket", "--log-level", "warning"]
        if os.access("/dev/shm", os.W_OK):  # noqa: S108 - a heartbeat on a busy disk would look like a dead worker
            words += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108
        if self.certificate and self.key:
            words += ["--certfile", str(self.certificate), "--keyfile", str(self.key)]
        return words
