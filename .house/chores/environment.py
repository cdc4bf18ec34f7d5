"""The virtual environment, filled from a lock whose every package is known by its hash."""

import importlib.util
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from chores import machine
from chores.say import ROOT, pip, step
from chores.stamps import Stamp
from chores.stamps import machine as this_machine

VENV = ROOT / ".venv"
LOCKS = ROOT / ".house" / "locks"


def program(name: str) -> Path:
    """Where the environment keeps a command."""
    return VENV / "bin" / name


def ensure(lock: str) -> None:
    """The environment holds what `lock` ("run" or "test") names, and the house itself as `organizer`."""
    version = _version(program("python"))
    if version is None:
        version = _create()
    if any(_stamp(name, version).holds() for name in {lock, "test"}):
        return
    stamp = _stamp(lock, version)
    stamp.lift()
    _fill(lock)
    stamp.set()


def compiled_parts() -> list[Path]:
    """The sources that are compiled where a compiler is."""
    return sorted(ROOT.glob("organizer/**/*_cy.p*"))


def clean(_words: list[str]) -> None:
    """Remove the environment, the browser parts and what builds left behind; the data stays."""
    for name in (
        ".venv",
        "build",
        "dist",
        "enishi.egg-info",
        "static/vendor",
        "organizer/fonts",
        "tests/vendor",
    ):
        shutil.rmtree(ROOT / name, ignore_errors=True)


def _version(python: Path) -> str | None:
    """The version an interpreter tells, None when it is missing, broken or too old."""
    tell = "import sys; print(sys.version); sys.exit(sys.version_info < (3, 11))"
    try:
        done = subprocess.run([python, "-c", tell], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _create() -> str:
    """A fresh environment made by this interpreter; its version."""
    if importlib.util.find_spec("ensurepip") is None:
        machine.install(["python3-venv"], why="Python's venv")
    with step(f"Making .venv with Python {sys.version.split()[0]}"):
        venv.create(VENV, clear=True, with_pip=True, symlinks=True)
    return sys.version.strip()


def _stamp(lock: str, version: str) -> Stamp:
    house = [ROOT / "setup.cfg", ROOT / "setup.py", ROOT / "pyproject.toml", *compiled_parts()]
    return Stamp(
        VENV / f".filled-{lock}", [LOCKS / f"{lock}.lock", *house, version, this_machine(), str(ROOT)]
    )


def _fill(lock: str) -> None:
    with step(f"Installing what .house/locks/{lock}.lock names (minutes on the first time)"):
        python = program("python")
        pip(python, "install", "--only-binary", ":all:", "--require-hashes", "-r", LOCKS / f"{lock}.lock")
    with step("Installing the house, its hot loop compiled where a compiler is"):
        for old in ROOT.glob("organizer/**/*_cy.*.so"):
            old.unlink()
        pip(python, "install", "--no-deps", "--no-build-isolation", "--no-index", "-e", ROOT)
    if not any(ROOT.glob("organizer/**/*_cy.*.so")):
        print(
            "  No C compiler or no Python headers here: seating runs uncompiled, slower and with the same answers."
        )
