"""Nearness of free words: what meets, what does not, and that the answer never depends on the order of asking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizer.domain.vocabulary import Industry, Role, Topic
from organizer.domain.words import (
    fold,
    lexicon,
    parse_lexicon,
    relevance,
    roles_in,
    topics_in,
    topics_near,
    trades_in,
)

MEETS = [
    ("採用広報の経験を話せます", "人が採れない"),
    ("信用金庫で二十年、融資審査をしていました", "給料日が来るのが怖い"),
    ("若手が辞めない仕組みをつくった経験", "入社してもすぐ辞めてしまう"),
    ("kintoneで紙の日報をなくした話ができます", "手書きの伝票が山のようにある"),
    ("税理士として相続と自社株の相談に乗れます", "息子に継がせるか迷っている"),
    ("ロゴとパンフレットを作ります", "良さが伝わらないチラシしかない"),
    ("補助金の申請書づくりを手伝えます", "ものづくり補助金に挑戦したい"),
    ("メディア掲載を何度も取りました", "誰にも知られていない。知名度がない"),
    ("値上げ交渉に成功した経験", "忙しいのに儲からない"),
    ("輸出の手続きを教えられます", "海外に売ってみたい"),
    ("協力会社をご紹介できます", "外注先が見つからない"),
    ("同じ社長として話を聞きます。壁打ち相手になります", "相談できる人がいない"),
    ("I can share how we automated our paperwork", "Everything runs on spreadsheets"),
    ("Introductions to bankers", "We may run out of money before the loan"),
    ("ﾎｰﾑﾍﾟｰｼﾞを作れます", "ホームページが古い"),
]
DOES_NOT_MEET = [
    ("飲食店の内装をします", "人が採れない"),
    ("飲食店の内装をします", "給料日が来るのが怖い"),
    ("採用の相談は受けない", "人が採れない"),
    ("労務のご相談はお断りしています。", "残業が減らない"),
    ("海外輸出のノウハウ", "腰痛がつらい"),
    ("We do not take hiring work", "Nobody applies for our job posts"),
    ("improve", "PR"),
    ("it is nice weather", "IT人材がいない"),
    ("important things", "輸入したい"),
]


@pytest.mark.parametrize(("give", "challenge"), MEETS)
def test_help_meets_the_need_however_it_is_worded(give: str, challenge: str) -> None:
    assert relevance(give, challenge) >= 0.5


@pytest.mark.parametrize(("give", "challenge"), DOES_NOT_MEET)
def test_help_with_something_else_meets_nothing(give: str, challenge: str) -> None:
    assert relevance(give, challenge) < 0.3


def test_what_is_declined_does_not_hide_what_is_offered() -> None:
    assert relevance("労務の相談は受けない。採用なら話せます", "人が採れない") >= 0.5
    assert topics_in("採用なら話せます、労務は対応していません") == {Topic.HIRING}


def test_a_complaint_is_no_refusal() -> None:
    assert relevance("採用を手伝えます", "求人を出しても応募が来ない。面接もできない") >= 0.5


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_texts_give_a_degree_and_the_same_again(left: str, right: str) -> None:
    first = relevance(left, right)
    assert 0.0 <= first <= 1.0
    assert relevance(left, right) == first


def test_the_answer_does_not_depend_on_what_was_asked_before() -> None:
    forwards = [relevance(*pair) for pair in MEETS]
    lexicon.cache_clear()
    assert [relevance(*pair) for pair in reversed(MEETS)] == forwards[::-1]


@pytest.mark.parametrize("blank", ["", "  ", "\u3000", "。"])
def test_nothing_said_meets_nothing(blank: str) -> None:
    assert relevance(blank, "人が採れない") == 0.0
    assert relevance("採用", blank) == 0.0


def test_the_same_concept_is_nearer_than_the_same_topic_and_that_than_a_neighbour() -> None:
    concept = relevance("採用のノウハウ", "求人票の書き方")
    topic = relevance("採用のノウハウ", "人手不足")
    neighbour = relevance("採用のノウハウ", "離職が多い")
    assert concept > topic > neighbour > 0


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("採用広報", {Topic.HIRING, Topic.PR}),
        ("ＤＸを進めたい", {Topic.DIGITAL}),
        ("資金繰り", {Topic.CASHFLOW}),
        ("M&Aの経験", {Topic.M_AND_A}),
        ("Instagram の運用", {Topic.SOCIAL_MEDIA}),
        ("今日はよい天気", set()),
        ("", set()),
    ],
)
def test_topics_are_found_in_free_words(text: str, topics: set[Topic]) -> None:
    assert topics_in(text) == topics


def test_trades_and_positions_are_found_in_wishes() -> None:
    assert trades_in("製造業の社長に会いたい") == {Industry.MANUFACTURING}
    assert Role.OWNER_PRESIDENT in roles_in("製造業の社長に会いたい")
    assert trades_in("restaurant owners") == {Industry.LODGING_FOOD}
    assert roles_in("二代目の方") == {Role.SUCCESSOR}


def test_width_and_case_do_not_matter() -> None:
    assert fold("ＰＲ　の 相談") == "prの相談"
    assert fold("Press  Release") == "press release"


def test_every_topic_has_words() -> None:
    assert {concept.subject for concept in lexicon().concepts if isinstance(concept.subject, Topic)} == set(
        Topic
    )
    assert sum(len(concept.expressions) for concept in lexicon().concepts) > 800


def test_neighbours_are_mutual() -> None:
    assert topics_near(Topic.HIRING, Topic.RETENTION)
    assert topics_near(Topic.RETENTION, Topic.HIRING)
    assert topics_near(Topic.TAX, Topic.TAX)
    assert not topics_near(Topic.TAX, Topic.DESIGN)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[no_such_topic]\na: b", "line 1"),
        ("[hiring]\nno colon here", "line 2"),
        ("[hiring]\na: b | | c", "line 2"),
        ("[near]\nhiring", "line 2"),
        ("[near]\nhiring unheard_of", "line 2"),
        ("[industry Q9]\na: b", "line 1"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text: str, line: str) -> None:
    with pytest.raises(ValueError, match=line):
        parse_lexicon(text)


def test_a_host_can_write_a_lexicon() -> None:
    mine = parse_lexicon("# ours\n[hiring]\nours: たすけて | help*\n[near]\nhiring pr\n")
    assert len(mine.concepts) == 1
    assert mine.concepts[0].is_in("たすけてほしい")
    assert mine.concepts[0].is_in("we need helpers")
    assert not mine.concepts[0].is_in("whelp")
    assert mine.near == {frozenset((Topic.HIRING, Topic.PR))}
