"""Nobody moves without a gain: people go back to their published seats where that costs nothing."""

from collections.abc import Iterator
from typing import Final

from organizer.domain.seating.judge import Verdict, judge
from organizer.domain.seating.room import Plan, Room

TRIES: Final = 200
"""Plans judged at most."""
LONGEST: Final = 4
"""Tables in a ring of people who have moved on at most."""

Seats = list[dict[int, int]]
"""Table of each person, by round."""


def send_back(room: Room, plan: Plan) -> Plan:
    """The plan after every single swap and ring of moves was undone whose undoing does not lower the score."""
    verdict, seats, tries = judge(room, plan), _seats(plan), TRIES
    again = True
    while again and tries > 0:
        again = False
        for number, ring in _ways_back(room, seats):
            tries -= 1
            tried = [dict(tables) for tables in seats]
            tried[number].update(ring)
            after = _plan(room, tried)
            said = judge(room, after)
            if _better(said, verdict):
                verdict, seats, plan, again = said, tried, after, True
                break
            if tries <= 0:
                break
    return plan


def _better(said: Verdict, than: Verdict) -> bool:
    return said.lawful and said.score >= than.score and said.moved < than.moved


def _ways_back(room: Room, seats: Seats) -> Iterator[tuple[int, dict[int, int]]]:
    """(round, new tables of some people): swaps with somebody at one's published table, and rings."""
    homes: Seats = [{} for _ in range(room.rounds)]
    for person, number, table in room.published_tables():
        homes[number][person] = table
    for number in range(room.from_round, room.rounds):
        now, home = seats[number], homes[number]
        away = [person for person in sorted(home) if now[person] != home[person]]
        for person in away:
            for other in sorted(now):
                if now[other] == home[person]:
                    yield number, {person: home[person], other: now[person]}
        for first in away:
            yield from ((number, ring) for ring in _rings([first], away, now, home))


def _rings(
    chain: list[int], away: list[int], now: dict[int, int], home: dict[int, int]
) -> Iterator[dict[int, int]]:
    """Rings of three people or more of whom each sits where the next belongs, the first being the smallest."""
    last = chain[-1]
    if len(chain) > 2 and home[last] == now[chain[0]]:
        yield {person: home[person] for person in chain}
    if len(chain) < LONGEST:
        for person in away:
            if person > chain[0] and person not in chain and now[person] == home[last]:
                yield from _rings([*chain, person], away, now, home)


def _seats(plan: Plan) -> Seats:
    return [{person: at for at, people in enumerate(tables) for person in people} for tables in plan]


def _plan(room: Room, seats: Seats) -> Plan:
    rounds = []
    for number, sizes in enumerate(room.tables):
        tables: list[list[int]] = [[] for _ in sizes]
        for person, table in sorted(seats[number].items()):
            tables[table].append(person)
        rounds.append(tuple(map(tuple, tables)))
    return tuple(rounds)
