"""Why this pair: structured reasons, strongest first. Ids, codes and places only, no sentence or name.

Each reason can be taken back to the data it claims (`holds` does so), and names the aspects of the affinity by which
it carried the pair (`CARRIED_BY`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from organizer.domain.answers import TELLING, Answer
from organizer.domain.approach import WEIGHTS
from organizer.domain.aspects import FRESH, GIVE_SHARES, NO_HISTORY, Directed, History, giving, rhythm
from organizer.domain.fit import Affinity, Meeting, meeting
from organizer.domain.profiles import Profile
from organizer.domain.readings import Reading, read
from organizer.domain.reason import ABOVE_ALL, CARRIED_BY, ONE_WAY, PRIVATE, Reason, ReasonKind
from organizer.domain.trust import TRUST_FROM
from organizer.domain.vocabulary import E, GiveKind, Intent, Topic, Value
from organizer.domain.weights import Aspect, Weights
from organizer.domain.wishes import WishFit

__all__ = [
    "ABOVE_ALL",
    "CARRIED_BY",
    "ONE_WAY",
    "PRIVATE",
    "Reason",
    "ReasonKind",
    "holds",
    "reasons_for",
    "seen_by",
]

_ABOUT_THE_SAME: Final = 100
"""Weights that differ by less read as equal."""


def reasons_for(
    one: Profile, other: Profile, weights: Weights = WEIGHTS, history: History = NO_HISTORY
) -> tuple[Reason, ...]:
    """All reasons for the pair, both ways, strongest first; the order of the two does not matter.

    What counts nothing under these weights is no reason; what two people have behind them is always told.
    """
    first, second = sorted((one, other), key=lambda profile: profile.id)
    met = meeting(read(first), read(second), weights, history)
    found = [
        *_one_way(met.there_by, met.back_by, met.there, met.back, read(first), read(second)),
        *_one_way(met.back_by, met.there_by, met.back, met.there, read(second), read(first)),
        *_of_both(met, read(first), read(second)),
    ]
    carrying = [
        *(reason for reason in found if reason.weight),
        *_of_history(met, first.id, second.id, history),
    ]
    order = list(ReasonKind)
    return tuple(
        sorted(carrying, key=lambda reason: (-reason.weight, order.index(reason.kind), reason.subject))
    )


def seen_by(reasons: Iterable[Reason], person: int, limit: int = 3) -> tuple[Reason, ...]:
    """The reasons as one of the two reads them: what the other is for me first, one of each kind and side.

    For anybody else `person` is neither of them, and what only the two may know is left out.
    """
    kept: dict[tuple[ReasonKind, int], Reason] = {}
    for reason in reasons:
        if reason.kind not in PRIVATE or person in (reason.subject, reason.other):
            kept.setdefault((reason.kind, reason.subject), reason)
    mine = sorted(kept.values(), key=lambda reason: _order_for(reason, person))
    return tuple(mine[:limit])


def _order_for(reason: Reason, person: int) -> tuple[int, bool, int]:
    """By weight; among those that weigh about the same, what the other is for the person comes first."""
    return -(reason.weight // _ABOUT_THE_SAME), not _is_for(reason, person), -reason.weight


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
        reason.intents,
        reason.contacts,
    )


def _is_for(reason: Reason, person: int) -> bool:
    """Whether a reason says what the other is for this person."""
    if reason.kind in (ReasonKind.WISH_MEETS_PROFILE, ReasonKind.SERVE_MEETS_PROFILE):
        return reason.subject == person
    return reason.kind not in ONE_WAY or reason.other == person


def _one_way(
    mine: Directed, theirs: Directed, there: Affinity, back: Affinity, subject: Reading, other: Reading
) -> Iterable[Reason]:
    """What the subject's gives and wishes find in the other; `mine` and `there` are the subject's side."""
    yield from _answering(mine, theirs, there, back, subject, other)
    yield from _wished(ReasonKind.WISH_MEETS_PROFILE, mine.wish, there.lift(Aspect.WISH), subject, other)
    yield from _wished(ReasonKind.SERVE_MEETS_PROFILE, mine.serve, there.lift(Aspect.SERVE), subject, other)
    if theirs.degrees[Aspect.INTRODUCER] >= TELLING:
        place = next(n for n, give in enumerate(subject.profile.gives) if give.kind is GiveKind.INTRODUCTION)
        weight = _thousandths(back.lift(Aspect.INTRODUCER))
        yield Reason(ReasonKind.INTRODUCES, subject.profile.id, other.profile.id, weight, give=place)


def _answering(
    mine: Directed, theirs: Directed, there: Affinity, back: Affinity, subject: Reading, other: Reading
) -> Iterable[Reason]:
    """The subject's answers: to challenges of the other, and to what the other wants from today."""
    told: dict[int | None, tuple[Answer, float]] = {}
    degree = giving(mine.given) or 1.0
    for share, answer in zip(GIVE_SHARES, mine.given, strict=False):
        told[answer.challenge] = answer, there.lift(Aspect.GIVE) * share * answer.degree / degree
    if theirs.received is not None:
        answer, lift = told.get(theirs.received.challenge, (theirs.received, 0.0))
        told[answer.challenge] = answer, lift + back.lift(Aspect.TODAY)
    for answer, lift in told.values():
        if answer.degree >= TELLING:
            today = answer.challenge is None
            yield Reason(
                ReasonKind.GIVE_MEETS_TODAY if today else ReasonKind.GIVE_MEETS_CHALLENGE,
                subject.profile.id,
                other.profile.id,
                _thousandths(lift),
                topic=answer.topic,
                give=answer.give,
                challenge=answer.challenge,
            )


