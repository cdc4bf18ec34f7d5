"""Every reason is a sentence in both languages, as each of the two reads it, and as the host does."""

import re

import pytest

from organizer.domain.profiles import Challenge, Give, Profile
from organizer.domain.reasons import Reason, ReasonKind
from organizer.domain.vocabulary import (
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
from organizer.i18n import speaking
from organizer.matches.queries import Told
from organizer.matches.wording import called, first_step, reason_text, reason_texts
from organizer.web.unit import App

MURAKAMI, TANAKA, HOST = 1, 2, 9
GIVE, TODAY = ReasonKind.GIVE_MEETS_CHALLENGE, ReasonKind.GIVE_MEETS_TODAY
WISH, SERVE = ReasonKind.WISH_MEETS_PROFILE, ReasonKind.SERVE_MEETS_PROFILE


def told(id_: int, name: str, **said: object) -> Told:
    return Told(id_, f"p{id_}", name, "", "会社", Profile(id_, **said))  # type: ignore[arg-type]


PEOPLE = {
    MURAKAMI: told(
        MURAKAMI,
        "村上 健太",
        industry=Industry.MANUFACTURING,
        size=SizeBand.UP_TO_50,
        region=Region.TOKYO,
        gives=(Give(GiveKind.EXPERIENCE, "採用広報の経験", (Topic.HIRING,)),),
    ),
    TANAKA: told(
        TANAKA,
        "田中 玲子",
        industry=Industry.INFORMATION,
        size=SizeBand.UP_TO_50,
        role=Role.OWNER_PRESIDENT,
        region=Region.TOKYO,
        challenges=(Challenge("若手が採れない", (Topic.HIRING,)),),
    ),
}
EVERY = {
    GIVE: Reason(GIVE, MURAKAMI, TANAKA, 30, Topic.HIRING, 0, 0),
    TODAY: Reason(TODAY, MURAKAMI, TANAKA, 20, Topic.HIRING, 0),
    WISH: Reason(WISH, MURAKAMI, TANAKA, 20, fields=(CriterionField.INDUSTRY, CriterionField.SIZE)),
    SERVE: Reason(SERVE, MURAKAMI, TANAKA, 20, topics=(Topic.HIRING,)),
    ReasonKind.MUTUAL_AGAIN: Reason(ReasonKind.MUTUAL_AGAIN, MURAKAMI, TANAKA, 100),
    ReasonKind.TALKED_TOGETHER: Reason(ReasonKind.TALKED_TOGETHER, MURAKAMI, TANAKA),
    ReasonKind.NOT_MET_YET: Reason(ReasonKind.NOT_MET_YET, MURAKAMI, TANAKA),
    ReasonKind.COMMON_CHALLENGE: Reason(
        ReasonKind.COMMON_CHALLENGE, MURAKAMI, TANAKA, topics=(Topic.HIRING, Topic.PRICING)
    ),
    ReasonKind.COMMON_VALUE: Reason(ReasonKind.COMMON_VALUE, MURAKAMI, TANAKA, values=(Value.SINCERITY,)),
    ReasonKind.SAME_PHASE: Reason(ReasonKind.SAME_PHASE, MURAKAMI, TANAKA),
    ReasonKind.SAME_AREA: Reason(ReasonKind.SAME_AREA, MURAKAMI, TANAKA),
    ReasonKind.OTHER_TRADE: Reason(ReasonKind.OTHER_TRADE, MURAKAMI, TANAKA),
    ReasonKind.SAME_TRADE: Reason(ReasonKind.SAME_TRADE, MURAKAMI, TANAKA),
    ReasonKind.INTRODUCES: Reason(ReasonKind.INTRODUCES, MURAKAMI, TANAKA, give=0),
    ReasonKind.TIE_GROWING: Reason(ReasonKind.TIE_GROWING, MURAKAMI, TANAKA, contacts=2),
    ReasonKind.SAME_INTENT: Reason(ReasonKind.SAME_INTENT, MURAKAMI, TANAKA, intents=(Intent.LEARN,)),
    ReasonKind.OTHER_FUNCTION: Reason(ReasonKind.OTHER_FUNCTION, MURAKAMI, TANAKA),
    ReasonKind.OTHER_GENERATION: Reason(ReasonKind.OTHER_GENERATION, MURAKAMI, TANAKA),
    ReasonKind.OTHER_LEVEL: Reason(ReasonKind.OTHER_LEVEL, MURAKAMI, TANAKA),
}


@pytest.fixture
def said(app: App):  # type: ignore[no-untyped-def]
    """What a viewer reads of a reason, in a language."""

    def read(reason: Reason, viewer: int | None, locale: str = "ja") -> str:
        with app.app_context(), speaking(locale):
            return reason_text(reason, viewer, PEOPLE)

    return read


def test_no_kind_is_forgotten() -> None:
    assert set(EVERY) == set(ReasonKind)


@pytest.mark.parametrize("kind", ReasonKind)
@pytest.mark.parametrize("viewer", [MURAKAMI, TANAKA, HOST, None])
def test_every_kind_has_its_sentence_in_both_languages(said, kind: ReasonKind, viewer: int | None) -> None:  # type: ignore[no-untyped-def]
    japanese, english = said(EVERY[kind], viewer), said(EVERY[kind], viewer, "en")
    assert re.search(r"[ぁ-ん]", japanese)
    own_words = re.sub(r"採用広報の経験|村上|田中", "", english)
    assert not re.search(r"[ぁ-んァ-ン一-龥]", own_words)
    assert english.endswith(".")
    assert "%" not in japanese + english


@pytest.mark.parametrize("kind", ReasonKind)
def test_the_viewer_is_never_named_to_themself(said, kind: ReasonKind) -> None:  # type: ignore[no-untyped-def]
    assert "村上" not in said(EVERY[kind], MURAKAMI)
    assert "田中" not in said(EVERY[kind], TANAKA)


@pytest.mark.parametrize("kind", ReasonKind)
def test_nobody_is_addressed_who_is_neither(said, kind: ReasonKind) -> None:  # type: ignore[no-untyped-def]
    assert "あなた" not in said(EVERY[kind], HOST)
    assert "あなた" not in said(EVERY[kind], None)
    assert not re.search(r"\b[Yy]our?\b", said(EVERY[kind], HOST, "en"))


@pytest.mark.parametrize(
    ("viewer", "japanese", "english"),
    [
        (
            MURAKAMI,
            "田中さんの課題『採用』に、あなたの『採用広報の経験』が役立ちます",
            "Your “採用広報の経験” can help with 田中's challenge “Hiring”.",
        ),
        (
            TANAKA,
            "あなたの課題『採用』に、村上さんの『採用広報の経験』が役立ちます",
            "村上's “採用広報の経験” can help with your challenge “Hiring”.",
        ),
        (
            HOST,
            "田中さんの課題『採用』に、村上さんの『採用広報の経験』が役立ちます",
            "村上's “採用広報の経験” can help with 田中's challenge “Hiring”.",
        ),
    ],
)
def test_a_give_that_meets_a_challenge(said, viewer: int, japanese: str, english: str) -> None:  # type: ignore[no-untyped-def]
    assert said(EVERY[GIVE], viewer) == japanese
    assert said(EVERY[GIVE], viewer, "en") == english


def test_a_wish_says_in_what_it_is_met(said) -> None:  # type: ignore[no-untyped-def]
    assert (
        said(EVERY[WISH], MURAKAMI) == "田中さんは、あなたが会いたいと書かれた方です（情報通信業、21–50 名）"
    )
    by_words = Reason(WISH, MURAKAMI, TANAKA, 20)
    assert said(by_words, TANAKA) == "あなたは、村上さんが会いたいと書かれた方に近い方です"


def test_words_that_are_gone_leave_the_topic(said) -> None:  # type: ignore[no-untyped-def]
    gone = Reason(GIVE, MURAKAMI, TANAKA, 30, Topic.PRICING, 7, 7)
    assert said(gone, TANAKA) == "あなたの課題『値付け・利益率』に、村上さんの『値付け・利益率』が役立ちます"
    nothing = Reason(GIVE, TANAKA, MURAKAMI, 30, None, 7, 7)
    assert said(nothing, None) == "村上さんの課題『いまの課題』に、田中さんの『経験』が役立ちます"


def test_people_of_one_family_name_are_told_apart() -> None:
    one, other = told(1, "田中 玲子"), told(2, "田中 一郎")
    assert called(one, other) == "田中 玲子"
    assert called(one, told(3, "村上 健太")) == called(one) == "田中"
    assert called(told(4, "Jane Smith")) == "Jane Smith"
    assert called(told(5, "たなかれいこ")) == "たなかれいこ"


def test_the_strongest_for_the_viewer_come_first_and_once(app: App) -> None:
    reasons = sorted(EVERY.values(), key=lambda reason: -reason.weight)
    with app.app_context(), speaking("ja"):
        texts = reason_texts(reasons, TANAKA, PEOPLE)
        assert len(texts) == len(set(texts)) == 3
        assert texts[0].startswith("おたがいに")
        assert texts[1].startswith("あなたの課題")


def test_the_first_step_follows_the_strongest_reason(app: App) -> None:
    with app.app_context(), speaking("ja"):
        assert first_step([EVERY[GIVE]], MURAKAMI, PEOPLE).startswith("『採用広報の経験』でお役に立てる")
        assert first_step([EVERY[GIVE]], TANAKA, PEOPLE).startswith("『採用広報の経験』について")
        assert "試してみた" in first_step([EVERY[ReasonKind.COMMON_CHALLENGE]], TANAKA, PEOPLE)
        assert "30 分" in first_step([], TANAKA, PEOPLE)
