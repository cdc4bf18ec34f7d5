"""Every word of ours is there in Japanese, once, with the same placeholders."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from organizer.i18n import CATALOGUES, load_catalogue

HOUSE = Path(__file__).parent.parent
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "_n": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
OTHER_WORDS = {
    r"ログイン|ログアウト": "サインイン・サインアウト",
    r"よみがな|読みがな": "ふりがな",
    r"ブラウザ(?!ー)": "ブラウザー",
    r"スマホ": "スマートフォン",
    r"QRコード|ＱＲ": "QR コード",
    r"下さい|(?<!一)致し|頂|出来|良い": "in kana",
    r"！|!": "without an exclamation mark",
    r"エラー|拒否": "say what happened; お断り",
    r"%\(\w+\)s さん": "%(name)sさん",
    r"%\((?:num|n)\)[sd](?=名|件|席|回|分|枚|秒)": "%(num)s 名",
}
"""What the pages never say, and what they say instead: one word for one thing."""


@cache
def used() -> frozenset[str]:
    """Every msgid that code and templates ask for."""
    methods = [
        ("organizer/**.py", "python"),
        ("templates/**.html", "jinja2.ext:babel_extract"),
        ("templates/**.txt", "jinja2.ext:babel_extract"),
    ]
    options = {"templates/**.html": {"trimmed": "true"}, "templates/**.txt": {"trimmed": "true"}}
    found = set()
    for folder in ("organizer", "templates"):
        local = [
            (pattern.removeprefix(f"{folder}/"), method)
            for pattern, method in methods
            if pattern.startswith(folder)
        ]
        local_options = {pattern.removeprefix(f"{folder}/"): value for pattern, value in options.items()}
        for _, _, message, _, _ in extract_from_dir(
            HOUSE / folder, local, local_options, KEYWORDS, directory_filter=lambda _: True
        ):
            found.add(message[0] if isinstance(message, tuple) else message)
    return frozenset(found - {""})


def written() -> Iterator[tuple[str, Message]]:
    """(room, message) of each Japanese message."""
    for path in sorted((CATALOGUES / "ja").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="ja", abort_invalid=True):
                if message.id:
                    yield path.stem, message


def msgid(message: Message) -> str:
    """The msgid, of a plural its singular."""
    return message.id[0] if isinstance(message.id, list | tuple) else message.id


def strings(message: Message) -> list[str]:
    """Its translations: one, or one for each plural form."""
    return list(message.string) if isinstance(message.string, list | tuple) else [str(message.string)]


def test_the_code_is_read() -> None:
    assert len(used()) > 300


def test_nothing_is_missing_in_japanese() -> None:
    known = {msgid(message) for _, message in written() if all(strings(message))}
    assert not sorted(used() - known)


def test_nothing_is_translated_that_nobody_says() -> None:
    idle = sorted(f"{room}: {msgid(message)}" for room, message in written() if msgid(message) not in used())
    assert not idle


def test_each_word_has_one_translation() -> None:
    rooms = defaultdict(list)
    for room, message in written():
        rooms[message.context, msgid(message)].append((room, message.string))
    twice = {key: places for key, places in rooms.items() if len(places) > 1}
    assert not twice


def test_placeholders_survive() -> None:
    broken = []
    for room, message in written():
        allowed = set(
            PLACEHOLDER.findall(" ".join(message.id) if isinstance(message.id, list | tuple) else message.id)
        )
        for text in strings(message):
            if not set(PLACEHOLDER.findall(text)) <= allowed:
                broken.append(f"{room}: {msgid(message)}")
    assert not broken


def test_japanese_is_japanese() -> None:
    """Nothing was left in English by mistake; names and signs may stay as they are."""
    same = [
        f"{room}: {msgid(m)}"
        for room, m in written()
        if strings(m)[0] == msgid(m) and re.search(r"[a-z]{3}", msgid(m)) and "縁" not in msgid(m)
    ]
    assert same == []


def test_one_thing_has_one_word() -> None:
    others = [
        f"{room}: {text} → {instead}"
        for room, message in written()
        for text in strings(message)
        for word, instead in OTHER_WORDS.items()
        if re.search(word, text)
    ]
    assert others == []


def test_english_falls_back_to_the_msgids() -> None:
    assert load_catalogue("en").gettext("Choose one") == "Choose one"
