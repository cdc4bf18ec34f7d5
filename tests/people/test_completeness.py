"""How complete a profile is."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from organizer.domain.profiles import Challenge, Give, Profile, Wish
from organizer.domain.vocabulary import (
    Authority,
    GiveKind,
    Industry,
    Intent,
    Region,
    Role,
    SizeBand,
    Topic,
    Value,
)
from organizer.people.completeness import Completeness, Part, Section, completeness

WHOLE = Profile(
    id=1,
    industry=Industry.TRADE,
    size=SizeBand.UP_TO_5,
    role=Role.EXECUTIVE,
    authority=Authority.SHARES,
    region=Region.OSAKA,
    values=(Value.PEOPLE,),
    challenges=(Challenge(tags=(Topic.HIRING,)),),
    gives=(Give(GiveKind.EXPERIENCE, "一"), Give(GiveKind.EXPERIENCE, "二"), Give(GiveKind.RESOURCE, "三")),
    wish=Wish("社長"),
    serve=Wish(topics=(Topic.IT,)),
    intents=(Intent.LEARN,),
    company="縁",
)


def of(said: Profile) -> Completeness:
    return completeness(said, name="名", reading="な", goals=["目的"], contact=["mail"])


def test_an_empty_profile_lacks_everything() -> None:
    nothing = completeness(Profile(id=1), name="", reading="", goals=[], contact=[])
    assert nothing.missing == tuple(Part)
    assert (nothing.have, nothing.of, nothing.next_section) == (0, len(Part), Section.ABOUT)


def test_a_whole_profile_lacks_nothing() -> None:
    whole = of(WHOLE)
    assert whole.missing == ()
    assert (whole.have, whole.next_section) == (whole.of, None)


def test_two_gives_are_one_short_of_three() -> None:
    assert of(replace(WHOLE, gives=WHOLE.gives[:2])).missing == (Part.THREE_GIVES,)


def test_the_guide_goes_forward_to_what_is_missing() -> None:
    some = of(replace(WHOLE, challenges=(), serve=Wish()))
    assert some.next_section is Section.THOUGHTS
    assert some.after(Section.THOUGHTS) is Section.WISHES
    assert some.after(Section.WISHES) is None


@given(st.sets(st.sampled_from(Part)))
def test_every_part_belongs_to_a_section_and_counts_once(missing: set[Part]) -> None:
    some = Completeness(tuple(part for part in Part if part in missing))
    assert some.have + len(missing) == some.of
    assert all(part.section in Section for part in some.missing)
