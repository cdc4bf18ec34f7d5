"""Rooms to be paired, made from a seed; and what trying every list of pairs gives."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations
from random import Random

from organizer.domain.milp import Model
from organizer.domain.pairing_proof import Terms, terms


def small_room(seed: int) -> Terms:
    """Up to seven people, few lawful pairs, caps for all or for each, some wanted pairs: every list can be tried."""
    return _room(Random(seed), people=(2, 7), pairs=lambda n: (0, 10), wanted=4)


def middling_room(seed: int) -> Terms:
    """Up to 22 people: too many lists to try, few enough for plain branching."""
    return _room(Random(seed), people=(8, 22), pairs=lambda n: (n, 3 * n), wanted=10)


def _room(
    chance: Random, people: tuple[int, int], pairs: Callable[[int], tuple[int, int]], wanted: int
) -> Terms:
    size = chance.randint(*people)
    ids = chance.sample(range(100), size)
    possible = [(min(both), max(both)) for both in combinations(ids, 2)]
    least, most = pairs(size)
    top = chance.choice([0, 1, 3, 30, 2000])
    count = min(len(possible), chance.randint(least, most))
    scores = {both: chance.randint(0, top) for both in chance.sample(possible, count)}
    some = chance.sample(possible, min(len(possible), chance.randint(0, wanted)))
    cap = chance.randint(1, 4) if chance.random() < 0.5 else {one: chance.randint(0, 4) for one in ids}
    return terms(ids, scores, cap, some if chance.random() < 0.6 else [], chance.choice([0, 1, 1, 2, 3]))


def every_list(given: Terms) -> Iterator[tuple[tuple[int, int, int], Counter[int], Counter[int]]]:
    """Each list within the caps: its (fewest missing, most wanted, sum), and each person's partners and sum."""
    pairs = list(given.scores)
    for number in range(1 << len(pairs)):
        chosen = [both for at, both in enumerate(pairs) if number >> at & 1]
        counts = Counter(one for both in chosen for one in both)
        if all(counts[one] <= cap for one, cap in given.caps.items()):
            sums: Counter[int] = Counter()
            for both in chosen:
                for one in both:
                    sums[one] += given.scores[both]
            missing = sum(max(0, least - counts[one]) for one, least in given.leasts.items())
            total = sum(given.scores[both] for both in chosen)
            yield (-missing, len(given.mutual.intersection(chosen)), total), counts, sums


def by_branching(given: Terms) -> int:
    """The best of all lists by a plain model: a million for each missing partner, ten thousand for each wish."""
    model = Model()
    columns = {
        both: model.column(score + 10**4 * (both in given.mutual)) for both, score in given.scores.items()
    }
    for one in given.people:
        mine = [(column, 1) for both, column in columns.items() if one in both]
        missing = model.column(-(10**6), max(1, given.leasts[one]))
        model.row(0, given.caps[one], mine)
        model.row(given.leasts[one], 10**6, [*mine, (missing, 1)])
    found = model.solve()
    assert found is not None
    assert found.optimal
    return found.objective
