"""The solver's own process: an evening comes in as JSON, its tables go out, one JSON object a line.

`better` while it searches, then `answer` or `failed`, at last `bound`. It knows neither database nor web, steps back
for everybody else, and ends when the one who started it does.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from organizer.domain.arranging import Arrangement, OnBetter, arrange
from organizer.domain.gathering import Gathering, history_rows
from organizer.domain.seating import NoLawfulPlan
from organizer.domain.seating.bound import upper_bound
from organizer.domain.seating.room import Plan

NICE: Final = 10
SECONDS_BETWEEN: Final = 0.2
"""How long it keeps quiet about better plans after it told of one."""

Say = Callable[[str, Any], None]


def main() -> int:
    """Solve the evening on standard input; the process's exit code."""
    os.nice(NICE)
    asked = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gathering = Gathering.from_data(asked["gathering"])
    try:
        found = arrange(
            gathering, seconds=asked["seconds"], seed=asked["seed"], on_better=_now_and_then(_say)
        )
    except NoLawfulPlan as impossible:
        _say("failed", {"clashes": sorted({one.kind.value for one in impossible.collisions})})
        return 0
    _say("answer", answer(found, gathering))
    _say("bound", upper_bound(found.seatable.room, found.plan))
    return 0


def answer(found: Arrangement, gathering: Gathering) -> dict[str, Any]:
    """Tables as plain data, with what "why these people?" is answered from.

    Rounds and tables are numbered from 1, `worst` is in thousandths.
    """
    verdict = found.verdict
    return {
        "seats": [
            [round_, table, person]
            for round_, tables in enumerate(found.tables, start=1)
            for table, people in enumerate(tables, start=1)
            for person in people
        ],
        "room": found.seatable.to_data() | {"histories": history_rows(gathering.histories)},
        "weights": gathering.weights.to_data(),
        "work": found.work,
        "score": verdict.score,
        "worst": round(1000 * verdict.worst_person),
        "introduced": found.introduced,
        "relaxed": found.relaxed,
    }


def _say(kind: str, what: Any) -> None:
    print(json.dumps({kind: what}, separators=(",", ":")), flush=True)


def _now_and_then(say: Say) -> OnBetter:
    """Tells of better plans, by their score, not more often than anybody looks."""
    quiet_until = 0.0

    def on_better(_plan: Plan, score: int) -> None:
        nonlocal quiet_until
        if time.monotonic() >= quiet_until:
            say("better", score)
            quiet_until = time.monotonic() + SECONDS_BETWEEN

    return on_better


def _end_with_parent() -> None:
    """Standard input stays open as long as anybody waits for the answer."""
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
