"""Strings by which people are found, laid out so that one need not look at all of them."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

Posting = tuple[int, int]
"""The number of a card and the place within it."""

_HEADS = (3, 4, 6)
"""How much of the beginning is looked at first, in signs: the more the quicker, but no more than were typed."""
NONE, BEGUN, WHOLE = range(3)


class Table:
    """Strings of one form, each with the places it stands for."""

    def __init__(self, postings: Mapping[str, Iterable[Posting]], *, near: bool) -> None:
        self.strings = sorted(postings)
        self.postings = [tuple(dict.fromkeys(postings[string])) for string in self.strings]
        self._joined = "\n".join(["", *self.strings, ""])
        self._starts: list[int] = []
        start = 1
        for string in self.strings:
            self._starts.append(start)
            start += len(string) + 1
        self._neighbours = {size: self._neighbourhood(size) for size in _HEADS if near}

    def find(self, string: str) -> Sequence[Posting]:
        """What exactly this string stands for."""
        place = bisect_left(self.strings, string)
        found = place < len(self.strings) and self.strings[place] == string
        return self.postings[place] if found else ()

    def beginning(self, start: str) -> Iterator[tuple[str, Sequence[Posting]]]:
        """The strings that begin so, itself first, with their postings."""
        place = bisect_left(self.strings, start)
        while place < len(self.strings) and self.strings[place].startswith(start):
            yield self.strings[place], self.postings[place]
            place += 1

    def holding(self, part: str) -> Iterator[tuple[str, Sequence[Posting]]]:
        """The strings that hold this, but do not begin with it."""
        at = self._joined.find(part)
        while at >= 0:
            place = bisect_left(self._starts, at + 1) - 1
            string = self.strings[place]
            if not string.startswith(part):
                yield string, self.postings[place]
            at = self._joined.find(part, self._starts[place] + len(string))

    def near(self, typed: str) -> Iterator[tuple[str, Sequence[Posting], bool]]:
        """The strings one slip away, as a whole (True) or in their beginning; `typed` has three signs or more."""
        size = max(size for size in _HEADS if size <= len(typed))
        heads_by_rest, places_by_head = self._neighbours[size]
        heads = {head for rest in _without_one(typed[:size]) for head in heads_by_rest.get(rest, ())}
        for head in heads:
            for place in places_by_head[head]:
                string = self.strings[place]
                found = slip(typed, string)
                if found:
                    yield string, self.postings[place], found == WHOLE

    def _neighbourhood(self, size: int) -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[int]]]:
        """Strings by their beginning of a size, and the beginnings by what is left of them without one sign.

        If two texts are one slip apart, their beginnings without one sign each have something in common.
        """
        places: dict[str, list[int]] = defaultdict(list)
        for place, string in enumerate(self.strings):
            places[string[:size]].append(place)
        heads: dict[str, list[str]] = defaultdict(list)
        for head in places:
            for rest in _without_one(head):
                heads[rest].append(head)
        return heads, places


def slip(typed: str, string: str) -> int:
    """WHOLE if one sign at most was left out, added, changed or swapped with the next; BEGUN if so of a beginning."""
    at = 0
    for sign, other in zip(typed, string, strict=False):
        if sign != other:
            break
        at += 1
    rest, ending = typed[at:], string[at:]
    if len(rest) + len(ending) < 2:
        return WHOLE
    less, later = rest[1:], ending[1:]
    if less in (later, ending) or rest == later:
        return WHOLE
    if rest[:2] == ending[1::-1] and rest[1:]:
        if rest[2:] == ending[2:]:
            return WHOLE
        if ending.startswith(rest[2:], 2):
            return BEGUN
    begun = not rest or ending.startswith(less) or later.startswith((less, rest))
    return BEGUN if begun else NONE


def _without_one(text: str) -> set[str]:
    """The text, and the text without either of its signs."""
    return {text, *(text[:place] + text[place + 1 :] for place in range(len(text)))}
