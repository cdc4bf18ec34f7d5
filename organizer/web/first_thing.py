"""The one thing to do: what the first page puts before somebody. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class FirstThing(StrEnum):
    """What comes first, in this order."""

    CLOSING = "closing"
    DOOR = "door"
    TICKET = "ticket"
    PROMPT = "prompt"
    MATCHES = "matches"
    PROMISE = "promise"
    PROFILE = "profile"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with a person at this moment."""

    closing_open: bool = False
    door_tonight: bool = False
    ticket_today: bool = False
    prompts: int = 0
    new_matches: bool = False
    promises: int = 0
    profile_complete: bool = True


def first_thing(standing: Standing) -> FirstThing:
    """What the person should do first: what passes soonest goes first, what can wait goes last."""
    order = (
        (FirstThing.CLOSING, standing.closing_open),
        (FirstThing.DOOR, standing.door_tonight),
        (FirstThing.TICKET, standing.ticket_today),
        (FirstThing.PROMPT, standing.prompts > 0),
        (FirstThing.MATCHES, standing.new_matches),
        (FirstThing.PROMISE, standing.promises > 0),
        (FirstThing.PROFILE, not standing.profile_complete),
    )
    return next((thing for thing, there in order if there), FirstThing.NOTHING)
