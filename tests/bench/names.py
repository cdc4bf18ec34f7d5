"""Finding people at the door: how often the right one comes first, and the time of a query among two thousand."""

import random
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from organizer.domain.names import Prepared, prepare, rank
from tests.domain.name_asking import Query, queries
from tests.domain.name_crowds import Somebody, crowd

FIRST: Final = 0.985
AMONG_FIVE: Final = 0.999
MOST_MILLISECONDS: Final = 5.0
MOST_SECONDS_TO_PREPARE: Final = 4.0
ROOM: Final = 150
HOUSE: Final = 2000
OF_EACH_KIND: Final = 20
SEEDS: Final = {0: (101, 102), 1: (103, 104)}


class Found(NamedTuple):
    """Of the queries of one kind: how many, how many first, how many among five."""

    asked: int
    first: int
    five: int


def show() -> bool:
    """Print every kind and the goals; whether all are reached. Half 1 of the names was never used to tune anything."""
    reached = [_show_half(half, _judged(half)) for half in SEEDS]
    return all([*reached, _show_times(OF_EACH_KIND)])


def _judged(half: int) -> Mapping[str, Found]:
    found: dict[str, Found] = defaultdict(lambda: Found(0, 0, 0))
    for seed in SEEDS[half]:
        people = crowd(ROOM, seed, half)
        room = prepare([somebody.named for somebody in people])
        for kind, some in _by_kind(queries(people, seed), OF_EACH_KIND * 2).items():
            places = [_place(query, room) for query in some]
            before = found[kind]
            found[kind] = Found(
                before.asked + len(some),
                before.first + places.count(0),
                before.five + sum(place < 5 for place in places),
            )
    return found


def _place(query: Query, room: Prepared) -> int:
    found = rank(query.text, room)
    return next((place for place, person_id in enumerate(found) if person_id in query.right), len(found) + 5)


def _by_kind(asked: Sequence[Query], most: int) -> dict[str, list[Query]]:
    """At most so many of each kind, chosen by chance, the same every time."""
    kinds: dict[str, list[Query]] = defaultdict(list)
    for query in asked:
        kinds[query.kind].append(query)
    chance = random.Random(7)
    return {kind: chance.sample(found, min(most, len(found))) for kind, found in sorted(kinds.items())}


def _show_half(half: int, kinds: Mapping[str, Found]) -> bool:
    print(
        f"\nhalf {half} of the names, {ROOM} people at a time: first and among five, of the kinds that miss one"
    )
    for kind, (asked, first, five) in kinds.items():
        if first < asked:
            print(f"  {kind:<34} {first / asked:.3f}  {five / asked:.3f}  of {asked}")
    asked, first, five = (sum(found[place] for found in kinds.values()) for place in range(3))
    print(f"  {'all':<34} {first / asked:.4f} {five / asked:.4f} of {asked}  goals {FIRST}, {AMONG_FIVE}")
    return first / asked >= FIRST and five / asked >= AMONG_FIVE


def _show_times(of_each: int) -> bool:
    people = crowd(HOUSE, 105)
    room, seconds = _prepared(people)
    print(f"\n{HOUSE} people laid out in {seconds:.2f} s of CPU, goal {MOST_SECONDS_TO_PREPARE}")
    asked = queries(people[:200], 105)
    took: dict[str, list[float]] = defaultdict(list)
    for kind, some in _by_kind(asked, of_each).items():
        for query in some:
            took[kind.split()[0]].append(_milliseconds(query, room))
    print("milliseconds of CPU a query        p50     p95     max")
    for kind, times in sorted(took.items()):
        print(f"  {kind:<30} {_at(times, 0.5):7.2f} {_at(times, 0.95):7.2f} {max(times):7.2f}")
    times = [milliseconds for found in took.values() for milliseconds in found]
    worst = _at(times, 0.99)
    print(f"  {'all':<30} {_at(times, 0.5):7.2f} {_at(times, 0.95):7.2f} {max(times):7.2f}")
    print(f"  99 of 100 within {worst:.2f} ms, goal {MOST_MILLISECONDS:.0f}")
    return worst <= MOST_MILLISECONDS and seconds <= MOST_SECONDS_TO_PREPARE


def _prepared(people: Sequence[Somebody]) -> tuple[Prepared, float]:
    began = time.process_time()
    return prepare([somebody.named for somebody in people]), time.process_time() - began


def _milliseconds(query: Query, room: Prepared) -> float:
    """The better of two, so that somebody else's turn on this core is not counted."""
    took = []
    for _ in range(2):
        began = time.process_time()
        rank(query.text, room)
        took.append(1000 * (time.process_time() - began))
    return min(took)


def _at(times: Sequence[float], part: float) -> float:
    return sorted(times)[min(len(times) - 1, int(part * len(times)))]


if __name__ == "__main__":
    raise SystemExit(0 if show() else 1)
