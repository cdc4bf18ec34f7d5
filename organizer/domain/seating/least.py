"""How few repeats a room needs, by counting."""

from itertools import combinations

from organizer.domain.seating.room import Room


def is_pure(room: Room) -> bool:
    """Whether nothing but repeats counts: everybody there all evening, nobody kept apart, no wish, no worth."""
    return (
        not any((room.unlawful, room.fixed, room.beside, room.published, room.history, room.going_on))
        and not any(room.wants)
        and not any(map(any, room.affinity))
        and all(present == (0, room.rounds - 1) for present in room.present)
        and len({tuple(sorted(sizes)) for sizes in room.tables}) == 1
        and len(set(room.tables)) == 1
    )


def least_repeats(room: Room) -> int:
    """What Σ c (c - 1) / 2 over all pairs is at least, everybody being there all evening.

    By the meetings there are for the pairs there are; and by two rounds at a time: people of one table can only
    spread over as many tables as the other round has.
    """
    met = sum(size * (size - 1) // 2 for sizes in room.tables for size in sizes)
    pairs = room.n * (room.n - 1) // 2
    whole, more = divmod(met, max(1, pairs))
    by_pairs = pairs * (whole * (whole - 1) // 2) + more * whole
    by_rounds = sum(max(_common(a, b), _common(b, a)) for a, b in combinations(room.tables, 2))
    return max(by_pairs, by_rounds)


def _common(sizes: tuple[int, ...], others: tuple[int, ...]) -> int:
    """Pairs at least who share a table in both of two rounds."""
    total = 0
    for size in sizes:
        whole, more = divmod(size, len(others))
        total += (len(others) - more) * (whole * (whole - 1) // 2) + more * (whole * (whole + 1) // 2)
    return total
