"""The locks: every package with its version and hashes, made from setup.cfg and package.json, never by hand."""

import configparser
import os
import re
import shutil
import tempfile
import tomllib
import venv
from pathlib import Path

from chores import browser_parts
from chores.environment import LOCKS
from chores.say import ROOT, Trouble, pip, quietly, step
from chores.stamps import digest

# What each lock holds besides the plain requirements. A house that runs can also speak to PostgreSQL and Redis.
EXTRAS = {"test": ("postgres", "redis", "test"), "run": ("postgres", "redis")}


def renew(words: list[str]) -> None:
    """Bring the locks in line with setup.cfg and package.json; ARGS=--upgrade takes the newest of everything."""
    with tempfile.TemporaryDirectory() as scratch:
        with step("Borrowing uv"):
            venv.create(scratch, with_pip=True, symlinks=True)
            python = Path(scratch) / "bin" / "python"
            pip(python, "install", "uv")
        for lock in EXTRAS:
            with step(f"Resolving {lock}.lock"):
                _compile(Path(scratch), lock, words)
    with step("Resolving package-lock.json"):
        _lock_browser_parts()


def requirements(lock: str) -> list[str]:
    """What setup.cfg (and the build system of pyproject.toml) ask for, for one lock."""
    house = configparser.ConfigParser()
    house.read(ROOT / "setup.cfg", encoding="utf-8")
    asked = house["options"]["install_requires"]
    asked += "".join(house["options.extras_require"][extra] for extra in EXTRAS[lock])
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    return sorted({*filter(None, map(str.strip, asked.splitlines())), *build})


def head(lock: str) -> str:
    """The first line of a lock: it tells which wishes it was made from."""
    return f"# Made by `make lock` from setup.cfg; never edited by hand. Wishes: {digest(requirements(lock))[:16]}\n"


def agrees(lock: str) -> bool:
    """Whether a lock was made from what setup.cfg says now."""
    return (LOCKS / f"{lock}.lock").read_text(encoding="utf-8").startswith(head(lock))


def _compile(scratch: Path, lock: str, words: list[str]) -> None:
    wishes, fresh, kept = scratch / f"{lock}.in", scratch / f"{lock}.lock", LOCKS / f"{lock}.lock"
    wishes.write_text("\n".join(requirements(lock)), encoding="utf-8")
    if kept.exists():
        shutil.copyfile(kept, fresh)
    # The smaller lock follows the larger, so that one environment can hold both.
    bound = ["--constraint", "test.lock"] if lock == "run" else []
    options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]
    uv = [str(scratch / "bin" / "uv"), "--quiet", "--no-config", "pip", "compile", *options, *bound, *words]
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIP_"))}
    quietly([*uv, wishes.name, "-o", fresh.name], cwd=scratch, env=plain)
    text = fresh.read_text(encoding="utf-8")
    if re.search(r"https?://|file:|--index|--find-links", text):
        raise Trouble(f"{lock}.lock would name where packages came from")
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(head(lock) + text, encoding="utf-8")


def _lock_browser_parts() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(ROOT / name, Path(scratch) / name)
        words = ["install", "--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved"]
        browser_parts.npm(words, Path(scratch))
        shutil.copyfile(Path(scratch) / "package-lock.json", ROOT / "package-lock.json")
