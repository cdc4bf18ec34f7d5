"""The share picture: lines, fonts, odd titles."""

import io
from pathlib import Path

import pytest
from PIL import Image

from organizer.events import pictures


@pytest.mark.parametrize(
    "title",
    [
        "朝",
        "第12回 朝の会「はじめての採用、どう決めましたか」",
        "あ" * 80,
        "W" * 80,
        "Breakfast for people who run small companies in Tokyo",
        "🍱" * 20,
        "",
    ],
)
def test_any_title_makes_a_picture(title: str) -> None:
    with Image.open(
        io.BytesIO(pictures.share_picture(title, ["2026年12月3日", "会場" * 60], "会" * 60))
    ) as picture:
        assert picture.size == (1200, 630)
        assert len(picture.convert("RGB").getcolors(1 << 20) or []) > 3


def test_lines_are_no_wider_than_they_may_be() -> None:
    face = pictures.font(54, 700)
    for text in (
        "はじめての採用、どう決めましたか。中小企業の社長が本音で話す90分",
        "Breakfast for people who run small companies",
    ):
        lines = pictures.wrapped(text, face, 600)
        assert len(lines) > 1
        assert all(face.getlength(line) <= 600 + 54 for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_no_line_begins_with_what_never_begins_one() -> None:
    face = pictures.font(54, 700)
    for width in range(200, 900, 7):
        lines = pictures.wrapped("これは、「とても」ちょっと。ながいっ、名前ー。ですょ、ね", face, width)
        assert not any(line[0] in pictures.NEVER_FIRST for line in lines[1:]), (width, lines)


def test_english_words_stay_whole() -> None:
    lines = pictures.wrapped("Breakfast meetup for manufacturers in Tokyo", pictures.font(54, 700), 500)
    assert " ".join(lines) == "Breakfast meetup for manufacturers in Tokyo"


def test_without_a_japanese_font_there_is_still_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = (Path("/nowhere.ttf"),)
    monkeypatch.setattr(pictures, "FACES", {400: nowhere, 700: nowhere})
    pictures.font.cache_clear()
    try:
        assert pictures.share_picture("朝の会", ["Tokyo"], "会").startswith(b"\x89PNG")
    finally:
        pictures.font.cache_clear()
