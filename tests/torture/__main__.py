"""The long runs: races by the thousand, the web and the workers killed again and again.

`python -m tests.torture [--only PART] [--rounds 50] [--phone-rounds 1000] [--door-kills 300]
[--wire-scans 2000] [--kills 30] [--seed 1]`

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
from tests.torture.board import BoardFigures, watch_the_door
from tests.torture.door import DoorFigures, kill_the_door
from tests.torture.letters import LetterFigures, kill_the_workers
from tests.torture.phones import PhoneFigures, race_for_tickets, race_with_keys
from tests.torture.wire import WireFigures, scan_on_a_bad_line

HERE = Path(__file__).parent
DATABASES = ("sqlite", "postgresql")
Figures = DoorFigures | LetterFigures | PhoneFigures | BoardFigures | WireFigures


def main(words: Sequence[str] | None = None) -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", choices=sorted(PARTS), action="append", help="one part (all)")
    parser.add_argument("--rounds", type=int, default=50, help="rounds of each race, 32 threads each (50)")
    parser.add_argument("--phone-rounds", type=int, default=1000, help="rounds of 32 phones over HTTP (1000)")
    parser.add_argument("--door-kills", type=int, default=300, help="kills of the web amid scans (300)")
    parser.add_argument("--board-scans", type=int, default=10_000, help="scans under watching boards (10000)")
    parser.add_argument("--wire-scans", type=int, default=2_000, help="scans on a line that breaks (2000)")
    parser.add_argument("--kills", type=int, default=30, help="kills of workers in each other loop (30)")
    parser.add_argument("--database", choices=DATABASES, action="append", help="one of them (both)")
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
    return _pytest([str(HERE / "test_prompts_killed.py")], TORTURE_KILLS=str(asked.kills))


def phones(asked: argparse.Namespace) -> bool:
    """32 phones at one instant, over HTTP."""
    tickets = _on_both("32 phones, one ticket", asked, asked.phone_rounds, race_for_tickets)
    return _on_both("32 times one key", asked, asked.phone_rounds, race_with_keys) and tickets


def door(asked: argparse.Namespace) -> bool:
    """The web killed under scans."""
    return _on_both("scans acknowledged, then the web killed", asked, asked.door_kills, kill_the_door)


def board(asked: argparse.Namespace) -> bool:
    """Boards that look while phones scan."""
    return _on_both("boards looking while phones scan", asked, asked.board_scans, watch_the_door)


def wire(asked: argparse.Namespace) -> bool:
    """Scans on a line that breaks."""
    return _on_both("scans on a line that breaks", asked, asked.wire_scans, scan_on_a_bad_line)


def letters(asked: argparse.Namespace) -> bool:
    """Workers killed amid letters."""
    return _on_both("letters, the worker killed amid sending", asked, asked.kills, kill_the_workers)


PARTS: dict[str, Callable[[argparse.Namespace], bool]] = {
    "races": races,
    "phones": phones,
    "door": door,
    "board": board,
    "wire": wire,
    "letters": letters,
    "prompts": prompts,
}


def _pytest(words: list[str], **environ: str) -> bool:
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    code = subprocess.run(command, env={**os.environ, **environ}, check=False).returncode
    print(f"{' '.join(Path(word).name for word in words)}: {time.monotonic() - began:.0f} s, exit {code}")
    return code == 0


def _on_both(title: str, asked: argparse.Namespace, times: int, loop: Callable[..., Figures]) -> bool:
    print(f"\n{title}")
    good = True
    for name in asked.database or DATABASES:
        with _place(name) as (folder, url):
            began = time.monotonic()
            figures = loop(folder, times, url, asked.seed)
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
