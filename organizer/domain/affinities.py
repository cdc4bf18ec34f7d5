"""How much every two people of a room are worth to each other, and whom each of them clearly wishes for.

Made for rooms: what a profile says is looked through once for each person, not once for each pair.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from organizer.domain.answers import TELLING
from organizer.domain.fit import NO_HISTORY, WEIGHTS, AffinityPart, History, Weights, both_ways, meeting
from organizer.domain.profiles import Profile
from organizer.domain.readings import Reading, read
from organizer.domain.wishes import wish_fit_read

Pair = tuple[int, int]
"""Two ids, the smaller first."""

WORTH_OF_ONE: Final = 20
"""Of the 2000 that a pair can be worth."""
CLEARLY: Final = TELLING
"""From this degree on somebody is clearly whom a wish asks for: so that a reason may say so."""
MOST_WANTED: Final = 4
"""How many people one wish names at most, so that no single wish fills an evening."""


def affinities(
    profiles: Sequence[Profile],
    weights: Weights = WEIGHTS,
    histories: Mapping[Pair, History] | None = None,
) -> list[list[int]]:
    """The worth of every two people from both sides: whole numbers 0 to 100, symmetric, 0 on the diagonal.

    It is made of all parts of the affinity: sellers before those who look for nothing, and what two have behind them.
    Rows and columns are in the order of `profiles`; `histories` is by pair of ids. Who may not sit together is
    no matter here.
    """
    known, readings = histories or {}, [read(profile) for profile in profiles]
    matrix = [[0] * len(profiles) for _ in profiles]
    for row, one in enumerate(readings):
        for column, other in enumerate(readings[:row]):
            history = known.get(_ordered(one.profile, other.profile), NO_HISTORY)
            met = meeting(one, other, weights, history)
            matrix[row][column] = matrix[column][row] = both_ways(met.there, met.back) // WORTH_OF_ONE
    return matrix


def wants(
    profiles: Sequence[Profile], forbidden: Collection[Pair] = (), most: int = MOST_WANTED
) -> dict[int, tuple[int, ...]]:
    """By id: whom of the room this person's wish clearly meets (from CLEARLY on), best first, `most` at most.

    Every person is a key. Colleagues and `forbidden` pairs are passed over. Of those who meet a wish equally well,
    those who can help with the problem of today come first, then those who are more to this person, then the
    smaller id.
    """
    never, readings = set(forbidden), [read(profile) for profile in profiles]
    return {one.profile.id: _wanted_by(one, readings, never, most) for one in readings}


def _wanted_by(one: Reading, room: Sequence[Reading], never: set[Pair], most: int) -> tuple[int, ...]:
    if not one.profile.wish:
        return ()
    met = [
        (wish_fit_read(one.profile.wish, other).degree, other)
        for other in room
        if not _is_apart(one.profile, other.profile, never)
    ]
    clearly = [(degree, other) for degree, other in met if degree >= CLEARLY]
    best = sorted(clearly, key=lambda found: (-found[0], *_closer(one, found[1])))
    return tuple(other.profile.id for _, other in best[:most])


def _closer(one: Reading, other: Reading) -> tuple[float, float, int]:
    """What tells people apart who meet a wish equally well."""
    met = meeting(one, other)
    return -met.there.degree(AffinityPart.TODAY), -met.there.score, other.profile.id


def _is_apart(one: Profile, other: Profile, never: set[Pair]) -> bool:
    """Whether two are the same person, colleagues, or kept apart."""
    same = one.id == other.id or bool(one.company and one.company == other.company)
    return same or _ordered(one, other) in never


def _ordered(one: Profile, other: Profile) -> Pair:
    return (one.id, other.id) if one.id < other.id else (other.id, one.id)
