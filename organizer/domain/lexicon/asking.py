"""The left side of a comparison: what a give offers, or whom a wish looks for."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from organizer.domain.lexicon.clauses import (
    Stance,
    Stances,
    add,
    help_of,
    is_customer,
    is_declined,
    last_said,
    marks_in,
    names,
    of_kind,
    own_and_served,
    part_of,
    subjects,
)
from organizer.domain.lexicon.entries import Kind
from organizer.domain.lexicon.hearing import Heard, Mention, hear
from organizer.domain.lexicon.quantities import Amount, amounts
from organizer.domain.lexicon.saying import HELP_OF_TRADE

_ARGUMENT: Final = re.compile(
    r"(?:さん|たち|側)*(?:を(?!や|営|経営|探|さが|希望|紹介|求|募|持って|運営|手がけ|扱|つくって|作って|教えて|し[てたと])|が|へ|は|も|から"
    r"|に(?!会|お会|お目|つな|限|詳|なれ|なっ|なりた)"
    r"|と(?!会|お会|話|知り|つな|繋|組|語|飲|出会|一緒|交流|情報|意見|仲|友|勉強|愚痴|の席|お近|$))"
)
"""What stands behind a trade or a role that the wished-for person only deals with: 農家から仕入れる料理人."""
_AND: Final = re.compile("と|や|か|・|、|または|もしくは")
_LAST: Final = re.compile(
    r"(?:さん|の方|の人|仲間|同士)*(?:$|[、。]|に会|と(?:会|話|知り|つな|組|語|飲)|を(?:探|さが|希望|紹介|求|募))"
)
"""What stands behind a word for staff where it is the person wished for."""
_STAFF: Final = frozenset(("staff", "craftsmen"))


class Act(Enum):
    """What the left text does."""

    OFFER = "offer"
    WISH = "wish"


@dataclass(frozen=True, slots=True)
class Asked:
    """The left text: what the other should lack (for an offer) or lack, have or be (for a wish)."""

    act: Act
    concepts: Stances
    """By the stance wanted of the other, how surely."""
    refused: frozenset[str]
    trades: frozenset[str]
    served: frozenset[str]
    roles: frozenset[str]
    places: frozenset[str]
    amounts: tuple[Amount, ...]


@lru_cache(maxsize=8192)
def asked(text: str, of_profile: bool = False) -> Asked:
    """What the left text asks of the other: beside a profile it is a wish, beside a challenge most often an offer."""
    heard = hear(text)
    is_wish = of_profile or _seeks(heard)
    kinds = ("except", "refuse", "say_no", "plenty") if is_wish else ("except", "refuse", "say_no")
    refused = [one for one in subjects(heard) if is_declined(heard, one, *kinds)]
    kept = [one for one in subjects(heard) if one not in refused]
    return _wish(heard, kept, names(refused)) if is_wish else _offer(heard, kept, names(refused))


def _seeks(heard: Heard) -> bool:
    """Whether a text itself looks for help or for people: what it says last decides."""
    if heard.marks("meet"):
        return True
    offers = max((mark.end for mark in heard.marks("offer")), default=-1)
    seeks = max((mark.end for mark in heard.marks("seek", "want", "struggling")), default=-1)
    return seeks > offers or bool(heard.marks("learner"))


def _offer(heard: Heard, kept: list[Mention], refused: frozenset[str]) -> Asked:
    """Somebody who can help: the other should lack what is offered."""
    trades = of_kind(kept, Kind.TRADE)
    own, served = own_and_served(heard, trades)
    customers = [one for one in own if is_customer(heard, one)]
    own = [one for one in own if one not in customers]
    concepts: Stances = {}
    for one in of_kind(kept, Kind.CONCEPT):
        if not any(_lies_in(one, trade) for trade in (*served, *customers)):
            add(concepts, one.name, Stance.LACKS, one.sense.surety)
    roles = of_kind(kept, Kind.ROLE)
    for name, degree in help_of([*own, *roles]):
        if name not in refused:
            add(concepts, name, Stance.LACKS, HELP_OF_TRADE * degree)
    return Asked(
        Act.OFFER, concepts, refused, names(own) - refused, names((*served, *customers)), names(roles),
        names(of_kind(kept, Kind.PLACE)), amounts(heard.text),
    )  # fmt: skip


def _lies_in(one: Mention, other: Mention) -> bool:
    return other.start <= one.start and one.end <= other.end


def _wish(heard: Heard, kept: list[Mention], refused: frozenset[str]) -> Asked:
    """Somebody who looks for a person: of a trade, a role, a size, who has or lacks something."""
    own, served = own_and_served(heard, of_kind(kept, Kind.TRADE))
    targets = [one for one in own if not _is_argument(heard, one)]
    roles = [
        one
        for one in of_kind(kept, Kind.ROLE)
        if (_LAST.match(heard.text, one.end) if one.name in _STAFF else not _is_argument(heard, one))
    ]
    names_of_people = [*targets, *roles, *heard.marks("meet", "fellow")]
    concepts: Stances = {}
    for one in of_kind(kept, Kind.CONCEPT):
        if not any(_lies_in(one, other) for other in names_of_people):
            add(concepts, one.name, _wanted(heard, one), one.sense.surety)
    return Asked(
        Act.WISH, concepts, refused, names(targets) - refused,
        names(one for one in (*own, *served) if one not in targets), names(roles) - refused,
        names(of_kind(kept, Kind.PLACE)), amounts(heard.text),
    )  # fmt: skip


def _is_argument(heard: Heard, one: Mention) -> bool:
    """Whether a trade or a role is only spoken of; one of several that are named together is what the last one is."""
    joined = _AND.match(heard.text, one.end)
    if joined:
        following = [other for other in subjects(heard) if other.start == joined.end()]
        if following:
            return _is_argument(heard, following[0])
    return _ARGUMENT.match(heard.text, one.end) is not None


def _wanted(heard: Heard, one: Mention) -> Stance:
    """How the other should stand to what the wish names."""
    start, end = part_of(heard.text, one.start)
    if marks_in(heard, start, end, "fellow"):
        return Stance.NAMES
    if marks_in(heard, start, one.start + 2, "self"):
        return Stance.HAS
    people = [
        *marks_in(heard, one.end, end, "person"),
        *(
            other
            for other in heard.of_kind(Kind.ROLE, Kind.TRADE)
            if one.end <= other.start and other.end <= end
        ),
    ]
    if not people:
        return Stance.HAS
    person = min(people, key=lambda other: other.start)
    lacking = marks_in(heard, one.start, person.end, "struggle", "want", "seek")
    having = marks_in(heard, one.start, person.end, "offer")
    if marks_in(heard, one.end - 1, person.start, "self") and not lacking:
        return Stance.HAS
    return last_said(one, lacking, having, Stance.NAMES)
