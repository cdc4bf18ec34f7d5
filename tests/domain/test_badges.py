"""Where each line of a badge stands, whatever is on it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organizer.domain.badges import (
    PAGE,
    POINT,
    SHEETS,
    STYLES,
    Badge,
    Drawing,
    Headings,
    SheetKind,
    fit,
    lay_out,
    legible,
    wrap,
)

HEADINGS = Headings("提供できること", "会いたい人")
LONG = "勘解由小路 アレクサンドリア・マリア・テレジア・フォン・ハプスブルク三世"
LATIN = "Bartholomew Featherstonehaugh-Cholmondeley the Younger"


def measure(text: str, face: str, size: float) -> float:
    """As a plain face would: what is ASCII takes half of the width."""
    return sum(0.58 if sign.isascii() else 1.0 for sign in text) * size * POINT


def badge(**parts: object) -> Badge:
    whole = {
        "event": "第12回 朝の会",
        "name": "高橋 玲子",
        "reading": "たかはし れいこ",
        "company": "株式会社ひびき",
        "tags": ("採用・育成", "資金繰り"),
        "gives": ("採用広報の経験",),
        "wish": "製造業の社長",
        "url": "https://enishi.example/p/x",
    }
    return Badge(**(whole | parts))  # type: ignore[arg-type]


def assert_inside(drawing: Drawing, kind: SheetKind) -> None:
    """Nothing reaches over the edge, into another line, or into the code."""
    sheet, margin = SHEETS[kind], STYLES[kind].margin
    for line in drawing.lines:
        assert line.x >= margin - 0.01
        assert line.x + measure(line.text, line.face, line.size) <= sheet.width - margin + 0.01
        assert margin < line.y <= sheet.height - margin + 0.01
    bases = [line.y for line in drawing.lines]
    assert bases == sorted(bases)
    for chip in drawing.chips:
        assert chip.x >= margin - 0.01
        assert chip.x + chip.width <= sheet.width - margin + 0.01
    if drawing.code is not None:
        for line in drawing.lines:
            beside = line.x + measure(line.text, line.face, line.size) <= drawing.code.x
            assert beside or line.y <= drawing.code.y
        for chip in drawing.chips:
            assert chip.x + chip.width <= drawing.code.x or chip.y + chip.height <= drawing.code.y


@pytest.mark.parametrize("kind", SheetKind)
def test_the_places_of_a_sheet_lie_on_it_and_apart(kind: SheetKind) -> None:
    sheet = SHEETS[kind]
    corners = [sheet.corner(place) for place in range(sheet.places)]
    assert len(set(corners)) == sheet.places
    assert max(x for x, _ in corners) + sheet.width <= PAGE[0]
    assert max(y for _, y in corners) + sheet.height <= PAGE[1] + 0.01
    assert sheet.left * 2 + sheet.columns * sheet.width == pytest.approx(PAGE[0])
    assert sheet.top * 2 + sheet.rows * sheet.height == pytest.approx(PAGE[1])


@pytest.mark.parametrize("kind", SheetKind)
@pytest.mark.parametrize("name", ["林 一", "高橋 玲子", LONG, LATIN, "長" * 40])
def test_a_name_is_never_cut(kind: SheetKind, name: str) -> None:
    drawing = lay_out(badge(name=name), kind, HEADINGS, measure)
    set_lines = [line for line in drawing.lines if line.face == "bold" and not line.grey][:3]
    text = "".join(
        line.text for line in drawing.lines if line.size == set_lines[0].size and line.face == "bold"
    )
    assert text.replace(" ", "") == name.replace(" ", "")
    assert_inside(drawing, kind)


@pytest.mark.parametrize("kind", SheetKind)
def test_a_short_name_is_larger_than_anything_else(kind: SheetKind) -> None:
    drawing = lay_out(badge(), kind, HEADINGS, measure)
    name = next(line for line in drawing.lines if line.text == "高橋 玲子")
    assert name.size == STYLES[kind].name[0]
    assert all(line.size < name.size for line in drawing.lines if line is not name)
    assert not drawing.cut


def test_the_board_is_read_from_two_metres() -> None:
    drawing = lay_out(
        badge(gives=("一" * 60,) * 3, wish="二" * 200, name=LONG), SheetKind.BOARD, HEADINGS, measure
    )
    read = [line for line in drawing.lines if not line.grey]
    assert min(line.size for line in read) >= 20
    assert min(line.size for line in read if line.face == "bold") >= 22


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(list(SheetKind)),
    st.builds(
        badge,
        name=st.text("あ漢字ab ・-", min_size=1, max_size=80).filter(str.strip),
        reading=st.text("ふりがな ", max_size=80),
        company=st.text("株式会社abc ", max_size=120),
        tags=st.lists(st.text("採用育成・", min_size=1, max_size=20), max_size=2).map(tuple),
        gives=st.lists(st.text("経験と情報 ab、。", min_size=1, max_size=200), max_size=3).map(tuple),
        wish=st.text("会いたい人 ab、。", max_size=200),
        url=st.sampled_from(["", "https://enishi.example/p/x"]),
    ),
)
def test_whatever_stands_on_it_stays_within_it(kind: SheetKind, one: Badge) -> None:
    assert_inside(lay_out(one, kind, HEADINGS, measure), kind)


def test_empty_parts_leave_no_trace() -> None:
    drawing = lay_out(Badge("", "林 一"), SheetKind.CARDS_10, HEADINGS, measure)
    assert [line.text for line in drawing.lines] == ["林 一"]
    assert (drawing.code, drawing.chips, drawing.cut) == (None, [], False)


def test_lines_break_between_words_and_never_before_a_small_sign() -> None:
    lines, cut = wrap("Experience with hiring engineers", "plain", 10, 40, 4, measure)
    assert not cut
    assert " ".join(lines).split() == ["Experience", "with", "hiring", "engineers"]
    lines, _ = wrap("あいうえお、かきくけこ。さしすせそ", "plain", 10, 10 * POINT * 5, 9, measure)
    assert all(line[0] not in "、。" for line in lines)


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    size, lines, cut = fit("長い" * 50, "plain", (12, 10), 50, 1, measure)
    assert (size, cut, len(lines)) == (10, True, 1)
    assert lines[0].endswith("…")
    assert measure(lines[0], "plain", 10) <= 50


@pytest.mark.parametrize(
    ("text", "kept", "missing"),
    [
        ("高橋 玲子", "高橋 玲子", ""),
        ("葛\U000e0100城", "葛城", ""),
        ("☕️カフェ", "カフェ", "☕"),
        ("👨‍👩‍👧 田中", "田中", "👨👩👧"),
        ("か\u3099ま", "がま", ""),
        ("e\u0301t", "ét", ""),
        ("神\ufa19", "神\ufa19", ""),
        ("  一\u3000二\n", "一 二", ""),
        ("\u202e逆", "逆", ""),
    ],
)
def test_what_cannot_be_drawn_is_left_out_and_named(text: str, kept: str, missing: str) -> None:
    assert legible(text, lambda sign: ord(sign) < 0x1F000 and sign != "☕") == (kept, missing)


@pytest.mark.parametrize("kind", SheetKind)
@pytest.mark.parametrize("name", [LONG, LATIN, "長" * 40, "漢字 " * 20])
def test_the_fullest_badge_stays_within_it_too(kind: SheetKind, name: str) -> None:
    full = badge(
        name=name, reading="ふりがな" * 20, company="株式会社" * 30, gives=("経験" * 90,) * 3, wish="人" * 200
    )
    assert_inside(lay_out(full, kind, HEADINGS, measure), kind)
