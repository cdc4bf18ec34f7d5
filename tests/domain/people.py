"""Profiles for tests of the domain: made by hand, or by hypothesis in every shape."""

from typing import Any

from hypothesis import strategies as st

from organizer.domain.profiles import Challenge, Criterion, Give, Profile, TargetProfile, Wish
from organizer.domain.vocabulary import (
    Authority,
    CriterionField,
    GiveKind,
    Industry,
    Intent,
    Region,
    Role,
    SizeBand,
    Topic,
    Value,
)

WORDS = st.sampled_from(
    [
        "",
        "人が採れない",
        "採用広報の経験を話せます",
        "資金繰りが苦しい",
        "融資の相談に乗れます",
        "製造業の社長",
        "雑談 🍵",
        "short of people",
    ]
)


def a_give(words: str = "", *tags: Topic) -> Give:
    """A give from experience."""
    return Give(GiveKind.EXPERIENCE, words, tags)


def owner(id_: int, **said: Any) -> Profile:
    """The owner of a manufacturer with 21 to 50 people in Tokyo, but for what is said otherwise."""
    return Profile(
        **{
            "id": id_,
            "industry": Industry.MANUFACTURING,
            "size": SizeBand.UP_TO_50,
            "role": Role.OWNER_PRESIDENT,
            "authority": Authority.DECIDES,
            "region": Region.TOKYO,
            "founded_year": 1990,
        }
        | said
    )


def _tuples(members: Any, most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(list(members)), max_size=most, unique=True).map(tuple)


def _maybe(members: Any) -> st.SearchStrategy[Any]:
    return st.none() | st.sampled_from(list(members))


WISHES = st.builds(Wish, WORDS, _tuples(Industry), _tuples(SizeBand), _tuples(Role), _tuples(Topic))
GIVES = st.builds(Give, st.sampled_from(list(GiveKind)), WORDS, _tuples(Topic))
CHALLENGES = st.builds(Challenge, WORDS, _tuples(Topic))


def profiles(id_: int) -> st.SearchStrategy[Profile]:
    """Any profile with this id, also one that says nothing."""
    return st.builds(
        Profile,
        id=st.just(id_),
        industry=_maybe(Industry),
        industry_words=WORDS,
        size=_maybe(SizeBand),
        role=_maybe(Role),
        authority=_maybe(Authority),
        region=_maybe(Region),
        founded_year=st.none() | st.integers(1850, 2026),
        values=_tuples(Value),
        challenges=st.lists(CHALLENGES, max_size=2).map(tuple),
        gives=st.lists(GIVES, max_size=3).map(tuple),
        wish=WISHES,
        serve=WISHES,
        intents=_tuples(Intent),
        company=st.sampled_from(["", "甲", "乙"]),
        first_timer=st.none() | st.booleans(),
        today=WORDS,
    )


@st.composite
def criteria(draw: st.DrawFn) -> Criterion:
    """Any criterion."""
    field = draw(st.sampled_from(list(CriterionField)))
    values = draw(
        st.lists(st.sampled_from([one.value for one in field.words]), min_size=1, max_size=4, unique=True)
    )
    return Criterion(field, tuple(values), draw(st.booleans()))


@st.composite
def targets(draw: st.DrawFn, id_: int = 1) -> TargetProfile:
    """Any target profile or limit with this id."""
    floor = draw(st.integers(0, 3))
    return TargetProfile(
        id_,
        f"枠{id_}",
        tuple(draw(st.lists(criteria(), max_size=3))),
        floor=floor,
        ceiling=draw(st.none() | st.integers(floor, 5)),
        weight=draw(st.integers(1, 5)),
        is_ceiling=draw(st.integers(0, 3)) == 0,
    )
