"""Finding people by kanji, kana, romaji and company."""

import json
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from organizer.domain.folding import (
    fold,
    fold_company,
    has_kanji,
    is_kana,
    short_sound,
    sound,
)
from organizer.domain.names import Named, rank

DATA: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "name_queries.json").read_text(encoding="utf-8")
)
PEOPLE = [Named(**person) for person in DATA["people"]]
KANA = "".join(chr(code) for code in range(ord("ぁ"), ord("ん") + 1))


@pytest.mark.parametrize("case", DATA["queries"], ids=[case["query"] for case in DATA["queries"]])
def test_the_person_who_is_meant_comes_first(case: dict[str, Any]) -> None:
    assert rank(case["query"], PEOPLE)[:1] == [case["first"]]


@pytest.mark.parametrize(
    ("texts", "folded"),
    [
        (("たかはし", "タカハシ", "ﾀｶﾊｼ", "たか はし"), "たかはし"),
        (("髙橋", "高橋", "高 橋"), "高橋"),
        (("渡邉", "渡邊", "渡辺"), "渡辺"),
        (("佐々木", "佐佐木"), "佐佐木"),
        (("山﨑", "山崎", "山嵜"), "山崎"),
        (("Smith", "SMITH", "Ｓｍｉｔｈ", "smith!"), "smith"),
        (("José", "JOSE"), "jose"),
        (("ガンダム", "がんだむ", "ｶﾞﾝﾀﾞﾑ"), "がんだむ"),
        (("おーの", "オーノ", "ｵｰﾉ", "おーの", "お-の"), "おーの"),
        (("龍ヶ崎", "竜ケ崎"), "竜け崎"),
    ],
)
def test_one_form_for_all_ways_to_write(texts: tuple[str, ...], folded: str) -> None:
    assert {fold(text) for text in texts} == {folded}


@pytest.mark.parametrize(
    "texts",
    [
        ("たかはし", "takahashi", "takahasi", "TAKAHASHI", "タカハシ"),
        ("おおの", "ohno", "oono", "ōno", "ôno", "おーの"),
        ("しょうじ", "shoji".replace("o", "ō"), "syouzi", "shohji", "shouji"),
        ("つづき", "tsuzuki", "tuduki", "tsuduki", "つずき"),
        ("ほんま", "honma", "homma"),
        ("はっちょう", "hatchō", "hacchou", "hattyou"),
        ("じゅんいち", "jun'ichi", "junichi", "zyun'iti", "jyunichi"),
        ("ふくしま", "fukushima", "hukusima"),
        ("りょう", "ryō", "ryou", "lyou"),
        ("くどう", "kudō", "kudou", "kudoh"),
    ],
)
def test_one_sound_for_all_spellings(texts: tuple[str, ...]) -> None:
    assert len({sound(text) for text in texts}) == 1


def test_long_and_short_vowels_differ_unless_asked_briefly() -> None:
    assert sound("おおの") != sound("おの")
    assert short_sound(sound("おおの")) == short_sound(sound("おの")) == "ono"
    assert sound("高橋けんじ") == "高橋kenji"


@pytest.mark.parametrize(
    "text",
    [
        "株式会社青空",
        "青空㈱",
        "(株)青空",
        "（株）青空",
        "㍿青空",
        "有限会社 青空",
        "一般社団法人青空",
        "青空, Inc.",
        "青空 Co., Ltd.",
    ],
)
def test_a_company_is_known_without_its_legal_form(text: str) -> None:
    assert fold_company(text) == "青空"


def test_a_legal_form_alone_stays_and_words_within_a_name_too() -> None:
    assert fold_company("株式会社") == "株式会社"
    assert fold_company("Inc. Magazine") == "incmagazine"


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(KANA, max_size=12))
def test_kana_and_its_katakana_sound_alike(text: str) -> None:
    katakana = "".join(chr(ord(sign) + 0x60) for sign in text)
    assert fold(katakana) == fold(text)
    assert sound(katakana) == sound(text)
    assert not has_kanji(fold(text))
    assert is_kana(fold(text)) is bool(text)


@given(st.text(max_size=60))
def test_any_query_is_answered_without_repetition(query: str) -> None:
    found = rank(query, PEOPLE)
    assert len(found) == len(set(found))
    assert set(found) <= {person.id for person in PEOPLE}


@given(st.permutations(PEOPLE), st.sampled_from(["高橋", "たかはし", "ono", "さ", "takahsahi", "合同会社"]))
def test_the_order_of_the_list_does_not_matter(people: list[Named], query: str) -> None:
    assert rank(query, people) == rank(query, PEOPLE)


@given(st.sampled_from(PEOPLE), st.integers(0, 20), st.sampled_from(string.ascii_lowercase))
def test_one_typo_in_the_romaji_of_a_whole_name_is_forgiven(person: Named, place: int, letter: str) -> None:
    written = short_sound(sound(person.reading or person.name))
    assume(len(written) >= 6 and not has_kanji(written))
    place %= len(written)
    typed = written[:place] + letter + written[place + 1 :]
    assume(short_sound(sound(typed)) == typed)  # else the letter makes another spelling: more than one sign
    assert person.id in rank(typed, PEOPLE)[:5]


def test_names_go_before_companies_and_beginnings_before_middles() -> None:
    people = [
        Named(1, "山田 花", "やまだ はな", "大野商店"),
        Named(2, "大野 勝", "おおの まさる", "鉄工所"),
        Named(3, "小大野 勝", "こおおの まさる"),
    ]
    assert rank("大野", people) == [2, 1, 3]
    assert rank("oono", people) == [2, 1, 3]


def test_all_of_one_family_are_found_in_the_order_of_their_reading() -> None:
    assert rank("高橋", PEOPLE) == [1, 2]
    assert rank("sai", PEOPLE)[:2] == [7, 8]
    assert rank("佐藤 農園", PEOPLE) == [9]
    assert rank("高橋 農園", PEOPLE) == []


@pytest.mark.parametrize("query", ["", " ", "　", "・", "!!", "zzzzzz", "鬼瓦", "a" * 500])
def test_nobody_is_found_for_nothing(query: str) -> None:
    assert rank(query, PEOPLE) == []


def test_short_queries_forgive_no_typo() -> None:
    assert rank("itp", PEOPLE) == []
    assert rank("佐林", PEOPLE) == []


def test_people_without_a_reading_or_a_company_are_found() -> None:
    people = [Named(1, "工藤"), Named(2, "", "", "青空"), Named(3, "")]
    assert rank("工藤", people) == [1]
    assert rank("青空", people) == [2]
