"""What a reason for a pair is: a kind, whom it speaks of, and the codes and places of the data it claims."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from organizer.domain.vocabulary import CriterionField, Intent, Topic, Value, known, known_one
from organizer.domain.weights import Aspect


class ReasonKind(StrEnum):
    """What a reason claims of `subject` and `other`."""

    MUTUAL_AGAIN = "mutual_again"
    GIVE_MEETS_CHALLENGE = "give_meets_challenge"
    """The subject's give helps with the other's challenge."""
    GIVE_MEETS_TODAY = "give_meets_today"
    """The subject's give helps with what the other wants from today."""
    WISH_MEETS_PROFILE = "wish_meets_profile"
    """The other is whom the subject wants to meet."""
    SERVE_MEETS_PROFILE = "serve_meets_profile"
    """The other is whom the subject can serve best."""
    INTRODUCES = "introduces"
    """The subject offers to introduce people, and knows the field of the other's problem of today."""
    TALKED_TOGETHER = "talked_together"
    TIE_GROWING = "tie_growing"
    """The two have been in contact a few times, and it takes some more until there is trust."""
    NOT_MET_YET = "not_met_yet"
    COMMON_CHALLENGE = "common_challenge"
    COMMON_VALUE = "common_value"
    SAME_PHASE = "same_phase"
    SAME_AREA = "same_area"
    SAME_INTENT = "same_intent"
    OTHER_TRADE = "other_trade"
    OTHER_FUNCTION = "other_function"
    """What they know about differs: together they cover more."""
    OTHER_GENERATION = "other_generation"
    OTHER_LEVEL = "other_level"
    SAME_TRADE = "same_trade"


ONE_WAY: Final = frozenset(
    (
        ReasonKind.GIVE_MEETS_CHALLENGE,
        ReasonKind.GIVE_MEETS_TODAY,
        ReasonKind.WISH_MEETS_PROFILE,
        ReasonKind.SERVE_MEETS_PROFILE,
        ReasonKind.INTRODUCES,
    )
)
"""Kinds that say who does what for whom; all others hold of both and name the smaller id first."""


PRIVATE: Final = frozenset((ReasonKind.TIE_GROWING,))
"""Kinds that nobody but the two is told: what is between them outside of the circle's events."""

CARRIED_BY: Final[dict[ReasonKind, tuple[Aspect, ...]]] = {
    ReasonKind.MUTUAL_AGAIN: (Aspect.RHYTHM,),
    ReasonKind.GIVE_MEETS_CHALLENGE: (Aspect.GIVE, Aspect.TODAY),
    ReasonKind.GIVE_MEETS_TODAY: (Aspect.TODAY,),
    ReasonKind.WISH_MEETS_PROFILE: (Aspect.WISH,),
    ReasonKind.SERVE_MEETS_PROFILE: (Aspect.SERVE,),
    ReasonKind.INTRODUCES: (Aspect.INTRODUCER,),
    ReasonKind.TALKED_TOGETHER: (Aspect.RHYTHM,),
    ReasonKind.TIE_GROWING: (Aspect.RHYTHM,),
    ReasonKind.NOT_MET_YET: (Aspect.RHYTHM,),
    ReasonKind.COMMON_CHALLENGE: (Aspect.PHASE,),
    ReasonKind.COMMON_VALUE: (Aspect.VALUES,),
    ReasonKind.SAME_PHASE: (Aspect.SIZE,),
    ReasonKind.SAME_AREA: (Aspect.AREA,),
    ReasonKind.SAME_INTENT: (Aspect.INTENT,),
    ReasonKind.OTHER_TRADE: (Aspect.TRADE,),
    ReasonKind.OTHER_FUNCTION: (Aspect.FUNCTION,),
    ReasonKind.OTHER_GENERATION: (Aspect.GENERATION,),
    ReasonKind.OTHER_LEVEL: (Aspect.LEVEL,),
    ReasonKind.SAME_TRADE: (Aspect.SAME_TRADE,),
}
"""The aspects by which a reason of each kind carries a pair."""

ABOVE_ALL: Final = 2000
"""The weight of a mutual wish to meet again: before whatever else speaks for a pair."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a pair; which fields are filled depends on the kind."""

    kind: ReasonKind
    subject: int
    other: int
    weight: int = 0
    """How much it carries: thousandths of the worth of the pair, of which there are 2000."""
    topic: Topic | None = None
    give: int | None = None
    """Place in the subject's gives."""
    challenge: int | None = None
    """Place in the other's challenges."""
    fields: tuple[CriterionField, ...] = ()
    """What of the other meets the subject's wish in full."""
    topics: tuple[Topic, ...] = ()
    values: tuple[Value, ...] = ()
    intents: tuple[Intent, ...] = ()
    contacts: int | None = None

    def to_data(self) -> dict[str, Any]:
        """Plain data, fit for JSON; what is empty is left out."""
        data: dict[str, Any] = {"kind": self.kind.value, "subject": self.subject, "other": self.other}
        optional = {
            "weight": self.weight,
            "topic": self.topic.value if self.topic else None,
            "give": self.give,
            "challenge": self.challenge,
            "fields": [field.value for field in self.fields],
            "topics": [topic.value for topic in self.topics],
            "values": [value.value for value in self.values],
            "intents": [intent.value for intent in self.intents],
            "contacts": self.contacts,
        }
        return data | {key: value for key, value in optional.items() if value not in (None, [])}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self | None:
        """The reason that `to_data` wrote, or None for a kind no longer known."""
        kind = known_one(ReasonKind, data.get("kind"))
        if kind is None:
            return None
        return cls(
            kind,
            int(data["subject"]),
            int(data["other"]),
            int(data.get("weight", 0)),
            known_one(Topic, data.get("topic")),
            data.get("give"),
            data.get("challenge"),
            known(CriterionField, data.get("fields", ())),
            known(Topic, data.get("topics", ())),
            known(Value, data.get("values", ())),
            known(Intent, data.get("intents", ())),
            data.get("contacts"),
        )
