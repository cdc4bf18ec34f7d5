"""Every member of every enum of the domain has its words in both languages."""

import pkgutil
from enum import StrEnum
from importlib import import_module

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import Babel

from organizer import domain
from organizer.domain.lifecycle import Mode
from organizer.domain.ticketing import RefusalReason, ScanResult
from organizer.i18n import CATALOGUES
from organizer.web.labels import LABELS, choices, label


def _enums() -> list[type[StrEnum]]:
    modules = [
        import_module(f"organizer.domain.{found.name}") for found in pkgutil.iter_modules(domain.__path__)
    ]
    return sorted(
        {
            thing
            for module in modules
            for thing in vars(module).values()
            if isinstance(thing, type) and issubclass(thing, StrEnum) and thing.__module__ == module.__name__
        },
        key=lambda enum: (enum.__module__, enum.__name__),
    )


def _japanese() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((CATALOGUES / "ja").glob("*.po")):
        with path.open("rb") as file:
            found |= {str(message.id): str(message.string) for message in read_po(file) if message.id}
    return found


JAPANESE = _japanese()


@pytest.fixture(scope="module")
def plain() -> Flask:
    """An app without a catalogue: labels read as their English msgids."""
    app = Flask(__name__)
    Babel(app, default_locale="en")
    return app


def _is_japanese(text: str) -> bool:
    return any("ぁ" <= sign <= "ヿ" or "一" <= sign <= "鿿" for sign in text)


@pytest.mark.parametrize("enum", _enums(), ids=lambda enum: enum.__name__)
def test_every_member_has_its_words_in_both_languages(enum: type[StrEnum], plain: Flask) -> None:
    with plain.test_request_context():
        for member in enum:
            english = str(label(member))
            assert english
            assert not _is_japanese(english)
            assert JAPANESE.get(english, ""), f"{enum.__name__}.{member.name}: {english!r} has no Japanese"


@pytest.mark.parametrize("enum", LABELS, ids=lambda enum: enum.__name__)
def test_no_two_members_of_an_enum_read_alike(enum: type[StrEnum], plain: Flask) -> None:
    with plain.test_request_context():
        english = [str(words) for words in LABELS[enum].values()]
    assert len(set(english)) == len(english)
    japanese = [JAPANESE[words] for words in english]
    assert len(set(japanese)) == len(japanese)


def test_the_door_speaks_kindly_and_briefly(plain: Flask) -> None:
    with plain.test_request_context():
        said = {member: JAPANESE[str(label(member))] for member in (*RefusalReason, *ScanResult)}
    assert said[ScanResult.ADMITTED] == "どうぞ"
    assert said[ScanResult.ALREADY] == "もう受付済みです"
    for words in said.values():
        assert len(words) <= 28
        assert not any(harsh in words for harsh in ("拒否", "エラー", "不正", "無効", "！"))


def test_a_stranger_has_no_label(plain: Flask) -> None:
    class Strange(StrEnum):
        THING = "thing"

    with pytest.raises(KeyError):
        label(Strange.THING)


def test_choices_are_in_the_order_of_the_enum(plain: Flask) -> None:
    with plain.test_request_context():
        found = [(value, str(words)) for value, words in choices(Mode)]
    assert found == [("venue", "At a venue"), ("online", "Online")]
