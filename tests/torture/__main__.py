"""The long runs: races by the thousand, the web and the workers killed again and again.

`python -m tests.torture [--only races|door|letters|prompts] [--rounds 50] [--kills 30] [--seed 1]`

Prints the figures that stand in docs/torture.md; ends with 1 when anything was lost, doubled or broken.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

from tests.bench.scans import durable_postgres
from tests.torture.door import DoorFigures, kill_the_door
from tests.torture.letters import LetterFigures, kill_the_workers

HERE = Path(__file__).parent
Figures = DoorFigures | LetterFigures


def main(words: Sequence[str] | None = None) -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", choices=sorted(PARTS), action="append", help="one part (all)")
    parser.add_argument("--rounds", type=int, default=50, help="rounds of each race, 32 threads each (50)")
    parser.add_argument("--kills", type=int, default=30, help="kills of each loop, on each database (30)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the chances taken (the clock)")
    asked = parser.parse_args(words)
    print(f"seed {asked.seed}")
    results = {name: PARTS[name](asked) for name in asked.only or PARTS}
    print()
    for name, good in results.items():
        print(f"{name:<8} {'held' if good else 'BROKEN'}")
    return 0 if all(results.values()) else 1


def races(asked: argparse.Namespace) -> bool:
    """Every race of tests/races with its twin, many rounds."""
    return _pytest([str(HERE.parent / "races")], RACE_ROUNDS=str(asked.rounds))


def prompts(asked: argparse.Namespace) -> bool:
    """Workers killed amid prompts."""
    found = sorted(map(str, HERE.glob("test_*.py")))
    return not found or _pytest(found, TORTURE_KILLS=str(asked.kills))


def door(asked: argparse.Namespace) -> bool:
    """The web killed under scans."""
    return _on_both("scans acknowledged, then the web killed", asked, kill_the_door)


def letters(asked: argparse.Namespace) -> bool:
    """Workers killed amid letters."""
    return _on_both("letters, the worker killed amid sending", asked, kill_the_workers)


PARTS: dict[str, Callable[[argparse.Namespace], bool]] = {
    "races": races,
    "door": door,
    "letters": letters,
    "prompts": prompts,
}


def _pytest(words: list[str], **environ: str) -> bool:
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    code = subprocess.run(command, env={**os.environ, **environ}, check=False).returncode
    print(f"{' '.join(Path(word).name for word in words)}: {time.monotonic() - began:.0f} s, exit {code}")
    return code == 0


def _on_both(title: str, asked: argparse.Namespace, loop: Callable[..., Figures]) -> bool:
    print(f"\n{title}")
    good = True
    for name in ("sqlite", "postgresql"):
        with _place(name) as (folder, url):
            began = time.monotonic()
            figures = loop(folder, asked.kills, url, asked.seed)
            said = " · ".join(f"{part.name} {getattr(figures, part.name)}" for part in fields(figures))
            print(f"{name:<10} {said} · {time.monotonic() - began:.0f} s", flush=True)
            good = good and figures.sound
    return good


@contextmanager
def _place(name: str) -> Iterator[tuple[Path, str | None]]:
    """A folder for a house, and the database it uses: one that waits for the disk."""
    with tempfile.TemporaryDirectory(prefix="enishi-torture-") as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        (folder / "house").mkdir()
        if name == "sqlite":
            yield folder / "house", None
            return
        with durable_postgres(folder) as url:
            yield folder / "house", url


if __name__ == "__main__":
    raise SystemExit(main())
