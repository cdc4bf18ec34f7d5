"""How well free words are understood: the judged pairs, the time of a pair, reading the vocabulary."""

import json
import subprocess
import sys
from typing import Final

from organizer.domain.words import relevance
from tests.domain.judge_words import KEPT, TUNING, Figures, figures

GOALS: Final = (
    ("direct", "direct against not", 0.86),
    ("direct_or_plausible", "direct or plausible against not", 0.84),
    ("chance", "direct against chance", 0.95),
    ("apart_hard", "direct, nothing shared / others that share", 0.72),
)
MOST_MILLISECONDS: Final = 1.0
MOST_SECONDS_TO_READ: Final = 0.25
MOST_MIB: Final = 8.0
_READ: Final = """
import json, time
from pathlib import Path
from organizer.domain import words

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

before, began = resident(), time.process_time()
words.relevance("採用を手伝えます", "人が採れない")
print(json.dumps([time.process_time() - began, resident() - before]))
"""


def show() -> bool:
    """Print every figure beside its goal; whether all are reached, of the judged pairs by the kept half."""
    relevance("採用を手伝えます", "人が採れない")
    reached = [_show_half(half.stem, figures(half), counts=half is KEPT) for half in (TUNING, KEPT)]
    return all([*reached, _show_reading()])


def _show_half(name: str, found: Figures, *, counts: bool) -> bool:
    print(f"\n{name}: {found.pairs} pairs")
    within = found.milliseconds <= MOST_MILLISECONDS
    for field, words, goal in GOALS:
        area = getattr(found, field)
        print(f"  {words:<44} {area:.3f}  goal {goal:.2f}{'' if area >= goal else '  MISSED'}")
        within = within and (area >= goal or not counts)
    print(f"  {'against traps, mean of their kinds':<44} {found.trap_mean:.3f}")
    print(f"  {'milliseconds of CPU a pair':<44} {found.milliseconds:.3f}  goal {MOST_MILLISECONDS:.0f}")
    return within


def _show_reading() -> bool:
    """The first pair of a process, by which the vocabulary is read."""
    told = subprocess.run(
        [sys.executable, "-c", _READ], check=True, capture_output=True, text=True, timeout=60
    )
    seconds, mib = json.loads(told.stdout)
    print(
        f"\nfirst pair: {seconds:.2f} s of CPU, goal {MOST_SECONDS_TO_READ}; {mib:.1f} MiB, goal {MOST_MIB:.0f}"
    )
    return bool(seconds <= MOST_SECONDS_TO_READ and mib <= MOST_MIB)


if __name__ == "__main__":
    raise SystemExit(0 if show() else 1)
