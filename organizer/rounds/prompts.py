"""Which question is asked at the tables of a round: the host's choice, none, or the one of its turn."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.domain.talk import NO_PROMPT, Prompt, prompts_for, prompts_of
from organizer.domain.vocabulary import known_one
from organizer.errors import NotFound, Refused
from organizer.events.models import Event
from organizer.rounds.models import Round


class PromptBarrier(StrEnum):
    """Why a question cannot be chosen."""

    ASKED_ELSEWHERE = "asked_elsewhere"
    UNKNOWN = "unknown"


def choices(event: Event, rounds: Sequence[Round], number: int) -> tuple[Prompt, ...]:
    """What a host may choose from for this round: everything fit for the event that no other round asks."""
    elsewhere = _elsewhere(event, rounds, number)
    return tuple(prompt for prompt in prompts_for(event.kind) if prompt not in elsewhere)


def choose(session: Session, event: Event, number: int, code: str) -> None:
    """Keep a question for a round: its code, `domain.talk.NO_PROMPT`, or empty for the one of its turn.

    Raises NotFound for a round that is not there, Refused(PromptBarrier) for a question that cannot be.
    """
    query = select(Round).where(Round.event_id == event.id).order_by(Round.number).with_for_update()
    rounds = list(session.scalars(query))
    row = next((row for row in rounds if row.number == number), None)
    if row is None:
        raise NotFound
    prompt = known_one(Prompt, code)
    if code not in ("", NO_PROMPT) and prompt not in prompts_for(event.kind):
        raise Refused(PromptBarrier.UNKNOWN)
    if prompt in _elsewhere(event, rounds, number):
        raise Refused(PromptBarrier.ASKED_ELSEWHERE)
    row.prompt = code


def _elsewhere(event: Event, rounds: Sequence[Round], number: int) -> set[Prompt | None]:
    asked = prompts_of(event.kind, [row.prompt for row in rounds], event.public_id)
    others = {prompt for row, prompt in zip(rounds, asked, strict=True) if row.number != number}
    return others - {None}
