"""What both sides of a comparison share: clauses, who declines what, whose trade is meant, who has and who lacks."""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Final

from organizer.domain.lexicon.entries import Kind, Side
from organizer.domain.lexicon.hearing import ENDS, Heard, Mention
from organizer.domain.lexicon.reader import lexicon

EXCEPT_REACH: Final = 6
"""Within how many signs 以外 or ではなく concerns what stands before."""

_DOUBTED: Final = re.compile(r"(?:る|い|の|ん)?か(?!ら)|か(?:心配|不安|わから)")
"""What stands behind something that is asked and not said: 足りているか心配."""
_JOINED: Final = re.compile(r"[・、,&]|や|と|か|および|及び|兼|")
_SERVES: Final = re.compile(
    r"(?:さん|様|など|等|系の会社|系)?(?:向け|むけ|専門|専用|用の|用|に特化|相手|への|へ|のため"
    r"|[にの](?!資格|立場|経験|知見|先生|知り合い|知人|友人|紹介|仕事|者|ob|なっ|なり|な|いた|い|勤め|務め|いま|\d))"
)


class Stance(Enum):
    """How somebody stands to a concept: lacks it, has it, or only names it."""

    LACKS = "lacks"
    HAS = "has"
    NAMES = "names"


Stances = dict[tuple[str, Stance], float]


def part_of(text: str, place: int) -> tuple[int, int]:
    """The sentence, or the part of a profile, around a place: from, to."""
    start = place
    while start and text[start - 1] not in ENDS:
        start -= 1
    end = place
    while end < len(text) and text[end] not in ENDS:
        end += 1
    return start, end


def subjects(heard: Heard) -> tuple[Mention, ...]:
    """The mentions that speak of something: concepts, trades, roles, places."""
    return heard.of_kind(Kind.CONCEPT, Kind.TRADE, Kind.ROLE, Kind.PLACE)


def of_kind(mentions: Iterable[Mention], kind: Kind) -> list[Mention]:
    """Those of one kind."""
    return [one for one in mentions if one.sense.kind is kind]


def names(mentions: Iterable[Mention]) -> frozenset[str]:
    """Which entries are meant."""
    return frozenset(one.name for one in mentions)


def add(stances: Stances, name: str, stance: Stance, surety: float) -> None:
    """Note a stance, unless it is already noted more surely."""
    stances[name, stance] = max(surety, stances.get((name, stance), 0.0))


def help_of(mentions: Iterable[Mention]) -> Iterator[tuple[str, float]]:
    """What trades and roles help with, their own and that of what they belong to."""
    entries = lexicon().entries
    for name in sorted(names(mentions)):
        yield from entries[name].helps.items()
        for parent in entries[name].parents:
            yield from entries[parent].helps.items()


def marks_in(heard: Heard, start: int, end: int, *kinds: str) -> list[Mention]:
    """The marks of some names that lie between two places."""
    return [mark for mark in heard.marks(*kinds) if start <= mark.start and mark.end <= end]


def is_declined(heard: Heard, one: Mention, *kinds: str) -> bool:
    """Whether a mention is what the text leaves out, or what one of the marks of some names speaks of."""
    start, end = part_of(heard.text, one.start)
    for mark in marks_in(heard, one.end, end, "except") if "except" in kinds else ():
        if mark.start <= one.end + EXCEPT_REACH and not _another_between(heard, one, mark):
            return True
    return any(
        not _another_between(heard, one, mark) and "しか" not in heard.text[start : mark.start]
        and not marks_in(heard, mark.end, mark.end + 3, "person") and not _DOUBTED.match(heard.text, mark.end)
        for mark in marks_in(heard, one.end - 1, end, *(kind for kind in kinds if kind != "except"))
    )  # fmt: skip


def _another_between(heard: Heard, one: Mention, mark: Mention) -> bool:
    """Whether another subject, after a comma, stands nearer to the mark."""
    comma = heard.text.rfind("、", one.end, mark.start)
    if comma < 0:
        return False
    return any(comma <= other.start < mark.start for other in subjects(heard))


def own_and_served(heard: Heard, trades: list[Mention]) -> tuple[list[Mention], list[Mention]]:
    """The trades that somebody is of, and those that are only served: 飲食店向け, 飲食店の内装."""
    own: list[Mention] = []
    served: list[Mention] = []
    for one in trades:
        (served if _is_served(heard, one, trades) else own).append(one)
    return own, served


def _is_served(heard: Heard, one: Mention, trades: list[Mention]) -> bool:
    """Whether a trade is followed by what marks a customer, or by another trade that is the head of the phrase."""
    _, end = part_of(heard.text, one.start)
    if any(mark.start <= one.end + 1 for mark in marks_in(heard, one.end, end, "vendor")):
        return True
    heads = [
        other
        for other in trades
        if other.name != one.name and one.end <= other.start and other.end <= end and other.start <= one.end + 8
        and not is_kin(one.name, other.name)
    ]  # fmt: skip
    return any(not _JOINED.fullmatch(heard.text[one.end : head.start]) for head in heads) or any(
        head.start == one.end for head in heads
    )


def is_customer(heard: Heard, one: Mention) -> bool:
    """Whether a trade in an offer is only the one that is served, or whose things are spoken of."""
    return _SERVES.match(heard.text, one.end) is not None


def is_kin(one: str, other: str) -> bool:
    """Whether one trade is a kind of the other."""
    entries = lexicon().entries
    return other in entries[one].parents or one in entries[other].parents


def last_said(one: Mention, lacking: list[Mention], having: list[Mention], otherwise: Stance) -> Stance:
    """Of lacking and having, what is said last; an expression of one side speaks at its own place."""
    lack = max((mark.end for mark in lacking), default=-1)
    have = max((mark.end for mark in having), default=-1)
    if one.sense.side is Side.NEED:
        lack = max(lack, one.end)
    if one.sense.side is Side.GIVE:
        have = max(have, one.end)
    if lack < 0 and have < 0:
        return otherwise
    return Stance.HAS if have > lack else Stance.LACKS