def _wished(
    kind: ReasonKind, met: WishFit, lift: float, subject: Reading, other: Reading
) -> Iterable[Reason]:
    """The wish, where the other meets most of it and it can be said in what."""
    if met.degree >= TELLING and (met.fields or met.topics or met.by_words):
        ids = subject.profile.id, other.profile.id
        yield Reason(kind, *ids, _thousandths(lift), fields=met.fields, topics=met.topics)


def _of_history(met: Meeting, first: int, second: int, history: History) -> Iterable[Reason]:
    """What the two have behind them."""
    if history.mutual_again:
        yield Reason(ReasonKind.MUTUAL_AGAIN, first, second, ABOVE_ALL)
    if history.talked:
        # Beside a mutual wish, which carries the whole rhythm, it weighs what it would without.
        alone = rhythm(replace(history, mutual_again=False)) - FRESH
        share = met.there.weight_of(Aspect.RHYTHM) + met.back.weight_of(Aspect.RHYTHM)
        yield Reason(ReasonKind.TALKED_TOGETHER, first, second, _thousandths(alone * share))
    elif 0 < history.contacts < TRUST_FROM:
        weight = 0 if history.mutual_again else _both(met, Aspect.RHYTHM)
        yield Reason(ReasonKind.TIE_GROWING, first, second, weight, contacts=history.contacts)
    elif history.meetings == 0 and history.matches == 0 and history.contacts == 0:
        yield Reason(ReasonKind.NOT_MET_YET, first, second)


def _of_both(met: Meeting, first: Reading, second: Reading) -> Iterable[Reason]:
    """What the two share, and what sets them apart to their good."""
    one, other = first.profile, second.profile
    shared: dict[ReasonKind, dict[str, Any]] = {
        ReasonKind.COMMON_CHALLENGE: {
            "topics": _in_both(Topic, first.challenge_topics, second.challenge_topics)
        },
        ReasonKind.COMMON_VALUE: {"values": _in_both(Value, one.values, other.values)},
        ReasonKind.SAME_INTENT: {
            "intents": _in_both(Intent, {*one.intents} - {Intent.SELL}, other.intents),
        },
    }
    shared = {kind: codes for kind, codes in shared.items() if any(codes.values())}
    plain = (kind for kind, so in _facts(met, one, other).items() if so)
    for kind in (*shared, *plain):
        weight = _both(met, *CARRIED_BY[kind])
        yield Reason(kind, one.id, other.id, weight, **shared.get(kind, {}))


def _facts(met: Meeting, one: Profile, other: Profile) -> dict[ReasonKind, bool]:
    """What holds of both without any codes to name."""
    known = one.industry is not None and other.industry is not None
    return {
        ReasonKind.SAME_PHASE: one.size is not None and one.size == other.size,
        ReasonKind.SAME_AREA: one.region is not None and one.region == other.region,
        ReasonKind.OTHER_TRADE: known and one.industry != other.industry,
        ReasonKind.OTHER_FUNCTION: met.there.degree_of(Aspect.FUNCTION) >= TELLING,
        ReasonKind.OTHER_GENERATION: met.there.degree_of(Aspect.GENERATION) >= TELLING,
        ReasonKind.OTHER_LEVEL: met.there.degree_of(Aspect.LEVEL) >= TELLING,
        ReasonKind.SAME_TRADE: known and one.industry == other.industry,
    }


def _in_both(words: type[E], mine: Collection[E], theirs: Collection[E]) -> tuple[E, ...]:
    """What both name, in the order of the vocabulary."""
    return tuple(member for member in words if member in mine and member in theirs)


def _both(met: Meeting, aspect: Aspect) -> int:
    """What an aspect that is the same from both sides brings to the pair."""
    return _thousandths(met.there.lift(aspect) + met.back.lift(aspect))


def _thousandths(lift: float) -> int:
    """A lift as a weight: whole, 0 for what speaks against the pair, 1 at least for what speaks for it."""
    return max(1, round(1000 * lift)) if lift > 0 else 0
