"""What is printed for an evening: a card for each table, and a slip for each person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from organizer.rounds.hall import by_reading
from organizer.rounds.queries import Face, Placed


@dataclass(frozen=True, slots=True)
class TableCard:
    """One table: who sits there in each round that is printed, in order, by reading."""

    number: int
    rounds: tuple[tuple[int, tuple[Face, ...]], ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """One person's way through the evening: the table of each round, None where there is no seat."""

    face: Face
    tables: tuple[int | None, ...]


def cards(seats: Sequence[Placed], faces: Mapping[int, Face], only: int | None = None) -> list[TableCard]:
    """A card for each table, of all rounds or of one; who is no longer admitted is left out."""
    taken: dict[int, dict[int, list[Face]]] = {}
    for number, table, person_id in seats:
        if person_id in faces and only in (None, number):
            taken.setdefault(table, {}).setdefault(number, []).append(faces[person_id])
    return [TableCard(table, _by_round(taken[table])) for table in sorted(taken)]


def slips(seats: Sequence[Placed], faces: Mapping[int, Face], rounds: int) -> list[Slip]:
    """A slip for each person with a seat, by reading."""
    where = {(number, person_id): table for number, table, person_id in seats}
    seated = sorted({person_id for _number, _table, person_id in seats if person_id in faces})
    ways = (
        Slip(faces[person_id], tuple(where.get((number, person_id)) for number in range(1, rounds + 1)))
        for person_id in seated
    )
    return sorted(ways, key=lambda slip: by_reading(slip.face))


def _by_round(people: Mapping[int, Sequence[Face]]) -> tuple[tuple[int, tuple[Face, ...]], ...]:
    return tuple((number, tuple(sorted(people[number], key=by_reading))) for number in sorted(people))
