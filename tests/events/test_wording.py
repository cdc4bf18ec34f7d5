"""Target profiles in plain words, in both languages."""

import pytest

from organizer.domain.profiles import Criterion, TargetProfile
from organizer.domain.typical import typical_targets
from organizer.domain.vocabulary import Authority, CriterionField, EventKind, Intent, Role, SizeBand, Topic
from organizer.events import wording
from organizer.i18n import speaking
from organizer.web.unit import App

F = CriterionField


def must(field: CriterionField, *values: str) -> Criterion:
    return Criterion(field, values, True)


def wish(field: CriterionField, *values: str) -> Criterion:
    return Criterion(field, values, False)


CASES = [
    (
        [must(F.SIZE, "21-50"), must(F.ROLE, "owner"), must(F.CHALLENGE, "hiring")],
        "従業員 21–50 名の社長で、採用に悩む方",
        "Presidents at companies of 21–50 people who struggle with hiring",
    ),
    ([must(F.ROLE, "successor")], "後継者", "Successors"),
    ([must(F.ROLE, "owner", "executive")], "社長・役員", "Presidents or executives"),
    ([must(F.AUTHORITY, "decides", "shares")], "決定に関わる方", "People who have a say in decisions"),
    (
        [must(F.AUTHORITY, "decides"), wish(F.SIZE, "11-20", "21-50")],
        "ご自身で決められる方（できれば従業員 11–50 名の会社の方）",
        "People who decide themselves (ideally: people at companies of 11–50 people)",
    ),
    (
        [must(F.INDUSTRY, "E"), must(F.REGION, "13", "14"), must(F.CHALLENGE, "it", "ai")],
        "東京都・神奈川県の製造業の会社で、ITシステム・AI・データ活用に悩む方",
        "People in manufacturing from Tokyo or Kanagawa who struggle with IT systems or using AI and data",
    ),
    (
        [must(F.AUTHORITY, "decides"), must(F.CHALLENGE, "sales"), must(F.INTENT, "partner")],
        "ご自身で決められ、営業・販売に悩み、協業先を探している方",
        "People who decide themselves, struggle with sales and look for partners",
    ),
    (
        [must(F.INTENT, "learn", "be_advised")],
        "学びたい・相談したい方",
        "People who want to learn or want advice",
    ),
    ([must(F.INTENT, "sell")], "営業を主な目的とする方", "People who come mainly to sell"),
    ([wish(F.ATTENDANCE, "first_timer")], "初めて参加する方", "People who come for the first time"),
    ([must(F.REGION, "27")], "大阪府の方", "People from Osaka"),
    (
        [must(F.GIVE, "strategy"), must(F.ATTENDANCE, "regular")],
        "経営戦略・事業計画の知見を分けてくださり、以前にも参加した方",
        "People who can share what they know of strategy and business plan and have come before",
    ),
    ([], "呼び名", "呼び名"),
]


@pytest.mark.parametrize(("criteria", "ja", "en"), CASES)
def test_a_kind_of_person_reads_as_a_person_would_say_it(
    app: App, criteria: list[Criterion], ja: str, en: str
) -> None:
    target = TargetProfile(1, "呼び名", tuple(criteria))
    with app.app_context():
        for locale, words in (("ja", ja), ("en", en)):
            with speaking(locale):
                assert wording.kind_of_person(target) == words


@pytest.mark.parametrize(
    ("bands", "ja", "en"),
    [
        (["1"], "1 名", "1 person"),
        (["1", "2-5", "6-10"], "10 名以下", "up to 10 people"),
        (["51-100", "21-50"], "21–100 名", "21–100 people"),
        (["2-5", "301-"], "2–5 名・301 名以上", "2–5 people or 301 people or more"),
        (["101-300", "301-"], "101 名以上", "101 people or more"),
    ],
)
def test_neighbouring_bands_are_one_span(app: App, bands: list[str], ja: str, en: str) -> None:
    with app.app_context():
        for locale, words in (("ja", ja), ("en", en)):
            with speaking(locale):
                assert wording.size_words(SizeBand(band) for band in bands) == words


@pytest.mark.parametrize(
    ("floor", "ceiling", "limit", "ja", "en"),
    [
        (0, None, False, "席数は決めない", "no fixed number"),
        (1, None, False, "1 席以上", "1 seat or more"),
        (4, 6, False, "4–6 席", "4–6 seats"),
        (3, 3, False, "3 席", "3 seats"),
        (0, 4, False, "4 席まで", "up to 4 seats"),
        (0, 2, True, "2 名まで", "2 people at most"),
        (0, None, True, "上限は未定", "no limit yet"),
    ],
)
def test_seats_in_words(app: App, floor: int, ceiling: int | None, limit: bool, ja: str, en: str) -> None:
    target = TargetProfile(1, "x", (), floor, ceiling, 3, limit)
    with app.app_context():
        for locale, words in (("ja", ja), ("en", en)):
            with speaking(locale):
                assert wording.seats_words(target) == words


@pytest.mark.parametrize("kind", list(EventKind))
def test_what_is_usual_can_be_said_in_japanese_without_english(app: App, kind: EventKind) -> None:
    with app.app_context(), speaking("ja"):
        for target in typical_targets(kind):
            said = wording.kind_of_person(target)
            assert said
            assert not any("a" <= char.lower() <= "z" for char in said.replace("IT", "").replace("AI", "")), (
                said
            )


def test_every_code_has_its_words_in_every_place_of_a_sentence(app: App) -> None:
    with app.app_context():
        for locale in ("ja", "en"):
            with speaking(locale):
                for field in CriterionField:
                    for value in field.words:
                        one = must(field, value.value)
                        assert wording.kind_of_person(TargetProfile(1, "", (one,)))
                        more = (one, must(F.ATTENDANCE, "regular"), must(F.INTENT, "hire"))
                        assert wording.kind_of_person(TargetProfile(1, "", more))
                        assert wording.criterion_words(one)
    assert set(wording.NOUNS) == set(Role)
    assert set(wording.ENDING) == set(wording.GOING_ON) >= set(Authority) | set(Intent)
    assert Topic.HIRING not in wording.ENDING
