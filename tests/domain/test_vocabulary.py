"""The controlled words: complete, stable, and safe against codes of another version."""

from enum import StrEnum
from itertools import pairwise
from pathlib import Path

import pytest

import organizer
from organizer.domain import vocabulary
from organizer.domain.vocabulary import (
    Area,
    CriterionField,
    Industry,
    Region,
    SizeBand,
    Topic,
    bands_between,
    known,
    known_one,
)

CATALOGUE = Path(organizer.__file__).parent / "translations" / "ja" / "vocabulary.po"


def test_the_divisions_of_the_industrial_classification_are_complete() -> None:
    assert [industry.value for industry in Industry] == list("ABCDEFGHIJKLMNOPQRST")


def test_the_prefectures_are_complete_and_in_the_order_of_their_codes() -> None:
    assert [region.value for region in Region] == [f"{code:02}" for code in range(1, 48)]


def test_bands_follow_each_other_without_gap_or_overlap() -> None:
    bands = list(SizeBand)
    assert bands[0].low == 1
    assert bands[-1].high is None
    assert all(left.high is not None and left.high + 1 == right.low for left, right in pairwise(bands))
    assert [band.rank for band in bands] == list(range(8))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (20, 50, (SizeBand.UP_TO_20, SizeBand.UP_TO_50)),
        (1, 1, (SizeBand.ONE,)),
        (150, None, (SizeBand.UP_TO_300, SizeBand.OVER_300)),
        (1, None, tuple(SizeBand)),
        (50, 20, ()),
    ],
)
def test_a_range_of_people_names_the_bands_it_touches(
    low: int, high: int | None, expected: tuple[SizeBand, ...]
) -> None:
    assert bands_between(low, high) == expected


@pytest.mark.parametrize(
    ("region", "area"),
    [
        (Region.HOKKAIDO, Area.HOKKAIDO),
        (Region.FUKUSHIMA, Area.TOHOKU),
        (Region.TOKYO, Area.KANTO),
        (Region.AICHI, Area.CHUBU),
        (Region.OSAKA, Area.KINKI),
        (Region.YAMAGUCHI, Area.CHUGOKU),
        (Region.KOCHI, Area.SHIKOKU),
        (Region.OKINAWA, Area.KYUSHU),
    ],
)
def test_each_prefecture_lies_in_its_part_of_the_country(region: Region, area: Area) -> None:
    assert region.area is area


def test_every_part_of_the_country_has_prefectures() -> None:
    assert {region.area for region in Region} == set(Area)


@pytest.mark.parametrize("field", list(CriterionField))
def test_every_criterion_has_its_words(field: CriterionField) -> None:
    assert issubclass(field.words, StrEnum)
    assert len(field.words) >= 2


def test_codes_of_another_version_are_dropped_and_repeats_are_too() -> None:
    assert known(Topic, ["hiring", "gone", 3, None, "pr", "hiring"]) == (Topic.HIRING, Topic.PR)
    assert known_one(Topic, "gone") is None
    assert known_one(Topic, None) is None
    assert known_one(Topic, ["hiring"]) is None


def test_codes_are_short_and_plain() -> None:
    enums = [
        item for item in vars(vocabulary).values() if isinstance(item, type) and issubclass(item, StrEnum)
    ]
    codes = [member.value for enum in enums for member in enum]
    assert len(enums) >= 15
    assert all(code.isascii() and 0 < len(code) <= 24 for code in codes)
