"""What the machine itself must bring: browsers and servers from its own packages."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from chores.say import Trouble, quietly, step

CHROMIUMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def chromium() -> str | None:
    """The path of a Chromium: the one CHROMIUM names, else the first found."""
    wanted = os.environ.get("CHROMIUM")
    return next(filter(None, map(shutil.which, [wanted] if wanted else CHROMIUMS)), None)


def redis_server() -> str | None:
    """The path of redis-server, or of valkey-server, which speaks the same."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


def japanese_font() -> bool:
    """Whether pages can show Japanese here, as far as fontconfig knows."""
    if not shutil.which("fc-list"):
        return Path("/System/Library/Fonts").is_dir()
    listed = subprocess.run(["fc-list", ":lang=ja"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


def ensure_test_programs() -> None:
    """Chromium, Redis and a Japanese font are there. Raises Trouble that names the line to run."""
    wanted = {"chromium": chromium(), "redis-server": redis_server(), "fonts-noto-cjk": japanese_font()}
    missing = [package for package, found in wanted.items() if not found]
    if missing:
        install(missing, why="the browser tests and the tests on Redis")


def test_environ() -> dict[str, str]:
    """This environment, and in it where the test programs are.

    What Python has compiled once is kept, whatever the environment says: houses are started often.
    """
    found = {"CHROMIUM": chromium(), "REDIS_SERVER": redis_server()}
    kept = {name: said for name, said in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {name: path for name, path in found.items() if path}


def install(packages: Sequence[str], why: str) -> None:
    """Install packages of Debian's in one go, as root or by sudo without a question. Raises Trouble."""
    line = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    needs = f"{why} need {', '.join(packages)}"
    if not shutil.which("apt-get"):
        raise Trouble(f"{needs}: please install them with this system's own package manager")
    sudo = _sudo()
    if sudo is None:
        raise Trouble(f"{needs}: please run: sudo apt-get update && sudo {' '.join(line)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step(f"Installing {', '.join(packages)} from Debian"):
        for command in (["apt-get", "update"], line):
            quietly([*sudo, *command], env=quiet)


def _sudo() -> list[str] | None:
    """The words before a command that needs root: none for root, None when there is no way."""
    if os.geteuid() == 0:
        return []
    allowed = (
        shutil.which("sudo")
        and not subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode
    )
    return ["sudo", "-n"] if allowed else None
