"""Measures the house on this machine: `python -m tests.bench [--only PART] [--long]`.

Everything that is compared is measured in turns, in one run: machines drift, so ratios count and
absolute figures do not.
Ends with 1 when a goal was missed.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench import (
    accounts,
    beside,
    fit,
    many,
    names,
    pages,
    pairs,
    paper,
    phone,
    process,
    room,
    scans,
    seating,
    words,
)


def main(words: Sequence[str] | None = None) -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measure the house; each part by its name.")
    parser.add_argument("--only", choices=sorted(PARTS), action="append", help="one part (all)")
    parser.add_argument(
        "--long",
        action="store_true",
        help="more people and rounds, a minute for each evening, a thousand people to pair",
    )
    asked = parser.parse_args(words)
    missed = []
    for name in asked.only or PARTS:
        with tempfile.TemporaryDirectory(prefix="enishi-bench-", dir=os.environ.get("BENCH_DIR")) as scratch:
            if not PARTS[name](Path(scratch), asked.long):
                missed.append(name)
    print(f"\n{'goals missed: ' + ', '.join(missed) if missed else 'every goal reached'}")
    return 1 if missed else 0


def _scans(_folder: Path, long: bool) -> bool:
    words = [] if long else ["--rounds", "2", "--people", "200"]
    return scans.main(words) == 0


def _many(folder: Path, _long: bool) -> bool:
    return many.measure_many(folder)


def _boards(folder: Path, _long: bool) -> bool:
    return many.show_boards(many.measure_boards(folder))


def _beside(folder: Path, _long: bool) -> bool:
    return beside.show(beside.measure(folder))


def _phone(folder: Path, _long: bool) -> bool:
    return phone.show(phone.measure(folder))


def _badges(_folder: Path, _long: bool) -> bool:
    return paper.show(paper.measure())


def _pages(folder: Path, _long: bool) -> bool:
    return pages.show(pages.measure(folder))


def _start(folder: Path, _long: bool) -> bool:
    return process.show_start(process.measure_start(folder))


def _memory(folder: Path, _long: bool) -> bool:
    return process.show_memory(*process.measure_memory(folder))


def _codes(_folder: Path, _long: bool) -> bool:
    return process.show_codes(*process.measure_codes())


def _accounts(folder: Path, _long: bool) -> bool:
    """By chance alone one in twenty runs looks telling: only two in a row count."""
    return any(accounts.show(accounts.measure(_inside(folder, turn))) for turn in ("first", "again"))


def _inside(folder: Path, name: str) -> Path:
    inner = folder / name
    inner.mkdir()
    return inner


def _seating(_folder: Path, long: bool) -> bool:
    return seating.show(long)


def _pairs(_folder: Path, long: bool) -> bool:
    return pairs.show(long)


def _fit(_folder: Path, long: bool) -> bool:
    return fit.show(long)


def _room(folder: Path, _long: bool) -> bool:
    return room.show(room.measure(folder))


def _words(_folder: Path, _long: bool) -> bool:
    return words.show()


def _names(_folder: Path, _long: bool) -> bool:
    return names.show()


PARTS: dict[str, Callable[[Path, bool], bool]] = {
    "scans": _scans,
    "many": _many,
    "boards": _boards,
    "beside": _beside,
    "phone": _phone,
    "badges": _badges,
    "pages": _pages,
    "start": _start,
    "memory": _memory,
    "codes": _codes,
    "accounts": _accounts,
    "seating": _seating,
    "fit": _fit,
    "room": _room,
    "pairs": _pairs,
    "words": _words,
    "names": _names,
}

if __name__ == "__main__":
    raise SystemExit(main())
