"""How near two free texts are in meaning, by a lexicon a host can read: organizer/domain/lexicon/*.txt.

No model and no learned numbers. The left text, a give or a wish, says how the other should stand to something: lack
what is offered, have what is sought, be of a trade, a role, a size. The right text, a challenge or a profile, says how
somebody stands. Two texts are near when both speak of one concept, or of concepts that are near, from fitting sides.
"""

from functools import lru_cache
from typing import Final

from organizer.domain.lexicon.asking import Act, Asked, asked
from organizer.domain.lexicon.clauses import Stance
from organizer.domain.lexicon.hearing import hear
from organizer.domain.lexicon.likeness import likeness
from organizer.domain.lexicon.quantities import agreement
from organizer.domain.lexicon.reader import lexicon
from organizer.domain.lexicon.saying import Said, said
from organizer.domain.lexicon.spelling import fold
from organizer.domain.vocabulary import Industry, Role, Topic

__all__ = ["fold", "relevance", "roles_in", "topics_in", "topics_near", "trades_in"]

MISSED: Final = 0.1
"""What a wish loses whose subject the other does not speak of."""
ALIKE: Final = {Act.OFFER: 0.8, Act.WISH: 0.5}
"""What it adds that two texts are written in the words of the same topics; a wish also tells trades and roles."""
SEEKERS: Final = 0.2
"""What remains of that where both look for the same."""
REFUSED: Final = 0.02
"""What remains where the very thing is refused."""
SAME: Final = 0.75
"""From this nearness on two concepts are one matter."""
UNKNOWN: Final = 0.2
"""What a part of a wish is worth of which the other says nothing."""
UNSAID: Final = 0.3
"""What a wish is worth of which nothing is understood."""
_FITTING: Final = {
    (Stance.LACKS, Stance.LACKS): 1.0,
    (Stance.LACKS, Stance.NAMES): 0.75,
    (Stance.LACKS, Stance.HAS): 0.2,
    (Stance.HAS, Stance.HAS): 1.0,
    (Stance.HAS, Stance.NAMES): 0.85,
    (Stance.HAS, Stance.LACKS): 0.12,
    (Stance.NAMES, Stance.HAS): 0.95,
    (Stance.NAMES, Stance.NAMES): 0.95,
    (Stance.NAMES, Stance.LACKS): 0.5,
}


def relevance(left: str, right: str) -> float:
    """How well a give or a wish (left) meets a challenge or a profile (right), in [0, 1]."""
    if not fold(left) or not fold(right):
        return 0.0
    other = said(right)
    mine = asked(left, other.is_profile)
    alike = likeness(left, right)
    if _is_refused(mine, other):
        return round(REFUSED * alike, 4)
    if mine.act is Act.OFFER:
        met = _offer(mine, other)
        alike *= 0.0 if mine.refused and not mine.concepts else 1.0
    else:
        met = _wish(mine, other)
        alike *= SEEKERS if not other.is_profile or _looks_for_it_too(mine, other) else 1.0
    weight = ALIKE[mine.act]
    return round((met + weight * alike) / (1 + weight), 4)


def _looks_for_it_too(mine: Asked, other: Said) -> bool:
    """Whether somebody who is to have something lacks it."""
    has = {name for name, stance in mine.concepts if stance is Stance.HAS}
    lacks = {name for name, stance in other.concepts if stance is Stance.LACKS}
    known = lexicon()
    return any(known.nearness(one, its) >= SAME for one in has for its in lacks)


def _is_refused(mine: Asked, other: Said) -> bool:
    """Whether the left text declines what the other needs or is, or offers what is said to be no matter."""
    if not mine.refused and not other.settled:
        return False
    named = {name for name, _ in other.concepts} | other.trades | other.roles | other.places
    if mine.act is Act.WISH:
        named |= other.served if not other.trades else set()
        return _touches(mine.refused, named)
    wanted = {name for name, _ in mine.concepts}
    return _touches(mine.refused, named) or _touches(other.settled, wanted)


