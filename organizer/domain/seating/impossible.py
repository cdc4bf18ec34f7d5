"""What counting shows to be impossible in a room, before any search."""

from dataclasses import dataclass
from enum import StrEnum

from organizer.domain.seating.room import Room


class Clash(StrEnum):
    """A kind of demands that cannot all be kept."""

    COMPANY = "company"
    """More people of one company are there in a round than it has tables."""
    SEATS = "seats"
    """A round's tables do not hold exactly the people who are there."""


@dataclass(frozen=True, slots=True)
class Collision:
    """Hard demands that cannot all be kept: on whom, in which round (-1: none in particular), at which table (-1)."""

    kind: Clash
    people: tuple[int, ...]
    round: int = -1
    table: int = -1


def collisions(room: Room) -> tuple[Collision, ...]:
    """What no plan for this room can keep; empty where counting finds nothing."""
    found = []
    for number in range(room.from_round, room.rounds):
        there = room.people_in(number)
        if len(there) != sum(room.tables[number]):
            found.append(Collision(Clash.SEATS, there, number))
        companies: dict[int, list[int]] = {}
        for person in there:
            companies.setdefault(room.companies[person], []).append(person)
        found += [
            Collision(Clash.COMPANY, tuple(people), number)
            for people in companies.values()
            if len(people) > len(room.tables[number])
        ]
    return tuple(found)
