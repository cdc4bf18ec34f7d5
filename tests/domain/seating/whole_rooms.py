"""Random rooms with everything a room may have, so small that thousands of them can be judged."""

import random
from dataclasses import replace

from organizer.domain.seating import Plan, Room
from organizer.domain.seating.room import as_plan


def random_room(seed: int, most: int = 14) -> Room:
    """A room of 2 to `most` people; mostly lawful plans exist, now and then none."""
    draw = random.Random(seed)
    n, rounds = draw.randint(2, most), draw.randint(1, 4)
    present = tuple(random_stay(draw, rounds) for _ in range(n))
    there = [[one for one in range(n) if present[one][0] <= r <= present[one][1]] for r in range(rounds)]
    if not all(there):
        present, there = ((0, rounds - 1),) * n, [list(range(n))] * rounds
    pairs = [(a, b) for a in range(n) for b in range(a + 1, n)]
    affinity = [[0] * n for _ in range(n)]
    for a, b in pairs:
        affinity[a][b] = affinity[b][a] = draw.randint(0, 100)
    room = Room(
        present=present,
        tables=tuple(random_sizes(draw, len(people)) for people in there),
        affinity=tuple(map(tuple, affinity)),
        companies=tuple(draw.randrange(n + 2) if draw.random() < 0.3 else n + 2 + one for one in range(n)),
        wants=tuple(
            tuple(sorted(draw.sample(others(n, one), draw.randint(0, min(6, n - 1))))) for one in range(n)
        ),
        blocked=frozenset(pair for pair in pairs if draw.random() < 0.03),
        going_on=frozenset(pair for pair in pairs if draw.random() < 0.1),
        history={pair: draw.randint(1, 3) for pair in pairs if draw.random() < 0.2},
    )
    if draw.random() < 0.3:
        room = with_given(draw, room)
    return with_published(draw, room) if draw.random() < 0.4 else room


def others(n: int, one: int) -> list[int]:
    """Everybody but one."""
    return [person for person in range(n) if person != one]


def random_stay(draw: random.Random, rounds: int) -> tuple[int, int]:
    """First and last round of somebody; mostly the whole evening."""
    if draw.random() < 0.8:
        return 0, rounds - 1
    first = draw.randrange(rounds)
    return first, draw.randrange(first, rounds)


def random_sizes(draw: random.Random, people: int) -> tuple[int, ...]:
    """Sizes of tables from one seat on."""
    sizes: list[int] = []
    while sum(sizes) < people:
        sizes.append(min(draw.randint(1, 5), people - sum(sizes)))
    return tuple(sizes)


def random_plan(draw: random.Random, room: Room) -> Plan:
    """Everybody seated anyhow."""
    plan = []
    for number, sizes in enumerate(room.tables):
        people = list(room.people_in(number))
        draw.shuffle(people)
        plan.append([[people.pop() for _ in range(size)] for size in sizes])
    return as_plan(plan)


def with_given(draw: random.Random, room: Room) -> Room:
    """The same room with some given seats and some who sit beside each other."""
    fixed, beside = [], []
    for number, tables in enumerate(random_plan(draw, room)):
        seats = [(person, number, table) for table, people in enumerate(tables) for person in people]
        fixed += [seat for seat in seats if draw.random() < 0.1]
        beside += [
            (*draw.sample(people, 2), number) for people in tables if len(people) > 1 and draw.random() < 0.15
        ]
    return replace(room, fixed=tuple(fixed), beside=tuple(beside))


def with_published(draw: random.Random, room: Room) -> Room:
    """The same room with a published plan, some rounds of which may be over."""
    fixed = tuple(seat for seat in room.fixed if seat[1] > 0)
    return replace(
        room,
        fixed=fixed,
        published=random_plan(draw, room),
        from_round=draw.randrange(2) if room.rounds > 1 else 0,
        moved_cost=draw.choice((0, 30, 100)),
    )


def evening(n: int, rounds: int, size: int, seed: int = 0) -> Room:
    """A plain evening of that many people at tables of one size, with affinities, wishes and colleagues."""
    draw = random.Random(seed)
    affinity = [[0] * n for _ in range(n)]
    for a in range(n):
        for b in range(a):
            affinity[a][b] = affinity[b][a] = draw.randint(0, 100)
    return Room(
        present=((0, rounds - 1),) * n,
        tables=((size,) * (n // size),) * rounds,
        affinity=tuple(map(tuple, affinity)),
        companies=tuple(draw.randrange(2 * n) for _ in range(n)),
        wants=tuple(tuple(sorted(draw.sample(others(n, one), 2))) for one in range(n)),
    )