def _touches(refused: frozenset[str], named: set[str]) -> bool:
    known = lexicon()
    return any(
        one == name or known.nearness(one, name) >= SAME or _kinship(one, name) >= 0.9
        for one in refused
        for name in named
    )


def _offer(mine: Asked, other: Said) -> float:
    """How well an offer meets a need: by the nearest concepts; a limit that the other does not keep takes most."""
    met = _concepts(mine, other)
    within = agreement(mine.amounts, other.amounts)
    if within is not None:
        met *= 0.15 + 0.85 * within
    return met


def _wish(mine: Asked, other: Said) -> float:
    """How well somebody is the person wished for: the mean over what the wish names; what contradicts it takes most."""
    parts: list[tuple[float, float]] = []
    penalty = 1.0
    for weight, degree, factor in (
        _wished_concepts(mine, other),
        _wished_trades(mine, other),
        _wished_roles(mine, other),
        _wished_places(mine, other),
        _wished_amounts(mine, other),
    ):
        if weight:
            parts.append((weight, degree))
            penalty *= factor
    if (mine.trades | mine.roles) & other.sought:
        penalty *= 0.15
    total = sum(weight for weight, _ in parts)
    return penalty * sum(weight * degree for weight, degree in parts) / total if total else UNSAID


Part = tuple[float, float, float]
"""Weight of a part of a wish, degree to which it is met, factor for the whole."""
_NO_PART: Final = (0.0, 0.0, 1.0)


def _wished_concepts(mine: Asked, other: Said) -> Part:
    if not mine.concepts:
        return _NO_PART
    degree = _concepts(mine, other)
    surety = max(mine.concepts.values())
    if degree >= UNKNOWN or not other.is_profile:
        return surety, degree, 1.0
    if not other.has_words:
        return 0.6 * surety, UNKNOWN, 1.0
    spoken = [stance for _, stance in other.concepts if stance is not Stance.NAMES]
    return surety, max(degree, 0.0 if spoken else 0.15), 1 - surety * (MISSED if spoken else MISSED / 2)


def _wished_trades(mine: Asked, other: Said) -> Part:
    """How well the trade wished for is met, and the factor where another trade is said."""
    if not mine.trades:
        if not mine.served:
            return _NO_PART
        spoken = _trade_degree(mine.served, other.served | other.also)
        return 0.5, max(spoken, 0.5 * _trade_degree(mine.served, other.trades), UNKNOWN), 1.0
    degree = max(_trade_degree(mine.trades, other.trades), 0.75 * _trade_degree(mine.trades, other.also))
    if not other.has_trade and not other.trades:
        return 1.0, UNKNOWN, 1.0
    if degree < 0.3 and _trade_degree(mine.trades, other.served) >= 0.5:
        return 1.0, degree, 0.25
    return 1.0, degree, 1.0 if degree >= 0.3 else 0.3


def _wished_roles(mine: Asked, other: Said) -> Part:
    """Special roles tell more than that somebody leads a company."""
    if not mine.roles:
        return _NO_PART
    entries = lexicon().entries
    special = {name for name in mine.roles if not entries[name].general}
    degree = max((_kinship(one, role) for one in special or mine.roles for role in other.roles), default=0.0)
    degree = max(degree, _lived_through(special, other))
    if any(role in entries[one].against for one in mine.roles for role in other.roles):
        return 1.0, 0.0, 0.2
    if not other.roles and not degree:
        return (0.6 if special else 0.2), UNKNOWN, 1.0
    return (0.9 if special else 0.25), degree, 1.0 if degree >= 0.3 else 0.55


def _lived_through(roles: set[str], other: Said) -> float:
    """How far the other speaks of what people of these roles have lived through."""
    known = lexicon()
    return max(
        (
            degree * known.nearness(name, its) * surety
            for role in sorted(roles)
            for name, degree in known.entries[role].helps.items()
            for (its, stance), surety in other.concepts.items()
            if stance is not Stance.LACKS
        ),
        default=0.0,
    )


