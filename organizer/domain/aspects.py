"""What each aspect of two people measures: degrees in [0, 1], of what two people say and have behind them.

Those that `shared` gives are the same from both sides; those that `directed` gives are of one person for the other.
What somebody has not said counts half where it could speak for them as well as against.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from organizer.domain.answers import Answer
from organizer.domain.profiles import Profile
from organizer.domain.readings import Reading
from organizer.domain.trust import TRUST_FROM, TRUST_TO
from organizer.domain.vocabulary import Authority, Intent, Role
from organizer.domain.weights import Aspect
from organizer.domain.wishes import WishFit, role_degree, size_degree, wish_fit_read

UNKNOWN: Final = 0.5
KNOWS_THE_FIELD: Final = 0.4
"""What it is worth that somebody has something to give in the field of my problem, if not for the problem itself."""
SOLD: Final = 0.5
"""What remains of help that somebody has come to sell, for those who look for nothing of it."""
FRESH: Final = 0.5
"""The rhythm of two who have nothing behind them: what every other history is measured against."""

_GENERATION_YEARS: Final = 25
_AUTHORITY: Final = {authority: place for place, authority in enumerate(Authority)}


@dataclass(frozen=True, slots=True)
class History:
    """What two people have behind them. What only one of them wants is no part of it."""

    meetings: int = 0
    """Earlier events at which they met."""
    matches: int = 0
    """How often they were matched before."""
    talked: bool = False
    """At least one of them says that they talked at this event."""
    mutual_again: bool = False
    """Both want to meet again."""
    contacts: int = 0
    """Days on which the two have been in contact so far, of the five to seven that it takes."""


NO_HISTORY: Final = History()


@dataclass(frozen=True, slots=True)
class Directed:
    """What the second of two people is for the first, with what it was measured by."""

    wish: WishFit
    serve: WishFit
    given: tuple[Answer, ...]
    """The first person's gives that meet a challenge of the other, best first, one for each challenge, two at most."""
    received: Answer | None
    """The other's give that meets the first person's problem of today best."""
    degrees: dict[Aspect, float]


def shared(one: Reading, other: Reading, history: History) -> dict[Aspect, float]:
    """The degrees of all aspects that are the same from both sides."""
    mine, theirs = one.profile, other.profile
    same_trade = mine.industry is not None and mine.industry == theirs.industry
    return {
        Aspect.VALUES: values_shared(mine, theirs),
        Aspect.PHASE: phase_shared(one, other),
        Aspect.SIZE: size_degree(mine.size, (theirs.size,)) if theirs.size is not None else 0.0,
        Aspect.AREA: area_shared(mine, theirs),
        Aspect.SAME_TRADE: float(same_trade),
        Aspect.TRADE: 0.0 if same_trade else _differs(mine.industry, theirs.industry),
        Aspect.FUNCTION: function_apart(one, other),
        Aspect.GENERATION: generation_apart(mine, theirs),
        Aspect.LEVEL: level_apart(mine, theirs),
        Aspect.RHYTHM: rhythm(history),
        Aspect.INTENT: intent(mine, theirs),
    }


def directed(one: Reading, other: Reading, there: tuple[Answer, ...], back: tuple[Answer, ...]) -> Directed:
    """All aspects of what `other` is for `one`; `there` are one's answers to the other's needs, `back` the other's."""
    wish, serve = wish_fit_read(one.profile.wish, other), wish_fit_read(one.profile.serve, other)
    given, received = _given(there), _received(one, back)
    mine, theirs = _as_gift(one.profile, other.profile), _as_gift(other.profile, one.profile)
    degrees = {
        Aspect.WISH: wish.degree,
        Aspect.SERVE: serve.degree,
        Aspect.GIVE: mine * giving(given),
        Aspect.TODAY: theirs * _today(one, other, received),
        Aspect.INTRODUCER: introducing(one, other),
    }
    return Directed(wish, serve, given, received, degrees)


GIVE_SHARES: Final = (0.8, 0.2)
"""Of what the degree of GIVE is made: the best answer, and a little more where a second challenge is met as well."""


