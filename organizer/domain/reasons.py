"""Why this pair: structured reasons, strongest first. Ids, codes and places only, no sentence or name.

Each reason can be taken back to the data it claims; `holds` does so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from organizer.domain.answers import TELLING, answers
from organizer.domain.fit import NO_HISTORY, WEIGHTS_V1, History, Weights
from organizer.domain.profiles import Profile, Wish
from organizer.domain.vocabulary import CriterionField, Topic, Value, known, known_one
from organizer.domain.wishes import challenge_topics, wish_fit


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
    TALKED_TOGETHER = "talked_together"
    NOT_MET_YET = "not_met_yet"
    COMMON_CHALLENGE = "common_challenge"
    COMMON_VALUE = "common_value"
    SAME_PHASE = "same_phase"
    SAME_AREA = "same_area"
    OTHER_TRADE = "other_trade"
    SAME_TRADE = "same_trade"


ONE_WAY: Final = frozenset(
    (
        ReasonKind.GIVE_MEETS_CHALLENGE,
        ReasonKind.GIVE_MEETS_TODAY,
        ReasonKind.WISH_MEETS_PROFILE,
        ReasonKind.SERVE_MEETS_PROFILE,
    )
)
"""Kinds that say who does what for whom; all others hold of both and name the smaller id first."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a pair; which fields are filled depends on the kind."""

    kind: ReasonKind
    subject: int
    other: int
    weight: int = 0
    """How much it carries, 0 to 100: only good for ordering."""
    topic: Topic | None = None
    give: int | None = None
    """Place in the subject's gives."""
    challenge: int | None = None
    """Place in the other's challenges."""
    fields: tuple[CriterionField, ...] = ()
    """What of the other meets the subject's wish in full."""
    topics: tuple[Topic, ...] = ()
    values: tuple[Value, ...] = ()

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
        )


def reasons_for(
    one: Profile, other: Profile, weights: Weights = WEIGHTS_V1, history: History = NO_HISTORY
) -> tuple[Reason, ...]:
    """All reasons for the pair, both ways, strongest first; the order of the two does not matter."""
    first, second = sorted((one, other), key=lambda profile: profile.id)
    found = [
        *_one_way(first, second, weights),
        *_one_way(second, first, weights),
        *_of_history(first, second, weights, history),
        *_in_common(first, second, weights),
    ]
    order = list(ReasonKind)
    return tuple(sorted(found, key=lambda reason: (-reason.weight, order.index(reason.kind), reason.subject)))


def seen_by(reasons: Iterable[Reason], person: int, limit: int = 3) -> tuple[Reason, ...]:
    """The reasons as one of the two reads them: what the other is for me first, one of each kind and side."""
    kept: dict[tuple[ReasonKind, int], Reason] = {}
    for reason in reasons:
        kept.setdefault((reason.kind, reason.subject), reason)
    mine = sorted(kept.values(), key=lambda reason: (-reason.weight, not _is_for(reason, person)))
    return tuple(mine[:limit])


def holds(reason: Reason, profiles: Mapping[int, Profile], history: History = NO_HISTORY) -> bool:
    """Whether a reason is true of these profiles and this history, whatever its weight."""
    if reason.subject not in profiles or reason.other not in profiles:
        return False
    pair = profiles[reason.subject], profiles[reason.other]
    return any(_claim(reason) == _claim(true) for true in reasons_for(*pair, history=history))


def _claim(reason: Reason) -> tuple[object, ...]:
    return (
        reason.kind,
        reason.subject,
        reason.other,
        reason.topic,
        reason.give,
        reason.challenge,
        reason.fields,
        reason.topics,
        reason.values,
    )


def _is_for(reason: Reason, person: int) -> bool:
    """Whether a reason says what the other is for this person."""
    if reason.kind in (ReasonKind.WISH_MEETS_PROFILE, ReasonKind.SERVE_MEETS_PROFILE):
        return reason.subject == person
    return reason.kind not in ONE_WAY or reason.other == person


def _one_way(subject: Profile, other: Profile, weights: Weights) -> Iterable[Reason]:
    """What the subject's gives and wishes find in the other."""
    told: set[int | None] = set()
    for answer in answers(subject, other):
        if answer.degree < TELLING or answer.challenge in told:
            continue
        told.add(answer.challenge)
        today = answer.challenge is None
        yield Reason(
            ReasonKind.GIVE_MEETS_TODAY if today else ReasonKind.GIVE_MEETS_CHALLENGE,
            subject.id,
            other.id,
            _share(weights.give, answer.degree, weights),
            topic=answer.topic,
            give=answer.give,
            challenge=answer.challenge,
        )
    yield from _wished(ReasonKind.WISH_MEETS_PROFILE, subject, subject.wish, other, weights.wish, weights)
    yield from _wished(ReasonKind.SERVE_MEETS_PROFILE, subject, subject.serve, other, weights.serve, weights)


def _wished(
    kind: ReasonKind, subject: Profile, wish: Wish, other: Profile, weight: int, weights: Weights
) -> Iterable[Reason]:
    """The wish, where the other meets most of it and it can be said in what."""
    met = wish_fit(wish, other)
    if met.degree >= TELLING and (met.fields or met.topics or met.by_words):
        weight = _share(weight, met.degree, weights)
        yield Reason(kind, subject.id, other.id, weight, fields=met.fields, topics=met.topics)


def _of_history(first: Profile, second: Profile, weights: Weights, history: History) -> Iterable[Reason]:
    """What the two have behind them."""
    pair = first.id, second.id
    if history.mutual_again:
        yield Reason(ReasonKind.MUTUAL_AGAIN, *pair, 100)
    if history.talked:
        yield Reason(ReasonKind.TALKED_TOGETHER, *pair, _share(weights.rhythm, 0.8, weights))
    elif history.meetings == 0 and history.matches == 0:
        yield Reason(ReasonKind.NOT_MET_YET, *pair, _share(weights.rhythm, 0.5, weights))


def _in_common(first: Profile, second: Profile, weights: Weights) -> Iterable[Reason]:
    """What the two share, and what sets them apart to their good."""
    pair = first.id, second.id
    topics = tuple(topic for topic in Topic if topic in challenge_topics(first) & challenge_topics(second))
    values = tuple(value for value in Value if value in set(first.values) & set(second.values))
    if topics:
        yield Reason(ReasonKind.COMMON_CHALLENGE, *pair, _share(weights.common, 0.6, weights), topics=topics)
    if values:
        degree = min(1.0, 0.5 * len(values))
        yield Reason(ReasonKind.COMMON_VALUE, *pair, _share(weights.common, degree, weights), values=values)
    if first.size is not None and first.size == second.size:
        yield Reason(ReasonKind.SAME_PHASE, *pair, _share(weights.common, 0.25, weights))
    if first.region is not None and first.region == second.region:
        yield Reason(ReasonKind.SAME_AREA, *pair, _share(weights.common, 0.2, weights))
    if first.industry is not None and second.industry is not None:
        same = first.industry == second.industry
        kind, degree = (ReasonKind.SAME_TRADE, 0.2) if same else (ReasonKind.OTHER_TRADE, 0.6)
        yield Reason(kind, *pair, _share(weights.diversity, degree, weights))


def _share(weight: int, degree: float, weights: Weights) -> int:
    """The part of the whole that a degree carries, 0 to 99: only a mutual wish to go on has 100."""
    return min(99, round(100 * weight * degree / weights.total)) if weights.total else 0
