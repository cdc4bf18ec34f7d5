"""Which odd sets a point of the linear program breaks.

A point that keeps every odd set is a mixture of whole lists (Edmonds and Johnson). The broken ones are found as
least odd cuts (Padberg and Rao; Letchford, Reinelt and Theis for pairs that count once): whatever is whole costs
nothing to cross, so only the patches of broken pairs have to be cut.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from organizer.domain.pairing_lp import EPSILON, Cut, Field, Numbers, Reals

Edge = tuple[int, int]
"""(p, q) is a pair or, with p = q, a missing partner."""

_MARGIN: Final = 1e-5
"""By how much an odd set must be broken to be worth a row."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A point as a weighted graph: each edge and each person's free room as (value, most)."""

    field: Field
    edges: dict[Edge, tuple[float, int]]
    free: list[tuple[float, int]]
    """What a person could still take, out of most minus least."""

    @classmethod
    def of(cls, field: Field, firsts: Numbers, seconds: Numbers, values: Reals) -> "Picture":
        """The picture of the columns' values; columns at 0 are left out."""
        taken = np.bincount(firsts, values, field.size)
        apart = firsts != seconds
        taken = taken + np.bincount(seconds[apart], values[apart], field.size)
        edges = {}
        for place in np.nonzero(values > EPSILON)[0].tolist():
            a, b = int(firsts[place]), int(seconds[place])
            edges[a, b] = (float(values[place]), int(field.leasts[a]) if a == b else 1)
        spans = (field.mosts - field.leasts).tolist()
        return cls(field, edges, list(zip((field.mosts - taken).tolist(), spans, strict=True)))

    def broken(self) -> list[Edge]:
        """The edges that are not whole."""
        return [edge for edge, (value, _) in self.edges.items() if abs(value - round(value)) > EPSILON]


def broken_cuts(picture: Picture, thorough: bool = True) -> list[Cut]:
    """Odd sets that the point breaks; none only where it breaks none, unless only the likely ones are looked at."""
    patches = _patches(picture)
    if not patches:
        return []
    everybody = frozenset(range(picture.field.size))
    quick = [everybody, *patches, *(everybody - patch for patch in patches)]
    found = list(_cuts(picture, quick))
    if thorough and not found:
        found = list(_cuts(picture, (side for patch in patches for side in _sides(picture, patch))))
    return found


def _cuts(picture: Picture, sets: Iterable[frozenset[int]]) -> Iterator[Cut]:
    seen = set()
    for one in sets:
        if one and one not in seen:
            seen.add(one)
            cut = _cheapest(picture, one)
            if cut is not None:
                yield cut


def _cheapest(picture: Picture, inside: frozenset[int]) -> Cut | None:
    """The odd set around `inside` that the point breaks most, or None where it breaks none.

    Whatever crosses counts with its value or with what its value lacks of the most: the lesser, but an odd sum of
    limits is needed, so that one of them may have to be turned.
    """
    signs = np.zeros(picture.field.size, np.int64)
    once: set[Edge] = set()
    cost, odd = 0.0, 0
    turn: tuple[float, int | Edge] | None = None
    for person in sorted(inside):
        value, span = picture.free[person]
        low = span - value < value - EPSILON
        signs[person] = -1 if low else 1
        cost += min(value, span - value) if low else value
        odd += int(picture.field.leasts[person] if low else picture.field.mosts[person])
        turn = _cheaper(turn, abs(span - 2 * value), person, span)
    for edge, (value, most) in picture.edges.items():
        if (edge[0] in inside) != (edge[1] in inside) or (edge[0] == edge[1] and edge[0] in inside):
            if most - value < value:
                once.add(edge)
                odd += most
            cost += min(value, most - value)
            turn = _cheaper(turn, abs(most - 2 * value), edge, most)
    if odd % 2 == 0:
        if turn is None:
            return None
        cost += turn[0]
        _turn(turn[1], signs, once)
    if cost > 1 - _MARGIN:
        return None
    return Cut(signs, frozenset(once), _room(picture.field, signs, once))


