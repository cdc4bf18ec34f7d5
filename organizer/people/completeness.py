"""How complete a profile is, and what is missing: pure."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from organizer.domain.profiles import Profile


class Section(StrEnum):
    """A part of the profile that is filled in on one page."""

    ABOUT = "about"
    THOUGHTS = "thoughts"
    GIVES = "gives"
    WISHES = "wishes"
    GOALS = "goals"
    CONTACT = "contact"


class Part(StrEnum):
    """One thing that makes a profile more useful to others."""

    NAME = "name"
    READING = "reading"
    COMPANY = "company"
    ROLE = "role"
    AUTHORITY = "authority"
    INDUSTRY = "industry"
    SIZE = "size"
    REGION = "region"
    VALUES = "values"
    CHALLENGES = "challenges"
    INTENTS = "intents"
    THREE_GIVES = "three_gives"
    WISH = "wish"
    SERVE = "serve"
    GOALS = "goals"
    CONTACT = "contact"

    @property
    def section(self) -> Section:
        """The page on which it is filled in."""
        return _SECTION_OF[self]


_SECTION_OF = {
    **dict.fromkeys(list(Part)[:8], Section.ABOUT),
    **dict.fromkeys((Part.VALUES, Part.CHALLENGES, Part.INTENTS), Section.THOUGHTS),
    Part.THREE_GIVES: Section.GIVES,
    **dict.fromkeys((Part.WISH, Part.SERVE), Section.WISHES),
    Part.GOALS: Section.GOALS,
    Part.CONTACT: Section.CONTACT,
}


@dataclass(frozen=True)
class Completeness:
    """How many parts are there, and which are missing, in their order."""

    missing: tuple[Part, ...]

    @property
    def of(self) -> int:
        """How many parts there could be."""
        return len(Part)

    @property
    def have(self) -> int:
        """How many there are."""
        return self.of - len(self.missing)

    @property
    def next_section(self) -> Section | None:
        """The first section with something missing; None when all is there."""
        return self.missing[0].section if self.missing else None

    def after(self, section: Section) -> Section | None:
        """The next section with something missing after this one."""
        order = list(Section)
        later = order[order.index(section) + 1 :]
        return next((one for one in later if any(part.section is one for part in self.missing)), None)


def completeness(
    said: Profile, *, name: str, reading: str, goals: Collection[object], contact: Collection[object]
) -> Completeness:
    """What a profile has and lacks; `goals` are the goals that have words, `contact` what would be handed over."""
    there = {
        Part.NAME: bool(name),
        Part.READING: bool(reading),
        Part.COMPANY: bool(said.company),
        Part.ROLE: said.role is not None,
        Part.AUTHORITY: said.authority is not None,
        Part.INDUSTRY: said.industry is not None,
        Part.SIZE: said.size is not None,
        Part.REGION: said.region is not None,
        Part.VALUES: bool(said.values),
        Part.CHALLENGES: bool(said.challenges),
        Part.INTENTS: bool(said.intents),
        Part.THREE_GIVES: len(said.gives) >= 3,
        Part.WISH: bool(said.wish),
        Part.SERVE: bool(said.serve),
        Part.GOALS: bool(goals),
        Part.CONTACT: bool(contact),
    }
    return Completeness(tuple(part for part in Part if not there[part]))
