"""The right side of a comparison: what a challenge or a profile in one line says of somebody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from organizer.domain.lexicon.clauses import (
    Stance,
    Stances,
    add,
    help_of,
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
from organizer.domain.lexicon.quantities import Amount, Measure, amounts
from organizer.domain.lexicon.reader import lexicon
from organizer.domain.vocabulary import Role

HELP_OF_TRADE: Final = 0.9
"""What a trade's help is worth where only the trade is named."""
OF_THE_TRADE: Final = 0.5
"""What a concept is worth that only stands in the name of the trade or the role."""
ALONE: Final = "alone"
"""The role of whoever is the only one."""
LONGEST_GOODS: Final = 6
"""Trades longer than this are named in full."""
LONGEST_TRADE: Final = 24
"""First parts longer than this are words, not a trade."""
LONGEST_ROLE: Final = 16
"""Parts of a profile longer than this are words, not a role."""

_SIZE: Final = re.compile(
    r"(?:従業員|社員|パート|バイト|職人|名取|弟子|家族|約)*\d[\d,.万]*(?:名|人|台|代|歳|才|万人)?[^/]{0,4}"
)
_TRADE_ENDINGS: Final = ("屋", "店", "農家", "業", "会社", "製造", "工事", "教室")
_ALSO: Final = re.compile(r"(?:で(?!の)|として|を(?:や|営|経営|運営|し)|も(?:$|/|や|営)|$|/|、|と|や(?!さ))")
_POSITIONS: Final = frozenset((Role.EXECUTIVE, Role.MANAGER, Role.EMPLOYEE, Role.PROFESSIONAL))


class Part(Enum):
    """What a part of a profile tells."""

    TRADE = "trade"
    ROLE = "role"
    SIZE = "size"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Said:
    """The right text: what somebody lacks, has and is."""

    concepts: Stances
    settled: frozenset[str]
    """What is named as no need, or as not offered."""
    sought: frozenset[str]
    """Trades and roles that somebody is looking for."""
    trades: frozenset[str]
    also: frozenset[str]
    """Trades that the words of a profile name as one's own."""
    served: frozenset[str]
    """Trades that are customers, or only spoken of."""
    roles: frozenset[str]
    places: frozenset[str]
    amounts: tuple[Amount, ...]
    is_profile: bool
    has_words: bool
    """Whether a profile says more than trade, role and size."""
    has_trade: bool
    """Whether a profile names a trade, known or not."""


@lru_cache(maxsize=4096)
def said(text: str) -> Said:
    """What the right text says of somebody."""
    heard = hear(text)
    return _profile(heard) if "/" in heard.text or _names_somebody(heard) else _challenge(heard)


def _names_somebody(heard: Heard) -> bool:
    """Whether a text without parts is no more than the name of a trade or a role."""
    return any(one.start == 0 and one.end == len(heard.text) for one in heard.of_kind(Kind.TRADE, Kind.ROLE))


def _challenge(heard: Heard) -> Said:
    """A text of one's own words: what it names is lacking, unless it says that there is enough of it."""
    settled = [one for one in subjects(heard) if is_declined(heard, one, "enough")]
    kept = [one for one in subjects(heard) if one not in settled]
    own, served = own_and_served(heard, of_kind(kept, Kind.TRADE))
    concepts: Stances = {}
    for one in of_kind(kept, Kind.CONCEPT):
        add(concepts, one.name, Stance.LACKS, one.sense.surety)
    return Said(
        concepts, names(settled), frozenset(), names(own), frozenset(), names(served), names(of_kind(kept, Kind.ROLE)),
        names(of_kind(kept, Kind.PLACE)), amounts(heard.text), is_profile=False, has_words=True, has_trade=bool(own),
    )  # fmt: skip


