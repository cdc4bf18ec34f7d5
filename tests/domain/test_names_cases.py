"""The table of cases that house and phone share, every way to ask, and the layout that makes finding quick."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from organizer.domain.names import Named, prepare, rank
from organizer.domain.names_data import script
from organizer.domain.names_index import BEGUN, NONE, WHOLE, Table, slip
from tests.domain.name_asking import Query, queries
from tests.domain.name_cases import CASES, SHOWN
from tests.domain.name_crowds import crowd

TABLE: dict[str, Any] = json.loads(CASES.read_text(encoding="utf-8"))
ROOM = prepare([Named(**person) for person in TABLE["people"]])
SCRIPT = Path(__file__).parents[2] / "static" / "js" / "door" / "names-data.js"
LETTERS = st.text("abc", max_size=8)


def test_the_table_is_answered_as_it_says() -> None:
    assert len(TABLE["queries"]) >= 300
    wrong = [case for case in TABLE["queries"] if rank(case["query"], ROOM)[:SHOWN] != case["first"]]
    assert not wrong


def test_most_cases_of_the_table_find_somebody() -> None:
    assert sum(bool(case["first"]) for case in TABLE["queries"]) > 0.9 * len(TABLE["queries"])


def test_the_phone_reads_the_same_tables() -> None:
    assert SCRIPT.read_text(encoding="utf-8") == script(), "make names"


@pytest.mark.parametrize(("half", "seed"), [(0, 41), (1, 42)])
def test_who_is_meant_comes_first_in_a_crowd_never_seen(half: int, seed: int) -> None:
    people = crowd(100, seed, half)
    room = prepare([somebody.named for somebody in people])
    some = queries(people, seed)[::15]
    first = [_place(query, rank(query.text, room)) for query in some]
    assert first.count(0) / len(first) >= 0.985
    assert sum(place < SHOWN for place in first) / len(first) >= 0.998


def _place(query: Query, found: list[int]) -> int:
    return next((place for place, person_id in enumerate(found) if person_id in query.right), 999)


@given(LETTERS, LETTERS)
def test_a_slip_is_one_sign_left_out_added_changed_or_swapped(typed: str, string: str) -> None:
    begun = any(OSA.distance(typed, string[:length]) <= 1 for length in range(len(string) + 1))
    expected = WHOLE if OSA.distance(typed, string) <= 1 else BEGUN if begun else NONE
    assert slip(typed, string) == expected


@given(
    st.lists(st.text("abかき高", min_size=1, max_size=7), max_size=20),
    st.text("abかき高", min_size=3, max_size=7),
)
def test_nobody_near_is_overlooked(strings: list[str], typed: str) -> None:
    table = Table({string: [(0, 0)] for string in strings}, near=True)
    near = {(string, whole) for string, _, whole in table.near(typed)}
    slips = {string: slip(typed, string) for string in strings}
    assert near == {(string, found == WHOLE) for string, found in slips.items() if found}


@given(st.lists(st.text("abc", min_size=1, max_size=5), max_size=20), st.text("abc", min_size=1, max_size=4))
def test_beginnings_and_middles_are_found(strings: list[str], part: str) -> None:
    table = Table({string: [(place, 0)] for place, string in enumerate(strings)}, near=False)
    assert {string for string, _ in table.beginning(part)} == {
        string for string in strings if string.startswith(part)
    }
    assert {string for string, _ in table.holding(part)} == {
        string for string in strings if part in string[1:] and not string.startswith(part)
    }


def test_the_same_people_are_laid_out_once() -> None:
    people = [Named(**person) for person in TABLE["people"]]
    assert prepare(people) is prepare(reversed(people))
    assert prepare(people[:-1]) is not prepare(people)


def test_a_name_without_space_or_reading_is_known_by_its_surname() -> None:
    people = [
        Named(1, "高橋健二", "タカハシケンジ"),
        Named(2, "渡邉直子"),
        Named(3, "Kenji Watanabe"),
        Named(4, "森田 健", "もりたけん"),
    ]
    assert rank("けんじ", people) == [3, 1]
    assert rank("健二高橋", people) == [1]
    assert rank("watanabe", people) == [3, 2]
    assert rank("渡辺", people) == [2, 3]
    assert rank("ken", people)[:1] == [4]


def test_an_initial_is_no_part_of_the_family_name() -> None:
    people = [
        Named(1, "今野 敬", "こんの たかし"),
        Named(2, "小野 健太", "おの けんた"),
        Named(3, "小鳥遊 凛", "たかなし りん"),
        Named(4, "髙梨 透", "たかなし とおる"),
    ]
    for typed in ("k. ono", "K.Ono", "Ono K.", "ono, k", "Ｋ．Ｏｎｏ"):
        assert rank(typed, people)[0] == 2
    for typed in ("T. Takanashi", "T.Takanashi", "takanashi t"):
        assert rank(typed, people) == [4, 3]
    assert rank("kono", people) == [1]


def test_what_stands_on_a_card_is_taken_apart() -> None:
    people = [
        Named(1, "髙橋 美穂", "たかはし みほ", "株式会社ミナト電機"),
        Named(2, "高橋 光一", "たかはし こういち", "高橋会計事務所"),
        Named(3, "Priya Sharma", "", "Sharma Analytics Pte. Ltd."),
    ]
    for typed in (
        "高橋（株式会社ミナト電機）",
        "株式会社ミナト電機　代表取締役　高橋",
        "ミナト電機 代表取締役社長 髙橋美穂 様",
        "【ミナト電機】高橋",
    ):
        assert rank(typed, people)[0] == 1
    assert rank("Sharma Analytics Pte. Ltd. Priya", people) == [3]


def test_what_is_left_of_an_unfinished_kana_is_no_long_vowel() -> None:
    people = [Named(1, "小野 健太", "おの けんた"), Named(2, "大野 遥", "おおの はるか")]
    assert rank("おおのh", people)[0] == 2
    assert rank("ohno", people)[0] == 2


def test_a_name_begun_goes_before_two_keys_that_happen_to_meet() -> None:
    people = [Named(1, "竹内 悠", "たけうち ゆう"), Named(2, "我那覇 豊", "がなは ゆたか")]
    assert rank("yutak", people) == [2, 1]


def test_a_company_is_found_by_how_it_is_read() -> None:
    people = [
        Named(1, "高橋 健二", "たかはし けんじ", "株式会社青空工務店"),
        Named(2, "佐藤 花", "さとう はな", "佐藤建設㈱"),
        Named(3, "森 誠", "もり まこと", "鬼瓦建設"),
    ]
    assert rank("aozora koumuten", people) == [1]
    assert rank("さとうけんせつ", people) == [2]
    assert rank("けんせつ", people) == [2]


def test_plain_rows_are_people_too() -> None:
    assert rank("たかはし", [(4, "髙橋 健二", "タカハシ ケンジ", "")]) == [4]  # type: ignore[list-item]
