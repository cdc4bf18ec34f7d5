"""What the hall screen shows: how far the evening is, who sits at which table, and what is asked there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from sqlalchemy.orm import Session

from organizer.domain.folding import fold
from organizer.domain.names import Named, rank
from organizer.domain.rounds import RoundState
from organizer.domain.talk import Prompt, prompts_of
from organizer.events.models import Event
from organizer.rounds import queries
from organizer.rounds.hall_layout import Layout, lay_names, lay_tables
from organizer.rounds.models import Round, SeatingPlan
from organizer.rounds.queries import Face

FOUND_AT_MOST = 8
T = TypeVar("T")


class Phase(StrEnum):
    """How far the rounds of an evening are."""

    WAITING = "waiting"
    """No plan is with its people yet."""
    READY = "ready"
    """The first round is still to begin."""
    RUNNING = "running"
    """A round runs or is paused."""
    BETWEEN = "between"
    """A round has ended and the next is still to begin."""
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Evening:
    """The published plan and its rounds; `prompts` holds the question of each round that has one."""

    phase: Phase
    plan: SeatingPlan | None
    rounds: Sequence[Round]
    now: Round | None
    """The round that runs or is paused."""
    next: Round | None
    """The first that is still to begin."""
    prompts: Mapping[int, Prompt | None]

    @property
    def shown(self) -> Round | None:
        """The round whose tables are on: the present one, else the next."""
        return self.now or self.next

    @property
    def key(self) -> str:
        """Changes when anything changes that is shown, but for the seconds."""
        plan = f"{self.plan.id}.{self.plan.revision}" if self.plan else ""
        rounds = (f"{row.number}.{row.state}.{row.version}.{row.minutes}" for row in self.rounds)
        return "/".join((self.phase, plan, *rounds, *(str(prompt) for prompt in self.prompts.values())))


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a round, its people by reading."""

    number: int
    people: tuple[Face, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """One person and the tables they are shown to: now, and next; None where they have no seat."""

    face: Face
    now: int | None
    next: int | None


def evening_of(session: Session, event: Event) -> Evening:
    """How far the rounds of this event are. Two statements."""
    plan = queries.published_plan(session, event.id)
    rounds = queries.rounds_of(session, event.id) if plan else []
    now, coming = queries.current(rounds), queries.coming(rounds)
    asked = prompts_of(event.kind, [row.prompt for row in rounds], event.public_id)
    prompts = {row.number: prompt for row, prompt in zip(rounds, asked, strict=True)}
    return Evening(_phase(rounds, now, coming), plan, rounds, now, coming, prompts)


def tables_of(
    seats: Sequence[queries.Placed], faces: Mapping[int, Face], number: int | None
) -> tuple[Table, ...]:
    """The tables of one round in their order; who is no longer admitted is left out."""
    found: dict[int, list[Face]] = {}
    for round_, table, person_id in seats:
        if round_ == number and person_id in faces:
            found.setdefault(table, []).append(faces[person_id])
    return tuple(Table(table, tuple(sorted(found[table], key=by_reading))) for table in sorted(found))


def placed_of(
    seats: Sequence[queries.Placed], faces: Mapping[int, Face], now: Round | None, coming: Round | None
) -> tuple[Placed, ...]:
    """Everybody with a seat in the present or the next round, by reading."""
    where = {(round_, person_id): table for round_, table, person_id in seats}
    numbers = [row.number if row else 0 for row in (now, coming)]
    placed = (
        Placed(face, *(where.get((number, face.id)) for number in numbers))
        for face in sorted(faces.values(), key=by_reading)
    )
    return tuple(one for one in placed if one.now or one.next)


def meant(placed: Sequence[Placed], query: str) -> list[Placed]:
    """Who is meant by a name or reading, best first."""
    by_id = {one.face.id: one for one in placed}
    named = (Named(one.face.id, one.face.name, one.face.reading) for one in placed)
    return [by_id[person_id] for person_id in rank(query, named)[:FOUND_AT_MOST]]


def layout_of_tables(tables: Sequence[Table]) -> Layout:
    """How these tables fit the screen."""
    return lay_tables(len(tables), max((len(table.people) for table in tables), default=1))


def layout_of_names(placed: Sequence[Placed]) -> Layout:
    """How this list of names fits the screen."""
    return lay_names(len(placed))


def pages_of(things: Sequence[T], per_page: int) -> list[Sequence[T]]:
    """The same in portions of one page, as even as they go."""
    pages = -(-len(things) // max(per_page, 1))
    share = -(-len(things) // max(pages, 1))
    return [things[place : place + share] for place in range(0, len(things), max(share, 1))]


def by_reading(face: Face) -> tuple[str, int]:
    """The order in which one looks for a name."""
    return fold(face.reading or face.name), face.id


def _phase(rounds: Sequence[Round], now: Round | None, coming: Round | None) -> Phase:
    if not rounds:
        return Phase.WAITING
    if now is not None:
        return Phase.RUNNING
    if coming is None:
        return Phase.OVER
    begun = any(row.state is RoundState.ENDED for row in rounds)
    return Phase.BETWEEN if begun else Phase.READY