def _given(there: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """The best answer to each of the two challenges that can be helped with best."""
    best: dict[int, Answer] = {}
    for answer in there:
        if answer.challenge is not None:
            best.setdefault(answer.challenge, answer)
    return tuple(best.values())[: len(GIVE_SHARES)]


def giving(given: tuple[Answer, ...]) -> float:
    """GIVE: what I can give meets the other's challenges; two of them are worth more than one."""
    return sum((share * answer.degree for share, answer in zip(GIVE_SHARES, given, strict=False)), 0.0)


def _received(one: Reading, back: tuple[Answer, ...]) -> Answer | None:
    """The other's best answer to today's words, or to the challenge that stands for them."""
    places = (None, one.problem.place) if one.problem is not None else (None,)
    return next((found for found in back if found.challenge in places), None)


def _today(one: Reading, other: Reading, received: Answer | None) -> float:
    """TODAY: the other can help with my problem of today, or at least knows its field."""
    field = KNOWS_THE_FIELD if one.concerns_today & other.knows else 0.0
    return max(field, received.degree if received is not None else 0.0)


def _as_gift(giver: Profile, receiver: Profile) -> float:
    """What an answer is worth as a gift: half where it comes from a seller to somebody who looks for nothing."""
    return SOLD if _sells_in_vain(giver.intents, receiver.intents) else 1.0


def introducing(one: Reading, other: Reading) -> float:
    """INTRODUCER: the other offers to introduce people; in full where they know the field of my problem of today."""
    if not other.introduces:
        return 0.0
    return 1.0 if one.concerns_today & other.knows else UNKNOWN


def values_shared(one: Profile, other: Profile) -> float:
    """VALUES: what both hold dear; two values in common are as good as more."""
    return min(1.0, len(set(one.values) & set(other.values)) / 2)


def phase_shared(one: Reading, other: Reading) -> float:
    """PHASE: both struggle with the same now, or at least with the same side of the company."""
    if one.challenge_topics & other.challenge_topics:
        return 1.0
    return UNKNOWN if one.struggles & other.struggles else 0.0


def area_shared(one: Profile, other: Profile) -> float:
    """AREA: the same prefecture, half for the same part of the country."""
    if one.region is None or other.region is None:
        return 0.0
    if one.region == other.region:
        return 1.0
    return UNKNOWN if one.region.area is other.region.area else 0.0


def function_apart(one: Reading, other: Reading) -> float:
    """FUNCTION: what they know about differs: the share of the concerns either can help with that only one can."""
    if not one.knows or not other.knows:
        return UNKNOWN
    return 1 - len(one.knows & other.knows) / len(one.knows | other.knows)


def generation_apart(one: Profile, other: Profile) -> float:
    """GENERATION: companies founded decades apart; at least half where one has taken over and the other has not."""
    heirs = _other_generation(one, other)
    if one.founded_year is None or other.founded_year is None:
        return max(UNKNOWN, heirs)
    return max(heirs, min(1.0, abs(one.founded_year - other.founded_year) / _GENERATION_YEARS))


def _other_generation(one: Profile, other: Profile) -> float:
    return UNKNOWN if (one.role is Role.SUCCESSOR) != (other.role is Role.SUCCESSOR) else 0.0


def level_apart(one: Profile, other: Profile) -> float:
    """LEVEL: another position in the company, and another say in its decisions."""
    role = 1 - role_degree(one.role, (other.role,)) if one.role and other.role else UNKNOWN
    if one.authority is None or other.authority is None:
        say = UNKNOWN
    else:
        say = min(1.0, abs(_AUTHORITY[one.authority] - _AUTHORITY[other.authority]) / 2)
    return (role + say) / 2


def rhythm(history: History) -> float:
    """RHYTHM: who wants to go on goes on, a tie begun grows, new faces come before those met in vain.

    1 where both want to meet again. A tie with fewer than five contacts gains by every further one, and most just
    before trust; from seven on it lives without us. Having talked today counts for it, earlier matches against.
    """
    if history.mutual_again:
        return 1.0
    if history.contacts == 0:
        base = FRESH if history.meetings == 0 else 0.35
    elif history.contacts < TRUST_FROM:
        base = 0.4 + 0.05 * history.contacts
    else:
        base = 0.4 if history.contacts <= TRUST_TO else 0.25
    return max(0.0, base + (0.3 if history.talked else 0.0) - 0.2 * history.matches)


def intent(one: Profile, other: Profile) -> float:
    """INTENT: 1 where both come for the same, 0 where one comes to sell and the other looks for nothing of it.

    Half in between: where no aim is shared, and where one is shared but somebody sells in vain as well.
    """
    mine, theirs = set(one.intents), set(other.intents)
    in_vain = _sells_in_vain(mine, theirs) or _sells_in_vain(theirs, mine)
    if (mine & theirs) - {Intent.SELL}:
        return UNKNOWN if in_vain else 1.0
    return 0.0 if in_vain else UNKNOWN


def _sells_in_vain(seller: Collection[Intent], other: Collection[Intent]) -> bool:
    return Intent.SELL in seller and Intent.PARTNER not in other and Intent.BE_ADVISED not in other


def _differs(one: StrEnum | None, other: StrEnum | None) -> float:
    return UNKNOWN if one is None or other is None else float(one != other)