def _cheaper(
    turn: tuple[float, int | Edge] | None, cost: float, what: int | Edge, most: int
) -> tuple[float, int | Edge] | None:
    """The cheaper thing to turn; only an odd most changes the sum from even to odd."""
    return (cost, what) if most % 2 and (turn is None or cost < turn[0]) else turn


def _turn(what: int | Edge, signs: Numbers, once: set[Edge]) -> None:
    if isinstance(what, int):
        signs[what] = -signs[what]
    else:
        once.symmetric_difference_update({what})


def _room(field: Field, signs: Numbers, once: Iterable[Edge]) -> int:
    total = int(field.mosts[signs > 0].sum()) - int(field.leasts[signs < 0].sum())
    return (total + sum(int(field.leasts[a]) if a == b else 1 for a, b in once)) // 2


def _patches(picture: Picture) -> list[frozenset[int]]:
    """The people who hang together by broken edges, patch by patch."""
    beside: dict[int, set[int]] = {}
    for a, b in picture.broken():
        beside.setdefault(a, set()).add(b)
        beside.setdefault(b, set()).add(a)
    patches, seen = [], set[int]()
    for start in sorted(beside):
        if start in seen:
            continue
        patch, todo = {start}, [start]
        while todo:
            fresh = beside[todo.pop()] - patch
            patch |= fresh
            todo += fresh
        seen |= patch
        patches.append(frozenset(patch))
    return patches


def _sides(picture: Picture, patch: frozenset[int]) -> Iterator[frozenset[int]]:
    """One side of each least cut in a cut tree of the patch (Gusfield), never that of the world outside."""
    people = sorted(patch)
    outside = len(people)
    room = _capacities(picture, {person: place for place, person in enumerate(people)})
    parent = [outside] * (outside + 1)
    for one in range(outside):
        towards = parent[one]
        side = _near_side(room, one, towards)
        for other in range(outside):
            if other != one and other in side and parent[other] == towards:
                parent[other] = one
        if parent[towards] in side:
            parent[one], parent[towards] = parent[towards], one
    for top in range(outside):
        yield frozenset(people[one] for one in range(outside) if top in _upwards(parent, one))


def _upwards(parent: list[int], one: int) -> Iterator[int]:
    """A place of a tree and all above it but the root."""
    root = len(parent) - 1
    while one != root:
        yield one
        one = parent[one]


def _capacities(picture: Picture, places: dict[int, int]) -> list[dict[int, float]]:
    """What it costs to part each two of a patch, or one of them from the world outside."""
    outside = len(places)
    room: list[dict[int, float]] = [{} for _ in range(outside + 1)]

    def join(a: int, b: int, value: float, most: int) -> None:
        cost = min(value, most - value)
        if cost > EPSILON:
            room[a][b] = room[a].get(b, 0.0) + cost
            room[b][a] = room[b].get(a, 0.0) + cost

    for (a, b), (value, most) in picture.edges.items():
        if a in places:
            join(places[a], outside if a == b else places.get(b, outside), value, most)
    for person, place in places.items():
        join(place, outside, *picture.free[person])
    return room


def _near_side(room: list[dict[int, float]], source: int, sink: int) -> set[int]:
    """The side of `source` in a least cut towards `sink`, by shortest augmenting paths."""
    left = [dict(beside) for beside in room]
    while True:
        came = {source: source}
        todo = [source]
        for one in todo:
            for other, spare in left[one].items():
                if spare > EPSILON and other not in came:
                    came[other] = one
                    todo.append(other)
            if sink in came:
                break
        if sink not in came:
            return set(came)
        path = [sink]
        while path[-1] != source:
            path.append(came[path[-1]])
        steps = list(zip(path[1:], path[:-1], strict=True))
        flow = min(left[a][b] for a, b in steps)
        for a, b in steps:
            left[a][b] -= flow
            left[b][a] = left[b].get(a, 0.0) + flow