def _wished_places(mine: Asked, other: Said) -> Part:
    if not mine.places:
        return _NO_PART
    if not other.places:
        return 0.4, UNKNOWN, 1.0
    degree = max(
        max(_kinship(one, place), _kinship(place, one)) for one in mine.places for place in other.places
    )
    return 0.5, degree, 1.0 if degree >= 0.3 else 0.5


def _wished_amounts(mine: Asked, other: Said) -> Part:
    if not mine.amounts:
        return _NO_PART
    within = agreement(mine.amounts, other.amounts)
    return (0.3, UNKNOWN, 1.0) if within is None else (0.6, within, 0.15 + 0.85 * within)


def _concepts(mine: Asked, other: Said) -> float:
    """The nearest that any concept of one comes to any of the other, from fitting sides."""
    known = lexicon()
    best, second = 0.0, 0.0
    for (name, wanted), surety in mine.concepts.items():
        for (its, stance), its_surety in other.concepts.items():
            degree = _near(name, its) * _FITTING[wanted, stance] * surety * its_surety
            degree *= min(known.entries[name].weight, known.entries[its].weight)
            if degree > best:
                best, second = degree, best
            elif degree > second:
                second = degree
    return min(1.0, 0.92 * best + 0.08 * second)


# A room compares the same few concepts thousands of times.
@lru_cache(maxsize=32768)
def _near(one: str, other: str) -> float:
    return lexicon().nearness(one, other)


def _trade_degree(wanted: frozenset[str], found: frozenset[str]) -> float:
    return max((_kinship(one, other) for one in wanted for other in found), default=0.0)


@lru_cache(maxsize=65536)
def _kinship(wanted: str, found: str) -> float:
    """How far one trade is the other: itself or a kind of it, what it belongs to, a sister."""
    if wanted == found:
        return 1.0
    mine, its = _ancestors(wanted), _ancestors(found)
    if wanted in its:
        return its[wanted]
    if found in mine:
        return 0.55 * mine[found]
    shared = [mine[name] * its[name] for name in mine if name in its]
    return 0.35 * max(shared, default=0.0)


@lru_cache(maxsize=4096)
def _ancestors(name: str) -> dict[str, float]:
    """All that a trade is a kind of, with degrees."""
    entries = lexicon().entries
    found: dict[str, float] = {}
    for parent, degree in entries[name].parents.items():
        found[parent] = max(degree, found.get(parent, 0.0))
        for above, further in _ancestors(parent).items():
            found[above] = max(degree * further, found.get(above, 0.0))
    return found


# People are compared with everybody in the room: each text is looked through once, not once a pair.
@lru_cache(maxsize=4096)
def topics_in(text: str) -> frozenset[Topic]:
    """The topics a text speaks of, leaving out what it declines."""
    return frozenset(subject for subject in _subjects(text) if isinstance(subject, Topic))


@lru_cache(maxsize=4096)
def trades_in(text: str) -> frozenset[Industry]:
    """The trades a text names, leaving out what it declines."""
    return frozenset(subject for subject in _subjects(text) if isinstance(subject, Industry))


@lru_cache(maxsize=4096)
def roles_in(text: str) -> frozenset[Role]:
    """The positions a text names, leaving out what it declines."""
    return frozenset(subject for subject in _subjects(text) if isinstance(subject, Role))


def _subjects(text: str) -> list[Topic | Industry | Role | None]:
    """What the expressions of a text are about; mere hints do not count."""
    refused = asked(text).refused
    entries = lexicon().entries
    return [
        entries[one.name].subject
        for one in hear(text).mentions
        if one.sense.surety == 1 and one.name not in refused
    ]


def topics_near(left: Topic, right: Topic) -> bool:
    """Whether help with one topic is often help with the other, too."""
    return left is right or frozenset((left, right)) in lexicon().near_topics