def _profile(heard: Heard) -> Said:
    """A profile in one line: trade, role, size, words, of which any may be missing."""
    parts = list(_parts(heard))
    where = {one: kind for kind, start, end in parts for one in subjects(heard) if start <= one.start < end}
    in_words = [one for one, kind in where.items() if kind is Part.WORDS]
    sought = [one for one in in_words if _is_sought(heard, one)]
    own, served = own_and_served(
        heard, of_kind([one for one, kind in where.items() if kind is not Part.WORDS], Kind.TRADE)
    )
    trades = names(own) if own or served else _bare_trades(heard, parts)
    spoken_of = [one for one in of_kind(in_words, Kind.TRADE) if one not in sought]
    also = [one for one in spoken_of if _ALSO.match(heard.text, one.end)]
    concepts: Stances = {}
    for one, kind in where.items():
        if one.sense.kind is Kind.CONCEPT:
            _add_concept(concepts, heard, one, kind)
    for name, degree in help_of([*own, *_roles(where, sought)]):
        add(concepts, name, Stance.HAS, HELP_OF_TRADE * degree)
    counted = amounts(heard.text)
    roles = names(_roles(where, sought))
    if any(amount.measure is Measure.PEOPLE and amount.high <= 1 for amount in counted):
        roles |= {ALONE}
    return Said(
        concepts, frozenset(), names(sought), trades, names(also), names(served) | names(spoken_of) - names(also),
        roles, names(of_kind(where, Kind.PLACE)), counted, is_profile=True,
        has_words=any(kind is Part.WORDS for kind, _, _ in parts),
        has_trade=any(kind is Part.TRADE for kind, _, _ in parts),
    )  # fmt: skip


def _bare_trades(heard: Heard, parts: list[tuple[Part, int, int]]) -> frozenset[str]:
    """The trades of a part that only says what they deal in: 花 as 花屋, 野菜 as 野菜農家."""
    for kind, start, end in parts:
        if kind is Part.TRADE and 0 < end - start <= LONGEST_GOODS:
            for ending in _TRADE_ENDINGS:
                found = hear(heard.text[start:end] + ending).of_kind(Kind.TRADE)
                if found:
                    return names(found)
    return frozenset()


def _parts(heard: Heard) -> Iterator[tuple[Part, int, int]]:
    """The parts of a profile with their places: the first is the trade unless it is a role or a size."""
    start = 0
    for number, part in enumerate(heard.text.split("/")):
        end = start + len(part)
        yield _kind_of(heard, start, end, first=number == 0), start, end
        start = end + 1


def _kind_of(heard: Heard, start: int, end: int, *, first: bool) -> Part:
    text = heard.text[start:end]
    if _SIZE.fullmatch(text):
        return Part.SIZE
    last = len(text.rstrip("()さん様の方")) + start
    inside = [one for one in subjects(heard) if start <= one.start and one.end <= end]
    is_role = any(one.sense.kind is Kind.ROLE and one.end >= last for one in inside)
    is_told = len(text) > LONGEST_TRADE or bool(marks_in(heard, start, end, "struggle", "want", "seek"))
    if first and not is_told and not (is_role and not of_kind(inside, Kind.TRADE)):
        return Part.TRADE
    if any(one.sense.kind is Kind.TRADE and (one.start, one.end) == (start, end) for one in inside):
        return Part.TRADE
    if is_role and len(text) <= LONGEST_ROLE and not marks_in(heard, start, end, "seek", "struggle"):
        return Part.ROLE
    return Part.WORDS


def _is_sought(heard: Heard, one: Mention) -> bool:
    """Whether the words look for what they name: 〜を探しています, 〜がいない."""
    _, end = part_of(heard.text, one.start)
    marks = marks_in(heard, one.end - 1, end, "seek", "lack")
    return any(mark.end >= end - 8 or mark.start <= one.end + 6 for mark in marks)


def _roles(where: dict[Mention, Part], sought: list[Mention]) -> list[Mention]:
    """Positions count where a position is told, what somebody lived through counts everywhere."""
    entries = lexicon().entries
    return [
        one
        for one, part in where.items()
        if one.sense.kind is Kind.ROLE and one not in sought
        and (part is not Part.WORDS or not (entries[one.name].general or entries[one.name].subject in _POSITIONS))
    ]  # fmt: skip


def _add_concept(concepts: Stances, heard: Heard, one: Mention, part: Part) -> None:
    if part is not Part.WORDS:
        add(concepts, one.name, Stance.NAMES, OF_THE_TRADE * one.sense.surety)
        return
    _, end = part_of(heard.text, one.start)
    if is_declined(heard, one, "enough"):
        add(concepts, one.name, Stance.HAS, one.sense.surety)
        return
    lacking = marks_in(heard, one.start, end, "struggle", "want", "seek", "lack")
    having = marks_in(heard, one.start, end, "offer")
    add(concepts, one.name, last_said(one, lacking, having, Stance.NAMES), one.sense.surety)
