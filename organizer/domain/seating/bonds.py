"""Who may not change seats alone: people with a given seat, and those who keep together in a round."""

from array import array

from organizer.domain.seating.room import Pair, Room


class Bonds:
    """Given seats, and groups of people who share a table, by round."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.fixed = {(number, person): table for person, number, table in room.fixed}
        """Table by (round, person), of those who keep together with somebody fixed too."""
        self.together: dict[Pair, list[int]] = {}
        for one, other, number in room.beside:
            if number >= room.from_round:
                self._join(number, one, other)
        for (number, _), people in self.together.items():
            tables = {self.fixed[number, one] for one in people if (number, one) in self.fixed}
            if tables:
                self.fixed |= {(number, one): min(tables) for one in people}

    def _join(self, number: int, one: int, other: int) -> None:
        people = self.together.get((number, one), [one])
        if other in people:
            return
        people = people + self.together.get((number, other), [other])
        for person in people:
            self.together[number, person] = people

    def tied(self, number: int, person: int) -> bool:
        """Whether this person cannot be swapped alone in this round."""
        return (number, person) in self.fixed or (number, person) in self.together

    def groups(self, number: int) -> list[tuple[int, ...]]:
        """Those who keep together in a round and have no given seat."""
        found = {
            tuple(sorted(people))
            for (round_of, person), people in self.together.items()
            if round_of == number and (number, person) not in self.fixed
        }
        return sorted(found)

    def flat_groups(self) -> tuple["array[int]", "array[int]"]:
        """Groups as (round, from, to), three numbers each, and their members."""
        spans, members = array("i"), array("i")
        for number in range(self.room.from_round, self.room.rounds):
            for people in self.groups(number):
                spans.extend((number, len(members), len(members) + len(people)))
                members.extend(people)
        return spans, members
